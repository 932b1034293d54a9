"""The system administrator's pages: only for whoever acts as SYS_ADMIN, every change traced, nothing of the business."""

from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.actor import from_appointment, from_delegation
from accounts.models import Appointment, Delegation, Interest, Organisation, User
from accounts.roles import Role
from accounts.services import delegate, posts
from core import clock
from core.errors import RuleViolation
from core.models import TraceEntry
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def cast():
    made = make_cast()
    User.objects.filter(username="root").update(is_staff=True, is_superuser=True)
    return made


@pytest.fixture
def root(cast) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="root"), backend=BACKEND)
    return client


def test_only_people_organisations_and_interests_are_kept_there():
    assert set(admin.site._registry) == {User, Organisation, Interest}


def test_a_superuser_without_the_post_gets_nowhere(cast):
    User.objects.filter(username="wu").update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(User.objects.get(username="wu"), backend=BACKEND)
    assert client.get("/admin/accounts/user/").status_code == 403
    assert client.get(f"/admin/accounts/user/{cast.lin.user.pk}/password/").status_code == 403


def test_a_change_of_an_organisation_is_traced_with_both_values(root, cast):
    house = cast.houses["unit"]
    said = {"name": "新名称", "short_name": "", "kind": house.kind, "document_prefix": "", "is_active": "on"}
    assert root.post(f"/admin/accounts/organisation/{house.pk}/change/", said).status_code == 302
    entry = TraceEntry.objects.get(verb="accounts.organisation.changed")
    assert (entry.actor, entry.facts["changes"]) == (cast.root.user, {"name": ["新区建筑工务局", "新名称"]})


def test_a_new_person_and_a_reset_password_are_traced_without_the_password(root, cast):
    secret = {"password1": "Long-enough-9", "password2": "Long-enough-9", "usable_password": "true"}
    answer = root.post("/admin/accounts/user/add/", {"username": "new", "full_name": "新人", **secret})
    assert answer.status_code == 302
    person = User.objects.get(username="new")
    assert root.post(f"/admin/accounts/user/{person.pk}/password/", secret).status_code == 302
    entries = TraceEntry.objects.filter(target_id=person.pk, target_type="accounts.user")
    assert set(entries.values_list("verb", flat=True)) == {"accounts.user.added", "accounts.user.password_set"}
    assert "Long-enough" not in str(list(entries.values_list("facts", flat=True)))


def test_nobody_is_deleted_there(root, cast):
    assert root.post(f"/admin/accounts/user/{cast.lin.user.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_first_security_administrator_is_appointed_once_and_holds_nothing_else(cast):
    User.objects.create(username="sec", full_name="安全员")
    call_command("appoint_administrator", "sec", "SEC_ADMIN", "新区信息中心", stdout=StringIO())
    assert Appointment.objects.get(role=Role.SEC_ADMIN).user.username == "sec"
    assert TraceEntry.objects.filter(verb="accounts.post.given").count() == 1
    for username, role in (("wu", "AUDIT_ADMIN"), ("sec", "AUDIT_ADMIN"), ("wu", "SEC_ADMIN")):
        with pytest.raises(CommandError):
            call_command("appoint_administrator", username, role, "新区信息中心", stdout=StringIO())


def test_whoever_stands_in_for_an_administrator_gets_no_business_post(cast):
    idle = User.objects.create(username="idle", full_name="闲人")
    sec = User.objects.create(username="sec", full_name="安全员")
    post = posts.give_first(user=sec, organisation=cast.houses["platform"], role=Role.SEC_ADMIN)
    today = clock.today()
    row = Delegation.objects.create(
        appointment_id=cast.root.appointment_id, substitute=idle, valid_from=today, valid_to=today, reason="休假",
        proposed_at=clock.now(), accepted_at=clock.now(),
    )  # fmt: skip
    assert from_delegation(row).role == Role.SYS_ADMIN
    with pytest.raises(RuleViolation) as refusal:
        posts.give(
            actor=from_appointment(post), user=idle, organisation=cast.houses["authority"], role=Role.CASE_OFFICER,
            held_from=today,
        )  # fmt: skip
    assert [p.code for p in refusal.value.problems] == ["R-SOD-04"]


def test_a_promise_to_stand_in_for_an_administrator_lapses_with_a_business_post(cast):
    idle = User.objects.create(username="idle", full_name="闲人")
    today = clock.today()
    row = Delegation.objects.create(
        appointment_id=cast.root.appointment_id, substitute=idle, valid_from=today, valid_to=today, reason="休假",
        proposed_at=clock.now(),
    )  # fmt: skip
    own = Appointment.objects.create(
        user=idle, organisation=cast.houses["authority"], role=Role.CASE_OFFICER, held_from=today
    )
    with pytest.raises(RuleViolation) as refusal:
        delegate.answer(row.pk, actor=from_appointment(own), accept=True)
    assert [p.code for p in refusal.value.problems] == ["R-SOD-04"]
