"""The cost control view of a project: every cost line from the estimate to what it will cost, the S-curve, the adjustment."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.policies import insist
from accounts.roles import Role
from core.errors import NotFound, Problem
from core.services.exports import note_export
from execution import contracting, control
from execution.policies import may_take_sheet
from execution.rules.control import Lamp, Line, Sums
from projects.models import Project
from projects.policies import is_own
from projects.states import TERMINAL
from reports import cells
from reports.datasets.estimate_execution import AMOUNTS, LIGHTS, name_of, notes, table_of
from reports.renderers import FORMATS, file_name
from reports.renderers import render as rendered
from reports.table import Column
from web.access import signed_in
from web.exports import sent
from web.forms.move_inputs import MoveForm
from web.views.execution.drawn_curve import drawing

ROOM_OF = {
    "contract": "contracts", "change": "changes", "settlement": "settlements", "paid": "payments", "forecast": "forecasts",
}  # fmt: skip
OFFERED = ("xlsx", "pdf", "csv")


@require_GET
@signed_in
def control_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    project = contracting.books_of(request.actor, pk)
    shown = control.control_of(project)
    adjustment = control.adjustment_of(shown, request.actor)
    context = {
        "project": project,
        "shown": shown,
        "heads": [_head(project, column) for column in AMOUNTS],
        "rows": [_row(shown, line) for line in shown.sheet.lines],
        "total": shown.sheet.total,
        "total_cells": _cells(shown.sheet.total, shown.sheet.lamp),
        "bought": shown.sheet.total.contract + shown.sheet.total.change,
        "notes": notes(shown),
        "lamp": shown.sheet.lamp,
        "lamp_words": LIGHTS.get(shown.sheet.lamp),
        "over": [{"line": line, "name": name_of(shown, line.code)} for line in shown.sheet.over],
        "curve": drawing(control.curve_of(shown)),
        "adjustment": adjustment,
        "moves": [{"offer": offer, "form": MoveForm(offer.move)} for offer in adjustment.offers],
        "why_off": _why_off(project, adjustment),
        "may_declare": _may_declare(request, project),
        "formats": OFFERED if may_take_sheet(request.actor, project) is None else (),
    }
    return render(request, "web/execution/control.html", context)


def _head(project: Project, column: Column) -> dict[str, Any]:
    """A column with the room its figures come from."""
    room = ROOM_OF.get(column.key)
    return {
        "label": column.label,
        "unit": cells.unit_of(column),
        "url": reverse(f"web:{room}", args=[project.pk]) if room else "",
    }


def _row(shown: control.Control, line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "name": name_of(shown, line.code),
        "lamp": line.lamp,
        "words": LIGHTS.get(line.lamp),
        "cells": _cells(line.sums, line.lamp),
    }


def _cells(sums: Sums, lamp: Lamp | None) -> list[dict[str, Any]]:
    """The columns as every file shows them; nothing at all is a dash. By how much it overruns stands out."""
    return [
        {
            "text": cells.display(getattr(sums, column.key) or None, column),
            "is_over": lamp == Lamp.RED and column.key in ("difference", "ratio"),
        }
        for column in AMOUNTS
    ]


def _may_declare(request: HttpRequest, project: Any) -> bool:
    actor = request.actor
    return actor.role == Role.APPLICANT_CLERK and is_own(actor, project) and project.stage not in TERMINAL


def _why_off(project: Any, adjustment: control.Adjustment) -> list[str]:
    """Why nobody is offered the opening of an adjustment here."""
    if adjustment.is_open or adjustment.offers:
        return []
    if project.stage != "CONSTRUCTION":
        return [_("An adjustment of the estimate is opened while the works are under construction.")]
    return [_("The lead of the project unit opens an adjustment of the estimate.")]


@require_POST
@signed_in
def control_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The table as a file; the trace keeps what was taken."""
    project = contracting.books_of(request.actor, pk)
    insist(may_take_sheet, request.actor, project)
    name = request.POST.get("format", "")
    if name not in OFFERED:
        raise NotFound(Problem("format.unknown", _("“%(name)s” is not a format.") % {"name": name}, "format"))
    table = table_of(control.control_of(project), request.actor)
    content = rendered(table, name)
    note_export(
        "execution.control.exported", content, actor=request.actor, rows=len(table.rows), filters={"format": name},
        project_id=project.pk,
    )  # fmt: skip
    return sent(content, file_name(table, name), FORMATS[name].content_type)
