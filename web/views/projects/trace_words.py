"""The latest entries of a project's trace as sentences for the page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from approvals.flow import ITEM_FLOW
from core.models import TraceEntry
from projects.lifecycle import LIFECYCLE

EDITS = {
    "projects.project.registered": _("Project registered"),
    "projects.project.amended": _("Basics corrected"),
    "approvals.item.created": _("Item opened"),
    "approvals.item.amended": _("Declaration changed"),
    "approvals.item.material_uploaded": _("Material uploaded"),
    "approvals.item.material_not_applicable": _("Material said not to apply"),
    "approvals.item.material_commented": _("Remark on a material"),
    "approvals.item.defect_answered": _("Defect answered"),
    "approvals.item.cost_lines_declared": _("Cost lines declared"),
    "approvals.item.cost_lines_reviewed": _("Cost lines reviewed"),
}


@dataclass(frozen=True)
class Line:
    """One entry for components/timeline.html."""

    when: datetime
    who: str
    what: Any
    note: str


def entries(project_id: int, limit: int) -> list[Line]:
    """The newest first."""
    rows = TraceEntry.objects.filter(project_id=project_id).order_by("-pk")[:limit]
    return [_line(row) for row in rows]


def _line(row: TraceEntry) -> Line:
    role = Role(row.role).label if row.role in Role.values else _("System")
    number = row.facts.get("no", "")
    who = " · ".join(str(part) for part in (row.actor_name, row.acting_for_name, role, number) if part)
    return Line(row.at, who, what_of(row.verb), row.reason)


def what_of(verb: str) -> Any:
    """The name of the move or edit; the bare verb where it has none."""
    for flow in (LIFECYCLE, ITEM_FLOW):
        name = verb.removeprefix(f"{flow.verb_prefix}.")
        if name != verb and name in flow:
            return flow[name].label
    return EDITS.get(verb, verb)
