"""A report as an Excel workbook: exact figures with number formats, text that never becomes a formula."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports import cells
from reports.table import Column, Kind, ReportTable, Value

MOST_ROWS = 1_000_000
LONGEST_TEXT = 32_767
ROWS_MEASURED = 200
WIDEST, NARROWEST = 42, 9
NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NUMBER_FORMATS = {
    Kind.TEXT: "@",
    Kind.COUNT: "#,##0",
    Kind.MONEY_WAN: "#,##0.00",
    Kind.MONEY_YUAN: "#,##0.00",
    Kind.PERCENT: "0.00%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.DAYS: "#,##0.0",
    Kind.DECIMAL: "#,##0.00",
}
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render(table: ReportTable) -> bytes:
    """One sheet: title, facts, head (frozen and repeated in print), rows, totals, notes, a line to sign.

    Written row by row in constant memory. ValueError when the rows do not fit a sheet.
    """
    if len(table.rows) > MOST_ROWS:
        raise ValueError(f"{len(table.rows)} rows do not fit an Excel sheet")
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        made_at = localtime(table.generated_at).replace(tzinfo=None)
        workbook.set_properties({"title": str(table.title), "author": str(table.generated_by), "created": made_at})
        sheet = workbook.add_worksheet(str(table.title).translate(NOT_IN_A_SHEET_NAME).strip()[:31] or table.code[:31])
        _Sheet(workbook, sheet, table).write()
    return buffer.getvalue()


class _Sheet:
    """Writes the table downwards; rows once left cannot be returned to (constant memory)."""

    def __init__(self, workbook: Any, sheet: Worksheet, table: ReportTable) -> None:
        self.sheet, self.table, self.at = sheet, table, 0
        font = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        self.title = workbook.add_format(font | {"bold": True, "font_size": 14})
        self.fact = workbook.add_format(font | {"font_color": "#555555"})
        head = font | {"bold": True, "text_wrap": True, "bg_color": "#EEF2F7", "bottom": 1, "top": 1}
        self.head_text = workbook.add_format(head)
        self.head_figure = workbook.add_format(head | {"align": "right"})
        body = [_cell_style(column) for column in table.columns]
        self.body = [workbook.add_format(font | style | {"bottom": 4}) for style in body]
        self.body_whole = [workbook.add_format(font | _whole(style) | {"bottom": 4}) for style in body]
        last = font | {"bold": True, "top": 1, "bottom": 1}
        self.totals = [workbook.add_format(last | style) for style in body]
        self.totals_whole = [workbook.add_format(last | _whole(style)) for style in body]

    def write(self) -> None:
        self._set_up()
        self._write_opening()
        self._write_head()
        for row in self.table.rows:
            self._write_row(row, self.body, self.body_whole)
        self._write_totals()
        self._write_closing()

    def _set_up(self) -> None:
        for index, width in enumerate(_widths(self.table)):
            self.sheet.set_column(index, index, width)
        if len(self.table.columns) > 6:
            self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer(f"&L{str(self.table.title).replace('&', '&&')}&R&P / &N")

    def _write_line(self, text: str, style: Format) -> None:
        _write_text(self.sheet, self.at, 0, text, style)
        self.at += 1

    def _write_opening(self) -> None:
        self._write_line(str(self.table.title), self.title)
        if str(self.table.subtitle):
            self._write_line(str(self.table.subtitle), self.fact)
        for label, text in cells.facts(self.table):
            self._write_line(gettext("%(label)s: %(text)s") % {"label": label, "text": text}, self.fact)

    def _write_head(self) -> None:
        self.at += 1
        for index, column in enumerate(self.table.columns):
            style = self.head_figure if cells.is_figure(column) else self.head_text
            _write_text(self.sheet, self.at, index, cells.head(column), style)
        self.sheet.repeat_rows(self.at)
        self.at += 1
        self.sheet.freeze_panes(self.at, 1)

    def _write_row(self, row: Any, styles: list[Format], whole: list[Format]) -> None:
        for index, (value, column) in enumerate(zip(row, self.table.columns, strict=True)):
            style = whole[index] if isinstance(value, int) else styles[index]
            _write_value(self.sheet, self.at, index, value, column, style)
        self.at += 1

    def _write_totals(self) -> None:
        if self.table.totals is None:
            return
        texts = cells.shown_totals(self.table) or []
        for index, (value, column) in enumerate(zip(self.table.totals, self.table.columns, strict=True)):
            style = self.totals_whole[index] if isinstance(value, int) else self.totals[index]
            if value is None:
                _write_text(self.sheet, self.at, index, texts[index], style)
            else:
                _write_value(self.sheet, self.at, index, value, column, style)
        self.at += 1

    def _write_closing(self) -> None:
        self.at += 1
        for number, note in enumerate(cells.shown_notes(self.table), start=1):
            self._write_line(gettext("Note %(number)s: %(note)s") % {"number": number, "note": note}, self.fact)
        made = {
            "at": f"{localtime(self.table.generated_at):%Y-%m-%d %H:%M}",
            "by": str(self.table.generated_by) or cells.NOTHING,
        }
        self._write_line(gettext("Made on %(at)s by %(by)s") % made, self.fact)
        self.at += 1
        self._write_line("        ".join(f"{label}{'_' * 14}" for label in cells.signatures()), self.fact)


def _cell_style(column: Column) -> dict[str, Any]:
    style: dict[str, Any] = {"num_format": NUMBER_FORMATS[column.kind]}
    if cells.is_figure(column):
        return style | {"align": "right"}
    return style | {"align": "left", "text_wrap": column.kind is Kind.TEXT}


def _whole(style: dict[str, Any]) -> dict[str, Any]:
    """Whole days are shown without a decimal place."""
    return style | {"num_format": "#,##0"} if style["num_format"] == NUMBER_FORMATS[Kind.DAYS] else style


def _write_value(sheet: Worksheet, row: int, index: int, value: Value, column: Column, style: Format) -> None:
    if value is None or isinstance(value, str):
        _write_text(sheet, row, index, cells.display(value, column), style)
    elif isinstance(value, date):
        sheet.write_datetime(row, index, value, style)
    else:
        sheet.write_number(row, index, _number(value, column), style)


def _number(value: Decimal | int, column: Column) -> Decimal | int:
    """The exact figure in the column's unit; Excel rounds half away from zero when it shows it, as `display` does."""
    if column.kind is Kind.MONEY_WAN and isinstance(value, Decimal):
        return value.scaleb(cells.WAN_SHIFT)
    return cells.figure_of(value, column)


def _write_text(sheet: Worksheet, row: int, index: int, text: str, style: Format) -> None:
    sheet.write_string(row, index, text[:LONGEST_TEXT], style)


def _widths(table: ReportTable) -> list[float]:
    """Column widths in characters, from the heads and the first rows; Chinese characters count two."""
    sample = [cells.display(None, column) for column in table.columns]
    rows = [
        [cells.display(value, column) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows[:ROWS_MEASURED]
    ]
    shown = [*rows, cells.shown_totals(table) or sample]
    return [
        min(WIDEST, max(NARROWEST, _width(cells.head(column)) * 0.75, *(_width(row[index]) for row in shown)) + 2)
        for index, column in enumerate(table.columns)
    ]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)
