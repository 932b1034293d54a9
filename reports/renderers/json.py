"""A report as JSON: exact values, decimals as strings, money in yuan and percentages as ratios."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from reports import cells
from reports.table import MONEY, Column, Kind, ReportTable, Value


def render(table: ReportTable) -> bytes:
    """{report, title, …, columns, rows, totals, notes}; each row maps column keys to exact values."""
    return json.dumps(as_dict(table), ensure_ascii=False, indent=1).encode("utf-8")


def as_dict(table: ReportTable) -> dict[str, Any]:
    """The same as plain values, for the API."""
    return {
        "report": table.code,
        "title": str(table.title),
        "subtitle": str(table.subtitle),
        "period": str(table.period),
        "filters": str(table.filters),
        "cutoff": str(table.cutoff),
        "generated_at": table.generated_at.isoformat(),
        "generated_by": str(table.generated_by),
        "columns": [_column(column) for column in table.columns],
        "rows": [_row(row, table.columns) for row in table.rows],
        "totals": None if table.totals is None else _row(table.totals, table.columns),
        "notes": cells.shown_notes(table),
    }


def _column(column: Column) -> dict[str, str]:
    units = {Kind.PERCENT: "ratio", Kind.DAYS: "day"} | dict.fromkeys(MONEY, "CNY")
    return {
        "key": column.key,
        "label": str(column.label),
        "kind": column.kind.value,
        "unit": units.get(column.kind, ""),
    }


def _row(row: Any, columns: tuple[Column, ...]) -> dict[str, Any]:
    return {column.key: _plain(value) for column, value in zip(columns, row, strict=True)}


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
