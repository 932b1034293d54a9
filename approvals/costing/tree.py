"""The cost tree (§3.3): the standard branches, a project's own lines hung into it, subtotals and what is wrong with them.

Pure: Decimal yuan in and out. A parent's subtotal is always the sum of its children; a figure typed beside a parent is
only compared with it (R-INV-17).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from approvals.rules.investment import Rule, RuleRow, Severity, parts_differ

ZERO = Decimal("0.00")
CODE = re.compile(r"[1-9]\d?(?:\.\d{1,3}){0,4}", re.ASCII)
TOLERANCE = RuleRow("R-INV-17", Decimal(1000), severity=Severity.WARN)


class Basis(StrEnum):
    """How a standard cost item is arrived at."""

    CHILDREN = "sum of children"
    QUANTITY = "quantity × unit rate"
    ACTUAL = "actual"
    SCALE = "sliding scale"
    RATE = "rate"
    EXPLAIN = "explain"


@dataclass(frozen=True)
class StandardItem:
    """A branch of the standard tree. An `x` in the code stands for any number: 1.x is every single project."""

    code: str
    name: str
    identifier: str
    basis: Basis
    note: str = ""


def _item(code: str, name: str, identifier: str, basis: Basis, note: str = "") -> StandardItem:
    return StandardItem(code, name, identifier, basis, note)


STANDARD_TREE = (
    _item("1", "工程费用", "works", Basis.CHILDREN),
    _item("1.x", "单项工程", "single_project", Basis.CHILDREN),
    _item("1.x.1", "建筑工程费", "building", Basis.QUANTITY),
    _item("1.x.2", "安装工程费", "installation", Basis.QUANTITY),
    _item("1.x.3", "设备及工器具购置费", "equipment", Basis.QUANTITY),
    _item("1.x.4", "室外工程／景观绿化", "external", Basis.QUANTITY),
    _item("2", "工程建设其他费用", "other", Basis.CHILDREN),
    _item("2.01", "建设用地费／征地拆迁补偿", "land_resettlement", Basis.ACTUAL),
    _item("2.02", "管线迁改／树木迁移", "utility_relocation", Basis.ACTUAL),
    _item("2.03", "项目建设管理费", "project_management", Basis.SCALE, "财建〔2016〕504号"),
    _item("2.04", "代建管理费", "agent_builder_fee", Basis.SCALE, "与项目建设管理费合计不超过上限"),
    _item("2.05", "前期工作咨询费", "preliminary_consulting", Basis.SCALE),
    _item("2.06", "工程勘察费", "survey", Basis.RATE),
    _item("2.07", "工程设计费", "design", Basis.SCALE),
    _item("2.08", "竣工图编制费", "as_built_drawing", Basis.RATE, "工程设计费的8%"),
    _item("2.09", "施工图审查费", "drawing_review", Basis.RATE),
    _item("2.10", "工程监理费", "supervision", Basis.SCALE, "发改价格〔2007〕670号"),
    _item("2.11", "招标代理／交易服务费", "tender_agency", Basis.SCALE),
    _item("2.12", "造价咨询／全过程造价费", "cost_consulting", Basis.SCALE),
    _item("2.13", "环境影响评价费", "eia", Basis.SCALE),
    _item("2.14", "水土保持／节能／地灾／防洪／社稳评估费", "special_assessment", Basis.ACTUAL),
    _item("2.15", "检验监测／第三方检测费", "testing_monitoring", Basis.RATE, "工程费用的1–2%"),
    _item("2.16", "工程保险费", "insurance", Basis.RATE, "工程费用的0.3–0.6%"),
    _item("2.17", "场地准备及临时设施费", "site_preparation", Basis.RATE, "工程费用的0.5–2%"),
    _item("2.18", "BIM技术应用费", "bim_service", Basis.RATE),
    _item("2.19", "市政公用设施费", "utility_connection", Basis.ACTUAL),
    _item("2.20", "研究试验费", "research_test", Basis.ACTUAL),
    _item("2.21", "专利及专有技术费", "patent", Basis.ACTUAL),
    _item("2.22", "联合试运转费", "commissioning", Basis.ACTUAL),
    _item("2.23", "生产准备及开办费", "startup", Basis.ACTUAL),
    _item("2.24", "决算编制／审计费", "final_account_service", Basis.ACTUAL),
    _item("2.99", "其他", "misc", Basis.EXPLAIN),
    _item("3", "预备费", "contingency", Basis.CHILDREN),
    _item("3.1", "基本预备费", "basic_contingency", Basis.RATE),
    _item("3.2", "价差预备费", "price_contingency", Basis.ACTUAL),
    _item("4", "建设期利息", "idc", Basis.ACTUAL),
    _item("5", "铺底流动资金", "working_capital", Basis.ACTUAL),
)
BY_CODE: Mapping[str, StandardItem] = MappingProxyType({item.code: item for item in STANDARD_TREE})


@dataclass(frozen=True)
class CostLine:
    """One line of the grid. Amounts are Decimal yuan, or None where nothing was written.

    `standard_code` maps a line of the project's own making to the standard tree, for statistics.
    """

    code: str
    name: str
    declared: Decimal | None = None
    reviewed: Decimal | None = None
    unit: str = ""
    quantity: Decimal | None = None
    note: str = ""
    standard_code: str = ""


@dataclass(frozen=True)
class Fault:
    """Something wrong with line number `index` in its column `field` (`code`, `name`, `declared`, `reviewed`).

    A warning may stand; anything else refuses the lines.
    """

    code: str
    index: int
    field: str
    is_warning: bool = False
    params: Mapping[str, Any] = dataclass_field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class CostNode:
    """A line with its children. A leaf's amounts are its own; a parent's are the sums of its children."""

    line: CostLine
    children: tuple["CostNode", ...] = ()

    @property
    def declared(self) -> Decimal:
        return self._added("declared")

    @property
    def reviewed(self) -> Decimal:
        return self._added("reviewed")

    def _added(self, name: str) -> Decimal:
        if self.children:
            return sum((getattr(child, name) for child in self.children), ZERO)
        return getattr(self.line, name) or ZERO

    def walk(self) -> Iterator["CostNode"]:
        """This node and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Investment:
    """The figures of an estimate (§3.3), Decimal yuan."""

    works: Decimal
    other: Decimal
    basic_contingency: Decimal
    price_contingency: Decimal
    interest: Decimal
    working_capital: Decimal
    further: Decimal = ZERO

    @property
    def static_total(self) -> Decimal:
        """Works, other costs and basic contingency, and whatever top branches the project has of its own."""
        return self.works + self.other + self.basic_contingency + self.further

    @property
    def dynamic_total(self) -> Decimal:
        return self.static_total + self.price_contingency + self.interest

    @property
    def total(self) -> Decimal:
        return self.dynamic_total + self.working_capital


