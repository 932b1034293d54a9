"""Facts told by the rooms to the right: contracts in force, funds released, progress, acceptance, handover."""

from typing import Any

from core import clock
from core.trace import SYSTEM, Who
from projects.models import Project, ProjectFacts
from projects.services import moves


def tell(project: Project, *, actor: Who = SYSTEM, **facts: Any) -> ProjectFacts:
    """Keeps the facts (columns of ProjectFacts) and makes the moves that now become possible.

    The caller holds the project's lock and records in the trace what made the facts change.
    """
    row, _created = ProjectFacts.objects.get_or_create(project=project)
    for name, value in facts.items():
        setattr(row, name, value)
    row.changed_at = clock.now()
    row.save()
    project.facts = row
    moves.run_automatic(project, actor=actor)
    return row
