"""The final account of a project: opened, its forms shown and filled in, what does not balance, its book."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from assets import accounting, findings
from assets.accounting import Shown
from assets.books.wording import narrative_of
from assets.models import FinalAccount
from assets.policies import may_compile
from assets.rules.forms_layout import FORMS
from assets.services import accounts as service
from assets.services import book as books
from assets.services import declaring
from assets.services.moves import MACHINES
from assets.states import AccountState
from core.errors import NotFound, Problem, RuleViolation
from core.keys import key_of
from web.access import signed_in
from web.exports import sent
from web.forms.faults import faults_of, refuse
from web.forms.final_account import AboutForm, DeferredGrid, Grid, OpenForm, TailGrid, cell_entries, line_choices
from web.forms.move_inputs import MoveForm, version_seen
from web.views.assets.shown_forms import MOST_ROWS, findings_shown, sections_of
from web.views.execution.moving import page_of, shown_moves

BLANK_ROWS = range(3)
assert "final-account" in MACHINES


@require_http_methods(["GET", "POST"])
@signed_in
def final_account(request: HttpRequest, pk: int) -> HttpResponse:
    """The room: the accounts of a project, and the form that opens one."""
    project = accounting.project_of(request.actor, pk)
    rows = list(accounting.accounts_of(project))
    parts = accounting.singles_without_account(project) if project.is_major else []
    form = OpenForm(parts, not any(not row.part for row in rows), request.POST or None)
    if request.method == "POST":
        form.full_clean()
        said = form.cleaned_data
        try:
            account = service.open_account(
                pk, actor=request.actor, cut_off_on=said.get("cut_off_on"), completed_on=said.get("completed_on"),
                part=said.get("part", ""), faults=faults_of(form),
            )  # fmt: skip
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect(account.get_absolute_url())
    may_open = may_compile(request.actor, project) is None and bool(form.fields["part"].choices)
    context = {
        "project": project,
        "rows": [{"account": row, "shown": Shown(row)} for row in rows],
        "form": form if may_open else None,
    }
    return render(request, "web/assets/final_account.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in
def account_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("final-account")
def _page(request: HttpRequest, pk: int, refused: MoveForm | None = None, status: int = 200) -> HttpResponse:
    """The overview of one account: moves, deadline, what does not balance, narrative, approval."""
    account = accounting.account_of(request.actor, pk)
    shown = Shown(account)
    context = {
        **_frame(request, shown, "overview"),
        "total": shown.total,
        "reduction": shown.reduction,
        "returned": shown.returned,
        "reviewed": shown.reviewed,
        "estimate_note": shown.estimate_note,
        "surplus": shown.surplus,
        "surplus_due": shown.surplus_due,
        "unspread": shown.unspread,
        "narrative": [(findings.said(label), text) for _key, label, text in narrative_of(account)],
        "tails": account.tail_works.all(),
        "may_declare": _keeps(request, account) and account.state == AccountState.COMPILED and not account.part,
        **_moves(account, request, refused),
    }
    return render(request, "web/assets/account.html", context, status=status)


def _moves(account: FinalAccount, request: HttpRequest, refused: MoveForm | None) -> dict[str, Any]:
    """The moves; that the cells do not agree stands above already, cell by cell, and is only counted here."""
    shown = shown_moves("final-account", account, request, refused)
    # Only for a project that was reopened: nothing to show before.
    rare = ("take_up_again",)
    shown["moves"] = [offer for offer in shown["moves"] if offer["move"].name not in rare or not offer["problems"]]
    for offer in shown["moves"]:
        others = [problem for problem in offer["problems"] if not problem.code.startswith(findings.CODES)]
        pairs = len(offer["problems"]) - len(others)
        offer["problems"] = [*others, *([findings.counted(pairs)] if pairs else [])]
    return shown


def _keeps(request: HttpRequest, account: FinalAccount) -> bool:
    return may_compile(request.actor, account.project) is None


def _frame(request: HttpRequest, shown: Shown, here: str) -> dict[str, Any]:
    """What every page of an account shows: its head, its tabs, what does not balance."""
    account = shown.account
    editable = _keeps(request, account) and account.state == AccountState.DRAFT
    return {
        "account": account,
        "project": account.project,
        "project_name": account.project.name,
        "here": here,
        "tabs": [(number, findings.form_title(number)) for number in FORMS],
        "term": shown.term,
        "editable": editable,
        "findings": findings_shown(shown.findings, editing=editable),
        "formats": tuple(books.RENDERERS),
    }


@require_http_methods(["GET", "POST"])
@signed_in
def account_form(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """One form: shown, or with `?edit=1` filled in; one reason for everything a save writes over."""
    if form not in FORMS:
        raise NotFound(Problem("not_found", _("There is no such form.")))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        entries = cell_entries(request.POST)
        try:
            service.write_cells(
                pk, actor=request.actor, form=form, entries=entries, reason=request.POST.get("reason", ""),
                expected_version=version_seen(request.POST),
            )  # fmt: skip
        except RuleViolation as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("Saved."))
            return redirect("web:account_form", pk, form)
    shown = Shown(accounting.account_of(request.actor, pk))
    frame = _frame(request, shown, form)
    typed = request.POST.dict() if problems else {}
    errors = {problem.field: str(problem.message) for problem in problems}
    most = max(key_of(request.GET.get("rows", "")) or MOST_ROWS, MOST_ROWS)
    sections = sections_of(shown.forms, form, shown.findings, typed, errors, most)
    has_open = any(cell.is_open for section in sections for row in section["rows"] for cell in row["cells"])
    context = {
        **frame,
        "form": form,
        "has_open": has_open,
        "form_code": FORMS[form].code,
        "form_title": findings.form_title(form),
        "sections": sections,
        "more_rows": most + 5 * MOST_ROWS,
        "editing": frame["editable"] and has_open and (bool(problems) or "edit" in request.GET),
        "problems": problems,
        "reason": typed.get("reason", ""),
    }
    return render(request, "web/assets/account_form.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Dates and narrative."""
    account = accounting.account_of(request.actor, pk)
    insist(may_compile, request.actor, account.project)
    form = AboutForm(request.POST or None, initial=AboutForm.initial_of(account))
    if request.method == "POST":
        form.full_clean()
        try:
            service.amend(
                pk, actor=request.actor, values=form.values(), expected_version=version_seen(request.POST),
                faults=faults_of(form),
            )  # fmt: skip
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect(account.get_absolute_url())
    context = {"account": account, "project": account.project, "form": form}
    return render(request, "web/assets/account_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def account_deferred(request: HttpRequest, pk: int) -> HttpResponse:
    """Deferred costs that no contract holds."""
    return _grid(request, pk, DeferredGrid, service.keep_deferred, "web/assets/account_deferred.html", "06")


@require_http_methods(["GET", "POST"])
@signed_in
def account_tails(request: HttpRequest, pk: int) -> HttpResponse:
    return _grid(request, pk, TailGrid, service.keep_tails, "web/assets/account_tails.html", "01")


def _grid(
    request: HttpRequest, pk: int, kind: Any, keep: Callable[..., FinalAccount], template: str, form: str
) -> HttpResponse:
    account = accounting.account_of(request.actor, pk)
    insist(may_compile, request.actor, account.project)
    problems: Sequence[Problem] = ()
    grid: Grid = kind.of_account(account)
    if request.method == "POST":
        grid = kind.of_request(request.POST)
        rows = grid.entries()  # type: ignore[attr-defined]
        try:
            keep(pk, actor=request.actor, rows=rows, expected_version=version_seen(request.POST),
                 faults=list(grid.problems()))  # fmt: skip
        except RuleViolation as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("Saved."))
            return redirect("web:account_form", pk, form)
    context = {
        "account": account,
        "project": account.project,
        "grid": grid,
        "blank_rows": BLANK_ROWS,
        "lines": line_choices(),
        "problems": problems,
    }
    return render(request, template, context, status=422 if problems else 200)


@require_POST
@signed_in
def account_allocate(request: HttpRequest, pk: int) -> HttpResponse:
    whole = service.allocate(pk, actor=request.actor)
    messages.success(request, _("%(amount)s yuan are spread over the assets.") % {"amount": f"{whole:,.2f}"})
    return redirect("web:account_form", pk, "05")


@require_POST
@signed_in
def account_declare(request: HttpRequest, pk: int) -> HttpResponse:
    """The FA item, with the account's lines and its book; the rest is brought in the declaration itself."""
    item = declaring.declare(pk, actor=request.actor)
    messages.success(
        request, _("The declaration %(no)s holds the account; bring its other materials.") % {"no": item.no}
    )
    return redirect("web:item_edit", item.pk)


@require_POST
@signed_in
def account_book(request: HttpRequest, pk: int) -> HttpResponse:
    """The book as a file; the trace keeps who took it."""
    accounting.account_of(request.actor, pk)
    made = books.export(pk, request.POST.get("format", ""), actor=request.actor)
    return sent(made.content, made.name, made.content_type)
