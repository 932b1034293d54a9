"""Reads JSON bodies exactly: numbers with a decimal point become Decimal, never binary fractions."""

import codecs
import json
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

LARGEST_EXPONENT = 30
DEEPEST = 40


class BodyTooLarge(APIException):
    """The body is larger than a request may be."""

    status_code = 413
    default_code = "too_large"


class ExactJSONParser(BaseParser):
    """`application/json` as an object. Refuses what no honest client sends: NaN, huge exponents, NUL, lone surrogates."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text = codecs.decode(_limited(stream), encoding)
            data = json.loads(text, parse_float=_exact, parse_constant=_no_constant)
        except (ValueError, LookupError, RecursionError) as error:
            raise ParseError(_("The body is not JSON that can be read.")) from error
        if not isinstance(data, dict):
            raise ParseError(_("The body must be a JSON object."))
        if not _is_plain(data):
            raise ParseError(_("The body holds characters that cannot be kept, or is nested too deeply."))
        return data


def _limited(stream: IO[bytes]) -> bytes:
    content = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    if len(content) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise BodyTooLarge(_("The body is too large."))
    return content


def _exact(text: str) -> Decimal:
    number = Decimal(text)
    if number and abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError("a number out of all proportion")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _is_plain(value: Any, depth: int = 0) -> bool:
    if depth > DEEPEST:
        return False
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return all(_is_plain(key) and _is_plain(part, depth + 1) for key, part in value.items())
    if isinstance(value, list):
        return all(_is_plain(part, depth + 1) for part in value)
    return True
