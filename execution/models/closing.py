"""The end of the works: acceptance by five parties, settlement of each contract, findings of the audit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.models import ApprovalItem
from core import clock
from core.models import StoredFile
from core.money import MoneyField
from execution.models.contract import Contract
from execution.states import FindingState, Party
from projects.models import Project


class AcceptanceRound(models.Model):
    """One acceptance meeting. Passed when all five parties agree and no defect is open."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="acceptance_rounds")
    number = models.PositiveSmallIntegerField()
    held_on = models.DateField(_("held on"))
    passed = models.BooleanField(null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="acceptance_round_once")]

    def __str__(self) -> str:
        return f"{self.project_id} #{self.number}"


class PartyOpinion(models.Model):
    round = models.ForeignKey(AcceptanceRound, on_delete=models.CASCADE, related_name="opinions")
    party = models.CharField(max_length=12, choices=Party.choices)
    organisation = models.CharField(max_length=200)
    person = models.CharField(max_length=60)
    agrees = models.BooleanField(null=True, blank=True)
    opinion = models.TextField(blank=True)
    signed_on = models.DateField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "party"], name="party_opinion_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.party}"


class AcceptanceDefect(models.Model):
    round = models.ForeignKey(AcceptanceRound, on_delete=models.CASCADE, related_name="defects")
    text = models.TextField(_("defect"))
    place = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(_("to be mended by"))
    fixed_on = models.DateField(null=True, blank=True)
    fixed_note = models.TextField(blank=True)
    evidence = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round", "pk"]

    def __str__(self) -> str:
        return self.text[:50]


class Settlement(models.Model):
    """The final price of one contract: submitted, and reviewed by the SET item that decided it."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="settlement")
    item = models.ForeignKey(ApprovalItem, null=True, blank=True, on_delete=models.PROTECT, related_name="settlements")
    submitted = MoneyField(_("submitted settlement"))
    submitted_on = models.DateField()
    reviewed = MoneyField(_("reviewed settlement"), null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    document_no = models.CharField(max_length=60, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["contract"]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.reviewed or self.submitted}"


class AuditFinding(models.Model):
    """A finding of the final audit and what became of it; T19 needs every one rectified or scheduled."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="audit_findings")
    item = models.ForeignKey(ApprovalItem, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("finding"))
    amount = MoneyField(_("amount concerned"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    measure = models.TextField(_("measure"), blank=True)
    due_on = models.DateField(null=True, blank=True)
    rectified_on = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="audit_finding_once")]

    def __str__(self) -> str:
        return self.text[:50]
