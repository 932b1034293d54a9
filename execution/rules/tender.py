"""Periods of the law for a tender, and how much of the reviewed budget is left for its ceiling (R-INV-09).

Days are calendar days. A day is counted from the next one: announced on the 1st, twenty days are over on the 21st.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from approvals.rules.investment import reaches

ZERO = Decimal("0.00")
# 必须招标的工程项目规定 art. 5: the rule row with the amount, by kind of contract. Other kinds are free.
MUST_BE_TENDERED = {
    "WORKS": "tender.must.works",
    "EQUIPMENT": "tender.must.goods",
    "SURVEY": "tender.must.services",
    "DESIGN": "tender.must.services",
    "SUPERVISION": "tender.must.services",
}


class Breach(StrEnum):
    BIDS_TOO_SHORT = "BIDS_TOO_SHORT"
    PUBLICITY_TOO_SHORT = "PUBLICITY_TOO_SHORT"
    PUBLICITY_TOO_LATE = "PUBLICITY_TOO_LATE"
    BACKWARDS = "BACKWARDS"


@dataclass(frozen=True)
class Periods:
    """The limits in force, in days."""

    bids: int
    publicity: int
    publicity_start: int
    contract: int
    contract_warning: int


@dataclass(frozen=True)
class Fault:
    """A period that breaks the law. `limit` is the first day, or for a late start the last day, that would do."""

    breach: Breach
    field: str
    limit: date
    days: int = 0


def bid_period(announced_on: date, closes_on: date, periods: Periods) -> list[Fault]:
    """Announcement to closing: at least `periods.bids` days."""
    limit = announced_on + timedelta(days=periods.bids)
    return [Fault(Breach.BIDS_TOO_SHORT, "closes_on", limit, periods.bids)] if closes_on < limit else []


def publicity(reported_on: date, begins: date, ends: date, periods: Periods) -> list[Fault]:
    """The candidates are published within some days of the evaluation report, and for at least some days.

    Both the first and the last day of the publicity count.
    """
    found = []
    if begins < reported_on:
        found.append(Fault(Breach.BACKWARDS, "publicity_from", reported_on))
    latest = reported_on + timedelta(days=periods.publicity_start)
    if begins > latest:
        found.append(Fault(Breach.PUBLICITY_TOO_LATE, "publicity_from", latest, periods.publicity_start))
    earliest_end = begins + timedelta(days=periods.publicity - 1)
    if ends < earliest_end:
        found.append(Fault(Breach.PUBLICITY_TOO_SHORT, "publicity_until", earliest_end, periods.publicity))
    return found


def named(name: str) -> str:
    """A bidder's name without idle spaces."""
    return " ".join(name.split())


def too_few(bidders: Iterable[str], least: int) -> bool:
    """招标投标法 art. 28: with fewer bidders than this – one who bids twice counts once – the tender is held again."""
    return len({named(name) for name in bidders}) < least


def strangers(candidates: Iterable[str], bidders: Iterable[str]) -> list[str]:
    """Candidates who did not bid; where no bidders are on record (older tenders) nobody is one."""
    known = {named(name) for name in bidders}
    return [name for name in candidates if known and named(name) not in known]


@dataclass(frozen=True)
class ContractClock:
    """How long there is to sign after the notice of award. `days_left` is negative once the limit is over."""

    due_on: date
    days_left: int
    light: str
    is_signed: bool = False


def contract_clock(notified_on: date, signed_on: date | None, today: date, periods: Periods) -> ContractClock:
    """GREEN, YELLOW in the last days, RED when over; a contract signed counts with its own day."""
    due = notified_on + timedelta(days=periods.contract)
    left = (due - (signed_on or today)).days
    if left < 0:
        light = "RED"
    elif signed_on is None and left <= periods.contract_warning:
        light = "YELLOW"
    else:
        light = "GREEN"
    return ContractClock(due, left, light, signed_on is not None)


@dataclass(frozen=True)
class Lot:
    """What another tender of the project takes of the budget: its award once there is one, else its ceiling. Yuan."""

    ceiling: Decimal
    award: Decimal | None = None

    @property
    def takes(self) -> Decimal:
        return self.award if self.award is not None else self.ceiling


def above_budget(
    ceiling: Decimal, others: Iterable[Lot], budget: Decimal | None, factor: Decimal, comparison: str
) -> Decimal | None:
    """R-INV-09: what is left of the reviewed budget if the ceiling is above it, else None.

    Without a reviewed budget there is nothing to compare with.
    """
    if budget is None:
        return None
    taken = sum((lot.takes for lot in others), ZERO)
    limit = factor * budget
    return max(limit - taken, ZERO) if reaches(taken + ceiling, limit, comparison) else None


def above_ceiling(award: Decimal, ceiling: Decimal, factor: Decimal, comparison: str) -> bool:
    """R-INV-09: the award breaks the ceiling."""
    return reaches(award, factor * ceiling, comparison)
