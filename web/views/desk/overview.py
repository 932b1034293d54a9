"""How the work stands: lights, lists behind them, what turns red next, how long files lie on which desk and with whom."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Organisation
from accounts.roles import CENTRE, READS_ALL
from approvals import selectors
from approvals.catalog import ITEM_TYPE_CHOICES
from approvals.services import moves
from approvals.states import UNDER_REVIEW, ItemState
from core.keys import key_of
from core.workflow import Situation
from web.access import signed_in
from web.templatetags.ui import LIGHTS
from web.views.desk.rows import item_rows

PERIODS = (30, 90, 365)
TENTH = Decimal("0.1")


@signed_in(roles=READS_ALL | CENTRE)
def overview(request: HttpRequest) -> HttpResponse:
    actor, now = request.actor, moves.situation()
    narrowing = _narrowing(request)
    page = selectors.items(actor, now, narrowing, after=request.GET.get("after", ""))
    explanations = selectors.open_explanations(page.rows)
    soon = [] if request.GET.get("after") else selectors.turning_red(actor, now)
    days = _period(request)
    rows = item_rows(page.rows, now, explanations)
    context = {
        "lights": selectors.lights_now(actor, now),
        "light_words": [(light.value, LIGHTS[light.value][2]) for light in selectors.LIGHTS],
        "rows": rows,
        "next": page.next,
        "narrowing": narrowing,
        "soon": item_rows(soon, now),
        "any_provisional": any(row.provisional for row in rows),
        "days": days,
        "periods": PERIODS,
        "desks": _dwell(actor, days, now, by_person=False),
        "persons": _dwell(actor, days, now, by_person=True),
        "states": [(state.value, state.label) for state in UNDER_REVIEW],
        "types": ITEM_TYPE_CHOICES,
        "units": Organisation.objects.filter(kind=Organisation.Kind.PROJECT_UNIT),
    }
    return render(request, "web/desk/overview.html", context)


def _narrowing(request: HttpRequest) -> selectors.Narrowing:
    """Without any choice the list shows what is red."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("light", "state", "type", "unit", "q")}
    light = asked["light"] if asked["light"] in selectors.LIGHTS else ""
    if not any(asked.values()) and "light" not in request.GET:
        light = "RED"
    return selectors.Narrowing(
        item_type=asked["type"],
        state=asked["state"],
        unit=asked["unit"],
        light=light,
        text=asked["q"],
        open_only=not asked["q"],
    )


def _period(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    days = key_of(asked)
    return days if days in PERIODS else 90


def _dwell(actor: Any, days: int, now: Situation, *, by_person: bool) -> list[dict[str, Any]]:
    """Average working days a file lay there, to a tenth."""
    found = selectors.dwell_times(actor, now.on - timedelta(days=days), now, by_person=by_person)
    return [
        {
            "dwell": row,
            "step": ItemState(row.step).label if row.step else "",
            "average": (Decimal(row.days) / row.closed).quantize(TENTH, ROUND_HALF_UP) if row.closed else None,
        }
        for row in found
    ]
