"""Who gets behind a page: people who are signed in, hold a post and, where a page asks for it, one of its roles."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.policies import has_role
from core.errors import NotPermitted, Problem

View = Callable[..., HttpResponse]


def signed_in(view: View | None = None, *, roles: Iterable[str] = ()) -> Any:
    """`@signed_in` or `@signed_in(roles=[Role.SUPERVISOR])`: the view may rely on `request.actor`.

    Visitors go to the log-in page and come back; people without a post, or without one of the roles, get 403.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            _insist(request, tuple(roles))
            return view(request, *args, **kwargs)

        return inner

    return guarded if view is None else guarded(view)


def _insist(request: HttpRequest, roles: tuple[str, ...]) -> None:
    if request.actor is None:
        raise NotPermitted(
            Problem("no_post", _("You hold no post today. Your organisation's administrator can give you one."))
        )
    refusal = has_role(request.actor, *roles) if roles else None
    if refusal is not None:
        raise NotPermitted(refusal)


def _to_login(request: HttpRequest) -> HttpResponse:
    """A whole page comes back to where it was; a fragment sends the whole page to the log-in."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
