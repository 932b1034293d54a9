"""How long has it taken, until when may it take, and how does the light stand? (DOMAIN §4, R-TL-01…12)

Pure functions of the acceptance date, the limit, the signed pauses and a calendar; nothing is counted up from day
to day, so every figure can be recomputed at any time. Limits and results are working days unless a name says months.
Where the calendar of a year is not published, the weekday assumption is used and the result says `provisional`.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import combinations

from core.calendar import CalendarDay, DayKind, WorkCalendar

YELLOW_AT_REMAINING = 3
RUNGS = (-3, -1, 0, 1, 5, 10)


@dataclass(frozen=True)
class Pause:
    """A pause that both signed (R-TL-08). Working days in (start, end] do not count (R-TL-07).

    `end` is the day of resumption, None while the pause is open. `reason` is a code of R-TL-05.
    """

    start: date
    end: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a pause cannot end ({self.end}) before it starts ({self.start})")


@dataclass(frozen=True)
class Due:
    """The last day in time; provisional while its year's calendar is not published."""

    on: date
    provisional: bool = False


class DayReason(StrEnum):
    """Why a day counts or not."""

    ACCEPTANCE_DAY = "ACCEPTANCE_DAY"
    WORKDAY = "WORKDAY"
    MAKEUP = "MAKEUP"
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"
    PAUSED = "PAUSED"


@dataclass(frozen=True)
class DayLine:
    """One day of the explanation. `number` is its place in the count, None if it does not count.

    `name` is the holiday's name (also of a make-up day), `pause` the reason code of the pause that covers a working day.
    """

    date: date
    counted: bool
    number: int | None
    reason: DayReason
    name: str = ""
    pause: str = ""
    provisional: bool = False


