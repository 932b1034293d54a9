"""What was declared, reviewed and reduced this year: sums of the ledger, never added up from items."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from approvals.catalog import ITEM_TYPES
from approvals.models import ReductionDelta
from core.money import ratio


def this_year(today: date) -> dict[str, Any]:
    """Totals and one line per kind of item, 1 January until today; yuan, rates from the sums (R-RED-03)."""
    rows = (
        ReductionDelta.objects.filter(decided_on__range=(date(today.year, 1, 1), today))
        .values("item_type")
        .annotate(items=Sum("n"), was=Sum("declared"), became=Sum("reviewed"), given=Sum("approved"))
        .order_by("item_type")
    )
    lines = [_line(str(ITEM_TYPES[row["item_type"]].label), row) for row in rows]
    total = {key: sum((line[key] for line in lines), Decimal(0)) for key in ("declared", "reviewed", "approved")}
    reduction = total["declared"] - total["reviewed"]
    return {
        "since": date(today.year, 1, 1),
        "until": today,
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
