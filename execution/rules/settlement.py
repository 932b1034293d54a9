"""What a settlement shows beside its figures: flags, shares of one review over several contracts, the time it may take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal("0.00")


class Flag(StrEnum):
    """What a reader should see at once."""

    ABOVE_VALUE = "ABOVE_VALUE"  # submitted or reviewed above what the contract is worth
    INCREASED = "INCREASED"  # the review added money
    OVERPAID = "OVERPAID"  # more is paid or approved than the review leaves


@dataclass(frozen=True)
class Figures:
    """One contract at its end, in yuan. `reviewed` is None before the review."""

    value: Decimal
    submitted: Decimal
    reviewed: Decimal | None
    committed: Decimal = ZERO


def flags(figures: Figures) -> list[Flag]:
    found = []
    standing = figures.submitted if figures.reviewed is None else figures.reviewed
    if max(standing, figures.submitted) > figures.value:
        found.append(Flag.ABOVE_VALUE)
    if figures.reviewed is not None and figures.reviewed > figures.submitted:
        found.append(Flag.INCREASED)
    if figures.reviewed is not None and figures.committed > figures.reviewed:
        found.append(Flag.OVERPAID)
    return found


def difference(parts: Iterable[Decimal], whole: Decimal) -> Decimal:
    """Σ parts − whole; zero when they add up to the fen."""
    return sum(parts, ZERO) - whole


# 财建〔2004〕369号: below five million, up to twenty, up to fifty, and above.
BRACKETS = (Decimal(5_000_000), Decimal(20_000_000), Decimal(50_000_000))


def bracket_of(amount: Decimal) -> int:
    """0 below 5 million yuan, 1 from there, 2 from 20 million, 3 above 50 million (exactly 50 million is still 2)."""
    below, middle, large = BRACKETS
    if amount < below:
        return 0
    if amount < middle:
        return 1
    return 2 if amount <= large else 3


@dataclass(frozen=True)
class ReviewClock:
    """How long the review may take. `days_left` is negative once the limit is over."""

    due_on: date
    days_left: int
    light: str


def review_clock(begun: date, days: int, reviewed: date | None, today: date, warning: int) -> ReviewClock:
    """Calendar days from the day after `begun`; GREY when ended in time, RED when late."""
    due = begun + timedelta(days=days)
    left = (due - (reviewed or today)).days
    if left < 0:
        light = "RED"
    elif reviewed is not None:
        light = "GREY"
    else:
        light = "YELLOW" if left <= warning else "GREEN"
    return ReviewClock(due, left, light)


def shares_of(approved: Decimal, submitted: Mapping[int, Decimal], said: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What the review leaves each contract: as said, and where there is only one contract, all of it."""
    if len(submitted) == 1 and not said:
        return dict.fromkeys(submitted, approved)
    return {key: said[key] for key in submitted if key in said}
