"""What lies on a desk, how an item stood from day to day, how long things lay where. Reads only; web and API share it.

Lists are paged by keyset: `after` is the `next` of the page before, and no page counts or skips rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from approvals.item_story import steps, timeline
from approvals.models import ApprovalItem, Task
from approvals.rules import deadlines
from approvals.rules.deadlines import DayLine, Light
from approvals.services import case_clock
from approvals.sight import Sight, sight_of
from approvals.states import OPEN, UNDER_REVIEW
from approvals.workload import (
    LIGHTS,
    Dwell,
    dwell_times,
    light_filter,
    lights_now,
    open_explanations,
    turning_red,
    with_project,
)
from core.keys import key_of
from core.workflow import Situation

PAGE = 30
__all__ = [
    "LIGHTS",
    "ClockFace",
    "Dwell",
    "Explanation",
    "Narrowing",
    "Sight",
    "Slice",
    "clock_face",
    "days_until",
    "deadline_explanation",
    "done",
    "dwell_times",
    "inbox",
    "inbox_count",
    "items",
    "lies_with",
    "lights_now",
    "newest_items",
    "open_explanations",
    "sight_of",
    "steps",
    "timeline",
    "turning_red",
    "under_way",
]


@dataclass(frozen=True)
class Slice:
    """One page of a list; `next` names where the following one begins, empty at the end."""

    rows: list[Any]
    next: str = ""


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed to; empty means all. `text` is part of the item's number or the project's name."""

    item_type: str = ""
    kind: str = ""
    state: str = ""
    unit: str = ""
    light: str = ""
    text: str = ""
    open_only: bool = False

    def of_items(self, prefix: str = "") -> Q:
        wanted = Q()
        if self.item_type:
            wanted &= Q(**{f"{prefix}item_type": self.item_type})
        if self.state:
            wanted &= Q(**{f"{prefix}state": self.state})
        if self.open_only:
            wanted &= Q(**{f"{prefix}state__in": OPEN})
        if unit := key_of(self.unit):
            wanted &= Q(**{f"{prefix}owner_unit": unit})
        if self.text:
            name = Q(**{f"{prefix}project__name__icontains": self.text})
            wanted &= (
                name | Q(**{f"{prefix}no__icontains": self.text}) | Q(**{f"{prefix}document_no__icontains": self.text})
            )
        return wanted


def inbox(actor: Actor, narrowing: Narrowing = Narrowing(), *, after: str = "", size: int = PAGE) -> Slice:
    """The open tasks on this desk, the most urgent first, those without a date last. Rows are Tasks."""
    parts = [_with_item(part.filter(_task_filter(actor, narrowing))) for part in _desk_parts(actor)]
    return by_day(parts, "sort_on", after=after, size=size)


def inbox_count(actor: Actor) -> int:
    return sum(part.filter(_task_filter(actor, Narrowing())).count() for part in _desk_parts(actor))


def lies_with(task: Task, actor: Actor) -> bool:
    """Whether this task lies on this desk now; the same three sets as the inbox, for a task already read."""
    if task.left_at is not None or task.role != actor.role:
        return False
    covered = not actor.item_types or task.item.item_type in actor.item_types
    here = task.organisation_id in (None, actor.organisation_id)
    return covered and here and task.user_id in (None, actor.holder.pk)


def _desk_parts(actor: Actor) -> list[QuerySet]:
    """Three disjoint sets, each read along one index: named to the person, to their house, to the role anywhere."""
    tasks = Task.objects.filter(left_at__isnull=True, role=actor.role)
    unnamed = tasks.filter(user__isnull=True)
    here = Q(organisation=actor.organisation_id) | Q(organisation__isnull=True)
    return [
        tasks.filter(here, user=actor.holder),
        unnamed.filter(organisation=actor.organisation_id),
        unnamed.filter(organisation__isnull=True),
    ]


