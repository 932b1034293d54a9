"""Comparisons of two versions of a model, and what people decided about elements that no rule could pair."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from bim.models.model import BimModel
from core import clock
from core.models import Job


class PairedBy(models.TextChoices):
    PERSON = "PERSON", _("a person's decision")
    GUID = "GUID", _("the same GlobalId")
    NAME = "NAME", _("class, name and tag")
    PLACE = "PLACE", _("type, name and place")
    CONTENT = "CONTENT", _("type, storey, quantities and place")


class RowState(models.TextChoices):
    ADDED = "ADDED", pgettext_lazy("element", "Added")
    REMOVED = "REMOVED", pgettext_lazy("element", "Removed")
    CHANGED = "CHANGED", pgettext_lazy("element", "Changed")
    UNCHANGED = "UNCHANGED", pgettext_lazy("element", "Unchanged")
    WAITING_OLD = "WAITING_OLD", _("Waiting (older version)")
    WAITING_NEW = "WAITING_NEW", _("Waiting (newer version)")


class ChangeKind(models.TextChoices):
    CLASS = "CLASS", pgettext_lazy("IFC", "Class")
    NAME = "NAME", pgettext_lazy("of a thing", "Name")
    TYPE = "TYPE", pgettext_lazy("IFC", "Type")
    MATERIAL = "MATERIAL", pgettext_lazy("IFC", "Material")
    STOREY = "STOREY", pgettext_lazy("IFC", "Storey")
    MOVED = "MOVED", _("Place")
    GEOMETRY = "GEOMETRY", _("Geometry")
    QUANTITY = "QUANTITY", _("Quantities")
    PROPERTY = "PROPERTY", _("Properties")
    CLASSIFICATION = "CLASSIFICATION", _("Classification")


class GeometryCompared(models.TextChoices):
    """ "Not compared" is never "the same"."""

    SAME = "SAME", _("Geometry the same")
    CHANGED = "CHANGED", _("Geometry changed")
    NOT_COMPARED = "NOT_COMPARED", _("Geometry not compared")
    NONE = "NONE", _("No geometry of its own")


class ComparisonRun(models.Model):
    """The comparison of two models of a project, the older first. `basis` says of what: while it is the same, it holds.

    `counts`: {"states": {…}, "kinds": {…}, "geometry": {…}, "by": {…}, "shift": [x, y, z] or null}.
    """

    old_model = models.ForeignKey(BimModel, on_delete=models.CASCADE, related_name="+")
    new_model = models.ForeignKey(BimModel, on_delete=models.CASCADE, related_name="+")
    basis = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["old_model", "new_model"], name="bim_comparison_once")]

    def __str__(self) -> str:
        return f"{self.old_model_id} → {self.new_model_id}"


class ComparisonRow(models.Model):
    """One element, or one pair. `kinds` holds what is different between spaces (" MOVED GEOMETRY "), `changes` each of it.

    A change is [kind, name, old, new, delta, percent, unit]; of very many the first, and `n_changes` counts all.
    `candidates` are GlobalIds of the other version that a waiting element may be.
    """

    run = models.ForeignKey(ComparisonRun, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=RowState.choices)
    paired_by = models.CharField(max_length=10, choices=PairedBy.choices, blank=True)
    old_guid = models.CharField(max_length=22, blank=True)
    new_guid = models.CharField(max_length=22, blank=True)
    ifc_class = models.CharField(max_length=60)
    name = models.CharField(max_length=255, blank=True)
    type_name = models.CharField(max_length=255, blank=True)
    storey = models.CharField(max_length=255, blank=True)
    geometry = models.CharField(max_length=12, choices=GeometryCompared.choices, blank=True)
    kinds = models.CharField(max_length=120, blank=True)
    changes = models.JSONField(default=list, blank=True)
    n_changes = models.PositiveIntegerField(default=0)
    candidates = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="bim_comparison_row_once")]
        indexes = [models.Index(fields=["run", "state", "position"], name="bim_comparison_state")]

    def __str__(self) -> str:
        return f"{self.state} {self.old_guid} {self.new_guid}"


class ElementPairing(models.Model):
    """A person's word: this element of the older model is that of the newer. Empty: it has no counterpart there."""

    old_model = models.ForeignKey(BimModel, on_delete=models.CASCADE, related_name="+")
    new_model = models.ForeignKey(BimModel, on_delete=models.CASCADE, related_name="+")
    old_guid = models.CharField(max_length=22, blank=True)
    new_guid = models.CharField(max_length=22, blank=True)
    by = models.CharField(max_length=10, choices=PairedBy.choices, default=PairedBy.PERSON)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["old_model", "new_model", "old_guid"],
                condition=~models.Q(old_guid=""),
                name="bim_pairing_old_once",
            ),
            models.UniqueConstraint(
                fields=["old_model", "new_model", "new_guid"],
                condition=~models.Q(new_guid=""),
                name="bim_pairing_new_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_guid} → {self.new_guid}"
