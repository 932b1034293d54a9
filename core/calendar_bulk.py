"""Working-day arithmetic on a million dates at once. Dates are proleptic ordinals (date.toordinal)."""

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.calendar import CalendarNotPublished, WorkCalendar

Ordinals = NDArray[np.int64]


def due_many(works: WorkCalendar, accepted: Ordinals, limits: Ordinals | int) -> Ordinals:
    """WorkCalendar.add for each acceptance; limits (working days, at least 1) one for all or one each."""
    _, workdays = _tables(works)
    index = _counted(works, accepted) + np.asarray(limits, dtype=np.int64) - 1
    if index.size and index.max() >= workdays.size:
        raise CalendarNotPublished(_year(workdays[-1]) + 1)
    return workdays[index]


def working_days_many(works: WorkCalendar, after: Ordinals, until: Ordinals) -> Ordinals:
    """WorkCalendar.working_days for each pair: working days in (after, until], none if `until` is not later."""
    return np.maximum(_counted(works, until) - _counted(works, after), 0)


@lru_cache(maxsize=4)
def _tables(works: WorkCalendar) -> tuple[Ordinals, Ordinals]:
    _, counts, workdays = works.tables
    return np.array(counts, dtype=np.int64), np.array(workdays, dtype=np.int64)


def _counted(works: WorkCalendar, ordinals: Ordinals) -> Ordinals:
    counts, _ = _tables(works)
    offsets = np.asarray(ordinals, dtype=np.int64) - works.tables[0]
    outside = (offsets < 0) | (offsets >= counts.size)
    if outside.any():
        raise CalendarNotPublished(_year(np.asarray(ordinals)[outside][0]))
    return counts[offsets]


def _year(ordinal: np.int64) -> int:
    return date.fromordinal(int(ordinal)).year
