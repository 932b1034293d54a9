"""The works: milestones, monthly reports with photos, measured quantities, forecasts at completion."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.models import User
from core import clock
from core.models import StoredFile
from core.money import ZERO, MoneyField
from core.workflow import StateMachine
from execution.flows.progress import REPORT_FLOW
from execution.models.contract import ContractLine
from execution.states import ReportState
from projects.models import Project


class Milestone(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("milestone"), max_length=100)
    planned_on = models.DateField(_("planned for"))
    done_on = models.DateField(_("reached on"), null=True, blank=True)
    planned_percent = models.DecimalField(
        _("planned progress %"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["project", "position"]

    def __str__(self) -> str:
        return self.name


class ProgressReport(REPORT_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """One month of one project, due by day 5 of the next. Percent and completed investment are cumulative."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="progress_reports")
    month = models.DateField(_("month"))
    state = FSMField(default=ReportState.DRAFT, choices=ReportState.choices, protected=True, editable=False)
    physical_percent = models.DecimalField(_("physical progress %"), max_digits=5, decimal_places=2)
    planned_percent = models.DecimalField(
        _("planned progress %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    completed_investment = MoneyField(_("completed investment"))
    image_progress = models.CharField(_("image progress"), max_length=300, blank=True)
    problems = models.TextField(_("problems"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["project", "-month"]
        constraints = [
            models.UniqueConstraint(fields=["project", "month"], name="progress_report_once_a_month"),
            models.CheckConstraint(
                condition=Q(physical_percent__gte=0, physical_percent__lte=100), name="progress_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("web:progress_report", args=[self.pk])


class ProgressPhoto(models.Model):
    """Evidence of the month's works."""

    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    longitude = models.DecimalField(max_digits=10, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return self.caption or str(self.file_id)


class Measurement(models.Model):
    """Quantity of one contract line done in one month; all months together never above contracted plus changed."""

    line = models.ForeignKey(ContractLine, on_delete=models.PROTECT, related_name="measurements")
    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="measurements")
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4)
    amount = MoneyField(default=ZERO)

    class Meta:
        ordering = ["report", "line"]
        constraints = [
            models.UniqueConstraint(fields=["line", "report"], name="measurement_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="measurement_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.quantity}"


class Forecast(models.Model):
    """What a line of the cost tree will cost at completion, as foreseen on a day. The newest of a line counts."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="forecasts")
    cost_code = models.CharField(max_length=30)
    amount = MoneyField()
    reason = models.CharField(max_length=300, blank=True)
    made_on = models.DateField()
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "cost_code", "pk"]
        indexes = [models.Index(fields=["project", "cost_code", "id"], name="forecast_of_line")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.cost_code}: {self.amount}"
