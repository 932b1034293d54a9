"""One's own trace: what the system keeps of one's acts, to look at and to take along (R-TRC-01)."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.roles import ADMINISTRATORS
from core.models import TraceEntry
from core.services.exports import note_export
from reports.renderers import FORMATS
from web import trace_tables
from web.access import signed_in
from web.exports import download
from web.paging import keyset

PAGE = 30
MAX_ROWS = 50_000


@signed_in
def own_trace(request: HttpRequest) -> HttpResponse:
    """What this person did, and what others did in their name."""
    page = keyset(request, _entries(request), PAGE)
    return render(
        request, "web/account/own_trace.html", {"rows": trace_tables.rows(page.rows, request.actor), "page": page}
    )


@require_POST
@signed_in
def own_trace_export(request: HttpRequest) -> HttpResponse:
    """POST format=csv|xlsx|pdf|json sends the same as a file; that it was taken is kept as well."""
    wanted = request.POST.get("format", "")
    newest = list(_entries(request).select_related("chain").order_by("-pk")[:MAX_ROWS])
    title = _("Trace of %(name)s") % {"name": request.user.full_name}
    table = trace_tables.table(newest, actor=request.actor, title=title)
    answer = download(table, wanted if wanted in FORMATS else "csv")
    filters = {"person": request.user.username}
    note_export("core.trace.exported", answer.content, actor=request.actor, rows=len(newest), filters=filters)
    return answer


def _entries(request: HttpRequest) -> QuerySet[TraceEntry]:
    entries = TraceEntry.objects.filter(Q(actor=request.user) | Q(acting_for=request.user))
    if request.actor.role in ADMINISTRATORS:  # R-SOD-04: not even what one did in an earlier post
        return entries.filter(project_id=None, item_id=None)
    return entries
