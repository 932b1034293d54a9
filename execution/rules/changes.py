"""R-INV-14: who decides a change order, by its own amount and by the share of all changes in the contract.

A deduction counts like an addition: two changes that cancel each other out have changed the contract twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from approvals.rules.investment import reaches

ZERO = Decimal("0.00")
OWNER, SECTION, BUREAU = "OWNER", "SECTION", "BUREAU"
LADDER = (OWNER, SECTION, BUREAU)


class Threshold(Protocol):
    """What is read off a rule row."""

    @property
    def value(self) -> Decimal: ...
    @property
    def comparison(self) -> str: ...


@dataclass(frozen=True)
class Thresholds:
    """`share` of the contract price, `section` and `bureau` in yuan."""

    share: Threshold
    section: Threshold
    bureau: Threshold


@dataclass(frozen=True)
class Judgement:
    """The level, and what it follows from: the sum of all changes without sign, and whether the share was exceeded."""

    level: str
    cumulative: Decimal
    share: Decimal
    by_share: bool


def judge(amount: Decimal, others: Iterable[Decimal], price: Decimal, thresholds: Thresholds) -> Judgement:
    """The level of a change of `amount` beside the approved `others` of a contract of `price` (yuan, signed).

    By the amount alone first; where all changes together exceed the share, one level higher.
    """
    cumulative = sum((abs(other) for other in others), abs(amount))
    step = 0
    for height, threshold in enumerate((thresholds.section, thresholds.bureau), 1):
        if reaches(abs(amount), threshold.value, threshold.comparison):
            step = height
    by_share = reaches(cumulative, thresholds.share.value * price, thresholds.share.comparison)
    if by_share:
        step = min(step + 1, len(LADDER) - 1)
    share = (cumulative / price).quantize(Decimal("0.0001")) if price else ZERO
    return Judgement(LADDER[step], cumulative, share, by_share)


def is_above(level: str, other: str) -> bool:
    return LADDER.index(level) > LADDER.index(other)


def spread(amounts: Mapping[str, Decimal], total: Decimal) -> dict[str, Decimal]:
    """A change's amounts by cost line, brought to its total: the difference goes to the largest line. Σ = total."""
    parts = dict(amounts)
    difference = total - sum(parts.values(), ZERO)
    if difference:
        largest = max(parts, key=lambda code: (abs(parts[code]), code), default="")
        parts[largest] = parts.get(largest, ZERO) + difference
    return parts


def forecast_after(previous: Decimal | None, committed: Decimal, change: Decimal) -> Decimal:
    """What a cost line will cost after the change: the last forecast, or where there is none what is contracted, + change."""
    return (previous if previous is not None else committed) + change
