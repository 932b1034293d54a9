"""What every page shows around its content: who acts, where one can go, what waits."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import Message
from accounts.roles import ADMINISTRATORS
from web.navigation import Entry, entries_for
from web.rooms import is_in_a_room


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for the templates; nothing is asked of the database unless a page shows it."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    shown: dict[str, Any] = {"district": settings.DISTRICT_NAME}
    if actor is None:
        return shown
    return shown | {
        "actor": actor,
        "posts": request.capacities,
        "unread": Message.objects.filter(user=request.user, read_at__isnull=True).count(),
        "searches": actor.role not in ADMINISTRATORS,
        "nav": _nav(entries_for(actor), _place_of(request)),
    }


def _place_of(request: HttpRequest) -> str:
    """The address, for the side navigation; what lies in a room of a project belongs to the projects."""
    match = request.resolver_match
    named = match.url_name if match else ""
    return reverse("web:projects") if named and is_in_a_room(named) and not _is_of_the_models(named) else request.path


def _is_of_the_models(page: str) -> bool:
    return page.startswith("bim_")


def _nav(entries: list[Entry], path: str) -> list[tuple[Any, str, bool, int | None]]:
    """As the side navigation wants it: label, address, whether it is the present page, count."""
    here = max((entry.url for entry in entries if _is_under(path, entry.url)), key=len, default="")
    return [(entry.label, entry.url, entry.url == here, entry.count) for entry in entries]


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
