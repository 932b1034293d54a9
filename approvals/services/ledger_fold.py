"""Keeps the reduction summary small: the deltas of a closed month become one row per cell, with the same sums (§3.5).

Idempotent, and safe with two at once: only rows that are locked are added up, and they go in the same transaction.
A reader sees a month before or after, never in between. Nothing is lost: every decision keeps its own `Reduction`.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from approvals.models import ReductionDelta
from approvals.rules import folding
from approvals.services.ledger import CELL, SUMS
from core import clock, locks

BATCH = 500


def fold() -> int:
    """Folds every closed month that is not folded; returns by how many rows the summary became shorter."""
    before = folding.folded_before(clock.today())
    single = Q(reduction__isnull=False) | ~Q(decided_on__day=1)
    months = ReductionDelta.objects.filter(single, decided_on__lt=before).dates("decided_on", "month")
    return sum(_fold_month(first) for first in list(months))


@transaction.atomic
def _fold_month(first: date) -> int:
    """One month: its rows are added up by cell, under its first day; what comes to nothing is not kept."""
    following = (first + timedelta(days=31)).replace(day=1)
    rows = locks.all_locked(ReductionDelta.objects.filter(decided_on__gte=first, decided_on__lt=following))
    cells: dict[tuple, list[ReductionDelta]] = defaultdict(list)
    for row in rows:
        cells[tuple(first if name == "decided_on" else getattr(row, name) for name in CELL)].append(row)
    sums = [ReductionDelta(**dict(zip(CELL, key, strict=True)), **_sums(found)) for key, found in cells.items()]
    kept = [row for row in sums if any(getattr(row, name) for name in SUMS)]
    for start in range(0, len(rows), BATCH):
        ReductionDelta.objects.filter(pk__in=[row.pk for row in rows[start : start + BATCH]]).delete()
    ReductionDelta.objects.bulk_create(kept, batch_size=BATCH)
    return len(rows) - len(kept)


def _sums(rows: list[ReductionDelta]) -> dict[str, object]:
    return {name: sum(getattr(row, name) for row in rows) for name in SUMS}
