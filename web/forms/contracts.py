"""The shapes of tenders, objections, contracts, supplements and change orders; and the grid their lines are typed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.costing.amounts import AmountRefused, Unit, parse_amount
from approvals.costing.wording import say
from core.errors import Problem
from core.money import quantise
from execution.models import ChangeOrder, Contract, Tender
from execution.services import changes, contracts
from execution.states import ChangeKind, ContractKind, ContractState, PriceType, TenderMethod, TenderState
from projects.models import Project
from web.forms.project import DateField

MOST_LINES = 3000
FOUR_PLACES = Decimal("0.0001")


class YuanField(forms.CharField):
    """元 as typed, exactly; the cleaned value is Decimal yuan, or None where nothing was typed."""

    def __init__(self, *, signed: bool = False, required: bool = True, **kwargs: Any) -> None:
        self.signed = signed
        attrs = {"class": "num", "autocomplete": "off", **({} if signed else {"inputmode": "decimal"})}
        super().__init__(required=required, max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, Unit.YUAN, allow_negative=self.signed)
        except AmountRefused as refused:
            raise ValidationError(say(refused.code, refused.params)) from refused


class ShapeForm(forms.Form):
    """What could be read, for the service to judge together with what could not."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _share(label: Any, initial: int) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=5, decimal_places=2, initial=initial, widget=widget
    )


def _long(label: Any, rows: int = 3, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=5000, widget=forms.Textarea(attrs={"rows": rows}))


