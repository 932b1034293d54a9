"""The book as a workbook: one sheet per form, cover and narrative first; figures are figures."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assets.books.wording import NARRATIVE_TITLE, TITLE, narrative_of, printed
from assets.findings import said
from assets.rules.forms_model import Form, Kind, Section
from assets.rules.forms_reckoning import Cell, Forms, Line

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "SimSun", "font_size": 10, "valign": "vcenter"}
FIGURES = {Kind.MONEY: "#,##0.00", Kind.NUMBER: "#,##0.####"}
WIDTHS = {Kind.MONEY: 17, Kind.NUMBER: 11, Kind.TEXT: 22}


def render(account: Any, forms: Forms) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        workbook.set_properties(
            {"title": f"{said(TITLE)} {account.project.name}", "author": account.project.owner_unit.name}
        )
        book = _Book(workbook, account)
        everything = list(printed(forms))
        book.form(*everything[0])
        book.narrative()
        for form, sections in everything[1:]:
            book.form(form, sections)
    return buffer.getvalue()


class _Book:
    def __init__(self, workbook: Any, account: Any) -> None:
        self.workbook, self.account = workbook, account
        self.title = self._style(bold=True, font_size=16, align="center")
        self.fact = self._style()
        self.corner = self._style(align="right")
        self.head = self._style(bold=True, border=1, align="center", text_wrap=True, bg_color="#F2F2F2")
        self.long = self._style(text_wrap=True, valign="top")
        self.part = self._style(bold=True, font_size=11)
        self._styles: dict[tuple[Kind, bool, int], Format] = {}

    def _style(self, **more: Any) -> Format:
        return self.workbook.add_format(FONT | more)

    def _body(self, kind: Kind, strong: bool, indent: int = 0) -> Format:
        if (kind, strong, indent) not in self._styles:
            figure = {"num_format": FIGURES[kind], "align": "right"} if kind in FIGURES else {"text_wrap": True}
            self._styles[kind, strong, indent] = self._style(border=1, bold=strong, indent=indent, **figure)
        return self._styles[kind, strong, indent]

    def form(self, form: Form, sections: list[tuple[Section, list[Line]]]) -> None:
        """Title, code, who reports; then the sections one below the other."""
        name = f"{form.number} {said(form.label)}" if form.code else said(form.label)
        sheet = self.workbook.add_worksheet(name[:31])
        wide = max(len(section.columns) for section, _lines in sections)
        self._set_up(sheet, sections, wide)
        sheet.merge_range(0, 0, 0, wide, said(form.label if form.code else TITLE), self.title)
        at = 1
        if form.code:
            sheet.write_string(1, wide, form.code, self.corner)
            sheet.write_string(2, 0, f"编制单位：{self.account.project.owner_unit.name}", self.fact)
            sheet.write_string(2, wide, "金额单位：元", self.corner)
            at = 3
        for section, lines in sections:
            at = self._section(sheet, at, section, lines) + 1

    def _set_up(self, sheet: Worksheet, sections: list[tuple[Section, list[Line]]], wide: int) -> None:
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if wide > 4:
            sheet.set_landscape()
        sheet.set_footer("&C&P / &N")
        sheet.set_column(0, 0, 34)
        for index in range(wide):
            kinds = [section.columns[index].kind for section, _lines in sections if index < len(section.columns)]
            sheet.set_column(index + 1, index + 1, max(WIDTHS[kind] for kind in kinds))

    def _section(self, sheet: Worksheet, at: int, section: Section, lines: list[Line]) -> int:
        for index, label in enumerate((section.first, *(column.label for column in section.columns))):
            sheet.write_string(at, index, said(label), self.head)
        for line in lines:
            at += 1
            sheet.write_string(at, 0, said(line.label), self._body(Kind.TEXT, line.strong, line.indent))
            for index, cell in enumerate(line.cells, 1):
                self._cell(sheet, at, index, cell, line.strong)
        return at + 1

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: Cell, strong: bool) -> None:
        style = self._body(cell.column.kind, strong)
        if isinstance(cell.value, Decimal):
            sheet.write_number(row, column, cell.value, style)
        else:
            sheet.write_string(row, column, cell.value or "", style)
        if cell.written and cell.written.reason:
            sheet.write_comment(row, column, cell.written.reason)

    def narrative(self) -> None:
        sheet = self.workbook.add_worksheet(said(NARRATIVE_TITLE)[:31])
        sheet.set_paper(9)
        sheet.set_column(0, 0, 100)
        sheet.write_string(0, 0, said(NARRATIVE_TITLE), self.title)
        at = 1
        for _key, heading, words in narrative_of(self.account):
            sheet.write_string(at, 0, said(heading), self.part)
            sheet.write_string(at + 1, 0, words[:32_000], self.long)
            at += 2
