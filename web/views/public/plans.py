"""What is to be built with public money this year: the released annual plans (R-PUB-01)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import NotFound, Problem
from execution import open_plan
from projects import codes
from web.throttle import at_most
from web.views.public.openness import MOST_PAGES, PAGE, page_number


@require_safe
@at_most(120)
def public_plans(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The newest released year, or the one asked for. GET page."""
    years = list(open_plan.plans()[:20])
    shown = next((plan for plan in years if year in (None, plan.year)), None)
    if shown is None and year is not None:
        raise NotFound(Problem("not_found", _("No annual plan of this year has been released.")))
    number = page_number(request)
    first = (number - 1) * PAGE
    found = open_plan.items(shown, first, PAGE + 1) if shown else []
    context = {
        "years": years,
        "plan": shown,
        "rows": found[:PAGE],
        "total": open_plan.total(shown) if shown else None,
        "categories": codes.labels("plan_category"),
        "previous": number - 1,
        "next": number + 1 if len(found) > PAGE and number < MOST_PAGES else None,
    }
    return render(request, "web/public/plans.html", context)
