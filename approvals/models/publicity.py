"""What the public said while an item was under publicity (公示), and what it was answered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.models.item import ApprovalItem
from core import clock


class PublicityObjection(models.Model):
    """异议: lodged by anybody on the public page, or recorded from a paper. The objector follows it by its token.

    `is_upheld` is None until it is answered; `closed_at` is set when the item was sent back and a new review began.
    """

    class Channel(models.TextChoices):
        WEB = "WEB", _("Public page")
        PAPER = "PAPER", _("On paper")

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="objections")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    token = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("name of the objector"), max_length=60)
    unit = models.CharField(_("organisation of the objector"), max_length=100, blank=True)
    contact = models.CharField(_("telephone or address"), max_length=100)
    text = models.TextField(_("objection and reasons"), max_length=2000)
    received_on = models.DateField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    is_upheld = models.BooleanField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="WEB") | Q(recorded_by__isnull=False), name="objection_on_paper_was_recorded"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, is_upheld__isnull=True, answer="")
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False, is_upheld__isnull=False)
                    & Q(answered_at__gte=F("recorded_at"))
                    & ~Q(answer="")
                ),
                name="objection_answered_by_somebody_or_not_at_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.channel} {self.received_on}"
