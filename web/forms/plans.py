"""The shapes of calls, envelopes and requests of the annual plan, and the grid of amounts by project and source (万元)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from approvals.costing.amounts import AmountRefused, Unit, in_unit, parse_amount
from approvals.costing.wording import say
from core import clock
from core.errors import Problem
from core.money import ZERO
from execution import planning
from execution.models import AnnualPlan, PlanItem
from projects import codes
from web.forms.contracts import ShapeForm
from web.forms.project import DateField, WanField

FUNDING = "funding-"


def shown(amount: Decimal | None) -> str:
    """Yuan as they stand in a field: 万元, exact."""
    return "" if amount is None else f"{in_unit(amount, Unit.WAN):,}"


class CallForm(ShapeForm):
    year = forms.IntegerField(label=gettext_lazy("Plan year"), min_value=2000, max_value=2100)
    requests_until = DateField(label=gettext_lazy("Requests until"))
    note = forms.CharField(
        label=gettext_lazy("Notice to the units"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, fixed_year: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed_year:
            del self.fields["year"]


class FundingForm(ShapeForm):
    """One field of 万元 for each funding source; what is left empty gives nothing."""

    def __init__(self, *args: Any, funding: Mapping[str, Decimal] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for entry in codes.entries("funding_source", clock.today()):
            name = f"{FUNDING}{entry.code}"
            amount = (funding or {}).get(entry.code)
            self.fields[name] = WanField(label=f"{entry.code} {entry.label()}", initial=shown(amount) if amount else "")

    def funding_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(FUNDING)]

    def funding(self) -> dict[str, Decimal]:
        """Yuan by source, of what could be read."""
        return {
            name.removeprefix(FUNDING): amount
            for name, amount in self.cleaned_data.items()
            if name.startswith(FUNDING) and amount is not None
        }

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if not name.startswith(FUNDING)}


class EnvelopesForm(FundingForm):
    document_no = forms.CharField(
        label=gettext_lazy("Document number"), required=False, max_length=60,
        help_text=gettext_lazy("Needed once the plan is approved."),
    )  # fmt: skip


class RequestForm(FundingForm):
    """What 政府投资条例 art. 16 asks for."""

    category = forms.ChoiceField(label=gettext_lazy("Plan category"))
    content = forms.CharField(
        label=gettext_lazy("Content and scale"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    works_from = DateField(label=gettext_lazy("Works from"))
    works_until = DateField(label=gettext_lazy("Works until"))
    total_investment = WanField(label=gettext_lazy("Total investment"))
    year_goal = forms.CharField(label=gettext_lazy("Goal of the year"), max_length=300, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Remark"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "—"), *codes.choices("plan_category", clock.today())]
        self.fields["total_investment"].required = True

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("category", "works_from", "works_until", "total_investment")]

    @staticmethod
    def initial_of(item: PlanItem) -> dict[str, Any]:
        names = ("category", "content", "works_from", "works_until", "year_goal", "reason", "version")
        return {name: getattr(item, name) for name in names} | {"total_investment": shown(item.total_investment)}


class DocumentForm(forms.Form):
    """The document a decision about money rests on."""

    document_no = forms.CharField(label=gettext_lazy("Document number"), max_length=60)
    decided_on = DateField(label=gettext_lazy("Date of the document"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason


@dataclass
class GridRow:
    """One item with a cell for each source: `(name, source, text, error)`."""

    item: PlanItem
    sums: dict[str, Decimal]
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    notes: dict[str, Decimal] = field(default_factory=dict)

    def name(self, source: str) -> str:
        return f"a-{self.item.pk}-{source}"


class AmountGrid:
    """Items by sources, in 万元; `signed` where quotas are taken away as well."""

    def __init__(self, items: Iterable[PlanItem], sources: Sequence[str], *, signed: bool = False) -> None:
        self.sources = list(sources)
        self.signed = signed
        self.labels = codes.labels("funding_source")
        self.rows = [GridRow(item, planning.sums_of(item)) for item in items]

    @property
    def heads(self) -> list[tuple[str, str]]:
        return [(code, self.labels.get(code, code)) for code in self.sources]

    def fill(self, amounts: Mapping[int, Mapping[str, Decimal]]) -> "AmountGrid":
        """What stands in the cells when nothing was typed."""
        for row in self.rows:
            row.texts = {code: shown(part) for code, part in amounts.get(row.item.pk, {}).items() if part}
        return self

    def note(self, amounts: Mapping[int, Mapping[str, Decimal]]) -> "AmountGrid":
        """What is said below each cell: what was requested, or what is left (yuan)."""
        for row in self.rows:
            row.notes = dict(amounts.get(row.item.pk, {}))
        return self

    def posted(self, data: QueryDict) -> dict[int, dict[str, Decimal]]:
        """Yuan by item and source of every cell that could be read; empty cells are nothing."""
        found: dict[int, dict[str, Decimal]] = {}
        for row in self.rows:
            row.texts = {code: data.get(row.name(code), "").strip()[:40] for code in self.sources}
            found[row.item.pk] = {}
            for code, text in row.texts.items():
                found[row.item.pk][code] = self._amount(row, code, text)
        return found

    def _amount(self, row: GridRow, code: str, text: str) -> Decimal:
        if not text:
            return ZERO
        try:
            return parse_amount(text, Unit.WAN, allow_negative=self.signed)
        except AmountRefused as refused:
            row.errors[code] = say(refused.code, refused.params)
            return ZERO

    def problems(self) -> list[Problem]:
        return [
            Problem("grid.amount", f"{row.item.project.name} · {self.labels.get(code, code)}: {words}")
            for row in self.rows
            for code, words in row.errors.items()
        ]

    def shown_rows(self) -> list[dict[str, Any]]:
        """For the template: each row with its cells."""
        return [
            {
                "item": row.item,
                "sums": row.sums,
                "cells": [
                    {
                        "name": row.name(code), "label": self.labels.get(code, code), "text": row.texts.get(code, ""),
                        "error": row.errors.get(code, ""), "note": row.notes.get(code), "column": code.replace(".", "_"),
                    }
                    for code in self.sources
                ],
            }
            for row in self.rows
        ]  # fmt: skip

    def total_cells(self) -> list[tuple[str, Decimal]]:
        """Of what can be read, by source; shown without scripts."""
        return [
            (code.replace(".", "_"), sum((_readable(row.texts.get(code, "")) for row in self.rows), ZERO))
            for code in self.sources
        ]


def _readable(text: str) -> Decimal:
    try:
        return parse_amount(text, Unit.WAN, allow_negative=True)
    except AmountRefused:
        return ZERO


def envelopes_of(plan: AnnualPlan) -> dict[str, Decimal]:
    return {row.source: row.amount for row in plan.envelopes.all()}
