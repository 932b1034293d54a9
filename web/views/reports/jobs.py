"""Work in the background, as the person who asked for it sees it: how far it is, what came of it, the file to fetch."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import ADMINISTRATORS
from core import files, jobs, locks
from core.errors import NotFound, Problem
from core.models import Job
from reports.catalog import REPORTS
from web.access import signed_in
from web.paging import keyset

PAGE = 20


@require_GET
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    page = keyset(request, own_jobs(request).select_related("file"), PAGE)
    return render(request, "web/reports/jobs.html", {"rows": named(page.rows), "page": page})


@require_GET
@signed_in
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, or for htmx only the part that changes."""
    found = locks.found(own_jobs(request).select_related("file"), pk=pk)
    template = "web/reports/_job.html" if request.htmx else "web/reports/job.html"
    return render(request, template, {"job": found, "label": label(found), "is_running": found.state in jobs.UNDER_WAY})


@require_GET
@signed_in
def fetch(request: HttpRequest, pk: int) -> FileResponse:
    found = locks.found(own_jobs(request).select_related("file"), pk=pk)
    if found.file is None:
        raise NotFound(Problem("job.no_file", "There is no file."))
    return FileResponse(
        files.open_stored(found.file), as_attachment=True, filename=found.file.name, content_type=found.file.mime
    )


@require_POST
@signed_in
def again(request: HttpRequest, pk: int) -> HttpResponse:
    locks.found(own_jobs(request), pk=pk)
    jobs.start_again(pk, request.user)
    return redirect("web:job", pk)


def own_jobs(request: HttpRequest) -> QuerySet[Job]:
    """What this person asked for in a post they still hold; nothing of it for an administrator (R-SOD-04)."""
    if request.actor.role in ADMINISTRATORS:
        return Job.objects.none()
    held = [actor.key for actor in request.capacities]
    return Job.objects.filter(created_by=request.user).filter(Q(params__as__in=held) | Q(params__as__isnull=True))


def named(rows: Iterable[Job]) -> list[tuple[Job, str]]:
    """Each job with what it is called in a list: its file, else what was asked for."""
    return [(job, job.file.name if job.file else _asked_for(job)) for job in rows]


def _asked_for(job: Job) -> str:
    report = REPORTS.get(job.params.get("report", ""))
    return f"{report.title} {job.params.get('format', '').upper()}" if report else str(label(job))


def label(job: Job) -> object:
    """What kind of work it is; its bare name if the product no longer knows it."""
    try:
        return jobs.kind_of(job).label
    except LookupError:
        return job.kind
