"""Decisions, the documents issued, and the reductions they bring."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from approvals.catalog import ITEM_TYPE_CHOICES
from approvals.models.item import ApprovalItem
from core import clock
from core.models import StoredFile
from core.money import MoneyField
from projects.models import Project


class DocumentSequence(models.Model):
    """The last document number given out under a prefix in a year."""

    prefix = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="document_sequence_once")]

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.last}号"


class IssuedDocument(models.Model):
    """A document handed to the unit. `facts` are frozen in the decision's transaction; the PDF is rendered from them."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    token = models.CharField(max_length=24, unique=True)
    issued_on = models.DateField()
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    voided_on = models.DateField(null=True, blank=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number or f"{self.kind} {self.pk}"


class Decision(models.Model):
    """How the item ended. Never edited: a changed decision is a new row that supersedes the old one."""

    class Outcome(models.TextChoices):
        ISSUED = "ISSUED", _("Approved")
        REJECTED = "REJECTED", _("Rejected")
        RETURNED = "RETURNED", _("Returned")

    item = models.ForeignKey(ApprovalItem, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    decided_on = models.DateField()
    decided_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(IssuedDocument, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    override_document = models.CharField(max_length=100, blank=True)
    override_reason = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    rule_version = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.outcome}"


class Reduction(models.Model):
    """One row per decision with money: a snapshot of the amounts and of what they are counted by (§3.5). Yuan."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="reduction")
    item = models.ForeignKey(ApprovalItem, on_delete=models.PROTECT, related_name="reductions")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    item_type = models.CharField(max_length=10, choices=ITEM_TYPE_CHOICES)
    owner_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    project_class = models.CharField(max_length=20)
    industry = models.CharField(max_length=30)
    reviewer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    declared = MoneyField()
    reviewed = MoneyField()
    approved = MoneyField()
    is_counted = models.BooleanField(default=True)
    exclusion = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["is_counted", "decided_on"], name="reduction_by_day"),
            models.Index(fields=["item_type", "decided_on"], name="reduction_by_type"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.declared} → {self.reviewed}"


class ReductionDelta(models.Model):
    """Signed changes of the summary, one cell per day, type, unit, class, industry, reviewer and bracket.

    Nobody changes one; those of a closed month are folded into one per cell, dated the first, without a `reduction`.
    """

    decided_on = models.DateField()
    item_type = models.CharField(max_length=10)
    owner_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    project_class = models.CharField(max_length=20)
    industry = models.CharField(max_length=30)
    reviewer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    bracket = models.CharField(max_length=20)
    n = models.IntegerField()
    n_reduced = models.IntegerField(default=0)
    n_increased = models.IntegerField(default=0)
    declared = MoneyField()
    reviewed = MoneyField()
    approved = MoneyField()
    gross_reduction = MoneyField()
    gross_increase = MoneyField()
    gross_reduction_approved = MoneyField()
    gross_increase_approved = MoneyField()
    reduction = models.ForeignKey(Reduction, null=True, on_delete=models.PROTECT, related_name="deltas")

    class Meta:
        indexes = [models.Index(fields=["decided_on", "item_type"], name="delta_by_day_and_type")]

    def __str__(self) -> str:
        return f"{self.decided_on} {self.item_type} {self.n}"
