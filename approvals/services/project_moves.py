"""A project's move with what it means for its items: due dates recomputed, open items withdrawn."""

from typing import Any

from django.db import transaction

from accounts.actor import Actor
from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem
from approvals.services import case_clock, engine
from approvals.services.moves import perform_by_system, situation
from approvals.states import ReturnReason
from projects.models import Project
from projects.services import moves

ENDS_EVERYTHING = frozenset({"terminate", "revoke"})
TOUCHES_CLOCKS = frozenset({"suspend", "resume"})


@transaction.atomic
def perform(
    project_id: int,
    name: str,
    *,
    actor: Actor,
    data: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> Project:
    """projects.services.moves.perform, and the consequences for the project's open items in the same transaction."""
    project = moves.perform(project_id, name, actor=actor, data=data, expected_version=expected_version)
    open_items = ApprovalItem.objects.filter(project=project).open().order_by("pk")
    if name in ENDS_EVERYTHING:
        for item in open_items:
            perform_by_system(item.pk, "withdraw_with_project", data={"reason": (data or {}).get("reason", "")})
    elif name == "reopen_feasibility":
        for item in open_items.filter(item_type="EST", state__in=ITEM_FLOW["return_item"].sources):
            said = {"return_class": ReturnReason.NEW_FEASIBILITY, "reason": (data or {}).get("reason", "")}
            engine.perform(item.pk, "return_item", actor=actor, data=said)
    elif name in TOUCHES_CLOCKS:
        for item in open_items.select_related("project"):
            case_clock.refresh(item, situation())
    return project
