"""Answering a correction notice defect by defect, and supplying what a supplement letter asks for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.models import ApprovalItem, Correction
from approvals.services import materials as service
from core.errors import RuleViolation
from web.access import signed_in
from web.views.declaring import moves, wizard
from web.views.declaring.material_rows import material_rows
from web.views.declaring.materials import endpoint


def open_correction(item: ApprovalItem) -> Correction | None:
    return next((row for row in item.corrections.all() if row.closed_on is None), None)


def shown(request: HttpRequest, item: ApprovalItem, **refused: Any) -> dict[str, Any]:
    """Every defect with its answer and, where it names a material, the place to upload a better one."""
    correction = open_correction(item)
    rows = {row.slot.pk: row for row in material_rows(item, wizard.CORRECTION)}
    defects = [(defect, rows.get(defect.slot_id)) for defect in correction.defects.all()] if correction else []
    return {"correction": correction, "defects": defects, "endpoint": endpoint(), **refused}


def supplement_shown(request: HttpRequest, item: ApprovalItem) -> dict[str, Any]:
    """The letter behind the pause, the material list, and the move that ends it."""
    pause = next((p for p in item.pauses.all() if p.began_on and p.ended_on is None), None)
    rows = material_rows(item, wizard.SUPPLEMENT)
    return {**moves.shown(request, item), "pause": pause, "rows": rows, "endpoint": endpoint()}


@require_POST
@signed_in
def defect_answer(request: HttpRequest, pk: int, defect: int) -> HttpResponse:
    item = wizard.declaration(request.actor, pk)
    answer = request.POST.get("answer", "")
    try:
        service.answer_defect(pk, defect, actor=request.actor, answer=answer)
    except RuleViolation as refusal:
        extra = shown(request, item, refused_defect=defect, problems=refusal.problems, typed=answer)
        step = wizard.CORRECTION if open_correction(item) else wizard.BASICS
        if step == wizard.BASICS:
            raise
        return wizard.answer(request, item, step, extra, status=422)
    messages.success(request, _("Saved."))
    return wizard.to_step(item, wizard.CORRECTION, f"defect-{defect}")
