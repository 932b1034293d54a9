"""R-FA-10: who answers for an undecided final account is not moved away before somebody follows."""

import pytest

from accounts.actor import Actor, actors_of
from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.services import posts
from core import clock
from core.errors import RuleViolation
from tests.support import works
from tests.support.cast import SINCE, Cast, make_cast

pytestmark = pytest.mark.django_db


def keeper_of(cast: Cast) -> Actor:
    user = User.objects.create(username="sec", full_name="安全员")
    house = cast.houses["platform"]
    Appointment.objects.create(user=user, organisation=house, role=Role.SEC_ADMIN, held_from=SINCE)
    return actors_of(user)[0]


def test_the_last_lead_of_a_unit_with_undecided_accounts_stays_until_somebody_follows():
    cast = make_cast()
    works.taken_over(cast, "SETTLEMENT")
    keeper = keeper_of(cast)
    post = Appointment.objects.get(pk=cast.lei.appointment_id)
    with pytest.raises(RuleViolation) as refusal:
        posts.end(post.pk, actor=keeper, held_to=clock.today())
    assert [problem.code for problem in refusal.value.problems] == ["R-FA-10"]
    posts.give(
        actor=keeper, user=cast.he.user, organisation=post.organisation, role=Role.APPLICANT_LEAD,
        held_from=clock.today(),
    )  # fmt: skip
    assert posts.end(post.pk, actor=keeper, held_to=clock.today()).held_to == clock.today()


def test_before_the_works_begin_and_in_other_posts_nobody_is_held_back():
    cast = make_cast()
    works.taken_over(cast, "PROCUREMENT")
    keeper = keeper_of(cast)
    for actor in (cast.lei, cast.wu):
        assert posts.end(actor.appointment_id, actor=keeper, held_to=clock.today()).held_to == clock.today()
