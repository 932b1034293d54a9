"""My account: language, e-mail, password, the token of one's programs."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from accounts.services import preferences as service
from core.errors import DomainError
from web.access import signed_in
from web.forms.account import PasswordForm, PreferencesForm
from web.refused_forms import show_refusal


@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """GET shows, POST keeps language and e-mail."""
    if request.method != "POST":
        return _page(request)
    form = PreferencesForm(request.POST)
    if form.is_valid():
        try:
            user = service.save(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            translation.activate(user.language)
            messages.success(request, _("Your settings have been kept."))
            return redirect("web:preferences")
    return _page(request, form=form, status=422)


@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """POST changes the password; this session stays, all others end."""
    if request.method != "POST":
        return redirect("web:preferences")
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            user = service.change_password(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password has been changed."))
            return redirect("web:preferences")
    return _page(request, password_form=form, status=422)


@signed_in
def token(request: HttpRequest) -> HttpResponse:
    """POST renews the token and shows it this once, or ends it (`drop`)."""
    if request.method != "POST":
        return redirect("web:preferences")
    if "drop" in request.POST:
        service.drop_token(actor=request.actor)
        messages.success(request, _("Your programs have no access any more."))
        return redirect("web:preferences")
    response = _page(request, new_token=service.renew_token(actor=request.actor))
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, status: int = 200, **given: Any) -> HttpResponse:
    user = request.user
    context = {
        "form": PreferencesForm(
            initial={"mail_choice": user.mail_choice, "email": user.email, "language": user.language}
        ),
        "password_form": PasswordForm(),
        "has_token": Token.objects.filter(user=user).exists(),
        "new_token": "",
    }
    return render(request, "web/account/preferences.html", context | given, status=status)
