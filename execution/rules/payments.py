"""R-INV-11: what may be paid at most, by releases of the project and by share of the contract."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

ZERO = Decimal("0.00")
FEN = Decimal("0.01")


class Cap(StrEnum):
    RELEASED = "RELEASED"  # Σ paid of the project ≤ Σ released
    SOURCE = "SOURCE"  # the same, by funding source
    CONTRACT = "CONTRACT"  # paid of the contract ≤ cap % × (contract + approved changes)
    ADVANCE = "ADVANCE"  # advances of the contract ≤ agreed share × price


@dataclass(frozen=True)
class SourceStanding:
    """Yuan of one funding source: released to the project, committed by other payments, asked for now."""

    source: str
    released: Decimal
    committed: Decimal
    asked: Decimal


@dataclass(frozen=True)
class Standing:
    """Yuan. `committed` is what is paid or approved by finance, without this payment; `basis` is the settled price once
    there is one, else price + supplements + approved changes; `cap` the share of it that may be paid now (0…1)."""

    asked: Decimal
    project_released: Decimal
    project_committed: Decimal
    contract_basis: Decimal
    contract_committed: Decimal
    cap: Decimal
    sources: tuple[SourceStanding, ...] = ()


@dataclass(frozen=True)
class Excess:
    """A cap that this payment would break: at most `room` more could be paid (yuan, never negative)."""

    cap: Cap
    room: Decimal
    limit: Decimal
    source: str = ""


def contract_limit(basis: Decimal, cap: Decimal) -> Decimal:
    """cap × basis, whole fen, half up."""
    return (basis * cap).quantize(FEN, rounding=ROUND_HALF_UP)


def excesses(standing: Standing) -> list[Excess]:
    """Every cap this payment would break."""
    found = []
    for row in standing.sources:
        if row.committed + row.asked > row.released:
            found.append(Excess(Cap.SOURCE, max(row.released - row.committed, ZERO), row.released, row.source))
    if standing.project_committed + standing.asked > standing.project_released:
        room = max(standing.project_released - standing.project_committed, ZERO)
        found.append(Excess(Cap.RELEASED, room, standing.project_released))
    limit = contract_limit(standing.contract_basis, standing.cap)
    if standing.contract_committed + standing.asked > limit:
        found.append(Excess(Cap.CONTRACT, max(limit - standing.contract_committed, ZERO), limit))
    return found


def advance_excess(asked: Decimal, committed: Decimal, price: Decimal, share: Decimal) -> Excess | None:
    """The advance that would go beyond `share` (0…1) of the price, all advances together; None where it keeps to it."""
    limit = contract_limit(price, share)
    return Excess(Cap.ADVANCE, max(limit - committed, ZERO), limit) if committed + asked > limit else None


def work_left(value: Decimal, others: Iterable[Decimal]) -> Decimal:
    """What of the work one report proves may still be applied for, when others have applied; never negative."""
    return max(value - sum(others, ZERO), ZERO)


def scaled(parts: Mapping[str, Decimal], total: Decimal) -> dict[str, Decimal]:
    """Parts in the same proportion whose sum is `total` to the fen; the fen left over go where most was cut off.

    What falls to nothing is left out. Nothing to scale, or nothing to give: no parts.
    """
    whole = sum(parts.values(), ZERO)
    if whole <= 0 or total <= 0:
        return {}
    exact = {code: part * total / whole for code, part in parts.items()}
    found = {code: part.quantize(FEN, rounding=ROUND_FLOOR) for code, part in exact.items()}
    left = int((total - sum(found.values(), ZERO)) / FEN)
    for code in sorted(parts, key=lambda code: (found[code] - exact[code], code))[:left]:
        found[code] += FEN
    return {code: part for code, part in found.items() if part}
