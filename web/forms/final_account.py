"""The shapes of a final account: opening it, its dates and narrative, deferred costs and tail works as grids."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.costing.amounts import AmountRefused, Unit, parse_amount
from approvals.costing.wording import say
from assets.books.wording import NARRATIVE
from assets.findings import said
from assets.models import FinalAccount
from assets.rules.cost_heads import DEFERRED_IN_ENGLISH, DEFERRED_LINES, TAKEN_OFF
from assets.rules.forms_model import Label
from assets.services.accounts import CellEntry, DeferredRow, TailRow
from core.errors import Problem
from web.forms.contracts import ShapeForm
from web.forms.project import DateField

CELL = "cell|"
MOST_ROWS = 500


class OpenForm(forms.Form):
    part = forms.ChoiceField(label=gettext_lazy("Account of"), required=False)
    cut_off_on = DateField(label=gettext_lazy("Cut-off date"))
    completed_on = DateField(label=gettext_lazy("Works completed on"))

    def __init__(self, parts: list[str], whole: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = [("", gettext_lazy("The whole project"))] if whole else []
        self.fields["part"].choices = [*first, *((name, name) for name in parts)]


class AboutForm(ShapeForm):
    """Dates, and one text for each part of the narrative."""

    cut_off_on = DateField(label=gettext_lazy("Cut-off date"))
    completed_on = DateField(label=gettext_lazy("Works completed on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in NARRATIVE.items():
            box = forms.Textarea(attrs={"rows": 5})
            self.fields[name] = forms.CharField(label=said(label), required=False, max_length=20_000, widget=box)

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in NARRATIVE]

    def values(self) -> dict[str, Any]:
        kept = super().values()
        told = {name: kept.pop(name) for name in NARRATIVE if name in kept}
        return {**kept, "narrative": told}

    @staticmethod
    def initial_of(account: FinalAccount) -> dict[str, Any]:
        dates = {"cut_off_on": account.cut_off_on, "completed_on": account.completed_on, "version": account.version}
        return {**dates, **{name: account.narrative.get(name, "") for name in NARRATIVE}}


def cell_name(row: str, column: str) -> str:
    return f"{CELL}{row}|{column}"


def cell_entries(data: QueryDict) -> list[CellEntry]:
    """Every cell the form page sent."""
    found = []
    for name in data:
        if name.startswith(CELL) and name.count("|") >= 2:
            row, column = name.removeprefix(CELL).rsplit("|", 1)
            found.append(CellEntry(row, column, data[name]))
    return found


def line_choices() -> list[tuple[int, str]]:
    return [(line, f"{line} {said(Label(name, DEFERRED_IN_ENGLISH[line]))}") for line, name in DEFERRED_LINES.items()]


@dataclass
class GridRow:
    """One row as typed; `errors` by column."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class Grid:
    """Rows of one of the small tables; rows left empty are dropped."""

    rows: list[GridRow]

    @classmethod
    def posted(cls, data: QueryDict, prefix: str, columns: tuple[str, ...]) -> "Grid":
        lists = [data.getlist(f"{prefix}-{column}")[:MOST_ROWS] for column in columns]
        longest = max(map(len, lists), default=0)
        rows = [
            {
                column: (texts[at].strip() if at < len(texts) else "")
                for column, texts in zip(columns, lists, strict=True)
            }
            for at in range(longest)
        ]
        return cls([GridRow(row) for row in rows if any(value for name, value in row.items() if name != "line")])

    def amount(self, row: GridRow, column: str) -> Decimal | None:
        text = row.values[column]
        if not text:
            return None
        try:
            return parse_amount(text, Unit.YUAN)
        except AmountRefused as refused:
            row.errors[column] = say(refused.code, refused.params)
            return None

    def problems(self) -> Iterator[Problem]:
        for number, row in enumerate(self.rows, 1):
            for words in row.errors.values():
                yield Problem("form.invalid", _("Row %(n)s: %(words)s") % {"n": number, "words": words})


class DeferredGrid(Grid):
    COLUMNS = ("line", "name", "amount", "source")

    @classmethod
    def of_request(cls, data: QueryDict) -> "DeferredGrid":
        return cls(Grid.posted(data, "deferred", cls.COLUMNS).rows)

    @classmethod
    def of_account(cls, account: FinalAccount) -> "DeferredGrid":
        return cls([
            GridRow({
                "line": str(row.line), "name": row.name, "source": row.source,
                "amount": f"{-row.amount if row.line in TAKEN_OFF else row.amount:,.2f}",
            })
            for row in account.deferred_costs.all()
        ])  # fmt: skip

    def entries(self) -> list[DeferredRow]:
        return [
            DeferredRow(
                _number(row.values["line"]), row.values["name"], self.amount(row, "amount"), row.values["source"]
            )
            for row in self.rows
        ]


class TailGrid(Grid):
    COLUMNS = ("name", "approved", "done", "to_do", "due_on")

    @classmethod
    def of_request(cls, data: QueryDict) -> "TailGrid":
        return cls(Grid.posted(data, "tail", cls.COLUMNS).rows)

    @classmethod
    def of_account(cls, account: FinalAccount) -> "TailGrid":
        return cls([
            GridRow({
                "name": row.name, "approved": f"{row.approved:,.2f}", "done": f"{row.done:,.2f}",
                "to_do": f"{row.to_do:,.2f}", "due_on": str(row.due_on or ""),
            })
            for row in account.tail_works.all()
        ])  # fmt: skip

    def entries(self) -> list[TailRow]:
        return [
            TailRow(
                row.values["name"], self.amount(row, "approved"), self.amount(row, "done"), self.amount(row, "to_do"),
                self._day(row),
            )
            for row in self.rows
        ]  # fmt: skip

    def _day(self, row: GridRow) -> date | None:
        text = row.values["due_on"]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            row.errors["due_on"] = _("“%(text)s” is not a day.") % {"text": text[:20]}
            return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
