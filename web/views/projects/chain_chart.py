"""The chain of figures as a drawing: columns for wide windows, bars for phones. Geometry only; words come from the links."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from approvals.control_chain import Link
from core import money
from projects.states import FigureKind

WIDE, TALL, FOOT, HEAD, COLUMN = 960, 288, 236, 44, 64
NARROW, STEP, BAR = 358, 54, 14


@dataclass(frozen=True)
class Mark:
    """One figure. Coordinates in the units of the drawing; `amount` in 万元 as printed, empty where undecided."""

    label: Any
    amount: str
    change: str
    overrun: Any
    x: int
    y: int
    width: int
    height: int
    middle: int


@dataclass(frozen=True)
class Drawing:
    """`control` is where the binding estimate lies (y of the columns, x of the bars); None before there is one."""

    columns: list[Mark]
    bars: list[Mark]
    width: int
    height: int
    narrow_width: int
    narrow_height: int
    foot: int
    control: int | None
    narrow_control: int | None


def drawing_of(links: Sequence[Link]) -> Drawing | None:
    """None while nothing is decided."""
    highest = max((link.amount for link in links if link.amount is not None), default=None)
    if not highest:
        return None
    control = _control(links)
    return Drawing(
        columns=[_column(link, number, len(links), highest) for number, link in enumerate(links)],
        bars=[_bar(link, number, highest) for number, link in enumerate(links)],
        width=WIDE,
        height=TALL,
        narrow_width=NARROW,
        narrow_height=STEP * len(links),
        foot=FOOT,
        control=FOOT - _scaled(control, highest, FOOT - HEAD) if control else None,
        narrow_control=_scaled(control, highest, NARROW) if control else None,
    )


def _control(links: Sequence[Link]) -> Decimal | None:
    """The newest estimate controls the total (R-INV-01)."""
    estimates = [
        link.amount for link in links if link.kind in (FigureKind.ESTIMATE, FigureKind.ADJUSTED) and link.amount
    ]
    return estimates[-1] if estimates else None


def _scaled(amount: Decimal | None, highest: Decimal, length: int) -> int:
    return int((amount or Decimal(0)) / highest * length)


def _column(link: Link, number: int, n: int, highest: Decimal) -> Mark:
    slot = WIDE // n
    height = _scaled(link.amount, highest, FOOT - HEAD)
    middle = slot * number + slot // 2
    return _mark(link, x=middle - COLUMN // 2, y=FOOT - height, width=COLUMN, height=height, middle=middle)


def _bar(link: Link, number: int, highest: Decimal) -> Mark:
    return _mark(
        link,
        x=0,
        y=STEP * number + 22,
        width=_scaled(link.amount, highest, NARROW),
        height=BAR,
        middle=STEP * number + 15,
    )


def _mark(link: Link, **place: int) -> Mark:
    amount = "" if link.amount is None else f"{money.wan(link.amount):,.2f}"
    change = "" if link.ratio is None else f"{link.ratio * 100:+.2f} %"
    return Mark(link.label, amount, change, link.overrun, **place)
