"""The register of all models, the newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bim import selectors
from projects.models import Project
from web.access import signed_in
from web.forms.bim import ModelFilter
from web.paging import keyset

PAGE = 30


@require_GET
@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """Everybody sees the models of the projects they see."""
    form = ModelFilter(request.GET)
    filters = form.filters()
    page = keyset(request, selectors.register_rows(request.actor, filters), PAGE)
    project = filters.get("project")
    context = {
        "form": form,
        "page": page,
        "is_filtered": bool(filters),
        "project": Project.objects.visible_to(request.actor).filter(pk=project).first() if project else None,
    }
    return render(request, "web/bim/register.html", context)
