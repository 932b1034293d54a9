"""What time itself does: deemed acceptance, lapses, end of publicity, expiry, lights, escalation, archive warnings.

Idempotent, and safe with two running at once: every transition is checked under the item's lock, every event and
notice has a key that exists once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from accounts.services.notify import tell
from approvals.guards import next_stage_was_approved
from approvals.models import ApprovalItem, SupervisionEvent, Task
from approvals.rules import deadlines
from approvals.services import case_clock
from approvals.services.engine import lock_item
from approvals.services.moves import perform_by_system, situation
from approvals.services.notices import heads_of, holders
from approvals.states import UNDER_REVIEW, ItemState
from core import calendars, clock, trace
from core.errors import DomainError
from core.workflow import Situation
from projects.states import Stage

S = ItemState


@dataclass
class Report:
    """How many of each kind of thing were done."""

    transitions: dict[str, int] = field(default_factory=dict)
    events: int = 0
    notices: int = 0
    recomputed: int = 0


# What later apps let time do besides; each counts what it did in the report.
SWEEPS: list[Callable[[Situation, Report], None]] = []


def run() -> Report:
    """One sweep over everything that time may change."""
    report, now = Report(), situation()
    for name, item_id in list(_due_transitions(now)):
        try:
            perform_by_system(item_id, name)
            report.transitions[name] = report.transitions.get(name, 0) + 1
        except DomainError:
            continue  # another tick, or a person, was faster
    _recompute_provisional(report)
    for item in _running_items().select_related("project").iterator(chunk_size=500):
        _escalate(item, now, report)
    for task in _overdue_tasks(now.on).select_related("item").iterator(chunk_size=500):
        _note_step_overdue(task, now, report)
    _warn_of_expiry(now, report)
    for sweep in SWEEPS:
        sweep(now, report)
    return report


def _due_transitions(now: Situation) -> Iterator[tuple[str, int]]:
    """Candidates by date; the guards decide under the lock."""
    today = now.on
    items = ApprovalItem.objects.order_by("pk")
    candidates: tuple[tuple[str, QuerySet], ...] = (
        ("deem_accepted", items.filter(state=S.SUBMITTED, acceptance_due_on__lt=today)),
        ("lapse", items.filter(state=S.CORRECTION, corrections__closed_on__isnull=True, corrections__due_on__lt=today)),
        ("lapse_supplement", items.filter(state=S.SUPPLEMENT)),
        ("end_publicity", items.filter(state=S.PUBLICITY, publicity_ends_on__lt=today)),
        ("expire", items.filter(state__in=(S.ISSUED, S.ARCHIVED), valid_until__lt=today)),
    )
    for name, rows in candidates:
        for pk in rows.values_list("pk", flat=True):
            yield name, pk


def _running_items() -> QuerySet:
    return ApprovalItem.objects.filter(state__in=UNDER_REVIEW, due_on__isnull=False, is_paused=False)


def _overdue_tasks(today: date) -> QuerySet:
    overdue = Task.objects.filter(kind="STEP", left_at__isnull=True, due_on__lt=today)
    return overdue.exclude(item__project__stage=Stage.SUSPENDED)


def _recompute_provisional(report: Report) -> None:
    """Due dates computed on an older calendar, or on the weekday assumption, are computed again, with a trace entry."""
    version = calendars.current().version
    stale = ApprovalItem.objects.filter(state__in=UNDER_REVIEW).exclude(calendar_version=version)
    for pk in list(stale.values_list("pk", flat=True)):
        with transaction.atomic():
            item = lock_item(pk, None, None)
            if recompute(item):
                report.recomputed += 1


def recompute(item: ApprovalItem) -> bool:
    """Brings one locked item's due date to the calendar in force; True if the date moved."""
    before = (item.due_on, item.due_is_provisional, item.calendar_version)
    case_clock.refresh(item, situation())
    moved = before[:2] != (item.due_on, item.due_is_provisional)
    if moved:
        trace.record(
            "approvals.item.due_date_recomputed",
            actor=trace.SYSTEM,
            target=item,
            project_id=item.project_id,
            item_id=item.pk,
            facts={"from": before, "to": (item.due_on, item.due_is_provisional, item.calendar_version)},
        )
    return moved


