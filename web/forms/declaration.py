"""The shape of a declaration's basics and of its cost grid."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.catalog import ItemType
from approvals.costing import tree
from approvals.costing.amounts import AmountRefused, Unit, in_unit, parse_amount
from approvals.costing.wording import say
from approvals.models import ApprovalItem
from approvals.services.costs import DeclaredLine
from approvals.states import AdjustmentReason
from core.errors import Problem
from web.forms.project import WanField

UNITS = {"wan": Unit.WAN, "yuan": Unit.YUAN}
UNIT_CHOICES = (("wan", gettext_lazy("10,000 yuan")), ("yuan", gettext_lazy("yuan")))
REASON = "reason-"
MOST_LINES = 3000


def unit_of(kind: ItemType) -> str:
    """The unit people write this kind of item in: `wan` or `yuan`."""
    return kind.printed_in if kind.printed_in in UNITS else "wan"


class BasicsForm(forms.Form):
    """Summary, contact, amount, and for an adjustment of the estimate its classified reasons."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    summary = forms.CharField(
        label=gettext_lazy("Content, scale and reasons"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    contact = forms.CharField(label=gettext_lazy("Contact person and telephone"), required=False, max_length=100)
    declared_amount = forms.CharField(
        label=gettext_lazy("Declared amount"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
    )  # fmt: skip
    amount_unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=UNIT_CHOICES, required=False)

    def __init__(self, item: ApprovalItem, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=_initial(item))
        self.item = item
        self.fields["declared_amount"].label = item.type.amount_label
        if not takes_amount(item):
            del self.fields["declared_amount"], self.fields["amount_unit"]
        if item.item_type == "ADJ":
            for code, label in AdjustmentReason.choices:
                self.fields[f"{REASON}{code}"] = WanField(label=label)
            for name, label in (
                ("plan", gettext_lazy("Adjustment plan")),
                ("source_of_funds", gettext_lazy("Source of funds")),
            ):
                self.fields[name] = forms.CharField(
                    label=label, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
                )

    def clean(self) -> dict[str, Any]:
        """Reads the amount in the unit chosen beside it, exactly."""
        said = super().clean() or self.cleaned_data
        text = said.get("declared_amount", "")
        if text:
            unit = UNITS[said.get("amount_unit") or unit_of(self.item.type)]
            try:
                said["declared_amount"] = parse_amount(text, unit)
            except AmountRefused as refused:
                self.add_error("declared_amount", say(refused.code, refused.params))
        elif "declared_amount" in self.fields:
            said["declared_amount"] = None
        return said

    @property
    def reasons(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name.startswith(REASON)]

    def changes(self) -> dict[str, Any]:
        """What edit.amend takes of what could be read: `summary`, `contact`, perhaps `declared_amount` (yuan), `form`."""
        said = self.cleaned_data
        changes = {name: said[name] for name in ("summary", "contact", "declared_amount") if name in said}
        if "summary" in changes:
            changes["summary"] = changes["summary"].replace("\r\n", "\n")
        if self.item.item_type == "ADJ":
            amounts = {code: said.get(f"{REASON}{code}") for code in AdjustmentReason.values}
            reasons = {code: str(amount) for code, amount in amounts.items() if amount is not None}
            parts = {"reasons": reasons, **{name: said.get(name, "") for name in ("plan", "source_of_funds")}}
            changes["form"] = {**self.item.form, **parts}
        return changes


def takes_amount(item: ApprovalItem) -> bool:
    """The amount is typed where no cost tree gives it: then it is the sum of the lines."""
    return item.type.money and (not item.type.cost_tree or not item.cost_lines.all())


def _initial(item: ApprovalItem) -> dict[str, Any]:
    unit = unit_of(item.type)
    shown = "" if item.declared_amount is None else f"{in_unit(item.declared_amount, UNITS[unit]):,f}"
    form = item.form or {}
    amounts = {
        f"{REASON}{code}": f"{in_unit(Decimal(text), Unit.WAN):f}" for code, text in form.get("reasons", {}).items()
    }
    return {
        "version": item.version, "summary": item.summary, "contact": item.contact, "declared_amount": shown,
        "amount_unit": unit, "plan": form.get("plan", ""), "source_of_funds": form.get("source_of_funds", ""), **amounts,
    }  # fmt: skip


@dataclass
class GridRow:
    """One row of the grid as typed or as stored. `total` in yuan for a branch; errors and warnings by column."""

    code: str = ""
    name: str = ""
    unit: str = ""
    quantity: str = ""
    declared: str = ""
    parent: str = ""
    depth: int = 0
    total: Decimal | None = None
    standard_code: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)

    @property
    def is_branch(self) -> bool:
        return self.total is not None

    @property
    def is_blank(self) -> bool:
        return not (self.code or self.name or self.declared)


