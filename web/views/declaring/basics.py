"""The declaration page: shows any of its steps, and saves the basics, also while one is typing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.models import ApprovalItem
from approvals.services import costs, edit
from approvals.services.costs import DeclaredLine
from core.errors import RuleViolation, StaleState
from web.access import signed_in
from web.forms.declaration import BasicsForm
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import version_seen
from web.views.declaring import corrections, cost_grid, materials, moves, wizard

SINGLE_LINE = "1"


def basics_shown(request: HttpRequest, item: ApprovalItem) -> dict[str, Any]:
    return {"form": BasicsForm(item)}


SHOWN: dict[str, Callable[[HttpRequest, ApprovalItem], dict[str, Any]]] = {
    wizard.BASICS: basics_shown,
    wizard.COSTS: cost_grid.shown,
    wizard.MATERIALS: materials.shown,
    wizard.SIGN: moves.shown,
    wizard.CORRECTION: corrections.shown,
    wizard.SUPPLEMENT: corrections.supplement_shown,
}


@require_http_methods(["GET", "POST"])
@signed_in
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = wizard.declaration(request.actor, pk)
    if request.method == "POST":
        return _save(request, item)
    names = [name for name, _label in wizard.steps_of(item)]
    wanted = request.GET.get("step", "")
    step = wanted if wanted in names else names[0]
    return wizard.answer(request, item, step, SHOWN[step](request, item))


def _save(request: HttpRequest, item: ApprovalItem) -> HttpResponse:
    """Saves everything or nothing; every reason is told at once, and what was typed stays on the page."""
    form = BasicsForm(item, request.POST)
    by_itself = request.headers.get("X-PT-Autosave") == "1"
    form.full_clean()
    try:
        saved = _write(request, item, form)
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
    except StaleState as stale:
        if by_itself:
            return JsonResponse({"message": str(stale)}, status=409)
        raise
    else:
        if by_itself:
            return JsonResponse({"fields": {"version": saved.version}})
        messages.success(request, _("Saved."))
        return wizard.to_step(item, _after(request, item))
    if by_itself:
        words = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": " ".join(words)}, status=422)
    return wizard.answer(request, item, wizard.BASICS, {"form": form}, status=422)


@transaction.atomic
def _write(request: HttpRequest, item: ApprovalItem, form: BasicsForm) -> ApprovalItem:
    """The basics; where an item has no cost tree, its amount becomes its only cost line, which the review works on."""
    changes = form.changes()
    saved = edit.amend(
        item.pk,
        actor=request.actor,
        changes=changes,
        expected_version=version_seen(request.POST),
        faults=faults_of(form),
    )
    amount = changes.get("declared_amount")
    if amount is not None and not item.type.cost_tree and _line_differs(item, amount):
        line = DeclaredLine(SINGLE_LINE, str(item.type.amount_label), amount)
        saved = costs.declare_lines(item.pk, actor=request.actor, lines=[line])
    return saved


def _line_differs(item: ApprovalItem, amount: Any) -> bool:
    lines = [line for line in item.cost_lines.all() if line.is_leaf]
    return len(lines) <= 1 and [line.declared for line in lines] != [amount]


def _after(request: HttpRequest, item: ApprovalItem) -> str:
    """Save stays here; save and go on opens the next step."""
    names = [name for name, _label in wizard.steps_of(item)]
    following = names[names.index(wizard.BASICS) + 1 :]
    return following[0] if "next" in request.POST and following else wizard.BASICS
