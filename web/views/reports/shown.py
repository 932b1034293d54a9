"""A report as its page shows it: the same texts as in every file, with links to the rows behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from reports import cells
from reports.report import Figure, Link, Report
from reports.table import Column, Kind

# Numbers one reads out or copies stay on one line.
UNBROKEN = frozenset({"code", "document_no", "item", "light", "state", "invoice", "treasury_no"})
# Sentences want more room than words.
LONG = frozenset({"content", "problems", "sources", "funding"})
NAMES = frozenset(
    {
        "construction_unit",
        "user_unit",
        "competent_dept",
        "unit",
        "contractor",
        "contract",
        "project",
        "progress",
        "warning",
    }
)


@dataclass(frozen=True)
class Head:
    """One column head."""

    key: str
    label: str
    unit: str
    css: str
    sortable: bool


@dataclass(frozen=True)
class Cell:
    text: str
    css: str
    label: str
    is_head: bool = False
    url: str = ""


def heads(report: Report, sorts: Iterable[str] | None) -> list[Head]:
    known = None if sorts is None else set(sorts)
    columns = report.table.columns
    name = name_place(columns)
    return [
        Head(
            column.key,
            str(column.label),
            cells.unit_of(column),
            f"{css_of(column)} name-head".strip() if index == name else css_of(column),
            known is None or column.key in known,
        )
        for index, column in enumerate(columns)
    ]


def css_of(column: Column) -> str:
    if cells.is_figure(column):
        return "num"
    if column.key in LONG:
        return "long-text"
    if column.key in NAMES:
        return "name-text"
    return "nowrap" if column.kind is Kind.DATE or column.key in UNBROKEN else ""


def rows(report: Report) -> list[list[Cell]]:
    links = report.links or [None] * len(report.table.rows)
    pairs = zip(cells.shown_rows(report.table), links, strict=True)
    return [_row(report, texts, address(link)) for texts, link in pairs]


def totals(report: Report) -> list[Cell] | None:
    texts = cells.shown_totals(report.table)
    if texts is None:
        return None
    return _row(report, texts, address(report.total_link), cells.total_label_place(report.table))


def _row(report: Report, texts: list[str], url: str, place: int | None = None) -> list[Cell]:
    """The first text column names the row and leads to what is behind it."""
    columns = report.table.columns
    name = name_place(columns) if place is None else place
    return [
        Cell(text, css_of(column), str(column.label), index == name, url if index == name else "")
        for index, (text, column) in enumerate(zip(texts, columns, strict=True))
    ]


def name_place(columns: tuple[Column, ...]) -> int:
    """The column whose text names the row; it stays in sight while the others are scrolled through."""
    return next(index for index, column in enumerate(columns) if column.kind is Kind.TEXT)


def address(link: Link | None) -> str:
    if link is None:
        return ""
    if link.url:
        return link.url
    return f"{reverse('web:report', args=[link.report])}?{urlencode(link.query)}"


def figure(item: Figure) -> dict[str, Any]:
    """What components/figure.html takes."""
    column = Column("figure", item.label, item.kind)
    return {
        "label": str(item.label),
        "value": cells.display(item.value, column),
        "unit": str(item.unit),
        "note": str(item.note),
        "url": address(item.link),
    }
