"""The tenders of a project, the page of one, and its objections."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from core.errors import RuleViolation
from core.locks import found
from execution import contracting
from execution.flows.tender import works_budget
from execution.machines import tenders as visible_tenders
from execution.models import Tender, TenderObjection
from execution.policies import may_keep_books
from execution.services import tenders as service
from execution.services.tenders import Objection
from execution.states import TenderState
from web.access import signed_in
from web.forms.contracts import AnswerForm, ObjectionForm, TenderForm
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import MoveForm, version_seen
from web.views.execution.moving import page_of, shown_moves


@require_GET
@signed_in
def tenders(request: HttpRequest, pk: int) -> HttpResponse:
    project = contracting.project_of(request.actor, pk)
    rules = contracting.rules_today()
    rows = [(row, contracting.contract_clock(row, rules)) for row in contracting.tenders_of(project)]
    may_add = may_keep_books(request.actor, project) is None
    return render(request, "web/execution/tenders.html", {"project": project, "rows": rows, "may_add": may_add})


@require_http_methods(["GET", "POST"])
@signed_in
def tender_new(request: HttpRequest, pk: int) -> HttpResponse:
    project = contracting.project_of(request.actor, pk)
    insist(may_keep_books, request.actor, project)
    form = TenderForm(request.POST or None)

    def save() -> Tender:
        return service.record(project.pk, actor=request.actor, values=form.values(), faults=faults_of(form))

    back = reverse("web:tenders", args=[pk])
    return _answer(request, form, save, {"title": _("New tender"), "project": project, "back": back})


@require_http_methods(["GET", "POST"])
@signed_in
def tender_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = contracting.tender_of(request.actor, pk)
    insist(may_keep_books, request.actor, row.project)
    form = TenderForm(request.POST or None, initial=TenderForm.initial_of(row))

    def save() -> Tender:
        return service.amend(
            pk, actor=request.actor, values=form.values(), expected_version=version_seen(request.POST),
            faults=faults_of(form),
        )  # fmt: skip

    back = row.get_absolute_url()
    return _answer(request, form, save, {"title": _("Correct the tender"), "project": row.project, "back": back})


def _answer(request: HttpRequest, form: TenderForm, save: Callable[[], Tender], context: dict) -> HttpResponse:
    if request.method == "POST":
        form.full_clean()
        try:
            row = save()
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect(row.get_absolute_url())
    context |= {"form": form, "budget": works_budget(context["project"])}
    return render(request, "web/execution/tender_form.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def tender_discard(request: HttpRequest, pk: int) -> HttpResponse:
    row = contracting.tender_of(request.actor, pk)
    service.discard(pk, actor=request.actor)
    messages.success(request, _("The draft was taken back."))
    return redirect("web:tenders", row.project_id)


@require_GET
@signed_in
def tender(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("tender")
def _after_refusal(request: HttpRequest, pk: int, refused: MoveForm | None, status: int) -> HttpResponse:
    return _page(request, pk, status, refused)


def _page(
    request: HttpRequest, pk: int, status: int = 200, refused: MoveForm | None = None, **shown: Any
) -> HttpResponse:
    row = contracting.tender_of(request.actor, pk)
    keeps = may_keep_books(request.actor, row.project) is None
    context = {
        "tender": row,
        "project": row.project,
        "project_name": row.project.name,
        "clock": contracting.contract_clock(row, contracting.rules_today()),
        "budget": works_budget(row.project),
        "may_amend": keeps and row.state in (TenderState.PLANNED, TenderState.FAILED),
        "may_discard": keeps and row.state == TenderState.PLANNED,
        "may_draft": keeps and row.state == TenderState.AWARDED,
        "may_object": keeps and row.state in service.OPEN_TO_OBJECTIONS,
        "objection_form": ObjectionForm(),
        "objections": [(one, AnswerForm(prefix=f"o{one.pk}")) for one in row.objections.all()],
        "may_answer": keeps,
        **shown_moves("tender", row, request, refused),
        **shown,
    }
    return render(request, "web/execution/tender.html", context, status=status)


@require_POST
@signed_in
def tender_object(request: HttpRequest, pk: int) -> HttpResponse:
    """Records an objection; the tender stands still from then on."""
    form = ObjectionForm(request.POST)
    form.full_clean()
    said = form.cleaned_data
    objection = Objection(said.get("objector", ""), said.get("text", ""), said.get("received_on"))
    try:
        service.object_to(pk, actor=request.actor, objection=objection, faults=faults_of(form))
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _page(request, pk, refusal.http_status, objection_form=form)
    messages.success(request, _("Saved."))
    return redirect("web:tender", pk)


@require_POST
@signed_in
def objection_answer(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(TenderObjection.objects.filter(tender__in=visible_tenders(request.actor)), pk=pk)
    form = AnswerForm(request.POST, prefix=f"o{pk}")
    form.full_clean()
    said = form.cleaned_data
    try:
        service.answer(
            pk,
            actor=request.actor,
            text=said.get("answer", ""),
            upheld=said.get("upheld", False),
            faults=faults_of(form),
        )
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        tender_row = contracting.tender_of(request.actor, row.tender_id)
        pairs = [
            (one, form if one.pk == pk else AnswerForm(prefix=f"o{one.pk}")) for one in tender_row.objections.all()
        ]
        return _page(request, row.tender_id, refusal.http_status, objections=pairs, refused_answer=form)
    messages.success(request, _("Saved."))
    return redirect("web:tender", row.tender_id)
