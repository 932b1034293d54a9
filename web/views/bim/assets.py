"""The asset draft of an as-built model: a page, and the same rows as files."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bim import asset_draft, guards, selectors
from bim.models import BimModel
from core.errors import NotFound, Problem, require
from core.services.exports import note_export
from reports import cells
from reports.renderers import FORMATS, file_name
from reports.renderers import render as rendered
from reports.table import Column
from web.access import signed_in
from web.exports import sent
from web.views.bim.asset_tables import SHEETS, table_of

OFFERED = ("xlsx", "csv", "json")
MOST_SHOWN = 500


@require_GET
@signed_in
def assets(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet at a time; long ones are cut on the page and whole in the files."""
    model, sheet = as_built(request, pk), _sheet(request.GET.get("sheet", ""))
    draft = asset_draft.draft(model)
    table = table_of(draft, sheet, model, request.actor.user.full_name)
    rows = cells.shown_rows(table)
    counts = {"assets": draft.assets, "facilities": draft.facilities, "floors": draft.floors, "spaces": draft.spaces}
    counts |= {"types": draft.kinds, "components": draft.components}
    context = {
        "model": model,
        "table": table,
        "heads": [
            (cells.head_parts(column), cells.is_figure(column)) for column in table.columns if column.key != "key"
        ],
        "rows": [_shown(row, table.columns) for row in rows[:MOST_SHOWN]],
        "left_out": max(0, len(rows) - MOST_SHOWN),
        "sheets": [(code, label, len(counts[code]), code == sheet) for code, label in SHEETS.items()],
        "sheet": sheet,
        "formats": OFFERED,
        "notes": cells.shown_notes(table),
    }
    return render(request, "web/bim/assets.html", context)


@require_POST
@signed_in
def assets_file(request: HttpRequest, pk: int, format_name: str) -> HttpResponse:
    """The sheet as a file; the trace keeps that it was taken."""
    model, sheet = as_built(request, pk), _sheet(request.POST.get("sheet", ""))
    if format_name not in OFFERED:
        raise NotFound(Problem("format.unknown", _("“%(name)s” is not a format.") % {"name": format_name}))
    table = table_of(asset_draft.draft(model), sheet, model, request.actor.user.full_name)
    content = rendered(table, format_name)
    filters = {"model": model.pk, "sheet": sheet, "format": format_name}
    note_export(
        "bim.assets.exported",
        content,
        actor=request.actor,
        rows=len(table.rows),
        filters=filters,
        project_id=model.project_id,
    )
    return sent(content, file_name(table, format_name), FORMATS[format_name].content_type)


def as_built(request: HttpRequest, pk: int) -> BimModel:
    """The model, if it is an accepted as-built one. Raises NotFound, RuleViolation."""
    model = selectors.detailed(request.actor, pk)
    require(guards.asset_problems(model))
    return model


def _sheet(name: str) -> str:
    return name if name in SHEETS else "assets"


def _shown(row: Sequence[str], columns: Sequence[Column]) -> list[tuple[str, Column, int]]:
    """The cells of a row; of many GlobalIds the first, and how many more. The key is for programs only."""
    cells_of_row = []
    for text, column in zip(row, columns, strict=True):
        more = text.count(" ") if column.key == "guids" else 0
        cells_of_row.append((text.split(" ")[0] if more else text, column, more))
    return [cell for cell in cells_of_row if cell[1].key != "key"]
