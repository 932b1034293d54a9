"""The S-curve of a project: planned, done, released and paid, cumulative by month. Pure; Decimal yuan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
FEN = Decimal("0.01")
MOST_MONTHS = 240

Event = tuple[date, Decimal]


@dataclass(frozen=True)
class Curve:
    """One value per month, as it stands at the month's end; None where nothing is known (yet)."""

    months: tuple[date, ...] = ()
    planned: tuple[Decimal | None, ...] = ()
    done: tuple[Decimal | None, ...] = ()
    released: tuple[Decimal | None, ...] = ()
    paid: tuple[Decimal | None, ...] = ()


def curve(
    *,
    marks: Iterable[Event],
    starts_on: date | None,
    whole: Decimal | None,
    reports: Iterable[Event],
    releases: Iterable[Event],
    payments: Iterable[Event],
    today: date,
) -> Curve:
    """From the first month anything is known of to the last planned or elapsed one.

    `marks`: planned share of the works (0…100) by day; between them the plan runs straight, before the first from
    `starts_on` at 0. Without marks or without `whole` (the approved estimate) there is no planned line. `reports`: month
    and completed investment up to it. `releases`, `payments`: day and amount; months to come have none.
    """
    planned, told = sorted(marks), sorted(reports)
    moved = {"released": sorted(releases), "paid": sorted(payments)}
    known = [day for day, _amount in (*planned, *told, *moved["released"], *moved["paid"])]
    if not known:
        return Curve()
    if planned and starts_on and starts_on < planned[0][0]:
        planned.insert(0, (starts_on, ZERO))
        known.append(starts_on)
    months = _months(min(known), max(known))
    return Curve(
        months,
        tuple(_planned(month, planned, whole) for month in months),
        tuple(_told(month, told) for month in months),
        *(tuple(_summed(month, rows, today) for month in months) for rows in moved.values()),
    )


def _months(first: date, last: date) -> tuple[date, ...]:
    months = [first.replace(day=1)]
    while (months[-1].year, months[-1].month) < (last.year, last.month) and len(months) < MOST_MONTHS:
        months.append(_next(months[-1]))
    return tuple(months)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def end_of(month: date) -> date:
    return date.fromordinal(_next(month).toordinal() - 1)


def _planned(month: date, marks: Sequence[Event], whole: Decimal | None) -> Decimal | None:
    if whole is None or not marks:
        return None
    return (share_on(end_of(month), marks) * whole / 100).quantize(FEN, rounding=ROUND_HALF_UP)


def share_on(day: date, marks: Sequence[Event]) -> Decimal:
    """The planned share on a day, straight between the marks, 0 before the first and the last one after it."""
    before = [mark for mark in marks if mark[0] <= day]
    after = [mark for mark in marks if mark[0] > day]
    if not before:
        return ZERO
    (since, low), share = before[-1], before[-1][1]
    if after:
        until, high = after[0]
        share = low + (high - low) * (day - since).days / (until - since).days
    return share


def _told(month: date, reports: Sequence[Event]) -> Decimal | None:
    """The last report up to the month; nothing after the last report."""
    if not reports or month > reports[-1][0].replace(day=1):
        return None
    return next((amount for day, amount in reversed(reports) if day.replace(day=1) <= month), ZERO)


def _summed(month: date, rows: Sequence[Event], today: date) -> Decimal | None:
    if not rows or month > today:
        return None
    return sum((amount for day, amount in rows if day <= end_of(month)), ZERO)
