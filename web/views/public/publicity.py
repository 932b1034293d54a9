"""What lies open before it is decided (公示), a form for objections (异议), and what became of an objection."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from approvals.models import ApprovalItem, PublicityObjection
from approvals.services import publicity as service
from core import clock
from core.errors import RuleViolation
from core.locks import found
from web.forms.publicity import ObjectionForm
from web.refused_forms import show_refusal
from web.throttle import at_most
from web.views.public.openness import MOST_PAGES, PAGE, page_number


@require_safe
@at_most(120)
def publicity(request: HttpRequest) -> HttpResponse:
    """The soonest to end first. GET page."""
    number = page_number(request)
    first = (number - 1) * PAGE
    items = ApprovalItem.objects.under_publicity().order_by("publicity_ends_on", "pk")
    rows = list(items[first : first + PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "today": clock.today(),
        "previous": number - 1,
        "next": number + 1 if len(rows) > PAGE and number < MOST_PAGES else None,
    }
    return render(request, "web/public/publicity.html", context)


@require_safe
@at_most(120)
def publicity_item(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk, ObjectionForm())


@require_POST
@at_most(6)
def publicity_object(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps the objection and leads to its own page, whose address only the objector learns."""
    form = ObjectionForm(request.POST)
    if form.is_valid():
        try:
            row = service.lodge(pk, form.objection())
        except RuleViolation as refusal:
            show_refusal(form, refusal)
        else:
            response = redirect("web:objection", row.token)
            response.status_code = 303
            return response
    return _page(request, pk, form, status=422)


@require_safe
@at_most(60)
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """What became of an objection, for whoever knows its address (128 bits). Name and contact are not repeated."""
    rows = PublicityObjection.objects.select_related("item__project", "item__authority", "item__owner_unit")
    row = rows.filter(token=token).first()
    response = render(request, "web/public/objection.html", {"row": row}, status=200 if row else 404)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(request: HttpRequest, pk: int, form: Any, status: int = 200) -> HttpResponse:
    item = found(ApprovalItem.objects.under_publicity(), pk=pk)
    lodged = list(item.objections.filter(closed_at__isnull=True).values_list("answered_at", flat=True)[:1000])
    context = {
        "item": item,
        "form": form,
        "is_running": clock.today() <= item.publicity_ends_on,
        "lodged": len(lodged),
        "answered": sum(at is not None for at in lodged),
    }
    return render(request, "web/public/publicity_item.html", context, status=status)
