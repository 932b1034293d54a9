"""Makes a move of one of the smaller machines from its page; a refusal shows the page again with what was typed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import NotFound, Problem, RuleViolation, StaleState
from execution.services.machine import Machine
from execution.services.moves import MACHINES
from web.access import signed_in
from web.forms.move_inputs import MoveForm, version_seen

# Shows the page of one row again: (request, pk, the refused form, the HTTP status).
Page = Callable[[HttpRequest, int, MoveForm | None, int], HttpResponse]
PAGES: dict[str, Page] = {}


def page_of(kind: str) -> Callable[[Page], Page]:
    """Registers which page a move of this kind of row is made from."""

    def keep(page: Page) -> Page:
        PAGES[kind] = page
        return page

    return keep


def shown_moves(
    kind: str, row: Any, request: HttpRequest, refused: MoveForm | None = None, without: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What `web/execution/_moves.html` needs: the moves this person's role has, each with its form or its reasons.

    `without` names moves that have a page of their own.
    """
    offers = [
        {
            "move": offer.move,
            "problems": offer.problems,
            "form": refused if refused and refused.move.name == offer.move.name else MoveForm(offer.move),
            "open": bool(refused and refused.move.name == offer.move.name),
        }
        for offer in MACHINES[kind].offers(row, request.actor)
        if offer.move.name not in without
    ]
    return {"kind": kind, "row": row, "moves": offers, "refused": refused}


@require_POST
@signed_in
def execution_move(request: HttpRequest, kind: str, pk: int, move: str) -> HttpResponse:
    machine = _machine(kind)
    if move not in machine.flow:
        raise NotFound(Problem("unknown_move", _("There is no such move.")))
    form = MoveForm(machine.flow[move], request.POST)
    try:
        row = machine.perform(
            pk, move, actor=request.actor, data=form.said(), expected_version=version_seen(request.POST)
        )
    except (RuleViolation, StaleState) as refusal:
        form.refuse(refusal.problems)
        return PAGES[kind](request, pk, form, refusal.http_status)
    messages.success(request, _("Done: %(move)s.") % {"move": machine.flow[move].label})
    return redirect(row.get_absolute_url())


def _machine(kind: str) -> Machine:
    if kind not in MACHINES:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    return MACHINES[kind]
