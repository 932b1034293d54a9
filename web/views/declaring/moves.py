"""The last step: everything on one page to check, and the moves of the unit."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem
from approvals.services import moves
from approvals.states import BEFORE_ACCEPTANCE, ItemState
from core.errors import RuleViolation
from web.access import signed_in
from web.forms.move_inputs import MoveForm, version_seen
from web.views.declaring import wizard
from web.views.declaring.material_rows import material_rows

OWN_MOVES = ("present_for_signature", "request_pre_review", "submit", "resubmit", "supply", "withdraw")
CONFIRMED = frozenset({"submit", "resubmit"})


def shown(request: HttpRequest, item: ApprovalItem, refused: MoveForm | None = None) -> dict[str, Any]:
    """The unit's moves from here, and what is about to be signed."""
    offered = [offer for offer in moves.offers(item, request.actor, moves.situation()) if offer.move.name in OWN_MOVES]
    told = {str(place.problem.message) for place in wizard.places_of(item, moves.situation())}
    return {
        "offers": [_offer(item, offer, refused, told) for offer in offered],
        "rows": material_rows(item),
        "leaves": [line for line in item.cost_lines.all() if line.is_leaf],
        "refused": refused,
    }


def _reasons(offer: Any, told: set[str]) -> list[Any]:
    """Why the move is off; what the list on top already says is only counted."""
    rest = [problem for problem in offer.problems if str(problem.message) not in told]
    n = len(offer.problems) - len(rest)
    return [*([_("%(n)s points of the list above are still open.") % {"n": n}] if n else []), *rest]


def _offer(item: ApprovalItem, offer: Any, refused: MoveForm | None, told: set[str]) -> dict[str, Any]:
    move = offer.move
    form = refused if refused and refused.move.name == move.name else MoveForm(move)
    return {
        "move": move,
        "problems": _reasons(offer, told),
        "form": form,
        "open": form is refused or move.primary,
        "confirmed": move.name in CONFIRMED or move.irreversible,
    }


@require_POST
@signed_in
def declaration_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Makes one of the unit's moves; refused, the list of problems with the way to each place."""
    item = wizard.declaration(request.actor, pk)
    form = MoveForm(ITEM_FLOW[move], request.POST) if move in OWN_MOVES else None
    data = form.said() if form else {}
    try:
        done = moves.perform(pk, move, actor=request.actor, data=data, expected_version=version_seen(request.POST))
    except RuleViolation as refusal:
        if form is None or item.state not in (*BEFORE_ACCEPTANCE, ItemState.SUPPLEMENT):
            raise
        form.refuse(refusal.problems)
        if item.state == ItemState.SUPPLEMENT:
            raise
        return wizard.answer(request, item, wizard.SIGN, shown(request, item, form), status=422)
    messages.success(request, _("Done: %(move)s.") % {"move": ITEM_FLOW[move].label})
    if move == "present_for_signature":
        return wizard.to_step(done, wizard.SIGN)
    return redirect("web:item", done.pk)
