"""Choosing which item to declare for a project: every kind is shown, with the reasons why one cannot be opened now."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policies import has_role, insist
from accounts.roles import Role
from approvals.catalog import ITEM_TYPES, ItemType
from approvals.models import ApprovalItem
from approvals.services.create import create, creation_problems
from approvals.states import ItemState
from core.errors import Problem, RuleViolation
from projects import selectors
from projects.models import Project
from projects.states import Stage
from web.access import signed_in

S = ItemState
LEFT_WITHOUT_APPROVAL = frozenset({S.NOT_ACCEPTED, S.REJECTED, S.RETURNED, S.WITHDRAWN, S.EXPIRED, S.REVOKED})


@dataclass(frozen=True)
class Choice:
    """One kind of item: possible when there are no problems."""

    kind: ItemType
    stages: str
    problems: tuple[Problem, ...]
    chosen: bool


@require_http_methods(["GET", "POST"])
@signed_in
def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    project = selectors.detailed(request.actor, pk)
    insist(has_role, request.actor, Role.APPLICANT_CLERK)
    refused: tuple[Problem, ...] = ()
    wanted = (request.POST or request.GET).get("type", "")
    if request.method == "POST":
        try:
            if not wanted:
                raise RuleViolation([Problem("required", _("Choose what you want to declare."))])
            is_early = request.POST.get("early") == "1"
            earlier = None if is_early else _ended_before(project, wanted)
            item = create(pk, wanted, actor=request.actor, is_early_involvement=is_early, resubmission_of=earlier)
        except RuleViolation as refusal:
            refused = refusal.problems
        else:
            messages.success(request, _("The draft %(no)s is open. It is saved as you go.") % {"no": item.no})
            return redirect("web:item_edit", item.pk)
    choices = _choices(project, wanted)
    context: dict[str, Any] = {
        "project": project,
        "choices": choices,
        "refused": refused,
        "is_any_possible": any(not choice.problems for choice in choices),
        "early_kinds": [kind for kind in ITEM_TYPES.values() if _may_come_early(project, kind)],
    }
    return render(request, "web/declaring/new.html", context, status=422 if refused else 200)


def _ended_before(project: Project, wanted: str) -> ApprovalItem | None:
    """§2.7: a returned, refused or lapsed item of the same kind is declared anew, and the new one names it."""
    earlier = ApprovalItem.objects.filter(project=project, item_type=wanted).order_by("-pk").first()
    return earlier if earlier is not None and earlier.state in LEFT_WITHOUT_APPROVAL else None


def _may_come_early(project: Project, kind: ItemType) -> bool:
    """Early involvement: the review centre looks at it before its formal filing."""
    return kind.cost_tree and not any(creation_problems(project, kind, is_early_involvement=True))


def _choices(project: Project, wanted: str) -> list[Choice]:
    """What is possible first, then what belongs to the stage; the rest in the order of a project's life."""
    found = [
        Choice(
            kind,
            "、".join(str(Stage(stage).label) for stage in kind.stages),
            tuple(creation_problems(project, kind)),
            kind.code == wanted,
        )
        for kind in ITEM_TYPES.values()
    ]
    return sorted(found, key=lambda choice: (bool(choice.problems), project.stage not in choice.kind.stages))
