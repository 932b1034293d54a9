"""Describes in OpenAPI what every operation shares: how it refuses, and the post a person acts in."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.permissions import AllowAny

from core.api import RefusalSerializer

REFUSALS = {
    400: _("The request cannot be read."),
    401: _("Nobody is signed in."),
    403: _("This person may not do this."),
    404: _("There is no such thing, or this person may not know of it."),
    409: _("Somebody else changed it since this person last saw it."),
    422: _("A rule forbids it now; all reasons are named."),
}
PUBLIC_REFUSALS = (400, 404, 422)
READING_REFUSALS = (400, 401, 403, 404, 422)


class RefusalAwareSchema(AutoSchema):
    """Adds the error answers to every operation, so that no view has to repeat them."""

    def get_override_parameters(self) -> list[Any]:
        if self._is_public():
            return []
        text = _("The post to act in, a key of /api/v1/me/; the first one without it.")
        return [OpenApiParameter("X-Acting-As", str, OpenApiParameter.HEADER, description=str(text))]

    def _is_public(self) -> bool:
        return any(isinstance(permission, AllowAny) for permission in self.view.get_permissions())

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for code in self._refusals():
            refusal = OpenApiResponse(RefusalSerializer, str(REFUSALS[code]))
            bodies.setdefault(str(code), self._get_response_for_code(refusal, str(code), direction=direction))
        return bodies

    def _refusals(self) -> tuple[int, ...]:
        if self.method in ("GET", "HEAD"):
            return PUBLIC_REFUSALS if self._is_public() else READING_REFUSALS
        return tuple(REFUSALS)
