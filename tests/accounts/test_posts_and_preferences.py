"""Posts are given by the security administrator alone; people set only what is theirs."""

from datetime import date

import pytest
from rest_framework.authtoken.models import Token

from accounts.actor import Actor, actors_of
from accounts.models import Appointment, Message, User
from accounts.roles import Role
from accounts.services import posts, preferences
from core import clock
from core.errors import NotPermitted, RuleViolation
from core.models import TraceEntry
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def cast():
    with clock.at(MONDAY):
        yield make_cast()


@pytest.fixture
def keeper(cast) -> Actor:
    user = User.objects.create(username="sec", full_name="安全员")
    Appointment.objects.create(
        user=user, organisation=cast.houses["platform"], role=Role.SEC_ADMIN, held_from=date(2016, 1, 1)
    )
    return actors_of(user)[0]


def give(keeper, user, role, cast, house="authority", start=MONDAY):
    return posts.give(actor=keeper, user=user, organisation=cast.houses[house], role=role, held_from=start)


def test_a_post_given_can_be_acted_in_from_its_day_on(cast, keeper):
    give(keeper, cast.wu.user, Role.ARCHIVIST, cast, start=date(2026, 3, 9))
    assert Role.ARCHIVIST not in {actor.role for actor in actors_of(cast.wu.user, MONDAY)}
    assert Role.ARCHIVIST in {actor.role for actor in actors_of(cast.wu.user, date(2026, 3, 9))}
    assert TraceEntry.objects.filter(verb="accounts.post.given").count() == 1
    assert Message.objects.filter(user=cast.wu.user, code="post.given").exists()


def test_only_the_security_administrator_gives_posts(cast):
    for actor in (cast.root, cast.zhao, cast.su):
        with pytest.raises(NotPermitted):
            give(actor, cast.wu.user, Role.ARCHIVIST, cast)


@pytest.mark.parametrize(
    ("username", "role"), [("wu", Role.AUDIT_ADMIN), ("root", Role.CASE_OFFICER), ("root", Role.AUDIT_ADMIN)]
)
def test_the_three_administrators_are_three_people_without_business(cast, keeper, username, role):
    with pytest.raises(RuleViolation) as refusal:
        give(keeper, getattr(cast, username).user, role, cast)
    assert refusal.value.code == "R-SOD-04"


def test_nobody_gives_a_post_to_themselves_or_backwards(cast, keeper):
    with pytest.raises(RuleViolation) as refusal:
        give(keeper, keeper.user, Role.SEC_ADMIN, cast, start=date(2026, 2, 1))
    assert {"post.own", "post.past"} <= {problem.code for problem in refusal.value.problems}


def test_a_post_that_ended_cannot_be_acted_in_the_day_after(cast, keeper):
    posts.end(cast.wu.appointment_id, actor=keeper, held_to=MONDAY)
    assert actors_of(cast.wu.user, MONDAY) and not actors_of(cast.wu.user, date(2026, 3, 3))


def test_a_weak_or_mistyped_password_is_refused_with_every_reason(cast):
    user = cast.wu.user
    user.set_password("Old-and-good-1")
    user.save()
    with pytest.raises(RuleViolation) as refusal:
        preferences.change_password(actor=cast.wu, old="wrong", new="123", again="124")
    assert {"old", "new", "again"} == {problem.field for problem in refusal.value.problems}
    preferences.change_password(actor=cast.wu, old="Old-and-good-1", new="New-and-good-2", again="New-and-good-2")
    assert User.objects.get(pk=user.pk).check_password("New-and-good-2")
    assert "New-and-good-2" not in str(list(TraceEntry.objects.values_list("facts", flat=True)))


def test_mail_needs_an_address(cast):
    with pytest.raises(RuleViolation) as refusal:
        preferences.save(actor=cast.wu, mail_choice="DAILY", language="en", email="")
    assert refusal.value.problems[0].field == "email"
    assert preferences.save(actor=cast.wu, mail_choice="NEVER", language="en", email="").language == "en"


def test_a_renewed_token_ends_the_old_one_and_is_not_kept_in_the_trace(cast):
    first = preferences.renew_token(actor=cast.wu)
    second = preferences.renew_token(actor=cast.wu)
    assert first != second
    assert list(Token.objects.filter(user=cast.wu.user).values_list("key", flat=True)) == [second]
    assert second not in str(list(TraceEntry.objects.values_list("facts", flat=True)))
