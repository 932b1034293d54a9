"""Signing in with a program: tokens, lock-out, posts."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import Appointment
from accounts.roles import Role
from core import trace
from tests.support import days
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast(password="demo")


def test_a_token_opens_the_api_until_it_is_revoked(cast):
    api = Api()
    refused(api.get("me/"), 401)
    token = ok(api.post("token/", {"username": "lin", "password": "demo"}))["token"]
    assert ok(api.post("token/", {"username": "lin", "password": "demo"}))["token"] == token
    api.headers["Authorization"] = f"Token {token}"
    me = ok(api.get("me/"))
    assert (me["user"]["full_name"], me["capacities"][0]["role"]) == ("林晓", "APPLICANT_CLERK")
    assert api.post("token/revoke/").status_code == 204
    refused(api.get("me/"), 401)
    assert trace.verify().checked == 2


def test_a_wrong_password_says_nothing_about_the_name(cast):
    wrong = refused(Api().post("token/", {"username": "lin", "password": "guess"}), 401)
    unknown = refused(Api().post("token/", {"username": "nobody", "password": "guess"}), 401)
    assert wrong == unknown


def test_too_many_wrong_passwords_lock_the_name_even_for_the_right_one(cast, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for _attempt in range(3):
        last = Api().post("token/", {"username": "lin", "password": "guess"})
    assert last.status_code in (401, 429)
    assert codes(refused(Api().post("token/", {"username": "lin", "password": "demo"}), 429))
    assert Api().post("token/", {"username": "lei", "password": "demo"}).status_code == 200


def test_a_person_acts_in_one_post_at_a_time_and_only_in_their_own(cast):
    second = Appointment.objects.create(
        user=cast.wu.user, organisation=cast.houses["authority"], role=Role.SECTION_CHIEF, held_from=date(2020, 1, 1)
    )
    assert ok(Api(cast.wu).get("me/"))["acting_as"] == cast.wu.key
    as_chief = ok(Api(cast.wu, acting_as=f"p{second.pk}").get("me/"))
    assert as_chief["acting_as"] == f"p{second.pk}"
    assert {row["role"] for row in as_chief["capacities"]} == {"CASE_OFFICER", "SECTION_CHIEF"}
    refused(Api(cast.wu, acting_as=cast.xu.key).get("me/"), 401)


def test_who_holds_no_post_gets_no_token(cast):
    Appointment.objects.filter(user=cast.lin.user).update(held_to=date(2020, 1, 1))
    with days.on(date(2026, 3, 2)):
        assert codes(refused(Api().post("token/", {"username": "lin", "password": "demo"}), 403)) == {"post.none"}


def test_the_session_of_the_browser_reads_and_needs_csrf_to_write(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.lin.user, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/api/v1/me/").status_code == 200
    assert browser.post("/api/v1/projects/", {}, "application/json").status_code == 403
