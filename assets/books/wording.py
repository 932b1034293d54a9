"""The printed final account: its tables, how a cell is shown, what the parts of the narrative are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assets.findings import said
from assets.rules.forms_model import ASSET_NAME, Form, Group, Kind, Label, Section, SheetColumn, Value
from assets.rules.forms_reckoning import Cell, Forms, Line
from assets.states import AccountState

TITLE = Label("基本建设项目竣工财务决算报表", "Final account of a construction project")
NARRATIVE_TITLE = Label("竣工财务决算说明书", "Narrative of the final account")
NARRATIVE = {
    "overview": Label("一、项目概况", "1. Overview"),
    "accounting": Label(
        "二、会计账务处理、财产物资清理及债权债务清偿情况", "2. Accounting, property, claims and debts"
    ),
    "surplus": Label("三、项目建设资金计划及到位、结余资金情况", "3. Funds planned and received, surplus"),
    "differences": Label(
        "四、概（预）算执行情况分析及差异原因", "4. Execution of the estimate, reasons of differences"
    ),
    "audit": Label("五、审计、检查意见及整改落实情况", "5. Audit opinions and what followed"),
    "tail": Label("六、尾工工程情况", "6. Tail works"),
    "experience": Label("七、项目管理经验、主要问题和建议", "7. Experience, problems, proposals"),
}


SIGNED = ("单位负责人：", "财务负责人：", "制表人：")
HANDED_OVER = ("交付单位（盖章）：", "接收单位（盖章）：", "日期：")
SEALED = ("建设单位（盖章）：", "主管部门（盖章）：")


def seals_of(form: Form) -> tuple[str, ...]:
    """Who signs or seals below: unit and department the cover, both sides what is handed over, the unit the rest."""
    if not form.code:
        return SEALED
    return HANDED_OVER if form.number in ("04", "05", "08") else SIGNED


def draft_mark(account: Any) -> str:
    """That an account still being compiled is no final one."""
    return "（编制中，未定稿）" if account.state == AccountState.DRAFT else ""


def named(account: Any) -> str:
    """The project and its part."""
    return f"{account.project.name} {account.part}".strip()


def shown_value(value: Value, kind: Kind, *, strong: bool = False) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, Decimal):
        return value
    if kind is Kind.NUMBER:
        return f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,f}"
    return f"{value:,.2f}" if value or strong else ""


@dataclass(frozen=True)
class Item:
    """One printed cell: the name of a row, or a value."""

    value: Value
    kind: Kind = Kind.TEXT
    strong: bool = False
    indent: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Head:
    """One printed column; `names` holds the names of the rows, `counts` their numbers."""

    label: Label
    kind: Kind = Kind.TEXT
    names: bool = False
    counts: bool = False
    group: Label | None = None


NUMBER = Head(Label("序号", "No."), Kind.NUMBER, counts=True)


@dataclass(frozen=True)
class Block:
    """A table as it is printed: one section, two sections side by side, the two halves of one, or a whole form. `foot` are
    figures with their names, in one line below it."""

    title: Label
    heads: tuple[Head, ...]
    rows: tuple[tuple[Item, ...], ...]
    foot: tuple[tuple[Label, Item], ...] = ()

    @property
    def is_grouped(self) -> bool:
        """Whether its columns stand under headings of their own."""
        return any(head.group for head in self.heads)


def blocks(forms: Forms, form: Form) -> list[Block]:
    """The tables of one form, in order."""
    if form.sheet:
        return [_sheet(forms, form)]
    found: list[Block] = []
    for section in form.sections:
        lines = list(forms.lines(form, section))
        block = _halved(section, lines) if section.halves else _block(section, lines)
        found.append(_beside(found.pop(), block) if section.beside else block)
    return found


def _block(section: Section, lines: Sequence[Line], only: Sequence[str] = ()) -> Block:
    columns = [column for column in section.columns if not only or column.key in only]
    heads = (Head(section.first, names=True), *(Head(column.label, column.kind) for column in columns))
    if section.numbered:
        heads = (NUMBER, *heads)
    kept = {column.key for column in columns}
    rows = tuple(
        (
            *([Item(Decimal(line.number) if line.number else None, Kind.NUMBER)] if section.numbered else []),
            Item(said(line.label), strong=line.strong, indent=line.indent),
            *(
                Item(cell.value, cell.column.kind, line.strong, reason=cell.written.reason if cell.written else "")
                for cell in line.cells
                if cell.column.key in kept
            ),
        )
        for line in lines
    )
    return Block(section.label, heads, rows)


def _sheet(forms: Forms, form: Form) -> Block:
    """One table for all sections; kinds of assets there are none of have no subtotal."""
    columns, rows, foot = form.sheet, [], []
    for section, line in forms.sheet(form):
        is_kind = any(isinstance(part, Group) for part in section.rows)
        if is_kind and not any(forms.group(part.name) for part in section.rows if isinstance(part, Group)):
            continue
        placed = [_placed(section, line, column) for column in columns]
        if not any(isinstance(item.value, Decimal) for item in placed):
            foot += [_named(line, cell) for cell in line.cells if cell.exists]
            continue
        rows.append((Item(Decimal(line.number) if line.number else None, Kind.NUMBER), *placed))
    heads = (NUMBER, *(Head(column.label, column.kind, column.names, group=column.group) for column in columns))
    return Block(form.label, heads, tuple(rows), tuple(foot))


def _placed(section: Section, line: Line, column: SheetColumn) -> Item:
    """What of a row stands in a column of the sheet."""
    if column.names:
        return Item(said(line.label), strong=line.strong)
    cell = cell_in(section, line, column)
    if cell is not None:
        return Item(cell.value, column.kind, line.strong, reason=cell.written.reason if cell.written else "")
    if line.number and column.places.get(section.key) == ASSET_NAME:
        return Item(said(line.label))
    return Item(None, column.kind)


def cell_in(section: Section, line: Line, column: SheetColumn) -> Cell | None:
    """The cell of a row that stands in a column of the sheet."""
    key = column.places.get(section.key)
    return next((cell for cell in line.cells if cell.exists and cell.ref.column == key), None)


def _named(line: Line, cell: Cell) -> tuple[Label, Item]:
    """Below the table: the first figure by the name of its row, the others by their columns."""
    label = line.label if cell is line.cells[0] else cell.column.label
    return label, Item(cell.value, cell.column.kind, line.strong)


def _halved(section: Section, lines: Sequence[Line]) -> Block:
    middle = (len(lines) + 1) // 2
    left, right = (_block(section, part, section.halves) for part in (lines[:middle], lines[middle:]))
    return _beside(left, right)


def _beside(left: Block, right: Block) -> Block:
    """Both with their last rows – the totals – on one line."""
    longest = max(len(left.rows), len(right.rows))
    rows = [one + two for one, two in zip(_padded(left, longest), _padded(right, longest), strict=True)]
    return Block(left.title, (*left.heads, *right.heads), tuple(rows))


def _padded(block: Block, length: int) -> list[tuple[Item, ...]]:
    empty = tuple(Item(None, head.kind) for head in block.heads)
    return [*block.rows[:-1], *([empty] * (length - len(block.rows))), block.rows[-1]]


def printed_text(item: Item) -> str:
    return shown_value(item.value, item.kind, strong=item.strong)


def narrative_of(account: Any) -> list[tuple[str, Label, str]]:
    """Key, heading and text of every part."""
    return [(name, label, str(account.narrative.get(name, ""))) for name, label in NARRATIVE.items()]
