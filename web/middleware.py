"""What happens around every page: the reader's language, and refusals as pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from core.errors import DomainError


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
    """Turns a refusal raised anywhere behind a page into a page or fragment with the right status and all the reasons."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The API has its own handler; this one serves pages."""
        if not isinstance(error, DomainError) or request.path.startswith("/api/"):
            return None
        is_fragment = bool(getattr(request, "htmx", False)) and not request.htmx.boosted
        template = "web/_refusal.html" if is_fragment else "web/refusal.html"
        context = {"problems": error.problems, "status": error.http_status, "back": _back(request)}
        return render(request, template, context, status=error.http_status)


def _back(request: HttpRequest) -> str:
    """The page one came from, if it is one of ours and not this one."""
    referer = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if is_ours and referer != request.build_absolute_uri() else "/"
