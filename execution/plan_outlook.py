"""The what-if of envelopes over several years, for page and API: what the plan and its projects say, under assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from accounts.actor import Actor
from core.money import ZERO, allocate
from execution import facts, planning
from execution.machines import plan_items
from execution.models import AnnualPlan, PlanItem
from execution.rules.simulation import Cell, Need, Outlook, Served, grown, simulate, spread
from execution.states import PlanItemState, PlanState
from projects.states import TERMINAL, Stage

MOST_YEARS = 10
LEFT = (PlanItemState.DRAFT, PlanItemState.LEFT_OUT)


@dataclass(frozen=True)
class Assumptions:
    """`years` from the plan's year on; `growth` percent a year; `envelopes` yuan by (year, source) that replace growth."""

    years: int = 3
    growth: Decimal = ZERO
    envelopes: Mapping[tuple[int, str], Decimal] = field(default_factory=dict)
    with_left_out: bool = False


@dataclass(frozen=True)
class Project:
    """One project in the outlook: what it still needs from the plan's year on, and when it gets it."""

    item: PlanItem
    remaining: Decimal
    served: Served
    given: list[Decimal]

    @property
    def waits(self) -> Decimal:
        return self.served.waits


@dataclass(frozen=True)
class Picture:
    years: list[int]
    sources: list[str]
    outlook: Outlook
    projects: list[Project]

    def totals(self) -> list[Cell]:
        """Each year over all sources."""
        sums = []
        for year in self.years:
            cells = [cell for cell in self.outlook.cells if cell.year == year]
            names = ("available", "asked", "carried", "given")
            sums.append(Cell(year, "", *(sum((getattr(cell, name) for cell in cells), ZERO) for name in names)))
        return sums


def outlook(actor: Actor, plan: AnnualPlan, said: Assumptions) -> Picture:
    """The plan's own year as it stands, then what unfinished projects still need, spread evenly to the end of their works.

    A project's whole need is its control figure (its total investment where there is none yet), less what earlier years
    have planned. The part behind the plan's year is asked of the sources in the shares of the project's funding.
    """
    years = list(range(plan.year, plan.year + min(max(said.years, 1), MOST_YEARS)))
    items = _items(actor, plan, said.with_left_out)
    before = _planned_before(items, plan)
    needs: list[Need] = []
    remaining: dict[int, Decimal] = {}
    for rank, item in enumerate(items):
        mine = _needs_of(item, years, before.get(item.project_id, ZERO), rank, plan)
        needs += mine
        remaining[item.pk] = sum((part for need in mine for part in need.by_year.values()), ZERO)
    available = facts.available_by_source(plan)
    sources = planning.in_order({*available, *(need.source for need in needs), *(code for _, code in said.envelopes)})
    envelopes = {
        (year, code): said.envelopes.get((year, code), grown(available.get(code, ZERO), said.growth, year - plan.year))
        for year in years
        for code in sources
    }
    found = simulate(years, envelopes, needs, sources)
    by_project = {row.project: row for row in found.projects}
    projects = [
        Project(item, remaining[item.pk], row, [row.given.get(year, ZERO) for year in years])
        for item in items
        if remaining[item.pk] and (row := by_project.get(item.project_id)) is not None
    ]
    return Picture(years, sources, found, projects)


def _items(actor: Actor, plan: AnnualPlan, with_left_out: bool) -> list[PlanItem]:
    rows = plan_items(actor).filter(plan=plan).exclude(project__stage__in=(*TERMINAL, Stage.SUSPENDED))
    rows = rows.exclude(state=PlanItemState.DRAFT) if with_left_out else rows.exclude(state__in=LEFT)
    found = rows.select_related("project").prefetch_related(
        "funding", "adjustments", "project__figures", "project__funding"
    )
    return list(found.order_by("category", "pk"))


def _planned_before(items: Sequence[PlanItem], plan: AnnualPlan) -> dict[int, Decimal]:
    """Σ quotas of the years before the plan's, by project."""
    earlier = PlanItem.objects.filter(project__in=[item.project_id for item in items], plan__year__lt=plan.year)
    sums: dict[int, Decimal] = {}
    for column in ("funding__planned", "adjustments__amount"):
        for key, amount in earlier.order_by().values_list("project").annotate(total=Sum(column)):
            sums[key] = sums.get(key, ZERO) + (amount or ZERO)
    return sums


def _needs_of(item: PlanItem, years: Sequence[int], before: Decimal, rank: int, plan: AnnualPlan) -> list[Need]:
    this_year = _of_this_year(item, plan)
    whole = facts.plan_control(item.project) or item.total_investment
    later = whole - before - sum(this_year.values(), ZERO)
    parts = _by_source(item, max(later, ZERO), this_year)
    last = item.works_until.year if item.works_until else years[-1]
    behind = [year for year in years[1:] if year <= last] or list(years[1:2])
    return [
        Need(
            item.project_id,
            item.category,
            code,
            {years[0]: this_year.get(code, ZERO), **spread(parts.get(code, ZERO), behind)},
            rank,
        )
        for code in {*this_year, *parts}
    ]


def _of_this_year(item: PlanItem, plan: AnnualPlan) -> dict[str, Decimal]:
    """The quota once there is one, until then what is requested."""
    undecided = plan.state in (PlanState.CALL, PlanState.BALANCING) and item.state in (
        PlanItemState.REPORTED, PlanItemState.LEFT_OUT
    )  # fmt: skip
    amounts = facts.by_source(item.funding.all(), "requested") if undecided else facts.quota_of(item)
    return {code: part for code, part in amounts.items() if part > 0}


def _by_source(item: PlanItem, amount: Decimal, this_year: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """In the shares of the project's funding; where it has none, of this year's money."""
    if amount <= 0:
        return {}
    shares: dict[str, Any] = {row.source: row.amount for row in item.project.funding.all() if row.amount}
    shares = shares or dict(this_year) or {row.source: row.requested for row in item.funding.all() if row.requested}
    if not shares:
        return {}
    return dict(zip(shares, allocate(amount, list(shares.values())), strict=True))
