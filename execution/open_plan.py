"""Annual plans as anybody may read them once they are released (R-PUB-01; 政府投资条例 art. 30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from core.money import ZERO
from execution import facts
from execution.models import AnnualPlan, PlanAdjustment, PlanItem, PlanItemFunding
from execution.states import PlanItemState, PlanState
from projects.states import SECRECY_OPEN


@dataclass(frozen=True)
class OpenItem:
    """One project of the year; `quota` in yuan: planned and adjusted since."""

    item: PlanItem
    quota: Decimal


def plans() -> QuerySet[AnnualPlan]:
    """The released years, the newest first."""
    return AnnualPlan.objects.filter(state__in=(PlanState.RELEASED, PlanState.CLOSED)).order_by("-year")


def items(plan: AnnualPlan, first: int, size: int) -> Sequence[OpenItem]:
    rows = _open(plan).select_related("project__owner_unit").prefetch_related("funding", "adjustments")
    return [
        OpenItem(row, sum(facts.quota_of(row).values(), ZERO))
        for row in rows.order_by("category", "pk")[first : first + size]
    ]


def total(plan: AnnualPlan) -> Decimal:
    """Yuan: the quotas of all projects that are open to the public."""
    found = _open(plan).order_by().values("pk")
    planned = PlanItemFunding.objects.filter(item__in=found).aggregate(sum=Sum("planned"))["sum"]
    adjusted = PlanAdjustment.objects.filter(item__in=found).aggregate(sum=Sum("amount"))["sum"]
    return (planned or ZERO) + (adjusted or ZERO)


def _open(plan: AnnualPlan) -> QuerySet[PlanItem]:
    states = (PlanItemState.RELEASED, PlanItemState.CLOSED)
    return PlanItem.objects.filter(plan=plan, state__in=states, project__is_public=True, project__secrecy=SECRECY_OPEN)
