"""The latest entries of a project's trace as sentences for the page."""

from dataclasses import dataclass
from datetime import datetime

from accounts.wording import role_label
from core.models import TraceEntry
from web.trace_wording import verb_label, who


@dataclass(frozen=True)
class Line:
    """One entry for components/timeline.html."""

    when: datetime
    who: str
    what: str
    note: str


def entries(project_id: int, limit: int) -> list[Line]:
    """The newest first."""
    rows = TraceEntry.objects.filter(project_id=project_id).order_by("-pk")[:limit]
    return [_line(row) for row in rows]


def _line(row: TraceEntry) -> Line:
    parts = (who(row), role_label(row.role), row.facts.get("no", ""))
    return Line(
        row.at, " · ".join(dict.fromkeys(str(part) for part in parts if part)), verb_label(row.verb), row.reason
    )
