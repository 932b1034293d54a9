"""Turns a refusal raised anywhere behind a page into a page or fragment with the right status and all the reasons."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError


class RefusalMiddleware:
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
        return render(
            request,
            template,
            {"problems": error.problems, "status": error.http_status, "back": request.META.get("HTTP_REFERER", "/")},
            status=error.http_status,
        )
