"""Reads of annual plans for pages, API and services: years, one plan with its sums, items, a project's cumulated quotas."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import APPLICANTS, Role
from core import clock
from core.errors import Problem
from core.locks import found
from core.money import ZERO
from execution import facts
from execution.findings import yuan
from execution.machines import plan_items, plans
from execution.models import AnnualPlan, FundRelease, PaymentFunding, PlanAdjustment, PlanItem, PlanItemFunding
from execution.rules.plan import above_control_figure
from execution.states import PlanItemState, PlanState
from projects import codes
from projects.models import Project
from projects.states import TERMINAL

SUMMED = ("funding", "adjustments", "releases")


@dataclass(frozen=True)
class Envelope:
    """One source in one year (yuan): what it can give, what is asked of it, planned, released."""

    source: str
    label: str
    available: Decimal
    requested: Decimal
    planned: Decimal
    released: Decimal

    @property
    def left(self) -> Decimal:
        return self.available - self.planned

    @property
    def is_over(self) -> bool:
        return self.left < 0

    @property
    def is_full(self) -> bool:
        return self.left == 0 and self.planned > 0

    @property
    def share(self) -> int:
        """Whole percent of the envelope that is planned, for the bar."""
        if self.available <= 0:
            return 100 if self.planned > 0 else 0
        return min(100, int(self.planned * 100 / self.available))


@dataclass(frozen=True)
class Standing:
    """One item's money of one source (yuan)."""

    source: str
    label: str
    requested: Decimal
    planned: Decimal
    quota: Decimal
    released: Decimal

    @property
    def left(self) -> Decimal:
        return self.quota - self.released


def sees_whole_plan(actor: Actor) -> bool:
    """Units see their own requests; envelopes and totals are for those who make and look after the plan."""
    return actor.role not in APPLICANTS


def plan_of(actor: Actor, pk: int) -> AnnualPlan:
    return found(plans(actor), pk=pk)


def years(actor: Actor) -> QuerySet[AnnualPlan]:
    """Newest first, each with the number of items this person sees."""
    seen = Q(items__in=plan_items(actor))
    return plans(actor).annotate(n_items=Count("items", filter=seen)).order_by("-year")


def envelopes_of(plan: AnnualPlan) -> list[Envelope]:
    """Every source the plan knows, in the order of the code table."""
    available, planned = facts.available_by_source(plan), facts.planned_by_source(plan)
    requested, released = facts.requested_by_source(plan), facts.released_by_source(plan)
    labels = codes.labels("funding_source")
    return [
        Envelope(
            code,
            labels.get(code, code),
            *(table.get(code, ZERO) for table in (available, requested, planned, released)),
        )
        for code in in_order({*available, *planned, *requested}, labels)
    ]


def total_of(rows: Iterable[Any]) -> dict[str, Decimal]:
    found_ = list(rows)
    names = ("available", "requested", "planned", "released", "left")
    return {
        name: sum((getattr(row, name) for row in found_), ZERO) for name in names if found_ and hasattr(found_[0], name)
    }


def in_order(sources: Iterable[str], labels: Mapping[str, str] | None = None) -> list[str]:
    """Codes of funding sources as the code table orders them; unknown ones last. `labels`: the table, if at hand."""
    place = {code: number for number, code in enumerate(labels or codes.labels("funding_source"))}
    return sorted(sources, key=lambda code: (place.get(code, len(place)), code))


def items_of(actor: Actor, plan: AnnualPlan) -> QuerySet[PlanItem]:
    rows = plan_items(actor).filter(plan=plan).select_related("project__owner_unit", "plan")
    return rows.prefetch_related(*SUMMED)


def item_of(actor: Actor, pk: int) -> PlanItem:
    rows = plan_items(actor).select_related("plan", "project__owner_unit", "requested_by")
    return found(
        rows.prefetch_related(*SUMMED, "project__figures", "project__gate_openings", "releases__released_by"), pk=pk
    )


