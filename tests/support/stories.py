"""What the stories of one item are told with: a move in one line, and the exact reasons of a refusal."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from accounts.actor import actors_of
from accounts.models import Appointment
from accounts.services import delegate
from approvals.models import ApprovalItem
from approvals.services import materials, moves
from core import clock
from core.errors import DomainError, RuleViolation
from tests.support import lives
from tests.support.lives import fresh

MONDAY = date(2026, 3, 2)
SUPPLEMENT = {"pause_reason": "SUPPLEMENT", "letter": "请补充地勘资料", "expected_days": 5}


@contextmanager
def refused(*codes: str, error: type[DomainError] = RuleViolation) -> Iterator[None]:
    """The block is refused for exactly these reasons."""
    with pytest.raises(error) as caught:
        yield
    assert [problem.code for problem in caught.value.problems] == list(codes)


def move(item: ApprovalItem, name: str, actor: Any, **data: Any) -> ApprovalItem:
    return moves.perform(item.pk, name, actor=actor, data=data)


def codes_of(item: ApprovalItem, name: str, actor: Any) -> list[str]:
    offer = next(o for o in moves.offers(fresh(item), actor, moves.situation()) if o.move.name == name)
    return [problem.code for problem in offer.problems]


def upload(cast: Any, item: ApprovalItem, code: str) -> None:
    slot = item.slots.get(code=code)
    materials.upload(item.pk, slot.pk, io.BytesIO(lives.PDF), name=f"{code}.pdf", actor=cast.lin)


def also(cast: Any, name: str, role: str, house: str = "authority") -> Any:
    """The same person in a second post."""
    user = cast.actors[name].user
    Appointment.objects.create(user=user, organisation=cast.houses[house], role=role, held_from=date(2016, 1, 1))
    return next(actor for actor in actors_of(user) if actor.role == role and actor.delegation_id is None)


def stand_in(cast: Any, principal: str, substitute: str) -> Any:
    """`substitute` acting for `principal`, proposed and accepted."""
    post, other = cast.actors[principal], cast.actors[substitute]
    today = clock.today()
    row = delegate.propose(
        post.appointment_id, actor=post, substitute=other.user, valid_from=today, valid_to=today, reason="出差"
    )
    delegate.answer(row.pk, actor=other, accept=True)
    return next(actor for actor in actors_of(other.user) if actor.delegation_id == row.pk)


def paused(cast: Any, item: ApprovalItem) -> ApprovalItem:
    move(item, "propose_pause", cast.wu, **SUPPLEMENT)
    move(item, "sign_pause_first", cast.xu)
    move(item, "sign_pause_second", cast.zhao)
    return move(item, "request_supplement", cast.wu)
