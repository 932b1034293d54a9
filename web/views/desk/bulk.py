"""The same move on many items: shown once more with its inputs, then made one by one, each with its own answer."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem
from approvals.services import moves
from core.errors import Problem, RuleViolation
from core.inputs import clean_inputs
from core.keys import key_of
from core.workflow import Move
from web.access import signed_in
from web.forms.move_inputs import MoveForm
from web.views.items.people import people_for

AT_MOST = 200
# What is said of one item cannot be said of many at once.
ONE_BY_ONE = frozenset({"approved_amount", "waives", "override_document", "override_reason"})


@require_POST
@signed_in
def bulk(request: HttpRequest) -> HttpResponse:
    """First post: what is about to happen. Second post, `confirmed`: what became of each item."""
    move = _bulk_move(request)
    rows = _chosen(request)
    has_move = request.actor.role in move.roles  # R-PERM-02: nobody else learns whom it may name
    people = people_for(rows[0], move, moves.situation()) if has_move else {}
    if "confirmed" not in request.POST:
        return _ask(request, move, rows, MoveForm(move, people=people))
    form = MoveForm(move, request.POST, people)
    said = {name: value for name, value in form.said().items() if name not in ONE_BY_ONE}
    _values, unread = clean_inputs(move, said)
    if unread:
        form.note(tuple(unread))
        return _ask(request, move, rows, form, status=422)
    results = moves.perform_many(
        [row.pk for row in rows], move.name, actor=request.actor, data=said, versions=_versions_seen(request, rows)
    )
    answers = [{"item": row, "error": results[row.pk]} for row in rows]
    n_done = sum(answer["error"] is None for answer in answers)
    context = {"move": move, "answers": answers, "n_done": n_done, "n_refused": len(rows) - n_done}
    return render(request, "web/desk/bulk_done.html", context, status=200 if n_done else 422)


def _versions_seen(request: HttpRequest, rows: list[ApprovalItem]) -> dict[int, int]:
    """Of each item the version that was shown; one the page does not say counts as outdated."""
    said = {row.pk: key_of(request.POST.get(f"version-{row.pk}", "")) for row in rows}
    return {pk: -1 if version is None else version for pk, version in said.items()}


def _bulk_move(request: HttpRequest) -> Move:
    name = request.POST.get("move", "")
    if name not in ITEM_FLOW or not ITEM_FLOW[name].bulk:
        raise RuleViolation([Problem("unknown_move", _("This cannot be done with many items at once."))])
    return ITEM_FLOW[name]


def _chosen(request: HttpRequest) -> list[ApprovalItem]:
    """The items ticked, once each, in the order of the list; those out of sight are as if they were not there."""
    said = (key_of(text) for text in request.POST.getlist("item"))
    ids = list(dict.fromkeys(pk for pk in said if pk is not None))
    if not ids or len(ids) > AT_MOST:
        words = _("Choose between 1 and %(n)s items.") % {"n": AT_MOST}
        raise RuleViolation([Problem("bulk.choice", words)])
    visible = ApprovalItem.objects.visible_to(request.actor).filter(pk__in=ids)
    found = {row.pk: row for row in visible.select_related("project", "owner_unit", "authority", "center")}
    if not found:
        raise RuleViolation([Problem("bulk.choice", _("Choose between 1 and %(n)s items.") % {"n": AT_MOST})])
    return [found[pk] for pk in ids if pk in found]


def _ask(
    request: HttpRequest, move: Move, rows: list[ApprovalItem], form: MoveForm, *, status: int = 200
) -> HttpResponse:
    for name in ONE_BY_ONE & set(form.fields):
        del form.fields[name]
    amounts = [row.reviewed_amount if row.reviewed_amount is not None else row.declared_amount for row in rows]
    context: dict[str, Any] = {
        "move": move,
        "rows": list(zip(rows, amounts, strict=True)),
        "form": form,
        "total": sum((amount for amount in amounts if amount is not None), Decimal("0.00")),
    }
    return render(request, "web/desk/bulk.html", context, status=status)
