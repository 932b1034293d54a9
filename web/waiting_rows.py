"""What of contracts, works and assets waits, as lines of a table with their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.actor import Actor
from reports.waiting import Entry
from web.rooms import room_url

ROOM_OF = {
    "plan-item": "project_plan",
    "tender": "tenders",
    "contract": "contracts",
    "change": "changes",
    "progress": "progress",
    "payment": "payments",
    "defect": "acceptance",
    "finding": "audit",
    "account": "final_account",
    "handover": "handover",
    "title": "titles",
}


@dataclass(frozen=True)
class WaitingRow:
    """One entry, the page where it is dealt with, and whether its day has passed."""

    entry: Entry
    url: str
    is_late: bool


def waiting_rows(entries: Iterable[Entry], actor: Actor, today: date) -> list[WaitingRow]:
    return [WaitingRow(entry, _url_of(entry, actor), entry.is_late(today)) for entry in entries]


def _url_of(entry: Entry, actor: Actor) -> str:
    """The page of the row itself, else its room, else the project."""
    if hasattr(entry.row, "get_absolute_url"):
        return entry.row.get_absolute_url()
    if entry.project is None:
        return ""
    room = room_url(ROOM_OF.get(entry.kind, ""), actor, entry.project)
    return room or reverse("web:project", args=[entry.project.pk])
