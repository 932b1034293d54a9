"""The first page: the one question each role comes with, answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from web.access import signed_in
from web.home.desks import context_for


def home(request: HttpRequest) -> HttpResponse:
    """Visitors see what is open to the public."""
    return _first_page(request) if request.user.is_authenticated else redirect("web:public")


@signed_in
def _first_page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/account/home.html", context_for(request.actor, request.GET.get("year", "")))
