"""Whose desk the item lies on: one open step at a time, and whatever else was asked of somebody."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Organisation, User
from accounts.roles import Role
from approvals.models import ApprovalItem, Task
from approvals.rules import deadlines
from approvals.services import case_clock
from approvals.services.engine import Case
from approvals.states import ENDED, ItemState
from core.workflow import Situation

S = ItemState
# Tasks that end when the item leaves the state they were asked in.
BOUND_TO_STATE = (
    "STEP",
    "SIGN_DECLARATION",
    "SIGN_DEFICIENCY",
    "SIGN_PAUSE_FIRST",
    "SIGN_PAUSE_SECOND",
    "SIGN_OPINION",
)

# What is still owed after the item has ended.
OUTLASTS = ("SUPPLY_DEFICIENCY", "EXPLAIN_OVERDUE")


@dataclass(frozen=True)
class Desk:
    role: str
    organisation: Organisation | None
    user: User | None = None


def desk_of(item: ApprovalItem) -> Desk | None:
    """Who has to act in the item's present state."""
    unit, authority, centre = item.owner_unit, item.authority, item.center
    first = Desk(Role.CASE_OFFICER, authority, item.first_reviewer)
    if item.state == S.FIRST_REVIEW and item.recusals.filter(person=item.first_reviewer_id).exists():
        first = Desk(Role.SECTION_CHIEF, authority)  # who assigns another
    desks = {
        S.DRAFT: Desk(Role.APPLICANT_CLERK, unit),
        S.PRE_REVIEW: Desk(Role.WINDOW, None),
        S.PRE_REVIEW_RETURNED: Desk(Role.APPLICANT_CLERK, unit),
        S.SUBMITTED: Desk(Role.WINDOW, None),
        S.CORRECTION: Desk(Role.APPLICANT_CLERK, unit),
        S.ACCEPTED: Desk(Role.SECTION_CHIEF, authority),
        S.FIRST_REVIEW: first,
        S.CENTER_REVIEW: Desk(Role.CENTER_LEAD, centre),
        S.EXPERT_REVIEW: Desk(Role.CENTER_REVIEWER, centre, item.center_first),
        S.SUPPLEMENT: Desk(Role.APPLICANT_CLERK, unit),
        S.PUBLICITY: Desk(Role.CASE_OFFICER, authority, item.first_reviewer),
        S.SECOND_REVIEW: Desk(Role.SECTION_CHIEF, authority),
        S.DETERMINATION: Desk(Role.DETERMINER, authority),
        S.ISSUED: Desk(Role.ARCHIVIST, None),
    }
    return desks.get(S(item.state))


def follow(case: Case) -> None:
    """After a change of state: the old step leaves its desk, the new one arrives on the next."""
    item = case.item
    leaving = item.tasks.filter(left_at__isnull=True)
    leaving = leaving.exclude(kind__in=OUTLASTS) if item.state in ENDED else leaving.filter(kind__in=BOUND_TO_STATE)
    for task in leaving:
        finish(task, case.actor.user, case.now, case.at)
    desk = desk_of(item)
    if desk is not None:
        put(case, "STEP", desk, limit=step_limit(case), step=item.state)
    if item.state == S.CENTER_REVIEW and case.source in (S.SUPPLEMENT, S.EXPERT_REVIEW):
        _ask_the_reviewers_again(case)


def _ask_the_reviewers_again(case: Case) -> None:
    """Back in the centre, the signatures that are still missing lie on their desks again."""
    item = case.item
    valid = item.opinions.filter(kind="CENTER", voided_at__isnull=True)
    for person in (item.center_first, item.center_second):
        if person and not valid.filter(Q(author=person) | Q(acting_for=person)).exists():
            put(case, "SIGN_OPINION", Desk(Role.CENTER_REVIEWER, item.center, person))


def step_limit(case: Case) -> int | None:
    """The step's own limit in working days; what was used before a supplement or expert review stays used."""
    item, rules = case.item, case.now.rules
    special = {
        S.PRE_REVIEW: "limit.pre_review",
        S.SUBMITTED: "limit.acceptance",
        S.CORRECTION: "limit.correction",
        S.ISSUED: "limit.archive",
    }
    if item.state in special:
        return rules.days(special[item.state], item.item_type)
    row = rules.row("limit.step", item.item_type, item.state)
    if row is None or not row.step:
        return None
    limit = int(row.value)
    if case.source in (S.SUPPLEMENT, S.EXPERT_REVIEW):
        before = item.tasks.filter(kind="STEP", step=item.state, left_at__isnull=False).order_by("pk").last()
        limit = max(limit - ((before.used_days or 0) if before else 0), 0)
    return limit


def put(case: Case, kind: str, desk: Desk, *, limit: int | None = None, step: str = "") -> Task:
    """Lays a task on a desk, with its due date."""
    task = Task(
        item=case.item,
        kind=kind,
        step=step,
        role=desk.role,
        organisation=desk.organisation,
        user=desk.user,
        entered_on=case.on,
        entered_at=case.at,
        limit_days=limit,
    )
    if limit is not None:
        due = deadlines.due(case.on, limit, (), case.now.works)
        task.due_on, task.due_is_provisional = due.on, due.provisional
    task.sort_on = case_clock.earliest(task.due_on, None if case.item.is_paused else case.item.due_on)
    task.save()
    return task


def hand_over(item: ApprovalItem, user: User | None) -> None:
    """The open step moves to another person's desk; its due date stays."""
    item.tasks.filter(kind="STEP", left_at__isnull=True).update(user=user)


def close(item: ApprovalItem, kind: str, case: Case, user: User | None = None) -> None:
    """Takes the open tasks of a kind off their desks (of one person only, if named), keeping how long they lay there."""
    tasks = item.tasks.filter(kind=kind, left_at__isnull=True)
    for task in tasks.filter(user=user) if user else tasks:
        finish(task, case.actor.user, case.now, case.at)


def finish(task: Task, by: User | None, now: Situation, at: datetime) -> None:
    task.left_on, task.left_at, task.left_by = now.on, at, by
    task.used_days = now.works.provisional().working_days(task.entered_on, now.on)
    task.save()
