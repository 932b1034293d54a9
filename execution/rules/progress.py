"""Monthly reports: when they are due, how far behind the plan the works are, what a measured quantity is worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
FEN = Decimal("0.01")
HUNDRED = Decimal(100)
GREEN, YELLOW, RED = "GREEN", "YELLOW", "RED"


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the following month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def last_of(month: date) -> date:
    """The last day of the month."""
    return next_month(month) - timedelta(days=1)


def due_on(month: date, day: int) -> date:
    """A month's report is due on this day of the next month (a calendar day)."""
    return next_month(month).replace(day=day)


def lag(planned: Decimal | None, physical: Decimal) -> Decimal:
    """By how many percentage points the works are behind the plan; nothing where they are not, or none is planned."""
    return max(planned - physical, Decimal(0)) if planned is not None else Decimal(0)


def light(behind: Decimal, yellow: Decimal, red: Decimal) -> str:
    """More than `yellow` points behind is yellow, more than `red` red."""
    if behind > red:
        return RED
    return YELLOW if behind > yellow else GREEN


@dataclass(frozen=True)
class Point:
    """So much of the works (percent, cumulative) was planned to be done on that day."""

    day: date
    percent: Decimal


def planned_at(points: Iterable[Point], day: date) -> Decimal | None:
    """The planned percent of that day, on straight lines between the points; None before there is any plan.

    Before the first point nothing is planned, unless it is that day; after the last its percent stays.
    """
    plan = sorted(points, key=lambda point: (point.day, point.percent))
    if not plan:
        return None
    if day < plan[0].day:
        return Decimal("0.00")
    before = [point for point in plan if point.day <= day][-1]
    after = next((point for point in plan if point.day > day), None)
    if after is None:
        return before.percent.quantize(FEN)
    share = Decimal((day - before.day).days) / Decimal((after.day - before.day).days)
    return (before.percent + (after.percent - before.percent) * share).quantize(FEN, rounding=ROUND_HALF_UP)


def worth(quantity: Decimal, whole: Decimal, amount: Decimal, unit_price: Decimal | None) -> Decimal:
    """What the cumulative `quantity` of a line of `whole` units and `amount` yuan is worth.

    By its unit price where that gives the amount, else in proportion; all of it is the amount, to the fen.
    """
    if quantity >= whole:
        return amount
    if unit_price is not None and _fen(unit_price * whole) == amount:
        return _fen(unit_price * quantity)
    return _fen(amount * quantity / whole)


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)
