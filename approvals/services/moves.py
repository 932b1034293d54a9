"""The door to every move of an item: importing this module puts all handlers in place."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.actor import Actor
from approvals.services import (
    accept,
    assign,
    case_clock,
    centre,
    closing,
    decide,
    declare,
    desk,
    engine,
    notices,
    pauses,
    review,
)
from approvals.services.engine import offers, perform, perform_by_system, situation
from core.errors import DomainError

ROOMS = (declare, accept, assign, centre, pauses, review, decide, closing)

engine.FOLLOWERS[:] = [case_clock.follow, desk.follow]
engine.OBSERVERS[:] = [notices.after_move]


def perform_many(
    item_ids: Iterable[int],
    name: str,
    *,
    actor: Actor,
    data: dict[str, Any] | None = None,
    versions: Mapping[int, int] | None = None,
) -> dict[int, DomainError | None]:
    """The same move on many items, each in its own transaction with its own trace entry; what failed is told per item.

    `versions` is what the person saw of each: one that has changed since is refused as stale, the others go on.
    """
    seen = versions or {}
    results: dict[int, DomainError | None] = {}
    for item_id in item_ids:
        try:
            perform(item_id, name, actor=actor, data=data, expected_version=seen.get(item_id))
            results[item_id] = None
        except DomainError as error:
            results[item_id] = error
    return results


__all__ = ["ROOMS", "offers", "perform", "perform_by_system", "perform_many", "situation"]
