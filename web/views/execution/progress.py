"""The works of a project: monthly reports with their curve, the form with lines to measure, one report with its photos."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from core.errors import RuleViolation
from execution import contracting, progressing
from execution.models import ProgressReport
from execution.policies import may_keep_books, may_read_payments
from execution.services import photos as photo_service
from execution.services import progress as service
from execution.services.photos import Place
from execution.states import ReportState
from projects.models import Project
from web.access import signed_in
from web.file_answer import answer_with
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import MoveForm, version_seen
from web.forms.progress import ACCEPT, MeasuredGrid, PhotoForm, ReportForm
from web.paging import keyset
from web.views.execution.moving import page_of, shown_moves

PAGE = 24


@require_GET
@signed_in
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    project, rules = contracting.project_of(request.actor, pk), contracting.rules_today()
    page = keyset(request, progressing.reports_of(project), PAGE)
    curve = progressing.curve(project)
    context = {
        "project": project,
        "page": page,
        "rows": [
            {
                "report": row, "light": progressing.light_of(row, rules), "photos": len(row.photos.all()),
                "measured": progressing.measured_total(row), "timely": progressing.timeliness_of(row, rules),
            }
            for row in page.rows
        ],
        "newest": curve[-1] if curve else None,
        "chart": _chart(curve) if len(curve) > 1 else None,
        "missing": [progressing.timeliness(month, None, rules) for month in progressing.missing_months(project)],
        "missing_months": progressing.missing_months(project),
        "milestones": project.milestones.all(),
        "may_add": may_keep_books(request.actor, project) is None,
    }  # fmt: skip
    return render(request, "web/execution/progress.html", context)


def _chart(curve: list[dict[str, Any]]) -> dict[str, Any]:
    """The last two years."""
    rows = curve[-24:]
    return {
        "labels": [f"{row['month']:%Y-%m}" for row in rows],
        "series": [
            {"name": _("Physical progress"), "values": [str(row["physical"]) for row in rows]},
            {"name": _("Planned progress"), "values": [str(row["planned"] or 0) for row in rows]},
        ],
    }


@require_http_methods(["GET", "POST"])
@signed_in
def progress_new(request: HttpRequest, pk: int) -> HttpResponse:
    project = contracting.project_of(request.actor, pk)
    insist(may_keep_books, request.actor, project)
    form = ReportForm(request.POST or None, initial=ReportForm.shown(progressing.suggested(project)))
    grid = MeasuredGrid(progressing.measurable_lines(project), request.POST or None)

    def save() -> ProgressReport:
        measured = grid.measured()
        return service.draft(
            pk, actor=request.actor, values=form.values(), measured=measured,
            faults=[*faults_of(form), *grid.problems()],
        )  # fmt: skip

    context = {"title": _("New monthly report"), "back": reverse("web:progress", args=[pk])}
    return _answer(request, form, grid, save, project, context)


@require_http_methods(["GET", "POST"])
@signed_in
def progress_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = progressing.report_of(request.actor, pk)
    insist(may_keep_books, request.actor, row.project)
    form = ReportForm(request.POST or None, initial=ReportForm.initial_of(row))
    grid = MeasuredGrid(progressing.measurable_lines(row.project, row), request.POST or None)

    def save() -> ProgressReport:
        measured = grid.measured()
        return service.amend(
            pk, actor=request.actor, values=form.values(), measured=measured,
            expected_version=version_seen(request.POST), faults=[*faults_of(form), *grid.problems()],
        )  # fmt: skip

    context = {"title": _("Correct the monthly report"), "back": row.get_absolute_url()}
    return _answer(request, form, grid, save, row.project, context)


def _answer(
    request: HttpRequest,
    form: ReportForm,
    grid: MeasuredGrid,
    save: Callable[[], ProgressReport],
    project: Project,
    context: dict,
) -> HttpResponse:
    if request.method == "POST":
        form.full_clean()
        try:
            row = save()
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect(row.get_absolute_url())
    context |= {"form": form, "grid": grid, "project": project}
    return render(request, "web/execution/progress_form.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in
def progress_report(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("progress")
def _after_refusal(request: HttpRequest, pk: int, refused: MoveForm | None, status: int) -> HttpResponse:
    return _page(request, pk, status, refused)


def _page(
    request: HttpRequest, pk: int, status: int = 200, refused: MoveForm | None = None, **shown: Any
) -> HttpResponse:
    row = progressing.report_of(request.actor, pk)
    rules = contracting.rules_today()
    may_amend = may_keep_books(request.actor, row.project) is None and row.state == ReportState.DRAFT
    context = {
        "report": row,
        "project": row.project,
        "project_name": row.project.name,
        "light": progressing.light_of(row, rules),
        "timely": progressing.timeliness_of(row, rules),
        "measured": row.measurements.all(),
        "measured_total": progressing.measured_total(row),
        "photos": row.photos.all(),
        "payments": row.payments.all() if may_read_payments(request.actor) is None else [],
        "may_amend": may_amend,
        "accept": ACCEPT,
        "photo_form": PhotoForm() if may_amend else None,
        **shown_moves("progress", row, request, refused),
        **shown,
    }
    return render(request, "web/execution/progress_report.html", context, status=status)


@require_POST
@signed_in
def progress_photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    """One photo or several with one caption. Each is kept or refused by itself; what was kept stays."""
    row = progressing.report_of(request.actor, pk)
    form = PhotoForm(request.POST)
    chosen = request.FILES.getlist("file")
    if not form.is_valid() or not chosen:
        if not chosen:
            form.add_error(None, _("Choose at least one photo."))
        return _page(request, pk, 422, photo_form=form)
    kept = 0
    for file in chosen:
        try:
            photo_service.add_photo(
                pk, file, name=file.name, actor=request.actor, caption=form.cleaned_data["caption"],
                place=Place(taken_at=form.taken_at()),
            )  # fmt: skip
            kept += 1
        except RuleViolation as refusal:
            for problem in refusal.problems:
                form.add_error(None, f"{file.name}: {problem.message}")
    if kept:
        messages.success(request, _("Photos kept: %(n)s.") % {"n": kept})
    return _page(request, pk, 422, photo_form=form) if form.errors else redirect(row.get_absolute_url())


@require_POST
@signed_in
def progress_photo_remove(request: HttpRequest, pk: int) -> HttpResponse:
    photo = progressing.photo_of(request.actor, pk)
    try:
        photo_service.remove_photo(pk, actor=request.actor)
    except RuleViolation as refusal:
        messages.error(request, "；".join(str(problem.message) for problem in refusal.problems))
    return redirect(photo.report.get_absolute_url())


@require_GET
@signed_in
@cache_control(private=True, no_cache=True)
def progress_photo(request: HttpRequest, pk: int) -> HttpResponse:
    return answer_with(progressing.photo_of(request.actor, pk).file, request)
