"""The year's plan: called, given its envelopes, approved, released, closed. Every write holds the plan's lock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models import Appointment, Organisation
from accounts.policies import insist
from accounts.roles import APPLICANTS
from accounts.services.notify import tell
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import ZERO, size_problems
from core.workflow import Situation
from execution import facts, findings, planning
from execution.machines import PLAN_ITEMS, PLANS, plans
from execution.models import AnnualPlan, PlanEnvelope, PlanItem
from execution.plan_policies import may_plan
from execution.rules import plan as rules
from execution.services.machine import Step
from execution.states import PlanItemState, PlanState
from projects import codes

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_NOTE = 5000
LONGEST_DOCUMENT_NO = 60
STALE = Problem("stale", gettext_lazy("Somebody else has changed this meanwhile. Please look at it again."))


@transaction.atomic
def call(
    year: int | None,
    *,
    actor: Actor,
    requests_until: date | None,
    note: str = "",
    envelopes: Mapping[str, Decimal] | None = None,
    faults: Sequence[Problem] = (),
) -> AnnualPlan:
    """Opens a year and asks the units for requests until a day. `envelopes` maps a source's code to yuan.

    Raises RuleViolation with every reason. The people of all project units are told.
    """
    insist(may_plan, actor)
    plan = AnnualPlan(year=year or 0, requests_until=requests_until, note=note.strip(), created_by=actor.user)
    found = [*_year_problems(plan), *_call_problems(plan), *funding_problems(envelopes or {}, "envelopes")]
    require(together(faults, found))
    plan.save()
    _keep_envelopes(plan, envelopes or {})
    kept = {"year": plan.year, "requests_until": plan.requests_until, "envelopes": dict(envelopes or {})}
    trace.record("execution.plan.called", actor=actor, target=plan, facts=kept)
    for user in _people_of_units():
        told = {"year": plan.year, "until": str(plan.requests_until)}
        tell(user, "plan.called", told, link=plan.get_absolute_url())
    return plan


@transaction.atomic
def amend_call(
    pk: int,
    *,
    actor: Actor,
    requests_until: date | None,
    note: str = "",
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> AnnualPlan:
    """Another deadline or notice, while requests are taken."""
    plan = locked_plan(pk, actor)
    insist(may_plan, actor)
    is_as_seen(plan, expected_version)
    plan.requests_until, plan.note = requests_until, note.strip()
    found = list(_call_problems(plan))
    if plan.state != PlanState.CALL:
        found.append(
            Problem("plan.call_closed", _("The call for requests of %(year)s is closed.") % {"year": plan.year})
        )
    require(together(faults, found))
    plan.version += 1
    plan.save()
    kept = {"requests_until": plan.requests_until, "note": plan.note}
    trace.record("execution.plan.call_amended", actor=actor, target=plan, facts=kept)
    return plan


@transaction.atomic
def set_envelopes(
    pk: int,
    *,
    actor: Actor,
    envelopes: Mapping[str, Decimal],
    document_no: str = "",
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> AnnualPlan:
    """What each source can give in the year (yuan by code), all of them; those not named give nothing.

    Never below what is planned already. After the approval only under a document.
    """
    plan = locked_plan(pk, actor)
    insist(may_plan, actor)
    is_as_seen(plan, expected_version)
    found = list(funding_problems(envelopes, "envelopes"))
    if plan.state == PlanState.CLOSED:
        found.append(Problem("plan.closed", _("The plan year is closed.")))
    elif plan.state in (PlanState.APPROVED, PlanState.RELEASED):
        found += document_problems(document_no)
    before = facts.by_source(plan.envelopes.all())
    moved = facts.added(facts.available_by_source(plan), {code: -amount for code, amount in before.items()})
    over = rules.over_envelopes(facts.planned_by_source(plan), facts.added(moved, envelopes))
    require(together(faults, [*found, *findings.envelope_problems(over)]))
    _keep_envelopes(plan, envelopes)
    plan.version += 1
    plan.save()
    kept = {"document_no": document_no.strip(), "before": before, "envelopes": dict(envelopes)}
    trace.record("execution.plan.envelopes_set", actor=actor, target=plan, facts=kept)
    return plan


def _keep_envelopes(plan: AnnualPlan, envelopes: Mapping[str, Decimal]) -> None:
    plan.envelopes.all().delete()
    PlanEnvelope.objects.bulk_create(
        PlanEnvelope(plan=plan, source=source, amount=amount) for source, amount in sorted(envelopes.items()) if amount
    )


def locked_plan(pk: int, actor: Actor) -> AnnualPlan:
    return locks.locked(plans(actor), pk)


def is_as_seen(row: Any, expected_version: int | None) -> None:
    """Raises StaleState where the row has moved on since this person looked at it."""
    if expected_version not in (None, row.version):
        raise StaleState(STALE)


def _year_problems(plan: AnnualPlan) -> Iterable[Problem]:
    if not FIRST_YEAR <= plan.year <= LAST_YEAR:
        yield Problem("plan.year", _("This is not a year."), "year")
    elif AnnualPlan.objects.filter(year=plan.year).exists():
        yield Problem("plan.twice", _("There is a plan of %(year)s already.") % {"year": plan.year}, "year")


def _call_problems(plan: AnnualPlan) -> Iterable[Problem]:
    if plan.requests_until is None:
        yield Problem("plan.no_deadline", _("A call needs a day until which requests are taken."), "requests_until")
    elif plan.requests_until < clock.today():
        yield Problem("plan.deadline_past", _("This day has passed."), "requests_until")
    if len(plan.note) > LONGEST_NOTE:
        yield Problem("plan.note", _("At most %(n)s characters.") % {"n": LONGEST_NOTE}, "note")


def funding_problems(amounts: Mapping[str, Decimal], field: str = "funding") -> Iterable[Problem]:
    """Sources that do not exist, amounts below nothing or beyond what can be kept."""
    known = {entry.code for entry in codes.entries("funding_source", clock.today())}
    unknown = sorted(code for code in amounts if code not in known)
    if unknown:
        words = _("There is no such funding source: %(codes)s.") % {"codes": "、".join(unknown)[:100]}
        yield Problem("plan.source", words, field)
    if any(amount < 0 for amount in amounts.values()):
        yield Problem("plan.negative", _("An amount cannot be negative."), field)
    for amount in amounts.values():
        yield from size_problems(amount, field)


def document_problems(document_no: str) -> Iterable[Problem]:
    if not document_no.strip():
        yield Problem("plan.no_document", _("This needs the number of a document."), "document_no")
    elif len(document_no.strip()) > LONGEST_DOCUMENT_NO:
        words = _("At most %(n)s characters.") % {"n": LONGEST_DOCUMENT_NO}
        yield Problem("plan.document_too_long", words, "document_no")


def _people_of_units() -> list[Any]:
    posts = Appointment.objects.on(clock.today()).filter(
        role__in=APPLICANTS, organisation__kind=Organisation.Kind.PROJECT_UNIT, organisation__is_active=True
    )
    return list({post.user_id: post.user for post in posts.select_related("user")}.values())


@PLANS.check("approve")
@PLANS.check("release")
def control_problems(plan: AnnualPlan, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    """R-INV-10 once more for every project, because figures may have changed since the balancing."""
    return planning.above_control(list(planning.items_with_figures(plan)))


@PLANS.before("approve")
def keep_the_approval(step: Step) -> None:
    step.row.document_no, step.row.decided_on = step.data["document_no"], step.on


@PLANS.after("approve")
def enter_the_items(step: Step) -> None:
    """The balanced requests enter the plan, and whoever holds a quota carried over from the year before."""
    for item in _items(step.row):
        if item.state == PlanItemState.BALANCED or any(item.adjustments.all()):
            move_item(item, "enter_plan", step)
    step.facts["planned"] = facts.planned_by_source(step.row)


@PLANS.before("release")
def keep_the_release(step: Step) -> None:
    step.row.release_no, step.row.released_on = step.data["document_no"], step.on


@PLANS.after("release")
def release_the_quotas(step: Step) -> None:
    """From now on funds can be released to the projects; their units are told."""
    items = [item for item in _items(step.row) if item.state == PlanItemState.APPROVED]
    for item in items:
        move_item(item, "quota_released", step)
        quota = sum(facts.quota_of(item).values(), ZERO)
        told = {"year": step.row.year, "project": item.project.name, "quota": str(quota)}
        tell(item.requested_by, "plan.released", told, link=item.get_absolute_url())
    step.facts["planned"] = facts.planned_by_source(step.row)


@PLANS.after("close_year")
def settle_the_items(step: Step) -> None:
    for item in _items(step.row):
        move_item(item, "settle_year", step)


def _items(plan: AnnualPlan) -> Iterable[PlanItem]:
    rows = plan.items.select_related("project", "requested_by")
    return locks.all_locked(rows.prefetch_related("funding", "adjustments"))


def move_item(item: PlanItem, name: str, step: Step) -> None:
    """A move of an item that follows from a move of its plan, or from a decision about it."""
    move = PLAN_ITEMS.flow[name]
    found = PLAN_ITEMS.flow.problems(item, name, step.now)
    if found:
        raise RuleViolation(found)
    PLAN_ITEMS.make(Step(item, move, step.actor, {}, step.now, step.at, item.state))
