"""What has happened to a project: stages, gates opened by decisions, control figures, suspensions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import ZERO, MoneyField
from projects.models.project import Project
from projects.states import WAIVER_GROUNDS, FigureKind, Gate, Stage, StageStatus


class ProjectStage(models.Model):
    """One of the thirteen stages of one project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=16, choices=StageStatus.choices, default=StageStatus.NOT_STARTED)
    entered_on = models.DateField(null=True, blank=True)
    passed_on = models.DateField(null=True, blank=True)
    waiver_ground = models.CharField(max_length=20, choices=WAIVER_GROUNDS, blank=True)
    reason = models.TextField(blank=True)
    decision_item_id = models.BigIntegerField(null=True, blank=True)
    decision_no = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["project", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "stage"], name="project_stage_once"),
            models.CheckConstraint(
                condition=~Q(status=StageStatus.WAIVED) | ~Q(reason=""),
                name="project_stage_waiver_has_a_reason",
                violation_error_message=_("A waiver needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stage} {self.status}"


class GateOpening(models.Model):
    """A decision's consequence for the project. Closed when the decision expires or is revoked; never deleted."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="gate_openings")
    gate = models.CharField(max_length=30, choices=Gate.choices)
    item_id = models.BigIntegerField(null=True, blank=True)
    document_no = models.CharField(max_length=60, blank=True)
    amount = MoneyField(null=True, blank=True)
    waives = models.JSONField(default=list, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    opened_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    recorded_on = models.DateField(null=True, blank=True)  # when the unit recorded its award (T11)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["project", "gate"], name="gate_of_project")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.gate}"


class ControlFigure(models.Model):
    """An approved amount that later ones are checked against (R-INV-01), in versions."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="figures")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=FigureKind.choices)
    amount = MoneyField()
    works_amount = MoneyField(null=True, blank=True)
    decided_on = models.DateField()
    document_no = models.CharField(max_length=60, blank=True)
    item_id = models.BigIntegerField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["project", "version"]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="figure_version_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="figure_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}: {self.amount}"


class Suspension(models.Model):
    """A time in which the project stands still; the clocks of its items stand still with it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="suspensions")
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    reason = models.TextField()
    authority_document = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(ended_on__isnull=True), name="project_suspended_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.began_on}–{self.ended_on or ''}"


class ProjectFacts(models.Model):
    """What the rooms to the right (contracts, works, assets) have told the project; its guards read only this. Yuan."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="facts")
    works_contracts = models.PositiveIntegerField(default=0)
    unsettled_contracts = models.PositiveIntegerField(default=0)
    released = MoneyField(default=ZERO)
    physical_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    acceptance_passed = models.BooleanField(default=False)
    open_findings = models.PositiveIntegerField(default=0)
    undelivered = MoneyField(null=True, blank=True)
    pending_titles = models.PositiveIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.project_id}"


class CodeEntry(models.Model):
    """A local addition to, or retirement of, an entry of a shipped code table."""

    table = models.CharField(max_length=30)
    code = models.CharField(max_length=30)
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["table", "code"]
        constraints = [models.UniqueConstraint(fields=["table", "code", "valid_from"], name="code_entry_once")]

    def __str__(self) -> str:
        return f"{self.table}.{self.code}"
