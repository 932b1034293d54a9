"""Which investment rules an item runs into now, for the page, the API and the decision (R-INV-02…08, 12)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from approvals.rules import investment
from approvals.rules.investment import Finding
from core.workflow import Situation

WORKS = "1"  # 工程费用, the first branch of the cost tree


def findings_of(item: Any, now: Situation, *, approved: Decimal | None = None) -> list[Finding]:
    """Every finding of the rules in force; `approved` is the amount about to be approved (default: reviewed, declared)."""
    amount = next((a for a in (approved, item.reviewed_amount, item.declared_amount) if a is not None), None)
    if not item.type.money or amount is None:
        return []
    return [finding for check in CHECKS for finding in check(item, now, amount) if finding is not None]


def branch_of(line: Any) -> str:
    """The top branch a cost line counts in: "1" is works."""
    return (line.standard_code or line.code).split(".")[0]


def _estimate_against_feasibility(item: Any, now: Situation, amount: Decimal) -> Iterator[Finding | None]:
    figure = item.project.latest_figure("FEASIBILITY")
    if item.item_type != "EST" or figure is None:
        return
    over, any_excess = now.rules.row("R-INV-02"), now.rules.row("R-INV-03")
    if over and item.declared_amount is not None:
        decision = item.ten_percent_decision or None
        yield investment.estimate_over_feasibility(over, item.declared_amount, figure.amount, decision)
    if any_excess:
        yield investment.approved_estimate_over_feasibility(any_excess, amount, figure.amount)


def _budget_against_works(item: Any, now: Situation, amount: Decimal) -> Iterator[Finding | None]:
    figure = item.project.latest_figure("ESTIMATE", "ADJUSTED")
    if item.item_type != "BUD" or figure is None:
        return
    works = figure.works_amount if figure.works_amount is not None else figure.amount
    block, renew = now.rules.row("R-INV-08.block"), now.rules.row("R-INV-08.new_estimate")
    budgeted = _works_of_budget(item, amount)
    if block:
        yield investment.budget_over_works(block, budgeted, works)
    if renew:
        yield investment.budget_needs_new_estimate(renew, budgeted, works)


def _works_of_budget(item: Any, amount: Decimal) -> Decimal:
    """The works part of `amount` (yuan): all of it but what the lines of other branches take; all where nothing is split.

    What the lines do not explain (an approval above their sum) counts as works.
    """
    column = "declared" if item.reviewed_amount is None else "reviewed"
    others = [line for line in item.cost_lines.all() if line.is_leaf and branch_of(line) != WORKS]
    taken = sum((_written(line, column) for line in others), Decimal("0.00"))
    return max(amount - taken, Decimal("0.00"))


def _written(line: Any, column: str) -> Decimal:
    amount = getattr(line, column)
    return (line.declared if amount is None else amount) or Decimal("0.00")


def _budget_lines(item: Any, now: Situation, amount: Decimal) -> Iterator[Finding | None]:
    """R-INV-07: single lines above the estimate while the total keeps within it."""
    rule = now.rules.row("R-INV-07")
    figure = item.project.latest_figure("ESTIMATE", "ADJUSTED")
    if item.item_type != "BUD" or rule is None or figure is None or figure.item_id is None:
        return
    approved = {
        line.code: line.reviewed
        for line in item.cost_lines.model.objects.filter(item_id=figure.item_id, is_leaf=True)
        if line.reviewed is not None
    }
    lines = [
        investment.SubItem(
            line.code, approved[line.code], line.reviewed if line.reviewed is not None else line.declared
        )
        for line in item.cost_lines.all()
        if line.is_leaf and line.code in approved and line.declared is not None
    ]
    works = figure.works_amount if figure.works_amount is not None else figure.amount
    if lines:
        yield investment.sub_items_over(rule, lines, works)


def _tender(item: Any, now: Situation, amount: Decimal) -> Iterator[Finding | None]:
    """R-INV-09: the ceiling price (declared) within the reviewed budget, the award (approved) within the ceiling."""
    rule = now.rules.row("R-INV-09")
    if item.item_type != "TND" or rule is None or item.declared_amount is None:
        return
    budget = item.project.latest_figure("BUDGET")
    if budget is not None:
        yield investment.ceiling_over_budget(rule, item.declared_amount, budget.amount)
    yield investment.award_over_ceiling(rule, amount, item.declared_amount)


def _adjustment(item: Any, now: Situation, amount: Decimal) -> Iterator[Finding | None]:
    figure = item.project.latest_figure("ESTIMATE")
    rule = now.rules.row("R-INV-06")
    if item.item_type == "ADJ" and figure is not None and rule:
        yield investment.adjustment_needs_audit(rule, amount, figure.amount)


def _final_account(item: Any, now: Situation, amount: Decimal) -> Iterator[Finding | None]:
    figure = item.project.latest_figure("ESTIMATE", "ADJUSTED")
    rule = now.rules.row("R-INV-12")
    if item.item_type == "FA" and figure is not None and rule:
        yield investment.final_account_over_control(rule, amount, figure.amount)


def _small_works(item: Any, now: Situation, amount: Decimal) -> Iterator[Finding | None]:
    rule = now.rules.row("small_works_threshold")
    if item.item_type in ("PR", "FS", "EST") and rule:
        finding = investment.small_works(rule, item.declared_amount or amount)
        if finding is not None:
            yield Finding(finding.code, "WARN", finding.rule, finding.basis, finding.params)


CHECKS = (
    _estimate_against_feasibility,
    _budget_against_works,
    _budget_lines,
    _tender,
    _adjustment,
    _final_account,
    _small_works,
)
