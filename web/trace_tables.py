"""Trace entries as rows of a page and as a table for a file."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.wording import role_label
from approvals.models import ApprovalItem
from core import clock
from core.models import TraceEntry
from projects.models import Project
from reports.table import Column, ReportTable
from web.trace_wording import details, passage, verb_label, who

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


def rows(entries: Iterable[TraceEntry], actor: Actor) -> list[dict[str, Any]]:
    """For the page: the entry, in words, with what it is about (four more queries for any number of entries).

    What the reader may not open (another unit's draft) is named, but not linked.
    """
    entries = list(entries)
    projects = Project.objects.in_bulk({entry.project_id for entry in entries if entry.project_id})
    items = ApprovalItem.objects.in_bulk({entry.item_id for entry in entries if entry.item_id})
    open_projects = set(Project.objects.visible_to(actor).filter(pk__in=projects).values_list("pk", flat=True))
    open_items = set(ApprovalItem.objects.visible_to(actor).filter(pk__in=items).values_list("pk", flat=True))
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
            "project_opens": entry.project_id in open_projects,
            "item_opens": entry.item_id in open_items,
        }
        for entry in entries
    ]


def table(entries: Iterable[TraceEntry], *, actor: Actor, title: Any, filters: str = "") -> ReportTable:
    """For a file: one row an entry, the hash with it, so that it can be compared with the chain."""
    return ReportTable(
        code="trace",
        title=title,
        columns=COLUMNS,
        rows=[_cells(row) for row in rows(entries, actor)],
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
