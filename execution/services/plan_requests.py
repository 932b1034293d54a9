"""Requests of the units for the annual plan, and their balancing against the envelopes (hard stop)."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from accounts.services.notify import tell
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import ZERO
from core.row_problems import row_problems
from core.workflow import Situation
from execution import facts, findings, planning
from execution.flows.plan import PLAN_ITEM_FLOW, the_call_is_open
from execution.machines import PLAN_ITEMS, plan_items
from execution.models import AnnualPlan, PlanItem, PlanItemFunding
from execution.plan_policies import may_plan, may_request
from execution.rules import plan as rules
from execution.services.machine import Step, situation
from execution.services.plans import STALE, funding_problems, locked_plan
from execution.states import PlanItemState, PlanState
from projects import codes
from projects.models import Project

FIELDS = ("category", "content", "works_from", "works_until", "total_investment", "year_goal", "reason")
LONGEST = {"content": 5000, "reason": 2000}
MOST_SOURCES = 60


@transaction.atomic
def request(
    plan_id: int,
    project_id: int,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    funding: Mapping[str, Decimal] | None = None,
    faults: Sequence[Problem] = (),
) -> PlanItem:
    """A draft request of the project's unit. `values` holds fields of FIELDS, `funding` yuan by source.

    Raises RuleViolation with every reason. The unit's lead reports it (move `report`).
    """
    plan = locked_plan(plan_id, actor)
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_request, actor, project)
    item = PlanItem(plan=plan, project=project, requested_by=actor.user)
    found = list(the_call_is_open(item, situation()))
    if plan.items.filter(project=project).exists():
        words = _("The project is in the plan of %(year)s already.") % {"year": plan.year}
        found.append(Problem("plan.item_twice", words, "project"))
    return _keep(item, values, funding or {}, actor, [*faults, *found], "execution.plan_item.requested")


@transaction.atomic
def amend_request(
    pk: int,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    funding: Mapping[str, Decimal] | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> PlanItem:
    """Corrects a request that is not reported, or was returned. Without `funding` the amounts stay."""
    item = PLAN_ITEMS.lock(pk, actor)
    insist(may_request, actor, item.project)
    if expected_version not in (None, item.version):
        raise StaleState(STALE)
    found = []
    if item.state != PlanItemState.DRAFT:
        found.append(Problem("plan.reported", _("A reported request is corrected after it was returned.")))
    item.version += 1
    said = facts.by_source(item.funding.all(), "requested") if funding is None else funding
    return _keep(item, values, said, actor, [*faults, *found], "execution.plan_item.amended")


@transaction.atomic
def discard(pk: int, *, actor: Actor) -> None:
    """Takes back a request nobody has seen yet."""
    item = PLAN_ITEMS.lock(pk, actor)
    insist(may_request, actor, item.project)
    if item.state != PlanItemState.DRAFT or item.adjustments.exists() or item.releases.exists():
        raise RuleViolation([Problem("plan.reported", _("A reported request is corrected after it was returned."))])
    kept = {"year": item.plan.year, "no": item.pk}
    trace.record(
        "execution.plan_item.discarded", actor=actor, target=item, project_id=item.project_id, facts=kept
    )  # fmt: skip
    item.delete()


def _keep(
    item: PlanItem,
    values: Mapping[str, Any],
    funding: Mapping[str, Decimal],
    actor: Actor,
    faults: Sequence[Problem],
    verb: str,
) -> PlanItem:
    for name in FIELDS:
        if name in values:
            setattr(item, name, values[name])
    require(together(faults, [*_row_problems(item, faults), *_asked_problems(item, funding, faults)]))
    item.save()
    _keep_requested(item, funding)
    kept = {
        "year": item.plan.year, "category": item.category, "total_investment": item.total_investment,
        "requested": dict(funding),
    }  # fmt: skip
    trace.record(verb, actor=actor, target=item, project_id=item.project_id, facts=kept)
    return item


def _keep_requested(item: PlanItem, funding: Mapping[str, Decimal]) -> None:
    """The planned amounts of the same sources stay."""
    rows = {row.source: row for row in item.funding.all()}
    for source, amount in funding.items():
        row = rows.pop(source, None) or PlanItemFunding(item=item, source=source)
        if amount or row.planned:
            row.requested = amount
            row.save()
        elif row.pk:
            row.delete()
    for row in rows.values():
        row.delete()


def _row_problems(item: PlanItem, faults: Sequence[Problem]) -> Iterable[Problem]:
    unread = {fault.field for fault in faults if fault.field}
    bad = set(unread)
    try:
        item.full_clean(exclude={"plan", "project", "requested_by", *unread}, validate_constraints=False)
    except ValidationError as error:
        problems = row_problems(error)
        bad |= {problem.field for problem in problems}
        yield from problems
    if "category" not in bad and not codes.is_valid("plan_category", item.category, clock.today()):
        yield Problem("plan.category", _("There is no such category of the plan."), "category")
    if "total_investment" not in bad and item.total_investment <= 0:
        yield Problem("plan.total", _("The total investment is more than nothing."), "total_investment")
    for name, most in LONGEST.items():
        if len(getattr(item, name)) > most:
            yield Problem("plan.too_long", _("At most %(n)s characters.") % {"n": most}, name)
    if item.works_from and item.works_until and item.works_until < item.works_from:
        yield Problem("date.too_early", _("The end lies before the start."), "works_until")


def _asked_problems(item: PlanItem, funding: Mapping[str, Decimal], faults: Sequence[Problem]) -> Iterable[Problem]:
    found = list(funding_problems(funding))
    yield from found
    asked = sum(funding.values(), ZERO)
    total = item.total_investment
    if not found and isinstance(total, Decimal) and 0 < total < asked:
        words = _("%(asked)s yuan are asked for, more than the total investment of %(total)s.")
        shown = {"asked": findings.yuan(asked), "total": findings.yuan(total)}
        yield Problem("plan.above_total", words % shown, "funding")


@PLAN_ITEMS.before("report")
def is_seen_again(step: Step) -> None:
    step.row.returned_on = None


@PLAN_ITEMS.before("return_request")
def keep_the_return(step: Step) -> None:
    """The unit may report it again, also after the deadline."""
    step.row.returned_on = step.on
    _plan_nothing(step.row)


@PLAN_ITEMS.after("return_request")
def tell_the_unit(step: Step) -> None:
    item = step.row
    told = {"year": item.plan.year, "project": item.project.name, "text": step.data["reason"][:300]}
    tell(item.requested_by, "plan.returned", told, link=item.get_absolute_url())


@PLAN_ITEMS.before("leave_out")
def frees_the_envelopes(step: Step) -> None:
    _plan_nothing(step.row)


def _plan_nothing(item: PlanItem) -> None:
    item.funding.update(planned=ZERO)


@PLAN_ITEMS.check("balance")
def balance_problems(item: PlanItem, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    """The hard stop: what the item takes now, with everything planned already, stays within every envelope."""
    if "planned" not in said:
        return []
    planned, found = read_planned(said["planned"])
    if found:
        return found
    return _fitting_problems(item.plan, {item: planned})


def read_planned(raw: Any) -> tuple[dict[str, Decimal], list[Problem]]:
    """Yuan by source as they come over the API: texts or exact numbers."""
    if not isinstance(raw, dict) or len(raw) > MOST_SOURCES:
        return {}, [Problem("plan.shape", _("Planned amounts are yuan by the code of the source."), "planned")]
    amounts, found = {}, []
    for code, value in raw.items():
        try:
            if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
                raise InvalidOperation
            amount = Decimal(str(value).replace(",", "")[:40])
            if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
                raise InvalidOperation
            amounts[str(code)] = amount.quantize(Decimal("0.01"))
        except InvalidOperation:
            words = _("“%(value)s” is not an amount.") % {"value": str(value)[:40]}
            found.append(Problem("plan.amount", words, "planned"))
    return amounts, [*found, *funding_problems(amounts, "planned")]


def _fitting_problems(plan: AnnualPlan, wanted: Mapping[PlanItem, Mapping[str, Decimal]]) -> list[Problem]:
    """Of all these items together: within the envelopes, something for each, R-INV-10 for each."""
    found, more, total = [], {}, facts.planned_by_source(plan)
    for item, planned in wanted.items():
        before = facts.by_source(item.funding.all(), "planned")
        held = any(item.adjustments.all())
        if not any(planned.values()) and not held:
            words = _("%(project)s: nothing is planned from any source; leave it out instead.")
            found.append(Problem("plan.nothing", words % {"project": item.project.name}, "planned"))
        total = facts.added(total, planned, {code: -amount for code, amount in before.items()})
        more[item.pk] = sum(planned.values(), ZERO) - sum(before.values(), ZERO)
    over = rules.over_envelopes(total, facts.available_by_source(plan))
    return [*found, *findings.envelope_problems(over), *planning.above_control(list(wanted), more)]


@PLAN_ITEMS.before("balance")
def keep_the_planned(step: Step) -> None:
    planned = step.data["planned"]
    keep_planned(step.row, planned if _is_read(planned) else read_planned(planned)[0])
    step.data["planned"] = {code: str(amount) for code, amount in planned.items()}


def _is_read(planned: Mapping[str, Any]) -> bool:
    return all(isinstance(amount, Decimal) for amount in planned.values())


def keep_planned(item: PlanItem, planned: Mapping[str, Decimal]) -> None:
    """Sources not named get nothing; what was requested of them stays."""
    rows = {row.source: row for row in item.funding.all()}
    for source in {*rows, *planned}:
        row = rows.get(source) or PlanItemFunding(item=item, source=source)
        row.planned = planned.get(source, ZERO)
        if row.planned or row.requested:
            row.save()
        elif row.pk:
            row.delete()


@transaction.atomic
def balance_many(
    plan_id: int,
    *,
    actor: Actor,
    planned: Mapping[int, Mapping[str, Decimal]],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> list[PlanItem]:
    """Balances several requests at once: yuan by source, by key of the item. All or nothing, every reason at once.

    Items whose amounts stay as they are, and reported ones that get nothing, are left alone. Returns those balanced.
    """
    plan = locked_plan(plan_id, actor)
    insist(may_plan, actor)
    if expected_version not in (None, plan.version):
        raise StaleState(STALE)
    now, at = situation(), clock.now()
    wanted, found = _wanted(plan, actor, planned)
    if plan.state != PlanState.BALANCING:
        found.append(Problem("plan.not_balancing", _("Requests are balanced between the call and the approval.")))
        wanted = {}
    for item, amounts in wanted.items():
        found += [
            Problem(row.code, f"{item.project.name}: {row.message}", f"item.{item.pk}")
            for row in (*PLAN_ITEM_FLOW.problems(item, "balance", now), *funding_problems(amounts))
        ]
    require(together(faults, [*found, *(_fitting_problems(plan, wanted) if not found else ())]))
    for item, amounts in wanted.items():
        PLAN_ITEMS.make(Step(item, PLAN_ITEM_FLOW["balance"], actor, {"planned": dict(amounts)}, now, at, item.state))
    return list(wanted)


def _wanted(
    plan: AnnualPlan, actor: Actor, planned: Mapping[int, Mapping[str, Decimal]]
) -> tuple[dict[PlanItem, Mapping[str, Decimal]], list[Problem]]:
    rows = plan_items(actor).filter(plan=plan, pk__in=list(planned))
    locks.all_locked(Project.objects.filter(pk__in=rows.values("project")))
    items = locks.all_locked(
        rows.select_related("project").prefetch_related(
            "funding", "adjustments", "project__figures", "project__gate_openings"
        )
    )  # fmt: skip
    for item in items:
        item.plan = plan
    missing = set(planned) - {item.pk for item in items}
    found = [
        Problem("plan.item_unknown", _("There is no such record, or you may not see it."), f"item.{key}")
        for key in sorted(missing)
    ]
    return {item: planned[item.pk] for item in items if _changes(item, planned[item.pk])}, found


def _changes(item: PlanItem, amounts: Mapping[str, Decimal]) -> bool:
    now = {code: amount for code, amount in facts.by_source(item.funding.all(), "planned").items() if amount}
    then = {code: amount for code, amount in amounts.items() if amount}
    if item.state == PlanItemState.BALANCED:
        return now != then
    return bool(then)
