"""Substitutes: proposed by the holder, valid once accepted, never in a circle, never an administrator."""

from datetime import date

import pytest

from accounts.actor import actors_of
from accounts.models import Appointment, Message, User
from accounts.roles import Role
from accounts.services import delegate
from approvals.services import moves
from core import clock
from core.errors import NotPermitted, RuleViolation
from core.models import TraceEntry
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


@pytest.fixture
def cast():
    with clock.at(MONDAY):
        yield make_cast()


def proposed(holder, substitute, start=MONDAY, end=FRIDAY, **more):
    return delegate.propose(
        holder.appointment_id,
        actor=holder,
        substitute=substitute.user,
        valid_from=start,
        valid_to=end,
        reason="出差",
        **more,
    )


def accepted(holder, substitute, **more):
    return delegate.answer(proposed(holder, substitute, **more).pk, actor=substitute, accept=True)


def codes(refusal) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def test_a_substitute_may_act_only_after_accepting_and_only_within_the_period(cast):
    row = proposed(cast.xu, cast.wei)
    assert [actor.role for actor in actors_of(cast.wei.user)] == [Role.CASE_OFFICER]
    delegate.answer(row.pk, actor=cast.wei, accept=True)
    assert [actor.role for actor in actors_of(cast.wei.user, FRIDAY)] == [Role.CASE_OFFICER, Role.SECTION_CHIEF]
    assert [actor.role for actor in actors_of(cast.wei.user, date(2026, 3, 7))] == [Role.CASE_OFFICER]


def test_a_circle_through_a_third_person_is_refused_with_the_field_it_belongs_to(cast):
    accepted(cast.xu, cast.wei)
    accepted(cast.wei, cast.wu)
    with pytest.raises(RuleViolation) as refusal:
        proposed(cast.wu, cast.xu)
    assert [(p.code, p.field) for p in refusal.value.problems] == [("delegation.circle", "substitute")]


def test_the_same_three_people_may_delegate_in_turn_when_the_periods_do_not_overlap(cast):
    accepted(cast.xu, cast.wei)
    later = proposed(cast.wei, cast.xu, date(2026, 3, 9), date(2026, 3, 13))
    assert later.pk


def test_every_reason_of_a_refusal_is_told_at_once(cast):
    with pytest.raises(RuleViolation) as refusal:
        proposed(cast.xu, cast.xu, date(2026, 2, 2), date(2026, 2, 1))
    assert {"delegation.self", "delegation.dates", "delegation.past"} <= codes(refusal)


def test_only_the_holder_may_propose_and_only_the_substitute_may_answer(cast):
    with pytest.raises(NotPermitted):
        delegate.propose(
            cast.xu.appointment_id,
            actor=cast.wu,
            substitute=cast.wei.user,
            valid_from=MONDAY,
            valid_to=FRIDAY,
            reason="x",
        )
    row = proposed(cast.xu, cast.wei)
    with pytest.raises(NotPermitted):
        delegate.answer(row.pk, actor=cast.xu, accept=True)


def test_a_substitute_cannot_pass_the_post_on(cast):
    accepted(cast.xu, cast.wei)
    as_xu = next(actor for actor in actors_of(cast.wei.user) if actor.principal)
    with pytest.raises(NotPermitted):
        proposed(as_xu, cast.wu)


def test_taking_a_post_back_ends_it_at_once_and_tells_the_substitute(cast):
    row = accepted(cast.xu, cast.wei)
    delegate.revoke(row.pk, actor=cast.xu)
    assert [actor.role for actor in actors_of(cast.wei.user)] == [Role.CASE_OFFICER]
    assert Message.objects.filter(user=cast.wei.user, code="delegation.revoked").count() == 1


def test_an_administrator_may_not_stand_in_for_a_business_post(cast):
    with pytest.raises(RuleViolation) as refusal:
        proposed(cast.zhao, cast.root)
    assert codes(refusal) == {"R-SOD-04"}


def test_one_administrator_may_not_stand_in_for_another(cast):
    user = User.objects.create(username="sec", full_name="安全员")
    post = Appointment.objects.create(
        user=user, organisation=cast.houses["platform"], role=Role.SEC_ADMIN, held_from=date(2016, 1, 1)
    )
    with pytest.raises(RuleViolation) as refusal:
        proposed(actors_of(user)[0], cast.root)
    assert codes(refusal) == {"R-SOD-04"} and post.pk


def test_an_act_of_a_substitute_keeps_both_names(cast):
    item = lives.accepted(cast)
    accepted(cast.xu, cast.wei)
    as_xu = next(actor for actor in actors_of(cast.wei.user) if actor.principal)
    moves.perform(item.pk, "assign", actor=as_xu, data={"officer": cast.wu.user.pk})
    entry = TraceEntry.objects.get(verb="approvals.item.assign")
    assert (entry.actor_name, entry.acting_for_name, entry.role) == ("魏然", "许文", "SECTION_CHIEF")


def test_a_scope_of_kinds_keeps_other_items_away(cast):
    item = lives.accepted(cast)
    accepted(cast.xu, cast.wei, item_types=["EST"])
    as_xu = next(actor for actor in actors_of(cast.wei.user) if actor.principal)
    with pytest.raises(NotPermitted) as refusal:
        moves.perform(item.pk, "assign", actor=as_xu, data={"officer": cast.wu.user.pk})
    assert "delegation.scope" in codes(refusal)
