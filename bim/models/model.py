"""A model of a project: one per stage and discipline, in versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import User
from bim.states import Discipline, GeometryStatus, ModelStage, ModelStatus
from core import clock
from core.models import Job, StoredFile
from projects.models import Project


class BimModelQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "BimModelQuerySet":
        """Whoever sees the project sees its models."""
        return self.filter(project__in=Project.objects.visible_to(actor))

    def accepted(self) -> "BimModelQuerySet":
        return self.filter(status=ModelStatus.ACCEPTED)


class BimModel(models.Model):
    """One uploaded version. The file never changes; what was read from it hangs below (elements, checks, topics)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="bim_models")
    stage = models.CharField(_("stage"), max_length=20, choices=ModelStage.choices)
    discipline = models.CharField(_("discipline"), max_length=20, choices=Discipline.choices)
    version = models.PositiveIntegerField(_("version"))
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)

    status = models.CharField(max_length=10, choices=ModelStatus.choices, default=ModelStatus.QUEUED)
    reasons = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    ifc_schema = models.CharField(max_length=20, blank=True)
    application = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    authored_at = models.CharField(max_length=40, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    units = models.JSONField(default=dict, blank=True)
    georeference = models.JSONField(default=dict, blank=True)
    project_name = models.CharField(max_length=255, blank=True)
    n_elements = models.PositiveIntegerField(default=0)
    n_storeys = models.PositiveIntegerField(default=0)
    by_class = models.JSONField(default=dict, blank=True)

    geometry_status = models.CharField(max_length=10, choices=GeometryStatus.choices, default=GeometryStatus.NONE)
    geometry = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    geometry_missing = models.JSONField(default=list, blank=True)
    geometry_reasons = models.JSONField(default=list, blank=True)
    geometry_job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = BimModelQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "stage", "discipline", "version"], name="bim_model_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.get_discipline_display()} v{self.version}"
