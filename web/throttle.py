"""Keeps a stranger from asking the public pages too often."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from core.request import address_of

View = Callable[..., HttpResponse]


def at_most(per_minute: int) -> Callable[[View], View]:
    """So many requests a minute from one address to this view; 429 beyond that. Counted per server process."""

    def limited(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if _count(view.__name__, request) > per_minute:
                return render(request, "web/public/too_often.html", status=429)
            return view(request, *args, **kwargs)

        return inner

    return limited


def _count(name: str, request: HttpRequest) -> int:
    key = f"at_most:{name}:{address_of(request)}:{clock.now():%Y%m%d%H%M}"
    cache.add(key, 0, timeout=90)
    return cache.incr(key)
