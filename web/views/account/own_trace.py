"""One's own trace: what the system keeps of one's acts, to look at and to take along (R-TRC-01)."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.roles import ADMINISTRATORS
from core.models import TraceEntry
from reports.renderers import FORMATS
from web import trace_tables
from web.access import signed_in
from web.exports import download
from web.paging import keyset

PAGE = 30
MAX_ROWS = 50_000


@signed_in
def own_trace(request: HttpRequest) -> HttpResponse:
    """What this person did, and what others did in their name. GET format=csv|xlsx|pdf|json sends a file."""
    person = request.user
    entries = TraceEntry.objects.filter(Q(actor=person) | Q(acting_for=person))
    if request.actor.role in ADMINISTRATORS:  # R-SOD-04: not even what one did in an earlier post
        entries = entries.filter(project_id=None, item_id=None)
    wanted = request.GET.get("format", "")
    if wanted in FORMATS:
        newest = entries.select_related("chain").order_by("-pk")[:MAX_ROWS]
        title = _("Trace of %(name)s") % {"name": person.full_name}
        return download(trace_tables.table(newest, actor=request.actor, title=title), wanted)
    page = keyset(request, entries, PAGE)
    return render(
        request, "web/account/own_trace.html", {"rows": trace_tables.rows(page.rows, request.actor), "page": page}
    )
