"""What was declared, reviewed and reduced in a year: sums of the ledger, never added up from items."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from accounts.actor import Actor
from approvals.catalog import ITEM_TYPES
from approvals.models import ReductionDelta
from core.money import ratio


def of_year(year: str, today: date, actor: Actor) -> dict[str, Any]:
    """Totals and one line per kind of item; yuan, rates from the sums (R-RED-03).

    A substitute whose delegation names some kinds of items reads the sums of these (R-PERM-03).
    `year` is one of the ledger's, or `all`; otherwise this year, or the last one in which anything was decided.
    """
    ledger = ReductionDelta.objects.filter(**({"item_type__in": actor.item_types} if actor.item_types else {}))
    years = [day.year for day in ledger.dates("decided_on", "year", order="DESC")]
    chosen = (
        year
        if year == "all" or year in map(str, years)
        else str(next((y for y in years if y <= today.year), today.year))
    )
    deltas = ledger.filter(decided_on__lte=today)
    if chosen != "all":
        deltas = deltas.filter(decided_on__year=int(chosen))
    rows = (
        deltas.values("item_type")
        .annotate(items=Sum("n"), was=Sum("declared"), became=Sum("reviewed"), given=Sum("approved"))
        .order_by("item_type")
    )
    lines = [_line(str(ITEM_TYPES[row["item_type"]].label), row) for row in rows]
    total = {key: sum((line[key] for line in lines), Decimal(0)) for key in ("declared", "reviewed", "approved")}
    reduction = total["declared"] - total["reviewed"]
    return {
        "year": chosen,
        "years": [str(known) for known in years],
        "lines": lines,
        "count": sum(line["count"] for line in lines),
        **total,
        "reduction": reduction,
        "rate": ratio(reduction, total["declared"]),
    }


def _line(label: str, row: dict[str, Any]) -> dict[str, Any]:
    reduction = row["was"] - row["became"]
    return {
        "label": label,
        "count": row["items"],
        "declared": row["was"],
        "reviewed": row["became"],
        "approved": row["given"],
        "reduction": reduction,
        "rate": ratio(reduction, row["was"]),
    }
