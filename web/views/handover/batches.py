"""The handovers of a project: the list, one batch with its signatures, the form, papers, and the list as PDF."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from accounts.roles import Role
from assets import registering
from assets.handover_list import handover_list
from assets.handover_policies import may_attach_to_batch, may_keep_cards
from assets.models import Asset, HandoverBatch
from assets.services import batches as service
from assets.states import OPEN_BATCH, BatchKind, BatchState
from core import clock
from core.errors import RuleViolation, StaleState
from core.keys import key_of
from core.locks import found
from core.services.exports import note_export
from execution.services.evidence import Upload
from web.access import signed_in
from web.exports import sent
from web.file_answer import answer_with
from web.forms.faults import faults_of, refuse
from web.forms.handover import BatchForm, FileForm
from web.forms.move_inputs import MoveForm, version_seen
from web.paging import keyset
from web.views.execution.moving import page_of, shown_moves

PAGE = 50


@require_GET
@signed_in
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    project = registering.project_of(request.actor, pk)
    context = {
        "project": project,
        "page": keyset(request, registering.batches_of(request.actor, project), PAGE),
        "standing": registering.standing_of(request.actor, project),
        "may_keep": may_keep_cards(request.actor, project) is None,
    }
    return render(request, "web/handover/batches.html", context)


@require_GET
@signed_in(roles=[Role.RECEIVER])
def handovers(request: HttpRequest) -> HttpResponse:
    """The receiver's own desk: what waits for the signature of its house, and what it was handed."""
    waiting = list(registering.batches_to(request.actor, waiting=True)[:PAGE])
    page = keyset(request, registering.batches_to(request.actor).exclude(state=BatchState.CANCELLED), PAGE)
    return render(request, "web/handover/desk.html", {"waiting": waiting, "page": page})


@require_GET
@signed_in
def handover_batch(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("handover")
def _page(request: HttpRequest, pk: int, refused: MoveForm | None = None, status: int = 200) -> HttpResponse:
    return _batch(request, pk, refused, None, status)


def _batch(
    request: HttpRequest, pk: int, refused: MoveForm | None, refused_file: FileForm | None, status: int
) -> HttpResponse:
    row = registering.batch_of(request.actor, pk)
    lines = registering.lines_of(row)
    may_keep = may_keep_cards(request.actor, row.project) is None and row.state == BatchState.DRAFT
    context = {
        "batch": row,
        "project": row.project,
        "project_name": row.project.name,
        "lines": lines,
        "sum": registering.sum_of(lines),
        "is_final": row.kind == BatchKind.FINAL,
        "may_amend": may_keep,
        "may_attach": row.state in OPEN_BATCH and may_attach_to_batch(request.actor, row) is None,
        "may_detach": may_keep,
        "file_form": refused_file or FileForm(),
        "documents": list(row.documents.all()),
        "signatures": _signatures(row),
        **shown_moves("handover", row, request, refused),
    }
    return render(request, "web/handover/batch.html", context, status=status)


def _signatures(row: HandoverBatch) -> list[dict[str, Any]]:
    return [
        {"house": row.from_unit, "what": _("Hands over"), "who": row.signed_over_by, "whom": row.signed_over_for, "at": row.signed_over_at},
        {"house": row.to_unit, "what": _("Receives"), "who": row.received_by, "whom": row.received_for, "at": row.received_at},
        {"house": _("Asset administration"), "what": _("Confirms"), "who": row.confirmed_by, "whom": None, "at": row.confirmed_at},
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def handover_new(request: HttpRequest, pk: int) -> HttpResponse:
    project = registering.project_of(request.actor, pk)
    insist(may_keep_cards, request.actor, project)
    initial = {"handed_on": clock.today(), "to_unit": project.user_unit_id}
    form = BatchForm(request.POST or None, initial=initial)
    chosen = _chosen(request)

    def save() -> HandoverBatch:
        return service.prepare(pk, actor=request.actor, values=form.values(), assets=chosen, faults=faults_of(form))

    title, back = _("New handover batch"), reverse("web:handover", args=[pk])
    context = {"title": title, "project": project, "back": back}
    return _answer(request, form, save, context, registering.candidates_of(request.actor, project), chosen)


@require_http_methods(["GET", "POST"])
@signed_in
def handover_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = registering.batch_of(request.actor, pk)
    insist(may_keep_cards, request.actor, row.project)
    form = BatchForm(request.POST or None, initial=BatchForm.initial_of(row))
    chosen = _chosen(request) if request.method == "POST" else [line.asset_id for line in row.lines.all()]

    def save() -> HandoverBatch:
        return service.amend(
            pk, actor=request.actor, values=form.values(), assets=chosen,
            expected_version=version_seen(request.POST), faults=faults_of(form),
        )  # fmt: skip

    title, back = _("Correct the batch"), row.get_absolute_url()
    context = {"title": title, "project": row.project, "back": back}
    return _answer(request, form, save, context, registering.candidates_of(request.actor, row.project, row), chosen)


def _chosen(request: HttpRequest) -> list[int]:
    keys = [key_of(text) for text in request.POST.getlist("asset")[:5000]]
    return [key for key in keys if key]


def _answer(
    request: HttpRequest,
    form: BatchForm,
    save: Callable[[], HandoverBatch],
    context: dict[str, Any],
    candidates: list[Asset],
    chosen: list[int],
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form.full_clean()
        try:
            row = save()
        except (RuleViolation, StaleState) as refusal:
            refuse(form, refusal.problems)
            status = refusal.http_status
        else:
            messages.success(request, _("Saved."))
            return redirect(row.get_absolute_url())
    context |= {"form": form, "candidates": candidates, "chosen": set(chosen)}
    return render(request, "web/handover/batch_form.html", context, status=status)


@require_POST
@signed_in
def handover_attach(request: HttpRequest, pk: int) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    form.full_clean()
    file = form.cleaned_data.get("file")
    try:
        service.attach(pk, Upload(file, file.name) if file else None, actor=request.actor)
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _batch(request, pk, None, form, refusal.http_status)
    messages.success(request, _("Saved."))
    return redirect("web:handover_batch", pk)


@require_POST
@signed_in
def handover_detach(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    service.detach(pk, file, actor=request.actor)
    messages.success(request, _("Saved."))
    return redirect("web:handover_batch", pk)


@require_GET
@signed_in
def handover_document(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    row = registering.batch_of(request.actor, pk)
    return answer_with(found(row.documents.all(), pk=file), request)


@require_POST
@signed_in
def handover_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The handover list to be printed and signed; the trace keeps that it was taken."""
    row = registering.batch_of(request.actor, pk)
    content = handover_list(row)
    note_export(
        "assets.handover.exported", content, actor=request.actor, rows=len(row.lines.all()), project_id=row.project_id,
        filters={"batch": row.number},
    )  # fmt: skip
    return sent(content, f"资产移交清单-{row.project.name[:60]}-{row.number}.pdf", "application/pdf")
