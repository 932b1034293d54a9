"""The annual plan and its items. Guards take the row and the situation and yield problems."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.money import ZERO
from core.workflow import Input, Move, Situation, Workflow
from execution import facts, findings
from execution.rules import plan as rules
from execution.states import PlanItemState as I
from execution.states import PlanState as P
from projects.states import MAIN_LINE, TERMINAL, FigureKind, Gate, Stage

PLANNER, DETERMINER = (Role.PLAN_OFFICER,), (Role.DETERMINER,)
CLERK, LEAD = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,)
DOCUMENT = Input("document_no", _("Document number"), "line", longest=60)
REASON = Input("reason", _("Reason"))
FOLLOWED_UP = frozenset(MAIN_LINE[MAIN_LINE.index(Stage.PROCUREMENT) :])


def envelopes_hold(plan: Any, situation: Situation) -> Iterator[Problem]:
    """The hard stop: Σ planned per source never above what the source can give."""
    yield from findings.envelope_problems(
        rules.over_envelopes(facts.planned_by_source(plan), facts.available_by_source(plan))
    )


def something_is_balanced(plan: Any, situation: Situation) -> Iterator[Problem]:
    if not any(item.state == I.BALANCED for item in plan.items.all()):
        yield Problem("plan.empty", gettext("No request has been balanced yet."))


def every_request_is_answered(plan: Any, situation: Situation) -> Iterator[Problem]:
    waiting = sum(item.state == I.REPORTED for item in plan.items.all())
    if waiting:
        yield Problem("plan.unanswered", gettext("Requests neither balanced nor left out: %(n)s.") % {"n": waiting})


def nothing_is_left(plan: Any, situation: Situation) -> Iterator[Problem]:
    """What was not released by the end of the year is carried over or reclaimed first."""
    quota, released = facts.planned_by_source(plan), facts.released_by_source(plan)
    left = sum((amount - released.get(source, ZERO) for source, amount in quota.items()), ZERO)
    if left:
        words = gettext("%(amount)s yuan of the quotas are neither released nor carried over nor reclaimed.")
        yield Problem("plan.left", words % {"amount": f"{left:,.2f}"})


def is_being_balanced(item: Any, situation: Situation) -> Iterator[Problem]:
    if item.plan.state != P.BALANCING:
        yield Problem("plan.not_balancing", gettext("Requests are balanced between the call and the approval."))


def is_not_closed(item: Any, situation: Situation) -> Iterator[Problem]:
    """A request made in the year can be faulty too: it goes back to the unit like any other."""
    if item.plan.state == P.CLOSED:
        yield Problem("plan.closed", gettext("The plan year is closed."))


def project_lives(item: Any, situation: Situation) -> Iterator[Problem]:
    if item.project.stage in TERMINAL:
        yield Problem("project.ended", gettext("The project has ended."))


def holds_no_carried_quota(item: Any, situation: Situation) -> Iterator[Problem]:
    if any(item.adjustments.all()):
        yield Problem("plan.has_quota", gettext("The project holds a quota carried over from the year before."))


def is_eligible(item: Any, situation: Situation) -> Iterator[Problem]:
    """政府投资条例 art. 17: feasibility or estimate approved. Preparatory works may come earlier."""
    if item.category == rules.PREPARATORY:
        return
    project = item.project
    gates = (Gate.FEASIBILITY_APPROVED, Gate.ESTIMATE_APPROVED)
    if any(project.has_gate(gate, situation.on) for gate in gates) or _has_used_its_approval(project):
        return
    words = gettext("Only projects with an approved feasibility study or estimate enter the plan.")
    yield Problem("plan.not_eligible", words)


def _has_used_its_approval(project: Any) -> bool:
    """An approval that was followed up in time lapses no more (R-LC-05); one taken over has no gate of its own."""
    figure = project.latest_figure(FigureKind.FEASIBILITY, FigureKind.ESTIMATE, FigureKind.ADJUSTED)
    if figure is None:
        return False
    return figure.item_id is None or project.stage in FOLLOWED_UP


def has_what_the_regulation_asks(item: Any, situation: Situation) -> Iterator[Problem]:
    """政府投资条例 art. 16."""
    if not item.content:
        yield Problem("plan.content", gettext("Content and scale are missing."), "content")
    if item.works_from is None or item.works_until is None:
        yield Problem("plan.period", gettext("The period of the works is missing."), "works_from")
    if not any(row.requested for row in item.funding.all()):
        yield Problem("plan.funding", gettext("No amount is requested from any source."), "funding")


def the_call_is_open(item: Any, situation: Situation) -> Iterator[Problem]:
    """Until the deadline; what the planner gave back, until the approval; additions, while the plan runs."""
    plan = item.plan
    if plan.state == P.CLOSED:
        yield Problem("plan.call_closed", gettext("The call for requests of %(year)s is closed.") % {"year": plan.year})
    elif plan.state in (P.APPROVED, P.RELEASED) or item.returned_on:
        return
    elif plan.state != P.CALL:
        yield Problem("plan.call_closed", gettext("The call for requests of %(year)s is closed.") % {"year": plan.year})
    elif plan.requests_until and situation.on > plan.requests_until:
        yield Problem("plan.call_over", gettext("Requests were due by %(day)s.") % {"day": plan.requests_until})


PLAN_FLOW = Workflow(
    "state",
    "execution.plan",
    Move("Y01", "close_call", _("Close the call and balance"), (P.CALL,), P.BALANCING, PLANNER, (), primary=True),
    Move("Y02", "approve", _("Approve the plan"), (P.BALANCING,), P.APPROVED, DETERMINER,
         (something_is_balanced, every_request_is_answered, envelopes_hold), (DOCUMENT,), primary=True,
         irreversible=True),
    Move("Y03", "release", _("Release the plan"), (P.APPROVED,), P.RELEASED, PLANNER, (envelopes_hold,), (DOCUMENT,),
         primary=True, irreversible=True),
    Move("Y04", "close_year", _("Close the plan year"), (P.RELEASED,), P.CLOSED, PLANNER, (nothing_is_left,),
         irreversible=True),
)  # fmt: skip

PLAN_ITEM_FLOW = Workflow(
    "state",
    "execution.plan_item",
    Move("Y11", "report", _("Report the request"), (I.DRAFT,), I.REPORTED, LEAD,
         (the_call_is_open, project_lives, is_eligible, has_what_the_regulation_asks), primary=True),
    Move("Y12", "return_request", _("Return the request"), (I.REPORTED, I.BALANCED, I.LEFT_OUT), I.DRAFT, PLANNER,
         (is_not_closed,), (REASON,)),
    Move("Y13", "balance", _("Balance the request"), (I.REPORTED, I.BALANCED, I.LEFT_OUT), I.BALANCED, PLANNER,
         (is_being_balanced, project_lives, is_eligible), (Input("planned", _("Planned amounts by source"), "json"),),
         primary=True),
    Move("Y14", "leave_out", _("Leave out of the plan"), (I.REPORTED, I.BALANCED), I.LEFT_OUT, PLANNER,
         (is_being_balanced, holds_no_carried_quota), (REASON,)),
    Move("Y15", "enter_plan", _("Entered into the approved plan"), (I.DRAFT, I.REPORTED, I.BALANCED, I.LEFT_OUT),
         I.APPROVED, ()),
    Move("Y16", "quota_released", _("Quota released to the unit"), (I.APPROVED,), I.RELEASED, ()),
    Move("Y17", "settle_year", _("Year settled"), (I.DRAFT, I.REPORTED, I.LEFT_OUT, I.RELEASED, I.APPROVED), I.CLOSED, ()),
)  # fmt: skip
