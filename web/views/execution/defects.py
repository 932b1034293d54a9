"""Defects of an acceptance, each entered, mended and checked from the page of the acceptance."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from core.locks import found
from execution import closing
from execution.services import defects as service
from web.access import signed_in
from web.forms.closing import CheckForm, DefectForm, MendForm
from web.forms.faults import faults_of
from web.views.execution.acceptance import answer


@require_POST
@signed_in
def defect_new(request: HttpRequest, pk: int) -> HttpResponse:
    held = found(closing.rounds(request.actor), pk=pk)
    form = DefectForm(request.POST, prefix="defect")
    form.full_clean()
    said = form.cleaned_data

    def act() -> Any:
        return service.record(
            pk, actor=request.actor, text=said.get("text", ""), place=said.get("place", ""), due_on=said.get("due_on"),
            faults=faults_of(form),
        )  # fmt: skip

    return answer(request, held.project_id, form, act)


@require_POST
@signed_in
def defect_mend(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(closing.defects(request.actor).select_related("round"), pk=pk)
    form = MendForm(request.POST, request.FILES, prefix=f"mend-{pk}")
    form.full_clean()
    said = form.cleaned_data

    def act() -> Any:
        return service.mend(
            pk, actor=request.actor, fixed_on=said.get("fixed_on"), note=said.get("note", ""), file=form.upload(),
            faults=faults_of(form),
        )  # fmt: skip

    return answer(request, row.round.project_id, form, act)


@require_POST
@signed_in
def defect_check(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(closing.defects(request.actor).select_related("round"), pk=pk)
    form = CheckForm(request.POST, prefix=f"check-{pk}")
    form.full_clean()
    said = form.cleaned_data

    def act() -> Any:
        return service.check(
            pk, actor=request.actor, accepted=said.get("accepted"), note=said.get("note", ""), faults=faults_of(form)
        )

    return answer(request, row.round.project_id, form, act)
