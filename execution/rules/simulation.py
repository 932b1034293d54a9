"""What if: envelopes of several years against what projects still need (yuan). Pure; nothing is kept.

Each project's need lies in years and sources. In each year a source first serves continuing projects, then new ones, then
preparatory ones; what it cannot give is the gap of that year and is asked again in the next. So the gap of the last year
is what the whole span cannot pay for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
FEN = Decimal("0.01")
ORDER = {"CONTINUING": 0, "NEW": 1, "PREPARATORY": 2}


@dataclass(frozen=True)
class Need:
    """What one project asks of one source, year by year. `rank` breaks ties: lower is served first."""

    project: int
    category: str
    source: str
    by_year: Mapping[int, Decimal]
    rank: int = 0


@dataclass(frozen=True)
class Cell:
    """One source in one year: `asked` of that year's own needs, `carried` from years before, `given`, `gap` not given."""

    year: int
    source: str
    available: Decimal
    asked: Decimal
    carried: Decimal
    given: Decimal

    @property
    def planned(self) -> Decimal:
        return self.asked + self.carried

    @property
    def gap(self) -> Decimal:
        return self.planned - self.given

    @property
    def left(self) -> Decimal:
        return self.available - self.given


@dataclass
class Served:
    """What one project was given, year by year over all sources, and what it waits for at the end."""

    project: int
    given: dict[int, Decimal] = field(default_factory=dict)
    waits: Decimal = ZERO
    delayed: Decimal = ZERO


@dataclass(frozen=True)
class Outlook:
    """The whole span: a cell for each year and source, and every project."""

    cells: tuple[Cell, ...]
    projects: tuple[Served, ...]

    def cell(self, year: int, source: str) -> Cell | None:
        return next((one for one in self.cells if (one.year, one.source) == (year, source)), None)

    @property
    def gap_at_the_end(self) -> Decimal:
        return sum((one.waits for one in self.projects), ZERO)


def simulate(
    years: Sequence[int], envelopes: Mapping[tuple[int, str], Decimal], needs: Iterable[Need], sources: Sequence[str]
) -> Outlook:
    """Serves every need in the order of the years. Σ given of a source never above its envelope, to the fen."""
    queue = sorted(needs, key=lambda need: (ORDER.get(need.category, len(ORDER)), need.rank, need.project))
    served = {need.project: Served(need.project) for need in queue}
    cells = []
    for source in sources:
        mine = [need for need in queue if need.source == source]
        waiting = dict.fromkeys(range(len(mine)), ZERO)
        for year in years:
            cells.append(_serve(year, source, envelopes.get((year, source), ZERO), mine, waiting, served))
        for place, need in enumerate(mine):
            served[need.project].waits += waiting[place]
    cells.sort(key=lambda cell: (cell.year, sources.index(cell.source)))
    return Outlook(tuple(cells), tuple(served.values()))


def _serve(
    year: int, source: str, available: Decimal, needs: Sequence[Need], waiting: dict[int, Decimal],
    served: Mapping[int, Served],
) -> Cell:  # fmt: skip
    left, asked, carried = available, ZERO, sum(waiting.values(), ZERO)
    for place, need in enumerate(needs):
        own = need.by_year.get(year, ZERO)
        asked += own
        wanted = waiting[place] + own
        given = min(wanted, max(left, ZERO))
        left -= given
        waiting[place] = wanted - given
        if given:
            row = served[need.project]
            row.given[year] = row.given.get(year, ZERO) + given
        served[need.project].delayed += waiting[place]
    return Cell(year, source, available, asked, carried, available - left)


def spread(amount: Decimal, years: Sequence[int]) -> dict[int, Decimal]:
    """Even parts, to the fen; the last year takes the remainder."""
    if not years or amount <= 0:
        return {}
    part = (amount / len(years)).quantize(FEN, rounding=ROUND_HALF_UP)
    parts = [part] * (len(years) - 1)
    return dict(zip(years, [*parts, amount - sum(parts, ZERO)], strict=True))


def grown(base: Decimal, percent: Decimal, steps: int) -> Decimal:
    """An envelope after so many years of growth (or shrinking) by that percent, to the fen, never below nothing."""
    factor = max(Decimal(1) + percent / 100, Decimal(0))
    return (base * factor**steps).quantize(FEN, rounding=ROUND_HALF_UP)
