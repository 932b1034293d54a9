"""Grids of money after the approval: release, mid-year adjustment, carry-over, reclaim. One document for each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.policies import insist
from core import clock
from core.errors import RuleViolation
from core.money import ZERO
from execution import facts, planning
from execution.models import PlanItem
from execution.plan_policies import may_adjust_plan, may_plan
from execution.services import plan_funds as service
from execution.services.plan_funds import Amount
from execution.states import PlanItemState
from projects import codes
from web.access import signed_in
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import version_seen
from web.forms.plans import AmountGrid, DocumentForm
from web.views.execution.plans import GRID_PAGE

IN_PLAN = (PlanItemState.APPROVED, PlanItemState.RELEASED)
# Requests that were left out, or came later, can be taken in by an adjustment.
ADJUSTABLE = (*IN_PLAN, PlanItemState.REPORTED, PlanItemState.LEFT_OUT)


@require_http_methods(["GET", "POST"])
@signed_in
def plan_release(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amounts: list[Amount], said: dict[str, Any], faults: list) -> Any:
        return service.release(
            pk, actor=request.actor, amounts=amounts, document_no=said.get("document_no", ""),
            released_on=said.get("decided_on"), expected_version=version_seen(request.POST), faults=faults,
        )  # fmt: skip

    insist(may_plan, request.actor)
    words = {"title": _("Release funds"), "button": _("Release the funds"), "note": gettext_lazy("Quota left")}
    return _grid(request, pk, act, _left, IN_PLAN, words, may_fill=True)


@require_http_methods(["GET", "POST"])
@signed_in
def plan_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amounts: list[Amount], said: dict[str, Any], faults: list) -> Any:
        return service.adjust(
            pk, actor=request.actor, amounts=amounts, document_no=said.get("document_no", ""),
            reason=said.get("reason", ""), decided_on=said.get("decided_on"),
            expected_version=version_seen(request.POST), faults=faults,
        )  # fmt: skip

    insist(may_adjust_plan, request.actor)
    words = {
        "title": _("Adjust the plan"), "button": _("Adjust the quotas"), "note": gettext_lazy("Quota"),
        "has_reason": True, "needs_reason": True,
        "hint": _("With a minus where a quota falls. Requests left out or reported later enter the plan with what they get."),
    }  # fmt: skip
    return _grid(request, pk, act, _quota, ADJUSTABLE, words, signed=True)


@require_http_methods(["GET", "POST"])
@signed_in
def plan_carry_over(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amounts: list[Amount], said: dict[str, Any], faults: list) -> Any:
        return service.carry_over(
            pk, actor=request.actor, amounts=amounts, document_no=said.get("document_no", ""),
            reason=said.get("reason", ""), decided_on=said.get("decided_on"),
            expected_version=version_seen(request.POST), faults=faults,
        )  # fmt: skip

    insist(may_plan, request.actor)
    words = {
        "title": _("Carry over to the next year"), "button": _("Carry over"), "note": gettext_lazy("Quota left"),
        "has_reason": True,
        "hint": _("First what was never released, then released funds that are not paid; these are released anew."),
    }  # fmt: skip
    return _grid(request, pk, act, _left, IN_PLAN, words, may_fill=True)


@require_http_methods(["GET", "POST"])
@signed_in
def plan_reclaim(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amounts: list[Amount], said: dict[str, Any], faults: list) -> Any:
        return service.reclaim(
            pk, actor=request.actor, amounts=amounts, document_no=said.get("document_no", ""),
            reason=said.get("reason", ""), decided_on=said.get("decided_on"),
            expected_version=version_seen(request.POST), faults=faults,
        )  # fmt: skip

    insist(may_plan, request.actor)
    words = {
        "title": _("Reclaim quotas"), "button": _("Reclaim"), "note": gettext_lazy("Quota left"),
        "has_reason": True, "needs_reason": True,
        "hint": _("First what was never released, then released funds that are not paid. The envelope shrinks by it."),
    }  # fmt: skip
    return _grid(request, pk, act, _left, IN_PLAN, words, may_fill=True)


def _left(item: PlanItem) -> dict[str, Any]:
    released = facts.released_of(item)
    return {code: quota - released.get(code, ZERO) for code, quota in facts.quota_of(item).items()}


def _quota(item: PlanItem) -> dict[str, Any]:
    return facts.quota_of(item)


def _grid(
    request: HttpRequest,
    pk: int,
    act: Callable[[list[Amount], dict[str, Any], list], Any],
    noted: Callable[[PlanItem], dict[str, Any]],
    states: tuple[str, ...],
    words: dict[str, Any],
    *,
    signed: bool = False,
    may_fill: bool = False,
) -> HttpResponse:
    plan = planning.plan_of(request.actor, pk)
    found = planning.items_of(request.actor, plan).filter(state__in=states).order_by("category", "pk")
    page = Paginator(found, GRID_PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    envelopes = planning.envelopes_of(plan)
    notes = {item.pk: noted(item) for item in items}
    grid = AmountGrid(items, [one.source for one in envelopes], signed=signed).note(notes)
    form = DocumentForm(
        request.POST or None, needs_reason="needs_reason" in words, initial={"decided_on": clock.today()}
    )
    if request.method == "POST":
        form.full_clean()
        said = grid.posted(request.POST)
        amounts = [Amount(key, code, part) for key, row in said.items() for code, part in row.items() if part]
        try:
            act(amounts, form.cleaned_data, [*faults_of(form), *grid.problems()])
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect(plan.get_absolute_url())
    elif may_fill and request.GET.get("fill") == "left":
        grid.fill(notes)
    context = {
        "plan": plan, "envelopes": envelopes, "grid": grid, "page": page, "form": form, "words": words, "may_fill": may_fill,
        "signed": signed, "category_labels": codes.labels("plan_category"),
    }  # fmt: skip
    return render(request, "web/execution/plan_funds.html", context, status=422 if form.errors else 200)
