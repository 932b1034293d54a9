"""Takes times, and keeps what was measured against what."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Line:
    """One comparison, in seconds (the best of several rounds) or MB; the ratio is what is worth reading."""

    name: str
    what: str
    against: str
    seconds: float
    floor: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 4)}


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest of several rounds, in seconds, after one that does not count."""
    work()
    return min(_once(work) for _ in range(rounds))


def _once(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