class CostGrid:
    """The declared cost lines as an editable table in one unit."""

    def __init__(self, rows: Sequence[GridRow], unit: str) -> None:
        self.rows = list(rows)
        self.unit = unit if unit in UNITS else "wan"
        self.lines: list[tree.CostLine] = []

    @classmethod
    def stored(cls, item: ApprovalItem, unit: str = "") -> "CostGrid":
        grid = cls([], unit or unit_of(item.type))
        for line in item.cost_lines.all():
            amount = "" if line.declared is None else f"{in_unit(line.declared, UNITS[grid.unit]):,f}"
            quantity = "" if line.quantity is None else f"{line.quantity.normalize():f}"
            grid.rows.append(
                GridRow(line.code, line.name, line.unit, quantity, amount, standard_code=line.standard_code)
            )
        grid.read()
        return grid

    @classmethod
    def posted(cls, data: QueryDict) -> "CostGrid":
        """The rows typed, without the blank and the removed ones."""
        columns = {
            name: data.getlist(name) for name in ("code", "name", "unit", "quantity", "declared", "standard_code")
        }
        n = min(len(columns["code"]), MOST_LINES)
        removed = set(data.getlist("remove"))
        rows = [
            GridRow(**{name: values[i].strip() if i < len(values) else "" for name, values in columns.items()})
            for i in range(n)
        ]
        kept = [row for row in rows if not row.is_blank and not (row.code and row.code in removed)]
        grid = cls(kept, data.get("grid_unit", "wan"))
        grid.read()
        return grid

    def read(self) -> None:
        """Reads every cell, notes each fault at it, and works out the tree and its sums."""
        self.lines = [self._line(row) for row in self.rows]
        for fault in tree.faults(self.lines):
            row = self.rows[fault.index]
            (row.warnings if fault.is_warning else row.errors).setdefault(fault.field, say(fault.code, fault.params))
        self._hang_up()

    def _line(self, row: GridRow) -> tree.CostLine:
        return tree.CostLine(
            code=row.code, name=row.name[:200], declared=self._amount(row), unit=row.unit[:20],
            quantity=_quantity(row), standard_code=row.standard_code,
        )  # fmt: skip

    def _amount(self, row: GridRow) -> Decimal | None:
        if not row.declared:
            return None
        try:
            return parse_amount(row.declared, UNITS[self.unit])
        except AmountRefused as refused:
            row.errors["declared"] = say(refused.code, refused.params)
            return None

    def _hang_up(self) -> None:
        """Depth, parent and sums from the tree; only codes of the right form take part."""
        good = [line for line in self.lines if tree.CODE.fullmatch(line.code)]
        by_code = {node.line.code: node for top in tree.build(good) for node in top.walk()}
        for row in self.rows:
            node = by_code.get(row.code)
            row.depth = min(row.code.count("."), 4) if node else 0
            row.parent = tree.parent_code(row.code) if node else ""
            row.total = node.declared if node and node.children else None

    @property
    def has_errors(self) -> bool:
        return any(row.errors for row in self.rows)

    @property
    def faults(self) -> list[tuple[GridRow, str, str]]:
        """(row, column, sentence) of every error, in the order of the page."""
        return [(row, column, words) for row in self.rows for column, words in row.errors.items()]

    def problems(self) -> list[Problem]:
        """The same for the service, which refuses them together with what the rules say."""
        return [Problem(f"grid.{column}", words, f"line.{row.code}") for row, column, words in self.faults]

    @property
    def total(self) -> Decimal:
        parents = {tree.parent_code(line.code) for line in self.lines}
        return sum((ln.declared or Decimal(0) for ln in self.lines if ln.code not in parents), Decimal("0.00"))

    def declared_lines(self) -> list[DeclaredLine]:
        """Those that can be placed in the tree."""
        return declared_lines([line for line in self.lines if tree.CODE.fullmatch(line.code)])


def declared_lines(lines: Sequence[tree.CostLine]) -> list[DeclaredLine]:
    """In the order of their codes, as the service takes them; a branch's own figure was only compared with its sum."""
    parents = {tree.parent_code(line.code) for line in lines}
    return [
        DeclaredLine(
            code=line.code, name=line.name, declared=None if line.code in parents else line.declared,
            standard_code=line.standard_code, unit=line.unit, quantity=line.quantity,
        )
        for line in sorted(lines, key=lambda line: tree.sort_key(line.code))
    ]  # fmt: skip


def _quantity(row: GridRow) -> Decimal | None:
    if not row.quantity:
        return None
    try:
        number = Decimal(row.quantity.replace(",", ""))
        if not number.is_finite() or number < 0 or number != number.quantize(Decimal("0.0001")) or number >= 10**14:
            raise InvalidOperation
    except InvalidOperation:
        row.errors["quantity"] = _("“%(text)s” is not a quantity.") % {"text": row.quantity}
        return None
    return number
