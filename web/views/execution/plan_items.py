"""A project in the annual plan: its years, the request form of its unit, the page of one item."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from core.errors import RuleViolation
from core.money import ZERO
from execution import contracting, facts, planning
from execution.models import PlanItem
from execution.plan_policies import may_request
from execution.services import plan_requests as service
from execution.states import PlanItemState
from projects import codes
from projects.models import Project
from web.access import signed_in
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import MoveForm, version_seen
from web.forms.plans import RequestForm, shown
from web.views.execution.moving import page_of, shown_moves


@require_GET
@signed_in
def project_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan room of a project: every year's quota and releases against the control figure (R-INV-10)."""
    project = contracting.project_of(request.actor, pk)
    items = list(planning.items_of_project(request.actor, project))
    rows = [{"item": item, "sums": planning.sums_of(item)} for item in items]
    control = facts.plan_control(project)
    total = {name: sum((row["sums"][name] for row in rows), ZERO) for name in ("quota", "released", "left")}
    asks = may_request(request.actor, project) is None
    context = {
        "project": project,
        "rows": rows,
        "total": total,
        "control": control,
        "room": None if control is None else control - total["quota"],
        "category_labels": codes.labels("plan_category"),
        "releases": [row for item in items for row in item.releases.all()],
        "source_labels": codes.labels("funding_source"),
        "open_years": list(planning.open_years(request.actor, project)) if asks else [],
    }
    return render(request, "web/execution/project_plan.html", context)


@require_GET
@signed_in
def plan_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """From the project chosen on the page of the plan to its request form."""
    plan = planning.plan_of(request.actor, pk)
    text = request.GET.get("project", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return redirect(plan.get_absolute_url())
    return redirect("web:plan_request", plan.pk, int(text))


@require_http_methods(["GET", "POST"])
@signed_in
def plan_request(request: HttpRequest, pk: int, project_pk: int) -> HttpResponse:
    plan = planning.plan_of(request.actor, pk)
    project = contracting.project_of(request.actor, project_pk)
    insist(may_request, request.actor, project)
    form = RequestForm(request.POST or None, initial=_known_of(project))

    def save() -> PlanItem:
        return service.request(
            pk, project_pk, actor=request.actor, values=form.values(), funding=form.funding(), faults=faults_of(form)
        )

    back = reverse("web:project_plan", args=[project_pk])
    title = _("Request for the plan of %(year)s") % {"year": plan.year}
    return _answer(request, form, save, {"title": title, "project": project, "plan": plan, "back": back})


def _known_of(project: Project) -> dict[str, Any]:
    """What the register knows already; the total investment as approved, before that as roughly estimated."""
    control = facts.plan_control(project)
    return {
        "category": project.plan_category,
        "content": project.content_scale,
        "works_from": project.planned_start,
        "works_until": project.planned_completion,
        "total_investment": shown(project.rough_investment if control is None else control),
    }


@require_http_methods(["GET", "POST"])
@signed_in
def plan_item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = planning.item_of(request.actor, pk)
    insist(may_request, request.actor, item.project)
    asked = facts.by_source(item.funding.all(), "requested")
    form = RequestForm(request.POST or None, funding=asked, initial=RequestForm.initial_of(item))

    def save() -> PlanItem:
        return service.amend_request(
            pk, actor=request.actor, values=form.values(), funding=form.funding(),
            expected_version=version_seen(request.POST), faults=faults_of(form),
        )  # fmt: skip

    title = _("Correct the request for %(year)s") % {"year": item.plan.year}
    back = item.get_absolute_url()
    return _answer(request, form, save, {"title": title, "project": item.project, "plan": item.plan, "back": back})


def _answer(
    request: HttpRequest, form: RequestForm, save: Callable[[], PlanItem], context: dict[str, Any]
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
    context |= {"form": form, "control": facts.plan_control(context["project"])}
    return render(request, "web/execution/plan_request.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def plan_item_discard(request: HttpRequest, pk: int) -> HttpResponse:
    item = planning.item_of(request.actor, pk)
    service.discard(pk, actor=request.actor)
    messages.success(request, _("The draft was taken back."))
    return redirect("web:project_plan", item.project_id)


@require_GET
@signed_in
def plan_item(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("plan-item")
def _page(request: HttpRequest, pk: int, refused: MoveForm | None = None, status: int = 200) -> HttpResponse:
    item = planning.item_of(request.actor, pk)
    keeps = may_request(request.actor, item.project) is None
    context = {
        "item": item,
        "plan": item.plan,
        "project": item.project,
        "project_name": item.project.name,
        "category": codes.labels("plan_category").get(item.category, item.category),
        "standings": planning.standings_of(item),
        "sums": planning.sums_of(item),
        "control": facts.plan_control(item.project),
        "adjustments": item.adjustments.all(),
        "releases": item.releases.all(),
        "may_amend": keeps and item.state == PlanItemState.DRAFT,
        "may_discard": keeps and item.state == PlanItemState.DRAFT and not item.adjustments.all(),
        "source_labels": codes.labels("funding_source"),
        **shown_moves("plan-item", item, request, refused, without=("balance",)),
    }
    return render(request, "web/execution/plan_item.html", context, status=status)
