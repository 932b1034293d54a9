"""The book as a workbook: one sheet per form, cover and narrative first; figures are figures."""

from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assets.books.wording import (
    NARRATIVE_TITLE,
    TITLE,
    Block,
    Head,
    Item,
    blocks,
    draft_mark,
    named,
    narrative_of,
    seals_of,
)
from assets.findings import said
from assets.rules.forms_layout import COVER, FORMS
from assets.rules.forms_model import Form, Kind
from assets.rules.forms_reckoning import Forms

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "SimSun", "font_size": 10, "valign": "vcenter"}
FIGURES = {Kind.MONEY: "#,##0.00", Kind.NUMBER: "#,##0.####"}
NAMES = 34
WIDTHS = {Kind.MONEY: 17, Kind.NUMBER: 11, Kind.TEXT: 22}
COUNT = 6
# Two lines of the longest heading below the heading of its group.
HEAD_HEIGHT = 30
# Excel takes 255 characters of a footer; a sheet's left third shows far fewer.
LONGEST_FOOT = 60


def render(account: Any, forms: Forms) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        workbook.set_properties(
            {"title": f"{said(TITLE)} {account.project.name}", "author": account.project.owner_unit.name}
        )
        book = _Book(workbook, account)
        book.form(COVER, blocks(forms, COVER))
        book.narrative()
        for form in FORMS.values():
            if form is not COVER:
                book.form(form, blocks(forms, form))
    return buffer.getvalue()


def _width(head: Head) -> int:
    return COUNT if head.counts else NAMES if head.names else WIDTHS[head.kind]


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

    def form(self, form: Form, found: list[Block]) -> None:
        """Title, code, who reports; then the tables one below the other."""
        name = f"{form.number} {said(form.label)}" if form.code else said(form.label)
        sheet = self.workbook.add_worksheet(name[:31])
        wide = max(len(block.heads) for block in found) - 1
        self._set_up(sheet, found, wide)
        title = said(form.label) if form.code else said(TITLE) + draft_mark(self.account)
        sheet.merge_range(0, 0, 0, wide, title, self.title)
        at = 1
        if form.code:
            sheet.write_string(1, wide, form.code, self.corner)
            sheet.write_string(2, 0, f"编制单位：{self.account.project.owner_unit.name}", self.fact)
            sheet.write_string(2, (wide + 1) // 2, f"{self.account.cut_off_on:%Y年%m月%d日}", self.fact)
            sheet.write_string(2, wide, "金额单位：元", self.corner)
            at = 3
            if len(found) == 1:
                sheet.repeat_rows(0, at + found[0].is_grouped)
        for block in found:
            if len(found) > 1:
                sheet.write_string(at, 0, said(block.title), self.part)
                at += 1
            at = self._block(sheet, at, block) + 1
        labels = seals_of(form)
        for index, label in enumerate(labels):
            sheet.write_string(at, index * (wide + 1) // len(labels), label, self.fact)

    def _set_up(self, sheet: Worksheet, found: list[Block], wide: int) -> None:
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if wide > 4:
            sheet.set_landscape()
        foot = named(self.account)[:LONGEST_FOOT].replace("&", "&&") + draft_mark(self.account)
        sheet.set_footer(f"&L{foot}&R&P / &N")
        for index in range(wide + 1):
            heads = [block.heads[index] for block in found if index < len(block.heads)]
            sheet.set_column(index, index, max(_width(head) for head in heads))

    def _block(self, sheet: Worksheet, at: int, block: Block) -> int:
        at = self._heads(sheet, at, block)
        for row in block.rows:
            at += 1
            for index, item in enumerate(row):
                self._item(sheet, at, index, item)
        if block.foot:
            at += 1
            self._foot(sheet, at, block)
        return at + 1

    def _heads(self, sheet: Worksheet, at: int, block: Block) -> int:
        """One row, or two where columns stand in groups: the group above, a column of no group through both."""
        if not block.is_grouped:
            for index, head in enumerate(block.heads):
                sheet.write_string(at, index, said(head.label), self.head)
            return at
        for group, part in groupby(range(len(block.heads)), key=lambda index: block.heads[index].group):
            columns = list(part)
            for index in columns:
                if group is None:
                    sheet.merge_range(at, index, at + 1, index, said(block.heads[index].label), self.head)
                else:
                    sheet.write_string(at + 1, index, said(block.heads[index].label), self.head)
            if group is not None:
                sheet.merge_range(at, columns[0], at, columns[-1], said(group), self.head)
        sheet.set_row(at + 1, HEAD_HEIGHT)
        return at + 1

    def _foot(self, sheet: Worksheet, at: int, block: Block) -> None:
        """Each name over the columns of two, and its figure beside it over two more."""
        for number, (label, item) in enumerate(block.foot):
            first = 1 + number * 4
            sheet.merge_range(at, first, at, first + 1, said(label), self._body(Kind.TEXT, item.strong))
            sheet.merge_range(at, first + 2, at, first + 3, "", self._body(item.kind, item.strong))
            self._item(sheet, at, first + 2, item)

    def _item(self, sheet: Worksheet, row: int, column: int, item: Item) -> None:
        style = self._body(item.kind, item.strong, item.indent)
        if isinstance(item.value, Decimal):
            sheet.write_number(row, column, item.value, style)
        else:
            sheet.write_string(row, column, item.value or "", style)
        if item.reason:
            sheet.write_comment(row, column, item.reason)

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
