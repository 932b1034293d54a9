"""Sums that guards and pages read off the rows: quotas, releases, values of contracts, what is committed. Yuan."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from core.money import ZERO
from core.rulebook import Rulebook
from execution.rules import changes as change_rules
from execution.rules.payments import SourceStanding, Standing, work_left
from execution.states import AdjustmentKind, ChangeState, ContractState, PaymentKind, PaymentState, PlanItemState

COMMITTED = (PaymentState.FINANCE_APPROVED, PaymentState.PAID)
COUNTED_CHANGES = (ChangeState.APPROVED, ChangeState.IMPLEMENTED, ChangeState.PRICED, ChangeState.SETTLED)
SETTLED = (ContractState.SETTLED, ContractState.CLOSED)


def by_source(rows: Iterable[Any], amount: str = "amount") -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        sums[row.source] += getattr(row, amount)
    return dict(sums)


def planned_by_source(plan: Any) -> dict[str, Decimal]:
    """What the plan gives from each source: balanced, adjusted since, carried over from the year before."""
    planned = _summed(plan.items, "funding__source", "funding__planned")
    return added(planned, _summed(plan.items, "adjustments__source", "adjustments__amount"))


def available_by_source(plan: Any) -> dict[str, Decimal]:
    """The envelopes, with what came from the year before, less what has gone to the next or back to the treasury."""
    kinds = {"adjustments__kind__in": (AdjustmentKind.CARRY_OVER, AdjustmentKind.RECLAIM)}
    moved = _summed(plan.items, "adjustments__source", "adjustments__amount", **kinds)
    return added(by_source(plan.envelopes.all()), moved)


def released_by_source(plan: Any) -> dict[str, Decimal]:
    return _summed(plan.items, "releases__source", "releases__amount")


def requested_by_source(plan: Any) -> dict[str, Decimal]:
    """What the units ask for in requests that were reported."""
    asked = plan.items.exclude(state=PlanItemState.DRAFT)
    return _summed(asked, "funding__source", "funding__requested")


def _summed(rows: Any, source: str, amount: str, **only: Any) -> dict[str, Decimal]:
    """Σ by source. All conditions in one filter: each further one would join the rows again and count them twice."""
    found = rows.filter(**{f"{source}__isnull": False}, **only).order_by(source).values_list(source)
    return {code: total for code, total in found.annotate(total=Sum(amount)) if total is not None}


def added(*parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The sums of several tables by source."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for part in parts:
        for source, amount in part.items():
            sums[source] += amount
    return dict(sums)


def quota_of(item: Any) -> dict[str, Decimal]:
    """What a plan item may get from each source: balanced and adjusted since."""
    return added(by_source(item.funding.all(), "planned"), by_source(item.adjustments.all()))


def released_of(item: Any) -> dict[str, Decimal]:
    return by_source(item.releases.all())


def plan_control(project: Any) -> Decimal | None:
    """R-INV-10: the approved estimate; before there is one the estimate of the feasibility study, then the rough figure."""
    for kinds in (("ESTIMATE", "ADJUSTED"), ("FEASIBILITY",), ("ROUGH",)):
        figure = project.latest_figure(*kinds)
        if figure is not None:
            return figure.amount
    return None


def value_of_change(change: Any) -> Decimal:
    """The priced amount once there is one, else the estimate."""
    return change.priced if change.priced is not None else change.estimated


def contract_value(contract: Any) -> Decimal:
    """Price + supplements + approved changes."""
    changes = sum((value_of_change(row) for row in contract.changes.all() if row.state in COUNTED_CHANGES), ZERO)
    return contract.price + sum((row.amount for row in contract.supplements.all()), ZERO) + changes


def counted_changes(contract: Any) -> list[Any]:
    """The approved changes, whatever has become of them since."""
    return [row for row in contract.changes.all() if row.state in COUNTED_CHANGES]


def changed_by_code(change: Any) -> dict[str, Decimal]:
    """What a change adds to each line of the cost tree; Σ is `value_of_change` to the fen."""
    return change_rules.spread(changed_by_code_as_estimated(change), value_of_change(change))


def changed_by_code_as_estimated(change: Any) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in change.lines.all():
        sums[line.cost_code] += line.amount
    return dict(sums)


def contracted_by_code(contract: Any) -> dict[str, Decimal]:
    """The contract's value by line of the cost tree: lines, supplements, approved changes. Σ is `contract_value` where
    the lines add up to the price; a supplement that names no line stands under ""."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in contract.lines.all():
        sums[line.cost_code] += line.amount
    for row in contract.supplements.all():
        sums[row.cost_code] += row.amount
    for change in counted_changes(contract):
        for code, amount in changed_by_code(change).items():
            sums[code] += amount
    return dict(sums)


