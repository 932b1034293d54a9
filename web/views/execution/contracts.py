"""The contracts of a project, the page of one with its lines, and its supplements."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from core.errors import RuleViolation
from core.files import KINDS as FILE_KINDS
from core.keys import key_of
from core.rulebook import Rulebook
from execution import contracting
from execution.models import Contract, Tender
from execution.policies import may_keep_books
from execution.services import contracts as service
from execution.services.evidence import KINDS as PAPERS
from execution.states import ContractState, TenderState
from projects.models import Project
from web.access import signed_in
from web.forms.contracts import ContractForm, LineGrid, SupplementForm
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import MoveForm, version_seen
from web.views.execution.moving import page_of, shown_moves

BLANK_ROWS = 5
MOST_BLANK_ROWS = 200
WARNINGS = {
    "untendered": ("RED", gettext_lazy("Of this size it must be tendered, and no tender or direct award is on record")),
    "late_signing": ("RED", gettext_lazy("Not signed within the limit after the notice of award")),
    "overdue": ("RED", gettext_lazy("The agreed end has passed")),
    "prefinancing": ("RED", gettext_lazy("Not confirmed to be free of pre-financing by the contractor")),
    "changed_much": ("YELLOW", gettext_lazy("Changed so much that every change is decided one level higher")),
}
ACCEPT = ",".join(extension for code in PAPERS for extension in FILE_KINDS[code].extensions)


@require_GET
@signed_in
def contracts(request: HttpRequest, pk: int) -> HttpResponse:
    project = contracting.books_of(request.actor, pk)
    rules = contracting.rules_today()
    rows = [
        {"contract": row, "value": contracting.value_of(row), "warnings": _warnings(row, rules)}
        for row in contracting.contracts_of(project)
    ]
    context = {
        "project": project,
        "rows": rows,
        "total": {
            name: sum(getattr(row["value"], name) for row in rows)
            for name in ("price", "supplements", "changes", "total", "committed")
        }
        if rows
        else None,
        "may_add": may_keep_books(request.actor, project) is None,
    }
    return render(request, "web/execution/contracts.html", context)


def _warnings(row: Contract, rules: Rulebook) -> list[tuple[str, Any]]:
    return [WARNINGS[code] for code in contracting.contract_warnings(row, rules)]


@require_http_methods(["GET", "POST"])
@signed_in
def contract_new(request: HttpRequest, pk: int) -> HttpResponse:
    project = contracting.project_of(request.actor, pk)
    insist(may_keep_books, request.actor, project)
    form = ContractForm(project, request.POST or None, initial=_from_tender(project, request.GET.get("tender", "")))
    grid = LineGrid.posted(request.POST)

    def save() -> Contract:
        lines = grid.contract_lines()
        return service.draft(
            pk, actor=request.actor, values=form.values(), lines=lines, tender_id=form.tender_id(),
            faults=[*faults_of(form), *grid.problems()],
        )  # fmt: skip

    return _answer(
        request, form, grid, save,
        {"title": _("New contract"), "project": project, "back": reverse("web:contracts", args=[pk])},
    )  # fmt: skip


def _from_tender(project: Project, key: str) -> dict[str, Any]:
    """What the notice of award already says."""
    row = Tender.objects.filter(project=project, pk=key_of(key) or 0, state=TenderState.AWARDED).first()
    if row is None:
        return {}
    price = f"{row.award:,.2f}" if row.award is not None else ""
    return {"tender": row.pk, "name": row.name, "kind": row.kind, "contractor": row.winner, "price": price}


@require_http_methods(["GET", "POST"])
@signed_in
def contract_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = contracting.contract_of(request.actor, pk)
    insist(may_keep_books, request.actor, row.project)
    form = ContractForm(row.project, request.POST or None, initial=ContractForm.initial_of(row))
    grid = LineGrid.posted(request.POST) if request.method == "POST" else LineGrid.of_contract(row)

    def save() -> Contract:
        lines = grid.contract_lines()
        return service.amend(
            pk, actor=request.actor, values=form.values(), lines=lines, tender_id=form.tender_id(),
            expected_version=version_seen(request.POST), faults=[*faults_of(form), *grid.problems()],
        )  # fmt: skip

    context = {"title": _("Correct the contract"), "project": row.project, "back": row.get_absolute_url()}
    return _answer(request, form, grid, save, context)


def _answer(
    request: HttpRequest, form: ContractForm, grid: LineGrid, save: Callable[[], Contract], context: dict
) -> HttpResponse:
    if request.method == "POST":
        form.full_clean()
        try:
            row = save()
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect(row.get_absolute_url())
    asked = min(key_of(request.GET.get("rows", "")) or BLANK_ROWS, MOST_BLANK_ROWS)
    codes = service.cost_codes(context["project"])
    context |= {"form": form, "grid": grid, "blank_rows": range(asked), "more_rows": asked + 20, "codes": codes}
    return render(request, "web/execution/contract_form.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def contract_discard(request: HttpRequest, pk: int) -> HttpResponse:
    row = contracting.contract_of(request.actor, pk)
    service.discard(pk, actor=request.actor)
    messages.success(request, _("The draft was taken back."))
    return redirect("web:contracts", row.project_id)


@require_GET
@signed_in
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    return page_with(request, pk)


@page_of("contract")
def _after_refusal(request: HttpRequest, pk: int, refused: MoveForm | None, status: int) -> HttpResponse:
    return page_with(request, pk, status, refused)


def page_with(
    request: HttpRequest, pk: int, status: int = 200, refused: MoveForm | None = None, **shown: Any
) -> HttpResponse:
    row = contracting.contract_of(request.actor, pk)
    keeps, rules = may_keep_books(request.actor, row.project) is None, contracting.rules_today()
    context = {
        "contract": row,
        "project": row.project,
        "project_name": row.project.name,
        "value": contracting.value_of(row),
        "share_changed": contracting.share_changed(row),
        "warnings": _warnings(row, rules),
        "clock": contracting.contract_clock(row.tender, rules, row) if row.tender and row.state == "DRAFT" else None,
        "lines": contracting.lines_shown(row),
        "supplements": row.supplements.all(),
        "file_problems": (),
        "changes": row.changes.all(),
        "may_amend": keeps and row.state == ContractState.DRAFT,
        "may_change": keeps and row.state == ContractState.EFFECTIVE,
        "may_keep_file": keeps and row.signed_on is not None,
        "accept": ACCEPT,
        "may_supplement": keeps and row.state in (ContractState.EFFECTIVE, ContractState.COMPLETED),
        **shown_moves("contract", row, request, refused),
        **shown,
    }
    if context["may_supplement"] and "supplement_form" not in context:
        context["supplement_form"] = SupplementForm(service.cost_codes(row.project))
    return render(request, "web/execution/contract.html", context, status=status)


@require_POST
@signed_in
def contract_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    row = contracting.contract_of(request.actor, pk)
    form = SupplementForm(service.cost_codes(row.project), request.POST)
    form.full_clean()
    said = form.cleaned_data
    try:
        service.supplement(
            pk, actor=request.actor, no=said.get("no", ""), amount=said.get("amount"), signed_on=said.get("signed_on"),
            reason=said.get("reason", ""), cost_code=said.get("cost_code", ""), faults=faults_of(form),
        )  # fmt: skip
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return page_with(request, pk, refusal.http_status, supplement_form=form)
    messages.success(request, _("Saved."))
    return redirect("web:contract", pk)
