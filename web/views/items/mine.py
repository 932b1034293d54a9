"""The items one may see, newest first: for the unit, "where are my items?"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.roles import APPLICANTS
from approvals import selectors
from approvals.services import moves
from web.access import signed_in
from web.forms.review import NarrowingForm
from web.views.desk.rows import item_rows


@signed_in
def items(request: HttpRequest) -> HttpResponse:
    form = NarrowingForm(request.GET)
    narrowing = selectors.Narrowing(item_type=form.said("type"), text=form.said("q"))
    page = selectors.newest_items(request.actor, narrowing, after=request.GET.get("after", ""))
    context = {
        "form": form,
        "rows": item_rows(page.rows, moves.situation()),
        "next": page.next,
        "after": request.GET.get("after", ""),
        "is_unit": request.actor.role in APPLICANTS,
        "narrowed": bool(form.said("type") or form.said("q")),
    }
    return render(request, "web/items/mine.html", context)
