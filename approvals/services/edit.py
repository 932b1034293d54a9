"""Fills in the declaration while it is with the unit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals import policies
from approvals.models import ApprovalItem
from approvals.services import engine, signatures
from approvals.states import ItemState
from core import clock, trace
from core.errors import Problem, require, together
from core.money import size_problems

EDITABLE = (ItemState.DRAFT, ItemState.PRE_REVIEW_RETURNED, ItemState.CORRECTION)
FIELDS = ("summary", "contact", "declared_amount", "form")


@transaction.atomic
def amend(
    item_id: int,
    *,
    actor: Actor,
    changes: dict[str, Any],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> ApprovalItem:
    """Changes `summary`, `contact`, `declared_amount` (yuan) or `form`. The trace keeps both values.

    `faults` is what the caller could not read: nothing is written then. Raises RuleViolation with every fault of form
    and of rule.
    """
    item = engine.lock_item(item_id, actor, expected_version)
    insist(policies.may_edit_declaration, actor, item)
    require(together(faults, [*state_problems(item), *_amount_problems(changes.get("declared_amount"))]))
    before = {name: getattr(item, name) for name in FIELDS if name in changes and getattr(item, name) != changes[name]}
    for name in before:
        setattr(item, name, changes[name])
    if not before:
        return item
    if "declared_amount" in before and not item.type.cost_tree:
        _carry_in_one_line(item)
    engine.save(item)
    signatures.void_outdated(item, clock.now())
    record(item, "amended", actor, {"changes": {name: [old, changes[name]] for name, old in before.items()}})
    return item


def _carry_in_one_line(item: ApprovalItem) -> None:
    """A kind without a cost tree is reviewed on one line, its declared amount."""
    if item.type.money and item.cost_lines.count() <= 1 and item.declared_amount is not None:
        name = str(item.type.amount_label)
        item.cost_lines.update_or_create(
            defaults={"declared": item.declared_amount}, create_defaults={
                "code": "1", "position": 0, "name": name, "declared": item.declared_amount
            },
        )  # fmt: skip


def _amount_problems(amount: Any) -> list[Problem]:
    if not isinstance(amount, Decimal):
        return []
    if amount < 0:
        return [Problem("negative", _("An amount cannot be negative."), "declared_amount")]
    return size_problems(amount, "declared_amount")


def state_problems(item: ApprovalItem) -> list[Problem]:
    if item.state in EDITABLE:
        return []
    message = _("In the state “%(state)s” the declaration cannot be changed.")
    return [Problem("wrong_state", message % {"state": item.get_state_display()})]


def record(item: ApprovalItem, what: str, actor: Actor, facts: dict[str, Any], reason: str = "") -> None:
    """One trace entry about an edit of the item."""
    trace.record(
        f"approvals.item.{what}",
        actor=actor,
        target=item,
        project_id=item.project_id,
        item_id=item.pk,
        reason=reason,
        facts={"no": item.no, "version": item.version, **facts},
    )
