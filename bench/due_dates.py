"""Due dates by prefix counts against walking from day to day."""

from collections.abc import Iterator
from datetime import date, timedelta

from approvals.rules import deadlines
from bench.measure import Line, best
from core import calendars

DATES, WALKED = 50_000, 2_000
LIMITS = (20, 120)
FIRST = date(2017, 1, 3)
DAY = timedelta(days=1)


def run() -> Iterator[Line]:
    works = calendars.shipped()
    starts = [FIRST + DAY * (number % 2_500) for number in range(DATES)]
    free = frozenset(day for day in (FIRST + DAY * n for n in range(3_200)) if not works.is_workday(day))
    for limit in LIMITS:
        few = starts[:WALKED]
        assert [deadlines.due(day, limit, (), works).on for day in few] == [walked(day, limit, free) for day in few]
        counted = best(lambda limit=limit: [deadlines.due(day, limit, (), works) for day in starts], 3) / DATES
        looped = best(lambda limit=limit, few=few: [walked(day, limit, free) for day in few], 3) / WALKED
        yield Line("due date", f"{limit} working days, by prefix counts", "walking from day to day", counted, looped)


def walked(start: date, limit: int, free: frozenset[date]) -> date:
    """The floor knows the free days as a set and does nothing else."""
    day, left = start, limit
    while left:
        day += DAY
        left -= day not in free
    return day