class TenderForm(ShapeForm):
    name = forms.CharField(label=gettext_lazy("What is tendered"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of contract"), choices=ContractKind.choices)
    method = forms.ChoiceField(label=gettext_lazy("Tender method"), choices=TenderMethod.choices)
    ceiling = YuanField(
        label=gettext_lazy("Ceiling price"),
        help_text=gettext_lazy("For works and equipment together not above the reviewed budget."),
    )

    @staticmethod
    def initial_of(tender: Tender) -> dict[str, Any]:
        return {
            "name": tender.name, "kind": tender.kind, "method": tender.method, "ceiling": f"{tender.ceiling:,.2f}",
            "version": tender.version,
        }  # fmt: skip


class ObjectionForm(forms.Form):
    objector = forms.CharField(label=gettext_lazy("Objector"), max_length=200)
    received_on = DateField(label=gettext_lazy("Received on"))
    text = _long(gettext_lazy("Objection"))


class AnswerForm(forms.Form):
    answer = _long(gettext_lazy("Answer"))
    upheld = forms.BooleanField(label=gettext_lazy("The objection is upheld"), required=False)


class ContractForm(ShapeForm):
    """A contract before it is in force; a list of the project's tenders to choose from."""

    no = forms.CharField(label=gettext_lazy("Contract number"), max_length=60)
    name = forms.CharField(label=gettext_lazy("Contract name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of contract"), choices=ContractKind.choices)
    tender = forms.TypedChoiceField(label=gettext_lazy("Tender"), required=False, coerce=int, empty_value=None)
    contractor = forms.CharField(label=gettext_lazy("Contractor"), max_length=200)
    contractor_code = forms.CharField(
        label=gettext_lazy("Credit code of the contractor"), max_length=18, required=False
    )
    price_type = forms.ChoiceField(label=gettext_lazy("Kind of price"), choices=PriceType.choices)
    price = YuanField(label=gettext_lazy("Contract price"))
    retention_rate = _share(gettext_lazy("Retention (%)"), 3)
    advance_rate = _share(gettext_lazy("Advance (%)"), 0)
    signed_on = DateField(label=gettext_lazy("Signed on"))
    starts_on = DateField(label=gettext_lazy("Starts on"))
    ends_on = DateField(label=gettext_lazy("Ends on"))
    warranty_until = DateField(label=gettext_lazy("Warranty until"))
    payment_terms = _long(gettext_lazy("Payment terms"), required=False)
    no_prefinancing = forms.BooleanField(
        label=gettext_lazy("No clause makes the contractor pre-finance the works"), required=False
    )
    is_tail_works = forms.BooleanField(label=gettext_lazy("Tail works: settled after the project"), required=False)

    GROUPS = (
        (gettext_lazy("The contract"), ("no", "name", "kind", "tender", "contractor", "contractor_code")),
        (gettext_lazy("Price and payment"), ("price_type", "price", "retention_rate", "advance_rate")),
        (gettext_lazy("Dates"), ("signed_on", "starts_on", "ends_on", "warranty_until")),
        (gettext_lazy("Terms"), ("payment_terms", "no_prefinancing", "is_tail_works")),
    )

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = project.tenders.exclude(state=TenderState.FAILED)
        self.fields["tender"].choices = [("", gettext_lazy("Without a tender")), *((row.pk, str(row)) for row in rows)]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "tender"}

    def tender_id(self) -> int | None:
        return self.cleaned_data.get("tender")

    @staticmethod
    def initial_of(contract: Contract) -> dict[str, Any]:
        values = {name: getattr(contract, name) for name in contracts.FIELDS}
        price = f"{contract.price:,.2f}"
        return {**values, "price": price, "tender": contract.tender_id, "version": contract.version}


class SupplementForm(forms.Form):
    no = forms.CharField(label=gettext_lazy("Supplement number"), max_length=60)
    amount = YuanField(
        label=gettext_lazy("Change of the price"), signed=True, help_text=gettext_lazy("With a minus where it falls.")
    )
    signed_on = DateField(label=gettext_lazy("Signed on"))
    cost_code = forms.ChoiceField(label=gettext_lazy("Cost line"), required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, codes: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost_code"].choices = [("", "—"), *((code, f"{code} {name}") for code, name in codes.items())]


class ChangeForm(ShapeForm):
    no = forms.CharField(label=gettext_lazy("Change number"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of change"), choices=ChangeKind.choices)
    title = forms.CharField(label=gettext_lazy("What changes"), max_length=200)
    reason = _long(gettext_lazy("Why"))
    is_substantive = forms.BooleanField(
        label=gettext_lazy("Changes the site, the scale or the content of substance"), required=False,
        help_text=gettext_lazy("Then it goes back to the original approver as an item of its own."),
    )  # fmt: skip

    @staticmethod
    def initial_of(change: ChangeOrder) -> dict[str, Any]:
        return {name: getattr(change, name) for name in changes.FIELDS} | {"version": change.version}


@dataclass
class LineRow:
    """One row of the grid as typed or stored. `line` is the key of the contract line a change is made to."""

    code: str = ""
    name: str = ""
    cost_code: str = ""
    unit: str = ""
    quantity: str = ""
    unit_price: str = ""
    amount: str = ""
    line: str = ""
    present: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        typed = (self.quantity, self.amount) if self.line else (self.name, self.quantity, self.unit_price, self.amount)
        return not any(typed)


class LineGrid:
    """Priced lines as an editable table in yuan; `signed` for change orders, where amounts may be taken away."""

    COLUMNS = ("code", "name", "cost_code", "unit", "quantity", "unit_price", "amount", "line")

    def __init__(self, rows: Sequence[LineRow] = (), *, signed: bool = False) -> None:
        self.rows = list(rows)
        self.signed = signed

    @classmethod
    def posted(cls, data: QueryDict, *, signed: bool = False) -> "LineGrid":
        columns = {name: data.getlist(f"line-{name}") for name in cls.COLUMNS}
        n = min(len(columns["name"]), MOST_LINES)
        rows = [
            LineRow(**{name: values[i].strip() if i < len(values) else "" for name, values in columns.items()})
            for i in range(n)
        ]
        grid = cls([row for row in rows if row.line or not row.is_blank], signed=signed)
        if len(columns["name"]) > MOST_LINES:
            grid.rows[-1].errors["name"] = _("At most %(n)s lines can be sent at once.") % {"n": MOST_LINES}
        return grid

    @classmethod
    def of_contract(cls, contract: Contract) -> "LineGrid":
        return cls([_stored(line, line.code) for line in contract.lines.all()])

    @classmethod
    def of_change(cls, contract: Contract, change: ChangeOrder | None = None) -> "LineGrid":
        """Every line of the contract with what the change does to it, then the new lines."""
        rows = list(change.lines.all()) if change else []
        tied = {row.line_id: row for row in rows if row.line_id}
        shown = []
        for line in contract.lines.all():
            row = LineRow(
                line.code, line.name, line.cost_code, line.unit, unit_price=_plain(line.unit_price), line=str(line.pk),
                present=_plain(line.quantity),
            )  # fmt: skip
            if line.pk in tied:
                row.quantity, row.amount = _plain(tied[line.pk].quantity), f"{tied[line.pk].amount:,.2f}"
                row.unit_price = _plain(tied[line.pk].unit_price)
            shown.append(row)
        return cls([*shown, *(_stored(row, "") for row in rows if not row.line_id)], signed=True)

    def show_present(self, contract: Contract) -> "LineGrid":
        """Names and quantities of the contract's lines, after a refusal."""
        own = {str(line.pk): line for line in contract.lines.all()}
        for row in self.rows:
            if row.line in own:
                line = own[row.line]
                row.name, row.unit, row.present = line.name, line.unit, _plain(line.quantity)
        return self

    def contract_lines(self) -> list[contracts.Line]:
        """What could be read; faults stand at the rows."""
        found = []
        for row in self._read():
            line, quantity, price, amount = row
            count = quantity if quantity is not None else Decimal(1)
            if amount is None:
                amount = quantise(count * price) if price is not None else None
            if amount is None and not line.errors:
                line.errors["amount"] = _("An amount is missing.")
            if not line.errors:
                found.append(
                    contracts.Line(
                        line.name[:200], line.cost_code[:30], amount or Decimal(0), line.unit[:20], count, price,
                        line.code[:30],
                    )
                )  # fmt: skip
        return found

    def change_lines(self) -> list[changes.Line]:
        found = []
        for line, quantity, price, amount in self._read():
            if line.line and line.is_blank:
                continue
            if amount is None and (quantity is None or price is None) and not line.errors:
                line.errors["amount"] = _("An amount is missing.")
            if line.line and not (line.line.isascii() and line.line.isdigit() and len(line.line) < 18):
                line.errors["name"] = _("This has the wrong shape.")
            if not line.errors:
                zero = Decimal(0)
                found.append(
                    changes.Line(
                        line.name[:200], line.cost_code[:30], quantity if quantity is not None else zero,
                        price if price is not None and quantity else zero, amount, line.unit[:20],
                        int(line.line) if line.line else None,
                    )
                )  # fmt: skip
        return found

    def _read(self) -> Iterable[tuple[LineRow, Decimal | None, Decimal | None, Decimal | None]]:
        for row in self.rows:
            yield (row, self._number(row, "quantity"), self._number(row, "unit_price", signed=False), self._amount(row))

    def _number(self, row: LineRow, name: str, *, signed: bool | None = None) -> Decimal | None:
        text = getattr(row, name)
        if not text:
            return None
        signed = self.signed if signed is None else signed
        try:
            number = Decimal(text.replace(",", "").replace("，", "").replace("−", "-")[:40])
            if not number.is_finite() or abs(number) >= 10**13 or number != number.quantize(FOUR_PLACES):
                raise InvalidOperation
            if number < 0 and not signed:
                raise InvalidOperation
        except InvalidOperation:
            row.errors[name] = _("“%(text)s” is not a number with at most four decimals.") % {"text": text[:40]}
            return None
        return number

    def _amount(self, row: LineRow) -> Decimal | None:
        if not row.amount:
            return None
        try:
            return parse_amount(row.amount[:40], Unit.YUAN, allow_negative=self.signed)
        except AmountRefused as refused:
            row.errors["amount"] = say(refused.code, refused.params)
            return None

    def problems(self) -> list[Problem]:
        """The faults of the cells, for the service to refuse together with the rules."""
        return [
            Problem(f"grid.{column}", f"{row.name or row.cost_code}: {words}", "")
            for row in self.rows
            for column, words in row.errors.items()
        ]

    @property
    def total(self) -> Decimal:
        """Of what can be read; shown without scripts."""
        sums = Decimal("0.00")
        for row in self.rows:
            try:
                sums += parse_amount(row.amount[:40], Unit.YUAN, allow_negative=True)
            except AmountRefused:
                continue
        return sums


def _stored(line: Any, code: str) -> LineRow:
    return LineRow(
        code, line.name, line.cost_code, line.unit, _plain(line.quantity), _plain(line.unit_price),
        f"{line.amount:,.2f}",
    )  # fmt: skip


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():,f}"


def is_editable(contract: Contract) -> bool:
    return contract.state == ContractState.DRAFT
