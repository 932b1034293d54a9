"""The official working days, year by year, and what a deadline would be. Open to everybody."""

from calendar import Calendar
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.roles import Role
from approvals.rules import deadlines
from core import calendars, clock
from core.calendar import PARTS, CalendarDay, WorkCalendar
from core.models import CalendarNotice
from web.forms.supervision import NoticeForm

MONDAY_FIRST = Calendar(firstweekday=0)
MOST_DAYS = 500
WEEKDAYS = (
    pgettext_lazy("Monday, short", "Mo"),
    pgettext_lazy("Tuesday, short", "Tu"),
    pgettext_lazy("Wednesday, short", "We"),
    pgettext_lazy("Thursday, short", "Th"),
    pgettext_lazy("Friday, short", "Fr"),
    pgettext_lazy("Saturday, short", "Sa"),
    pgettext_lazy("Sunday, short", "Su"),
)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """GET year; start and days ask for a due date."""
    return page(request, request.GET, NoticeForm())


def page(request: HttpRequest, said: QueryDict, form: NoticeForm) -> HttpResponse:
    """The page; a refused holiday file comes back in its form, with everything that is wrong with it."""
    works = calendars.current()
    year = _year(said, works)
    papers = [notice.papers for notice in works.notices if notice.year == year]
    context = {
        "year": year,
        "years": range(works.first_year, works.last_year + 2),
        "months": [_month(works.provisional(), year, month) for month in range(1, 13)],
        "weekdays": WEEKDAYS,
        "is_published": year <= works.last_year,
        "papers": papers[0] if papers else (),
        "named": _named(works, year) if year <= works.last_year else [],
        "worked": _worked(works.provisional(), year),
        "version": works.version,
        "asked": _asked(said, works),
        "form": form,
        "file_parts": PARTS.items(),
        "may_propose": _role(request) == Role.SYS_ADMIN,
    }
    if request.user.is_authenticated:
        context["notices"] = CalendarNotice.objects.select_related("proposed_by", "approved_by").order_by("-pk")[:20]
    return render(request, "web/supervision/calendar.html", context, status=422 if form.errors else 200)


def _role(request: HttpRequest) -> str:
    return request.actor.role if request.actor else ""


def _year(said: QueryDict, works: WorkCalendar) -> int:
    text = said.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else clock.today().year
    return min(max(year, works.first_year), works.last_year + 1)


def _month(works: WorkCalendar, year: int, month: int) -> dict[str, Any]:
    """Weeks of CalendarDay, None for days of the neighbouring months."""
    weeks = MONDAY_FIRST.monthdatescalendar(year, month)
    days = [[works.day(day) if day.month == month else None for day in week] for week in weeks]
    return {"first": date(year, month, 1), "weeks": days}


def _named(works: WorkCalendar, year: int) -> list[CalendarDay]:
    """The days the notices name in that year: holidays on weekdays and weekends, and what is worked for them."""
    days = works.days(date(year - 1, 12, 31), date(year, 12, 31))
    return [day for day in days if day.name]


def _worked(works: WorkCalendar, year: int) -> int:
    first = date(year, 1, 1)
    return works.working_days(first, date(year, 12, 31)) + works.is_workday(first)


def _asked(said: QueryDict, works: WorkCalendar) -> dict[str, Any]:
    """What was asked and the answer; `due` is missing while nothing readable was asked."""
    start, days = said.get("start", ""), said.get("days", "")
    asked: dict[str, Any] = {"start": start or clock.today().isoformat(), "days": days or "20"}
    try:
        day = parse_date(start)
    except ValueError:
        day = None
    limit = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
    if not start and not days:
        return asked
    readable = day is not None and 0 < limit <= MOST_DAYS and works.provisional().covers(day)
    if not readable or day.year > works.last_year + 5:
        return asked | {"is_unreadable": True}
    due = deadlines.due(day, limit, (), works)
    lines = deadlines.explain(day, limit, (), works)
    skipped = [line for line in lines if not line.counted]
    return asked | {"due": due, "first": day, "limit": limit, "skipped": len(skipped), "lines": lines}
