"""Saves the cost grid, and begins one from a standard tree or an earlier item."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from approvals.costing import tree
from approvals.models import ApprovalItem
from approvals.services import costs
from approvals.services.costs import DeclaredLine
from approvals.sight import sight_of
from core.errors import Problem, RuleViolation
from core.keys import key_of
from core.locks import found
from web.access import signed_in
from web.forms.declaration import CostGrid
from web.forms.move_inputs import version_seen
from web.views.declaring import cost_grid, wizard

FIRST_SINGLE_PROJECT = "1"
SHORT = frozenset({"1", "1.x", "1.x.1", "1.x.2", "1.x.3", "2", "2.03", "2.06", "2.07", "2.10", "2.99", "3", "3.1"})


@require_POST
@signed_in
def costs_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Replaces the lines by what the grid holds; with a fault nothing is saved and every cell keeps its text."""
    item = wizard.declaration(request.actor, pk)
    grid = CostGrid.posted(request.POST)
    faults = grid.problems()
    try:
        costs.declare_lines(
            pk,
            actor=request.actor,
            lines=grid.declared_lines(),
            expected_version=version_seen(request.POST),
            faults=faults,
        )
    except RuleViolation as refusal:
        return _again(request, item, grid, tuple(problem for problem in refusal.problems if problem not in faults))
    messages.success(request, _("Saved."))
    return wizard.to_step(item, wizard.MATERIALS if "next" in request.POST else wizard.COSTS)


def _again(
    request: HttpRequest, item: ApprovalItem, grid: CostGrid, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    context = cost_grid.grid_shown(item, grid, problems=problems)
    return wizard.answer(request, item, wizard.COSTS, context, status=422)


@require_POST
@signed_in
def costs_seed(request: HttpRequest, pk: int) -> HttpResponse:
    """Fills an empty grid."""
    item = wizard.declaration(request.actor, pk)
    if item.cost_lines.all():
        raise RuleViolation([Problem("costs.present", _("The grid already has lines: remove them first."))])
    costs.declare_lines(pk, actor=request.actor, lines=_seed(item, request.POST.get("seed", ""), request.actor))
    return wizard.to_step(item, wizard.COSTS)


def _seed(item: ApprovalItem, key: str, actor: Actor) -> list[DeclaredLine]:
    if key.startswith("item-") and (pk := key_of(key[5:])):
        earlier = found(
            ApprovalItem.objects.filter(
                project=item.project_id, owner_unit=item.owner_unit_id, decided_on__isnull=False
            ),
            pk=pk,
        )
        shows_review = sight_of(actor, earlier).reviewed
        return [_copied(line, shows_review) for line in earlier.cost_lines.all()]
    wanted = [row for row in tree.STANDARD_TREE if key != "short" or row.code in SHORT]
    return [DeclaredLine(row.code.replace("x", FIRST_SINGLE_PROJECT), row.name) for row in wanted]


def _copied(line: costs.CostLine, shows_review: bool) -> DeclaredLine:
    """The reviewed amount, because later figures are measured against what was approved; as declared where it was not."""
    amount = line.reviewed if shows_review and line.reviewed is not None else line.declared
    return DeclaredLine(line.code, line.name, amount, line.standard_code, line.unit, line.quantity)
