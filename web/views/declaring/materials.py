"""The material list: uploading versions, and saying why something does not apply."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.models import ApprovalItem
from approvals.services import material_uploads
from approvals.services import materials as service
from core.errors import Problem, RuleViolation
from core.locks import found
from core.services import uploads
from web.access import signed_in
from web.views.declaring import wizard
from web.views.declaring.material_rows import material_rows


def shown(request: HttpRequest, item: ApprovalItem, **refused: Any) -> dict[str, Any]:
    """`refused`: the slot and the problems of an upload or a reason just refused, and the reason typed."""
    return {"rows": material_rows(item), "endpoint": endpoint(), **refused}


def endpoint() -> str:
    """Where resumable uploads go; without scripts the file travels with the form itself."""
    return reverse("api:uploads")


@require_POST
@signed_in
def material_upload(request: HttpRequest, pk: int, slot: int) -> HttpResponse:
    """A new version from the form itself (`file`) or from a finished resumable upload (`upload`)."""
    item = wizard.declaration(request.actor, pk)
    row = found(item.slots.all(), pk=slot)
    try:
        _take(request, item, slot)
    except RuleViolation as refusal:
        return _again(request, item, refused_slot=slot, problems=refusal.problems)
    messages.success(request, _("%(code)s %(name)s was uploaded.") % {"code": row.code, "name": row.label})
    return _back(request, item, f"field-material.{row.code}")


def _take(request: HttpRequest, item: ApprovalItem, slot: int) -> None:
    key = request.POST.get("upload", "")
    file = request.FILES.get("file")
    if key:
        _take_over(request, slot, key)
    elif file:
        service.upload(item.pk, slot, file, name=file.name, actor=request.actor)
    else:
        missing = Problem("file.missing", _("Choose a file first."), "file")
        raise RuleViolation([missing, *service.upload_problems(item, found(item.slots.all(), pk=slot))])


def _take_over(request: HttpRequest, slot: int, key: str) -> None:
    """The API attaches a file when its last byte arrives; this only makes sure, and says so when it did not."""
    upload = uploads.arrived(key, owner=request.user, purpose=material_uploads.PURPOSE, target_id=slot)
    if upload.finished_at is None:
        material_uploads.attach(upload, actor=request.actor)


@require_POST
@signed_in
def material_reason(request: HttpRequest, pk: int, slot: int) -> HttpResponse:
    """Why a conditional material does not apply; an empty reason takes it back."""
    item = wizard.declaration(request.actor, pk)
    row = found(item.slots.all(), pk=slot)
    reason = request.POST.get("reason", "").strip()
    try:
        is_silent = not reason and "withdraw" not in request.POST
        silent = [Problem("required", _("Say why the material does not apply."), "reason")] if is_silent else []
        service.mark_not_applicable(pk, slot, actor=request.actor, reason=reason, faults=silent)
    except RuleViolation as refusal:
        return _again(request, item, refused_slot=slot, problems=refusal.problems, typed=reason)
    messages.success(request, _("Saved."))
    return _back(request, item, f"field-material.{row.code}")


def _again(request: HttpRequest, item: ApprovalItem, **refused: Any) -> HttpResponse:
    return wizard.answer(request, item, wizard.MATERIALS, shown(request, item, **refused), status=422)


def _back(request: HttpRequest, item: ApprovalItem, anchor: str) -> HttpResponse:
    """To the step the form stood on: the material list, the defects or the supplement."""
    wanted = request.POST.get("step", "")
    known = wanted in (name for name, _label in wizard.steps_of(item))
    return wizard.to_step(item, wanted if known else wizard.MATERIALS, anchor)
