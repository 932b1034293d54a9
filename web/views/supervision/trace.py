"""The trace for those who supervise: who did what, when, on what; found, verified, taken along."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from accounts.models import User
from accounts.roles import READS_HOUSE_TRACE, READS_TRACE, Role
from approvals.models import ApprovalItem
from core import clock
from core import trace as chain
from core.models import TraceEntry
from projects.models import Project
from reports.renderers import FORMATS
from web import trace_tables
from web.access import signed_in
from web.exports import download
from web.home.desks import VERIFIED, last_verification
from web.paging import keyset
from web.trace_wording import VERBS

PAGE = 40
YEARS = range(1900, 2200)
MAX_ROWS = 100_000
FILTERS = ("person", "project", "item", "verb", "from", "to")


@signed_in(roles=READS_TRACE | READS_HOUSE_TRACE)
def trace(request: HttpRequest) -> HttpResponse:
    """GET person, project, item, verb, from, to narrow it down."""
    page = keyset(request, found(request.GET) & _visible_to(request.actor), PAGE)
    context = {
        "rows": trace_tables.rows(page.rows, request.actor),
        "page": page,
        "verbs": sorted(VERBS.items(), key=lambda pair: str(pair[1])),
        "said": {name: request.GET.get(name, "") for name in FILTERS},
        "verified": last_verification(),
        "reads_all": request.actor.role in READS_TRACE,
    }
    return render(request, "web/supervision/trace.html", context)


def _visible_to(actor: Actor) -> QuerySet[TraceEntry]:
    entries = TraceEntry.objects.all()
    if actor.item_types:  # R-PERM-03
        entries = entries.filter(item_id__in=ApprovalItem.objects.visible_to(actor).values("pk"))
    return entries if actor.role in READS_TRACE else entries.filter(organisation_id=actor.organisation_id)


def found(said: QueryDict) -> QuerySet[TraceEntry]:
    """The entries that fit every filter given; a name that nobody has finds nothing."""
    entries = TraceEntry.objects.all()
    if person := said.get("person", "").strip():
        people = User.objects.filter(Q(full_name__icontains=person) | Q(username__iexact=person)).values("pk")
        entries = entries.filter(Q(actor__in=people) | Q(acting_for__in=people))
    if project := said.get("project", "").strip():
        named = Project.objects.filter(Q(name__icontains=project) | Q(code__iexact=project)).values("pk")
        entries = entries.filter(project_id__in=named)
    if item := said.get("item", "").strip():
        entries = entries.filter(item_id__in=ApprovalItem.objects.filter(no__iexact=item).values("pk"))
    if verb := said.get("verb", ""):
        entries = entries.filter(verb=verb)
    if start := _day(said, "from"):
        entries = entries.filter(at__gte=start)
    if end := _day(said, "to"):
        entries = entries.filter(at__lt=end + timedelta(days=1))
    return entries


def _day(said: QueryDict, name: str) -> datetime | None:
    """Midnight in China at the beginning of that day."""
    try:
        day = parse_date(said.get(name, ""))
    except ValueError:
        return None
    return datetime.combine(day, time(0), tzinfo=clock.CHINA) if day and day.year in YEARS else None


@require_POST
@signed_in(roles=READS_TRACE)
@transaction.atomic
def export(request: HttpRequest) -> HttpResponse:
    """The filtered entries as a file (`format`); that somebody took them is itself kept."""
    wanted = request.POST.get("format", "xlsx")
    entries = list(found(request.POST).select_related("chain").order_by("-pk")[:MAX_ROWS])
    filters: dict[str, Any] = {name: request.POST[name] for name in FILTERS if request.POST.get(name)}
    facts = {"count": len(entries), "filters": filters}
    chain.record("core.trace.exported", actor=request.actor, facts=facts)
    said = ", ".join(f"{name}={value}" for name, value in filters.items())
    table = trace_tables.table(entries, actor=request.actor, title=_("Trace"), filters=said)
    return download(table, wanted if wanted in FORMATS else "xlsx")


@require_POST
@signed_in(roles=READS_TRACE | {Role.AUDIT_ADMIN})
def verify(request: HttpRequest) -> HttpResponse:
    """Recomputes every chain and keeps what came of it."""
    result = chain.verify()
    with transaction.atomic():
        chain.record(VERIFIED, actor=request.actor, facts={"checked": result.checked, "broken": result.broken})
    if result.broken:
        text = _("The trace does not fit: the first fault is at %(where)s. Tell the supervision office at once.")
        messages.error(request, text % {"where": result.broken})
    else:
        text = _("The trace is whole: %(n)s entries were computed again and all of them fit.")
        messages.success(request, text % {"n": result.checked})
    return redirect("web:home" if request.actor.role == Role.AUDIT_ADMIN else "web:trace")
