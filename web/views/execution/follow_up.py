"""What acceptance and audit left open in all projects: audit findings and defects, for those who look after many."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from execution import closing
from web.access import signed_in
from web.paging import keyset

PAGE = 50


@require_GET
@signed_in
def follow_up(request: HttpRequest) -> HttpResponse:
    """`?kind=defects` the defects, else the findings; `?late=1` only those whose day is over. Newest first."""
    today = clock.today()
    kind = "defects" if request.GET.get("kind") == "defects" else "findings"
    late = request.GET.get("late") == "1"
    waiting = closing.waiting_defects if kind == "defects" else closing.waiting_findings
    page = keyset(request, waiting(request.actor, late=late, today=today), PAGE)
    rows = [(row, row.is_late(today)) for row in page.rows]
    context = {"kind": kind, "late": late, "page": page, "rows": rows, "defects": kind == "defects"}
    return render(request, "web/execution/follow_up.html", context)
