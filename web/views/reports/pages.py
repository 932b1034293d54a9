"""The list of reports, a report on the screen, and the file of it."""

from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.policies import insist
from core.errors import RuleViolation
from reports import cells, exports, policies, services
from reports.catalog import REPORTS, ReportType, report_type
from reports.filters import Filters
from reports.report import Report
from web.access import signed_in
from web.views.reports import controls, shown
from web.views.reports.jobs import named, own_jobs

PAGE = 50
FORMATS = (("xlsx", "XLSX"), ("pdf", "PDF"), ("csv", "CSV"))


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    insist(policies.may_read, request.actor)
    jobs = named(own_jobs(request).select_related("file")[:5])
    readable = [kind for kind in REPORTS.values() if policies.may_read(request.actor, kind.code) is None]
    return render(request, "web/reports/index.html", {"reports": readable, "jobs": jobs})


@require_GET
@signed_in
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The report the query asks for. A query that cannot be understood shows the form again, with the reasons."""
    kind = report_type(code)
    insist(policies.may_read, request.actor, code)
    try:
        filters, problems = Filters.parse(request.GET, kind.by), ()
    except RuleViolation as refusal:
        filters, problems = Filters.parse({}, kind.by), refusal.problems
    context = {"kind": kind, "filters": filters, "problems": problems, **_bar(request, kind, filters)}
    if not problems:
        context |= _built(request, kind, filters)
    return render(request, "web/reports/report.html", context, status=422 if problems else 200)


def _bar(request: HttpRequest, kind: ReportType, filters: Filters) -> dict[str, Any]:
    return {
        "controls": controls.controls(kind, filters),
        "since": request.GET.get("from", ""),
        "until": request.GET.get("to", ""),
        "chosen_project": _chosen_project(request, filters) if "project" in kind.asks else None,
        "periods": [(name, urlencode(query), here) for name, query, here in controls.periods(filters)],
        "hidden": [(word, filters.query()[word]) for word in ("bracket", "project", "sort") if word in filters.query()],
        "query": filters.query().items(),
        "formats": FORMATS if policies.may_export(request.actor) is None else (),
        "export_url": reverse("web:report_export", args=[kind.code]),
    }


def _chosen_project(request: HttpRequest, filters: Filters) -> Any:
    """The project the rows are narrowed to, with the address that shows all again."""
    if not filters.project.isdecimal():
        return None
    row = policies.projects_of(request.actor).filter(pk=int(filters.project)).first()
    return {"name": row.name, "all": urlencode(filters.query(project=""))} if row else None


def _built(request: HttpRequest, kind: ReportType, filters: Filters) -> dict[str, Any]:
    made, page = _page_of(request, kind, filters)
    return {
        "table": made.table,
        "facts": cells.facts(made.table),
        "notes": cells.shown_notes(made.table),
        "figures": [shown.figure(figure) for figure in made.figures],
        "heads": shown.heads(made, kind.sorts),
        "rows": shown.rows(made),
        "totals": shown.totals(made) if made.size else None,
        "chart": made.chart,
        "chart_data": made.chart.as_dict() if made.chart else None,
        "page": page,
        "signatures": cells.signatures(),
    }


def _page_of(request: HttpRequest, kind: ReportType, filters: Filters) -> tuple[Report, Any]:
    """The report, and where in it we are if it is long."""
    if not kind.pages:
        return services.build(kind.code, filters, request.actor), None
    number = request.GET.get("page", "1")
    start = (max(int(number), 1) - 1) * PAGE if number.isascii() and number.isdigit() and len(number) < 7 else 0
    made = services.build(kind.code, filters, request.actor, slice(start, start + PAGE))
    return made, Paginator(range(made.size), PAGE).get_page(start // PAGE + 1)


@require_POST
@signed_in
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The rows of the screen as a file: at once, or in the background when it is long."""
    kind = report_type(code)
    insist(policies.may_export, request.actor)
    filters = Filters.parse(request.POST, kind.by)
    name = request.POST.get("format", "")
    if kind.pages and _is_big(kind, services.build(code, filters, request.actor, slice(0, 1)).size, name):
        job = exports.start(code, filters, name, kind.by, request.actor)
        return redirect("web:job", job.pk)
    made = services.produce(code, filters, name, request.actor)
    return as_download(made.content, made.name, made.content_type)


def _is_big(kind: ReportType, n_rows: int, format_name: str) -> bool:
    return exports.is_big(n_rows * kind.weight, format_name)


def as_download(content: Any, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
