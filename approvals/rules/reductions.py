"""How much a review took off the declared amount: 核减(增) and its rate (§3.5, R-RED-01…03)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

ZERO = Decimal("0.00")
RATE_STEP = Decimal("0.0001")


class Direction(StrEnum):
    """The sign in words: 核减 from zero up, 核增 below zero (R-RED-02)."""

    REDUCTION = "REDUCTION"
    INCREASE = "INCREASE"


def rate_of(net: Decimal, declared: Decimal) -> Decimal | None:
    """net / declared as a ratio with four decimals, half up; None when nothing was declared (R-RED-03)."""
    if declared == 0:
        return None
    return (net / declared).quantize(RATE_STEP, rounding=ROUND_HALF_UP)


def direction_of(net: Decimal) -> Direction:
    return Direction.INCREASE if net < 0 else Direction.REDUCTION


@dataclass(frozen=True)
class Reduction:
    """One item: what was declared and what the review accepted, in yuan."""

    declared: Decimal
    reviewed: Decimal

    @property
    def amount(self) -> Decimal:
        """Yuan taken off; negative when the review added money."""
        return self.declared - self.reviewed

    @property
    def rate(self) -> Decimal | None:
        return rate_of(self.amount, self.declared)

    @property
    def direction(self) -> Direction:
        return direction_of(self.amount)


@dataclass(frozen=True)
class Totals:
    """Many items added up, in yuan. Groups add with `+`, so a report never averages rates (R-RED-01)."""

    n_items: int = 0
    declared: Decimal = ZERO
    reviewed: Decimal = ZERO
    gross_reduction: Decimal = ZERO
    gross_increase: Decimal = ZERO
    n_reduced: int = 0
    n_increased: int = 0

    @property
    def net(self) -> Decimal:
        """Σ declared − Σ reviewed, signed: gross reduction less gross increase."""
        return self.declared - self.reviewed

    @property
    def rate(self) -> Decimal | None:
        """Sums first, then one division (R-RED-01)."""
        return rate_of(self.net, self.declared)

    @property
    def direction(self) -> Direction:
        return direction_of(self.net)

    @property
    def n_unchanged(self) -> int:
        return self.n_items - self.n_reduced - self.n_increased

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            n_items=self.n_items + other.n_items,
            declared=self.declared + other.declared,
            reviewed=self.reviewed + other.reviewed,
            gross_reduction=self.gross_reduction + other.gross_reduction,
            gross_increase=self.gross_increase + other.gross_increase,
            n_reduced=self.n_reduced + other.n_reduced,
            n_increased=self.n_increased + other.n_increased,
        )

    @classmethod
    def of(cls, reduction: Reduction) -> "Totals":
        """The totals of a single item."""
        amount = reduction.amount
        return cls(
            n_items=1,
            declared=reduction.declared,
            reviewed=reduction.reviewed,
            gross_reduction=max(amount, ZERO),
            gross_increase=max(-amount, ZERO),
            n_reduced=int(amount > 0),
            n_increased=int(amount < 0),
        )


def total(reductions: Iterable[Reduction]) -> Totals:
    """Adds up the items given. Which items may enter (R-RED-04, R-RED-05) is the caller's choice."""
    return sum(map(Totals.of, reductions), Totals())
