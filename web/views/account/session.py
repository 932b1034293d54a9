"""Signing in and out, changing the post one acts in, changing the language."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from accounts.actor import Actor
from accounts.middleware import SESSION_KEY
from accounts.models import User
from accounts.roles import Role
from accounts.services import preferences
from core.errors import NotPermitted, Problem
from demonstration import people
from web.access import signed_in

# A real district may have a Lin, but hardly a dozen of these; a demonstration of an earlier release has not all of them.
ENOUGH_TO_BE_THE_DEMONSTRATION = 12


class SignIn(LoginView):
    """Whoever is signed in already goes to the first page. With the demonstration loaded, its accounts are named."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"demo_accounts": _demo_accounts(), "demo_password": people.PASSWORD}


def _demo_accounts() -> list[tuple[str, str, Any]]:
    """(user name, name, role) of those that are there, only where the demonstration is loaded."""
    known = {username: (full_name, role.label) for username, full_name, _house, role in people.PEOPLE}
    there = set(User.objects.filter(username__in=people.SHOWN).values_list("username", flat=True))
    if len(there) < ENOUGH_TO_BE_THE_DEMONSTRATION:
        return []
    return [(username, *known[username]) for username in people.SHOWN if username in there]


class SignOut(LogoutView):
    """By POST only."""


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What axes shows after too many wrong passwords."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "web/account/locked_out.html", {"minutes": minutes}, status=429)


@require_POST
@signed_in
def act_as(request: HttpRequest) -> HttpResponse:
    """Acts in another of one's posts, or as a substitute, from now on in this session."""
    key = request.POST.get("post", "")
    chosen = next((actor for actor in request.capacities if actor.key == key), None)
    if chosen is None:
        raise NotPermitted(Problem("post.not_held", _("You do not hold this post today.")))
    request.session[SESSION_KEY] = chosen.key
    messages.success(request, _("You now act as %(post)s.") % {"post": named(chosen)})
    return HttpResponseRedirect(_back(request), status=303)


def _back(request: HttpRequest) -> str:
    """The page of ours that asked for the change; the first page where none did."""
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"


def named(actor: Actor) -> str:
    """The post as a person reads it, with the name of whoever is substituted for."""
    post = f"{Role(actor.role).label} · {actor.organisation}"
    return _("%(post)s, for %(name)s") % {"post": post, "name": actor.principal} if actor.principal else post


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Shows everything in another language from now on; people keep it for their next visit."""
    code = request.POST.get("language", "")
    if request.user.is_authenticated and code in dict(settings.LANGUAGES) and check_for_language(code):
        preferences.set_language(request.user, code)
    return set_language(request)
