"""The cost grid: declared lines by the unit, reviewed amounts and reasons by the reviewers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals import policies
from approvals.models import ApprovalItem, CostLine
from approvals.services import edit, engine, signatures
from approvals.services.edit import state_problems
from approvals.states import ItemState, ReductionReason
from core import clock
from core.errors import NotPermitted, Problem, require, together
from core.money import size_problems

REVIEWABLE = (ItemState.FIRST_REVIEW, ItemState.CENTER_REVIEW)


@dataclass(frozen=True)
class DeclaredLine:
    """One row as the unit gives it; `declared` in yuan, None for a heading whose amount is the sum below it."""

    code: str
    name: str
    declared: Decimal | None = None
    standard_code: str = ""
    unit: str = ""
    quantity: Decimal | None = None


@dataclass(frozen=True)
class ReviewedLine:
    """One row as a reviewer gives it; `reviewed` in yuan."""

    code: str
    reviewed: Decimal | None
    reason: str = ""
    reason_class: str = ""


@transaction.atomic
def declare_lines(
    item_id: int,
    *,
    actor: Actor,
    lines: Sequence[DeclaredLine],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> ApprovalItem:
    """Replaces the declared lines; the declared amount becomes the sum of the leaves.

    `faults` is what the caller could not read: nothing is written then, and sums are not judged. Raises RuleViolation
    with every fault of form and of rule.
    """
    item = engine.lock_item(item_id, actor, expected_version)
    insist(policies.may_edit_declaration, actor, item)
    told = [problem for problem in _line_problems(lines) if not (faults and problem.code == "cost.subtotal")]
    require(together(faults, [*state_problems(item), *told]))
    item.cost_lines.all().delete()
    parents = {parent_of(line.code, lines) for line in lines}
    CostLine.objects.bulk_create(
        CostLine(
            item=item,
            code=line.code,
            parent_code=parent_of(line.code, lines),
            position=position,
            name=line.name,
            standard_code=line.standard_code,
            unit=line.unit,
            quantity=line.quantity,
            is_leaf=line.code not in parents,
            declared=None if line.code in parents else line.declared or Decimal("0.00"),
        )
        for position, line in enumerate(lines)
    )
    before = item.declared_amount
    item.declared_amount = sum(
        (line.declared or Decimal(0) for line in lines if line.code not in parents), Decimal("0.00")
    )
    engine.save(item)
    signatures.void_outdated(item, clock.now())
    edit.record(
        item,
        "cost_lines_declared",
        actor,
        {
            "n": len(lines),
            "declared": [before, item.declared_amount],
            "lines": [[ln.code, ln.declared] for ln in lines],
        },
    )
    return item


def parent_of(code: str, lines: Iterable[DeclaredLine]) -> str:
    """The nearest heading above: the longest other code this one continues after a dot."""
    codes = {line.code for line in lines}
    parts = code.split(".")
    return next((".".join(parts[:n]) for n in range(len(parts) - 1, 0, -1) if ".".join(parts[:n]) in codes), "")


def _line_problems(lines: Sequence[DeclaredLine]) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    parents = {parent_of(line.code, lines) for line in lines}
    for line in lines:
        where = f"line.{line.code}"
        if not line.code.strip() or not line.name.strip():
            problems.append(Problem("cost.unnamed", _("Every line needs a number and a name."), where))
        if len(line.code) > 30 or len(line.name) > 200 or len(line.unit) > 20 or len(line.standard_code) > 30:
            problems.append(
                Problem("too_long", _("%(code)s: number, name or unit is too long.") % {"code": line.code[:30]}, where)
            )
        if line.code in seen:
            problems.append(
                Problem("cost.duplicate", _("The number %(code)s occurs twice.") % {"code": line.code}, where)
            )
        if line.declared is not None and line.declared < 0:
            problems.append(Problem("negative", _("An amount cannot be negative."), where))
        problems += size_problems(line.declared, where)
        if line.code in parents and line.declared:
            below = _sum_below(line.code, lines, parents)
            if below != line.declared:
                message = _("%(code)s: the lines below add up to %(below)s, not %(stated)s yuan.")
                values = {"code": line.code, "below": below, "stated": line.declared}
                problems.append(Problem("cost.subtotal", message % values, where))
        seen.add(line.code)
    leaves = sum((line.declared or Decimal(0) for line in lines if line.code not in parents), Decimal(0))
    return problems or size_problems(leaves, "declared_amount")


def _sum_below(code: str, lines: Sequence[DeclaredLine], parents: set[str]) -> Decimal:
    leaves = (ln for ln in lines if ln.code.startswith(f"{code}.") and ln.code not in parents)
    return sum((ln.declared or Decimal(0) for ln in leaves), Decimal("0.00"))


@transaction.atomic
def review_lines(
    item_id: int,
    *,
    actor: Actor,
    lines: Sequence[ReviewedLine],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> ApprovalItem:
    """Fills in reviewed amounts and reasons; lines not named stay. Signatures under the old figures are voided, and kept.

    `faults` is what the caller could not read: nothing is written then. Raises RuleViolation with every fault.
    """
    item = engine.lock_item(item_id, actor, expected_version)
    refusals = policies.may_edit_review(actor, item)
    if refusals:
        raise NotPermitted(*refusals)
    rows = {line.code: line for line in item.cost_lines.all()}
    require(together(faults, _review_problems(item, rows, lines)))
    changes: list[list[object]] = []
    changed: list[CostLine] = []
    for line in lines:
        row = rows[line.code]
        new = (line.reviewed, line.reason.strip(), line.reason_class)
        old = (row.reviewed, row.reason, row.reason_class)
        if new != old:
            row.reviewed, row.reason, row.reason_class = new
            changed.append(row)
            changes.append([line.code, row.declared, old[0], new[0], line.reason])
    if changes:
        CostLine.objects.bulk_update(changed, ["reviewed", "reason", "reason_class"])
        engine.save(item)
        voided = signatures.void_outdated(item, clock.now())
        edit.record(item, "cost_lines_reviewed", actor, {"changes": changes, "voided_signatures": voided})
    return item


def _review_problems(item: ApprovalItem, rows: dict[str, CostLine], lines: Sequence[ReviewedLine]) -> list[Problem]:
    problems = []
    if item.state not in REVIEWABLE:
        message = _("In the state “%(state)s” no reviewed amount can be entered.")
        problems.append(Problem("wrong_state", message % {"state": item.get_state_display()}))
    if item.opinion_delivered_on and not item.recompile_recommended and item.state == ItemState.FIRST_REVIEW:
        problems.append(Problem("centre.fixed", _("The centre has delivered its opinion: the amounts are fixed.")))
    problems += size_problems(_reviewed_after(rows, lines), "reviewed_amount")
    for line in lines:
        where = f"line.{line.code}"
        row = rows.get(line.code)
        if row is None:
            problems.append(Problem("cost.unknown", _("There is no line %(code)s.") % {"code": line.code}, where))
        elif not row.is_leaf and line.reviewed is not None:
            message = _("%(code)s is a heading: its amount is the sum below.")
            problems.append(Problem("cost.heading", message % {"code": line.code}, where))
        if line.reviewed is not None and line.reviewed < 0:
            problems.append(Problem("negative", _("An amount cannot be negative."), where))
        problems += size_problems(line.reviewed, where)
        if len(line.reason) > 300:
            problems.append(Problem("too_long", _("At most 300 characters."), where))
        if line.reason_class and line.reason_class not in ReductionReason.values:
            problems.append(Problem("cost.reason_class", _("Unknown class of reason."), where))
    return problems


def _reviewed_after(rows: dict[str, CostLine], lines: Sequence[ReviewedLine]) -> Decimal:
    said = {code: row.reviewed for code, row in rows.items()} | {line.code: line.reviewed for line in lines}
    return sum((amount for amount in said.values() if amount is not None), Decimal(0))
