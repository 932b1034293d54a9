"""The cost lines as the review grid shows them: a tree with sums, reductions and rates, in the unit of the type."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from approvals.costing.amounts import Unit, in_unit
from approvals.models import ApprovalItem, CostLine
from approvals.rules.reductions import Reduction
from core.errors import Problem
from core.money import ratio
from web.forms.review import unit_of


@dataclass
class GridRow:
    """One line. `typed` is what stands in the field: what was posted, else the stored amount in the grid's unit."""

    line: CostLine
    depth: int
    declared: Decimal | None
    reviewed: Decimal | None
    reduction: Decimal | None
    rate: Decimal | None
    typed: str = ""
    reason: str = ""
    reason_class: str = ""
    problems: list[str] = field(default_factory=list)


@dataclass
class Grid:
    rows: list[GridRow]
    unit: Unit
    editable: bool
    declared: Decimal
    reviewed: Decimal | None
    reduction: Decimal | None
    rate: Decimal | None
    pending: int

    @property
    def mode(self) -> str:
        return "wan" if self.unit is Unit.WAN else "yuan"

    @property
    def unit_label(self) -> str:
        return _("10,000 yuan") if self.unit is Unit.WAN else _("yuan")


def grid_of(
    item: ApprovalItem,
    *,
    editable: bool,
    shows_reviewed: bool,
    posted: Any = None,
    problems: tuple[Problem, ...] = (),
) -> Grid | None:
    """The grid, None for items without lines. What was posted and refused stands in the fields as it was typed."""
    lines = list(item.cost_lines.all())
    if not lines:
        return None
    parents = {line.code: line.parent_code for line in lines}
    below: dict[str, list[CostLine]] = {}
    for line in (one for one in lines if one.is_leaf):
        for code in (line.code, *_ancestors(line.code, parents)):
            below.setdefault(code, []).append(line)
    rows = [_row(line, below.get(line.code, []), len(_ancestors(line.code, parents)), shows_reviewed) for line in lines]
    for row in rows:
        _fill_in(row, unit_of(item), posted, problems)
    leaves = [row for row in rows if row.line.is_leaf]
    known = [row for row in leaves if row.reviewed is not None]
    base = sum((row.declared or Decimal(0) for row in known), Decimal("0.00"))
    reviewed = sum((row.reviewed for row in known), Decimal("0.00")) if known else None
    return Grid(
        rows=rows,
        unit=unit_of(item),
        editable=editable,
        declared=sum((row.declared or Decimal(0) for row in leaves), Decimal("0.00")),
        reviewed=reviewed,
        reduction=base - reviewed if reviewed is not None else None,
        rate=ratio(base - reviewed, base) if reviewed is not None else None,
        pending=len(leaves) - len(known) if shows_reviewed else 0,
    )


def _row(line: CostLine, below: list[CostLine], depth: int, shows_reviewed: bool) -> GridRow:
    """`below` are the leaves the line adds up; a leaf adds up itself."""
    declared = _sum(one.declared for one in below)
    known = [one for one in below if one.reviewed is not None] if shows_reviewed else []
    reviewed = _sum(one.reviewed for one in known)
    base = _sum(one.declared or Decimal(0) for one in known)
    cut = Reduction(base, reviewed) if base is not None and reviewed is not None else None
    return GridRow(
        line,
        min(depth, 3),
        declared,
        reviewed,
        cut.amount if cut else None,
        cut.rate if cut else None,
        reason=line.reason if shows_reviewed else "",
        reason_class=line.reason_class if shows_reviewed else "",
    )


def _ancestors(code: str, parents: dict[str, str]) -> list[str]:
    found: list[str] = []
    while (code := parents.get(code, "")) and code not in found:
        found.append(code)
    return found


def _sum(amounts: Any) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal("0.00")) if known else None


def _fill_in(row: GridRow, unit: Unit, posted: Any, problems: tuple[Problem, ...]) -> None:
    row.typed = "" if row.reviewed is None else f"{in_unit(row.reviewed, unit):,}"
    if posted is not None:
        row.typed = posted.get(f"reviewed-{row.line.pk}", row.typed)
        row.reason = posted.get(f"reason-{row.line.pk}", row.reason)
        row.reason_class = posted.get(f"class-{row.line.pk}", row.reason_class)
    row.problems = [str(problem.message) for problem in problems if problem.field == f"line.{row.line.code}"]
