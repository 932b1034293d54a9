"""The material list of an item: slots, immutable versions, comments, corrections."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.catalog import MaterialRequirement
from approvals.models.item import ApprovalItem
from core import clock
from core.models import StoredFile


class MaterialSlot(models.Model):
    """One row of the item's material list, copied from the catalogue when the item was created."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="slots")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    necessity = models.CharField(max_length=1)
    position = models.PositiveSmallIntegerField()
    not_applicable_reason = models.TextField(blank=True)
    deferred_until = models.DateField(null=True, blank=True)
    pre_review_ok_version = models.PositiveIntegerField(null=True, blank=True)
    linked = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["item", "position"]
        constraints = [models.UniqueConstraint(fields=["item", "code"], name="material_slot_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def requirement(self) -> MaterialRequirement | None:
        return self.item.type.requirement(self.code)

    @property
    def label(self) -> str:
        """The catalogue's name in the reader's language; the copied one if the catalogue no longer has it."""
        requirement = self.requirement
        return str(requirement.name) if requirement else self.name

    @property
    def current(self) -> "MaterialVersion | None":
        versions = list(self.versions.all())
        return max(versions, key=lambda version: version.number) if versions else None


class MaterialVersion(models.Model):
    """R-FILE-01: an uploaded version never changes; older ones stay readable."""

    slot = models.ForeignKey(MaterialSlot, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["slot", "number"]
        constraints = [models.UniqueConstraint(fields=["slot", "number"], name="material_version_once")]

    def __str__(self) -> str:
        return f"{self.slot} v{self.number}"


class MaterialComment(models.Model):
    """R-FILE-02: a remark on one version (and page) of a material."""

    class Verdict(models.TextChoices):
        OK = "OK", _("In order")
        DEFECT = "DEFECT", _("Defect")
        NOTE = "NOTE", _("Remark")

    slot = models.ForeignKey(MaterialSlot, on_delete=models.CASCADE, related_name="comments")
    version = models.ForeignKey(
        MaterialVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    page = models.PositiveIntegerField(null=True, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    text = models.TextField(blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.verdict}"


class SubmissionRound(models.Model):
    """One submission of the item's files (办件/次), with the hashes of what was submitted."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    submitted_on = models.DateField(db_index=True)
    submitted_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    declared_amount = models.CharField(max_length=30, blank=True)
    contents = models.JSONField(default=list)
    differs_from_pre_review = models.JSONField(default=list)

    class Meta:
        ordering = ["item", "number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="submission_round_once")]

    def __str__(self) -> str:
        return f"{self.item_id} #{self.number}"


class Correction(models.Model):
    """补正: the one-time notice of all defects, and the unit's answers."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="corrections")
    round_number = models.PositiveSmallIntegerField()
    issued_on = models.DateField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    consent = models.CharField(max_length=200, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(closed_on__isnull=True), name="correction_open_once_per_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.issued_on}"


class CorrectionDefect(models.Model):
    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="defects")
    slot = models.ForeignKey(MaterialSlot, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:50]
