"""The acceptance of a project: its rounds, what the five parties say, the papers it rests on, its defects."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import NotFound, Problem, RuleViolation, StaleState
from core.locks import found
from execution import closing
from execution.closing_policies import may_check_defect, may_sign_for_the_unit
from execution.contracting import project_of, rules_today
from execution.models import AcceptanceDefect, AcceptanceRound, PartyOpinion
from execution.policies import may_keep_books
from execution.services import acceptance as service
from execution.states import Clearance, Party
from projects.models import Project
from projects.states import Stage
from web.access import signed_in
from web.forms.closing import CheckForm, CloseForm, DefectForm, MendForm, OpinionForm, PaperForm, RoundForm
from web.forms.faults import faults_of, refuse

RESULTS: dict[str, Callable[..., AcceptanceRound]] = {"pass": service.pass_round, "fail": service.fail_round}


@require_GET
@signed_in
def acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    return acceptance_page(request, pk)


def acceptance_page(
    request: HttpRequest, pk: int, refused: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    """The page of the project's acceptance; `refused` is a form as it was sent, shown again with what is wrong."""
    project = project_of(request.actor, pk)
    rounds = list(closing.rounds_of(project))
    running = next((row for row in rounds if row.is_open), None)
    keeps = may_keep_books(request.actor, project) is None
    today = clock.today()
    passed = any(row.passed for row in rounds)
    context = {
        "project": project,
        "rounds": [_shown_round(row, row is running and keeps, refused, project) for row in rounds],
        "running": running,
        "passed": passed,
        "wants": list(service.passing_problems(_of(project, running))) if running else [],
        "waits": closing.what_keeps(project, "pass_acceptance", today),
        "signs": running is not None and may_sign_for_the_unit(request.actor, project) is None,
        "close_form": _form(CloseForm, "close", refused, initial={"version": running.version}) if running else None,
        "may_open": keeps and running is None and not passed and project.stage == Stage.ACCEPTANCE,
        "round_form": _form(RoundForm, "round", refused, initial={"held_on": today}),
        "papers": _papers(project, refused, may=keeps and not passed and _is_before_settlement(project)),
        "defects": [_shown_defect(request, row, keeps, refused, today) for row in _defects(rounds)],
        "defect_form": _form(DefectForm, "defect", refused) if running and keeps else None,
        "filing": closing.filing_of(project, rules_today(), today) if passed else None,
        "refused": refused,
    }
    return render(request, "web/execution/acceptance.html", context, status=status)


def _of(project: Project, held: AcceptanceRound) -> AcceptanceRound:
    held.project = project
    return held


def _is_before_settlement(project: Project) -> bool:
    return project.stage in (Stage.CONSTRUCTION, Stage.ACCEPTANCE)


def _form(kind: Callable[..., Any], prefix: str, refused: forms.Form | None, **kwargs: Any) -> Any:
    """The form as it was refused, if it was this one; else a new one."""
    return refused if refused is not None and refused.prefix == prefix else kind(prefix=prefix, **kwargs)


def _shown_round(held: AcceptanceRound, may_edit: bool, refused: forms.Form | None, project: Project) -> dict[str, Any]:
    said = {row.party: row for row in held.opinions.all()}
    signers = closing.signers_of(project) if may_edit else {}
    parties = []
    for party in Party:
        row, prefix = said.get(party.value), f"party-{party.value}"
        form = None
        if may_edit:
            initial = OpinionForm.initial_of(row, signers.get(party.value, ""))
            form = _form(OpinionForm, prefix, refused, initial=initial)
            form = form if row else form.asks_for_a_file()
        parties.append({"party": party, "row": row, "form": form})
    return {"round": held, "parties": parties}


def _papers(project: Project, refused: forms.Form | None, *, may: bool) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "row": row, "form": _paper_form(kind, row, refused) if may else None}
        for kind, row in closing.papers_of(project)
    ]


