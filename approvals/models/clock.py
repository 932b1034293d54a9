"""What the deadlines are computed from: pauses, tasks on desks, events noted by supervision, nudges."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.roles import Role
from approvals.models.item import ApprovalItem
from approvals.states import EventCause, ItemState, PauseReason
from core import clock


class Pause(models.Model):
    """A stop of the item's clock, from one day to another (R-TL-07). A discretionary one needs two signatures (R-TL-08)."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=30, choices=PauseReason.choices)
    letter = models.TextField(blank=True)
    expected_days = models.PositiveSmallIntegerField(null=True, blank=True)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    needs_signatures = models.BooleanField(default=True)
    first_signed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    first_signed_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    first_signed_at = models.DateTimeField(null=True, blank=True)
    second_signed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    second_signed_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    second_signed_at = models.DateTimeField(null=True, blank=True)
    began_on = models.DateField(null=True, blank=True)
    expected_end_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(began_on__isnull=False, ended_on__isnull=True),
                name="pause_running_once_per_item",
            ),
            models.CheckConstraint(
                condition=Q(began_on__isnull=True)
                | Q(needs_signatures=False)
                | Q(first_signed_by__isnull=False, second_signed_by__isnull=False),
                name="pause_runs_only_when_signed_twice",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")), name="pause_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.reason}"

    @property
    def is_signed(self) -> bool:
        return not self.needs_signatures or bool(self.first_signed_by_id and self.second_signed_by_id)


class Task(models.Model):
    """Something that lies on somebody's desk: a step of the item, or a signature, opinion or answer asked for."""

    class Kind(models.TextChoices):
        STEP = "STEP", _("Step")
        SIGN_DECLARATION = "SIGN_DECLARATION", _("Sign the declaration")
        SIGN_DEFICIENCY = "SIGN_DEFICIENCY", _("Agree to acceptance with deficiency")
        SIGN_PAUSE_FIRST = "SIGN_PAUSE_FIRST", _("First signature of a pause")
        SIGN_PAUSE_SECOND = "SIGN_PAUSE_SECOND", _("Second signature of a pause")
        SIGN_OPINION = "SIGN_OPINION", _("Sign the centre's opinion")
        COUNTERSIGN = "COUNTERSIGN", _("Countersign")
        EXPERT_OPINION = "EXPERT_OPINION", _("Expert opinion")
        SUPPLY_DEFICIENCY = "SUPPLY_DEFICIENCY", _("Supply the missing material")
        EXPLAIN_OVERDUE = "EXPLAIN_OVERDUE", _("Explain the delay")

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    step = models.CharField(max_length=20, choices=ItemState.choices, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField()
    entered_at = models.DateTimeField()
    limit_days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_is_provisional = models.BooleanField(default=False)
    sort_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    used_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["role", "organisation", "sort_on", "id"], name="task_inbox", condition=Q(left_at__isnull=True)
            ),
            models.Index(fields=["user", "sort_on", "id"], name="task_inbox_person", condition=Q(left_at__isnull=True)),
            models.Index(fields=["left_by", "-id"], name="task_done_by", condition=Q(left_by__isnull=False)),
            models.Index(fields=["kind", "left_on"], name="task_dwell", condition=Q(left_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(kind="STEP", left_at__isnull=True),
                name="task_one_open_step_per_item",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.step}"


class SupervisionEvent(models.Model):
    """What electronic supervision noted; once per cause, rung and deadline."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="events")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.CASCADE, related_name="events")
    cause = models.CharField(max_length=24, choices=EventCause.choices)
    level = models.CharField(max_length=6)
    rung = models.CharField(max_length=8, blank=True)
    due_on = models.DateField(null=True, blank=True)
    noted_on = models.DateField()
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    explanation = models.TextField(blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    once_key = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.once_key


class Nudge(models.Model):
    """催办: a reminder by the unit; never changes the clock."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="nudges")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.on}"
