"""A plan's money after the approval: released under documents, adjusted in the year, carried over, reclaimed.

Every service here locks the plan (both plans for a carry-over), then the projects, and tells each project what has been
released to it in all years together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, require, together
from core.money import ZERO
from execution import facts, findings, planning
from execution.flows.plan import is_eligible
from execution.machines import PLAN_ITEMS, plan_items, plans
from execution.models import AnnualPlan, FundRelease, PlanAdjustment, PlanItem
from execution.plan_policies import may_adjust_plan, may_plan
from execution.rules import plan as rules
from execution.services.machine import Step, situation
from execution.services.plans import document_problems, funding_problems, locked_plan
from execution.states import AdjustmentKind, PlanItemState, PlanState
from projects.models import Project
from projects.services import facts as project_facts
from projects.states import TERMINAL, Stage

LONGEST_REASON = 300
IN_PLAN = (PlanItemState.APPROVED, PlanItemState.RELEASED)


@dataclass(frozen=True)
class Amount:
    """Yuan of one source for one item of the plan; with a sign where a quota is adjusted."""

    item_id: int
    source: str
    amount: Decimal


Sums = dict[PlanItem, dict[str, Decimal]]


@transaction.atomic
def release(
    plan_id: int,
    *,
    actor: Actor,
    amounts: Sequence[Amount],
    document_no: str,
    released_on: date | None = None,
    faults: Sequence[Problem] = (),
) -> list[FundRelease]:
    """下达: funds within the quotas become available to the projects, under one document. For the plan officer.

    Σ by source never above the quota (DOMAIN §2.6a), Σ over all years never above the control figure (R-INV-10), both
    under the locks. All or nothing, every reason at once.
    """
    plan = locked_plan(plan_id, actor)
    insist(may_plan, actor)
    sums, found = _sums(plan, actor, amounts)
    found += [*_signed_problems(sums), *_ended_problems(sums)]
    found += [*document_problems(document_no), *_day_problems(released_on)]
    if plan.state != PlanState.RELEASED:
        found.append(Problem("plan.not_released", _("Funds are released after the plan itself was released.")))
    require(together(faults, [*found, *_release_problems(sums)]))
    kept = {"document_no": document_no.strip(), "released_on": released_on or clock.today()}
    rows = []
    for item, parts in sums.items():
        _enters(item, actor, "quota_released")
        rows += [_released(item, source, amount, actor, **kept) for source, amount in parts.items()]
        _trace("funds_released", item, actor, {**kept, "funding": parts})
    _tell(sums, actor)
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
    faults: Sequence[Problem] = (),
) -> list[PlanAdjustment]:
    """年中调整: signed changes of quotas after the approval, under one document. For who approves the plan.

    Requests that were left out, or reported later, enter the plan with what they get. Nothing falls below what has been
    released; the envelopes and R-INV-10 hold for the result.
    """
    plan = locked_plan(plan_id, actor)
    insist(may_adjust_plan, actor)
    sums, found = _sums(plan, actor, amounts)
    found += _ended_problems(item for item, parts in sums.items() if sum(parts.values(), ZERO) > 0)
    found += [*document_problems(document_no), *_day_problems(decided_on), *_reason_problems(reason)]
    if plan.state not in (PlanState.APPROVED, PlanState.RELEASED):
        found.append(Problem("plan.not_approved", _("Quotas are adjusted after the plan was approved.")))
    require(together(faults, [*found, *_adjustment_problems(plan, sums)]))
    kept = {"document_no": document_no.strip(), "decided_on": decided_on or clock.today(), "reason": reason.strip()}
    rows = []
    for item, parts in sums.items():
        if item.state not in IN_PLAN:
            _enters(item, actor, "enter_plan")
            if plan.state == PlanState.RELEASED:
                _enters(item, actor, "quota_released")
        rows += [_adjusted(item, AdjustmentKind.MIDYEAR, source, part, actor, **kept) for source, part in parts.items()]
        _trace("quota_adjusted", item, actor, {**kept, "funding": parts})
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
    faults: Sequence[Problem] = (),
) -> list[PlanItem]:
    """结转: what was not spent moves, with its money, to the plan of the next year. For the plan officer.

    It comes first from what was never released, then from released funds no payment has used; these have to be released
    anew. Returns the items of the next year.
    """
    plan, following = _with_the_next_year(plan_id, actor)
    insist(may_plan, actor)
    sums, found = _sums(plan, actor, amounts)
    taken, problems = _taken(plan, sums)
    found += [*problems, *_ended_problems(sums), *document_problems(document_no), *_day_problems(decided_on)]
    found += _reason_problems(reason, required=False)
    if following is None or following.state == PlanState.CLOSED:
        words = _("There is no open plan of %(year)s to carry over to.") % {"year": plan.year + 1}
        found.append(Problem("plan.no_next_year", words))
    require(together(faults, found))
    assert following is not None
    kept = {"document_no": document_no.strip(), "decided_on": decided_on or clock.today(), "reason": reason.strip()}
    goals = []
    for item, parts in sums.items():
        _give_back(item, taken[item], AdjustmentKind.CARRY_OVER, actor, kept)
        goal = _item_of_next_year(item, following, actor)
        for source, amount in parts.items():
            _adjusted(goal, AdjustmentKind.CARRY_OVER, source, amount, actor, **kept)
        _trace("carried_over", item, actor, {**kept, "year": following.year, "funding": parts})
        goals.append(goal)
    _tell(sums, actor)
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
    faults: Sequence[Problem] = (),
) -> list[PlanItem]:
    """收回: unspent quota and money go back to the treasury; the envelope shrinks by them. For the plan officer."""
    plan = locked_plan(plan_id, actor)
    insist(may_plan, actor)
    sums, found = _sums(plan, actor, amounts)
    taken, problems = _taken(plan, sums)
    found += [*problems, *document_problems(document_no), *_day_problems(decided_on), *_reason_problems(reason)]
    require(together(faults, found))
    kept = {"document_no": document_no.strip(), "decided_on": decided_on or clock.today(), "reason": reason.strip()}
    for item, parts in sums.items():
        _give_back(item, taken[item], AdjustmentKind.RECLAIM, actor, kept)
        _trace("reclaimed", item, actor, {**kept, "funding": parts})
    _tell(sums, actor)
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


def _about(item: PlanItem, code: str, words: str) -> Problem:
    return Problem(code, f"{item.project.name}: {words}", f"item.{item.pk}")


def _ended_problems(items: Iterable[PlanItem]) -> Iterable[Problem]:
    """A project that has ended gives back, and gets nothing any more."""
    return [
        _about(item, "project.ended", _("The project has ended.")) for item in items if item.project.stage in TERMINAL
    ]


def _signed_problems(sums: Sums) -> list[Problem]:
    return [
        _about(item, "plan.negative", _("An amount cannot be negative."))
        for item, parts in sums.items()
        if any(part < 0 for part in parts.values())
    ]


def _day_problems(day: date | None) -> Iterable[Problem]:
    if day and day > clock.today():
        yield Problem("date.future", _("This day lies in the future."), "decided_on")


def _reason_problems(reason: str, *, required: bool = True) -> Iterable[Problem]:
    if required and not reason.strip():
        yield Problem("plan.no_reason", _("A reason is missing."), "reason")
    elif len(reason.strip()) > LONGEST_REASON:
        yield Problem("plan.too_long", _("At most %(n)s characters.") % {"n": LONGEST_REASON}, "reason")


def _release_problems(sums: Sums) -> Iterable[Problem]:
    done = planning.released_of_all_years(item.project_id for item in sums)
    for item, parts in sums.items():
        if item.state not in IN_PLAN:
            yield _about(item, "plan.item_not_in", _("It is not in the approved plan."))
            continue
        if item.project.stage == Stage.SUSPENDED:
            yield _about(item, "project.suspended", _("The project is suspended."))
        quota, released = facts.quota_of(item), facts.released_of(item)
        for source, part in parts.items():
            left = quota.get(source, ZERO) - released.get(source, ZERO)
            if part > left:
                words = _("%(source)s: %(left)s yuan of the quota are left, %(part)s are to be released.")
                shown = {
                    "source": findings.source_label(source),
                    "left": findings.yuan(left),
                    "part": findings.yuan(part),
                }
                yield _about(item, "release.above_quota", words % shown)
        total, control = done.get(item.project_id, ZERO), facts.plan_control(item.project)
        plus = sum(parts.values(), ZERO)
        if rules.above_control_figure(total, plus, control):
            found = planning.above_control_problem(item.project.name, total + plus, control)
            yield Problem("release.above_control", found.message, f"item.{item.pk}")


def _adjustment_problems(plan: AnnualPlan, sums: Sums) -> Iterable[Problem]:
    for item, parts in sums.items():
        if item.state in (PlanItemState.DRAFT, PlanItemState.CLOSED):
            yield _about(item, "plan.item_not_in", _("It is not in the approved plan."))
        elif item.state not in IN_PLAN:
            yield from (_about(item, row.code, str(row.message)) for row in is_eligible(item, situation()))
        quota, released = facts.quota_of(item), facts.released_of(item)
        for source, part in parts.items():
            if quota.get(source, ZERO) + part < released.get(source, ZERO):
                words = _("%(source)s: %(done)s yuan are released already, the quota would be %(left)s.")
                shown = {
                    "source": findings.source_label(source),
                    "done": findings.yuan(released.get(source, ZERO)),
                    "left": findings.yuan(quota.get(source, ZERO) + part),
                }
                yield _about(item, "plan.below_released", words % shown)
    total = facts.added(facts.planned_by_source(plan), *sums.values())
    yield from findings.envelope_problems(rules.over_envelopes(total, facts.available_by_source(plan)))
    more = {item.pk: sum(parts.values(), ZERO) for item, parts in sums.items()}
    if any(part > 0 for part in more.values()):
        yield from planning.above_control(list(sums), more)


def _taken(plan: AnnualPlan, sums: Sums) -> tuple[dict[PlanItem, dict[str, rules.Taken]], list[Problem]]:
    """How each amount that goes back is split, and what cannot go back."""
    found = _signed_problems(sums)
    if plan.state != PlanState.RELEASED:
        found.append(Problem("plan.not_running", _("Quotas go back while the plan year runs.")))
    unpaid = planning.unpaid_by_source(item.project_id for item in sums)
    taken: dict[PlanItem, dict[str, rules.Taken]] = {}
    for item, parts in sums.items():
        quota, released = facts.quota_of(item), facts.released_of(item)
        for source, part in parts.items():
            split = rules.take_back(
                part, quota.get(source, ZERO), released.get(source, ZERO), unpaid.get((item.project_id, source), ZERO)
            )
            if split is None:
                words = _("%(source)s: %(part)s yuan are more than what is unspent.")
                shown = {"source": findings.source_label(source), "part": findings.yuan(part)}
                found.append(_about(item, "plan.spent", words % shown))
            else:
                taken.setdefault(item, {})[source] = split
    return taken, found


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
    """The project's item there; made as a continuing one where its unit has not asked for it, entered where approved."""
    goal = plan.items.select_related("project").filter(project=item.project).first()
    if goal is None:
        goal = PlanItem.objects.create(
            plan=plan, project=item.project, category="CONTINUING", content=item.content, works_from=item.works_from,
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


def _tell(sums: Sums, actor: Actor) -> None:
    """T12 waits for released funds."""
    totals = planning.released_of_all_years(item.project_id for item in sums)
    for item in sums:
        project_facts.tell(item.project, actor=actor, released=totals.get(item.project_id, ZERO))
