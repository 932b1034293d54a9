"""The items of a project as lines of a table: state, light, amounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import APPLICANTS
from approvals.models import ApprovalItem
from approvals.services import case_clock
from approvals.states import BEFORE_ACCEPTANCE
from core.workflow import Situation
from web.templatetags.ui import days_left


@dataclass(frozen=True)
class ItemLine:
    """Amounts in yuan; what is not decided yet is hidden from the unit (R-PERM-02)."""

    item: ApprovalItem
    light: Any
    words: str
    reviewed: Decimal | None
    approved: Decimal | None


def item_lines(items: Sequence[ApprovalItem], actor: Actor, now: Situation) -> list[ItemLine]:
    return [_line(item, actor, now) for item in items]


def _line(item: ApprovalItem, actor: Actor, now: Situation) -> ItemLine:
    hidden = actor.role in APPLICANTS and item.decided_on is None
    return ItemLine(
        item=item,
        light=case_clock.light_of(item, now),
        words=_words(item, now),
        reviewed=None if hidden else item.reviewed_amount,
        approved=item.approved_amount,
    )


def _words(item: ApprovalItem, now: Situation) -> str:
    if item.is_paused:
        return _("Paused")
    remaining = case_clock.remaining(item, now)
    if remaining is not None:
        return days_left(remaining)
    if item.state in BEFORE_ACCEPTANCE:
        return _("Not accepted yet")
    return _("Ended")
