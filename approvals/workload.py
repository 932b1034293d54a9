"""How the work stands as a whole: lights, what turns red, how long files lie with whom. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from accounts.actor import Actor
from accounts.models import Organisation, User
from approvals.catalog import ITEM_TYPES
from approvals.models import ApprovalItem, SupervisionEvent, Task
from approvals.rules.deadlines import Light
from approvals.states import BEFORE_ACCEPTANCE, OPEN, UNDER_REVIEW, ItemState
from core.workflow import Situation

LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE, Light.GREY)


def with_project(rows: QuerySet) -> QuerySet:
    """Items with what a list shows of them, in a fixed number of queries."""
    return rows.select_related("project", "owner_unit").prefetch_related("pauses", "project__suspensions")


def light_filter(light: Light, now: Situation) -> Q:
    """Which items show this light today, by their stored due date, so that the database finds and counts them."""
    running = Q(state__in=UNDER_REVIEW, is_paused=False, due_on__isnull=False)
    red = Q(due_on__lt=_overdue_before(now))
    yellow = Q()
    for last_day, types in _yellow_until(now).items():
        yellow |= Q(item_type__in=types, due_on__lte=last_day)
    return {
        Light.BLUE: Q(state__in=UNDER_REVIEW, is_paused=True),
        Light.RED: running & red,
        Light.YELLOW: running & ~red & yellow,
        Light.GREEN: running & ~red & ~yellow,
        Light.GREY: Q(state__in=set(BEFORE_ACCEPTANCE) - {ItemState.DRAFT, ItemState.PRE_REVIEW_RETURNED}),
    }[light]


def _overdue_before(now: Situation) -> date:
    """The last day worked up to today: what was due earlier is overdue, also on a weekend after the due date."""
    works = now.works.provisional()
    return now.on if works.is_workday(now.on) else works.add(now.on, -1)


def _yellow_until(now: Situation) -> dict[date, list[str]]:
    works = now.works.provisional()
    found: dict[date, list[str]] = {}
    for code in ITEM_TYPES:
        found.setdefault(works.add(now.on, now.rules.days("yellow.remaining", code)), []).append(code)
    return found


def lights_now(actor: Actor, now: Situation) -> dict[Light, int]:
    """How many of the items this person may see show which light."""
    counts = {light.value: Count("pk", filter=light_filter(light, now)) for light in LIGHTS}
    found = ApprovalItem.objects.visible_to(actor).order_by().filter(state__in=OPEN).aggregate(**counts)
    return {light: found[light.value] for light in LIGHTS}


def turning_red(actor: Actor, now: Situation, days: int = 3, limit: int = 50) -> list[ApprovalItem]:
    """The items in time whose last day comes within so many working days."""
    until = now.works.provisional().add(now.on, days)
    rows = ApprovalItem.objects.visible_to(actor).filter(
        state__in=UNDER_REVIEW, is_paused=False, due_on__gte=_overdue_before(now), due_on__lte=until
    )
    return list(with_project(rows).order_by("due_on", "pk")[:limit])


@dataclass
class Dwell:
    """How long files lie with one desk or person: open now, and closed in the period with the working days they took."""

    step: str
    role: str
    organisation: str = ""
    person: User | None = None
    open_now: int = 0
    late_now: int = 0
    oldest_on: date | None = None
    closed: int = 0
    days: int = 0


def dwell_times(actor: Actor, since: date, now: Situation, *, by_person: bool = False) -> list[Dwell]:
    """Per desk (step, house, role), or per person: what lies there now and what went through since that day."""
    steps = Task.objects.filter(
        kind=Task.Kind.STEP, item__in=ApprovalItem.objects.visible_to(actor).order_by().values("pk")
    )
    closer, holder = ("left_by", "user") if by_person else ("organisation", "organisation")
    open_now = steps.filter(left_at__isnull=True, item__state__in=UNDER_REVIEW).order_by()
    closed = steps.filter(left_on__gte=since, used_days__isnull=False, step__in=UNDER_REVIEW).order_by()
    found: dict[tuple, Dwell] = {}
    for row in open_now.values("step", "role", who=F(holder)).annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=_overdue_before(now))), oldest=Min("entered_on")
    ):
        dwell = _dwell(found, row)
        dwell.open_now, dwell.late_now, dwell.oldest_on = row["n"], row["late"], row["oldest"]
    for row in closed.values("step", "role", who=F(closer)).annotate(n=Count("pk"), days=Sum("used_days")):
        dwell = _dwell(found, row)
        dwell.closed, dwell.days = row["n"], row["days"]
    return _named(found, by_person)


def _dwell(found: dict[tuple, Dwell], row: dict[str, Any]) -> Dwell:
    return found.setdefault((row["step"], row["role"], row["who"]), Dwell(row["step"], row["role"]))


def _named(found: dict[tuple, Dwell], by_person: bool) -> list[Dwell]:
    """Names the houses or people with one query; rows without a person are the desk's own, not a person's."""
    from_ids = {key[2] for key in found if key[2]}
    names: dict[int, Any] = (User if by_person else Organisation).objects.in_bulk(from_ids)
    result = []
    for (*_desk, who), dwell in found.items():
        if by_person and who is None:
            continue
        dwell.person = names.get(who) if by_person else None
        dwell.organisation = "" if by_person else str(names.get(who, ""))
        result.append(dwell)
    order = {state: n for n, state in enumerate(ItemState.values)}
    return sorted(result, key=lambda d: (order.get(d.step, 99), d.organisation, str(d.person), d.role))


def open_explanations(items: Iterable[ApprovalItem]) -> dict[int, str]:
    """What was said about the delay of each overdue item, by item id; the latest explanation counts."""
    ids = [item.pk for item in items]
    events = SupervisionEvent.objects.filter(item__in=ids, level="RED").exclude(explanation="")
    return {event.item_id: event.explanation for event in events.order_by("pk")}
