"""A form of the final account as its page shows it: rows of cells with their words, links and, for whoever compiles, inputs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.urls import reverse

from assets.books.wording import cell_in, shown_value
from assets.findings import CellName, Finding, said
from assets.rules.forms_layout import FORMS
from assets.rules.forms_model import ASSET_NAME, Column, Form, Group, Kind, Ref, Section, SheetColumn
from assets.rules.forms_reckoning import Cell, Forms, Line, is_figure
from web.forms.final_account import cell_name

MOST_ROWS = 200


@dataclass(frozen=True)
class CellShown:
    anchor: str
    label: str
    text: str
    is_figure: bool
    is_text: bool
    is_open: bool
    is_blank: bool
    name: str = ""
    typed: str = ""
    computed: str = ""
    reason: str = ""
    is_written: bool = False
    is_wrong: bool = False
    error: str = ""


def anchor(ref: Ref) -> str:
    """The address of a cell within its page."""
    return "c-" + re.sub(r"[^\w.-]+", "_", f"{ref.row}-{ref.column}")


def link_to(name: CellName, *, editing: bool = False) -> str:
    page = reverse("web:account_form", args=[name.account_id, name.form])
    return f"{page}{'?edit=1' if editing else ''}#{anchor(name.ref)}"


def findings_shown(findings: list[Finding], *, editing: bool) -> list[dict[str, Any]]:
    """Each broken rule with links to its two cells."""
    return [
        {
            "finding": finding,
            "left": finding.left,
            "right": finding.right,
            "left_link": link_to(finding.left, editing=editing),
            "right_link": link_to(finding.right, editing=editing),
            "broken": finding.imbalance,
            "difference": finding.imbalance.left_amount - finding.imbalance.right_amount,
        }
        for finding in findings
    ]


def sections_of(
    forms: Forms,
    number: str,
    findings: list[Finding],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    most: int = MOST_ROWS,
) -> list[dict[str, Any]]:
    """The tables of one form. `typed` and `errors` by the name of the input, where a save was refused; `most` rows of each
    kind of thing, and how many more there are."""
    wrong = {name.ref for finding in findings for name in (finding.left, finding.right)}
    form = FORMS[number]
    if form.sheet:
        return [_sheet(forms, form, wrong, typed, errors, most)]
    return [
        {
            "label": said(section.label),
            "first": said(section.first),
            "numbered": section.numbered,
            "columns": [_head(column) for column in section.columns],
            "rows": [
                {
                    "label": said(line.label),
                    "number": line.number or "",
                    "indent": line.indent,
                    "strong": line.strong,
                    "cells": [_shown(cell, said(line.label), wrong, typed, errors) for cell in line.cells],
                }
                for line in forms.lines(form, section, most)
            ],
            "more": _more(forms, section, most),
        }
        for section in form.sections
    ]


def _head(column: Column | SheetColumn) -> dict[str, Any]:
    return {"label": said(column.label), "is_figure": is_figure(column.kind), "is_money": column.kind is Kind.MONEY}


def _more(forms: Forms, section: Section, most: int) -> int:
    return sum(max(len(forms.group(part.name)) - most, 0) for part in section.rows if isinstance(part, Group))


def _sheet(
    forms: Forms, form: Form, wrong: set[Ref], typed: Mapping[str, str], errors: Mapping[str, str], most: int
) -> dict[str, Any]:
    """A form that is one table: columns in groups, a row's name after its first columns; figures no column has a place for
    stand below."""
    at = next(number for number, column in enumerate(form.sheet) if column.names)
    before, after = form.sheet[:at], form.sheet[at + 1 :]
    rows, foot = [], []
    for section, line in forms.sheet(form, most):
        label = said(line.label)
        placed = [_placed(section, line, column, wrong, typed, errors) for column in after]
        if not any(cell.is_figure for cell in placed):
            cells = [cell for cell in line.cells if cell.exists]
            foot += [
                {"label": label if cell is cells[0] else said(cell.column.label),
                 "cell": _shown(cell, label, wrong, typed, errors)}
                for cell in cells
            ]  # fmt: skip
            continue
        rows.append({
            "label": label,
            "number": line.number or "",
            "indent": line.indent,
            "strong": line.strong,
            "before": [_placed(section, line, column, wrong, typed, errors) for column in before],
            "cells": placed,
        })  # fmt: skip
    spans = [(group, list(part)) for group, part in groupby(after, key=lambda column: column.group)]
    return {
        "label": said(form.label),
        "first": said(form.sheet[at].label),
        "numbered": True,
        "before": [_head(column) for column in before],
        "groups": [{"label": said(group) if group else "", "span": len(part)} for group, part in spans],
        "columns": [_head(column) for column in after],
        "rows": rows,
        "foot": foot,
        "more": sum(_more(forms, section, most) for section in form.sections),
    }


def _placed(
    section: Section,
    line: Line,
    column: SheetColumn,
    wrong: set[Ref],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> CellShown:
    cell = cell_in(section, line, column)
    if cell is not None:
        return _shown(cell, said(line.label), wrong, typed, errors)
    is_name = bool(line.number) and column.places.get(section.key) == ASSET_NAME
    return CellShown("", "", said(line.label) if is_name else "", False, True, False, not is_name)


def _shown(cell: Cell, row: str, wrong: set[Ref], typed: Mapping[str, str], errors: Mapping[str, str]) -> CellShown:
    name = cell_name(cell.ref.row, cell.ref.column)
    kept = cell.written.value if cell.written else None
    return CellShown(
        anchor=anchor(cell.ref),
        label=f"{row} {said(cell.column.label)}",
        text=shown_value(cell.value, cell.column.kind, strong=True),
        is_figure=is_figure(cell.column.kind),
        is_text=cell.column.kind is Kind.TEXT,
        is_open=cell.is_open,
        is_blank=not cell.exists,
        name=name,
        typed=typed.get(name, _as_typed(kept)),
        computed=shown_value(cell.computed, cell.column.kind, strong=True),
        reason=cell.written.reason if cell.written else "",
        is_written=cell.written is not None and cell.needs_reason,
        is_wrong=cell.ref in wrong,
        error=errors.get(f"{cell.ref.row}.{cell.ref.column}", ""),
    )


def _as_typed(value: Decimal | str | None) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}" if isinstance(value, Decimal) else value
