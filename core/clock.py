"""The only reader of the wall clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

CHINA = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_moment", default=None)
_ahead = timedelta(0)


def now() -> datetime:
    """The current moment, aware; or the one set by `at`."""
    return _frozen.get() or timezone.now() + _ahead


def today() -> date:
    """The current date in China."""
    return date_of(now())


def date_of(moment: datetime) -> date:
    """The date in China at that moment."""
    return moment.astimezone(CHINA).date()


def office_hour(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """That day at that hour, China time."""
    return datetime.combine(day, time(hour, minute), tzinfo=CHINA)


@contextmanager
def at(moment: datetime | date) -> Iterator[None]:
    """Runs the block as if it were that moment (a date means ten in the morning). For replays and tests."""
    if not isinstance(moment, datetime):
        moment = office_hour(moment)
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def begin(moment: datetime) -> None:
    """The clock goes on from this moment in every thread of the process. For tests, which must not depend on the day."""
    global _ahead
    _ahead = moment - timezone.now()
