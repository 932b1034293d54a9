"""Puts the acting person, in the post they chose, on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.actor import Actor, actors_of

SESSION_KEY = "acting_as"


class ActorMiddleware:
    """Sets `request.actor` (None for visitors) and `request.capacities` (what the person may act as)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.capacities = actors_of(request.user) if request.user.is_authenticated else []
        request.actor = chosen(request.capacities, request.session.get(SESSION_KEY, ""))
        return self.get_response(request)


def chosen(capacities: list[Actor], key: str) -> Actor | None:
    return next((actor for actor in capacities if actor.key == key), capacities[0] if capacities else None)
