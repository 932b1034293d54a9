"""Base of the API's views: the acting person is at hand."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.actor import Actor
from core.api import Body, WhateverIsAccepted
from core.errors import NotFound, Problem, RuleViolation, Unreadable

T = TypeVar("T")


def actor_of(request: Request | HttpRequest) -> Actor:
    """Who acts, in which post; present wherever the permission HasActor stands."""
    return getattr(request, "_request", request).actor


class ActorView(APIView):
    """A view for people who hold a post."""

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def checked(self, serializer_class: type, **kwargs: Any) -> dict[str, Any]:
        """The body in the shape the serializer describes; ValidationError names every fault of it."""
        serializer = serializer_class(data=self.request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def refused_at_once(self, body: Body, act: Callable[[], T]) -> T:
        """Does it; the service was told `body.faults`, so that what cannot be read and what breaks a rule is one refusal."""
        try:
            return act()
        except RuleViolation as refusal:
            if body.faults:
                raise Unreadable(refusal.problems) from refusal
            raise


class FileView(ActorView):
    """A view that answers with the bytes of a file."""

    content_negotiation_class = WhateverIsAccepted


class PublicView(APIView):
    """A view for everybody; a wrong or outdated token does not stand in the way."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class NoSuchAddress(PublicView):
    """Answers where the API has nothing, in the API's own form."""

    schema = None

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        raise NotFound(Problem("address.unknown", _("There is nothing at this address.")))

    options = http_method_not_allowed
