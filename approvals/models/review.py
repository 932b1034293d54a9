"""What reviewers say and sign: opinions, signatures, countersignatures, experts' opinions, cost lines."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.models.item import ApprovalItem
from approvals.states import ItemState, ReductionReason
from core import clock
from core.money import MoneyField


class Opinion(models.Model):
    """A written opinion with the signature under it. When what was signed is edited afterwards, it is voided and kept."""

    class Kind(models.TextChoices):
        FIRST = "FIRST", _("First review")
        DEFICIENCY = "DEFICIENCY", _("Acceptance with deficiency")
        CENTER = "CENTER", _("Review centre")
        SECOND = "SECOND", _("Second review")
        DETERMINATION = "DETERMINATION", _("Determination")
        EXPERT_GROUP = "EXPERT_GROUP", _("Expert group")
        SEND_BACK = "SEND_BACK", _("Sent back")

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="opinions")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=ItemState.choices)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    conclusion = models.CharField(max_length=30, blank=True)
    signed_at = models.DateTimeField(default=clock.now)
    signed_content = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.author_id}"


class Countersign(models.Model):
    """会签 (joint review, asked of another section) and 加签 (an added reviewer)."""

    class Kind(models.TextChoices):
        JOINT = "JOINT", _("Joint review")
        ADDED = "ADDED", _("Added reviewer")

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="countersigns")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=ItemState.choices)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_of = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    asked_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(blank=True)
    agrees = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    signed_content = models.CharField(max_length=64, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.asked_of_id}"


class ExpertInvitation(models.Model):
    """An expert invited to one item; sees no other expert's opinion before filing their own (R-PERM-01)."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="experts")
    expert = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    opinion = models.TextField(blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    recused_at = models.DateTimeField(null=True, blank=True)
    recusal_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "expert"], name="expert_invited_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.expert_id}"


class Recusal(models.Model):
    """A reviewer's own declaration of interest in one item; reassignment follows, no penalty (R-SOD-03)."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="recusals")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.person_id}"


class CostLine(models.Model):
    """One line of the cost tree (§3.3). Only leaves carry amounts of their own; parents show the sum of their children."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="cost_lines")
    code = models.CharField(_("code"), max_length=30)
    parent_code = models.CharField(max_length=30, blank=True)
    position = models.PositiveIntegerField()
    name = models.CharField(_("cost item"), max_length=200)
    standard_code = models.CharField(max_length=30, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, null=True, blank=True)
    is_leaf = models.BooleanField(default=True)
    declared = MoneyField(_("declared"), null=True, blank=True)
    reviewed = MoneyField(_("reviewed"), null=True, blank=True)
    reason_class = models.CharField(max_length=12, choices=ReductionReason.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["item", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="cost_line_once"),
            models.CheckConstraint(
                condition=(Q(declared__isnull=True) | Q(declared__gte=0))
                & (Q(reviewed__isnull=True) | Q(reviewed__gte=0)),
                name="cost_line_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(is_leaf=True) | Q(declared__isnull=True, reviewed__isnull=True),
                name="cost_line_parents_carry_no_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
