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
    before, after = calendars.current(), calendars.with_notice(notice)
    running = _running().select_related("project", "owner_unit").prefetch_related("pauses", "project__suspensions")
    return [shift for item in running.iterator(chunk_size=500) for shift in _shift_of(item, before, after)]


def _running() -> QuerySet[ApprovalItem]:
    return ApprovalItem.objects.filter(state__in=UNDER_REVIEW, accepted_on__isnull=False).order_by("due_on", "pk")


def _shift_of(item: ApprovalItem, before: WorkCalendar, after: WorkCalendar) -> Iterator[Shift]:
    """Both calendars are asked as of today, so that a running pause alone moves nothing."""
    old, new = _due(item, before), _due(item, after)
    if old != new:
        yield Shift(item, old.on, new.on, old.provisional, new.provisional)


def _due(item: ApprovalItem, works: WorkCalendar) -> deadlines.Due:
    pauses = case_clock.pauses_of(item)
    return deadlines.due(item.accepted_on, case_clock.limit_of(item), pauses, works, as_of=clock.today())


@transaction.atomic
def approve(notice_id: int, *, actor: Actor) -> tuple[CalendarNotice, int]:
    """Puts the notice in force and brings every open deadline to it; returns the row and how many due dates moved.

    Each moved item gets a trace entry of its own, and its people are told. Refusals: core.services.holidays.
    """
    before = calendars.current()
    row = holidays.approve_notice(notice_id, actor=actor)
    after = calendars.current()
    moved = 0
    for pk in list(ApprovalItem.objects.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True)):
        item = lock_item(pk, None, None)
        _recompute_desks(item)
        if item.state in UNDER_REVIEW:
            recompute(item)
            for shift in _shift_of(item, before, after):
                moved += 1
                _announce(shift)
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


def _announce(shift: Shift) -> None:
    """Told where the day moves; that a day has become certain is seen on the item."""
    if shift.old == shift.new:
        return
    item = shift.item
    facts = {
        "no": item.no,
        "project": item.project.name,
        "type": item.item_type,
        "old": str(shift.old),
        "new": str(shift.new),
    }
    for person in {item.applicant, item.first_reviewer} - {None}:
        tell(person, "item.due_moved", facts, link=item.get_absolute_url())
