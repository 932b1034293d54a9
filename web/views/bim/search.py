"""The search over all models: a question, and the elements that answer it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bim import often_asked, selectors
from bim import search as base
from bim.class_names import class_name
from core.errors import NotFound, RuleViolation
from web.access import signed_in
from web.forms.bim import ModelSearchForm

PAGE = 50
LONGEST_CURSOR = 400


@require_GET
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Only elements of accepted models of projects one may see; without a question, the form alone."""
    form = ModelSearchForm(request.GET)
    after = request.GET.get("after", "")[:LONGEST_CURSOR]
    asked, found, status = None, base.Finds(), 200
    if form.is_valid():
        asked = form.question()
        try:
            found = base.search(request.actor, asked, after, PAGE)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    if not form.is_valid():
        status = 422
    context = {
        "form": form,
        "asked": asked,
        "is_asked": asked is not None and not asked.is_empty,
        "found": found,
        "rows": [(find, class_name(find.element.ifc_class)) for find in found.rows],
        "after": found.after,
        "is_later_page": bool(after),
        "within": _within(request, asked),
        "properties": often_asked.PROPERTIES,
        "quantities": often_asked.QUANTITIES,
    }
    return render(request, "web/bim/search.html", context, status=status)


def _within(request: HttpRequest, asked: base.Question | None) -> object:
    """The one model or project the search is narrowed to, if it is one this person sees."""
    try:
        if asked and asked.model:
            return selectors.detailed(request.actor, asked.model)
        if asked and asked.project:
            return selectors.project_of(request.actor, asked.project)
    except NotFound:
        pass
    return None
