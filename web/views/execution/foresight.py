"""Milestones of the works and the forecast at completion of each cost line."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policies import insist
from core.errors import RuleViolation
from core.keys import key_of
from core.money import ZERO
from execution import contracting, control, progressing
from execution.policies import may_keep_books
from execution.services import forecasts as forecast_service
from execution.services import milestones as milestone_service
from web.access import signed_in
from web.forms.progress import ForecastGrid, StoneGrid

BLANK_ROWS, MOST_BLANK_ROWS = 5, 100


@require_http_methods(["GET", "POST"])
@signed_in
def milestones(request: HttpRequest, pk: int) -> HttpResponse:
    project = contracting.project_of(request.actor, pk)
    insist(may_keep_books, request.actor, project)
    problems = ()
    grid = StoneGrid.posted(request.POST) if request.method == "POST" else StoneGrid.of(list(project.milestones.all()))
    if request.method == "POST":
        stones = grid.stones()
        try:
            milestone_service.set_milestones(pk, actor=request.actor, stones=stones, faults=grid.problems())
        except RuleViolation as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("Saved."))
            return redirect("web:progress", pk)
    asked = min(key_of(request.GET.get("rows", "")) or BLANK_ROWS, MOST_BLANK_ROWS)
    context = {
        "project": project, "grid": grid, "problems": problems, "blank_rows": range(asked), "more_rows": asked + 10,
    }  # fmt: skip
    return render(request, "web/execution/milestones.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def forecasts(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who sees the project reads it; its clerk changes it. The total is that of the cost control table."""
    project = contracting.books_of(request.actor, pk)
    may_change = may_keep_books(request.actor, project) is None
    grid = ForecastGrid(progressing.forecast_rows(project), request.POST if request.method == "POST" else None)
    problems = ()
    if request.method == "POST":
        rows = grid.foreseen()
        try:
            forecast_service.foresee(pk, actor=request.actor, rows=rows, faults=grid.problems())
        except RuleViolation as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("Saved."))
            return redirect("web:forecasts", pk)
    sheet = control.control_of(project).sheet
    counted = {line.code: line.own.forecast for line in sheet.lines}
    for row in grid.rows:
        row["counted"] = counted.get(row["code"], ZERO)
    context = {
        "project": project, "grid": grid, "problems": problems, "may_change": may_change, "total": sheet.total.forecast,
    }  # fmt: skip
    return render(request, "web/execution/forecasts.html", context, status=422 if problems else 200)
