"""The reduction kept in the decision's own transaction: one snapshot per decision, signed deltas for the summary (§3.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from approvals.models import Decision, Reduction, ReductionDelta
from approvals.rules import brackets, folding
from approvals.rules.reductions import Reduction as Cut
from approvals.rules.reductions import Totals
from core import clock

CELL = ("decided_on", "item_type", "owner_unit_id", "project_class", "industry", "reviewer_id", "bracket")
SUMS = (
    "n", "n_reduced", "n_increased", "declared", "reviewed", "approved", "gross_reduction", "gross_increase",
    "gross_reduction_approved", "gross_increase_approved",
)  # fmt: skip


def snapshot(decision: Decision) -> Reduction | None:
    """The reduction row a decision must have; None for items that carry no money. Nothing is written."""
    item = decision.item
    if not item.type.money or item.declared_amount is None:
        return None
    exclusion = _exclusion(decision)
    reviewed = item.reviewed_amount if item.reviewed_amount is not None else item.declared_amount
    return Reduction(
        decision=decision,
        item=item,
        project=item.project,
        item_type=item.item_type,
        owner_unit=item.owner_unit,
        project_class=item.project.project_class,
        industry=item.project.industry,
        reviewer=item.center_first or item.first_reviewer,
        decided_on=decision.decided_on,
        declared=item.declared_amount,
        reviewed=reviewed,
        approved=item.approved_amount if item.approved_amount is not None else reviewed,
        is_counted=not exclusion,
        exclusion=exclusion,
    )


def _exclusion(decision: Decision) -> str:
    """R-RED-04: why this decision stays out of the sums; empty when it counts."""
    if decision.outcome != Decision.Outcome.ISSUED:
        return decision.outcome
    if decision.item.is_early_involvement:
        return "EARLY_INVOLVEMENT"
    return "" if decision.item.type.in_reduction else "OTHER_TYPE"


def post(decision: Decision) -> Reduction | None:
    """Stores the snapshot and appends its delta. Runs inside the decision's transaction."""
    row = snapshot(decision)
    if row is None:
        return None
    row.save()
    if row.is_counted:
        delta_of(row).save()
    return row


def delta_of(row: Reduction, sign: int = 1) -> ReductionDelta:
    """The signed change one counted reduction makes to its cell of the summary."""
    reviewed = Totals.of(Cut(row.declared, row.reviewed))
    approved = Totals.of(Cut(row.declared, row.approved))
    return ReductionDelta(
        decided_on=row.decided_on,
        item_type=row.item_type,
        owner_unit=row.owner_unit,
        project_class=row.project_class,
        industry=row.industry,
        reviewer=row.reviewer,
        bracket=brackets.bracket_of(row.declared).code,
        n=sign,
        n_reduced=sign * reviewed.n_reduced,
        n_increased=sign * reviewed.n_increased,
        declared=sign * row.declared,
        reviewed=sign * row.reviewed,
        approved=sign * row.approved,
        gross_reduction=sign * reviewed.gross_reduction,
        gross_increase=sign * reviewed.gross_increase,
        gross_reduction_approved=sign * approved.gross_reduction,
        gross_increase_approved=sign * approved.gross_increase,
        reduction=row,
    )


def reverse(row: Reduction, exclusion: str) -> None:
    """Takes a reduction out of the summary again: reversing first, so that a correction never counts twice."""
    if row.is_counted:
        delta_of(row, sign=-1).save()
        row.is_counted, row.exclusion = False, exclusion
        row.save()


@dataclass(frozen=True)
class Difference:
    """One place where the stored figures are not what the decisions give."""

    where: str
    stored: str
    expected: str


@transaction.atomic
def rebuild(*, repair: bool = False) -> list[Difference]:
    """Recomputes every snapshot and every cell from the decisions; returns the differences (and repairs them if asked)."""
    return [*_snapshot_differences(repair), *_cell_differences(repair)]


def _snapshot_differences(repair: bool) -> Iterator[Difference]:
    decisions = Decision.objects.select_related("item__project", "reduction")
    for decision in decisions.iterator(chunk_size=500):
        expected = snapshot(decision)
        stored = getattr(decision, "reduction", None)
        if stored is not None and decision.item.state == "REVOKED":
            expected.is_counted, expected.exclusion = False, "REVOKED"
        if _facts(expected) != _facts(stored):
            yield Difference(f"decision {decision.pk}", str(_facts(stored)), str(_facts(expected)))
            if repair and expected is not None:
                expected.pk = stored.pk if stored else None
                expected.save()


def _facts(row: Reduction | None) -> tuple | None:
    if row is None:
        return None
    return (row.item_id, row.item_type, row.decided_on, row.declared, row.reviewed, row.approved, row.is_counted)


def _cell_differences(repair: bool) -> Iterator[Difference]:
    stored: dict[tuple, tuple] = {}
    for row in ReductionDelta.objects.values(*CELL).annotate(**{f"sum_{name}": Sum(name) for name in SUMS}):
        _add(stored, tuple(row[name] for name in CELL), tuple(row[f"sum_{name}"] or 0 for name in SUMS))
    expected: dict[tuple, tuple] = {}
    for reduction in Reduction.objects.filter(is_counted=True).iterator(chunk_size=500):
        delta = delta_of(reduction)
        figures = tuple(getattr(delta, name) for name in SUMS)
        _add(expected, tuple(getattr(delta, name) for name in CELL), figures)
    for key in sorted(set(stored) | set(expected), key=str):
        have, want = stored.get(key, (0,) * len(SUMS)), expected.get(key, (0,) * len(SUMS))
        if tuple(map(Decimal, have)) != tuple(map(Decimal, want)):
            yield Difference(f"cell {key}", str(have), str(want))
            if repair:
                _append_difference(key, have, want)


def _add(cells: dict[tuple, tuple], key: tuple, figures: tuple) -> None:
    """Closed months are compared as months: they may be folded (approvals.services.ledger_fold)."""
    cell = (folding.cell_day(key[0], clock.today()), *key[1:])
    before = cells.get(cell, (0,) * len(SUMS))
    cells[cell] = tuple(a + b for a, b in zip(before, figures, strict=True))


def _append_difference(key: tuple, have: tuple, want: tuple) -> None:
    cell = dict(zip(CELL, key, strict=True))
    change = {name: Decimal(w) - Decimal(h) for name, h, w in zip(SUMS, have, want, strict=True)}
    ReductionDelta.objects.create(**cell, **change)
