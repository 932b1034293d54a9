"""The what-if of envelopes over several years, for page and API: what the plan and its projects say, under assumptions."""

from collections.abc import Iterable, Mapping, Sequence
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
    """Years that have a plan as it stands; then what unfinished projects still need, spread evenly to the end of their works.

    A project's whole need is its control figure (its total investment where there is none yet), less what earlier years
    have planned. What lies behind its last plan is asked of the sources in the shares of the project's funding. Envelopes:
    as assumed, else of that year's plan, else those of the last plan grown.
    """
    years = list(range(plan.year, plan.year + min(max(said.years, 1), MOST_YEARS)))
    plans = {row.year: row for row in planning.years(actor).filter(year__in=years)}
    by_project = _items(actor, list(plans.values()), with_left_out=said.with_left_out)
    before = _planned_before(by_project, plan.year)
    needs: list[Need] = []
    remaining: dict[int, Decimal] = {}
    for rank, (key, items) in enumerate(by_project.items()):
        mine = _needs_of(items, years, before.get(key, ZERO), rank)
        needs += mine
        remaining[key] = sum((part for need in mine for part in need.by_year.values()), ZERO)
    given = {year: facts.available_by_source(row) for year, row in plans.items()}
    sources = planning.in_order(
        {*(code for table in given.values() for code in table), *(need.source for need in needs),
         *(code for _year, code in said.envelopes)}
    )  # fmt: skip
    found = simulate(years, _envelopes(years, sources, given, said), needs, sources)
    served = {row.project: row for row in found.projects}
    projects = [
        Project(items[0], remaining[key], served[key], [served[key].given.get(year, ZERO) for year in years])
        for key, items in by_project.items()
        if remaining[key] and key in served
    ]
    return Picture(years, sources, found, projects)


def _envelopes(
    years: Sequence[int], sources: Sequence[str], given: Mapping[int, Mapping[str, Decimal]], said: Assumptions
) -> dict[tuple[int, str], Decimal]:
    found: dict[tuple[int, str], Decimal] = {}
    base, base_year = given.get(years[0], {}), years[0]
    for year in years:
        if given.get(year):
            base, base_year = given[year], year
        for code in sources:
            amount = grown(base.get(code, ZERO), said.growth, year - base_year)
            found[year, code] = said.envelopes.get((year, code), amount)
    return found


def _items(actor: Actor, plans: Sequence[AnnualPlan], *, with_left_out: bool) -> dict[int, list[PlanItem]]:
    """The items of these years by project, earliest first; the projects in the order they are served."""
    rows = plan_items(actor).filter(plan__in=plans).exclude(project__stage__in=(*TERMINAL, Stage.SUSPENDED))
    rows = rows.exclude(state=PlanItemState.DRAFT) if with_left_out else rows.exclude(state__in=LEFT)
    found = rows.select_related("project", "plan").prefetch_related(
        "funding", "adjustments", "project__figures", "project__funding"
    )
    by_project: dict[int, list[PlanItem]] = {}
    for item in found.order_by("plan__year", "category", "pk"):
        by_project.setdefault(item.project_id, []).append(item)
    return by_project


def _planned_before(project_ids: Iterable[int], year: int) -> dict[int, Decimal]:
    """Σ quotas of the years before, by project."""
    earlier = PlanItem.objects.filter(project__in=list(project_ids), plan__year__lt=year)
    sums: dict[int, Decimal] = {}
    for column in ("funding__planned", "adjustments__amount"):
        for key, amount in earlier.order_by().values_list("project").annotate(total=Sum(column)):
            sums[key] = sums.get(key, ZERO) + (amount or ZERO)
    return sums


def _needs_of(items: Sequence[PlanItem], years: Sequence[int], before: Decimal, rank: int) -> list[Need]:
    newest = items[-1]
    by_year = {item.plan.year: _of_its_year(item) for item in items}
    whole = facts.plan_control(newest.project) or newest.total_investment
    later = whole - before - sum((part for table in by_year.values() for part in table.values()), ZERO)
    parts = _by_source(newest, max(later, ZERO), by_year[newest.plan.year])
    behind = [year for year in years if year > newest.plan.year]
    last = newest.works_until.year if newest.works_until else years[-1]
    behind = [year for year in behind if year <= last] or behind[:1]
    needs = []
    for code in {*parts, *(code for table in by_year.values() for code in table)}:
        known = {year: table[code] for year, table in by_year.items() if code in table}
        asked = {**known, **spread(parts.get(code, ZERO), behind)}
        needs.append(Need(newest.project_id, newest.category, code, asked, rank))
    return needs


def _of_its_year(item: PlanItem) -> dict[str, Decimal]:
    """The quota once there is one, until then what is requested."""
    undecided = item.plan.state in (PlanState.CALL, PlanState.BALANCING) and item.state in (
        PlanItemState.REPORTED, PlanItemState.LEFT_OUT
    )  # fmt: skip
    quota = facts.quota_of(item)
    if undecided:
        quota = facts.added(facts.by_source(item.funding.all(), "requested"), facts.by_source(item.adjustments.all()))
    return {code: part for code, part in quota.items() if part > 0}


def _by_source(item: PlanItem, amount: Decimal, this_year: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """In the shares of the project's funding; where it has none, of this year's money."""
    if amount <= 0:
        return {}
    shares: dict[str, Any] = {row.source: row.amount for row in item.project.funding.all() if row.amount}
    shares = shares or dict(this_year) or {row.source: row.requested for row in item.funding.all() if row.requested}
    if not shares:
        return {}
    return dict(zip(shares, allocate(amount, list(shares.values())), strict=True))
