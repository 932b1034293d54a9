"""The list of projects: filtered and paged by position."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.roles import APPLICANTS
from projects import codes, selectors
from projects.models import Project
from projects.policies import may_register
from web.access import signed_in
from web.forms.project import RegisterFilter

PAGE = 30


@dataclass(frozen=True)
class Row:
    """One line of the list, with the names of its codes."""

    project: Project
    class_name: str
    subdistrict: str


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
        "asked": [(name, value) for name, value in request.GET.items() if name in form.fields and name != "after"],
        "may_register": may_register(request.actor) is None,
        "chooses_unit": request.actor.role not in APPLICANTS,
    }
    return render(request, "web/projects/register.html", context)
