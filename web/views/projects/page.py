"""The page of one project, and the moves made on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actor import Actor
from accounts.roles import READS_TRACE, Role
from approvals.control_chain import OVERRUNS, chain_of, overruns_of
from approvals.project_items import items_of
from approvals.services import project_moves
from approvals.services.moves import situation
from bim.policies import may_upload
from bim.selectors import series_of
from core.errors import RuleViolation
from core.workflow import Offer
from projects import code_wording, codes, selectors
from projects.lifecycle import LIFECYCLE, lost_problems
from projects.models import Project
from projects.policies import is_own, may_amend
from projects.rules import project_code
from projects.states import TERMINAL
from web.access import signed_in
from web.forms.move_inputs import MoveForm, version_seen
from web.views.projects import trace_words
from web.views.projects.ending import ending_of
from web.views.projects.item_lines import item_lines
from web.views.projects.next_steps import next_steps
from web.views.projects.stage_line import stage_line

LATEST_ENTRIES = 10


@require_GET
@signed_in
def project(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, selectors.detailed(request.actor, pk))


@require_POST
@signed_in
def project_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Makes the move; when refused, the page again with every reason and what was typed."""
    seen = version_seen(request.POST)
    form = MoveForm(LIFECYCLE[move], request.POST) if move in LIFECYCLE else None
    data = form.said() if form else {}
    try:
        done = project_moves.perform(pk, move, actor=request.actor, data=data, expected_version=seen)
    except RuleViolation as refusal:
        row = selectors.detailed(request.actor, pk)
        if form is None:
            raise
        form.refuse(refusal.problems)
        return _page(request, row, refused=form, status=422)
    messages.success(request, _("Done: %(move)s.") % {"move": LIFECYCLE[move].label})
    return redirect("web:project", done.pk)


def _page(request: HttpRequest, row: Project, refused: MoveForm | None = None, status: int = 200) -> HttpResponse:
    actor, now = request.actor, situation()
    labels = codes.all_labels()
    items, chain = items_of(row, actor), chain_of(row)
    may_declare = actor.role == Role.APPLICANT_CLERK and is_own(actor, row) and row.stage not in TERMINAL
    context = {
        "project": row,
        "stages": stage_line(row),
        "steps": next_steps(row, items, actor, now),
        "chain": [link for link in chain if link.amount is not None or link.withdrawn],
        "undecided": [link.label for link in chain if link.amount is None],
        "overruns": [OVERRUNS[flag] for flag in overruns_of(row).flags],
        "lines": item_lines(items, actor, now),
        "moves": [_shown(offer, row, refused) for offer in selectors.offers(row, actor, now)],
        "refused": refused,
        "lost": list(lost_problems(row, row.stage)),
        "code_warnings": _code_warnings(row),
        "ending": ending_of(row),
        "suspension": next((s for s in row.suspensions.all() if s.ended_on is None), None),
        "funding": [
            (labels["funding_source"].get(part.source, part.source), part.amount) for part in row.funding.all()
        ],
        "names": {name: labels[table].get(getattr(row, name), "") for name, table in codes.TABLE_OF_FIELD.items()},
        "may_amend": may_amend(actor, row) is None and row.stage not in TERMINAL,
        "may_declare": may_declare,
        "models": series_of(row),
        "may_upload_model": may_upload(actor, row) is None and row.stage not in TERMINAL,
        "trace": trace_words.entries(row.pk, LATEST_ENTRIES) if _reads_trace(actor) else None,
    }
    return render(request, "web/projects/page.html", context, status=status)


def _reads_trace(actor: Actor) -> bool:
    """Not through a delegation limited to some kinds of items: a project's trace tells of all of them (R-PERM-03)."""
    return actor.role in READS_TRACE and not actor.item_types


def _shown(offer: Offer, row: Project, refused: MoveForm | None) -> dict[str, Any]:
    move = offer.move
    form = refused if refused and refused.move.name == move.name else MoveForm(move)
    return {"move": move, "problems": offer.problems, "form": form, "open": form is refused}


def _code_warnings(row: Project) -> list[Any]:
    found = project_code.read(row.code).warnings if row.code else ()
    return [code_wording.SENTENCES[code] for code in found]
