"""Asset cards as an Excel sheet: written, and read back to the fen; every fault is named at its cell."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import IO, Any

import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.policies import insist, may_do_business
from approvals.costing import package
from approvals.costing.amounts import AmountRefused, Unit, amount_from_cell, parse_amount
from approvals.costing.package import Limits
from approvals.costing.wording import say
from assets import registering
from assets.models import Asset
from assets.services import cards
from assets.states import AssetClass, AssetKind
from core.errors import Problem
from core.services.exports import note_export

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMITS = Limits(megabytes=5, unpacked_megabytes=60, rows=cards.MOST_CARDS, columns=40, text=500)
HEAD_ROWS = 10
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# Field → its head, and other words that mean it. What is only shown is not read.
HEADS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "no": (gettext_lazy("Asset number"), ("资产编号", "资产编码", "asset number")),
    "name": (pgettext_lazy("of a card", "Asset name"), ("资产名称", "asset name")),
    "single_project": (gettext_lazy("Single project"), ("单项工程", "单项工程名称", "single project")),
    "asset_class": (gettext_lazy("Asset class"), ("资产类别", "会计类别", "asset class")),
    "kind": (gettext_lazy("Kind of asset"), ("资产种类", "kind of asset")),
    "gb_code": (gettext_lazy("GB/T 14885 code"), ("gb/t14885编码", "gb/t 14885 code", "分类代码")),
    "specification": (gettext_lazy("Specification"), ("规格型号", "规格", "specification")),
    "structure": (gettext_lazy("Structure"), ("结构", "structure")),
    "unit": (pgettext_lazy("of a quantity", "Unit"), ("单位", "计量单位", "unit")),
    "quantity": (gettext_lazy("Quantity"), ("数量", "quantity")),
    "area": (gettext_lazy("Area (m²)"), ("面积(㎡)", "面积(m2)", "面积", "area (m2)", "area")),
    "location": (gettext_lazy("Location"), ("坐落位置", "位置", "location")),
    "in_service_on": (gettext_lazy("In service since"), ("投入使用日期", "启用日期", "in service since")),
    "warranty_until": (gettext_lazy("Warranty until"), ("质保期至", "保修期至", "warranty until")),
    "direct": (gettext_lazy("Direct cost"), ("直接成本", "direct cost")),
    "installation": (gettext_lazy("Installation"), ("安装费", "installation")),
    "allocated": (gettext_lazy("Allocated deferred cost"), ()),
    "value": (gettext_lazy("Asset value"), ()),
    "shares_deferred": (
        gettext_lazy("Takes part in the allocation of deferred costs"),
        ("参与分摊", "shares deferred"),
    ),
    "is_real_estate": (gettext_lazy("Real estate"), ("不动产", "real estate")),
    "receiver": (gettext_lazy("Receiving unit"), ("接收单位", "receiving unit")),
    "custodian": (gettext_lazy("Custodian"), ("保管人", "custodian")),
    "maintenance_unit": (gettext_lazy("Maintenance unit"), ("管护单位", "维护单位", "maintenance unit")),
}
ONLY_SHOWN = frozenset({"allocated", "value"})
MONEY = frozenset({"direct", "installation", "allocated", "value"})
FIGURES = frozenset({"quantity", "area"})
DAYS = frozenset({"in_service_on", "warranty_until"})
FLAGS = frozenset({"shares_deferred", "is_real_estate"})
YES, NO = ("是", "yes", "true", "1", "√"), ("", "否", "no", "false", "0")
NEEDED = ("name", "asset_class", "kind")


@dataclass(frozen=True)
class File:
    name: str
    content: bytes


@transaction.atomic
def export(project_id: int, *, actor: Actor) -> File:
    """Every card this person sees, as a workbook; the trace keeps who took it."""
    insist(may_do_business, actor)
    project = registering.project_of(actor, project_id)
    rows = list(Asset.objects.visible_to(actor).filter(project=project).select_related("receiver").order_by("no"))
    content = write(rows, project.name)
    note_export("assets.asset.exported", content, actor=actor, rows=len(rows), project_id=project.pk)
    return File(f"资产卡片-{project.name[:60]}.xlsx", content)


def write(rows: Sequence[Asset], title: str) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        sheet = book.add_worksheet(str(_("Asset cards"))[:31])
        font = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        formats = {
            "title": book.add_format(font | {"bold": True, "font_size": 14}),
            "head": book.add_format(font | {"bold": True, "text_wrap": True, "bg_color": "#E4EAF2", "border": 1}),
            "text": book.add_format(font | {"num_format": "@", "text_wrap": True, "bottom": 4}),
            "money": book.add_format(font | {"num_format": "#,##0.00", "align": "right", "bottom": 4}),
            "figure": book.add_format(font | {"num_format": "#,##0.####", "align": "right", "bottom": 4}),
            "day": book.add_format(font | {"num_format": "yyyy-mm-dd", "bottom": 4}),
        }
        sheet.write_string(0, 0, title[:200], formats["title"])
        for column, (name, (label, _others)) in enumerate(HEADS.items()):
            unit = f" ({_('yuan')})" if name in MONEY else ""
            sheet.write_string(1, column, f"{label}{unit}", formats["head"])
            sheet.set_column(column, column, 30 if name == "name" else 16)
        for line, asset in enumerate(rows, 2):
            for column, name in enumerate(HEADS):
                _write_cell(sheet, line, column, name, _shown(asset, name), formats)
        sheet.freeze_panes(2, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return buffer.getvalue()


def _shown(asset: Asset, name: str) -> Any:
    value = getattr(asset, name)
    if name == "asset_class":
        return asset.get_asset_class_display()
    if name == "kind":
        return asset.get_kind_display()
    if name in FLAGS:
        return _("yes") if value else _("no")
    return str(value) if name == "receiver" and value else value


def _write_cell(sheet: Any, line: int, column: int, name: str, value: Any, formats: Mapping[str, Any]) -> None:
    if value is None or value == "":
        sheet.write_blank(line, column, None, formats["text"])
    elif name in MONEY:
        sheet.write_number(line, column, value, formats["money"])
    elif name in FIGURES:
        sheet.write_number(line, column, value, formats["figure"])
    elif isinstance(value, date):
        sheet.write_datetime(line, column, value, formats["day"])
    else:
        sheet.write_string(line, column, str(value)[:32_767], formats["text"])


def read_in(project_id: int, stream: IO[bytes], *, actor: Actor) -> tuple[int, int]:
    """Enters what a workbook says: (new, corrected). Raises RuleViolation with every fault at its cell."""
    content = stream.read(LIMITS.megabytes * package.MEGABYTE + 1)
    rows, problems = read(content)
    return cards.enter_rows(project_id, actor=actor, rows=rows, faults=problems)


def read(content: bytes) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Rows as fields of a card, and every fault at its cell (`D7`). Rows may be used only while there is none."""
    refused = package.refusal(content, LIMITS)
    if refused:
        return [], [Problem(refused, say(refused, {"limit": LIMITS.megabytes}), "file")]
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [_cells(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception:  # openpyxl raises whatever the damage leads to; the file, not the program, is at fault
        return [], [Problem("book.not_xlsx", say("book.not_xlsx", {}), "file")]
    for rows in sheets:
        for index, row in enumerate(rows[:HEAD_ROWS]):
            places = _head(row)
            if all(name in places for name in NEEDED):
                return _body(rows, index, places)
    words = _("No head row was found: the first rows need the columns of the exported cards.")
    return [], [Problem("book.no_head", words, "file")]


def _cells(sheet: Any) -> list[tuple[Any, ...]]:
    sheet.reset_dimensions()
    bounds = {"max_row": LIMITS.rows + HEAD_ROWS + 2, "max_col": LIMITS.columns}
    return list(sheet.iter_rows(values_only=True, **bounds))


def _squeezed(value: Any) -> str:
    text = unicodedata.normalize("NFKC", "" if value is None else str(value)).lower()
    return re.sub(r"\s+", " ", text).strip()


def _head(row: Sequence[Any]) -> dict[str, int]:
    known = {_squeezed(word): name for name, (label, others) in HEADS.items() for word in (label, *others)}
    places: dict[str, int] = {}
    for place, value in enumerate(row):
        label = re.sub(r"\s*\((元|yuan)\)$", "", _squeezed(value))
        name = known.get(label) or known.get(label.replace(" ", ""))
        if name is not None and name not in ONLY_SHOWN:
            places.setdefault(name, place)
    return places


def _body(
    rows: Sequence[Sequence[Any]], head_at: int, places: Mapping[str, int]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    houses = {row.name: row for row in Organisation.objects.filter(is_active=True)}
    for line, row in enumerate(rows[head_at + 1 :], head_at + 2):
        if not any(_squeezed(value) for value in row):
            continue
        said: dict[str, Any] = {}
        for name, place in places.items():
            value = row[place] if place < len(row) else None
            try:
                said[name] = _read_cell(name, value, houses)
            except _Unread as fault:
                cell = f"{get_column_letter(place + 1)}{line}"
                problems.append(Problem(fault.code, f"{cell}: {fault}", cell))
        found.append(said)
    return found, problems


class _Unread(ValueError):
    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def _read_cell(name: str, value: Any, houses: Mapping[str, Organisation]) -> Any:
    if isinstance(value, str) and re.match(r"^#[A-Z0-9/!?]+$", value.strip()):
        raise _Unread("cell.excel_error", say("cell.excel_error", {"text": value.strip()[:20]}))
    if name in MONEY:
        return _money(value)
    text = "" if value is None else str(value).strip()
    if name in FIGURES:
        return _figure(text, Decimal(1), "0.0001") if name == "quantity" else _figure(text, None, "0.01")
    if name in DAYS:
        return _day(value, text)
    if name in FLAGS:
        return _flag(text)
    if name in ("asset_class", "kind"):
        return _choice(text, AssetClass if name == "asset_class" else AssetKind)
    if name == "receiver":
        if text and text not in houses:
            raise _Unread("cell.house", _("“%(text)s” is no house of this system.") % {"text": text[:40]})
        return houses.get(text)
    return text


def _money(value: Any) -> Decimal:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return amount_from_cell(value, Unit.YUAN)
        return parse_amount(str(value), Unit.YUAN) if value not in (None, "") else Decimal("0.00")
    except AmountRefused as refused:
        raise _Unread(refused.code, say(refused.code, refused.params)) from refused


def _figure(text: str, empty: Decimal | None, step: str) -> Decimal | None:
    if not text:
        return empty
    try:
        figure = Decimal(text.replace(",", ""))
        if not figure.is_finite() or abs(figure) >= Decimal(10) ** 12 or figure != figure.quantize(Decimal(step)):
            raise InvalidOperation
        return figure.quantize(Decimal(step))
    except InvalidOperation as error:
        words = _("“%(text)s” is no figure with at most %(n)s decimals.") % {"text": text[:40], "n": len(step) - 2}
        raise _Unread("cell.figure", words) from error


def _day(value: Any, text: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not text:
        return value or None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _Unread("cell.day", _("“%(text)s” is no day such as 2026-11-23.") % {"text": text[:40]}) from error


def _flag(text: str) -> bool:
    squeezed = _squeezed(text)
    if squeezed in (*YES, _squeezed(_("yes"))):
        return True
    if squeezed in (*NO, _squeezed(_("no"))):
        return False
    raise _Unread("cell.flag", _("“%(text)s” is neither yes nor no.") % {"text": text[:40]})


def _choice(text: str, kind: Any) -> str:
    squeezed = _squeezed(text)
    for code, label in _labels(kind):
        if squeezed in (_squeezed(label), code.lower()):
            return code
    raise _Unread("cell.choice", _("“%(text)s” is not one of: %(known)s.") % {
        "text": text[:40], "known": "、".join(str(label) for _code, label in kind.choices),
    })  # fmt: skip


def _labels(kind: Any) -> Iterator[tuple[str, Any]]:
    yield from kind.choices
