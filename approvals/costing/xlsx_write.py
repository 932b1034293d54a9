"""Cost lines into an XLSX workbook: an empty template of the standard tree, or the lines as they stand."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext, pgettext

from approvals.costing import tree
from approvals.costing.amounts import Unit, in_unit
from approvals.costing.tree import CostLine, CostNode

TITLE_ROW, HINT_ROW, HEAD_ROW = 0, 1, 2
SPARE_ROWS = 500
WIDTHS = (12, 38, 10, 12, 18, 18, 40)
CODE, NAME, UNIT, QUANTITY, DECLARED, REVIEWED, NOTE = range(7)
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FIRST_SINGLE_PROJECT = "1"


def heads(unit: Unit) -> list[str]:
    """The head row, in the reader's language; the reader of workbooks understands both."""
    sign = gettext("10,000 yuan") if unit is Unit.WAN else gettext("yuan")
    return [
        pgettext("cost sheet", "Code"),
        gettext("Cost item"),
        pgettext("cost sheet", "Unit"),
        gettext("Quantity"),
        pgettext("cost sheet", "Declared amount") + gettext(" (%(unit)s)") % {"unit": sign},
        gettext("Reviewed amount") + gettext(" (%(unit)s)") % {"unit": sign},
        gettext("Note/reason"),
    ]


def template(unit: Unit = Unit.WAN) -> bytes:
    """An empty workbook with the standard tree (§3.3), one single project in it, and how to fill it in."""
    lines = [CostLine(item.code.replace("x", FIRST_SINGLE_PROJECT), item.name) for item in tree.STANDARD_TREE]
    return _workbook(lines, unit, gettext("Cost lines"))


def export(lines: Sequence[CostLine], unit: Unit = Unit.WAN, title: str = "") -> bytes:
    """The lines in the order of their codes, parents with the sums of their children. Reads back as it was."""
    return _workbook(lines, unit, title or gettext("Cost lines"))


def _workbook(lines: Sequence[CostLine], unit: Unit, title: str) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        _CostSheet(workbook, unit).write(lines, title)
        _write_guide(workbook)
    return buffer.getvalue()


class _CostSheet:
    """The sheet of lines with its formats."""

    def __init__(self, workbook: Any, unit: Unit) -> None:
        font = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        figure = {"num_format": "#,##0.00####" if unit is Unit.WAN else "#,##0.00", "align": "right"}
        branch = {"bold": True, "bg_color": "#F3F5F8"}
        self.unit = unit
        self.sheet = workbook.add_worksheet(gettext("Cost lines"))
        self.title = workbook.add_format(font | {"bold": True, "font_size": 14})
        self.hint = workbook.add_format(font | {"font_color": "#555555"})
        self.head = workbook.add_format(font | {"bold": True, "text_wrap": True, "bg_color": "#E4EAF2", "border": 1})
        text = {"num_format": "@", "text_wrap": True, "bottom": 4}
        number = {"num_format": "#,##0.####", "align": "right", "bottom": 4}
        self.styles = {
            is_branch: {
                "text": workbook.add_format(font | text | (branch if is_branch else {})),
                "quantity": workbook.add_format(font | number | (branch if is_branch else {})),
                "amount": workbook.add_format(font | figure | {"bottom": 4} | (branch if is_branch else {})),
            }
            for is_branch in (False, True)
        }

    def write(self, lines: Sequence[CostLine], title: str) -> None:
        self._set_up()
        self.sheet.write_string(TITLE_ROW, 0, title, self.title)
        self.sheet.write_string(HINT_ROW, 0, gettext("Fill in the lowest lines only; sums are computed."), self.hint)
        for column, text in enumerate(heads(self.unit)):
            self.sheet.write_string(HEAD_ROW, column, text, self.head)
        nodes = [node for top in tree.build(lines) for node in top.walk()]
        for row, node in enumerate(nodes, start=HEAD_ROW + 1):
            self._write_line(row, node)
        last = HEAD_ROW + len(nodes) + SPARE_ROWS
        self.sheet.ignore_errors({"number_stored_as_text": f"A{HEAD_ROW + 2}:A{last}"})
        self._only_amounts(last)

    def _set_up(self) -> None:
        plain = self.styles[False]
        kinds = ("text", "text", "text", "quantity", "amount", "amount", "text")
        for column, (width, kind) in enumerate(zip(WIDTHS, kinds, strict=True)):
            self.sheet.set_column(column, column, width, plain[kind])
        self.sheet.freeze_panes(HEAD_ROW + 1, 2)
        self.sheet.repeat_rows(HEAD_ROW)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)

    def _write_line(self, row: int, node: CostNode) -> None:
        styles, line = self.styles[bool(node.children)], node.line
        for column, text in ((CODE, line.code), (NAME, line.name), (UNIT, line.unit), (NOTE, line.note)):
            self.sheet.write_string(row, column, text, styles["text"])
        self._write_number(row, QUANTITY, line.quantity, styles["quantity"])
        for column, name in ((DECLARED, "declared"), (REVIEWED, "reviewed")):
            amount = in_unit(getattr(node, name), self.unit) if tree.is_written(node, name) else None
            self._write_number(row, column, amount, styles["amount"])

    def _write_number(self, row: int, column: int, number: Decimal | None, style: Any) -> None:
        if number is None:
            self.sheet.write_blank(row, column, None, style)
        else:
            self.sheet.write_number(row, column, number, style)

    def _only_amounts(self, last: int) -> None:
        """The spreadsheet program itself refuses text and negative figures in the amount columns."""
        rule = {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": gettext("Amount"),
            "error_message": gettext("Enter an amount that is not negative."),
        }
        self.sheet.data_validation(HEAD_ROW + 1, DECLARED, last, REVIEWED, rule)


def _write_guide(workbook: Any) -> None:
    sheet = workbook.add_worksheet(gettext("How to fill in"))
    sheet.set_column(0, 0, 100, workbook.add_format({"font_name": "Microsoft YaHei", "text_wrap": True}))
    for row, text in enumerate(_guide()):
        sheet.write_string(row, 0, text)


def _guide() -> list[str]:
    return [
        gettext("Keep the head row; lines may be added, removed and reordered."),
        gettext("Codes are text: 1.2 is the second single project, 2.07 the design fee, 2.07.1 a part of it."),
        gettext("Amounts in 10,000 yuan may have six decimals, amounts in yuan two. The head names the unit."),
        gettext("An amount beside a line that has lines below it is compared with their sum, not added."),
        gettext("Macros and references to other files are refused; formulas are read by their stored value."),
    ]
