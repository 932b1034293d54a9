"""The change orders of a project, the page of one with who decides it, and the form with its lines."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.policies import insist
from core import clock, rulebook
from core.errors import RuleViolation
from core.keys import key_of
from execution import contracting, facts
from execution.flows.contract import UNDECIDED_CHANGES
from execution.models import ChangeOrder, Contract
from execution.policies import may_keep_books
from execution.services import changes as service
from execution.services.contracts import cost_codes
from execution.states import ChangeLevel, ChangeState
from web.access import signed_in
from web.forms.contracts import ChangeForm, LineGrid
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import MoveForm, version_seen
from web.paging import keyset
from web.views.execution.contracts import BLANK_ROWS, MOST_BLANK_ROWS
from web.views.execution.moving import page_of, shown_moves

PAGE = 50


@require_GET
@signed_in
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    project = contracting.books_of(request.actor, pk)
    page = keyset(request, contracting.changes_of(project), PAGE)
    return render(request, "web/execution/changes.html", {"project": project, "page": page})


@require_http_methods(["GET", "POST"])
@signed_in
def change_new(request: HttpRequest, pk: int) -> HttpResponse:
    contract = contracting.contract_of(request.actor, pk)
    insist(may_keep_books, request.actor, contract.project)
    form = ChangeForm(request.POST or None)
    posted = request.method == "POST"
    grid = LineGrid.posted(request.POST, signed=True) if posted else LineGrid.of_change(contract)

    def save() -> ChangeOrder:
        lines = grid.change_lines()
        return service.propose(
            pk, actor=request.actor, values=form.values(), lines=lines, faults=[*faults_of(form), *grid.problems()]
        )

    title, back = _("Propose a change order"), reverse("web:contract", args=[pk])
    return _answer(request, form, grid, save, {"title": title, "contract": contract, "back": back})


@require_http_methods(["GET", "POST"])
@signed_in
def change_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = contracting.change_of(request.actor, pk)
    contract: Contract = row.contract
    insist(may_keep_books, request.actor, contract.project)
    form = ChangeForm(request.POST or None, initial=ChangeForm.initial_of(row))
    posted = request.method == "POST"
    grid = LineGrid.posted(request.POST, signed=True) if posted else LineGrid.of_change(contract, row)

    def save() -> ChangeOrder:
        lines = grid.change_lines()
        return service.amend(
            pk, actor=request.actor, values=form.values(), lines=lines, expected_version=version_seen(request.POST),
            faults=[*faults_of(form), *grid.problems()],
        )  # fmt: skip

    title, back = _("Correct the change order"), row.get_absolute_url()
    return _answer(request, form, grid, save, {"title": title, "contract": contract, "back": back})


def _answer(
    request: HttpRequest, form: ChangeForm, grid: LineGrid, save: Callable[[], ChangeOrder], context: dict
) -> HttpResponse:
    contract = context["contract"]
    if request.method == "POST":
        form.full_clean()
        try:
            row = save()
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
            grid.show_present(contract)
        else:
            messages.success(request, _("Saved."))
            return redirect(row.get_absolute_url())
    asked = min(key_of(request.GET.get("rows", "")) or BLANK_ROWS, MOST_BLANK_ROWS)
    context |= {
        "project": contract.project, "form": form, "grid": grid, "blank_rows": range(asked), "more_rows": asked + 20,
        "codes": cost_codes(contract.project),
    }  # fmt: skip
    return render(request, "web/execution/change_form.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("change")
def _page(request: HttpRequest, pk: int, refused: MoveForm | None = None, status: int = 200) -> HttpResponse:
    row = contracting.change_of(request.actor, pk)
    project = row.contract.project
    judged = facts.judgement_of(row, rulebook.on(clock.today()))
    context = {
        "change": row,
        "contract": row.contract,
        "project": project,
        "project_name": project.name,
        "judged": judged,
        "undecided": row.state in UNDECIDED_CHANGES,
        "level": ChangeLevel(judged.level if row.state in UNDECIDED_CHANGES else row.level).label,
        "signatures": _signatures(row),
        "lines": row.lines.all(),
        "may_amend": may_keep_books(request.actor, project) is None and row.state == ChangeState.PROPOSED,
        **shown_moves("change", row, request, refused),
    }
    return render(request, "web/execution/change.html", context, status=status)


def _signatures(row: ChangeOrder) -> list[dict]:
    who = {"supervision_agrees": _("Supervisor engineer"), "designer_agrees": _("Designer")}
    return [{**said, "who": who.get(said["move"], "")} for said in row.signatures]