def _paper_form(kind: Clearance, row: Any, refused: forms.Form | None) -> Any:
    prefix = f"paper-{kind.value}"
    if refused is not None and refused.prefix == prefix:
        return refused
    return PaperForm(kind.value, prefix=prefix, initial=PaperForm.initial_of(row))


def _defects(rounds: Iterable[AcceptanceRound]) -> list[AcceptanceDefect]:
    """Those still open first, each group in the order of their days."""
    rows = [_in_round(row, held) for held in rounds for row in held.defects.all()]
    return sorted(rows, key=lambda row: (not row.is_open, row.due_on, row.pk))


def _in_round(row: AcceptanceDefect, held: AcceptanceRound) -> AcceptanceDefect:
    row.round = held
    return row


def _shown_defect(
    request: HttpRequest, row: AcceptanceDefect, keeps: bool, refused: forms.Form | None, today: Any
) -> dict[str, Any]:
    checks = row.is_open and row.fixed_on is not None and may_check_defect(request.actor, row) is None
    return {
        "row": row,
        "is_late": row.is_open and row.is_late(today),
        "mend_form": _form(MendForm, f"mend-{row.pk}", refused).asks_for_a_file() if row.is_open and keeps else None,
        "check_form": _form(CheckForm, f"check-{row.pk}", refused) if checks else None,
    }


def answer(request: HttpRequest, pk: int, form: forms.Form, act: Callable[[], Any]) -> HttpResponse:
    """Does it and shows the acceptance of the project anew, or the same page with what is wrong at the form."""
    try:
        act()
    except (RuleViolation, StaleState) as refusal:
        refuse(form, refusal.problems)
        return acceptance_page(request, pk, form, refusal.http_status)
    messages.success(request, _("Saved."))
    return redirect("web:acceptance", pk)


@require_POST
@signed_in
def acceptance_round_new(request: HttpRequest, pk: int) -> HttpResponse:
    form = RoundForm(request.POST, prefix="round")
    form.full_clean()

    def act() -> AcceptanceRound:
        return service.open_round(
            pk, actor=request.actor, held_on=form.cleaned_data.get("held_on"), faults=faults_of(form)
        )

    return answer(request, pk, form, act)


@require_POST
@signed_in
def acceptance_opinion(request: HttpRequest, pk: int, party: str) -> HttpResponse:
    held = found(closing.rounds(request.actor), pk=pk)
    form = OpinionForm(request.POST, request.FILES, prefix=f"party-{party}")
    form.full_clean()
    said = form.cleaned_data

    def act() -> PartyOpinion:
        return service.record_opinion(
            pk, party, actor=request.actor, organisation=said.get("organisation", ""), person=said.get("person", ""),
            agrees=said.get("agrees"), signed_on=said.get("signed_on"), opinion=said.get("opinion", ""),
            file=form.upload(), faults=faults_of(form),
        )  # fmt: skip

    return answer(request, held.project_id, form, act)


@require_POST
@signed_in
def acceptance_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    form = PaperForm(kind, request.POST, request.FILES, prefix=f"paper-{kind}")
    form.full_clean()
    said = form.cleaned_data
    values = {name: said.get(name, "") for name in ("authority", "document_no", "not_needed")}

    def act() -> Any:
        return service.clear(
            pk, kind, actor=request.actor, issued_on=said.get("issued_on"), file=form.upload(), faults=faults_of(form),
            **values,
        )  # fmt: skip

    return answer(request, pk, form, act)


@require_POST
@signed_in
def acceptance_close(request: HttpRequest, pk: int, result: str) -> HttpResponse:
    """The lead signs: passed, or failed."""
    if result not in RESULTS:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    held = found(closing.rounds(request.actor), pk=pk)
    form = CloseForm(request.POST, prefix="close")
    form.full_clean()
    said = form.cleaned_data

    def act() -> AcceptanceRound:
        return RESULTS[result](
            pk, actor=request.actor, conclusion=said.get("conclusion", ""), expected_version=said.get("version"),
            faults=faults_of(form),
        )  # fmt: skip

    return answer(request, held.project_id, form, act)
