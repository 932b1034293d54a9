"""The reduction report from its summary, against reading and adding up the decisions' rows."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db.models import Case, Count, ExpressionWrapper, F, Sum, Value, When

from approvals.models import Decision, Reduction, ReductionDelta
from approvals.services import ledger
from bench import rows
from bench.measure import Line, best
from core.money import MoneyField
from core.trace import SYSTEM
from reports import services
from reports.datasets import reduction_sums
from reports.dimensions import DIMENSIONS
from reports.filters import Filters
from tests.support.cast import Cast
from tests.support.decided import decided

DECISIONS = 20_000
START = 100_000
FIRST = date(2016, 1, 4)
TYPES = ("PR", "FS", "EST", "BUD", "SET", "FA")
CLASSES = ("BUILDING", "MUNICIPAL", "WATER", "LANDSCAPE")


def run(cast: Cast) -> Iterator[Line]:
    seed(cast)
    filters = Filters(by="item_type")
    dimension = DIMENSIONS["item_type"]
    made = services.build("reduction", filters, SYSTEM)
    assert made.table.totals[1] == DECISIONS + 1
    assert reduction_sums.summed(dimension, filters, SYSTEM) == reduction_sums.from_rows(dimension, filters, SYSTEM)
    report = best(lambda: services.build("reduction", filters, SYSTEM))
    sums = best(lambda: reduction_sums.summed(dimension, filters, SYSTEM))
    read = best(lambda: reduction_sums.from_rows(dimension, filters, SYSTEM), 3)
    yield Line("reduction report", "the whole report, from the summary", "every row read and added up", report, read)
    yield Line("its sums", "the sums alone, from the summary", "every row read and added up", sums, read)
    yield Line(
        "its sums", "the sums alone, from the summary", "the database scans the decisions' rows", sums, best(scan)
    )


def scan() -> list[object]:
    """The same figures asked of the decisions' own rows in SQL."""
    counted = Reduction.objects.filter(is_counted=True)
    return list(counted.order_by().values("item_type").annotate(n=Count("pk"), **SUMS))


def _cut(first: str, second: str) -> Sum:
    """Σ max(first − second, 0)."""
    more = When(**{f"{first}__gt": F(second)}, then=ExpressionWrapper(F(first) - F(second), MoneyField()))
    return Sum(Case(more, default=Value(0), output_field=MoneyField()))


def _times(first: str, second: str) -> Count:
    return Count(Case(When(**{f"{first}__gt": F(second)}, then=1)))


SUMS = {
    "n_reduced": _times("declared", "reviewed"),
    "n_increased": _times("reviewed", "declared"),
    **{f"sum_{name}": Sum(name) for name in ("declared", "reviewed", "approved")},
    "gross_reduction": _cut("declared", "reviewed"),
    "gross_increase": _cut("reviewed", "declared"),
    "gross_reduction_approved": _cut("declared", "approved"),
    "gross_increase_approved": _cut("approved", "declared"),
}


def seed(cast: Cast) -> None:
    """20,000 decisions over ten years, each with its reduction and its delta."""
    first = decided(cast, "10000000.00", "7500000.00", on=FIRST)
    numbers = range(START, START + DECISIONS)
    rows.copies(first.item, numbers, {"no": "'BENCH-' || n", "document_no": "'文' || n"})
    rows.copies(first.decision, numbers, {"item_id": "n"})
    chance = Random(44)
    made = [_reduction(first, number, chance) for number in numbers]
    Reduction.objects.bulk_create(made, batch_size=2_000)
    ReductionDelta.objects.bulk_create([ledger.delta_of(row) for row in made], batch_size=2_000)
    rows.settle()
    assert Decision.objects.count() == DECISIONS + 1


def _reduction(first: Reduction, number: int, chance: Random) -> Reduction:
    declared = Decimal(chance.randrange(20_000_000, 20_000_000_000)).scaleb(-2)
    reviewed = (declared * Decimal(chance.randrange(60, 104)) / 100).quantize(Decimal("0.01"))
    return Reduction(
        decision_id=number,
        item_id=number,
        project=first.project,
        item_type=chance.choice(TYPES),
        owner_unit=first.owner_unit,
        project_class=chance.choice(CLASSES),
        industry=first.industry,
        reviewer=first.reviewer,
        decided_on=FIRST + timedelta(days=chance.randrange(3_650)),
        declared=declared,
        reviewed=reviewed,
        approved=reviewed,
    )
