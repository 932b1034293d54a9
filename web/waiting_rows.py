"""What of contracts, works and assets waits, as lines of a table with their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.actor import Actor
from reports.waiting import Entry
from web.rooms import ROOM_OF_MOVE, room_url


@dataclass(frozen=True)
class WaitingRow:
    """One entry, the page where it is dealt with, and whether its day has passed."""

    entry: Entry
    url: str
    is_late: bool


def waiting_rows(entries: Iterable[Entry], today: date, reader: Actor | None = None) -> list[WaitingRow]:
    """Rows of somebody's own desk; or of a project for a `reader`, who gets no address of a room that is closed to them."""
    return [WaitingRow(entry, _address(entry, reader), entry.is_late(today)) for entry in entries]


def _address(entry: Entry, reader: Actor | None) -> str:
    room = ROOM_OF_MOVE.get(entry.kind)
    if reader is not None and room and entry.project and not room_url(room, reader, entry.project):
        return ""
    return entry.row.get_absolute_url()