def _task_filter(actor: Actor, narrowing: Narrowing) -> Q:
    """A delegation limited to some kinds of items shows only those."""
    wanted = narrowing.of_items("item__")
    if narrowing.kind:
        wanted &= Q(kind=narrowing.kind)
    return wanted & Q(item__item_type__in=actor.item_types) if actor.item_types else wanted


def _with_item(tasks: QuerySet) -> QuerySet:
    return tasks.select_related("item__project", "item__owner_unit", "user").prefetch_related(
        "item__pauses", "item__project__suspensions"
    )


def done(actor: Actor, narrowing: Narrowing = Narrowing(), *, after: str = "", size: int = PAGE) -> Slice:
    """The tasks this person finished in this post, the latest first. Rows are Tasks."""
    tasks = Task.objects.filter(left_by__in=actor.persons, role=actor.role, left_at__isnull=False)
    tasks = tasks.filter(_task_filter(actor, narrowing))
    if pk := key_of(after):
        tasks = tasks.filter(pk__lt=pk)
    rows = list(_with_item(tasks).order_by("-pk")[: size + 1])
    return Slice(rows[:size], str(rows[size - 1].pk) if len(rows) > size else "")


def under_way(actor: Actor, narrowing: Narrowing = Narrowing(), *, after: str = "", size: int = PAGE) -> Slice:
    """The open items this person has worked on or is to review. Rows are ApprovalItems."""
    persons = actor.persons
    worked_on = Task.objects.filter(left_by__in=persons, role=actor.role).values("item")
    mine = Q(pk__in=worked_on) | Q(applicant__in=persons)
    for post in ("first_reviewer", "second_officer", "center_first", "center_second"):
        mine |= Q(**{f"{post}__in": persons})
    items = ApprovalItem.objects.visible_to(actor).filter(mine, narrowing.of_items(), state__in=OPEN)
    return by_day([with_project(items)], "due_on", after=after, size=size)


def items(
    actor: Actor, now: Situation, narrowing: Narrowing = Narrowing(), *, after: str = "", size: int = PAGE
) -> Slice:
    """Every item this person may see, narrowed; the earliest due date first. Rows are ApprovalItems."""
    rows = ApprovalItem.objects.visible_to(actor).filter(narrowing.of_items())
    if narrowing.light in LIGHTS:
        rows = rows.filter(light_filter(Light(narrowing.light), now))
    return by_day([with_project(rows)], "due_on", after=after, size=size)