def sort_key(code: str) -> tuple[int, ...]:
    """Orders 2.2 before 2.10."""
    return tuple(int(part) for part in code.split("."))


def parent_code(code: str) -> str:
    """ "1.2" for "1.2.3"; "" for a top branch."""
    return code.rpartition(".")[0]


def standard_item(line: CostLine) -> StandardItem | None:
    """The standard branch of a line: by its own mapping, else by its code (1.3.2 is 1.x.2); None if there is none."""
    wanted = line.standard_code or line.code
    head, *rest = wanted.split(".")
    pattern = ".".join([head, "x", *rest[1:]]) if head == "1" and rest else wanted
    return BY_CODE.get(pattern)


def build(lines: Sequence[CostLine]) -> tuple[CostNode, ...]:
    """The top branches with all below them, in the order of their codes.

    For lines without faults; a line whose parent is missing is left out, so check first.
    """
    children: dict[str, list[CostLine]] = {}
    for line in sorted(lines, key=lambda line: sort_key(line.code)):
        children.setdefault(parent_code(line.code), []).append(line)

    def node(line: CostLine) -> CostNode:
        return CostNode(line, tuple(node(child) for child in children.get(line.code, ())))

    return tuple(node(line) for line in children.get("", ()))


def leaves(lines: Sequence[CostLine]) -> list[CostLine]:
    """The lines that carry money of their own: those without children."""
    parents = {parent_code(line.code) for line in lines}
    return [line for line in lines if line.code not in parents]


def summed(nodes: Iterable[CostNode], column: str = "declared") -> Decimal:
    """Σ of the top branches, in yuan; `column` is `declared` or `reviewed`."""
    return sum((getattr(node, column) for node in nodes), ZERO)


