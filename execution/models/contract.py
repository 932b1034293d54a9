"""Contracts, their priced lines tied to the cost tree, and supplements."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.actor import Actor
from accounts.models import User
from core import clock
from core.models import StoredFile
from core.money import MoneyField
from core.workflow import StateMachine
from execution.flows.contract import CONTRACT_FLOW
from execution.models.tender import Tender
from execution.policies import reads_books
from execution.states import ContractKind, ContractState, PriceType
from projects.models import Project


class ContractQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "ContractQuerySet":
        """Of the projects the actor sees; none for roles that are not to see how money is spent (DOMAIN §13)."""
        if not reads_books(actor):
            return self.none()
        return self.filter(project__in=Project.objects.visible_to(actor))


class Contract(CONTRACT_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """One contract of a project. Its value now = price + supplements + approved changes."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="contracts")
    tender = models.ForeignKey(Tender, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts")
    no = models.CharField(_("contract number"), max_length=60)
    name = models.CharField(_("contract"), max_length=200)
    kind = models.CharField(_("kind of contract"), max_length=12, choices=ContractKind.choices)
    state = FSMField(default=ContractState.DRAFT, choices=ContractState.choices, protected=True, editable=False)
    contractor = models.CharField(_("contractor"), max_length=200)
    contractor_code = models.CharField(_("credit code of the contractor"), max_length=18, blank=True)
    price_type = models.CharField(_("kind of price"), max_length=12, choices=PriceType.choices)
    price = MoneyField(_("contract price"))
    retention_rate = models.DecimalField(_("retention %"), max_digits=5, decimal_places=2, default=3)
    advance_rate = models.DecimalField(_("advance %"), max_digits=5, decimal_places=2, default=0)
    no_prefinancing = models.BooleanField(_("free of contractor pre-financing"), default=False)
    payment_terms = models.TextField(_("payment terms"), blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    is_tail_works = models.BooleanField(_("tail works"), default=False)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "no"], name="contract_no_once"),
            models.CheckConstraint(condition=Q(price__gt=0), name="contract_price_positive"),
            models.CheckConstraint(
                condition=Q(retention_rate__gte=0, retention_rate__lte=100), name="contract_retention_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("web:contract", args=[self.pk])


class ContractLine(models.Model):
    """One priced line, tied to a line of the project's cost tree (`cost_code`)."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    code = models.CharField(_("code"), max_length=30, blank=True)
    name = models.CharField(_("contract line"), max_length=200)
    cost_code = models.CharField(_("cost line"), max_length=30)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=4, null=True, blank=True)
    amount = MoneyField(_("amount"))

    class Meta:
        ordering = ["contract", "position"]
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="contract_line_once")]

    def __str__(self) -> str:
        return self.name


class Supplement(models.Model):
    """A supplementary agreement: signed change of the price in yuan."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="supplements")
    no = models.CharField(_("supplement number"), max_length=60)
    amount = MoneyField(_("amount"))
    signed_on = models.DateField(_("signed on"))
    reason = models.CharField(_("reason"), max_length=300)
    cost_code = models.CharField(_("cost line"), max_length=30, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contract", "no"], name="supplement_no_once")]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.no}"
