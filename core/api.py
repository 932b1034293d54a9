"""What every API view shares: refusals as JSON, cursor pages, amounts as strings."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError, Problem


def body(code: str, message: str, problems: list[Problem]) -> dict[str, Any]:
    return {"code": code, "message": message, "problems": [problem.as_dict() for problem in problems]}


def refusal_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{"code", "message", "problems": [{code, message, field}]}`."""
    if isinstance(error, DomainError):
        return Response(body(error.code, str(error), list(error.problems)), status=error.http_status)
    if isinstance(error, ValidationError):
        problems = [Problem("invalid", message, "") for message in error.messages]
        return Response(body("invalid", "; ".join(error.messages), problems), status=422)
    response = exception_handler(error, context)
    if response is None:
        return None
    problems = _problems(response.data)
    if isinstance(error, Http404):
        code = "not_found"
    elif isinstance(error, PermissionDenied):
        code = "permission_denied"
    elif isinstance(error, exceptions.ValidationError):
        code = "invalid"
    else:
        code = getattr(error, "default_code", "error")
    response.data = body(code, "; ".join(str(p.message) for p in problems) or _("The request was refused."), problems)
    return response


def _problems(data: Any, field: str = "") -> list[Problem]:
    """Flattens DRF's nested error lists; a list index becomes part of the field's path."""
    if isinstance(data, dict):
        return [p for key, part in data.items() for p in _problems(part, _path(field, key))]
    if isinstance(data, list):
        return [
            p
            for index, part in enumerate(data)
            for p in _problems(part, _path(field, index) if isinstance(part, dict | list) else field)
        ]
    return [Problem(getattr(data, "code", "invalid"), str(data), "" if field in {"detail", "non_field_errors"} else field)]


def _path(field: str, key: Any) -> str:
    return f"{field}.{key}" if field else str(key)


class CursorPage(pagination.CursorPagination):
    """Pages by position in the primary key, so that the cost of a page does not grow with the table."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200


class YuanField(serializers.DecimalField):
    """An amount in yuan as a decimal string with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=2, coerce_to_string=True, **kwargs)
