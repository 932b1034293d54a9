"""Sign in with a program, and learn which posts one holds."""

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import actor_for, actors_of
from accounts.api.serializers import CredentialsSerializer, MeSerializer, TokenSerializer
from accounts.api.views import ActorView, PublicView
from accounts.services import preferences, tokens
from core.api import RefusalSerializer
from core.errors import NotPermitted, Problem


class LockedOut(APIException):
    """Too many wrong passwords; wait."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "locked_out"


class NotKnown(APIException):
    """The name or the password is wrong."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "authentication_failed"


class TokenView(PublicView):
    """Exchanges a password for a token."""

    @extend_schema(
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            429: OpenApiResponse(RefusalSerializer, "Too many wrong passwords."),
        },
        summary="Get a token",
    )
    def post(self, request: Request) -> Response:
        """The person's token. Wrong passwords are counted as on the sign-in page, and lock the name for a while."""
        wanted = CredentialsSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        user = authenticate(request._request, **wanted.validated_data)
        if getattr(request._request, "axes_locked_out", False):
            # Answered here in the API's own form; the middleware would answer with a page.
            request._request.axes_locked_out = False
            raise LockedOut(_("Too many wrong passwords. Try again later."))
        if user is None:
            raise NotKnown(_("The name or the password is wrong."))
        actor = actor_for(user)
        if actor is None:
            raise NotPermitted(Problem("post.none", _("You hold no post at present.")))
        return Response({"token": tokens.issue(actor).key})


class TokenRevocationView(ActorView):
    """Takes the person's token back."""

    @extend_schema(request=None, responses={204: None}, summary="Revoke my token")
    def post(self, request: Request) -> Response:
        """From now on nobody signs in with the token; asking for one again gives a new one."""
        preferences.drop_token(actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(ActorView):
    """Who am I here?"""

    @extend_schema(responses=MeSerializer, summary="Me and my posts")
    def get(self, request: Request) -> Response:
        """The person, the post they act in with this request, and the keys of all their posts."""
        said = {"user": self.actor.user, "acting_as": self.actor.key, "capacities": actors_of(self.actor.user)}
        return Response(MeSerializer(said).data)
