"""The trace, the events, the calendar, the rules and the posts, for those who may see them."""

import io
import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.actor import actors_of
from accounts.models import Appointment, User
from accounts.roles import Role
from approvals.models import SupervisionEvent
from approvals.services import moves, tick
from core import calendars, clock, rulebook
from core.calendar import YearNotice
from core.models import CalendarNotice, RuleAmendment, TraceEntry
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
NOTICE = {
    "year": 2027,
    "papers": ["https://www.gov.cn/2027.htm"],
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-03", "isOffDay": False},
    ],
}


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def cast():
    return make_cast()


def as_(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def shown(actor, address: str, **query) -> str:
    client = as_(actor)
    with no_writes():
        response = client.get(address, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


# Trace


def test_the_whole_trace_is_for_supervision_and_audit_only(cast):
    for username in ("lin", "wu", "fang", "root"):
        assert as_(getattr(cast, username)).get("/trace/").status_code == 403, username
    for username in ("su", "qian"):
        assert as_(getattr(cast, username)).get("/trace/").status_code == 200


def test_a_chief_reads_what_the_own_house_did_and_takes_nothing_along(cast):
    lives.accepted(cast)
    client = as_(cast.xu)
    text = client.get("/trace/").content.decode()
    assert "陈洁" in text, "the window of the same house accepted"
    assert "林晓" not in text, "the unit's own acts stay its own"
    assert client.post("/trace/export/", {"format": "csv"}).status_code == 403


def test_the_trace_says_who_did_what_on_what_with_its_hash(cast):
    lives.in_first_review(cast)
    page = shown(cast.su, "/trace/")
    entry = TraceEntry.objects.get(verb="approvals.item.assign")
    assert "许文" in page and "分办" in page and "已受理 → 初审" in page and entry.hash in page
    assert "葵湾中心小学改扩建工程" in page


def test_filters_narrow_the_trace(cast):
    item = lives.in_first_review(cast)
    for filters, wanted in (
        ({"person": "陈洁"}, TraceEntry.objects.filter(actor=cast.chen.user)),
        ({"verb": "approvals.item.submit"}, TraceEntry.objects.filter(verb="approvals.item.submit")),
        ({"item": item.no}, TraceEntry.objects.filter(item_id=item.pk)),
        (
            {"project": "葵湾", "from": "2026-03-02", "to": "2026-03-02"},
            TraceEntry.objects.filter(project_id=item.project_id),
        ),
        ({"from": "2026-03-03"}, TraceEntry.objects.none()),
        ({"person": "nobody"}, TraceEntry.objects.none()),
    ):
        hashes = set(re.findall(r"<code class=\"hash\">([0-9a-f]{64})", shown(cast.su, "/trace/", **filters)))
        assert hashes == set(wanted.order_by("-pk").values_list("hash", flat=True)[:40]), filters


def test_personal_numbers_are_masked_on_the_page_and_whole_in_the_chain(cast):
    item = lives.in_first_review(cast)
    moves.perform(item.pk, "nudge", actor=cast.lin, data={"text": "请致电 13812345678"})
    page = shown(cast.su, "/trace/")
    assert "138****5678" in page and "13812345678" not in page
    assert TraceEntry.objects.get(verb="approvals.item.nudge").facts["text"].endswith("13812345678")


def test_taking_the_trace_along_is_itself_kept(cast):
    lives.accepted(cast)
    before = list(TraceEntry.objects.order_by("-pk").values_list("hash", flat=True))
    answer = as_(cast.su).post("/trace/export/", {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert set(before) <= cells
    entry = TraceEntry.objects.latest("pk")
    assert (entry.verb, entry.actor_name, entry.facts["count"]) == ("core.trace.exported", "苏明", len(before))


def test_verification_says_that_the_trace_is_whole_and_remembers_it(cast):
    lives.accepted(cast)
    count = TraceEntry.objects.count()
    page = as_(cast.su).post("/trace/verify/", follow=True).content.decode()
    assert f"已重新计算 {count} 条" in page and "完整无误" in page


def test_a_page_of_the_trace_costs_the_same_for_many_entries(cast):
    lives.accepted(cast)

    def cost() -> int:
        client = as_(cast.su)
        with CaptureQueriesContext(connection) as asked:
            client.get("/trace/")
        return len(asked)

    few = cost()
    other = lives.a_project_in_proposal(cast, name="沙涌路工程", code="2611-440399-04-01-200001")
    lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, other))))
    assert cost() <= few <= 15


# Events


def test_events_show_cause_person_and_explanation(cast):
    item = lives.in_first_review(cast)
    with clock.at(date(2026, 4, 7)):
        tick.run()
        page = shown(cast.su, "/supervision/", explained="no")
        assert "事项超期" in page and "环节超时" in page and "尚未说明" in page
        moves.perform(item.pk, "explain_overdue", actor=cast.wu, data={"explanation": "等待评审资料"})
        assert "等待评审资料" in shown(cast.su, "/supervision/", explained="yes")
    assert SupervisionEvent.objects.filter(explanation="等待评审资料").exists()
    assert as_(cast.lin).get("/supervision/").status_code == 403


# Calendar


def test_the_year_shows_holidays_make_up_days_and_the_number_of_working_days(cast):
    page = shown(cast.lin, "/calendar/", year="2026")
    assert "248 个工作日" in page
    assert len(re.findall(r'class="is-makeup"', page)) == 6


def test_a_due_date_is_computed_for_anybody_and_explained(cast):
    with no_writes():
        page = Client().get("/calendar/", {"start": "2026-09-18", "days": "20"}).content.decode()
    assert "2026-10-22" in page and "国庆节" in page
    page = Client().get("/calendar/", {"start": "2026-12-20", "days": "20"}).content.decode()
    assert "暂定" in page