def items_of_project(actor: Actor, project: Project) -> QuerySet[PlanItem]:
    rows = plan_items(actor).filter(project=project).select_related("plan")
    return rows.prefetch_related(*SUMMED).order_by("-plan__year")


def sums_of(item: PlanItem) -> dict[str, Decimal]:
    """Yuan over all sources."""
    quota, released = facts.quota_of(item), facts.released_of(item)
    return {
        "requested": sum((row.requested for row in item.funding.all()), ZERO),
        "planned": sum((row.planned for row in item.funding.all()), ZERO),
        "quota": sum(quota.values(), ZERO),
        "released": sum(released.values(), ZERO),
        "left": sum(quota.values(), ZERO) - sum(released.values(), ZERO),
    }


def standings_of(item: PlanItem, labels: Mapping[str, str] | None = None) -> list[Standing]:
    """Every source of the item. `labels` of the sources, where many items are shown."""
    labels = labels or codes.labels("funding_source")
    rows = {row.source: row for row in item.funding.all()}
    quota, released = facts.quota_of(item), facts.released_of(item)
    return [
        Standing(
            code,
            labels.get(code, code),
            rows[code].requested if code in rows else ZERO,
            rows[code].planned if code in rows else ZERO,
            quota.get(code, ZERO),
            released.get(code, ZERO),
        )
        for code in in_order({*rows, *quota, *released}, labels)
    ]


def items_with_figures(plan: AnnualPlan) -> QuerySet[PlanItem]:
    return plan.items.select_related("project").prefetch_related("project__figures")


def quota_of_all_years(project_ids: Iterable[int]) -> dict[int, Decimal]:
    """Σ planned and adjusted over every year's plan, by project."""
    ids = list(project_ids)
    planned = PlanItemFunding.objects.filter(item__project__in=ids).order_by().values_list("item__project")
    adjusted = PlanAdjustment.objects.filter(item__project__in=ids).order_by().values_list("item__project")
    sums: dict[int, Decimal] = {}
    for key, amount in [*planned.annotate(total=Sum("planned")), *adjusted.annotate(total=Sum("amount"))]:
        sums[key] = sums.get(key, ZERO) + amount
    return sums


def released_of_all_years(project_ids: Iterable[int]) -> dict[int, Decimal]:
    rows = FundRelease.objects.filter(project__in=list(project_ids)).order_by().values_list("project")
    return dict(rows.annotate(total=Sum("amount")))


def unpaid_by_source(project_ids: Iterable[int]) -> dict[tuple[int, str], Decimal]:
    """What was released in all years and no payment has used, by project and source."""
    ids = list(project_ids)
    released = FundRelease.objects.filter(project__in=ids).order_by().values_list("project", "source")
    used = PaymentFunding.objects.filter(
        payment__contract__project__in=ids, payment__state__in=facts.COMMITTED
    ).order_by().values_list("payment__contract__project", "source")  # fmt: skip
    sums = {(key, code): total for key, code, total in released.annotate(total=Sum("amount"))}
    for key, code, total in used.annotate(total=Sum("amount")):
        sums[key, code] = sums.get((key, code), ZERO) - total
    return sums


def above_control(items: Sequence[PlanItem], more: dict[int, Decimal] | None = None) -> Iterator[Problem]:
    """R-INV-10 for plans: Σ quotas of all years, with `more` yuan by item, never above the control figure.

    Items come with project and figures. Asked only of items that hold or get a quota.
    """
    gets = more or {}
    held = quota_of_all_years({item.project_id for item in items})
    for item in items:
        total, plus = held.get(item.project_id, ZERO), gets.get(item.pk, ZERO)
        if total + plus <= 0 or (gets and plus <= 0):
            continue
        control = facts.plan_control(item.project)
        if above_control_figure(total, plus, control):
            yield above_control_problem(item.project.name, total + plus, control)


def above_control_problem(project: str, total: Decimal, control: Decimal | None) -> Problem:
    if control is None:
        words = _("%(project)s: nothing can be planned or released before an amount is approved.")
    else:
        words = _("%(project)s: %(total)s yuan in all years together, the control figure is %(control)s.")
    shown = {"project": project, "total": yuan(total), "control": yuan(control or ZERO)}
    return Problem("plan.above_control", words % shown, "funding")


