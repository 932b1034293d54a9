"""What of contracts, works and assets waits, as lines of a table with their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.waiting import Entry


@dataclass(frozen=True)
class WaitingRow:
    """One entry, the page where it is dealt with, and whether its day has passed."""

    entry: Entry
    url: str
    is_late: bool


def waiting_rows(entries: Iterable[Entry], today: date) -> list[WaitingRow]:
    return [WaitingRow(entry, entry.row.get_absolute_url(), entry.is_late(today)) for entry in entries]