def quantity_of(line: Any) -> Decimal:
    """How much of a contract line may be measured: contracted plus changed by approved change orders."""
    changed = (row.quantity for row in line.change_lines.all() if row.change.state in COUNTED_CHANGES)
    return line.quantity + sum(changed, Decimal(0))


def amount_of(line: Any) -> Decimal:
    """What a contract line is worth in yuan: contracted plus changed as estimated by approved change orders."""
    changed = (row.amount for row in line.change_lines.all() if row.change.state in COUNTED_CHANGES)
    return line.amount + sum(changed, ZERO)


def measured_of(line: Any) -> Decimal:
    """How much of a contract line the reports have measured so far, drafts included."""
    return sum((row.quantity for row in line.measurements.all()), Decimal(0))


def judgement_of(change: Any, rules: Rulebook, amount: Decimal | None = None) -> change_rules.Judgement:
    """R-INV-14: who decides this change, as the contract stands now; of `amount` instead of its own value if given."""
    own = value_of_change(change) if amount is None else amount
    return judgement_beside(change.contract, own, rules, besides=change.pk)


def judgement_beside(
    contract: Any, amount: Decimal, rules: Rulebook, besides: int | None = None
) -> change_rules.Judgement:
    """R-INV-14 for a change of the price by `amount` (yuan, signed) beside all that has changed it so far."""
    thresholds = change_rules.Thresholds(
        *(rules.row(f"R-INV-14.{name}") for name in ("share", "section_amount", "bureau_amount"))  # type: ignore[arg-type]
    )
    return change_rules.judge(amount, changes_of_price(contract, besides), contract.price, thresholds)


def changes_of_price(contract: Any, besides: int | None = None) -> list[Decimal]:
    """What has changed the price (yuan, signed): approved changes, without the one of key `besides`, and supplements."""
    changed = [value_of_change(row) for row in counted_changes(contract) if row.pk != besides]
    return [*changed, *(row.amount for row in contract.supplements.all())]


def settled_value(contract: Any) -> Decimal | None:
    settlement = getattr(contract, "settlement", None)
    return settlement.reviewed if settlement is not None else None


def committed(payments: Iterable[Any], besides: Any = None) -> Decimal:
    """What is paid or approved by finance."""
    return sum(
        (row.amount for row in payments if row.state in COMMITTED and row.pk != getattr(besides, "pk", None)), ZERO
    )


def work_room(payment: Any) -> Decimal | None:
    """What of the work that this payment's report proves no other progress payment of the contract asks for, yuan.

    None where nobody has said what the work is worth. What was returned asks for nothing.
    """
    if payment.kind != PaymentKind.PROGRESS or payment.work_value is None:
        return None
    same_work = [
        row.amount
        for row in payment.contract.payments.all()
        if row.pk != payment.pk
        and row.kind == PaymentKind.PROGRESS
        and row.report_id is not None
        and row.report_id == payment.report_id
        and row.state != PaymentState.RETURNED
    ]
    return work_left(payment.work_value, same_work)


def standing_of(payment: Any, rules: Rulebook) -> Standing:
    """Where the project and the contract stand for this payment (R-INV-11)."""
    project = payment.contract.project
    contracts = project.contracts.prefetch_related("payments__funding")
    payments = [row for contract in contracts for row in contract.payments.all()]
    released = by_source(project.releases.all())
    others = [row for row in payments if row.state in COMMITTED and row.pk != payment.pk]
    used = by_source(part for row in others for part in row.funding.all())
    asked = by_source(payment.funding.all())
    settled = settled_value(payment.contract)
    return Standing(
        asked=payment.amount,
        project_released=sum(released.values(), ZERO),
        project_committed=committed(payments, payment),
        contract_basis=settled if settled is not None else contract_value(payment.contract),
        contract_committed=committed(payment.contract.payments.all(), payment),
        cap=cap_of(payment.contract, payment.kind, settled is not None, rules),
        sources=tuple(
            SourceStanding(code, released.get(code, ZERO), used.get(code, ZERO), asked[code]) for code in sorted(asked)
        ),
    )


def cap_of(contract: Any, kind: str, is_settled: bool, rules: Rulebook) -> Decimal:
    """80 % before settlement, what retention leaves after it; the retention itself fills it up."""
    if not is_settled:
        return rules.value("R-INV-11.progress")
    if kind == PaymentKind.RETENTION:
        return Decimal(1)
    return min(rules.value("R-INV-11.settled"), 1 - contract.retention_rate / 100)
