"""Change orders: design changes, works changes, site instructions, with their lines."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.models import User
from core import clock
from core.models import StoredFile
from core.money import MoneyField
from core.workflow import StateMachine
from execution.flows.change import CHANGE_FLOW
from execution.models.contract import Contract, ContractLine
from execution.states import ChangeKind, ChangeLevel, ChangeState


class ChangeOrder(CHANGE_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """Signed amounts in yuan: `estimated` when proposed, `priced` once carried out."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="changes")
    no = models.CharField(_("change number"), max_length=60)
    kind = models.CharField(_("kind of change"), max_length=16, choices=ChangeKind.choices)
    state = FSMField(default=ChangeState.PROPOSED, choices=ChangeState.choices, protected=True, editable=False)
    title = models.CharField(_("change"), max_length=200)
    reason = models.TextField(_("reason"))
    is_substantive = models.BooleanField(_("changes site, scale or content"), default=False)
    level = models.CharField(max_length=8, choices=ChangeLevel.choices, default=ChangeLevel.OWNER)
    estimated = MoneyField(_("estimated change"))
    priced = MoneyField(_("priced change"), null=True, blank=True)
    signatures = models.JSONField(default=list, blank=True)  # {"move", "signed_by", "signed_on", "opinion"}
    approved_on = models.DateField(null=True, blank=True)
    document_no = models.CharField(max_length=100, blank=True)
    done_on = models.DateField(null=True, blank=True)
    rejection = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["contract", "pk"]
        constraints = [models.UniqueConstraint(fields=["contract", "no"], name="change_no_once")]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("web:change", args=[self.pk])


class ChangeLine(models.Model):
    """One line of a change: signed quantity and amount, on a line of the contract or a new one."""

    change = models.ForeignKey(ChangeOrder, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(ContractLine, null=True, blank=True, on_delete=models.PROTECT, related_name="change_lines")
    name = models.CharField(max_length=200)
    cost_code = models.CharField(max_length=30)
    unit = models.CharField(max_length=20, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)
    amount = MoneyField()

    class Meta:
        ordering = ["change", "pk"]

    def __str__(self) -> str:
        return self.name
