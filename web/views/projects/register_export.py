"""The list of projects as a file for spreadsheets; the trace keeps that it was taken."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock, money
from core.services.exports import note_export
from projects import codes, selectors
from projects.models import Project
from reports.renderers.csv import harmless
from web.access import signed_in
from web.forms.project import RegisterFilter

MOST_EXPORTED = 50_000


@require_POST
@signed_in
def projects_export(request: HttpRequest) -> HttpResponse:
    """The rows of the same filters as CSV, at most 50,000."""
    form = RegisterFilter(request.POST)
    filters, text = form.filters(), form.cleaned_data.get("q", "")
    if text:
        rows = [hit.project for hit in selectors.search(request.actor, text, limit=MOST_EXPORTED, filters=filters).rows]
    else:
        rows = list(selectors.register_rows(request.actor, filters)[:MOST_EXPORTED])
    content = _file(rows)
    said = {name: str(value) for name, value in {"q": text, **filters}.items() if value}
    note_export("projects.register.exported", content, actor=request.actor, rows=len(rows), filters=said)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="projects-{clock.today():%Y%m%d}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _file(rows: Iterable[Project]) -> bytes:
    class_names, subdistricts = codes.labels("project_class"), codes.labels("subdistrict")
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    heads = (
        _("Project name"), _("Project code"), _("Project unit"), _("Project class"), _("Subdistrict"), _("Stage"),
        _("Rough investment (10,000 yuan)"), _("Registered on"),
    )  # fmt: skip
    writer.writerow(heads)
    for row in rows:
        rough = "" if row.rough_investment is None else f"{money.wan(row.rough_investment):f}"
        texts = (
            row.name, row.code, row.owner_unit.name, class_names.get(row.project_class, row.project_class),
            subdistricts.get(row.subdistrict, row.subdistrict), row.get_stage_display(),
        )  # fmt: skip
        writer.writerow([*(harmless(text) for text in texts), rough, clock.date_of(row.registered_at)])
    return buffer.getvalue().encode("utf-8-sig")
