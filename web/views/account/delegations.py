"""Substitutes: who stands in for me, for whom I stand in, what waits for an answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Delegation
from accounts.services import delegate
from approvals.catalog import ITEM_TYPES
from core import clock
from core.errors import DomainError
from web.access import signed_in
from web.forms.account import DelegationForm
from web.refused_forms import show_refusal

SHOWN = 50


@signed_in
def delegations(request: HttpRequest) -> HttpResponse:
    """GET lists; POST proposes a substitute for the post one acts in."""
    if request.method != "POST":
        return _page(request, DelegationForm(actor=request.actor, initial={"valid_from": clock.today()}))
    form = DelegationForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            delegate.propose(request.actor.appointment_id, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Proposed. It takes effect when your substitute accepts."))
            return redirect("web:delegations")
    return _page(request, form, status=422)


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """POST accept=1 accepts, anything else declines."""
    accepts = request.POST.get("accept") == "1"
    delegate.answer(pk, actor=request.actor, accept=accepts)
    messages.success(
        request, _("Accepted. Choose the post in the menu at the top to act in it.") if accepts else _("Declined.")
    )
    return redirect("web:delegations")


@require_POST
@signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    delegate.revoke(pk, actor=request.actor)
    messages.success(request, _("The post is yours alone again."))
    return redirect("web:delegations")


def _page(request: HttpRequest, form: DelegationForm, status: int = 200) -> HttpResponse:
    rows = Delegation.objects.select_related("appointment__user", "appointment__organisation", "substitute")
    given = rows.filter(appointment__user=request.user)[:SHOWN]
    received = rows.filter(substitute=request.user)[:SHOWN]
    context = {
        "form": form,
        "may_propose": request.actor.principal is None,
        "given": [_shown(row) for row in given],
        "received": [_shown(row) for row in received],
    }
    return render(request, "web/account/delegations.html", context, status=status)


def _shown(row: Delegation) -> dict[str, Any]:
    """The delegation with its state in words and what may be done with it."""
    over = row.valid_to < clock.today()
    ended = bool(row.declined_at or row.revoked_at or over)
    if row.revoked_at:
        tone, state = "ended", _("Taken back")
    elif row.declined_at:
        tone, state = "ended", _("Declined")
    elif over:
        tone, state = "ended", _("Over")
    elif row.accepted_at:
        tone, state = (
            ("running", _("In force")) if row.valid_from <= clock.today() else ("waiting", _("Accepted, not begun"))
        )
    else:
        tone, state = "waiting", _("Waits for an answer")
    return {
        "row": row,
        "tone": tone,
        "state": state,
        "types": [ITEM_TYPES[code].label for code in row.item_types if code in ITEM_TYPES],
        "may_answer": not ended and not row.accepted_at,
        "may_revoke": not ended,
    }
