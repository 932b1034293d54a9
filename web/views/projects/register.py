"""The list of projects: filtered, paged by position, exported as shown."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.roles import APPLICANTS
from core import clock, money
from projects import codes, selectors
from projects.models import Project
from projects.policies import may_register
from reports.renderers.csv import harmless
from web.access import signed_in
from web.forms.project import RegisterFilter

PAGE = 30
MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class Row:
    """One line of the list, with the names of its codes."""

    project: Project
    class_name: str
    subdistrict: str


class Echo:
    """Hands each written row straight on."""

    def write(self, text: str) -> str:
        return text


@require_GET
@signed_in
def projects(request: HttpRequest) -> HttpResponse:
    """A unit sees its own projects, the offices see all of them."""
    form = RegisterFilter(request.GET)
    filters = form.filters()
    text, after = form.cleaned_data.get("q", ""), form.cleaned_data.get("after")
    if text:
        page = selectors.search(request.actor, text, after, PAGE, filters)
        rows = [hit.project for hit in page.rows]
    else:
        page = selectors.listed(request.actor, filters, after, PAGE)
        rows = page.rows
    labels = codes.all_labels()
    class_names, subdistricts = labels["project_class"], labels["subdistrict"]
    context = {
        "form": form,
        "rows": [
            Row(row, class_names.get(row.project_class, ""), subdistricts.get(row.subdistrict, "")) for row in rows
        ],
        "after": page.after,
        "is_later_page": after is not None,
        "is_filtered": bool(filters or text),
        "may_register": may_register(request.actor) is None,
        "chooses_unit": request.actor.role not in APPLICANTS,
    }
    return render(request, "web/projects/register.html", context)


@require_GET
@signed_in
def projects_export(request: HttpRequest) -> StreamingHttpResponse:
    """The rows of the same filters as CSV for spreadsheets, at most 50,000."""
    form = RegisterFilter(request.GET)
    filters, text = form.filters(), form.cleaned_data.get("q", "")
    if text:
        hits = selectors.search(request.actor, text, limit=MOST_EXPORTED, filters=filters).rows
        rows: Iterator[Project] = (hit.project for hit in hits)
    else:
        rows = selectors.register_rows(request.actor, filters)[:MOST_EXPORTED].iterator(chunk_size=2000)
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="projects-{clock.today():%Y%m%d}.csv"'
    return response


def _lines(rows: Iterator[Project]) -> Iterator[str]:
    class_names, subdistricts = codes.labels("project_class"), codes.labels("subdistrict")
    writer = csv.writer(Echo())
    yield "\ufeff"
    heads = (
        _("Project name"), _("Project code"), _("Project unit"), _("Project class"), _("Subdistrict"), _("Stage"),
        _("Rough investment (10,000 yuan)"), _("Registered on"),
    )  # fmt: skip
    yield writer.writerow(heads)
    for row in rows:
        rough = "" if row.rough_investment is None else f"{money.wan(row.rough_investment):f}"
        texts = (
            row.name, row.code, row.owner_unit.name, class_names.get(row.project_class, row.project_class),
            subdistricts.get(row.subdistrict, row.subdistrict), row.get_stage_display(),
        )  # fmt: skip
        yield writer.writerow([*(harmless(text) for text in texts), rough, clock.date_of(row.registered_at)])
