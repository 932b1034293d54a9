"""Makes one move of an item from its page; a refusal shows the page again with the reasons and what was typed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem
from approvals.services import moves
from core.errors import NotFound, Problem, RuleViolation, StaleState
from core.keys import key_of
from core.locks import found
from web.access import signed_in
from web.forms.move_inputs import MoveForm
from web.views.items.page import item_for_page, show
from web.views.items.people import people_for


@require_POST
@signed_in
def item_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    row = found(ApprovalItem.objects.visible_to(request.actor), pk=pk)
    if move not in ITEM_FLOW:
        raise NotFound(Problem("unknown_move", _("There is no such move.")))
    form = MoveForm(ITEM_FLOW[move], request.POST)
    try:
        moves.perform(row.pk, move, actor=request.actor, data=form.said(), expected_version=seen_version(request))
    except (RuleViolation, StaleState) as refusal:
        return _again(request, pk, move, refusal)
    messages.success(request, _("Done: %(move)s.") % {"move": ITEM_FLOW[move].label})
    return back_to(request, pk)


def seen_version(request: HttpRequest) -> int:
    """The version of the item the person saw; a page that does not say counts as outdated."""
    version = key_of(request.POST.get("version", ""))
    return -1 if version is None else version


def back_to(request: HttpRequest, pk: int, anchor: str = "") -> HttpResponse:
    """The item again; the desk when the item has left this person's sight."""
    if ApprovalItem.objects.visible_to(request.actor).filter(pk=pk).exists():
        response = redirect("web:item", pk)
        response["Location"] += anchor
    else:
        response = redirect("web:inbox")
    response.status_code = 303
    return response


def _again(request: HttpRequest, pk: int, move: str, refusal: RuleViolation | StaleState) -> HttpResponse:
    row = item_for_page(request.actor, pk)
    form = MoveForm(ITEM_FLOW[move], request.POST, people_for(row, ITEM_FLOW[move], moves.situation()))
    title = _("Not done: %(move)s") % {"move": ITEM_FLOW[move].label}
    problems = form.note(refusal.problems)
    at_fields = tuple(Problem(p.code, p.message, f"{move}-{p.field}") for p in refusal.problems if p not in problems)
    return show(request, row, status=refusal.http_status, title=title, problems=(*problems, *at_fields), move_form=form)
