"""Reads a file of the treasury's results, XLSX or CSV, row by row; what cannot be read is said at its row.

Columns by their names in the head row: payment number, contract number (where a number is used under several contracts),
amount in yuan, treasury payment number, day of payment.
"""

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from approvals.costing import package
from approvals.costing.amounts import AmountRefused, Unit, amount_from_cell, parse_amount
from approvals.costing.wording import say
from core.errors import Problem, RuleViolation

MOST_ROWS = 5000
MOST_COLUMNS = 30
LONGEST_CELL = 200
XLSX_MAGIC = b"PK\x03\x04"
HEADS = {
    "no": ("支付编号", "支付申请号", "申请编号", "payment number", "payment no", "no"),
    "contract_no": ("合同编号", "合同号", "contract number", "contract no"),
    "amount": ("金额", "支付金额", "金额（元）", "支付金额（元）", "amount", "amount (yuan)"),
    "treasury_no": ("国库支付编号", "国库支付号", "支付凭证号", "treasury payment number", "treasury no"),
    "paid_on": ("支付日期", "支付时间", "paid on", "date"),
}
NEEDED = ("no", "amount", "treasury_no", "paid_on")
TEMPLATE = ("支付编号", "合同编号", "金额（元）", "国库支付编号", "支付日期")


@dataclass(frozen=True)
class ResultRow:
    """One result as the treasury wrote it; `number` is its row in the file, `faults` say what could not be read."""

    number: int
    no: str
    contract_no: str
    treasury_no: str
    amount: Decimal | None
    paid_on: date | None
    faults: tuple[str, ...] = ()


def read(content: bytes) -> list[ResultRow]:
    """Raises RuleViolation where the file as a whole cannot be read."""
    rows = _book_rows(content) if content.startswith(XLSX_MAGIC) else _text_rows(content)
    head, body = _head(rows)
    found = [_row(number, head, cells) for number, cells in body if any(_text(cell) for cell in cells)]
    if not found:
        raise _refusal("treasury.empty", _("The file holds no results."))
    if len(found) > MOST_ROWS:
        raise _refusal("treasury.too_long", _("A file holds at most %(n)s results.") % {"n": MOST_ROWS})
    return found


def template() -> bytes:
    """The head row as CSV, with a byte-order mark so that spreadsheet programs read the Chinese."""
    return ("\ufeff" + ",".join(TEMPLATE) + "\r\n").encode()


def _refusal(code: str, words: str) -> RuleViolation:
    return RuleViolation([Problem(code, words, "file")])


def _book_rows(content: bytes) -> list[Sequence[Any]]:
    refused = package.refusal(content)
    if refused:
        raise _refusal(refused, say(refused, {"limit": package.LIMITS.megabytes}))
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        sheet.reset_dimensions()
        return list(sheet.iter_rows(max_row=MOST_ROWS + 20, max_col=MOST_COLUMNS, values_only=True))
    except Exception as error:  # openpyxl raises whatever the damage leads to; the file, not the program, is at fault
        raise _refusal("file.damaged", _("The file is damaged.")) from error


def _text_rows(content: bytes) -> list[Sequence[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        try:
            return [row[:MOST_COLUMNS] for row in csv.reader(StringIO(text, newline=""))][: MOST_ROWS + 20]
        except csv.Error:
            break
    raise _refusal("file.damaged", _("The file is damaged."))


def _head(rows: Sequence[Sequence[Any]]) -> tuple[dict[str, int], Iterator[tuple[int, Sequence[Any]]]]:
    """Where each column stands, and the rows below the head with their numbers in the file."""
    for index, cells in enumerate(rows[:20]):
        names = [_squeezed(cell) for cell in cells]
        found = {
            column: names.index(name)
            for column, known in HEADS.items()
            for name in map(_squeezed, known)
            if name in names
        }
        if set(NEEDED) <= set(found):
            return found, iter(enumerate(rows[index + 1 :], index + 2))
    wanted = "、".join(HEADS[column][0] for column in NEEDED)
    raise _refusal("treasury.no_head", _("There is no head row with the columns %(names)s.") % {"names": wanted})


def _squeezed(cell: Any) -> str:
    return "".join(unicodedata.normalize("NFKC", _text(cell)).split()).lower()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _row(number: int, head: dict[str, int], cells: Sequence[Any]) -> ResultRow:
    def at(column: str) -> Any:
        place = head.get(column)
        return cells[place] if place is not None and place < len(cells) else None

    faults: list[str] = []
    for column in ("no", "treasury_no"):
        if not _text(at(column)):
            faults.append(_("%(column)s is missing.") % {"column": HEADS[column][0]})
        elif len(_text(at(column))) > 60:
            faults.append(_("%(column)s is too long.") % {"column": HEADS[column][0]})
    return ResultRow(
        number, _text(at("no"))[:LONGEST_CELL], _text(at("contract_no"))[:LONGEST_CELL],
        " ".join(_text(at("treasury_no")).split())[:LONGEST_CELL], _amount(at("amount"), faults),
        _day(at("paid_on"), faults), tuple(faults),
    )  # fmt: skip


def _amount(cell: Any, faults: list[str]) -> Decimal | None:
    try:
        if isinstance(cell, int | float | Decimal):
            return amount_from_cell(cell, Unit.YUAN)
        return parse_amount(_text(cell)[:40], Unit.YUAN)
    except AmountRefused as refused:
        faults.append(say(refused.code, refused.params))
    return None


def _day(cell: Any, faults: list[str]) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    for sign in ("/", ".", "年", "月"):
        text = text.replace(sign, "-")
    parts = text.removesuffix("日").split("-")
    try:
        if len(parts) == 1 and len(text) == 8:
            return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except (ValueError, OverflowError):
        faults.append(_("“%(text)s” is not a day.") % {"text": _text(cell)[:40]})
    return None
