"""Session and token authentication; both decide which post the caller acts in."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actor import actor_for

ACTING_AS = "X-Acting-As"


class ActorSessionAuthentication(SessionAuthentication):
    """The browser's session; the post is the one chosen on the page."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        if found:
            request._request.actor = getattr(request._request, "actor", None)
        return found


class ActorTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`; the header `X-Acting-As: p12` chooses among several posts."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        if found:
            key = request.headers.get(ACTING_AS, "")
            actor = actor_for(found[0], key)
            if key and (actor is None or actor.key != key):
                raise AuthenticationFailed(_("You do not hold the post %(key)s.") % {"key": key})
            request._request.actor = actor
        return found


class ActorSessionScheme(SessionScheme):
    """Tells the description of the API that the browser's session is one way in."""

    target_class = "accounts.api.authentication.ActorSessionAuthentication"
