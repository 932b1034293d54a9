"""The working days counted by walking from day to day over the raw holiday files: slow, and independent of core.calendar."""

import json
from datetime import date, timedelta

from tests.support.source_tree import ROOT

DAY = timedelta(days=1)
NAMED = {
    day["date"]: day["isOffDay"]
    for path in sorted((ROOT / "fixtures" / "holidays").glob("*.json"))
    for day in json.loads(path.read_text(encoding="utf-8"))["days"]
}


def works(day: date) -> bool:
    """After 2026, where no file names a day, this is plain Monday to Friday."""
    is_off = NAMED.get(day.isoformat())
    return day.isoweekday() <= 5 if is_off is None else not is_off


def walk(after: date, until: date) -> list[date]:
    """Every day in (after, until]."""
    return [after + DAY * step for step in range(1, max((until - after).days, 0) + 1)]


def count(after: date, until: date) -> int:
    return sum(works(day) for day in walk(after, until))


def nth(start: date, n: int) -> date:
    """The n-th worked day after `start`."""
    day = start
    while n > 0:
        day += DAY
        n -= works(day)
    return day


def used(accepted_on: date, on: date, pauses: list[tuple[date, date]]) -> int:
    """Worked days in (accepted_on, on] that lie in no pause (start, end]."""
    return sum(works(day) and not any(start < day <= end for start, end in pauses) for day in walk(accepted_on, on))


def due(accepted_on: date, limit: int, pauses: list[tuple[date, date]]) -> date:
    """The first day on which `limit` days are used."""
    day, left = accepted_on, limit
    while left > 0:
        day += DAY
        left -= works(day) and not any(start < day <= end for start, end in pauses)
    return day
