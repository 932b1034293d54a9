"""API access needs a person in a post; what the post may do is decided by the policies."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasActor(BasePermission):
    # Importing APIView for the annotation would be a circle: it loads this class as its default.
    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated and getattr(request._request, "actor", None))
