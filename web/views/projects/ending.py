"""How a project ended before its time: when, by which document, why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.models import TraceEntry
from projects.lifecycle import LIFECYCLE
from projects.models import Project
from projects.states import Stage

ENDED_BY = {Stage.TERMINATED: "terminate", Stage.REVOKED: "revoke"}


@dataclass(frozen=True)
class Ending:
    """The state in words, the moment, the authority document and the reason, as they were signed."""

    label: Any
    at: datetime
    document: str
    reason: str


def ending_of(project: Project) -> Ending | None:
    """None while the project runs, and where it was closed in the ordinary way."""
    move = ENDED_BY.get(Stage(project.stage))
    if move is None:
        return None
    rows = TraceEntry.objects.filter(project_id=project.pk, verb=LIFECYCLE.verb(move)).order_by("-pk")
    entry = rows.first()
    if entry is None:
        return None
    return Ending(project.get_stage_display(), entry.at, str(entry.facts.get("document", "")), entry.reason)
