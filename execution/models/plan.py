"""The annual government investment plan: envelopes by source, requests by units, quotas, releases (政府投资条例 ch. 3)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.models import User
from core import clock
from core.money import ZERO, MoneyField
from core.workflow import StateMachine
from execution.flows.plan import PLAN_FLOW, PLAN_ITEM_FLOW
from execution.states import AdjustmentKind, PlanItemState, PlanState
from projects.models import Project


class AnnualPlan(PLAN_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """One year's plan of the district."""

    year = models.PositiveSmallIntegerField(_("plan year"), unique=True)
    state = FSMField(default=PlanState.CALL, choices=PlanState.choices, protected=True, editable=False)
    requests_until = models.DateField(_("requests until"), null=True, blank=True)
    note = models.TextField(_("notice to the units"), blank=True)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    release_no = models.CharField(_("document number of the release"), max_length=60, blank=True)
    released_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("web:plan", args=[self.pk])


class PlanEnvelope(models.Model):
    """What one funding source can give in the year; the hard stop of balancing."""

    plan = models.ForeignKey(AnnualPlan, on_delete=models.CASCADE, related_name="envelopes")
    source = models.CharField(_("funding source"), max_length=10)
    amount = MoneyField(_("available"))

    class Meta:
        ordering = ["source"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "source"], name="plan_envelope_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plan_envelope_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.source}"


class PlanItem(PLAN_ITEM_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """One project in one year's plan, with what 政府投资条例 art. 16 asks for."""

    plan = models.ForeignKey(AnnualPlan, on_delete=models.PROTECT, related_name="items")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="plan_items")
    category = models.CharField(_("plan category"), max_length=20)
    state = FSMField(default=PlanItemState.DRAFT, choices=PlanItemState.choices, protected=True, editable=False)
    content = models.TextField(_("content and scale"))
    works_from = models.DateField(_("works from"), null=True, blank=True)
    works_until = models.DateField(_("works until"), null=True, blank=True)
    total_investment = MoneyField(_("total investment"))
    year_goal = models.CharField(_("goal of the year"), max_length=300, blank=True)
    reason = models.TextField(_("remark"), blank=True)
    returned_on = models.DateField(null=True, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["plan", "category", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "project"], name="plan_item_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.project_id}"

    def get_absolute_url(self) -> str:
        return reverse("web:plan_item", args=[self.pk])


class PlanItemFunding(models.Model):
    """A plan item's money from one source: asked for, and balanced."""

    item = models.ForeignKey(PlanItem, on_delete=models.CASCADE, related_name="funding")
    source = models.CharField(_("funding source"), max_length=10)
    requested = MoneyField(_("requested"), default=ZERO)
    planned = MoneyField(_("planned"), default=ZERO)

    class Meta:
        ordering = ["source"]
        constraints = [
            models.UniqueConstraint(fields=["item", "source"], name="plan_item_funding_once"),
            models.CheckConstraint(
                condition=Q(requested__gte=0) & Q(planned__gte=0), name="plan_item_funding_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.source}"


class PlanAdjustment(models.Model):
    """A change of a quota after the plan was approved: signed yuan for one source, under a document."""

    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=12, choices=AdjustmentKind.choices)
    source = models.CharField(max_length=10)
    amount = MoneyField()
    document_no = models.CharField(max_length=60)
    decided_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.amount}"


class FundRelease(models.Model):
    """下达: a part of the quota of one source made available; a reclaim is a row of its own with a negative amount."""

    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="releases")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="releases")
    source = models.CharField(max_length=10)
    amount = MoneyField()
    document_no = models.CharField(max_length=60)
    released_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.amount}"
