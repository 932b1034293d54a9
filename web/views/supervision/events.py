"""What electronic supervision noted: red and yellow, and how it was explained."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actor import Actor
from approvals.models import ApprovalItem, SupervisionEvent
from approvals.states import EventCause
from web.access import signed_in
from web.home import rows
from web.navigation import SEES_EVENTS
from web.paging import keyset

PAGE = 40
OF_TIME = ("ITEM_OVERDUE", "STEP_OVERDUE")
UNUSUAL = "unusual"


@signed_in(roles=SEES_EVENTS)
def events(request: HttpRequest) -> HttpResponse:
    """GET level RED|YELLOW, cause (or `unusual`: not about time), explained yes|no."""
    said = {name: request.GET.get(name, "") for name in ("level", "cause", "explained")}
    page = keyset(request, found(request.actor, said), PAGE)
    context = {
        "events": rows.events(page.rows),
        "page": page,
        "said": said,
        "causes": EventCause.choices,
        "open_count": rows.unexplained(request.actor).count(),
    }
    return render(request, "web/supervision/events.html", context)


def found(actor: Actor, said: dict[str, str]) -> QuerySet[SupervisionEvent]:
    events = SupervisionEvent.objects.filter(item__in=ApprovalItem.objects.visible_to(actor))
    if said["level"] in ("RED", "YELLOW"):
        events = events.filter(level=said["level"])
    if said["cause"] == UNUSUAL:
        events = events.filter(level="RED").exclude(cause__in=OF_TIME)
    elif said["cause"] in EventCause.values:
        events = events.filter(cause=said["cause"])
    if said["explained"] == "no":
        events = events.filter(level="RED", explained_at__isnull=True)
    elif said["explained"] == "yes":
        events = events.filter(explained_at__isnull=False)
    return events.select_related("item__project", "person")
