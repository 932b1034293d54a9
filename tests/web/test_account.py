"""Signing in, the post acted in, the first page of each role, notices, substitutes, the own trace."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import actors_of
from accounts.models import Appointment, Delegation, Message, User
from accounts.roles import Role
from accounts.services import delegate
from accounts.services.notify import tell
from approvals.models import ReductionDelta
from core import clock
from core.models import TraceEntry
from tests.support import days, lives
from tests.support.cast import PEOPLE, make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
PAGES = ("home", "preferences", "messages", "delegations", "my_trace", "calendar")


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def cast():
    return make_cast(password="demo")


def as_(actor, **headers) -> Client:
    client = Client(headers=headers)
    client.force_login(actor.user)
    return client


def page(actor, name, *args, **query) -> str:
    response = as_(actor).get(reverse(f"web:{name}", args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def administrator(cast, role) -> object:
    user = User.objects.create(username=role.lower(), full_name=role)
    Appointment.objects.create(user=user, organisation=cast.houses["platform"], role=role, held_from=date(2016, 1, 1))
    return actors_of(user)[0]


def queries(actor, address: str) -> int:
    client = as_(actor)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


# Signing in


def test_logging_in_leads_to_where_one_wanted_to_go(cast):
    client = Client()
    wanted = client.get("/me/messages/?unread=1")
    assert wanted.status_code == 302 and wanted.url == "/login/?next=/me/messages/%3Funread%3D1"
    entered = client.post(wanted.url, {"username": "wu", "password": "demo", "next": "/me/messages/?unread=1"})
    assert entered.url == "/me/messages/?unread=1"


def test_a_wrong_password_stays_on_the_page_with_words(cast):
    answer = Client().post("/login/", {"username": "wu", "password": "wrong"})
    assert answer.status_code == 200 and "error-summary" in answer.content.decode()


def test_too_many_attempts_lock_the_account_and_say_so(cast, settings):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 3
    client = Client()
    answers = [client.post("/login/", {"username": "wu", "password": "wrong"}) for _ in range(3)]
    assert answers[-1].status_code == 429 and "尝试次数过多" in answers[-1].content.decode()
    assert client.post("/login/", {"username": "wu", "password": "demo"}).status_code == 429


def test_a_fragment_of_a_visitor_sends_the_whole_page_to_the_log_in(cast):
    answer = Client(headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/"}).get("/me/")
    assert answer["HX-Redirect"] == "/login/?next=/inbox/"


def test_whoever_holds_no_post_is_told_so(cast):
    Appointment.objects.filter(user=cast.wu.user).update(held_to=date(2026, 3, 1))
    answer = as_(cast.wu).get("/")
    assert answer.status_code == 403 and "没有任职岗位" in answer.content.decode()


def test_the_saved_language_applies_wherever_one_logs_in(cast):
    client = as_(cast.wu, **{"Accept-Language": "zh-CN"})
    client.post("/language/", {"language": "en", "next": "/"})
    assert User.objects.get(username="wu").language == "en"
    elsewhere = as_(cast.wu, **{"Accept-Language": "zh-CN"}).get("/").content.decode()
    assert '<html lang="en">' in elsewhere and "What is most urgent" in elsewhere


def test_logging_out_needs_a_post(cast):
    client = as_(cast.wu)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302 and client.get("/me/").status_code == 302


# The post acted in


def stand_in(cast) -> Delegation:
    row = delegate.propose(
        cast.xu.appointment_id, actor=cast.xu, substitute=cast.wei.user, valid_from=MONDAY, valid_to=date(2026, 3, 6),
        reason="出差",
    )  # fmt: skip
    return delegate.answer(row.pk, actor=cast.wei, accept=True)


def test_a_substitute_changes_post_sees_that_desk_and_both_names(cast):
    lives.accepted(cast)
    row, client = stand_in(cast), as_(cast.wei)
    assert "葵湾中心小学改扩建工程" not in client.get("/").content.decode()
    changed = client.post("/act-as/", {"post": f"d{row.pk}"})
    assert changed.status_code == 303 and changed.url == "/"
    shown = client.get("/").content.decode()
    assert "葵湾中心小学改扩建工程" in shown and "魏然" in shown and "代许文" in shown


def test_a_post_one_does_not_hold_cannot_be_taken(cast):
    answer = as_(cast.wei).post("/act-as/", {"post": cast.zhao.key})
    assert answer.status_code == 403


def test_a_post_that_was_taken_back_is_gone_with_the_next_page(cast):
    row, client = stand_in(cast), as_(cast.wei)
    client.post("/act-as/", {"post": f"d{row.pk}"})
    delegate.revoke(row.pk, actor=cast.xu)
    assert client.get("/trace/").status_code == 403
    assert "初审/主办人" in client.get("/").content.decode()


# The first page


def test_every_role_has_a_first_page_and_reading_writes_nothing(cast):
    lives.in_determination(cast)
    for username in PEOPLE:
        client = as_(getattr(cast, username))
        with no_writes():
            for name in PAGES:
                assert client.get(reverse(f"web:{name}")).status_code == 200, (username, name)


def test_the_unit_sees_what_to_do_and_where_its_items_are_and_no_reviewer(cast):
    item = lives.in_first_review(cast)
    other = lives.a_project_in_proposal(cast, name="沙涌路工程", code="2611-440399-04-01-200001")
    lives.a_draft(cast, other)
    shown = page(cast.lin, "home")
    assert "本单位待办" in shown and "沙涌路工程" in shown and "初审" in shown and item.no in shown
    assert "吴刚" not in shown
    assert "沙涌路工程" not in page(cast.sun, "home")


def test_the_deputy_director_sees_what_waits_and_what_turns_red(cast):
    lives.in_determination(cast)
    with clock.at(date(2026, 4, 7)):
        shown = page(cast.zhao, "home")
    assert "待签批" in shown and "超期" in shown and "is-overdue" in shown


def test_finance_sees_the_sums_of_the_ledger(cast):
    lives.issued(cast)
    delta = ReductionDelta.objects.get()
    assert (delta.declared, delta.reviewed) == (10000000, 7500000)
    shown = page(cast.fang, "home")
    assert "1,000.00" in shown and "750.00" in shown and "250.00" in shown and "25.00 %" in shown


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN])
def test_the_three_administrators_see_no_business(cast, role):
    item = lives.in_determination(cast)
    keeper = administrator(cast, role)
    client = as_(keeper)
    business = (item.no, item.project.name, item.project.code)
    for address in ("/", "/me/trace/", "/me/messages/", "/projects/", "/inbox/", "/search/?q=葵湾", "/overview/"):
        shown = client.get(address).content.decode()
        assert not [word for word in business if word in shown], address
    for address in (item.get_absolute_url(), item.project.get_absolute_url()):
        assert client.get(address).status_code in (403, 404)
    assert client.get("/trace/").status_code == 403


def test_the_navigation_leads_to_pages_that_open(cast):
    for username in ("lin", "chen", "wu", "xu", "zhao", "kong", "he", "fang", "qian", "su", "root"):
        client = as_(getattr(cast, username))
        shell = client.get("/").context["shell"]
        for _label, url, _active, _count in shell["nav"]:
            assert client.get(url).status_code == 200, (username, url)


def test_the_first_page_costs_the_same_for_many_items(cast):
    lives.submitted(cast)
    few = queries(cast.chen, "/")
    for n in range(3):
        project = lives.a_project_in_proposal(cast, name=f"工程{n}", code=f"2611-440399-04-01-{200010 + n:06d}")
        lives.submitted(cast, lives.a_draft(cast, project))
    assert queries(cast.chen, "/") <= few <= 30


# Notices


def test_notices_are_worded_and_opening_one_marks_it_read(cast):
    item = lives.accepted(cast)
    shown = page(cast.lin, "messages")
    assert "葵湾中心小学改扩建工程 · 项目建议书" in shown and "受理，现为“已受理”" in shown
    notice = Message.objects.filter(user=cast.lin.user, link=item.get_absolute_url()).latest("pk")
    client = as_(cast.lin)
    opened = client.post(reverse("web:message_open", args=[notice.pk]))
    assert opened.status_code == 303 and opened.url == item.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert (
        client.post(
            reverse("web:message_open", args=[Message.objects.filter(user=cast.xu.user).first().pk])
        ).status_code
        == 404
    )


def test_every_code_that_is_told_has_words(cast):
    lives.issued(cast)
    for message in Message.objects.all():
        text = page(User.objects.get(pk=message.user_id).appointments.get() and actors_of(message.user)[0], "messages")
        assert message.code not in text


def test_unread_ones_only_and_all_read_at_once(cast):
    for n in range(40):
        tell(cast.wu.user, "item.nudged", {"no": f"PR-{n}"})
    client = as_(cast.wu)
    client.post(reverse("web:messages_read"))
    assert not Message.objects.filter(user=cast.wu.user, read_at__isnull=True).exists()
    assert "没有未读消息" in client.get("/me/messages/?unread=1").content.decode()
    first = client.get("/me/messages/").content.decode()
    assert "PR-39" in first and "PR-10" in first and "PR-9。" not in first
    oldest = Message.objects.get(facts__no="PR-10").pk
    assert "PR-9。" in client.get(f"/me/messages/?before={oldest}").content.decode()


# Substitutes, preferences, own trace


def test_a_circle_of_substitutes_is_shown_at_the_field_and_keeps_what_was_entered(cast):
    stand_in(cast)
    said = {
        "substitute": cast.xu.user.pk, "valid_from": "2026-03-02", "valid_to": "2026-03-05", "reason": "休假", "item_types": ["PR"],
    }  # fmt: skip
    answer = as_(cast.wei).post("/me/delegations/", said)
    shown = answer.content.decode()
    assert answer.status_code == 422 and 'value="休假"' in shown and 'href="#id_substitute"' in shown
    assert Delegation.objects.count() == 1


def test_proposing_and_answering_by_the_pages(cast):
    said = {"substitute": cast.wei.user.pk, "valid_from": "2026-03-02", "valid_to": "2026-03-05", "reason": "休假"}
    assert as_(cast.wu).post("/me/delegations/", said).status_code == 302
    row = Delegation.objects.get()
    assert "待答复" in page(cast.wei, "delegations")
    as_(cast.wei).post(reverse("web:delegation_answer", args=[row.pk]), {"accept": "1"})
    assert "现行有效" in page(cast.wu, "delegations")
    as_(cast.wu).post(reverse("web:delegation_revoke", args=[row.pk]))
    assert "已收回" in page(cast.wei, "delegations")


def test_a_token_is_shown_once(cast):
    client = as_(cast.wu)
    made = client.post("/me/token/").content.decode()
    key = User.objects.get(username="wu").auth_token.key
    assert key in made and key not in client.get("/me/").content.decode()
    client.post("/me/token/", {"drop": "1"})
    assert not hasattr(User.objects.get(username="wu"), "auth_token")


def test_the_own_trace_holds_every_own_act_and_nothing_else(cast):
    lives.issued(cast)
    own = set(TraceEntry.objects.filter(actor=cast.wu.user).values_list("hash", flat=True))
    answer = as_(cast.wu).post("/me/trace/export/", {"format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
    assert len(rows) == len(own) > 0
    assert {row[-1] for row in rows} == own
    kept = TraceEntry.objects.get(verb="core.trace.exported")
    assert (kept.actor, kept.facts["rows"], kept.facts["filters"]) == (cast.wu.user, len(own), {"person": "wu"})
    assert as_(cast.wu).post("/me/trace/export/", {"format": "xlsx"}).content[:2] == b"PK"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_person_logs_in_and_changes_post(desks):
    cast = make_cast()
    stand_in(cast)
    with days.on(MONDAY):
        screen = desks.of("wei")
        screen.locator("summary:has-text('魏然')").click()
        screen.get_by_role("button", name="代许文").click()
        screen.wait_for_load_state()
        assert screen.locator("h1").inner_text() == "等我签批的事项"
        assert "代许文" in screen.locator("main").inner_text()
