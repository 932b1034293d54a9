"""Amendments to the shipped rule rows: thresholds and limits that differ by place and year."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class RuleAmendment(models.Model):
    """A rule row that supersedes the shipped one from `effective_from` on, once a second person has approved it."""

    class Comparison(models.TextChoices):
        GT = "GT", _("more than")
        GTE = "GTE", _("at least")

    code = models.CharField(max_length=60)
    item_type = models.CharField(max_length=10, blank=True)
    step = models.CharField(max_length=30, blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    comparison = models.CharField(max_length=3, choices=Comparison.choices, default=Comparison.GT)
    severity = models.CharField(max_length=10, blank=True)
    effective_from = models.DateField()
    basis = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code", "item_type", "step", "effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("proposed_by")),
                name="rule_amendment_approved_by_another",
                violation_error_message=_("The proposer may not approve."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.item_type} {self.step} = {self.value}"
