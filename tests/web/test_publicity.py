"""Publicity on the pages: what a stranger reads, how anybody objects, how officers record and answer."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from approvals.models import ApprovalItem, PublicityObjection
from approvals.services import publicity
from approvals.services.publicity import Objection
from core import clock
from core.models import RuleAmendment
from projects.models import Project
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY, LAST_DAY, AFTER = date(2026, 3, 2), date(2026, 3, 11), date(2026, 3, 12)
SAID = {"text": "选址距离住宅过近", "name": "王先生", "contact": "13800138000", "unit": ""}


@pytest.fixture(autouse=True)
def _on_monday():
    cache.clear()
    with clock.at(MONDAY):
        yield


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def item(cast):
    return lives.in_publicity(cast)


def seen(address: str, status: int = 200, client: Client | None = None) -> str:
    with no_writes():
        answer = (client or Client()).get(address)
    assert answer.status_code == status
    return answer.content.decode()


def as_(actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_anybody_reads_what_lies_open_and_until_when(item):
    page = seen("/publicity/")
    for word in (
        item.project.name,
        "新区建筑工务局",
        "鹏湾新区发展和财政局",
        "500.00",
        "375.00",
        "2026-03-02",
        "2026-03-11",
    ):
        assert word in page, word
    own = seen(f"/publicity/{item.pk}/")
    assert "2026-03-11" in own and "已收到 0 件" in own and "提出异议" in own
    assert "/publicity/" in seen("/public/")


def test_no_official_and_no_objector_is_named_in_public(item):
    publicity.lodge(item.pk, Objection(**SAID))
    page = seen("/publicity/") + seen(f"/publicity/{item.pk}/")
    hidden = ("吴刚", "许文", "林晓", "雷鸣", "王先生", "13800138000", "选址距离住宅过近", "拟同意", "单价偏高")
    assert not [word for word in hidden if word in page]
    assert "已收到 1 件" in page


def test_what_is_not_public_or_not_under_publicity_is_not_there(cast, item):
    other = lives.a_draft(cast, lives.a_project(cast, name="别的", code=""), "RSV")
    seen(f"/publicity/{other.pk}/", 404)
    for closed in ({"is_public": False}, {"is_public": True, "secrecy": "INTERNAL"}):
        Project.objects.filter(pk=item.project_id).update(**closed)
        assert item.project.name not in seen("/publicity/")
        seen(f"/publicity/{item.pk}/", 404)


def test_an_objection_is_kept_and_followed_at_its_own_address(item, cast):
    answer = Client().post(f"/publicity/{item.pk}/objections/", SAID)
    row = PublicityObjection.objects.get()
    assert (answer.status_code, answer.url) == (303, f"/publicity/objections/{row.token}/")
    page = seen(answer.url)
    assert "异议已收到" in page and SAID["text"] in page and "13800138000" not in page
    publicity.answer(item.pk, row.pk, actor=cast.wu, answer="经复核选址合规", is_upheld=False)
    page = seen(answer.url)
    assert "经复核选址合规" in page and "异议不成立" in page and "吴刚" not in page
    assert "没有异议" in seen("/publicity/objections/unknown/", 404)


def test_a_wrong_objection_comes_back_with_everything_typed_and_every_reason(item):
    answer = Client().post(f"/publicity/{item.pk}/objections/", {**SAID, "name": "", "contact": "长" * 101})
    page = answer.content.decode()
    assert answer.status_code == 422 and SAID["text"] in page and page.count('class="error"') == 2
    assert not PublicityObjection.objects.exists()


def test_hostile_input_is_shown_as_text_and_never_run(item, cast):
    Client().post(f"/publicity/{item.pk}/objections/", {**SAID, "text": "<script>alert(1)</script>", "name": "<b>x"})
    row = PublicityObjection.objects.get()
    for page in (seen(f"/publicity/objections/{row.token}/"), seen(f"/items/{item.pk}/", client=as_(cast.wu))):
        assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page and "<b>x" not in page
    for value, status in (("a\x00b", 400), ("长" * 6000, 422)):
        assert Client().post(f"/publicity/{item.pk}/objections/", {**SAID, "text": value}).status_code == status
    assert Client().post(f"/publicity/{'9' * 25}/objections/", SAID).status_code == 404
    assert PublicityObjection.objects.count() == 1


def test_a_form_of_another_site_is_refused_and_nobody_sends_without_end(item):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/publicity/{item.pk}/objections/", SAID).status_code == 403
    client = Client()
    answers = [
        client.post(f"/publicity/{item.pk}/objections/", {**SAID, "text": f"第{n}件"}).status_code for n in range(7)
    ]
    assert answers == [303] * 6 + [429]


def test_after_the_last_day_the_form_is_gone_and_a_late_objection_refused(item):
    with clock.at(AFTER):
        page = seen(f"/publicity/{item.pk}/")
        assert "<textarea" not in page and "不再受理异议" in page
        answer = Client().post(f"/publicity/{item.pk}/objections/", SAID)
        assert answer.status_code == 422 and "2026-03-02 至 2026-03-11" in answer.content.decode()


def test_the_public_list_costs_the_same_for_many_items(item):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            Client().get("/publicity/")
        return len(asked)

    few = cost()
    for n in range(30):
        project = Project.objects.get(pk=item.project_id)
        project.pk, project.name = None, f"第{n}号工程"
        project.save(force_insert=True)
        copy = ApprovalItem.objects.get(pk=item.pk)
        copy.pk, copy.project, copy.no = None, project, f"N{n}"
        copy.save(force_insert=True)
    assert cost() <= few <= 3
    assert "page=2" in seen("/publicity/") and "第29号工程" in seen("/publicity/?page=2")


def test_an_officer_answers_on_the_page_of_the_item(item, cast):
    row = publicity.lodge(item.pk, Objection(**SAID))
    wu, address = as_(cast.wu), f"/items/{item.pk}/objections/{row.pk}/answer/"
    page = seen(f"/items/{item.pk}/", client=wu)
    assert "王先生" in page and "13800138000" in page and address in page
    refused = wu.post(address, {f"answer-{row.pk}-answer": "只写答复"})
    assert refused.status_code == 422 and "只写答复" in refused.content.decode()
    kept = wu.post(address, {f"answer-{row.pk}-answer": "选址合规", f"answer-{row.pk}-upheld": "no"})
    assert (kept.status_code, kept.url) == (303, f"/items/{item.pk}/#objections")
    row.refresh_from_db()
    assert (row.answer, row.is_upheld, row.answered_by) == ("选址合规", False, cast.wu.user)
    assert address not in seen(f"/items/{item.pk}/", client=wu)


def test_the_window_records_a_paper_on_the_page_of_the_item(item, cast):
    chen, address = as_(cast.chen), f"/items/{item.pk}/objections/"
    assert address in seen(f"/items/{item.pk}/", client=chen)
    said = {f"objection-{name}": value for name, value in SAID.items()}
    late = chen.post(address, {**said, "objection-received_on": "2026-02-27"})
    assert late.status_code == 422 and "2026-03-02 至 2026-03-11" in late.content.decode()
    kept = chen.post(address, {**said, "objection-received_on": "2026-03-02"})
    assert kept.status_code == 303
    assert PublicityObjection.objects.get().recorded_by == cast.chen.user


def test_the_unit_reads_objections_but_not_who_objects_and_answers_nothing(item, cast):
    row = publicity.lodge(item.pk, Objection(**SAID))
    lin = as_(cast.lin)
    page = seen(f"/items/{item.pk}/", client=lin)
    assert SAID["text"] in page and "王先生" not in page and "13800138000" not in page
    assert "/objections/" not in page
    said = {f"answer-{row.pk}-answer": "我来答复", f"answer-{row.pk}-upheld": "no"}
    assert lin.post(f"/items/{item.pk}/objections/{row.pk}/answer/", said).status_code == 403
    assert as_(cast.sun).post(f"/items/{item.pk}/objections/", {}).status_code == 404


def test_the_page_of_an_item_that_was_never_published_says_nothing_of_it(cast):
    issued = lives.issued(cast)
    assert "公示期" not in seen(f"/items/{issued.pk}/", client=as_(cast.wu))


def test_the_switch_is_turned_for_one_kind_of_item_on_the_rules_page(cast):
    root = as_(cast.root)
    options = re.findall(r'value="(publicity\.required\|[^"]*)"', seen("/rules/", client=root))
    assert {"publicity.required||", "publicity.required|RSV|", "publicity.required|FS|"} <= set(options)
    assert "publicity.required|TND|" not in options
    said = {"rule": "publicity.required|FS|", "value": "1", "effective_from": "2026-03-09", "basis": "新政〔2026〕1号"}
    assert root.post("/rules/", said).status_code == 302
    assert RuleAmendment.objects.get().item_type == "FS"
