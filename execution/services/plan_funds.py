"""A plan's money after the approval: released under documents, adjusted in the year, carried over, reclaimed.

Every service here locks the plan (both plans for a carry-over), then the projects, and tells each project what has been
released to it in all years together. Amounts add to what stands already: `expected_version` of the plan keeps one form
from being counted twice (StaleState).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, require, together
from core.money import ZERO
from execution import facts, planning
from execution.machines import PLAN_ITEMS, plan_items, plans
from execution.models import AnnualPlan, FundRelease, PlanAdjustment, PlanItem
from execution.plan_policies import may_adjust_plan, may_plan
from execution.rules import plan as rules
from execution.services.machine import Step, situation
from execution.services.plan_checks import (
    IN_PLAN,
    Sums,
    adjustment_problems,
    day_problems,
    ended_problems,
    reason_problems,
    release_problems,
    signed_problems,
    taken_back,
)
from execution.services.plans import document_problems, funding_problems, is_as_seen, locked_plan
from execution.states import AdjustmentKind, PlanState
from projects.models import Project
from projects.services import facts as project_facts


@dataclass(frozen=True)
class Amount:
    """Yuan of one source for one item of the plan; with a sign where a quota is adjusted."""

    item_id: int
    source: str
    amount: Decimal


@transaction.atomic
def release(
    plan_id: int,
    *,
    actor: Actor,
    amounts: Sequence[Amount],
    document_no: str,
    released_on: date | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> list[FundRelease]:
    """下达: funds within the quotas become available to the projects, under one document. For the plan officer.

    Σ by source never above the quota (DOMAIN §2.6a), Σ over all years never above the control figure (R-INV-10), both
    under the locks. All or nothing, every reason at once.
    """
    plan = locked_plan(plan_id, actor)
    insist(may_plan, actor)
    is_as_seen(plan, expected_version)
    sums, found = _sums(plan, actor, amounts)
    found += [*signed_problems(sums), *ended_problems(sums)]
    found += [*document_problems(document_no), *day_problems(released_on, plan.released_on)]
    if plan.state != PlanState.RELEASED:
        found.append(Problem("plan.not_released", _("Funds are released after the plan itself was released.")))
    require(together(faults, [*found, *release_problems(sums)]))
    kept: dict[str, Any] = {"document_no": document_no.strip(), "released_on": released_on or clock.today()}
    rows = []
    for item, parts in sums.items():
        _enters(item, actor, "quota_released")
        rows += [_released(item, source, amount, actor, **kept) for source, amount in parts.items()]
        _trace("funds_released", item, actor, {**kept, "funding": parts})
    _tell(sums, actor)
    _moves_on(plan)
    return rows


@transaction.atomic
def adjust(
    plan_id: int,
    *,
    actor: Actor,
    amounts: Sequence[Amount],
    document_no: str,
    reason: str,
    decided_on: date | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> list[PlanAdjustment]:
    """年中调整: signed changes of quotas after the approval, under one document. For who approves the plan.

    Requests that were left out, or reported later, enter the plan with what they get. Nothing falls below what has been
    released; the envelopes and R-INV-10 hold for the result.
    """
    plan = locked_plan(plan_id, actor)
    insist(may_adjust_plan, actor)
    is_as_seen(plan, expected_version)
    sums, found = _sums(plan, actor, amounts)
    found += ended_problems(item for item, parts in sums.items() if sum(parts.values(), ZERO) > 0)
    found += [*document_problems(document_no), *day_problems(decided_on, plan.decided_on), *reason_problems(reason)]
    if plan.state not in (PlanState.APPROVED, PlanState.RELEASED):
        found.append(Problem("plan.not_approved", _("Quotas are adjusted after the plan was approved.")))
    require(together(faults, [*found, *adjustment_problems(plan, sums)]))
    kept: dict[str, Any] = {
        "document_no": document_no.strip(),
        "decided_on": decided_on or clock.today(),
        "reason": reason.strip(),
    }
    rows = []
    for item, parts in sums.items():
        if item.state not in IN_PLAN:
            _enters(item, actor, "enter_plan")
            if plan.state == PlanState.RELEASED:
                _enters(item, actor, "quota_released")
        rows += [_adjusted(item, AdjustmentKind.MIDYEAR, source, part, actor, **kept) for source, part in parts.items()]
        _trace("quota_adjusted", item, actor, {**kept, "funding": parts})
    _moves_on(plan)
    return rows


@transaction.atomic
def carry_over(
    plan_id: int,
    *,
    actor: Actor,
    amounts: Sequence[Amount],
    document_no: str,
    reason: str = "",
    decided_on: date | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> list[PlanItem]:
    """结转: what was not spent moves, with its money, to the plan of the next year. For the plan officer.

    It comes first from what was never released, then from released funds no payment has used; these have to be released
    anew. Returns the items of the next year.
    """
    plan, following = _with_the_next_year(plan_id, actor)
    insist(may_plan, actor)
    is_as_seen(plan, expected_version)
    sums, found = _sums(plan, actor, amounts)
    taken, problems = taken_back(plan, sums)
    found += [
        *problems,
        *ended_problems(sums),
        *document_problems(document_no),
        *day_problems(decided_on, plan.released_on),
    ]
    found += reason_problems(reason, required=False)
    if following is None or following.state == PlanState.CLOSED:
        words = _("There is no open plan of %(year)s to carry over to.") % {"year": plan.year + 1}
        found.append(Problem("plan.no_next_year", words))
    require(together(faults, found))
    assert following is not None
    kept: dict[str, Any] = {
        "document_no": document_no.strip(),
        "decided_on": decided_on or clock.today(),
        "reason": reason.strip(),
    }
    goals = []
    for item, parts in sums.items():
        _give_back(item, taken[item], AdjustmentKind.CARRY_OVER, actor, kept)
        goal = _item_of_next_year(item, following, actor)
        for source, amount in parts.items():
            _adjusted(goal, AdjustmentKind.CARRY_OVER, source, amount, actor, **kept)
        _trace("carried_over", item, actor, {**kept, "year": following.year, "funding": parts})
        goals.append(goal)
    _tell(sums, actor)
    _moves_on(plan)
    return goals


@transaction.atomic
def reclaim(
    plan_id: int,
    *,
    actor: Actor,
    amounts: Sequence[Amount],
    document_no: str,
    reason: str,
    decided_on: date | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> list[PlanItem]:
    """收回: unspent quota and money go back to the treasury; the envelope shrinks by them. For the plan officer."""
    plan = locked_plan(plan_id, actor)
    insist(may_plan, actor)
    is_as_seen(plan, expected_version)
    sums, found = _sums(plan, actor, amounts)
    taken, problems = taken_back(plan, sums)
    found += [
        *problems,
        *document_problems(document_no),
        *day_problems(decided_on, plan.released_on),
        *reason_problems(reason),
    ]
    require(together(faults, found))
    kept: dict[str, Any] = {
        "document_no": document_no.strip(),
        "decided_on": decided_on or clock.today(),
        "reason": reason.strip(),
    }
    for item, parts in sums.items():
        _give_back(item, taken[item], AdjustmentKind.RECLAIM, actor, kept)
        _trace("reclaimed", item, actor, {**kept, "funding": parts})
    _tell(sums, actor)
    _moves_on(plan)
    return list(sums)


def _sums(plan: AnnualPlan, actor: Actor, amounts: Iterable[Amount]) -> tuple[Sums, list[Problem]]:
    """Yuan by item and source, the projects and items locked; what is wrong with the list itself."""
    by_item: dict[int, dict[str, Decimal]] = {}
    for row in amounts:
        part = {row.source: row.amount}
        by_item[row.item_id] = facts.added(by_item.get(row.item_id, {}), part)
    rows = plan_items(actor).filter(plan=plan, pk__in=list(by_item))
    locks.all_locked(Project.objects.filter(pk__in=rows.values("project")))
    items = locks.all_locked(
        rows.select_related("project").prefetch_related(
            *planning.SUMMED, "project__figures", "project__gate_openings"
        )
    )  # fmt: skip
    for item in items:
        item.plan = plan
    sums = {item: {code: part for code, part in by_item[item.pk].items() if part} for item in items}
    sums = {item: parts for item, parts in sums.items() if parts}
    found = [
        Problem("plan.item_unknown", _("There is no such record, or you may not see it."), f"item.{key}")
        for key in sorted(set(by_item) - {item.pk for item in items})
    ]
    if not sums and not found:
        found.append(Problem("plan.no_amounts", _("No amount is given.")))
    positive = [{code: abs(part) for code, part in parts.items()} for parts in sums.values()]
    for parts in positive:
        found += funding_problems(parts)
    return sums, found


def _give_back(
    item: PlanItem, taken: Mapping[str, rules.Taken], kind: AdjustmentKind, actor: Actor, kept: dict
) -> None:
    for source, split in taken.items():
        _adjusted(item, kind, source, -(split.unreleased + split.released), actor, **kept)
        if split.released:
            _released(
                item, source, -split.released, actor,
                document_no=kept["document_no"], released_on=kept["decided_on"], reason=kept["reason"] or str(kind.label),
            )  # fmt: skip


def _with_the_next_year(plan_id: int, actor: Actor) -> tuple[AnnualPlan, AnnualPlan | None]:
    """Both plans, locked in the order of their keys."""
    year = locks.found(plans(actor), pk=plan_id).year
    rows = {row.year: row for row in locks.all_locked(plans(actor).filter(year__in=(year, year + 1)))}
    return rows[year], rows.get(year + 1)


def _item_of_next_year(item: PlanItem, plan: AnnualPlan, actor: Actor) -> PlanItem:
    """The project's item there; made where its unit has not asked for it, entered where approved.

    What began this year continues in the next; preparatory works stay what they are.
    """
    goal = plan.items.select_related("project").filter(project=item.project).first()
    if goal is None:
        category = item.category if item.category == rules.PREPARATORY else "CONTINUING"
        goal = PlanItem.objects.create(
            plan=plan, project=item.project, category=category, content=item.content, works_from=item.works_from,
            works_until=item.works_until, total_investment=item.total_investment, requested_by=item.requested_by,
        )  # fmt: skip
    goal.plan, goal.project = plan, item.project
    if plan.state in (PlanState.APPROVED, PlanState.RELEASED) and goal.state not in IN_PLAN:
        _enters(goal, actor, "enter_plan")
        if plan.state == PlanState.RELEASED:
            _enters(goal, actor, "quota_released")
    return goal


def _enters(item: PlanItem, actor: Actor, name: str) -> None:
    """A move of the item that follows from a decision about its money; nothing where it has been made."""
    move = PLAN_ITEMS.flow[name]
    if item.state == move.target:
        return
    now = situation()
    found = PLAN_ITEMS.flow.problems(item, name, now)
    if found:
        raise RuleViolation(found)
    PLAN_ITEMS.make(Step(item, move, actor, {}, now, clock.now(), item.state))


def _released(
    item: PlanItem, source: str, amount: Decimal, actor: Actor, *, document_no: str, released_on: date, reason: str = ""
) -> FundRelease:
    return FundRelease.objects.create(
        item=item, project=item.project, source=source, amount=amount, document_no=document_no, reason=reason,
        released_on=released_on, released_by=actor.user,
    )  # fmt: skip


def _adjusted(
    item: PlanItem, kind: AdjustmentKind, source: str, amount: Decimal, actor: Actor, *, document_no: str,
    decided_on: date, reason: str,
) -> PlanAdjustment:  # fmt: skip
    return PlanAdjustment.objects.create(
        item=item, kind=kind, source=source, amount=amount, document_no=document_no, decided_on=decided_on,
        reason=reason, decided_by=actor.user,
    )  # fmt: skip


def _trace(verb: str, item: PlanItem, actor: Actor, kept: dict) -> None:
    trace.record(
        f"execution.plan_item.{verb}", actor=actor, target=item, project_id=item.project_id,
        reason=kept.get("reason", ""), facts={"year": item.plan.year, **kept},
    )  # fmt: skip


def _moves_on(plan: AnnualPlan) -> None:
    """The form that led here has done its work: sent twice, by a second click or from the page before, it is stale."""
    plan.version += 1
    plan.save(update_fields=["version"])


def _tell(sums: Sums, actor: Actor) -> None:
    """T12 waits for released funds."""
    totals = planning.released_of_all_years(item.project_id for item in sums)
    for item in sums:
        project_facts.tell(item.project, actor=actor, released=totals.get(item.project_id, ZERO))
