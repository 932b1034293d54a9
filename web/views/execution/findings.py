"""The audit of a project: how it is audited, its findings and what became of each."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from core import clock
from core.errors import RuleViolation, StaleState
from core.locks import found
from execution import closing
from execution.closing_policies import may_record_finding
from execution.contracting import project_of
from execution.models import AuditFinding
from execution.policies import may_keep_books
from execution.services import audits as service
from execution.states import FindingState
from projects.policies import may_set_audit_mode
from projects.services import audit_mode as modes
from projects.states import MAIN_LINE, AuditMode, Stage
from web.access import signed_in
from web.forms.closing import AuditModeForm, FindingForm, RectifyForm
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import MoveForm
from web.views.execution.moving import page_of, shown_moves


@require_GET
@signed_in
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    return _audit_page(request, pk)


def _audit_page(request: HttpRequest, pk: int, refused: forms.Form | None = None, status: int = 200) -> HttpResponse:
    project = project_of(request.actor, pk)
    today = clock.today()
    rows = list(closing.findings_of(project))
    context = {
        "project": project,
        "rows": [(row, row.is_late(today)) for row in rows],
        "open": sum(row.state == FindingState.OPEN for row in rows),
        "is_exempt": project.audit_mode == AuditMode.EXEMPT,
        "may_record": may_record_finding(request.actor, project) is None
        and project.audit_mode != AuditMode.EXEMPT
        and project.stage in service.AUDITED,
        "audits": closing.audits_of(project, request.actor).filter(state__in=("ISSUED", "ARCHIVED")),
        "waits": closing.what_keeps(project, "pass_audit", today),
        "mode_form": _mode_form(request, project, refused),
        "refused": refused,
    }
    return render(request, "web/execution/audit.html", context, status=status)


def _mode_form(request: HttpRequest, project: Any, refused: forms.Form | None) -> Any:
    """For the audit office, until the stage of the audit is over."""
    over = project.stage not in MAIN_LINE or MAIN_LINE.index(project.stage) > MAIN_LINE.index(Stage.FINAL_AUDIT)
    if over or may_set_audit_mode(request.actor) is not None:
        return None
    return refused or AuditModeForm(initial={"mode": project.audit_mode})


@require_POST
@signed_in
def audit_mode(request: HttpRequest, pk: int) -> HttpResponse:
    form = AuditModeForm(request.POST)
    form.full_clean()
    said = form.cleaned_data
    try:
        modes.decide(
            pk, actor=request.actor, mode=said.get("mode", ""), document_no=said.get("document_no", ""),
            faults=faults_of(form),
        )  # fmt: skip
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _audit_page(request, pk, form, refusal.http_status)
    messages.success(request, _("Saved."))
    return redirect("web:audit", pk)


@require_http_methods(["GET", "POST"])
@signed_in
def finding_new(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request.actor, pk)
    insist(may_record_finding, request.actor, project)
    form = FindingForm(
        closing.audits_of(project, request.actor), request.POST or None, initial={"found_on": clock.today()}
    )

    def act() -> AuditFinding:
        said = form.cleaned_data
        return service.record(project.pk, actor=request.actor, faults=faults_of(form), **_values(said))

    return _answer(request, form, act, {"project": project, "title": _("Record a finding")})


@require_http_methods(["GET", "POST"])
@signed_in
def finding_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(closing.findings(request.actor).select_related("project__owner_unit"), pk=pk)
    insist(may_record_finding, request.actor, row.project)
    form = FindingForm(
        closing.audits_of(row.project, request.actor), request.POST or None, initial=FindingForm.initial_of(row)
    )

    def act() -> AuditFinding:
        said = form.cleaned_data
        return service.amend(
            pk, actor=request.actor, expected_version=said.get("version"), faults=faults_of(form), **_values(said)
        )

    return _answer(request, form, act, {"project": row.project, "title": _("Correct the finding")})


def _values(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": said.get("text", ""), "amount": said.get("amount"), "found_on": said.get("found_on"),
        "item_id": said.get("item_id"),
    }  # fmt: skip


def _answer(
    request: HttpRequest, form: FindingForm, act: Callable[[], AuditFinding], context: dict[str, Any]
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form.full_clean()
        try:
            row = act()
        except (RuleViolation, StaleState) as refusal:
            refuse(form, refusal.problems)
            status = refusal.http_status
        else:
            messages.success(request, _("Saved."))
            return redirect(row.get_absolute_url())
    return render(request, "web/execution/finding_form.html", {"form": form, **context}, status=status)


@require_GET
@signed_in
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    return _finding_page(request, pk)


@page_of("finding")
def _after_refusal(request: HttpRequest, pk: int, refused: MoveForm | None, status: int) -> HttpResponse:
    return _finding_page(request, pk, refused=refused, status=status)


def _finding_page(
    request: HttpRequest,
    pk: int,
    *,
    refused: MoveForm | None = None,
    rectify_form: RectifyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = closing.findings(request.actor).select_related(
        "project__owner_unit", "item", "recorded_by", "rectified_by", "confirmed_by", "evidence"
    )
    row = found(rows, pk=pk)
    moves = shown_moves("finding", row, request, refused)
    # The evidence comes with the report, in one form; the move of the table alone would have no file.
    can_rectify = any(offer["move"].name == "rectify" for offer in moves["moves"])
    moves["moves"] = [offer for offer in moves["moves"] if offer["move"].name != "rectify"]
    keeps = may_keep_books(request.actor, row.project) is None
    context = {
        "finding": row,
        "project": row.project,
        "project_name": row.project.name,
        "sees_item": closing.audits_of(row.project, request.actor).filter(pk=row.item_id).exists(),
        "is_late": row.is_late(clock.today()),
        "may_amend": row.state == FindingState.OPEN and may_record_finding(request.actor, row.project) is None,
        "rectify_form": _rectify_form(rectify_form, row) if can_rectify and keeps else None,
        **moves,
    }
    return render(request, "web/execution/finding.html", context, status=status)


def _rectify_form(refused: RectifyForm | None, row: AuditFinding) -> Any:
    form = refused or RectifyForm(initial={"version": row.version, "rectified_on": clock.today()})
    return form if row.evidence_id else form.asks_for_a_file()


@require_POST
@signed_in
def finding_rectify(request: HttpRequest, pk: int) -> HttpResponse:
    form = RectifyForm(request.POST, request.FILES)
    form.full_clean()
    said = form.cleaned_data
    try:
        service.rectify(
            pk, actor=request.actor, rectified_on=said.get("rectified_on"), note=said.get("note", ""),
            file=form.upload(), expected_version=said.get("version"), faults=faults_of(form),
        )  # fmt: skip
    except (RuleViolation, StaleState) as refusal:
        refuse(form, refusal.problems)
        return _finding_page(request, pk, rectify_form=form, status=refusal.http_status)
    messages.success(request, _("Saved."))
    return redirect("web:finding", pk)
