"""What a report page shows: the table every format shows too, and, for the screen, key figures, a chart and links to rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from core import money
from reports.table import Column, Kind, ReportTable


@dataclass(frozen=True)
class Link:
    """Where a row leads: the report that shows its rows, with the query that selects them, or the address of a page."""

    report: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """One key figure. `kind` as in a column, so that it is written like the table's figures."""

    label: Any
    value: Any
    kind: Kind
    unit: Any = ""
    note: Any = ""
    link: Link | None = None


@dataclass(frozen=True)
class Chart:
    """Named series over the rows' labels, figures as strings; `kind` is bars, bar or line."""

    kind: str
    title: Any
    unit: Any
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[str]]]

    def as_dict(self) -> dict[str, Any]:
        return {
            "labels": list(self.labels),
            "series": [{"name": str(name), "values": list(values)} for name, values in self.series],
        }


@dataclass(frozen=True)
class Report:
    """A table, and what stands around it on the screen. `links` go with the rows; `total_link` with the totals.

    `n_rows` is how many rows there are in all when the table holds only one page of them.
    """

    table: ReportTable
    links: Sequence[Link | None] = ()
    total_link: Link | None = None
    figures: Sequence[Figure] = ()
    chart: Chart | None = None
    n_rows: int = 0

    @property
    def size(self) -> int:
        return self.n_rows or len(self.table.rows)


def in_order(report: Report, sort: str) -> Report:
    """The report with its rows ordered by a column (`declared`, `-declared`); unchanged for any other word.

    Rows without a figure stand last either way.
    """
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    place = next((place for place, column in enumerate(report.table.columns) if column.key == key), None)
    if place is None:
        return report
    links = report.links or [None] * len(report.table.rows)
    pairs = list(zip(report.table.rows, links, strict=True))
    filled = sorted((p for p in pairs if p[0][place] is not None), key=lambda p: p[0][place], reverse=descending)
    ordered = filled + [p for p in pairs if p[0][place] is None]
    table = replace(report.table, rows=[row for row, _ in ordered])
    return replace(report, table=table, links=[link for _, link in ordered])


def wan_text(amount: Decimal | None) -> str:
    """Yuan as 万元 for a chart."""
    return "0" if amount is None else str(money.wan(amount))


def column_of(report: Report, key: str) -> Column:
    return next(column for column in report.table.columns if column.key == key)
