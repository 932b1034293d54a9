"""Into which amount bracket a declared amount falls (§11). The lower bound belongs to the bracket."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Bracket:
    """From `lower` (inclusive) up to `upper` (exclusive), in yuan; None means open above."""

    code: str
    lower: Decimal
    upper: Decimal | None

    def holds(self, amount: Decimal) -> bool:
        return self.lower <= amount and (self.upper is None or amount < self.upper)


def _brackets(*bounds_wan: int) -> tuple[Bracket, ...]:
    lowers = [0, *bounds_wan]
    uppers: list[int | None] = [*bounds_wan, None]
    return tuple(
        Bracket(
            code=f"{lower}-{'' if upper is None else upper}",
            lower=Decimal(lower).scaleb(4),
            upper=None if upper is None else Decimal(upper).scaleb(4),
        )
        for lower, upper in zip(lowers, uppers, strict=True)
    )


DISTRICT = _brackets(200, 500, 1_000, 5_000, 10_000)
CITY = _brackets(5_000, 10_000, 100_000, 500_000)
SETS: dict[str, tuple[Bracket, ...]] = {"district": DISTRICT, "city": CITY}


def bracket_of(amount: Decimal, brackets: Sequence[Bracket] = DISTRICT) -> Bracket:
    """The bracket that holds `amount` yuan. ValueError for a negative amount, which no bracket holds."""
    for bracket in brackets:
        if bracket.holds(amount):
            return bracket
    raise ValueError(f"no bracket holds {amount} yuan")
