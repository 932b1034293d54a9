"""A new holiday notice and the deadlines it moves: shown before it is approved, recomputed in the same transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.services.notify import tell
from approvals.models import ApprovalItem, Task
from approvals.rules import deadlines
from approvals.services import case_clock
from approvals.services.engine import lock_item
from approvals.services.tick import recompute
from approvals.states import OPEN, UNDER_REVIEW, ItemState
from core import calendars, clock, trace
from core.calendar import WorkCalendar, YearNotice
from core.models import CalendarNotice
from core.services import holidays


@dataclass(frozen=True)
class Shift:
    """One open item whose due date the notice would move, or make certain."""

    item: ApprovalItem
    old: date
    new: date
    was_provisional: bool
    is_provisional: bool


def shifts(notice: YearNotice) -> list[Shift]:
    """What would move if this notice were in force. Nothing is written. ValueError if it leaves a gap of years."""
    works = calendars.with_notice(notice)
    running = _running().select_related("project", "owner_unit").prefetch_related("pauses", "project__suspensions")
    return [shift for item in running.iterator(chunk_size=500) for shift in _shift_of(item, works)]


def _running() -> QuerySet[ApprovalItem]:
    return ApprovalItem.objects.filter(state__in=UNDER_REVIEW, accepted_on__isnull=False).order_by("due_on", "pk")


def _shift_of(item: ApprovalItem, works: WorkCalendar) -> Iterator[Shift]:
    limit, pauses = case_clock.limit_of(item), case_clock.pauses_of(item)
    due = deadlines.due(item.accepted_on, limit, pauses, works, as_of=clock.today())
    if (due.on, due.provisional) != (item.due_on, item.due_is_provisional):
        yield Shift(item, item.due_on, due.on, item.due_is_provisional, due.provisional)


@transaction.atomic
def approve(notice_id: int, *, actor: Actor) -> tuple[CalendarNotice, int]:
    """Puts the notice in force and brings every open deadline to it; returns the row and how many due dates moved.

    Each moved item gets a trace entry of its own, and its people are told. Refusals: core.services.holidays.
    """
    row = holidays.approve_notice(notice_id, actor=actor)
    moved = 0
    for pk in list(ApprovalItem.objects.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True)):
        item = lock_item(pk, None, None)
        _recompute_desks(item)
        before = item.due_on
        if item.state in UNDER_REVIEW and recompute(item):
            moved += 1
            _announce(item, before)
    trace.record(
        "approvals.calendar.recomputed",
        actor=actor,
        target=row,
        facts={"year": row.year, "calendar_after": calendars.current().version, "items_moved": moved},
    )
    return row, moved


def _recompute_desks(item: ApprovalItem) -> None:
    """The limits of the open steps are working days as well; while submitted, so is the answer on acceptance."""
    works = calendars.current()
    for task in Task.objects.filter(item=item, left_at__isnull=True, limit_days__isnull=False):
        due = deadlines.due(task.entered_on, task.limit_days, (), works)
        if (due.on, due.provisional) == (task.due_on, task.due_is_provisional):
            continue
        task.due_on, task.due_is_provisional = due.on, due.provisional
        task.sort_on = case_clock.earliest(task.due_on, None if item.is_paused else item.due_on)
        task.save(update_fields=["due_on", "due_is_provisional", "sort_on"])
        if item.state == ItemState.SUBMITTED and task.kind == Task.Kind.STEP:
            ApprovalItem.objects.filter(pk=item.pk).update(acceptance_due_on=due.on)


def _announce(item: ApprovalItem, before: date | None) -> None:
    facts = {
        "no": item.no,
        "project": item.project.name,
        "type": item.item_type,
        "old": str(before),
        "new": str(item.due_on),
    }
    if before == item.due_on:
        return
    for person in {item.applicant, item.first_reviewer} - {None}:
        tell(person, "item.due_moved", facts, link=item.get_absolute_url())
