"""Fetches what the API's answers are made of: visible rows only, in a fixed number of queries."""

from typing import Any

from accounts.actor import Actor
from approvals.api.item_serializers import ItemSerializer
from approvals.models import ApprovalItem, MaterialSlot
from approvals.services import moves
from core import locks

HOUSES = ("project__owner_unit", "owner_unit", "authority", "center")
PEOPLE = ("applicant", "first_reviewer", "second_officer", "center_first", "center_second")
PARTS = (
    "project__stages", "project__gate_openings", "project__figures", "project__suspensions", "cost_lines",
    "slots__versions__file", "slots__versions__uploaded_by", "slots__comments__author", "slots__comments__version",
    "corrections__defects__slot", "pauses__proposed_by", "pauses__first_signed_by", "pauses__second_signed_by",
    "opinions__author", "opinions__acting_for", "experts__expert", "countersigns__asked_by", "countersigns__asked_of",
    "decisions__decided_by", "reductions", "documents", "nudges",
)  # fmt: skip


def visible_item(pk: int, actor: Actor) -> ApprovalItem:
    """The item, if this person may know of it; else NotFound."""
    rows = ApprovalItem.objects.visible_to(actor).select_related("project", "owner_unit")
    return locks.found(rows, pk=pk)


def detailed_item(pk: int, actor: Actor) -> ApprovalItem:
    """The item with everything its answer shows."""
    rows = ApprovalItem.objects.visible_to(actor).select_related(*HOUSES, *PEOPLE).prefetch_related(*PARTS)
    return locks.found(rows, pk=pk)


def visible_slot(pk: int, code: str, actor: Actor) -> MaterialSlot:
    """A row of the item's material list by its code."""
    slots = MaterialSlot.objects.select_related("item").prefetch_related("versions__file")
    return locks.found(slots, item=visible_item(pk, actor), code=code)


def shown(pk: int, actor: Actor) -> dict[str, Any]:
    """The item as it stands now, as JSON."""
    item, now = detailed_item(pk, actor), moves.situation()
    context = {"actor": actor, "now": now, "offers": moves.offers(item, actor, now)}
    return ItemSerializer(item, context=context).data
