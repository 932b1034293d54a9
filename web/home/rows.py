"""Tasks, items and events as the first page shows them, the most urgent first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from accounts.actor import Actor
from approvals import deadline_wording, selectors
from approvals.message_wording import state_label, task_label
from approvals.models import ApprovalItem, SupervisionEvent, Task
from approvals.states import UNDER_REVIEW
from approvals.workload import with_project
from core.workflow import Situation

SHOWN = 8


@dataclass(frozen=True)
class Row:
    """One line: the item, what is to be done or where it is, the light with its words, the day it is due."""

    item: ApprovalItem
    what: str
    light: str
    words: str
    due: date | None
    is_provisional: bool = False


def on_desk(actor: Actor, now: Situation, limit: int = SHOWN) -> list[Row]:
    return [_of_task(task, now) for task in selectors.inbox(actor, size=limit).rows]


def under_way(items: QuerySet[ApprovalItem], now: Situation, limit: int = SHOWN) -> list[Row]:
    """Items by the day they are due, those without one last."""
    found = with_project(items).order_by(F("due_on").asc(nulls_last=True), "pk")[:limit]
    return [_row(item, state_label(item.state), selectors.clock_face(item, now)) for item in found]


def _of_task(task: Task, now: Situation) -> Row:
    what = state_label(task.step) if task.kind == Task.Kind.STEP else task_label(task.kind)
    return _row(task.item, what, selectors.clock_face(task.item, now, task))


def _row(item: ApprovalItem, what: str, face: selectors.ClockFace) -> Row:
    words = ""
    if face.pause:
        words = deadline_wording.say_pause(face.pause, face.pause_day)
    elif face.days is not None:
        words = deadline_wording.say_days(face.days)
    return Row(item, what, str(face.light), words, face.due_on, face.provisional)


def running(actor: Actor) -> QuerySet[ApprovalItem]:
    """Items this person may see whose clock runs."""
    return ApprovalItem.objects.visible_to(actor).filter(state__in=UNDER_REVIEW, is_paused=False, due_on__isnull=False)


def about_to_turn_red(actor: Actor, now: Situation) -> QuerySet[ApprovalItem]:
    """Running items due within three working days, and the overdue ones before them."""
    return running(actor).filter(due_on__lte=soon(now))


def soon(now: Situation) -> date:
    """The last day that is at most three working days ahead."""
    return now.works.provisional().add(now.on, 3)


def overdue(actor: Actor, now: Situation) -> QuerySet[ApprovalItem]:
    return running(actor).filter(due_on__lt=now.on)


def red_events(actor: Actor) -> QuerySet[SupervisionEvent]:
    return SupervisionEvent.objects.filter(item__in=ApprovalItem.objects.visible_to(actor), level="RED")


def unexplained(actor: Actor) -> QuerySet[SupervisionEvent]:
    """Red events of visible items that nobody has explained."""
    return red_events(actor).filter(explained_at__isnull=True)


def events(rows: Iterable[SupervisionEvent]) -> list[dict[str, Any]]:
    return [{"event": row, "cause": row.get_cause_display()} for row in rows]
