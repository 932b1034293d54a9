"""The page of one model: what it is, how its check goes or went, what it holds."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from bim import guards, original, policies, reasons, selectors
from bim.class_names import class_name
from bim.models import BimModel
from bim.services import ingest
from bim.states import GeometryStatus, ModelStatus
from web.access import signed_in
from web.views.bim.drawing import failures_of
from web.views.bim.wording import georeference_lines, said_time, unit_lines

MOST_CLASSES = 12


@dataclass(frozen=True)
class ClassCount:
    """How many elements of one class the model holds."""

    ifc_class: str
    name: str
    count: int


@require_GET
@signed_in
def model(request: HttpRequest, pk: int) -> HttpResponse:
    row = selectors.detailed(request.actor, pk)
    is_accepted = row.status == ModelStatus.ACCEPTED
    counts = _counts(row)
    context = {
        **_standing(request, row),
        "counts": counts[:MOST_CLASSES],
        "more_counts": counts[MOST_CLASSES:],
        "storeys": selectors.storeys_of(row) if is_accepted else [],
        "versions": selectors.siblings_of(row),
        "authored_at": said_time(row.authored_at),
        "units": unit_lines(row.units),
        "georeference": georeference_lines(row.georeference),
    }
    return render(request, "web/bim/model.html", context)


@require_GET
@signed_in
def model_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that changes while the check runs; once it has ended, the whole page is asked for again."""
    standing = _standing(request, selectors.detailed(request.actor, pk))
    if not request.htmx:
        return redirect("web:bim_model", pk)
    response = render(request, "web/bim/_status.html", standing)
    if not standing["is_at_work"]:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@signed_in
@cache_control(private=True, no_cache=True)
def model_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was handed in. Bytes that no longer have their hash are never given out."""
    model = selectors.detailed(request.actor, pk)
    content, file = original.opened(model), model.file
    response = FileResponse(content, content_type=file.mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return response


@require_POST
@signed_in
def model_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    ingest.cancel(pk, actor=request.actor)
    messages.success(request, _("The check was cancelled."))
    return redirect("web:bim_model", pk)


@require_POST
@signed_in
def model_check_again(request: HttpRequest, pk: int) -> HttpResponse:
    ingest.start_again(pk, actor=request.actor)
    messages.success(request, _("The model is being checked again."))
    return redirect("web:bim_model", pk)


def _standing(request: HttpRequest, row: BimModel) -> dict[str, Any]:
    """How far the check is, and what this person may do about it."""
    is_at_work = guards.is_at_work(row)
    handles = policies.may_cancel(request.actor, row) is None
    job = row.job
    return {
        "model": row,
        "job": job,
        "is_at_work": is_at_work,
        "has_broken_off": row.status in guards.IN_CHECK and not is_at_work,
        "is_accepted": row.status == ModelStatus.ACCEPTED,
        "has_geometry": row.geometry_status == GeometryStatus.READY,
        "failures": failures_of(row),
        "reasons": [reasons.said(reason) for reason in row.reasons],
        "warnings": [reasons.said(reason) for reason in row.warnings],
        "handles": handles,
        "may_upload": policies.may_upload(request.actor, row.project) is None,
        "cancel_problems": guards.cancel_problems(row),
        "again_problems": guards.again_problems(row),
    }


def _counts(row: BimModel) -> list[ClassCount]:
    """The classes of the model, the most frequent first."""
    ordered = sorted(row.by_class.items(), key=lambda pair: (-pair[1], pair[0]))
    return [ClassCount(name, class_name(name), count) for name, count in ordered]