def investment(nodes: Sequence[CostNode], column: str = "declared") -> Investment:
    """The totals of §3.3 from a tree. Their total is always the sum of the top branches.

    A 预备费 that is not split counts as basic contingency; branches beyond the standard ones count as `further`.
    """
    found = dict.fromkeys(("1", "2", "3.1", "3.2", "4", "5", ""), ZERO)
    for top in nodes:
        parts = top.children if _standard_code(top) == "3" and top.children else (top,)
        for part in parts:
            code = "3.1" if _standard_code(part) == "3" else _standard_code(part)
            found[code if code in found else ""] += getattr(part, column)
    return Investment(*found.values())


def basic_contingency_base(nodes: Sequence[CostNode], column: str = "declared") -> Decimal:
    """What 基本预备费 is a percentage of: works and other costs less land, resettlement and relocation."""
    return sum((_contingent(top, column) for top in nodes if _standard_code(top) in {"1", "2"}), ZERO)


def _contingent(node: CostNode, column: str) -> Decimal:
    if _standard_code(node) in {"2.01", "2.02"}:
        return ZERO
    if node.children:
        return sum((_contingent(child, column) for child in node.children), ZERO)
    amount: Decimal = getattr(node, column)
    return amount


def _standard_code(node: CostNode) -> str:
    item = standard_item(node.line)
    return item.code if item else ""


def faults(lines: Sequence[CostLine], tolerance: Rule = TOLERANCE) -> list[Fault]:
    """Everything wrong with the lines, all at once, each at its line and column.

    `costs.code_format`, `costs.duplicate_code`, `costs.parent_missing`, `costs.name_missing`, `costs.negative`,
    `costs.parent_differs` refuse; `costs.parent_differs_slightly` (R-INV-17, up to 0.1 万元) and `costs.unknown_code`
    (not in the standard tree and not mapped to it) only warn.
    """
    return [*_code_faults(lines), *_amount_faults(lines), *_sum_faults(lines, tolerance)]


def _code_faults(lines: Sequence[CostLine]) -> Iterator[Fault]:
    known = {line.code for line in lines}
    first: dict[str, int] = {}
    for index, line in enumerate(lines):
        if not line.name.strip():
            yield Fault("costs.name_missing", index, "name")
        if not CODE.fullmatch(line.code):
            yield _fault("costs.code_format", index, "code", code=line.code)
            continue
        if line.code in first:
            yield _fault("costs.duplicate_code", index, "code", code=line.code, first=first[line.code])
        first.setdefault(line.code, index)
        parent = parent_code(line.code)
        if parent and parent not in known:
            yield _fault("costs.parent_missing", index, "code", code=line.code, parent=parent)
        if _is_foreign(line):
            yield _fault("costs.unknown_code", index, "code", is_warning=True, code=line.code)


def _is_foreign(line: CostLine) -> bool:
    """Neither standard nor below a standard leaf: splitting 2.07 into 2.07.1 and 2.07.2 needs no mapping."""
    code = line.code
    while code:
        item = standard_item(CostLine(code, "", standard_code=line.standard_code))
        if item is not None:
            return item.basis is Basis.CHILDREN and code != line.code
        if line.standard_code:
            return True
        code = parent_code(code)
    return True


def _amount_faults(lines: Sequence[CostLine]) -> Iterator[Fault]:
    for index, line in enumerate(lines):
        for column in ("declared", "reviewed"):
            amount = getattr(line, column)
            if amount is not None and amount < 0:
                yield _fault("costs.negative", index, column, amount=amount)


def _sum_faults(lines: Sequence[CostLine], tolerance: Rule) -> Iterator[Fault]:
    """Compares what stands beside a parent with the sum of its children, where both were written."""
    good = [line for line in lines if CODE.fullmatch(line.code)]
    by_code = {node.line.code: node for top in build(good) for node in top.walk()}
    for index, line in enumerate(lines):
        node = by_code.get(line.code)
        if node is None or not node.children:
            continue
        for column in ("declared", "reviewed"):
            stated = getattr(line, column)
            parts = [getattr(child, column) for child in node.children if is_written(child, column)]
            if stated is None or not parts:
                continue
            found = parts_differ(tolerance, parts, stated)
            if found is not None:
                name = "costs.parent_differs" if found.blocks else "costs.parent_differs_slightly"
                yield _fault(name, index, column, is_warning=not found.blocks, **found.params)


def is_written(node: CostNode, column: str) -> bool:
    """True when somebody wrote an amount in that column at this node or anywhere below it."""
    return any(getattr(below.line, column) is not None for below in node.walk())


def _fault(name: str, index: int, column: str, /, *, is_warning: bool = False, **params: Any) -> Fault:
    return Fault(name, index, column, is_warning, MappingProxyType(params))
