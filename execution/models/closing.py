"""The end of the works: acceptance by five parties, settlement of each contract, findings of the audit."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.models import User
from approvals.models import ApprovalItem
from core import clock
from core.models import StoredFile
from core.money import MoneyField
from core.workflow import StateMachine
from execution.flows.finding import FINDING_FLOW
from execution.models.contract import Contract
from execution.states import Clearance, FindingState, Party
from projects.models import Project
from projects.states import AuditMode


class AcceptanceRound(models.Model):
    """One acceptance meeting. Passed when all five parties agree, no defect is open and every clearance is there."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="acceptance_rounds")
    number = models.PositiveSmallIntegerField()
    held_on = models.DateField(_("held on"))
    passed = models.BooleanField(null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="acceptance_round_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(passed__isnull=True), name="acceptance_round_open_once"
            ),
            models.UniqueConstraint(fields=["project"], condition=Q(passed=True), name="acceptance_passed_once"),
            models.CheckConstraint(
                condition=Q(passed__isnull=True, closed_at__isnull=True)
                | Q(passed__isnull=False, closed_at__isnull=False),
                name="acceptance_round_closed_with_a_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("web:acceptance", args=[self.project_id])

    @property
    def is_open(self) -> bool:
        return self.passed is None


class SpecialAcceptance(models.Model):
    """One paper the acceptance rests on: its number and day, or why the project needs none."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="special_acceptances")
    kind = models.CharField(max_length=12, choices=Clearance.choices)
    authority = models.CharField(_("issued by"), max_length=200, blank=True)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    not_needed = models.CharField(_("why it is not needed"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="special_acceptance_once"),
            models.CheckConstraint(
                condition=Q(not_needed="", issued_on__isnull=False) | (~Q(not_needed="") & Q(issued_on__isnull=True)),
                name="special_acceptance_issued_or_not_needed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind}"


class PartyOpinion(models.Model):
    """What one of the five parties said in one round. Said again while the round is open, it replaces what was said."""

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
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    fixed_on = models.DateField(null=True, blank=True)
    fixed_note = models.TextField(blank=True)
    fixed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    returned_note = models.TextField(_("why the mending was not accepted"), blank=True)

    class Meta:
        ordering = ["round", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(checked_on__isnull=True), name="defect_open_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("fixed_by")),
                name="defect_checked_by_another_person",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:50]

    def get_absolute_url(self) -> str:
        return f"{self.round.get_absolute_url()}#defect-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.checked_on is None

    def is_late(self, on: date) -> bool:
        """Still to be mended after its day."""
        return self.fixed_on is None and self.due_on < on


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
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["contract"]
        constraints = [
            models.CheckConstraint(condition=Q(submitted__gt=0), name="settlement_submitted_positive"),
            models.CheckConstraint(
                condition=Q(reviewed__isnull=True) | Q(reviewed__gte=0, item__isnull=False),
                name="settlement_reviewed_by_an_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.reviewed or self.submitted}"


class AuditFinding(FINDING_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """A finding of the final audit and what became of it; T19 needs every one rectified or scheduled."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="audit_findings")
    item = models.ForeignKey(ApprovalItem, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    mode = models.CharField(_("audit mode"), max_length=12, choices=AuditMode.choices, default=AuditMode.GOV_AUDIT)
    text = models.TextField(_("finding"))
    amount = MoneyField(_("amount concerned"), null=True, blank=True)
    state = FSMField(default=FindingState.OPEN, choices=FindingState.choices, protected=True, editable=False)
    version = models.PositiveIntegerField(default=0)
    found_on = models.DateField(_("found on"), default=clock.today)
    measure = models.TextField(_("measure"), blank=True)
    due_on = models.DateField(null=True, blank=True)
    rectified_on = models.DateField(null=True, blank=True)
    rectified_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("what was done"), blank=True)
    evidence = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    returned_note = models.TextField(_("why the rectification was not confirmed"), blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["project", "number"]
        indexes = [
            models.Index(fields=["due_on"], condition=~Q(state=FindingState.CONFIRMED), name="finding_unconfirmed_due")
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="audit_finding_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("rectified_by")),
                name="finding_confirmed_by_another_person",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:50]

    def get_absolute_url(self) -> str:
        return reverse("web:finding", args=[self.pk])

    def is_late(self, on: date) -> bool:
        """Scheduled, not rectified, and its day is over."""
        waits = self.state in (FindingState.OPEN, FindingState.SCHEDULED)
        return waits and self.due_on is not None and self.due_on < on
