"""A report as CSV for spreadsheets: UTF-8 with a byte order mark, and no cell that a spreadsheet would execute."""

import csv
from io import StringIO

from reports import cells
from reports.table import Kind, ReportTable

STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def render(table: ReportTable) -> bytes:
    """Head, rows and totals; figures without thousands separators."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([harmless(cells.head(column)) for column in table.columns])
    is_text = [column.kind is Kind.TEXT for column in table.columns]
    totals = cells.shown_totals(table, grouped=False)
    for row in [*cells.shown_rows(table, grouped=False), *([totals] if totals else [])]:
        writer.writerow([harmless(text) if free else text for text, free in zip(row, is_text, strict=True)])
    return buffer.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that could be taken for a formula, with an apostrophe before it."""
    start = text.lstrip(" \u3000")[:1]
    return f"'{text}" if start in STARTS_A_FORMULA and start else text
