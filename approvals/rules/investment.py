"""Does a figure keep within the figure before it? Investment control (§3.1, R-INV-01…09, 12, 13, 17; R-LC-04).

Every check takes its rule row, so thresholds, comparison and severity are data, and answers with a Finding or None.
All amounts are Decimal yuan.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol


class Severity(StrEnum):
    """What a finding does: BLOCK refuses, WARN asks for a reason, INFO is kept, RED and YELLOW light the cost lamp."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    INFO = "INFO"
    RED = "RED"
    YELLOW = "YELLOW"


class Comparison(StrEnum):
    """超过 is strict (GT); 以上 and 及以上 include the boundary (GTE)."""

    GT = "GT"
    GTE = "GTE"


class Rule(Protocol):
    """What a check reads off a rule row; `value` is a ratio, or yuan where the check says so."""

    @property
    def code(self) -> str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def comparison(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def basis(self) -> str: ...


@dataclass(frozen=True)
class RuleRow:
    """A rule row as a plain value."""

    code: str
    value: Decimal
    comparison: str = Comparison.GT
    severity: str = Severity.BLOCK
    basis: str = ""


@dataclass(frozen=True)
class Finding:
    """What a check found. `params` are the values its wording needs: Decimal yuan or ratios, codes, tuples of codes."""

    code: str
    severity: str
    rule: str
    basis: str = ""
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCK


class TenPercentDecision(StrEnum):
    """What the authority decided about an estimate that exceeds the feasibility figure (R-INV-02)."""

    ACCEPT = "ACCEPT"
    REQUIRE_NEW_FS = "REQUIRE_NEW_FS"


class AdjustmentReason(StrEnum):
    """The grounds on which an approved estimate may be adjusted (R-INV-05)."""

    POLICY = "POLICY"
    PRICE = "PRICE"
    GEOLOGY = "GEOLOGY"
    OTHER = "OTHER"


@dataclass(frozen=True)
class ApprovedEstimate:
    """One approved EST or ADJ figure of a project, in yuan, with its version (1 is the first)."""

    version: int
    amount: Decimal


@dataclass(frozen=True)
class SubItem:
    """One cost line against its control figure, in yuan."""

    code: str
    control: Decimal
    current: Decimal


@dataclass(frozen=True)
class TripleOverrun:
    """三超: by how many yuan each later figure exceeds the earlier one; None where it does not (R-INV-13)."""

    over_estimate: Decimal | None
    over_budget: Decimal | None
    over_final: Decimal | None

    @property
    def flags(self) -> tuple[str, ...]:
        names = ("over_estimate", "over_budget", "over_final")
        return tuple(name for name in names if getattr(self, name) is not None)

    def __bool__(self) -> bool:
        return bool(self.flags)


def reaches(amount: Decimal, limit: Decimal, comparison: str) -> bool:
    """True when `amount` passes `limit`: strictly with GT, from the boundary on with GTE."""
    if comparison == Comparison.GTE:
        return amount >= limit
    if comparison == Comparison.GT:
        return amount > limit
    raise ValueError(f"unknown comparison {comparison!r}")


def _found(code: str, rule: Rule, severity: str = "", **params: Any) -> Finding:
    return Finding(code, severity or rule.severity, rule.code, rule.basis, MappingProxyType(params))


def _against(code: str, rule: Rule, amount: Decimal, base: Decimal) -> Finding | None:
    """The common shape: `amount` compared with `value` × `base`."""
    limit = rule.value * base
    if not reaches(amount, limit, rule.comparison):
        return None
    return _found(code, rule, amount=amount, base=base, limit=limit, excess=amount - limit, over_base=amount - base)


def control_figure(approved: Iterable[ApprovedEstimate]) -> ApprovedEstimate | None:
    """The approved estimate of the highest version controls total investment; None before the first (R-INV-01)."""
    return max(approved, key=lambda estimate: estimate.version, default=None)


def estimate_over_feasibility(
    rule: Rule, declared_estimate: Decimal, approved_feasibility: Decimal, decision: str | None = None
) -> Finding | None:
    """The declared estimate exceeds the approved feasibility figure by the rule's ratio (1.10, strict) (R-INV-02).

    Keeps the rule's severity until the authority's decision is recorded; then ACCEPT leaves a note and
    REQUIRE_NEW_FS a warning that the item should be returned.
    """
    code = "investment.estimate_over_feasibility"
    found = _against(code, rule, declared_estimate, approved_feasibility)
    if found is None or decision is None:
        return found
    known = TenPercentDecision(decision)
    softened = Severity.INFO if known is TenPercentDecision.ACCEPT else Severity.WARN
    code = "investment.ten_percent_accepted" if softened is Severity.INFO else "investment.new_feasibility_required"
    return Finding(code, softened, found.rule, found.basis, found.params)


def approved_estimate_over_feasibility(
    rule: Rule, approved_estimate: Decimal, approved_feasibility: Decimal
) -> Finding | None:
    """The estimate about to be approved exceeds the approved feasibility figure at all (R-INV-03; value 1)."""
    return _against("investment.approved_estimate_over_feasibility", rule, approved_estimate, approved_feasibility)


def cost_light(red: Rule, yellow: Rule, forecast: Decimal, control: Decimal) -> Finding | None:
    """The cost lamp: RED when the forecast at completion passes the control figure, YELLOW near it (R-INV-04).

    Values: 1 with GT for red, 0.95 with GTE for yellow. Red wins.
    """
    return _against("investment.forecast_over_control", red, forecast, control) or _against(
        "investment.forecast_near_control", yellow, forecast, control
    )


def adjustment_incomplete(
    rule: Rule, reasons: Iterable[str], *, has_plan: bool, has_source_of_funds: bool
) -> Finding | None:
    """An adjustment needs a listed reason, a plan and a source of funds (R-INV-05). ValueError: an unlisted reason.

    `params["missing"]` names what is lacking: `reason`, `plan`, `source_of_funds`.
    """
    named = [AdjustmentReason(reason) for reason in reasons]
    present = {"reason": bool(named), "plan": has_plan, "source_of_funds": has_source_of_funds}
    missing = tuple(name for name, is_there in present.items() if not is_there)
    return _found("investment.adjustment_incomplete", rule, missing=missing) if missing else None


def adjustment_needs_audit(rule: Rule, adjusted: Decimal, original_estimate: Decimal) -> Finding | None:
    """An adjustment that raises the total by more than the ratio (1.10) of the original estimate: audit first,
    material E03 (R-INV-06). The original is version 1, not the estimate in force."""
    return _against("investment.adjustment_needs_audit", rule, adjusted, original_estimate)


def sub_items_over(rule: Rule, sub_items: Sequence[SubItem], total_control: Decimal) -> Finding | None:
    """Lines are over but the total is not: an internal transfer, to be logged as `line_transfer` (R-INV-07).

    None when the total itself is over: then other rules speak. `params["lines"]` holds (code, yuan over) pairs.
    """
    total_current = sum((line.current for line in sub_items), Decimal(0))
    if total_current > total_control:
        return None
    over = tuple(
        (line.code, line.current - line.control)
        for line in sub_items
        if reaches(line.current, rule.value * line.control, rule.comparison)
    )
    return _found("investment.line_transfer", rule, lines=over) if over else None


def budget_over_works(rule: Rule, budget_works: Decimal, estimate_works: Decimal) -> Finding | None:
    """The works part of the budget exceeds the works part of the estimate, branch 1 (R-INV-08; value 1)."""
    return _against("investment.budget_over_works", rule, budget_works, estimate_works)


def budget_needs_new_estimate(rule: Rule, budget_works: Decimal, estimate_works: Decimal) -> Finding | None:
    """The budget exceeds the works part by so much (1.10) that a new estimate is due (R-INV-08)."""
    return _against("investment.budget_needs_new_estimate", rule, budget_works, estimate_works)


def ceiling_over_budget(rule: Rule, ceiling_price: Decimal, reviewed_budget: Decimal) -> Finding | None:
    """The tender ceiling price exceeds the reviewed budget (R-INV-09; value 1)."""
    return _against("investment.ceiling_over_budget", rule, ceiling_price, reviewed_budget)


def award_over_ceiling(rule: Rule, award_price: Decimal, ceiling_price: Decimal) -> Finding | None:
    """The award exceeds the ceiling price (R-INV-09; value 1)."""
    return _against("investment.award_over_ceiling", rule, award_price, ceiling_price)


def final_account_over_control(rule: Rule, final_account: Decimal, control: Decimal) -> Finding | None:
    """The final account exceeds the control figure, so an adjustment must come first (R-INV-12; value 1)."""
    return _against("investment.final_account_over_control", rule, final_account, control)


def triple_overrun(
    *,
    feasibility: Decimal | None = None,
    estimate: Decimal | None = None,
    budget: Decimal | None = None,
    final_account: Decimal | None = None,
    estimate_works: Decimal | None = None,
    budget_works: Decimal | None = None,
    final_works: Decimal | None = None,
) -> TripleOverrun:
    """三超: estimate over feasibility, budget over estimate, final account over budget or estimate (R-INV-13).

    A figure that does not exist yet (None) raises no flag. A budget covers the works, an estimate and a final account
    everything: where the works parts of both are known they are held against each other, and a final account whose
    works part is unknown is not held against a budget of works. The larger excess of the final account counts.
    """
    over_budget = _excess(budget, estimate)
    if budget_works is not None and estimate_works is not None:
        over_budget = _excess(budget_works, estimate_works)
    over_budget_basis = _excess(final_account, budget) if budget_works is None else _excess(final_works, budget_works)
    excesses = [excess for excess in (_excess(final_account, estimate), over_budget_basis) if excess is not None]
    return TripleOverrun(
        over_estimate=_excess(estimate, feasibility),
        over_budget=over_budget,
        over_final=max(excesses, default=None),
    )


def _excess(later: Decimal | None, earlier: Decimal | None) -> Decimal | None:
    if later is None or earlier is None or later <= earlier:
        return None
    return later - earlier


def small_works(rule: Rule, total_investment: Decimal) -> Finding | None:
    """The total is below the threshold in yuan, so the full procedure does not apply (R-LC-04).

    The threshold itself (2,000,000 元) is inside the full procedure: 以下 is exclusive.
    """
    if total_investment >= rule.value:
        return None
    return _found("investment.small_works", rule, amount=total_investment, limit=rule.value)


def parts_differ(rule: Rule, parts: Iterable[Decimal], stated_total: Decimal) -> Finding | None:
    """The parts do not add up to the total that was signed or typed (R-INV-17; value 1,000 元 = 0.1 万元).

    Within the tolerance, boundary included, the rule's own severity (a warning) applies and the stated total is
    authoritative. Beyond it the parts and the total contradict each other: BLOCK.
    """
    added = sum(parts, Decimal(0))
    difference = added - stated_total
    if difference == 0:
        return None
    within = abs(difference) <= rule.value
    code = "investment.parts_differ_slightly" if within else "investment.parts_differ"
    severity = rule.severity if within else Severity.BLOCK
    return _found(code, rule, severity, parts=added, stated=stated_total, difference=difference)
