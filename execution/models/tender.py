"""Tenders: ceiling, announcement, candidates under publicity, objections, award."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.models import User
from core import clock
from core.money import MoneyField
from core.workflow import StateMachine
from execution.flows.tender import TENDER_FLOW
from execution.states import ContractKind, TenderMethod, TenderState
from projects.models import Project


class Tender(TENDER_FLOW.steps(), StateMachine):  # type: ignore[misc]
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tenders")
    name = models.CharField(_("tender"), max_length=200)
    method = models.CharField(_("tender method"), max_length=12, choices=TenderMethod.choices)
    kind = models.CharField(
        _("kind of contract"), max_length=12, choices=ContractKind.choices, default=ContractKind.WORKS
    )
    state = FSMField(default=TenderState.PLANNED, choices=TenderState.choices, protected=True, editable=False)
    resume_state = models.CharField(max_length=12, choices=TenderState.choices, blank=True)
    ceiling = MoneyField(_("ceiling price"))
    announced_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    publicity_from = models.DateField(null=True, blank=True)
    publicity_until = models.DateField(null=True, blank=True)
    bidders = models.JSONField(default=list, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    winner = models.CharField(_("winner"), max_length=200, blank=True)
    award = MoneyField(_("award price"), null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    document_no = models.CharField(max_length=60, blank=True)
    failure_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["project", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ceiling__gt=0), name="tender_ceiling_positive")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("web:tender", args=[self.pk])


class TenderObjection(models.Model):
    """An objection suspends the tender until it is answered."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="objections")
    objector = models.CharField(_("objector"), max_length=200)
    text = models.TextField(_("objection"))
    received_on = models.DateField(_("received on"))
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    upheld = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.objector}"
