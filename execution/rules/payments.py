"""R-INV-11: what may be paid at most, by releases of the project and by share of the contract."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

ZERO = Decimal("0.00")
FEN = Decimal("0.01")


class Cap(StrEnum):
    RELEASED = "RELEASED"  # Σ paid of the project ≤ Σ released
    SOURCE = "SOURCE"  # the same, by funding source
    CONTRACT = "CONTRACT"  # paid of the contract ≤ cap % × (contract + approved changes)


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