@pytest.mark.parametrize(
    "query",
    [
        {"start": "x", "days": "5"},
        {"start": "2026-01-01", "days": "0"},
        {"start": "1900-01-01", "days": "5"},
        {"year": "99999"},
        {"start": "2026-13-45", "days": "1"},
    ],
)
def test_what_cannot_be_read_is_said_and_breaks_nothing(query):
    assert Client().get("/calendar/", query).status_code == 200


def test_a_notice_goes_from_file_to_force_by_two_people(cast):
    with clock.at(date(2026, 12, 7)):
        item = lives.in_first_review(cast)
        file = SimpleUploadedFile("2027.json", json.dumps(NOTICE).encode())
        made = as_(cast.root).post("/calendar/notices/", {"file": file})
        row = CalendarNotice.objects.get()
        assert made.url == f"/calendar/notices/{row.pk}/"
        before = shown(cast.zhao, made.url)
        assert "2027-01-01" in before and item.project.name in before and "暂定" in before
        assert item.project.name not in shown(cast.root, made.url)
        assert as_(cast.root).post(f"{made.url}approve/").status_code == 403
        after = as_(cast.zhao).post(f"{made.url}approve/", follow=True).content.decode()
        assert "1 个期限随之变动" in after
        assert calendars.current().last_year == 2027 and not lives.fresh(item).due_is_provisional


def test_a_file_that_is_no_notice_is_refused_with_its_faults(cast):
    answer = as_(cast.root).post("/calendar/notices/", {"file": SimpleUploadedFile("x.json", b'{"year": 1}')})
    page = answer.content.decode()
    assert answer.status_code == 422 and "“days”" in page
    assert "国务院办公厅" in page and "x.json" in page, "in words, with the file's name"
    assert 'id="propose"' in page and 'href="#id_file"' in page, "on the form itself"
    assert len(answer.context["form"].errors["file"]) == 3
    silent = as_(cast.root).post("/calendar/notices/", {"year": "2025"})
    assert silent.status_code == 422 and silent.context["year"] == 2025
    big = SimpleUploadedFile("y.json", b" " * 200_001)
    assert as_(cast.root).post("/calendar/notices/", {"file": big}).status_code == 422
    assert as_(cast.wu).post("/calendar/notices/").status_code == 403
    assert not CalendarNotice.objects.exists()


def test_what_is_wrong_with_the_file_and_with_its_year_is_told_at_once(cast):
    content = json.dumps(NOTICE | {"year": 2044, "papers": []}).encode()
    answer = as_(cast.root).post("/calendar/notices/", {"file": SimpleUploadedFile("x.json", content)})
    said = "".join(answer.context["form"].errors["file"])
    assert answer.status_code == 422 and "papers" in said and "2010" in said and "2027-01-01" in said


def test_the_example_is_a_file_that_could_be_proposed(cast):
    answer = as_(cast.root).get("/calendar/notices/example/")
    assert YearNotice.from_json(answer.content) == calendars.current().notices[-1]
    assert "/calendar/notices/example/" in shown(cast.root, "/calendar/")
    assert "/calendar/notices/example/" not in shown(cast.zhao, "/calendar/")


# Rules


def test_a_rule_goes_from_proposal_to_force_by_two_people(cast):
    page = shown(cast.su, "/rules/")
    assert "受理答复时限" in page and "5 个工作日" in page and "行政许可法 第三十二条" in page
    said = {"rule": "limit.acceptance||", "value": "3", "effective_from": "2026-03-09", "basis": "鹏湾新区〔2026〕9号"}
    assert as_(cast.root).post("/rules/", said).status_code == 302
    row = RuleAmendment.objects.get()
    assert as_(cast.root).post(f"/rules/{row.pk}/approve/").status_code == 403
    assert as_(cast.zhao).post(f"/rules/{row.pk}/approve/").status_code == 302
    assert rulebook.on(date(2026, 3, 9)).days("limit.acceptance") == 3
    assert "3 个工作日" in shown(cast.su, "/rules/", on="2026-03-09")


def test_a_refused_rule_keeps_what_was_entered_and_says_why_at_the_field(cast):
    said = {"rule": "limit.acceptance||", "value": "5", "effective_from": "2026-03-02", "basis": "无变化"}
    answer = as_(cast.root).post("/rules/", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="无变化"' in page
    assert 'href="#id_value"' in page and 'href="#id_effective_from"' in page
    assert as_(cast.zhao).post("/rules/", said).status_code in (403, 422) and not RuleAmendment.objects.exists()


# Posts


def test_the_security_administrator_gives_and_ends_posts(cast):
    user = User.objects.create(username="sec", full_name="安全员")
    Appointment.objects.create(
        user=user, organisation=cast.houses["platform"], role=Role.SEC_ADMIN, held_from=date(2016, 1, 1)
    )
    keeper = actors_of(user)[0]
    said = {
        "user": cast.wu.user.pk,
        "organisation": cast.houses["authority"].pk,
        "role": "ARCHIVIST",
        "held_from": "2026-03-02",
    }
    assert as_(keeper).post("/posts/", said).status_code == 302
    post = Appointment.objects.get(user=cast.wu.user, role="ARCHIVIST")
    assert "档案员" in shown(keeper, "/posts/", q="吴刚")
    as_(keeper).post(f"/posts/{post.pk}/end/", {"held_to": "2026-03-06"})
    post.refresh_from_db()
    assert post.held_to == date(2026, 3, 6)
    assert as_(keeper).post("/posts/", {**said, "role": "AUDIT_ADMIN"}).status_code == 422
    assert as_(cast.root).get("/posts/").status_code == 403