def newest_items(actor: Actor, narrowing: Narrowing = Narrowing(), *, after: str = "", size: int = PAGE) -> Slice:
    """Every item this person may see, the newest first. Rows are ApprovalItems."""
    rows = ApprovalItem.objects.visible_to(actor).filter(narrowing.of_items())
    if pk := key_of(after):
        rows = rows.filter(pk__lt=pk)
    found = list(with_project(rows).order_by("-pk")[: size + 1])
    return Slice(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def by_day(parts: Sequence[QuerySet], name: str, *, after: str = "", size: int = PAGE) -> Slice:
    """A page of disjoint sets merged by a date (empty ones last) and id, each read no further than the page needs."""
    day, pk = _position(after)
    rows: list[Any] = []
    if after == "" or day is not None:
        for part in parts:
            dated = part.filter(**{f"{name}__isnull": False})
            if day is not None:
                later = Q(**{f"{name}__gt": day}) | Q(**{name: day, "pk__gt": pk})
                dated = dated.filter(later, **{f"{name}__gte": day})
            rows += dated.order_by(name, "pk")[: size + 1]
        rows = sorted(rows, key=lambda row: (getattr(row, name), row.pk))[: size + 1]
    if len(rows) <= size:
        undated: list[Any] = []
        for part in parts:
            rest = part.filter(**{f"{name}__isnull": True})
            rest = rest.filter(pk__gt=pk) if after and day is None else rest
            undated += rest.order_by("pk")[: size + 1 - len(rows)]
        rows += sorted(undated, key=lambda row: row.pk)[: size + 1 - len(rows)]
    if len(rows) <= size:
        return Slice(rows)
    last = rows[size - 1]
    return Slice(rows[:size], f"{getattr(last, name) or 'none'}.{last.pk}")


def _position(after: str) -> tuple[date | None, int]:
    """Where a page begins; a garbled place begins again."""
    day, _dot, pk = after.partition(".")
    try:
        return (None if day in ("", "none") else date.fromisoformat(day)), key_of(pk) or 0
    except ValueError:
        return None, 0


@dataclass(frozen=True)
class ClockFace:
    """How the clock of an item or task looks now. `days`: working days left, negative when overdue, None when none runs."""

    light: Light
    days: int | None = None
    due_on: date | None = None
    provisional: bool = False
    pause: str = ""
    pause_day: int = 0


def clock_face(item: ApprovalItem, now: Situation, task: Task | None = None) -> ClockFace:
    """The item's clock from its stored due date; with a task on a desk, whichever of both ends first."""
    if task is None and item.state not in UNDER_REVIEW:
        return ClockFace(case_clock.light_of(item, now) if item.accepted_on else Light.GREY)
    if item.is_paused and (task is None or task.due_on is None):
        return _paused_face(item, now)
    due_on = (task.sort_on or task.due_on) if task else item.due_on
    if due_on is None:
        return ClockFace(Light.GREY)
    days = days_until(due_on, now)
    yellow = now.rules.days("yellow.remaining", item.item_type)
    light = Light.RED if days < 0 else Light.YELLOW if days <= yellow else Light.GREEN
    own = task is not None and task.due_on == due_on
    return ClockFace(light, days, due_on, task.due_is_provisional if own else item.due_is_provisional)


def _paused_face(item: ApprovalItem, now: Situation) -> ClockFace:
    running = next((pause for pause in case_clock.pauses_of(item) if pause.end is None), None)
    if running is None:
        return ClockFace(Light.BLUE, due_on=item.due_on, provisional=item.due_is_provisional)
    day = now.works.provisional().working_days(running.start - timedelta(days=1), now.on)
    return ClockFace(Light.BLUE, None, item.due_on, item.due_is_provisional, str(running.reason), max(day, 1))


def days_until(due_on: date, now: Situation) -> int:
    """Working days from today to a due date; negative once working days have passed since."""
    works = now.works.provisional()
    if due_on >= now.on:
        return works.working_days(now.on, due_on)
    return -works.working_days(due_on, now.on)


@dataclass(frozen=True)
class Explanation:
    """How an item's due date comes about: every day from acceptance on, and what it was computed from."""

    accepted_on: date
    limit: int
    extension: int
    used: int
    remaining: int | None
    due_on: date
    provisional: bool
    calendar_version: str
    lines: list[DayLine]
    pauses: list[deadlines.Pause]

    @property
    def months(self) -> list[tuple[date, list[DayLine]]]:
        """The lines by the first day of their month."""
        found: dict[date, list[DayLine]] = {}
        for line in self.lines:
            found.setdefault(line.date.replace(day=1), []).append(line)
        return list(found.items())


def deadline_explanation(item: ApprovalItem, now: Situation) -> Explanation | None:
    """Recomputed from acceptance, limit, pauses and calendar, not read from what is stored; None before acceptance."""
    if item.accepted_on is None:
        return None
    as_of = item.decided_on or now.on
    pauses = case_clock.pauses_of(item)
    limit = case_clock.limit_of(item)
    due = deadlines.due(item.accepted_on, limit, pauses, now.works, as_of=as_of)
    used = case_clock.used(item, now) or 0
    return Explanation(
        accepted_on=item.accepted_on,
        limit=limit,
        extension=item.extension_days,
        used=used,
        remaining=limit - used,
        due_on=due.on,
        provisional=due.provisional,
        calendar_version=now.works.version,
        lines=deadlines.explain(item.accepted_on, limit, pauses, now.works, as_of=as_of),
        pauses=pauses,
    )