# Rung of the ladder → who is told (§4): the desk and the chief, the deputy director, supervision.
def _audience(item: ApprovalItem, rung: int) -> list[User]:
    step = item.tasks.filter(kind="STEP", left_at__isnull=True).first()
    desk = holders(step) if step else []
    if rung < 0:
        return desk + heads_of(item, Role.SECTION_CHIEF)
    if rung == 0:
        return desk + heads_of(item, Role.DETERMINER)
    supervisors = User.objects.filter(appointments__role=Role.SUPERVISOR, appointments__held_to__isnull=True)
    return desk + heads_of(item, Role.DETERMINER) + list(supervisors)


def _escalate(item: ApprovalItem, now: Situation, report: Report) -> None:
    """The rungs of the ladder that have been reached; only the latest one is announced."""
    rungs = deadlines.ladder(item.due_on, now.works)
    reached = [rung for rung, day in sorted(rungs.items()) if now.on >= day]
    if not reached:
        return
    rung = reached[-1]
    level = "RED" if rung > 0 else "YELLOW"
    cause = "ITEM_OVERDUE" if rung > 0 else "OTHER"
    if _note(item, cause, level, f"T{rung:+d}", f"{item.due_on}:{rung}", now, report) and rung > 0:
        _demand_explanation(item, now)
    facts = {"no": item.no, "project": item.project.name, "rung": rung, "due": str(item.due_on)}
    for user in {user.pk: user for user in _audience(item, rung)}.values():
        key = f"ladder:{item.pk}:{item.due_on}:{rung}"
        if tell(user, "item.escalated", facts, link=item.get_absolute_url(), urgent=True, once_key=key):
            report.notices += 1


def _demand_explanation(item: ApprovalItem, now: Situation) -> None:
    """T+1: the officer explains within two working days."""
    step = item.tasks.filter(kind="STEP", left_at__isnull=True).first()
    if step is None or item.tasks.filter(kind="EXPLAIN_OVERDUE").exists():
        return
    due = deadlines.due(now.on, now.rules.days("limit.explain_red"), (), now.works)
    Task.objects.create(
        item=item, kind="EXPLAIN_OVERDUE", role=step.role, organisation=step.organisation, user=step.user,
        entered_on=now.on, entered_at=clock.now(), due_on=due.on, due_is_provisional=due.provisional, sort_on=due.on,
    )  # fmt: skip


def _note_step_overdue(task: Task, now: Situation, report: Report) -> None:
    """R-TL-10: a step over its limit is a violation even if the item is in time."""
    key = f"step:{task.pk}"
    _note(task.item, "STEP_OVERDUE", "RED", "", key, now, report, task=task, person=task.user)


def _note(
    item: ApprovalItem, cause: str, level: str, rung: str, key: str, now: Situation, report: Report, *,
    task: Task | None = None, person: User | None = None,
) -> bool:  # fmt: skip
    _event, created = SupervisionEvent.objects.get_or_create(
        once_key=f"item:{item.pk}:{cause}:{key}"[:80],
        defaults={
            "item": item, "cause": cause, "level": level, "rung": rung, "due_on": task.due_on if task else item.due_on,
            "noted_on": now.on, "task": task, "person": person,
        },
    )  # fmt: skip
    report.events += created
    return created


def _warn_of_expiry(now: Situation, report: Report) -> None:
    """R-LC-05: 90 and 30 days before an approval lapses."""
    for code in ("validity.warn_days", "validity.warn_days.last"):
        ahead = now.rules.days(code)
        last = date.fromordinal(now.on.toordinal() + ahead)
        rows = ApprovalItem.objects.filter(state__in=(S.ISSUED, S.ARCHIVED), valid_until__range=(now.on, last))
        for item in rows.select_related("applicant", "project").iterator(chunk_size=500):
            if next_stage_was_approved(item):
                continue
            facts = {"no": item.no, "project": item.project.name, "until": str(item.valid_until)}
            key = f"validity:{item.pk}:{ahead}"
            if tell(item.applicant, "approval.expires", facts, link=item.get_absolute_url(), once_key=key):
                report.notices += 1
