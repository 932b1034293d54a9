"""The years of the annual plan, the page of one, its call and envelopes, and the balancing of its requests."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.policies import insist
from core import clock
from core.errors import RuleViolation
from execution import facts, planning
from execution.models import AnnualPlan
from execution.plan_policies import may_adjust_plan, may_import, may_plan, may_simulate
from execution.services import plan_requests
from execution.services import plans as service
from execution.states import PlanItemState, PlanState
from projects import codes
from web.access import signed_in
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import MoveForm, version_seen
from web.forms.plans import AmountGrid, CallForm, EnvelopesForm, envelopes_of
from web.views.execution.moving import page_of, shown_moves

PAGE = 50
GRID_PAGE = 100
YEARS = 20


@require_GET
@signed_in
def plans(request: HttpRequest) -> HttpResponse:
    page = Paginator(planning.years(request.actor), YEARS).get_page(request.GET.get("page"))
    sums = planning.sums_by_year(request.actor, [row.pk for row in page.object_list])
    context = {
        "page": page,
        "rows": [{"plan": row, "sums": sums.get(row.pk, {})} for row in page.object_list],
        "may_call": may_plan(request.actor) is None,
        "may_simulate": may_simulate(request.actor) is None,
    }
    return render(request, "web/execution/plans.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def plan_new(request: HttpRequest) -> HttpResponse:
    insist(may_plan, request.actor)
    form = CallForm(request.POST or None, initial={"year": clock.today().year + 1})
    envelopes = EnvelopesForm(request.POST or None)

    def save() -> AnnualPlan:
        envelopes.full_clean()
        said = form.cleaned_data
        return service.call(
            said.get("year"), actor=request.actor, requests_until=said.get("requests_until"),
            note=said.get("note", ""), envelopes=envelopes.funding(), faults=[*faults_of(form), *faults_of(envelopes)],
        )  # fmt: skip

    context = {"title": _("Call a plan year"), "envelopes": envelopes, "back": reverse("web:plans")}
    return _answer(request, form, save, "web/execution/plan_form.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = planning.plan_of(request.actor, pk)
    insist(may_plan, request.actor)
    initial = {"requests_until": row.requests_until, "note": row.note, "version": row.version}
    form = CallForm(request.POST or None, fixed_year=True, initial=initial)

    def save() -> AnnualPlan:
        said = form.cleaned_data
        return service.amend_call(
            pk, actor=request.actor, requests_until=said.get("requests_until"), note=said.get("note", ""),
            expected_version=version_seen(request.POST), faults=faults_of(form),
        )  # fmt: skip

    context = {"title": _("Deadline and notice of %(year)s") % {"year": row.year}, "back": row.get_absolute_url()}
    return _answer(request, form, save, "web/execution/plan_form.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def plan_envelopes(request: HttpRequest, pk: int) -> HttpResponse:
    row = planning.plan_of(request.actor, pk)
    insist(may_plan, request.actor)
    form = EnvelopesForm(request.POST or None, funding=envelopes_of(row), initial={"version": row.version})

    def save() -> AnnualPlan:
        return service.set_envelopes(
            pk, actor=request.actor, envelopes=form.funding(), document_no=form.cleaned_data.get("document_no", ""),
            expected_version=version_seen(request.POST), faults=faults_of(form),
        )  # fmt: skip

    context = {
        "title": _("Envelopes of %(year)s") % {"year": row.year}, "back": row.get_absolute_url(), "plan": row,
        "rows": planning.envelopes_of(row), "needs_document": row.state in (PlanState.APPROVED, PlanState.RELEASED),
    }  # fmt: skip
    return _answer(request, form, save, "web/execution/plan_envelopes.html", context)


def _answer(
    request: HttpRequest, form: Any, save: Callable[[], AnnualPlan], template: str, context: dict[str, Any]
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
    return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)


@require_GET
@signed_in
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("plan")
def _page(request: HttpRequest, pk: int, refused: MoveForm | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    row = planning.plan_of(actor, pk)
    whole, planner = planning.sees_whole_plan(actor), may_plan(actor) is None
    envelopes = planning.envelopes_of(row) if whole else []
    found = _filtered(request, planning.items_of(actor, row))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    categories = planning.by_category(actor, row)
    running = row.state in (PlanState.APPROVED, PlanState.RELEASED)
    context = {
        "plan": row,
        "project_name": str(row.year),
        "whole": whole,
        "envelopes": envelopes,
        "envelope_total": planning.total_of(envelopes),
        "categories": categories,
        "category_total": {
            name: sum(getattr(one, name) for one in categories)
            for name in ("n", "total_investment", "requested", "quota", "released")
        },
        "page": page,
        "rows": [{"item": item, "sums": planning.sums_of(item)} for item in page.object_list],
        "category_labels": codes.labels("plan_category"),
        "states": PlanItemState.choices,
        "chosen": {name: request.GET.get(name, "") for name in ("state", "category", "q")},
        "to_ask_for": planning.projects_to_ask_for(actor, row).only("pk", "name", "code"),
        "may_import": may_import(actor) is None and row.state != PlanState.CLOSED,
        "may_edit": planner and row.state == PlanState.CALL,
        "may_set": planner and row.state != PlanState.CLOSED,
        "may_balance": planner and row.state == PlanState.BALANCING,
        "may_release": planner and row.state == PlanState.RELEASED,
        "may_adjust": running and may_adjust_plan(actor) is None,
        **shown_moves("plan", row, request, refused),
    }
    return render(request, "web/execution/plan.html", context, status=status)


def _filtered(request: HttpRequest, rows: Any) -> Any:
    state, category = request.GET.get("state", ""), request.GET.get("category", "")
    text = request.GET.get("q", "").strip().replace("\0", "")[:100]
    if state in PlanItemState.values:
        rows = rows.filter(state=state)
    if category in planning.CATEGORIES:
        rows = rows.filter(category=category)
    if text:
        rows = rows.filter(
            Q(project__name__icontains=text) | Q(project__code__icontains=text)
            | Q(project__owner_unit__name__icontains=text)
        )  # fmt: skip
    return rows.order_by("category", "pk")


@require_http_methods(["GET", "POST"])
@signed_in
def plan_balance(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid of balancing: what each request asks, what it gets, and how full the envelopes are."""
    row = planning.plan_of(request.actor, pk)
    insist(may_plan, request.actor)
    in_reach = (PlanItemState.REPORTED, PlanItemState.BALANCED, PlanItemState.LEFT_OUT)
    found = planning.items_of(request.actor, row).filter(state__in=in_reach).order_by("category", "pk")
    page = Paginator(found, GRID_PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    requested = {item.pk: facts.by_source(item.funding.all(), "requested") for item in items}
    planned = {item.pk: facts.by_source(item.funding.all(), "planned") for item in items}
    envelopes = planning.envelopes_of(row)
    grid = AmountGrid(items, [one.source for one in envelopes]).note(requested)
    problems: list[Any] = []
    if request.method == "POST":
        said = grid.posted(request.POST)
        try:
            done = plan_requests.balance_many(
                pk, actor=request.actor, planned=said, expected_version=version_seen(request.POST),
                faults=grid.problems(),
            )  # fmt: skip
        except RuleViolation as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, _("%(n)s requests balanced.") % {"n": len(done)})
            return redirect(request.get_full_path())
    elif request.GET.get("fill") == "requested":
        grid.fill({item.pk: requested[item.pk] if item.state == "REPORTED" else planned[item.pk] for item in items})
    else:
        grid.fill(planned)
    context = {
        "plan": row, "grid": grid, "page": page, "problems": problems, "envelopes": envelopes,
        "category_labels": codes.labels("plan_category"),
    }  # fmt: skip
    return render(request, "web/execution/plan_balance.html", context, status=422 if problems else 200)
