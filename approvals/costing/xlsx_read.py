"""Cost lines out of an XLSX workbook, with every error at its cell."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from types import MappingProxyType
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from approvals.costing import package, tree
from approvals.costing.amounts import AmountRefused, Unit, amount_from_cell, parse_amount
from approvals.costing.package import LIMITS, Limits
from approvals.costing.tree import CostLine, Fault
from approvals.costing.wording import problem, say
from approvals.rules.investment import Rule, parts_differ
from core.errors import Problem

HEAD_ROWS = 20
ALIASES = {
    "code": ("编码", "序号", "费用编码", "code", "no", "no."),
    "name": ("费用名称", "项目费用名称", "工程或费用名称", "工程项目名称", "名称", "cost item", "name"),
    "unit": ("单位", "计量单位", "unit"),
    "quantity": ("数量", "工程量", "quantity"),
    "declared": ("报送金额", "报送概算", "申报金额", "送审金额", "报审金额", "declared amount", "declared"),
    "reviewed": ("审定金额", "审核概算", "审核金额", "reviewed amount", "reviewed"),
    "note": ("备注/核减原因", "备注", "核减原因", "说明", "reason", "note", "remark", "note/reason"),
}
COLUMN_OF = {alias: name for name, aliases in ALIASES.items() for alias in aliases}
NEEDED = ("code", "name", "declared")
AMOUNTS = ("declared", "reviewed")
UNITS = {"万元": Unit.WAN, "元": Unit.YUAN, "10,000 yuan": Unit.WAN, "yuan": Unit.YUAN}
BRACKETED = re.compile(r"^(?P<label>[^()]*)(?:\((?P<unit>[^()]*)\))?$")
SHEET_UNIT = re.compile(r"(?:金额)?单位:?(?P<unit>万元|元)")
TOTALS = frozenset({"合计", "总计", "总投资", "总投资合计", "total"})
EXCEL_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})
MOMENTS = (datetime, date, time, timedelta)
QUANTITY_DECIMALS = 4
TOP_NUMERALS = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True)
class CellError:
    """Something wrong at one cell, such as `C12` of `sheet`; `cell` is empty when the whole file is meant."""

    sheet: str
    cell: str
    code: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        return say(self.code, self.params)

    def as_problem(self) -> Problem:
        """As a refusal; its field is the cell."""
        return problem(self.code, self.params, self.cell)


@dataclass(frozen=True)
class ReadBook:
    """What a workbook said. Lines may be used only while there are no errors; warnings may stand."""

    lines: tuple[CostLine, ...] = ()
    errors: tuple[CellError, ...] = ()
    warnings: tuple[CellError, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.errors


@dataclass(frozen=True)
class _Cell:
    """One cell: its stored value, whether a formula made it, and how it is formatted."""

    value: Any = None
    is_formula: bool = False
    number_format: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.is_formula and (self.value is None or not str(self.value).strip())


_Row = tuple[_Cell, ...]


def read_book(content: bytes, *, limits: Limits = LIMITS, tolerance: Rule = tree.TOLERANCE) -> ReadBook:
    """The lines of the first sheet that has a head row like the template's, or every error at its cell.

    Formulas are never computed here: the value the spreadsheet program stored is taken with a warning, and a formula
    without one is an error. A row named 合计 is compared with the top lines (R-INV-17) and is not a line.
    """
    refused = package.refusal(content, limits)
    if refused:
        return ReadBook(errors=(_book_error(refused, limits),))
    try:
        sheets = list(_sheets(content, limits))
    except Exception:  # openpyxl raises whatever the damage leads to; the file, not the program, is at fault
        return ReadBook(errors=(_book_error("book.not_xlsx", limits),))
    for title, rows in sheets:
        head = _find_head(rows)
        if head is not None:
            return _SheetReader(title, rows, head, limits, tolerance).read()
    return ReadBook(errors=(_book_error("book.no_head", limits),))


def _book_error(code: str, limits: Limits) -> CellError:
    return CellError("", "", code, MappingProxyType({"limit": limits.megabytes}))


def _sheets(content: bytes, limits: Limits) -> Iterator[tuple[str, list[_Row]]]:
    """Visible sheets as rows of cells; formulas and stored values come from two readings of the same file."""
    stored = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    written = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    for values, formulas in zip(stored.worksheets, written.worksheets, strict=True):
        if values.sheet_state == "visible":
            yield values.title, list(_rows(values, formulas, limits))


def _rows(values: Any, formulas: Any, limits: Limits) -> Iterator[_Row]:
    bounds = {"max_row": limits.rows + 2, "max_col": limits.columns}
    for sheet in (values, formulas):
        sheet.reset_dimensions()  # what a file claims to span may be wrong
    for value_row, formula_row in zip(values.iter_rows(**bounds), formulas.iter_rows(**bounds), strict=True):
        yield tuple(
            _Cell(value.value, formula.data_type == "f", value.number_format if isinstance(value.value, float) else "")
            for value, formula in zip(value_row, formula_row, strict=True)
        )


@dataclass(frozen=True)
class _Head:
    """Where the head row is (0 is the first row), which column holds what, and what is wrong with it."""

    row: int
    columns: Mapping[str, int]
    units: Mapping[str, Unit]
    duplicates: tuple[tuple[int, str], ...] = ()


def _find_head(rows: Sequence[_Row]) -> _Head | None:
    for index, row in enumerate(rows[:HEAD_ROWS]):
        head = _as_head(index, row, _sheet_unit(rows[:index]))
        if head is not None:
            return head
    return None


def _as_head(index: int, row: _Row, sheet_unit: Unit | None) -> _Head | None:
    columns: dict[str, int] = {}
    units: dict[str, Unit] = {}
    duplicates = []
    for place, cell in enumerate(row):
        match = BRACKETED.match(_squeezed(cell.value))
        name = COLUMN_OF.get(match["label"].strip()) if match else None
        if match is None or name is None:
            continue
        if name in columns:
            duplicates.append((place, str(cell.value)))
            continue
        columns[name] = place
        unit = UNITS.get((match["unit"] or "").strip(), sheet_unit if not match["unit"] else None)
        if unit is not None:
            units[name] = unit
    if any(name not in columns for name in NEEDED):
        return None
    return _Head(index, columns, units, tuple(duplicates))


def _sheet_unit(rows: Sequence[_Row]) -> Unit | None:
    """单位：万元, written above the head."""
    found = (SHEET_UNIT.search(_squeezed(cell.value).replace(" ", "")) for row in rows for cell in row)
    return next((UNITS[match["unit"]] for match in found if match), None)


def _squeezed(value: Any) -> str:
    """Text as it is compared: full-width forms folded, lower case, no line breaks, no spaces between characters."""
    text = unicodedata.normalize("NFKC", "" if value is None else str(value)).lower()
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)


class _SheetReader:
    """Reads the rows below one head, gathering lines, errors and warnings."""

    def __init__(self, title: str, rows: Sequence[_Row], head: _Head, limits: Limits, tolerance: Rule) -> None:
        self.title, self.rows, self.head, self.limits, self.tolerance = title, rows, head, limits, tolerance
        self.lines: list[CostLine] = []
        self.line_rows: list[int] = []
        self.totals: list[tuple[int, dict[str, Decimal | None]]] = []
        self.errors: list[CellError] = []
        self.warnings: list[CellError] = []

    def read(self) -> ReadBook:
        self._check_head()
        body = list(enumerate(self.rows))[self.head.row + 1 :]
        if any(not cell.is_blank for row in self.rows[self.limits.rows :] for cell in row):
            self._error(self.limits.rows, None, "book.too_many_rows", limit=self.limits.rows)
            body = body[: self.limits.rows - self.head.row - 1]
        for index, row in body:
            if any(not self._at(row, name).is_blank for name in self.head.columns):
                self._read_row(index, row)
        if not self.lines and not self.errors:
            self._error(self.head.row, "name", "book.no_lines")
        self._place_faults()
        self._compare_totals()
        order = sorted(self.errors, key=_reading_order), sorted(self.warnings, key=_reading_order)
        return ReadBook(tuple(self.lines), tuple(order[0]), tuple(order[1]))

    def _check_head(self) -> None:
        for name in AMOUNTS:
            if name in self.head.columns and name not in self.head.units:
                self._error(self.head.row, name, "head.unit_missing")
        for place, text in self.head.duplicates:
            self.errors.append(self._at_place(self.head.row, place, "head.duplicate", head=text))

    def _read_row(self, index: int, row: _Row) -> None:
        name = self._text(index, row, "name")
        label = _squeezed(name or self._at(row, "code").value).replace(" ", "")
        amounts = {column: self._amount(index, row, column) for column in AMOUNTS}
        if label in TOTALS:
            self.totals.append((index, amounts))
            return
        self.line_rows.append(index)
        self.lines.append(
            CostLine(
                code=self._code(index, row),
                name=name,
                declared=amounts["declared"],
                reviewed=amounts["reviewed"],
                unit=self._text(index, row, "unit"),
                quantity=self._quantity(index, row),
                note=self._text(index, row, "note"),
            )
        )

    def _at(self, row: _Row, column: str) -> _Cell:
        place = self.head.columns.get(column)
        return row[place] if place is not None and place < len(row) else _Cell()

    def _usable(self, index: int, row: _Row, column: str) -> _Cell | None:
        """The cell if it has a value that can be read; what is wrong with it is noted."""
        cell = self._at(row, column)
        if cell.is_formula:
            if cell.value is None:
                self._error(index, column, "cell.formula_without_value")
                return None
            self._warn(index, column, "cell.formula_value_used", text=str(cell.value))
        if isinstance(cell.value, str) and cell.value in EXCEL_ERRORS:
            self._error(index, column, "cell.excel_error", text=cell.value)
            return None
        if isinstance(cell.value, MOMENTS) and column != "note":
            self._error(index, column, "cell.date")
            return None
        return None if cell.is_blank else cell

    def _text(self, index: int, row: _Row, column: str) -> str:
        cell = self._usable(index, row, column)
        text = "" if cell is None else str(cell.value).strip()
        if len(text) > self.limits.text:
            self._error(index, column, "cell.too_long", limit=self.limits.text)
        return text[: self.limits.text]

    def _code(self, index: int, row: _Row) -> str:
        """The code as text; a number only where no zero at its end can have been lost."""
        cell = self._usable(index, row, "code")
        if cell is None:
            return ""
        if isinstance(cell.value, float):
            return self._code_from_number(index, cell.value, cell.number_format)
        text = unicodedata.normalize("NFKC", str(cell.value)).replace("。", ".").replace("、", "").strip().rstrip(".")
        return TOP_NUMERALS.get(text, text)

    def _code_from_number(self, index: int, number: float, number_format: str) -> str:
        shown = _as_formatted(number, number_format) or repr(number).removesuffix(".0")
        decimals = shown.partition(".")[2]
        if len(decimals) == 1 and tree.standard_item(CostLine(shown, "")) is None:
            self._error(index, "code", "cell.code_is_number", text=shown)
        return shown

    def _amount(self, index: int, row: _Row, column: str) -> Decimal | None:
        cell = self._usable(index, row, column)
        unit = self.head.units.get(column)
        if cell is None or unit is None:
            return None
        try:
            if isinstance(cell.value, str):
                return None if cell.value.strip() in {"-", "—", "/"} else parse_amount(cell.value, unit)
            return amount_from_cell(cell.value, unit)
        except AmountRefused as refused:
            self._error(index, column, refused.code, **refused.params)
            return None

    def _quantity(self, index: int, row: _Row) -> Decimal | None:
        cell = self._usable(index, row, "quantity")
        if cell is None:
            return None
        text = unicodedata.normalize("NFKC", str(cell.value)).strip().replace(",", "")
        if isinstance(cell.value, bool) or not re.fullmatch(r"\d{1,12}(\.\d+)?", text, re.ASCII):
            self._error(index, "quantity", "cell.not_a_number", text=str(cell.value))
            return None
        quantity = Decimal(f"{cell.value:.15g}") if isinstance(cell.value, float) else Decimal(text)
        return round(quantity, QUANTITY_DECIMALS).normalize() + 0

    def _place_faults(self) -> None:
        """What the tree finds wrong, at the cells the lines came from."""
        at_fault = {error.cell for error in self.errors}
        for fault in tree.faults(self.lines, self.tolerance):
            found = self._placed(fault)
            if fault.is_warning:
                self.warnings.append(found)
            elif found.cell not in at_fault:
                self.errors.append(found)

    def _placed(self, fault: Fault) -> CellError:
        return self._at_place(self.line_rows[fault.index], self.head.columns[fault.field], fault.code, **fault.params)

    def _compare_totals(self) -> None:
        """Compares the 合计 rows with the top lines, while nothing else is wrong."""
        if self.errors:
            return
        tops = tree.build(self.lines)
        for index, amounts in self.totals:
            for column, stated in amounts.items():
                if stated is None:
                    continue
                found = parts_differ(self.tolerance, (getattr(top, column) for top in tops), stated)
                if found is not None and found.blocks:
                    self._error(index, column, "cell.total_differs", **found.params)
                elif found is not None:
                    self._warn(index, column, "cell.total_differs_slightly", **found.params)

    def _error(self, row: int, column: str | None, code: str, /, **params: Any) -> None:
        self.errors.append(self._at_place(row, self.head.columns[column] if column else None, code, **params))

    def _warn(self, row: int, column: str, code: str, /, **params: Any) -> None:
        self.warnings.append(self._at_place(row, self.head.columns[column], code, **params))

    def _at_place(self, row: int, place: int | None, code: str, /, **params: Any) -> CellError:
        cell = f"{get_column_letter((place or 0) + 1)}{row + 1}"
        return CellError(self.title, cell, code, MappingProxyType(params))


def _as_formatted(number: float, number_format: str) -> str:
    """2.1 formatted as 0.00 is 2.10. "" when the format does not fix the decimals, or hides some."""
    match = re.fullmatch(r"0\.(0+)(?:_\s?)?", number_format or "")
    shown = f"{number:.{len(match[1])}f}" if match else ""
    return shown if shown and Decimal(shown) == Decimal(repr(number)) else ""


def _reading_order(error: CellError) -> tuple[int, int, str]:
    match = re.fullmatch(r"([A-Z]+)(\d+)", error.cell)
    return (int(match[2]), len(match[1]), match[1]) if match else (0, 0, "")
