"""The notices of one person: what happened to their items, what waits for them."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.models import Message
from accounts.services import preferences
from approvals.message_wording import words_of
from core.locks import found
from web.access import signed_in
from web.paging import keyset

PAGE = 30


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """GET unread=1 shows the unread ones only."""
    rows = Message.objects.filter(user=request.user).order_by("-pk")
    only_unread = request.GET.get("unread") == "1"
    page = keyset(request, rows.filter(read_at__isnull=True) if only_unread else rows, PAGE)
    notices = [(message, words_of(message)) for message in page.rows]
    return render(request, "web/account/messages.html", {"notices": notices, "page": page, "only_unread": only_unread})


@require_POST
@signed_in
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one notice as read and goes to what it is about."""
    message = found(Message.objects.filter(user=request.user), pk=pk)
    preferences.mark_read(request.user, message.pk)
    return HttpResponseRedirect(message.link or "/me/messages/", status=303)


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    preferences.mark_read(request.user)
    return redirect("web:messages")
