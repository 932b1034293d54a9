"""What happens around every page: the reader's language, and refusals as pages."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.errors import DomainError, Problem
from core.row_problems import row_problems

logger = logging.getLogger(__name__)


class ReaderLanguageMiddleware:
    """Whoever is signed in reads in the language they chose, on whatever machine; visitors keep that of the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class RefusalMiddleware:
    """Turns a refusal raised anywhere behind a page into a page or fragment with the right status and all the reasons.

    What only the row or the database noticed is a refusal too: its writes have been rolled back by the service.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """No honest browser sends NUL, and PostgreSQL cannot keep it. The API's parser refuses it itself."""
        if _is_api(request) or not (_has_nul(request.GET) or _has_nul(request.POST)):
            return None
        return _page(request, 400, (Problem("unreadable", _("The request holds characters that cannot be kept.")),))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The API has its own handler; this one serves pages."""
        if _is_api(request):
            return None
        if isinstance(error, DomainError):
            return _page(request, error.http_status, error.problems)
        if isinstance(error, ValidationError):
            return _page(request, 422, tuple(row_problems(error)))
        if isinstance(error, IntegrityError):
            logger.warning("a constraint of the database refused a write", exc_info=error)
            said = _("Somebody else did the same at the same moment. Please look again.")
            return _page(request, 409, (Problem("conflict", said),))
        if isinstance(error, DataError):
            logger.warning("the database could not keep a value", exc_info=error)
            return _page(request, 422, (Problem("unkeepable", _("A text is too long, or a number too large.")),))
        return None


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _has_nul(said: QueryDict) -> bool:
    return any("\x00" in part for name, parts in said.lists() for part in (name, *parts))


def _page(request: HttpRequest, status: int, problems: tuple[Problem, ...]) -> HttpResponse:
    is_fragment = bool(getattr(request, "htmx", False)) and not request.htmx.boosted
    template = "web/_refusal.html" if is_fragment else "web/refusal.html"
    context = {"problems": problems, "status": status, "back": _back(request)}
    return render(request, template, context, status=status)


def _back(request: HttpRequest) -> str:
    """The page one came from, if it is one of ours and not this one."""
    referer = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if is_ours and referer != request.build_absolute_uri() else "/"
