"""What every API view shares: refusals as JSON, cursor pages, amounts as strings, strict inputs."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination, serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError, Problem
from core.money import MoneyField
from core.row_problems import row_problems

logger = logging.getLogger(__name__)
# A billion yuan a thousand times over: more than any project, and sums of it still fit the database's fen.
MOST_YUAN = Decimal(10) ** 12
LARGEST_ID = 2**62


def body(code: str, message: str, problems: list[Problem]) -> dict[str, Any]:
    return {"code": code, "message": message, "problems": [problem.as_dict() for problem in problems]}


def refusal_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{"code", "message", "problems": [{code, message, field}]}`."""
    if isinstance(error, DomainError):
        return Response(body(error.code, str(error), list(error.problems)), status=error.http_status)
    if isinstance(error, ValidationError):
        problems = row_problems(error)
        return Response(body("invalid", "; ".join(str(p.message) for p in problems), problems), status=422)
    if isinstance(error, IntegrityError):
        logger.warning("a constraint of the database refused a write", exc_info=error)
        problem = Problem("conflict", _("Somebody else did the same at the same moment. Please look again."))
        return Response(body("conflict", str(problem.message), [problem]), status=409)
    if isinstance(error, DataError):
        logger.warning("the database could not keep a value", exc_info=error)
        problem = Problem("unkeepable", _("A text is too long, or a number too large."))
        return Response(body("unkeepable", str(problem.message), [problem]), status=422)
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
    return [
        Problem(getattr(data, "code", "invalid"), str(data), "" if field in {"detail", "non_field_errors"} else field)
    ]


def _path(field: str, key: Any) -> str:
    return f"{field}.{key}" if field else str(key)


class CursorPage(pagination.CursorPagination):
    """Pages by position in the primary key, so that the cost of a page does not grow with the table."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200

    def decode_cursor(self, request: Request) -> Any:
        """A cursor is ours only if its position is a key."""
        cursor = super().decode_cursor(request)
        position = str(cursor.position) if cursor and cursor.position is not None else None
        if position is not None and not (position.isdecimal() and len(position) <= 18):
            raise exceptions.NotFound(self.invalid_cursor_message)
        return cursor


class WhateverIsAccepted(DefaultContentNegotiation):
    """For views that answer with a file: what the caller accepts is the file; refusals are JSON all the same."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class YuanField(serializers.DecimalField):
    """An amount in yuan as a decimal string with two decimals; more decimals are refused, never rounded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=2, coerce_to_string=True, **kwargs)


def yuan_input(**kwargs: Any) -> YuanField:
    """An amount somebody gives: not negative, and not absurdly large."""
    return YuanField(min_value=Decimal(0), max_value=MOST_YUAN, **kwargs)


class ExactModelSerializer(serializers.ModelSerializer):
    """Rows as JSON, amounts as decimal strings."""

    serializer_field_mapping = {**serializers.ModelSerializer.serializer_field_mapping, MoneyField: YuanField}


class StrictSerializer(serializers.Serializer):
    """Shapes of what is sent to us. A name nobody asked for is refused: a typing error must not pass as silence."""

    def to_internal_value(self, data: Any) -> Any:
        value: Any = None
        faults: dict[str, Any] = {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not isinstance(error.detail, dict) or not isinstance(data, Mapping):
                raise
            faults.update(error.detail)
        faults |= unknown_names(data, self.fields)
        if faults:
            raise serializers.ValidationError(faults)
        return value

    def readable(self) -> dict[str, Any]:
        """After `is_valid`: every value that can be read, whatever is wrong with the others."""
        return dict(self.validated_data) if not self.errors else _parts(self, self.initial_data)


def refuse_unknown(data: Any, known: Any) -> None:
    """Raises ValidationError for every name that is not expected."""
    if faults := unknown_names(data, known):
        raise serializers.ValidationError(faults)


def unknown_names(data: Mapping[str, Any], known: Any) -> dict[str, list[Any]]:
    message = exceptions.ErrorDetail(_("This is not expected here."), code="unknown")
    return {str(name)[:60]: [message] for name in data if name not in known}


def _parts(shape: serializers.Serializer, data: Any) -> dict[str, Any]:
    """Field by field; of a list, the entries that can be read."""
    found: dict[str, Any] = {}
    for name, field in shape.fields.items() if isinstance(data, Mapping) else ():
        if not field.read_only and (values := _read(field, field.get_value(data))):
            found[name] = values[0]
    return found


def _read(field: serializers.Field, raw: Any) -> list[Any]:
    """The value in a list of one; empty where there is none or it cannot be read."""
    try:
        return [field.run_validation(raw)]
    except (serializers.SkipField, ValidationError):
        return []
    except serializers.ValidationError:
        if not isinstance(field, serializers.ListSerializer) or not isinstance(raw, list):
            return []
        child = field.child
        return [[value for part in raw for value in _read(child, part)]] if child else []


@dataclass(frozen=True)
class Body:
    """What was sent to us: the values that could be read, and what could not be."""

    values: dict[str, Any]
    faults: tuple[Problem, ...]


def read_body(shape: StrictSerializer) -> Body:
    """Reads as much as can be read. ValidationError where nothing can: the body is no object."""
    if not isinstance(shape.initial_data, Mapping):
        shape.is_valid(raise_exception=True)
    good = shape.is_valid()
    return Body(shape.readable(), () if good else tuple(_problems(shape.errors)))


class VersionSerializer(StrictSerializer):
    """Base of what changes a row: the version last seen, to notice that somebody else was faster (409)."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False, write_only=True)


class ProblemSerializer(serializers.Serializer):
    """One reason: a stable code, a sentence in the reader's language, the input it belongs to, or empty."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_blank=True)


class RefusalSerializer(serializers.Serializer):
    """How every request is refused."""

    code = serializers.CharField()
    message = serializers.CharField()
    problems = ProblemSerializer(many=True)
