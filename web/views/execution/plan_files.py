"""The annual plan as an Excel file, and rows of one taken in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policies import insist
from accounts.roles import Role
from core.errors import Problem, RuleViolation
from execution import planning
from execution.plan_policies import may_import
from execution.plan_sheet import LIMITS
from execution.services.plan_export import export, file_name
from execution.services.plan_import import import_rows
from web.access import signed_in
from web.exports import sent

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@signed_in
def plan_export(request: HttpRequest, pk: int) -> HttpResponse:
    plan, content = export(pk, actor=request.actor)
    return sent(content, file_name(plan), XLSX)


@require_http_methods(["GET", "POST"])
@signed_in
def plan_import(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows of the file, or none of them and every fault at its cell."""
    plan = planning.plan_of(request.actor, pk)
    insist(may_import, request.actor)
    problems: list[Problem] = []
    upload = request.FILES.get("file") if request.method == "POST" else None
    if request.method == "POST" and upload is None:
        problems = [Problem("file.missing", _("No file was chosen."), "file")]
    elif upload is not None:
        try:
            items = import_rows(pk, actor=request.actor, content=upload.read(LIMITS.megabytes * 1024 * 1024 + 1))
        except RuleViolation as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, _("%(n)s rows were taken from the file.") % {"n": len(items)})
            return redirect(plan.get_absolute_url())
    context = {
        "plan": plan, "problems": problems, "name": upload.name if upload else "",
        "is_planner": request.actor.role == Role.PLAN_OFFICER, "limits": LIMITS,
    }  # fmt: skip
    return render(request, "web/execution/plan_import.html", context, status=422 if problems else 200)
