"""The calendars in use: the shipped one, the one in force now, and what-if variants."""

from functools import lru_cache
from pathlib import Path

from core.calendar import WorkCalendar, YearNotice
from core.models import CalendarNotice

SHIPPED = Path(__file__).resolve().parent.parent / "fixtures" / "holidays"


@lru_cache(maxsize=1)
def shipped() -> WorkCalendar:
    """The official calendar as released with the product (fixtures/holidays)."""
    return WorkCalendar(YearNotice.from_json(path.read_bytes()) for path in SHIPPED.glob("*.json"))


def current() -> WorkCalendar:
    """The calendar in force: shipped, with the approved notices on top. One query for their names; built once."""
    in_force = CalendarNotice.objects.filter(effective=True).order_by("year")
    return _built(tuple(in_force.values_list("pk", "sha256")))


@lru_cache(maxsize=8)
def _built(names: tuple[tuple[int, str], ...]) -> WorkCalendar:
    # The hash is part of the key because a rolled-back transaction gives its ids away again.
    rows = CalendarNotice.objects.filter(pk__in=[pk for pk, _ in names])
    return _with(shipped(), *(notice_of(row) for row in rows))


def with_notice(notice: YearNotice) -> WorkCalendar:
    """The calendar as it would be if this notice were in force. ValueError if it leaves a gap of years."""
    return _with(current(), notice)


def notice_of(row: CalendarNotice) -> YearNotice:
    """The notice that a row keeps."""
    return YearNotice.from_json({"year": row.year, "papers": row.papers, "days": row.days})


def _with(calendar: WorkCalendar, *notices: YearNotice) -> WorkCalendar:
    by_year = {notice.year: notice for notice in (*calendar.notices, *notices)}
    return WorkCalendar(by_year.values()) if notices else calendar