@dataclass
class CategorySum:
    """The items of one category (yuan)."""

    code: str
    label: str
    n: int = 0
    total_investment: Decimal = ZERO
    requested: Decimal = ZERO
    quota: Decimal = ZERO
    released: Decimal = ZERO


CATEGORIES = ("CONTINUING", "NEW", "PREPARATORY")


def by_category(actor: Actor, plan: AnnualPlan) -> list[CategorySum]:
    """What this person sees of the plan, by category; requests that are drafts still do not count."""
    labels = codes.labels("plan_category")
    items = plan_items(actor).filter(plan=plan)
    reported = items.exclude(state=PlanItemState.DRAFT)
    sums: dict[str, CategorySum] = {}

    def row(code: str) -> CategorySum:
        return sums.setdefault(code, CategorySum(code, labels.get(code, code)))

    for code, n, total in (
        reported.order_by().values_list("category").annotate(n=Count("pk"), t=Sum("total_investment"))
    ):
        row(code).n, row(code).total_investment = n, total
    parts = (
        (reported, "funding__requested", "requested"), (items, "funding__planned", "quota"),
        (items, "adjustments__amount", "quota"), (items, "releases__amount", "released"),
    )  # fmt: skip
    for rows, column, name in parts:
        for code, amount in rows.order_by().values_list("category").annotate(total=Sum(column)):
            if amount:
                setattr(row(code), name, getattr(row(code), name) + amount)
    place = {code: number for number, code in enumerate(CATEGORIES)}
    return sorted(sums.values(), key=lambda one: (place.get(one.code, len(place)), one.code))


def state_counts(actor: Actor, plan: AnnualPlan) -> dict[str, int]:
    rows = plan_items(actor).filter(plan=plan).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))


def taking_requests(rows: QuerySet[AnnualPlan]) -> QuerySet[AnnualPlan]:
    """The years in which requests can be made now: called and not overdue, or running (flows.plan.the_call_is_open)."""
    called = Q(state=PlanState.CALL) & (Q(requests_until__isnull=True) | Q(requests_until__gte=clock.today()))
    return rows.filter(called | Q(state__in=(PlanState.APPROVED, PlanState.RELEASED)))


def open_years(actor: Actor, project: Project) -> QuerySet[AnnualPlan]:
    """The plans in which a request of this project can still be made."""
    return taking_requests(plans(actor)).exclude(items__project=project)


def projects_to_ask_for(actor: Actor, plan: AnnualPlan) -> QuerySet[Project]:
    """What a unit's clerk can ask money for in this year: the unit's living projects that are not in the plan yet."""
    if actor.role != Role.APPLICANT_CLERK or not taking_requests(plans(actor).filter(pk=plan.pk)).exists():
        return Project.objects.none()
    own = Q(owner_unit=actor.organisation_id) | Q(construction_unit=actor.organisation_id)
    rows = Project.objects.visible_to(actor).filter(own).exclude(stage__in=TERMINAL)
    return rows.exclude(plan_items__plan=plan).order_by("name", "pk")


def sums_by_year(actor: Actor, plan_ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """Yuan requested, planned (adjusted), released by plan, over the items this person sees."""
    items = plan_items(actor).filter(plan__in=plan_ids)
    reported = items.exclude(state=PlanItemState.DRAFT)
    parts = (
        (reported, "funding__requested", "requested"), (items, "funding__planned", "quota"),
        (items, "adjustments__amount", "quota"), (items, "releases__amount", "released"),
    )  # fmt: skip
    sums: dict[int, dict[str, Decimal]] = {}
    for rows, column, name in parts:
        for key, amount in rows.order_by().values_list("plan").annotate(total=Sum(column)):
            row = sums.setdefault(key, {"requested": ZERO, "quota": ZERO, "released": ZERO})
            row[name] += amount or ZERO
    return sums
