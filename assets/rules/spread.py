"""R-FA-04, R-FA-07: a whole in parts that always add up to it, to the fen. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
FEN = Decimal("0.01")

STRUCTURE, EQUIPMENT, CURRENT, INTANGIBLE = "STRUCTURE", "EQUIPMENT", "CURRENT", "INTANGIBLE"
WRITEOFF = "WRITEOFF"


@dataclass(frozen=True)
class Bearer:
    """An asset that may take a share of the deferred cost. Yuan."""

    kind: str
    asset_class: str
    direct: Decimal
    installation: Decimal
    shares: bool = True

    @property
    def weight(self) -> Decimal:
        """R-FA-04: building and installation works, and equipment that needs installing; nothing else bears a share.

        Current and intangible assets, what is written off and equipment that is only put down take none.
        """
        if not self.shares or self.asset_class == WRITEOFF or self.kind in (CURRENT, INTANGIBLE):
            return ZERO
        if self.kind == EQUIPMENT and not self.installation:
            return ZERO
        return self.direct + self.installation


def spread(whole: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`whole` yuan (signed) pro rata; the last that bears anything takes the rounding cent. Σ is `whole` wherever one
    weight is above zero; else nobody takes anything. No part has another sign than the whole."""
    total = sum(weights, Decimal(0))
    if total <= 0:
        return [ZERO for _weight in weights]
    parts = _rounded(whole, weights, total, ROUND_HALF_UP)
    return parts if all(part * whole >= 0 for part in parts) else _rounded(whole, weights, total, ROUND_DOWN)


def _rounded(whole: Decimal, weights: Sequence[Decimal], total: Decimal, rounding: str) -> list[Decimal]:
    last = max(index for index, weight in enumerate(weights) if weight > 0)
    parts = [(whole * weight / total).quantize(FEN, rounding=rounding) for weight in weights]
    parts[last] = ZERO
    parts[last] = whole - sum(parts, ZERO)
    return parts


def deferred_shares(whole: Decimal, bearers: Sequence[Bearer]) -> list[Decimal]:
    return spread(whole, [bearer.weight for bearer in bearers])
