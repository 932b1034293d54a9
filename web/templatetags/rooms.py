"""The rooms of a project over each of its pages."""

from typing import Any

from django import template

from projects.models import Project
from web.rooms import Door, doors

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
    return doors(actor, project, match.url_name or "") if match and actor else []
