"""The sentences for what is wrong with amounts, lines and workbooks; the readers only name codes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from core.errors import Problem

SENTENCES = {
    "amount.empty": gettext_lazy("An amount is missing."),
    "amount.format": gettext_lazy("“%(text)s” is not an amount."),
    "amount.unit": gettext_lazy("“%(text)s” is written in %(found)s, but the column is in %(unit)s."),
    "amount.decimals": gettext_lazy(
        "%(text)s has more than %(decimals)s decimals; an amount in %(unit)s cannot be finer than one fen."
    ),
    "amount.negative": gettext_lazy("The amount %(text)s may not be negative."),
    "amount.too_large": gettext_lazy("The amount %(text)s is too large."),
    "costs.code_format": gettext_lazy("“%(code)s” is not a line code like 1, 2.07 or 1.1.2."),
    "costs.duplicate_code": gettext_lazy("The line code %(code)s is used twice."),
    "costs.parent_missing": gettext_lazy("Line %(code)s needs a line %(parent)s above it."),
    "costs.name_missing": gettext_lazy("The name of the cost item is missing."),
    "costs.negative": gettext_lazy("The amount may not be negative."),
    "costs.parent_differs": gettext_lazy(
        "The amount %(stated)s is not the sum of the lines below it, %(parts)s (difference %(difference)s)."
    ),
    "costs.parent_differs_slightly": gettext_lazy(
        "The amount %(stated)s differs by %(difference)s from the sum of the lines below it, %(parts)s."
    ),
    "costs.unknown_code": gettext_lazy(
        "Line %(code)s is not in the standard cost tree: map it to a standard item for the statistics."
    ),
    "book.too_big": gettext_lazy("The file is larger than %(limit)s MB."),
    "book.not_xlsx": gettext_lazy("The file is not a readable XLSX workbook."),
    "book.encrypted": gettext_lazy(
        "The file is protected by a password or in the old XLS format: save it as plain XLSX."
    ),
    "book.macros": gettext_lazy("The workbook contains macros: save it as a workbook without macros (.xlsx)."),
    "book.external_links": gettext_lazy(
        "The workbook refers to other files: replace these references by their values."
    ),
    "book.bomb": gettext_lazy("The workbook unpacks to far more than a cost sheet can need and was not opened."),
    "book.no_head": gettext_lazy(
        "No head row was found: the first rows need the columns code, name and declared amount of the template."
    ),
    "book.no_lines": gettext_lazy("The sheet contains no lines."),
    "book.too_many_rows": gettext_lazy("The sheet has more than %(limit)s rows."),
    "head.unit_missing": gettext_lazy("The head of an amount column must name its unit: (万元) or (元)."),
    "head.duplicate": gettext_lazy("The column “%(head)s” appears twice."),
    "cell.formula_without_value": gettext_lazy(
        "The formula has no stored value: open the file in a spreadsheet program and save it, or enter the figure."
    ),
    "cell.formula_value_used": gettext_lazy("This is a formula; its stored value %(text)s was taken."),
    "cell.excel_error": gettext_lazy("The cell shows the error %(text)s."),
    "cell.not_a_number": gettext_lazy("“%(text)s” is not a number."),
    "cell.date": gettext_lazy("The cell holds a date; a spreadsheet program may have changed what was typed."),
    "cell.code_is_number": gettext_lazy(
        "The code is stored as the number %(text)s, so 2.1 and 2.10 cannot be told apart: format the column as text."
    ),
    "cell.too_long": gettext_lazy("The text is longer than %(limit)s characters."),
    "cell.total_differs": gettext_lazy(
        "The total %(stated)s is not the sum of the top lines, %(parts)s (difference %(difference)s)."
    ),
    "cell.total_differs_slightly": gettext_lazy(
        "The total %(stated)s differs by %(difference)s from the sum of the top lines, %(parts)s."
    ),
}


def say(code: str, params: Mapping[str, Any]) -> str:
    """One sentence in the reader's language; Decimal params are yuan."""
    return str(SENTENCES[code]) % {name: _shown(value) for name, value in params.items()}


def problem(code: str, params: Mapping[str, Any], field: str = "") -> Problem:
    """The same as a refusal that services collect."""
    return Problem(code, say(code, params), field)


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return gettext("%(amount)s yuan") % {"amount": f"{value:,.2f}"}
    return str(value)
