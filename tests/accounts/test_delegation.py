"""Substitutes: proposed, accepted, bounded in time and scope, never in a circle, both names kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.actor import actors_of
from accounts.models import Delegation
from accounts.services import delegate
from approvals import policies
from approvals.flow import ITEM_FLOW
from approvals.services import moves
from core import clock
from core.errors import DomainError, NotFound, NotPermitted, RuleViolation
from core.models import TraceEntry
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
WEEK = timedelta(days=7)


@pytest.fixture
def cast() -> Iterator[Any]:
    with clock.at(DAY):
        yield make_cast()


@contextmanager
def refused(code: str, error: type[DomainError] = RuleViolation) -> Iterator[None]:
    with pytest.raises(error) as caught:
        yield
    assert [problem.code for problem in caught.value.problems] == [code]


def ask(holder: Any, substitute: Any, start: date = DAY, end: date = DAY + WEEK, **more: Any) -> Delegation:
    return delegate.propose(
        holder.appointment_id,
        actor=holder,
        substitute=substitute.user,
        valid_from=start,
        valid_to=end,
        reason="出差",
        **more,
    )


def capacities(actor: Any, on: date = DAY) -> list[str]:
    return [held.principal.full_name for held in actors_of(actor.user, on) if held.principal]


def test_a_substitute_acts_only_once_accepted_and_only_within_the_days(cast: Any) -> None:
    row = ask(cast.wu, cast.wei)
    assert capacities(cast.wei) == []
    with refused("delegation.not_yours", NotPermitted):
        delegate.answer(row.pk, actor=cast.xu, accept=True)
    delegate.answer(row.pk, actor=cast.wei, accept=True)
    days = (DAY - timedelta(days=1), DAY, DAY + WEEK, DAY + WEEK + timedelta(days=1))
    assert [len(capacities(cast.wei, day)) for day in days] == [0, 1, 1, 0]
    with refused("delegation.answered"):
        delegate.answer(row.pk, actor=cast.wei, accept=False)
    with refused("delegation.not_own_post", NotPermitted):
        delegate.revoke(row.pk, actor=cast.wei)
    delegate.revoke(row.pk, actor=cast.wu)
    assert capacities(cast.wei) == []
    verbs = (
        TraceEntry.objects.filter(verb__startswith="accounts.delegation").order_by("pk").values_list("verb", flat=True)
    )
    assert [verb.rsplit(".", 1)[1] for verb in verbs] == ["proposed", "accepted", "revoked"]


def test_what_cannot_be_delegated(cast: Any) -> None:
    with refused("delegation.self"):
        ask(cast.wu, cast.wu)
    with refused("delegation.past"):
        ask(cast.wu, cast.wei, DAY - 2 * WEEK, DAY - WEEK)
    with refused("delegation.too_long"):
        ask(cast.wu, cast.wei, DAY, DAY + 60 * WEEK)
    with refused("delegation.not_own_post", NotPermitted):
        delegate.propose(
            cast.wu.appointment_id, actor=cast.xu, substitute=cast.wei.user, valid_from=DAY, valid_to=DAY, reason="x"
        )
    delegate.answer(ask(cast.wu, cast.wei).pk, actor=cast.wei, accept=True)
    substitute = next(actor for actor in actors_of(cast.wei.user) if actor.principal)
    with refused("delegation.not_own_post", NotPermitted):
        ask(substitute, cast.xu)


def test_no_circle_however_long_but_the_same_people_in_other_weeks(cast: Any) -> None:
    ask(cast.wu, cast.wei)
    delegate.answer(ask(cast.wei, cast.xu).pk, actor=cast.xu, accept=True)
    with refused("delegation.circle"):
        ask(cast.xu, cast.wu)
    with refused("delegation.circle"):
        ask(cast.xu, cast.wu, DAY + WEEK, DAY + 2 * WEEK)
    later = DAY + WEEK + timedelta(days=1)
    assert ask(cast.xu, cast.wu, later, later + WEEK).pk
    Delegation.objects.filter(substitute=cast.wei.user).update(declined_at=clock.now())
    assert ask(cast.xu, cast.wu).pk, "what was declined closes no circle"


def test_the_scope_holds_for_moves_and_edits_and_both_names_are_kept(cast: Any) -> None:
    item = lives.in_first_review(cast)
    delegate.answer(ask(cast.wu, cast.wei, item_types=["EST"]).pk, actor=cast.wei, accept=True)
    narrow = next(actor for actor in actors_of(cast.wei.user) if actor.principal)
    with refused("not_found", NotFound):
        moves.perform(item.pk, "send_to_center", actor=narrow)
    with refused("not_found", NotFound):
        lives.review(item, narrow)
    assert [p.code for p in policies.may_move(narrow, item, ITEM_FLOW["send_to_center"])] == ["delegation.scope"]
    delegate.answer(ask(cast.wu, cast.jiang, item_types=["PR"]).pk, actor=cast.jiang, accept=True)
    wide = next(actor for actor in actors_of(cast.jiang.user) if actor.principal)
    moves.perform(item.pk, "send_to_center", actor=wide)
    entry = TraceEntry.objects.get(verb="approvals.item.send_to_center")
    assert (entry.actor_name, entry.acting_for_name, entry.role) == ("江南", "吴刚", "CASE_OFFICER")