class Light(StrEnum):
    """RED_HISTORY: ended, but too late."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"
    BLUE = "BLUE"
    GREY = "GREY"
    RED_HISTORY = "RED_HISTORY"


class Size(StrEnum):
    """项目规模 as the final-account rules tell them apart (R-TL-09)."""

    SMALL_MEDIUM = "SMALL_MEDIUM"
    LARGE = "LARGE"


FINAL_ACCOUNT_MONTHS = 3
EXTENSION_MONTHS = {Size.SMALL_MEDIUM: 2, Size.LARGE: 6}
CAP_MONTHS = 12


@dataclass(frozen=True)
class _Stretch:
    """The part of a pause that lies after acceptance: (start, end], an open end already cut."""

    start: date
    end: date
    reason: str

    def holds(self, day: date) -> bool:
        return self.start < day <= self.end


def used(accepted_on: date, on: date, pauses: Sequence[Pause], works: WorkCalendar) -> int:
    """R-TL-02: working days in (accepted_on, on] without the paused ones. Zero on the acceptance day and before."""
    works = works.provisional()
    stretches = _stretches(accepted_on, pauses, as_of=on)
    paused = sum(works.working_days(stretch.start, min(stretch.end, on)) for stretch in stretches)
    return works.working_days(accepted_on, on) - paused


def remaining(accepted_on: date, on: date, limit: int, pauses: Sequence[Pause], works: WorkCalendar) -> int:
    """limit − used: 0 on the last day in time, negative when overdue. `limit` includes an extension."""
    return limit - used(accepted_on, on, pauses, works)


def due(accepted_on: date, limit: int, pauses: Sequence[Pause], works: WorkCalendar, as_of: date | None = None) -> Due:
    """The first day on which `used` reaches the limit. An open pause counts up to `as_of`, as if resumed then.

    A pause that begins on the due day or later moves nothing. ValueError if a pause is open and `as_of` is missing,
    if pauses overlap, or if the limit is negative.
    """
    if limit < 0:
        raise ValueError("a limit is not negative")
    works = works.provisional()
    on = works.add(accepted_on, limit)
    for stretch in _stretches(accepted_on, pauses, as_of):
        if stretch.start < on:
            on = works.add(on, works.working_days(stretch.start, stretch.end))
    return Due(on, works.is_provisional(on))


def explain(
    accepted_on: date, limit: int, pauses: Sequence[Pause], works: WorkCalendar, as_of: date | None = None
) -> list[DayLine]:
    """Every day from acceptance to the due date, counted or not and why; the last one counted is number `limit`.

    Errors as in `due`.
    """
    works = works.provisional()
    stretches = _stretches(accepted_on, pauses, as_of)
    lines = [_line(works.day(accepted_on), DayReason.ACCEPTANCE_DAY)]
    number = 0
    for day in works.days(accepted_on, due(accepted_on, limit, pauses, works, as_of).on):
        pause = next((stretch for stretch in stretches if stretch.holds(day.date)), None)
        if not day.is_workday:
            lines.append(_line(day, DayReason(day.kind)))
        elif pause:
            lines.append(_line(day, DayReason.PAUSED, pause=pause.reason))
        else:
            number += 1
            lines.append(_line(day, DayReason.MAKEUP if day.kind == DayKind.MAKEUP else DayReason.WORKDAY, number))
    return lines


def _line(day: CalendarDay, reason: DayReason, number: int | None = None, pause: str = "") -> DayLine:
    return DayLine(
        date=day.date,
        counted=number is not None,
        number=number,
        reason=reason,
        name=day.name,
        pause=pause,
        provisional=day.provisional,
    )


def _stretches(accepted_on: date, pauses: Sequence[Pause], as_of: date | None) -> list[_Stretch]:
    """The pauses in order, cut at acceptance; an open one as if resumed on `as_of`."""
    if not pauses:
        return []  # by far the most items
    ordered = sorted(pauses, key=lambda pause: pause.start)
    if overlapping(ordered):
        raise ValueError("pauses overlap (R-TL-08)")
    if as_of is None and any(pause.end is None for pause in ordered):
        raise ValueError("an open pause needs the day up to which it counts")
    cut = (_Stretch(max(p.start, accepted_on), p.end or as_of or p.start, p.reason) for p in ordered)
    return [stretch for stretch in cut if stretch.start < stretch.end]


def overlapping(pauses: Iterable[Pause]) -> list[tuple[Pause, Pause]]:
    """R-TL-08: the pairs that share a day. A pause may begin on the day another ends."""
    return [
        (one, other)
        for one, other in combinations(sorted(pauses, key=lambda pause: pause.start), 2)
        if other.start < min(one.end or date.max, other.end or date.max)
    ]


def light(
    promised: int,
    extension: int,
    used: int,
    *,
    paused: bool,
    started: bool,
    ended: bool,
    yellow_at_remaining: int = YELLOW_AT_REMAINING,
) -> Light:
    """The light of an item or a step (§4). The last promised day is still in time: YELLOW, not RED.

    What ended keeps its result even if it was paused when it ended.
    """
    left = promised + extension - used
    if not started:
        return Light.GREY
    if ended:
        return Light.RED_HISTORY if left < 0 else Light.GREY
    if paused:
        return Light.BLUE
    if left < 0:
        return Light.RED
    return Light.YELLOW if left <= yellow_at_remaining else Light.GREEN


def deemed_accepted_after(received_on: date, limit: int, works: WorkCalendar) -> Due:
    """R-TL-03: the last day to answer; silence beyond it means accepted, from the date of receipt."""
    return due(received_on, limit, (), works)


def final_account_due(completed_on: date, size: Size, works: WorkCalendar, extended: bool = False) -> Due:
    """R-TL-09: three calendar months from completion; extended by two more, or six for a large project."""
    months = FINAL_ACCOUNT_MONTHS + (EXTENSION_MONTHS[size] if extended else 0)
    return months_after(completed_on, months, works)


def final_account_cap(accepted_on: date, works: WorkCalendar) -> Due:
    """R-TL-09: one year from the acceptance of the works, whatever was extended."""
    return months_after(accepted_on, CAP_MONTHS, works)


def months_after(start: date, months: int, works: WorkCalendar) -> Due:
    """The same day of a later month (or that month's last day), moved to the next working day if nobody works then."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    end = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    works = works.provisional()
    on = works.roll_forward(end)
    return Due(on, works.is_provisional(on))


def ladder(due_on: date, works: WorkCalendar) -> dict[int, date]:
    """The escalation dates by rung: T−3, T−1, T+0, T+1, T+5, T+10 working days from the due date.

    For a limit shorter than a rung, that rung lies before acceptance.
    """
    works = works.provisional()
    return {rung: works.add(due_on, rung) for rung in RUNGS}


def share_used(used: int, promised: int) -> Decimal | None:
    """R-TL-11: used / promised with four decimals, half up; None where nothing was promised."""
    if promised == 0:
        return None
    return (Decimal(used) / Decimal(promised)).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
