"""Trace entries as rows of a page and as a table for a file."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.wording import role_label
from approvals.models import ApprovalItem
from approvals.trace_wording import details, passage, verb_label, who
from core import clock
from core.models import TraceEntry
from projects.models import Project
from reports.table import Column, ReportTable

COLUMNS = (
    Column("at", _("Time")),
    Column("who", _("Who")),
    Column("role", _("Role")),
    Column("what", _("What")),
    Column("project", _("Project")),
    Column("item", _("Item")),
    Column("details", _("Details")),
    Column("reason", _("Reason")),
    Column("origin", _("Address")),
    Column("chain", _("Position in the chain")),
    Column("hash", _("Hash")),
)


def rows(entries: Iterable[TraceEntry]) -> list[dict[str, Any]]:
    """For the page: the entry, in words, with what it is about (two more queries for any number of entries)."""
    entries = list(entries)
    projects = Project.objects.in_bulk({entry.project_id for entry in entries if entry.project_id})
    items = ApprovalItem.objects.in_bulk({entry.item_id for entry in entries if entry.item_id})
    return [
        {
            "entry": entry,
            "who": who(entry),
            "role": role_label(entry.role),
            "what": verb_label(entry.verb),
            "passage": passage(entry.facts),
            "details": details(entry),
            "project": projects.get(entry.project_id),
            "item": items.get(entry.item_id),
        }
        for entry in entries
    ]


def table(entries: Iterable[TraceEntry], *, actor: Actor, title: Any, filters: str = "") -> ReportTable:
    """For a file: one row an entry, the hash with it, so that it can be compared with the chain."""
    return ReportTable(
        code="trace",
        title=title,
        columns=COLUMNS,
        rows=[_cells(row) for row in rows(entries)],
        generated_at=clock.now(),
        generated_by=actor.user.full_name,
        filters=filters,
        notes=[_("Each hash covers the entry and the hash before it: a changed or missing entry breaks the chain.")],
    )


def _cells(row: dict[str, Any]) -> list[str]:
    entry = row["entry"]
    return [
        date_format(localtime(entry.at), "Y-m-d H:i:s"),
        row["who"],
        row["role"],
        f"{row['what']} ({row['passage']})" if row["passage"] else row["what"],
        row["project"].name if row["project"] else "",
        row["item"].no if row["item"] else "",
        "; ".join(f"{label}: {value}" for label, value in row["details"]),
        entry.reason,
        entry.ip,
        f"{entry.chain.key}#{entry.seq}",
        entry.hash,
    ]
