"""Payments: application, certificates, approval, split over funding sources, what the treasury paid."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.models import User
from core import clock
from core.models import StoredFile
from core.money import MoneyField
from core.workflow import StateMachine
from execution.flows.payment import PAYMENT_FLOW
from execution.models.contract import Contract
from execution.models.progress import ProgressReport
from execution.states import PaymentKind, PaymentState


class Payment(PAYMENT_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """One application for payment under one contract, in yuan. `amount` is what is to be paid after all checks."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payments")
    no = models.CharField(_("payment number"), max_length=60)
    kind = models.CharField(_("kind of payment"), max_length=12, choices=PaymentKind.choices)
    state = FSMField(default=PaymentState.DRAFT, choices=PaymentState.choices, protected=True, editable=False)
    report = models.ForeignKey(ProgressReport, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    work_value = MoneyField(_("value of the work done"), null=True, blank=True)
    applied = MoneyField(_("applied for"))
    certified = MoneyField(_("certified"), null=True, blank=True)
    checked = MoneyField(_("checked"), null=True, blank=True)
    amount = MoneyField(_("to be paid"))
    invoice = models.CharField(_("invoice"), max_length=60, blank=True)
    treasury_no = models.CharField(_("treasury payment number"), max_length=60, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    # {"move", "by", "on", "signed_by", "amount", "reason"}: what happened to the application, oldest first
    trail = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["contract", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "no"], name="payment_no_once"),
            models.UniqueConstraint(
                fields=["treasury_no"], condition=~Q(treasury_no=""), name="payment_treasury_no_once"
            ),
            models.CheckConstraint(condition=Q(applied__gt=0, amount__gte=0), name="payment_positive"),
        ]

    def __str__(self) -> str:
        return self.no

    def get_absolute_url(self) -> str:
        return reverse("web:payment", args=[self.pk])


class PaymentFunding(models.Model):
    """The part of a payment that one funding source carries; the parts add up to the payment, to the fen."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="funding")
    source = models.CharField(_("funding source"), max_length=10)
    amount = MoneyField(_("amount"))

    class Meta:
        ordering = ["source"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "source"], name="payment_source_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_source_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.source}"


class TreasuryImport(models.Model):
    """A file of results from the treasury, and what came of each row."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    result = models.JSONField(default=list)
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.file_id)

    def get_absolute_url(self) -> str:
        return reverse("web:treasury_import", args=[self.pk])
