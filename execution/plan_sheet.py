"""The annual plan as an Excel sheet: one project a row, two columns of amounts for each source. Written, and read back.

What is written reads back as it was, to the fen. Reading computes no formulas, trusts no size the file claims, and names
every fault at its cell.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from approvals.costing import package
from approvals.costing.amounts import AmountRefused, Unit, amount_from_cell, in_unit, parse_amount
from approvals.costing.package import Limits
from approvals.costing.wording import say
from core.errors import Problem
from execution import facts, planning
from execution.models import AnnualPlan, PlanItem
from projects import codes

LIMITS = Limits(megabytes=5, unpacked_megabytes=40, rows=3_000, columns=120, text=5_000)
HEAD_ROWS = 20
ROWS_OF_HEAD = 3
ASKED, PLANNED = "asked", "planned"
# Name → its head in Chinese and in English; both are read, whatever the reader's language.
HEADS = {
    "code": ("项目代码", "Project code"),
    "name": ("项目名称", "Project name"),
    "unit": ("项目单位", "Project unit"),
    "category": ("计划类别", "Plan category"),
    "state": ("状态", "State"),
    "content": ("建设内容及规模", "Content and scale"),
    "works_from": ("开工日期", "Works from"),
    "works_until": ("竣工日期", "Works until"),
    "total_investment": ("总投资", "Total investment"),
    "year_goal": ("年度目标", "Goal of the year"),
    "reason": ("备注", "Remark"),
    ASKED: ("申报", "Requested"),
    PLANNED: ("安排", "Planned"),
    "quota": ("现额度", "Quota now"),
    "released": ("已下达", "Released"),
}
COLUMN_OF = {head.lower(): name for name, heads in HEADS.items() for head in heads if name not in (ASKED, PLANNED)}
WAN = ("万元", "10,000 yuan")
ONLY_SHOWN = frozenset({"unit", "state", "quota", "released"})
AMOUNT_HEAD = re.compile(r"^(?P<kind>申报|安排|requested|planned)\s*(?P<code>\d+(?:\.\d+)*)(?!\.)\b.*$")
KINDS = {"申报": ASKED, "requested": ASKED, "安排": PLANNED, "planned": PLANNED}
WITH_UNIT = re.compile(r"^(?P<label>.*?)\s*\((?P<unit>万元|元|10,000 yuan|yuan)\)$")
UNITS = {"万元": Unit.WAN, "10,000 yuan": Unit.WAN, "元": Unit.YUAN, "yuan": Unit.YUAN}
TOTALS = frozenset({"合计", "总计", "total"})
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
EXCEL_ERRORS = re.compile(r"^#[A-Z0-9/!?]+$")


@dataclass
class SheetRow:
    """One project as the sheet says it: what could be read. `line` is the row's number in the sheet, from 1."""

    line: int
    code: str = ""
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Decimal] = field(default_factory=dict)
    planned: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class ReadSheet:
    """Rows may be used only while there are no problems. `columns` are the names found in the head."""

    rows: list[SheetRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: frozenset[str] = frozenset()


def write(plan: AnnualPlan, items: Sequence[PlanItem], sources: Sequence[str], *, requests_only: bool = False) -> bytes:
    """The plan as a workbook; amounts in 万元, exact. Items come with project, unit and sums."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        _Writer(book, sources, requests_only=requests_only).write(plan, items)
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, sources: Sequence[str], *, requests_only: bool) -> None:
        font = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        self.book, self.sheet = book, book.add_worksheet(gettext("Annual plan")[:31])
        self.title = book.add_format(font | {"bold": True, "font_size": 14})
        self.hint = book.add_format(font | {"font_color": "#555555"})
        self.head = book.add_format(font | {"bold": True, "text_wrap": True, "bg_color": "#E4EAF2", "border": 1})
        self.text = book.add_format(font | {"num_format": "@", "text_wrap": True, "bottom": 4})
        self.day = book.add_format(font | {"num_format": "yyyy-mm-dd", "bottom": 4})
        self.amount = book.add_format(font | {"num_format": "#,##0.00####", "align": "right", "bottom": 4})
        self.sum = book.add_format(font | {"num_format": "#,##0.00####", "align": "right", "bold": True, "top": 1})
        self.sources = list(sources)
        self.kinds = (ASKED,) if requests_only else (ASKED, PLANNED)
        self.labels, self.categories = codes.labels("funding_source"), codes.labels("plan_category")

    def write(self, plan: AnnualPlan, items: Sequence[PlanItem]) -> None:
        self.sheet.write_string(0, 0, gettext("Annual plan of %(year)s") % {"year": plan.year}, self.title)
        hint = gettext("Columns of state, quota and released funds are for reading; the others can be imported again.")
        self.sheet.write_string(1, 0, hint, self.hint)
        heads = self._heads()
        for column, (text, width) in enumerate(heads):
            self.sheet.write_string(ROWS_OF_HEAD - 1, column, text, self.head)
            self.sheet.set_column(column, column, width)
        sums: dict[int, Decimal] = {}
        for row, item in enumerate(items, ROWS_OF_HEAD):
            for column, value in enumerate(self._cells(item)):
                self._write(row, column, value)
                if isinstance(value, Decimal):
                    sums[column] = sums.get(column, Decimal(0)) + value
        last = ROWS_OF_HEAD + len(items)
        self.sheet.write_string(last, 0, gettext("Total"), self.text)
        for column, total in sums.items():
            self.sheet.write_number(last, column, in_unit(total, Unit.WAN), self.sum)
        self.sheet.freeze_panes(ROWS_OF_HEAD, 2)
        self.sheet.repeat_rows(ROWS_OF_HEAD - 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(8)
        self.sheet.fit_to_pages(1, 0)

    def _heads(self) -> list[tuple[str, int]]:
        wan = _in_language(WAN)
        widths = {
            "code": 24, "name": 30, "unit": 22, "category": 10, "state": 12, "content": 36, "works_from": 12,
            "works_until": 12, "total_investment": 14, "year_goal": 24, "reason": 20,
        }  # fmt: skip
        texts = [(_in_language(HEADS[name]), width) for name, width in widths.items()]
        texts[8] = (f"{texts[8][0]} ({wan})", 14)
        for kind in self.kinds:
            word = _in_language(HEADS[kind])
            texts += [(f"{word} {code} {self.labels.get(code, '')} ({wan})", 16) for code in self.sources]
        return [*texts, *((f"{_in_language(HEADS[name])} ({wan})", 14) for name in ("quota", "released"))]

    def _cells(self, item: PlanItem) -> list[Any]:
        rows = {row.source: row for row in item.funding.all()}
        project, sums = item.project, planning.sums_of(item)
        cells: list[Any] = [
            project.code, project.name, project.owner_unit.name, self.categories.get(item.category, item.category),
            item.get_state_display(), item.content, item.works_from, item.works_until, item.total_investment,
            item.year_goal, item.reason,
        ]  # fmt: skip
        for kind in self.kinds:
            name = "requested" if kind == ASKED else "planned"
            cells += [getattr(rows[code], name) or None if code in rows else None for code in self.sources]
        return [*cells, sums["quota"], sums["released"]]

    def _write(self, row: int, column: int, value: Any) -> None:
        if value is None:
            self.sheet.write_blank(row, column, None, self.amount)
        elif isinstance(value, Decimal):
            self.sheet.write_number(row, column, in_unit(value, Unit.WAN), self.amount)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.day)
        else:
            self.sheet.write_string(row, column, str(value)[:32_767], self.text)


def _in_language(words: tuple[str, str]) -> str:
    return words[0] if (get_language() or "zh").startswith("zh") else words[1]


def sources_of(plan: AnnualPlan) -> list[str]:
    """The columns of a plan: its own sources; the main ones where it has none yet."""
    known = {row.source for row in planning.envelopes_of(plan)}
    return planning.in_order(known or {code for code in codes.labels("funding_source") if "." not in code})


def read(content: bytes, limits: Limits = LIMITS) -> ReadSheet:
    """The rows below the first head with project and category or amounts; every fault at its cell."""
    refused = package.refusal(content, limits)
    if refused:
        return ReadSheet(problems=[Problem(refused, say(refused, {"limit": limits.megabytes}), "file")])
    try:
        for rows in _sheets(content, limits):
            for index, row in enumerate(rows[:HEAD_ROWS]):
                head = _Head.of(row)
                if head is not None:
                    return _Reader(rows, index, head, limits).read()
    except Exception:  # openpyxl raises whatever the damage leads to; the file, not the program, is at fault
        return ReadSheet(problems=[Problem("book.not_xlsx", say("book.not_xlsx", {}), "file")])
    words = _("No head row was found: the first rows need the columns of the exported plan.")
    return ReadSheet(problems=[Problem("book.no_head", words, "file")])


_Cell = tuple[Any, bool]


def _sheets(content: bytes, limits: Limits) -> Iterator[list[tuple[_Cell, ...]]]:
    stored = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    written = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    bounds = {"max_row": limits.rows + HEAD_ROWS + 2, "max_col": limits.columns}
    for values, formulas in zip(stored.worksheets, written.worksheets, strict=True):
        if values.sheet_state != "visible":
            continue
        for sheet in (values, formulas):
            sheet.reset_dimensions()
        pairs = zip(values.iter_rows(**bounds), formulas.iter_rows(**bounds), strict=True)
        yield [
            tuple((one.value, other.data_type == "f") for one, other in zip(row, also, strict=True))
            for row, also in pairs
        ]


def _squeezed(value: Any) -> str:
    text = unicodedata.normalize("NFKC", "" if value is None else str(value)).lower()
    return re.sub(r"\s+", " ", text).strip()


@dataclass(frozen=True)
class _Head:
    """Where each column is: names, and (kind, source); the unit of each amount; heads nobody knows."""

    places: Mapping[str, int]
    amounts: Mapping[int, tuple[str, str]]
    units: Mapping[int, Unit]
    unknown: Mapping[int, str]
    twice: tuple[int, ...] = ()

    @classmethod
    def of(cls, row: Sequence[_Cell]) -> "_Head | None":
        places: dict[str, int] = {}
        amounts: dict[int, tuple[str, str]] = {}
        units: dict[int, Unit] = {}
        unknown: dict[int, str] = {}
        twice = []
        for place, (value, _is_formula) in enumerate(row):
            text = _squeezed(value)
            match = WITH_UNIT.match(text)
            label = (match["label"] if match else text).strip()
            if match:
                units[place] = UNITS[match["unit"]]
            name, amount = COLUMN_OF.get(label.replace(" ", "")) or COLUMN_OF.get(label), AMOUNT_HEAD.match(label)
            if name is not None:
                twice += [place] if name in places else []
                places.setdefault(name, place)
            elif amount:
                column = (KINDS[amount["kind"]], amount["code"])
                twice += [place] if column in amounts.values() else []
                amounts[place] = column
            elif label:
                unknown[place] = label
        if "code" not in places and "name" not in places:
            return None
        if "category" not in places and not amounts:
            return None
        return cls(places, amounts, units, unknown, tuple(twice))


class _Reader:
    """Reads the rows below one head; amounts in the unit of their column's head."""

    def __init__(self, rows: Sequence[Sequence[_Cell]], head_at: int, head: _Head, limits: Limits) -> None:
        self.rows, self.head_at, self.head, self.limits = rows, head_at, head, limits
        self.found = ReadSheet(columns=frozenset({*head.places, *(kind for kind, _code in head.amounts.values())}))

    def read(self) -> ReadSheet:
        self._check_head()
        body = list(enumerate(self.rows, 1))[self.head_at + 1 :]
        if len(body) > self.limits.rows:
            words = _("The sheet has more than %(limit)s rows.") % {"limit": self.limits.rows}
            self.found.problems.append(Problem("book.too_many_rows", words, "file"))
            return self.found
        for line, row in body:
            if any(self._is_filled(row, place) for place in (*self.head.places.values(), *self.head.amounts)):
                self._read_row(line, row)
            elif any(self._is_filled(row, place) for place in self.head.unknown):
                self._fault(line, min(self.head.unknown), "cell.unknown_column", _("Nothing is known of this column."))
        if not self.found.rows and not self.found.problems:
            self.found.problems.append(Problem("book.no_lines", say("book.no_lines", {}), "file"))
        return self.found

    def _check_head(self) -> None:
        line = self.head_at + 1
        for place in self.head.twice:
            self._fault(line, place, "head.duplicate", _("This column appears twice."))
        known = codes.labels("funding_source")
        for place, (_kind, code) in self.head.amounts.items():
            if code not in known:
                self._fault(
                    line, place, "plan.source", _("There is no such funding source: %(codes)s.") % {"codes": code}
                )
        needing = [*self.head.amounts, *(p for name, p in self.head.places.items() if name == "total_investment")]
        for place in needing:
            if place not in self.head.units:
                self._fault(line, place, "head.unit_missing", say("head.unit_missing", {}))

    def _is_filled(self, row: Sequence[_Cell], place: int) -> bool:
        return place < len(row) and (row[place][1] or (row[place][0] is not None and str(row[place][0]).strip() != ""))

    def _read_row(self, line: int, row: Sequence[_Cell]) -> None:
        first = _squeezed(row[min(self.head.places[name] for name in ("code", "name") if name in self.head.places)][0])
        if first in TOTALS:
            return
        found = SheetRow(line, self._text(line, row, "code", 30), self._text(line, row, "name", 200))
        for name, most in (("content", 5000), ("year_goal", 300), ("reason", 2000)):
            if name in self.head.places:
                found.values[name] = self._text(line, row, name, most)
        for name in ("works_from", "works_until"):
            if name in self.head.places:
                found.values[name] = self._day(line, row, name)
        if "category" in self.head.places:
            found.values["category"] = self._category(line, row)
        if "total_investment" in self.head.places:
            total = self._amount(line, row, self.head.places["total_investment"])
            if total is not None:
                found.values["total_investment"] = total
        for place, (kind, code) in self.head.amounts.items():
            amount = self._amount(line, row, place)
            (found.asked if kind == ASKED else found.planned)[code] = amount or Decimal("0.00")
        for place, label in self.head.unknown.items():
            if self._is_filled(row, place):
                words = _("Nothing is known of the column “%(head)s”: empty it, or name it as in the export.")
                self._fault(line, place, "cell.unknown_column", words % {"head": label[:40]})
        self.found.rows.append(found)

    def _value(self, line: int, row: Sequence[_Cell], place: int) -> Any:
        """The stored value, None where empty or unusable; what is wrong is noted."""
        if not self._is_filled(row, place):
            return None
        value, is_formula = row[place]
        if is_formula and value is None:
            self._fault(line, place, "cell.formula_without_value", say("cell.formula_without_value", {}))
            return None
        if isinstance(value, str) and EXCEL_ERRORS.match(value.strip()):
            self._fault(line, place, "cell.excel_error", say("cell.excel_error", {"text": value.strip()[:20]}))
            return None
        return value

    def _text(self, line: int, row: Sequence[_Cell], name: str, most: int) -> str:
        place = self.head.places.get(name)
        value = self._value(line, row, place) if place is not None else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else str(value).strip()
        if len(text) > most:
            self._fault(line, place or 0, "cell.too_long", say("cell.too_long", {"limit": most}))
        return text[:most]

    def _day(self, line: int, row: Sequence[_Cell], name: str) -> date | None:
        place = self.head.places[name]
        value = self._value(line, row, place)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        try:
            return date.fromisoformat(str(value).strip().replace("/", "-").replace(".", "-"))
        except ValueError:
            words = _("“%(text)s” is not a day such as 2026-11-23.") % {"text": str(value)[:40]}
            self._fault(line, place, "cell.not_a_day", words)
            return None

    def _category(self, line: int, row: Sequence[_Cell]) -> str:
        place = self.head.places["category"]
        text = str(self._value(line, row, place) or "").strip()
        for entry in codes.entries("plan_category"):
            if text in (entry.code, entry.zh, entry.en):
                return entry.code
        if text:
            words = _("“%(text)s” is not a category of the plan.") % {"text": text[:40]}
            self._fault(line, place, "plan.category", words)
        return ""

    def _amount(self, line: int, row: Sequence[_Cell], place: int) -> Decimal | None:
        value, unit = self._value(line, row, place), self.head.units.get(place)
        if value is None or unit is None:
            return None
        try:
            if isinstance(value, str):
                return None if value.strip() in {"-", "—", "/"} else parse_amount(value[:60], unit)
            if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                raise AmountRefused("amount.format", text=str(value)[:40])
            return amount_from_cell(value, unit, allow_negative=False)
        except AmountRefused as refused:
            self._fault(line, place, refused.code, say(refused.code, refused.params))
            return None

    def _fault(self, line: int, place: int, code: str, words: str) -> None:
        cell = f"{get_column_letter(place + 1)}{line}"
        self.found.problems.append(Problem(code, f"{cell}: {words}", cell))


def as_asked(item: PlanItem) -> dict[str, Decimal]:
    return {code: part for code, part in facts.by_source(item.funding.all(), "requested").items() if part}
