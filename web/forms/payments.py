"""The shapes of an application for payment and of its funding sources."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from execution.models import Payment
from execution.services import payments
from execution.services.payments import Part
from execution.states import PaymentKind
from web.forms.contracts import ShapeForm, YuanField

PREFIX = "source-"
# Code, label and released yuan of one funding source.
Sources = Sequence[tuple[str, str, Decimal]]


class FundingForm(ShapeForm):
    """One amount per funding source that was released to the project."""

    def __init__(self, sources: Sources, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {PREFIX + code: code for code, _label, _released in sources}
        for code, label, released in sources:
            words = gettext_lazy("%(amount)s yuan released") % {"amount": f"{released:,.2f}"}
            self.fields[PREFIX + code] = YuanField(label=label, required=False, help_text=words)

    def parts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.sources]

    def funding(self) -> list[Part]:
        read = ((code, self.cleaned_data.get(name)) for name, code in self.sources.items())
        return [Part(code, amount) for code, amount in read if amount]

    @staticmethod
    def funding_of(payment: Payment) -> dict[str, str]:
        return {PREFIX + row.source: f"{row.amount:,.2f}" for row in payment.funding.all()}


class PaymentForm(FundingForm):
    """An application before it is certified."""

    no = forms.CharField(
        label=gettext_lazy("Payment number"), max_length=60, required=False,
        help_text=gettext_lazy("Left empty, it gets the next number of the contract."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of payment"), choices=PaymentKind.choices, initial=PaymentKind.PROGRESS
    )
    report = forms.TypedChoiceField(
        label=gettext_lazy("Monthly report"), required=False, coerce=int, empty_value=None,
        help_text=gettext_lazy("A progress payment rests on the submitted report of its period."),
    )  # fmt: skip
    work_value = YuanField(
        label=gettext_lazy("Value of the work done"), required=False,
        help_text=gettext_lazy("Left empty, what the report measured on this contract counts."),
    )  # fmt: skip
    applied = YuanField(label=gettext_lazy("Applied for"))
    invoice = forms.CharField(label=gettext_lazy("Invoice"), max_length=60, required=False)
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=300, required=False)

    def __init__(self, sources: Sources, reports: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(sources, *args, **kwargs)
        self.fields["report"].choices = [("", "—"), *reports]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in payments.FIELDS}

    def report_id(self) -> int | None:
        return self.cleaned_data.get("report")

    @staticmethod
    def initial_of(payment: Payment) -> dict[str, Any]:
        value = payment.work_value
        return {
            **{name: getattr(payment, name) for name in ("no", "kind", "invoice", "remark", "version")},
            "report": payment.report_id,
            "work_value": f"{value:,.2f}" if value is not None else "",
            "applied": f"{payment.applied:,.2f}",
            **FundingForm.funding_of(payment),
        }
