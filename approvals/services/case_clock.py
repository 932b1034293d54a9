"""Keeps an item's clock: pauses follow the state, the due date follows from acceptance, limit, pauses and calendar."""

from collections.abc import Iterable
from datetime import date

from approvals.models import ApprovalItem, Pause, Task
from approvals.rules import deadlines
from approvals.services.engine import Case
from approvals.states import UNDER_REVIEW, ItemState, PauseReason
from core.read_once import forget
from core.workflow import Situation

Span = tuple[date, date | None, str]

EXCLUSION_RULE = {
    ItemState.CENTER_REVIEW: (PauseReason.COMMISSIONED_EVALUATION, "clock.center_excluded"),
    ItemState.EXPERT_REVIEW: (PauseReason.EXPERT_REVIEW, "clock.expert_excluded"),
    ItemState.PUBLICITY: (PauseReason.PUBLICITY, "clock.publicity_excluded"),
}


def follow(case: Case) -> None:
    """After a move: ends the pause the old state had, begins the one the new state has, and refreshes the deadline."""
    item = case.item
    running = _running(item)
    wanted = _wanted_pause(case, running)
    if running is not None and (wanted is None or wanted.pk != running.pk):
        running.ended_on = case.on
        running.save()
    if wanted is not None and wanted.began_on is None:
        wanted.began_on = case.on
        if wanted.expected_days:
            wanted.expected_end_on = deadlines.due(case.on, wanted.expected_days, (), case.now.works).on
        wanted.save()
    if wanted is not running:
        forget(item, "pauses")
    refresh(item, case.now)


def _running(item: ApprovalItem) -> Pause | None:
    return next((p for p in reversed(item.pauses.all()) if p.began_on and p.ended_on is None), None)


def _wanted_pause(case: Case, running: Pause | None) -> Pause | None:
    """The pause that should be running in the item's state, saved or about to begin."""
    item = case.item
    if item.state == ItemState.SUPPLEMENT:
        proposed = item.pauses.filter(began_on__isnull=True, cancelled_at__isnull=True).last()
        return proposed or running
    if item.state not in EXCLUSION_RULE:
        return None
    reason, rule = EXCLUSION_RULE[item.state]
    if not case.now.rules.value(rule, item.item_type):
        return None
    if running is not None and running.reason == reason:
        return running
    return Pause(
        item=item,
        reason=reason,
        needs_signatures=False,
        proposed_by=case.actor.user,
        letter=str(case.data.get("work_plan", "")),
        expected_days=case.data.get("expected_days"),
    )


def pauses_of(item: ApprovalItem) -> list[deadlines.Pause]:
    """The item's own pauses and the project's suspensions, merged so that no day is counted twice."""
    own = [(p.began_on, p.ended_on, p.reason) for p in item.pauses.all() if p.began_on]
    return merged([*own, *suspensions_since(item, item.accepted_on)])


def suspensions_since(item: ApprovalItem, start: date | None) -> list[Span]:
    """The project's suspensions, cut at the day the clock in question started."""
    return [
        (max(s.began_on, start), s.ended_on, "SUSPENDED")
        for s in item.project.suspensions.all()
        if start and (s.ended_on is None or s.ended_on > start)
    ]


def merged(spans: Iterable[tuple]) -> list[deadlines.Pause]:
    """Overlapping or touching spans become one; an open end swallows everything after it."""
    result: list[deadlines.Pause] = []
    for start, end, reason in sorted(spans, key=lambda span: (span[0], span[1] is not None, span[1] or span[0])):
        last = result[-1] if result else None
        if last and (last.end is None or start < last.end):
            if last.end is not None and (end is None or end > last.end):
                result[-1] = deadlines.Pause(last.start, end, last.reason)
        else:
            result.append(deadlines.Pause(start, end, reason))
    return result


def limit_of(item: ApprovalItem) -> int:
    return (item.promised_days or 0) + item.extension_days


def refresh(item: ApprovalItem, now: Situation) -> None:
    """Recomputes due date, pause flag and desk deadlines, and writes them if they changed."""
    before = _deadline(item)
    pauses = pauses_of(item)
    item.is_paused = item.state in UNDER_REVIEW and any(pause.end is None for pause in pauses)
    if item.accepted_on and item.state in UNDER_REVIEW:
        due = deadlines.due(item.accepted_on, limit_of(item), pauses, now.works, as_of=now.on)
        item.due_on, item.due_is_provisional = due.on, due.provisional
        item.calendar_version = now.works.version
    if item.state == ItemState.SUBMITTED and item.received_on:
        limit = now.rules.days("limit.acceptance", item.item_type)
        spans = merged(suspensions_since(item, item.received_on))
        item.acceptance_due_on = deadlines.due(item.received_on, limit, spans, now.works, as_of=now.on).on
    if _deadline(item) != before:
        ApprovalItem.objects.filter(pk=item.pk).update(**_deadline(item))
    for task in item.tasks.filter(left_at__isnull=True):
        _refresh_task(task, item, now)


def _deadline(row: ApprovalItem | Task) -> dict[str, object]:
    """What a clock has computed for an item, or for a task on a desk."""
    names = ("acceptance_due_on", "due_on", "due_is_provisional", "calendar_version", "is_paused", "sort_on")
    return {name: getattr(row, name) for name in names if hasattr(row, name)}


def _refresh_task(task: Task, item: ApprovalItem, now: Situation) -> None:
    """A step's own limit stands still only while the whole project is suspended."""
    before = _deadline(task)
    if task.limit_days is not None:
        spans = merged(suspensions_since(item, task.entered_on))
        due = deadlines.due(task.entered_on, task.limit_days, spans, now.works, as_of=now.on)
        task.due_on, task.due_is_provisional = due.on, due.provisional
    task.sort_on = earliest(task.due_on, None if item.is_paused else item.due_on)
    if _deadline(task) != before:
        task.save(update_fields=["due_on", "due_is_provisional", "sort_on"])


def earliest(*days: date | None) -> date | None:
    present = [day for day in days if day is not None]
    return min(present) if present else None


def used(item: ApprovalItem, now: Situation) -> int | None:
    """Working days used up to today, or to the decision (R-TL-02); None before acceptance."""
    if item.accepted_on is None:
        return None
    until = item.decided_on or now.on
    return deadlines.used(item.accepted_on, until, pauses_of(item), now.works.provisional())


def paused(item: ApprovalItem, now: Situation) -> int:
    """Working days the clock has stood still so far."""
    if item.accepted_on is None:
        return 0
    until = item.decided_on or now.on
    works = now.works.provisional()
    return works.working_days(item.accepted_on, until) - (used(item, now) or 0)


def stop(case: Case) -> None:
    """At the decision: keeps the days used and paused, so that reports need no calendar."""
    item = case.item
    item.used_days, item.paused_days = used(item, case.now), paused(item, case.now)


def light_of(item: ApprovalItem, now: Situation) -> deadlines.Light:
    """The item's light (§4)."""
    days = used(item, now) if item.used_days is None else item.used_days
    return deadlines.light(
        promised=item.promised_days or 0,
        extension=item.extension_days,
        used=days or 0,
        paused=item.is_paused,
        started=item.accepted_on is not None,
        ended=item.state not in UNDER_REVIEW,
        yellow_at_remaining=now.rules.days("yellow.remaining", item.item_type),
    )


def remaining(item: ApprovalItem, now: Situation) -> int | None:
    """Working days left, negative when overdue; None when no clock is running."""
    if item.accepted_on is None or item.state not in UNDER_REVIEW:
        return None
    return limit_of(item) - (used(item, now) or 0)
