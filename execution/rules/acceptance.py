"""When an acceptance may pass, and by when it has to be filed. Days are calendar days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

GREEN, YELLOW, RED, GREY = "GREEN", "YELLOW", "RED", "GREY"


@dataclass(frozen=True)
class Standing:
    """What a round is judged by: what each party said (None: nothing yet), the papers there, the defects still open."""

    parties: tuple[str, ...]
    agreed: Collection[str]
    rejected: Collection[str]
    papers_missing: tuple[str, ...]
    open_defects: int

    @property
    def silent(self) -> tuple[str, ...]:
        """The parties that have not spoken, in their order."""
        return tuple(party for party in self.parties if party not in self.agreed and party not in self.rejected)

    @property
    def against(self) -> tuple[str, ...]:
        return tuple(party for party in self.parties if party in self.rejected)

    @property
    def passes(self) -> bool:
        """All parties agree, nothing is open, no paper is missing."""
        return not (self.silent or self.against or self.papers_missing or self.open_defects)


def passed_on(days: Iterable[date | None]) -> date:
    """The day of the last thing the acceptance needed: a signature, a paper, a check. Signing off late gains no time."""
    return max(day for day in days if day is not None)


@dataclass(frozen=True)
class FilingClock:
    """How long there is to file a passed acceptance. `days_left` is negative once the limit is over."""

    passed_on: date
    due_on: date
    filed_on: date | None
    days_left: int
    light: str


def filing_due(passed: date, days: int) -> date:
    """The last day by the calendar; the caller moves it off a holiday."""
    return passed + timedelta(days=days)


def filing_clock(passed: date, due: date, filed: date | None, today: date, warning: int) -> FilingClock:
    """GREY once filed in time, RED when late – filed or not –, YELLOW in the last `warning` days; the last day is in time."""
    left = (due - (filed or today)).days
    if left < 0:
        light = RED
    elif filed is not None:
        light = GREY
    else:
        light = YELLOW if left <= warning else GREEN
    return FilingClock(passed, due, filed, left, light)
