"""Holiday notices loaded after release: they extend or supersede the shipped files."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class CalendarNotice(models.Model):
    """The State Council's notice for one year as it was proposed; `effective` is the one in force for its year.

    `days` and `papers` are kept as in the file (see core.calendar.YearNotice). A row's content never changes:
    a correction is a further version, and the superseded one stays readable.
    """

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    days = models.JSONField()
    papers = models.JSONField()
    sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    effective = models.BooleanField(default=False)

    class Meta:
        ordering = ["year", "version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="calendar_notice_once_per_version"),
            models.UniqueConstraint(
                fields=["year"], condition=models.Q(effective=True), name="calendar_notice_one_in_force_per_year"
            ),
            models.CheckConstraint(
                condition=models.Q(effective=False) | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="calendar_notice_in_force_is_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(approved_by=models.F("proposed_by")),
                name="calendar_notice_approved_by_another",
                violation_error_message=_("The proposer may not approve."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"
