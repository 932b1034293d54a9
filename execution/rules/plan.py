"""Balancing of the annual plan: nothing above an envelope (hard stop), nothing above the control figure (R-INV-10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal("0.00")
PREPARATORY = "PREPARATORY"


@dataclass(frozen=True)
class Over:
    """A source of which more is planned than there is (yuan)."""

    source: str
    planned: Decimal
    available: Decimal

    @property
    def excess(self) -> Decimal:
        return self.planned - self.available


def over_envelopes(planned: Mapping[str, Decimal], available: Mapping[str, Decimal]) -> list[Over]:
    """The sources whose envelope is exceeded, by source code. A source without an envelope has nothing to give."""
    rows = [Over(source, planned[source], available.get(source, ZERO)) for source in sorted(planned)]
    return [row for row in rows if row.excess > 0]


def above_control_figure(released: Decimal, more: Decimal, control: Decimal | None) -> Decimal:
    """R-INV-10: by how many yuan Σ releases of all years would exceed the control figure; zero if they do not.

    Without a control figure nothing may be released: then everything is too much.
    """
    return max(released + more - (control if control is not None else ZERO), ZERO)


@dataclass(frozen=True)
class Taken:
    """How much of a quota that goes back was never released, and how much has to be called back (yuan)."""

    unreleased: Decimal
    released: Decimal


def take_back(amount: Decimal, quota: Decimal, released: Decimal, unpaid: Decimal) -> Taken | None:
    """What goes back comes first from what was never released, then from what was released but is not paid.

    `unpaid` is what of the project's money from this source no payment has used; None if there is not that much.
    """
    first = min(amount, max(quota - released, ZERO))
    second = amount - first
    return Taken(first, second) if second <= min(released, max(unpaid, ZERO)) else None
