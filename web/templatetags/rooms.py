"""The rooms of a project over each of its pages."""

from typing import Any

from django import template

from projects.models import Project
from web.rooms import ROOM_OF_MOVE, Door, doors

register = template.Library()


@register.inclusion_tag("web/components/rooms.html", takes_context=True)
def project_rooms(context: Any) -> dict[str, Any]:
    """{% project_rooms %}: nothing unless the page has a `project` (or a `model` of one) and lies in one of its rooms."""
    project, request = _project_of(context), context.get("request")
    return {"project": project, "doors": _doors(request, project) if project and request else []}


def _project_of(context: Any) -> Project | None:
    row = context.get("project") or getattr(context.get("model"), "project", None)
    return row if isinstance(row, Project) and row.pk else None


def _doors(request: Any, project: Project) -> list[Door]:
    match, actor = getattr(request, "resolver_match", None), getattr(request, "actor", None)
    return doors(actor, project, _page(match)) if match and actor else []


def _page(match: Any) -> str:
    """The name of the address; of a refused move the room of what was to be moved."""
    moved = ROOM_OF_MOVE.get(match.kwargs.get("kind", "")) if match.url_name == "execution_move" else None
    return moved or match.url_name or ""
