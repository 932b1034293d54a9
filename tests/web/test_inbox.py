"""The desk: what lies there, bulk moves with an answer for each item, and what it costs to look."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Task
from approvals.services import materials
from core import clock
from core.models import TraceEntry
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.at(MONDAY):
        yield


def as_(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def project(cast, serial, **changes):
    return lives.a_project_in_proposal(
        cast, name=f"工程{serial:02d}号", code=f"2611-440399-04-01-{serial + 200000:06d}", **changes
    )


def submitted(cast, n):
    return [lives.submitted(cast, lives.a_draft(cast, project(cast, serial))) for serial in range(n)]


def desk(actor, name="inbox", **query) -> str:
    response = as_(actor).get(reverse(f"web:{name}"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_desk_shows_what_waits_for_this_post_with_days_in_words(cast):
    first, _second = submitted(cast, 2)
    shown = desk(cast.chen)
    assert "工程00号" in shown and "工程01号" in shown
    assert "剩余 5 个工作日" in shown and "1,000.00" in shown
    for other in (cast.wu, cast.xu, cast.sun, cast.zhao):
        assert "工程00号" not in desk(other)
    lives.accepted(cast, first)
    assert "工程00号" not in desk(cast.chen)
    assert "工程00号" in desk(cast.xu)
    assert "工程00号" in desk(cast.chen, "inbox_done")
    assert "工程00号" in desk(cast.chen, "inbox_sent")


def test_the_most_urgent_comes_first_and_lateness_is_said(cast):
    with clock.at(MONDAY - timedelta(days=14)):
        late = lives.submitted(cast, lives.a_draft(cast, project(cast, 7)))
    submitted(cast, 1)
    shown = desk(cast.chen)
    assert shown.index("工程07号") < shown.index("工程00号")
    row = re.search(r'<tr class="is-overdue">.*?</tr>', shown, re.DOTALL).group()
    assert late.no in row and "超期" in row


def test_filters_narrow_and_a_garbled_page_begins_again(cast):
    submitted(cast, 2)
    assert "工程01号" not in desk(cast.chen, q="工程00")
    assert "工程01号" in desk(cast.chen, type="PR") and "工程01号" not in desk(cast.chen, type="EST")
    assert "工程01号" not in desk(cast.chen, kind="COUNTERSIGN")
    for garbled in ("x", "2026-99-99.1", "2026-03-02.x", ".", "none.", "' OR 1=1"):
        for name in ("inbox", "inbox_sent", "inbox_done"):
            desk(cast.chen, name, after=garbled)


def test_pages_follow_each_other_without_repeating(cast, monkeypatch):
    submitted(cast, 5)
    monkeypatch.setattr("approvals.selectors.inbox.__kwdefaults__", {"after": "", "size": 2})
    seen, after = [], ""
    for _page in range(3):
        shown = desk(cast.chen, after=after)
        seen += re.findall(r"工程0\d号</a>", shown)
        link = re.search(r'href="\?after=([^"]+)" rel="next"', shown)
        after = link.group(1) if link else ""
    assert sorted(set(seen)) == sorted(seen) == [f"工程0{n}号</a>" for n in range(5)]
    assert after == ""


def test_many_are_accepted_at_once_with_one_trace_entry_each_and_an_answer_for_each(cast):
    items = submitted(cast, 3)
    # Somebody was faster with the second one.
    lives.accepted(cast, items[1])
    client, url = as_(cast.chen), reverse("web:bulk")
    chosen = {"move": "accept", "item": [item.pk for item in items]}
    before = TraceEntry.objects.count()
    asked = client.post(url, chosen)
    assert asked.status_code == 200 and TraceEntry.objects.count() == before, "the first post only asks"
    assert "3,000.00" in asked.content.decode(), "the amounts together"
    answered = client.post(url, {**chosen, **versions_on(asked), "confirmed": "1"})
    shown = answered.content.decode()
    assert answered.status_code == 200
    assert [lives.fresh(item).state for item in items] == ["ACCEPTED"] * 3
    entries = TraceEntry.objects.order_by("pk")[before:]
    assert [(entry.verb, entry.item_id) for entry in entries] == [
        ("approvals.item.accept", items[n].pk) for n in (0, 2)
    ]
    assert "成功 2 项，未成功 1 项" in shown
    assert shown.count("file file-problem") == 1 and shown.count("file file-ok") == 2


def test_a_required_opinion_is_asked_once_and_kept_with_every_item(cast):
    items = [lives.in_second_review(cast, _delivered(cast, n)) for n in range(2)]
    client, url = as_(cast.xu), reverse("web:bulk")
    chosen = {"move": "pass_second", "item": [item.pk for item in items], "confirmed": "1"}
    again = client.post(url, chosen)
    assert again.status_code == 422 and 'class="error"' in again.content.decode(), "told at the field, once"
    assert {lives.fresh(item).state for item in items} == {"SECOND_REVIEW"}
    said = {**chosen, **versions_on(again), "pass_second-opinion": "复核同意"}
    assert client.post(url, said).status_code == 200
    for item in items:
        assert lives.fresh(item).state == "DETERMINATION"
        assert item.opinions.get(kind="SECOND").text == "复核同意"


def versions_on(page):
    """What the page of confirmation keeps of the items as it showed them."""
    return dict(re.findall(r'name="(version-\d+)" value="(\d+)"', page.content.decode()))


def test_what_changed_since_it_was_shown_is_refused_alone(cast):
    items = submitted(cast, 3)
    client, url = as_(cast.chen), reverse("web:bulk")
    chosen = {"move": "accept", "item": [item.pk for item in items]}
    asked = client.post(url, chosen)
    slot = items[1].slots.first()
    materials.comment(items[1].pk, slot.pk, actor=cast.chen, verdict="NOTE", text="请核对")
    shown = client.post(url, {**chosen, **versions_on(asked), "confirmed": "1"}).content.decode()
    assert [lives.fresh(item).state for item in items] == ["ACCEPTED", "SUBMITTED", "ACCEPTED"]
    assert "成功 2 项，未成功 1 项" in shown and "已被他人" in shown
    unsaid = client.post(url, {"move": "accept", "item": [items[1].pk], "confirmed": "1"})
    assert unsaid.status_code == 422 and lives.fresh(items[1]).state == "SUBMITTED"


def _delivered(cast, n):
    item = lives.submitted(cast, lives.a_draft(cast, project(cast, n)))
    return lives.opinion_delivered(cast, lives.in_centre(cast, lives.in_first_review(cast, lives.accepted(cast, item))))


def test_only_moves_meant_for_many_and_only_items_in_sight(cast):
    item = submitted(cast, 1)[0]
    client, url = as_(cast.chen), reverse("web:bulk")
    assert client.post(url, {"move": "refuse_acceptance", "item": [item.pk], "confirmed": 1}).status_code == 422
    assert client.post(url, {"move": "accept", "confirmed": 1}).status_code == 422
    assert client.post(url, {"move": "accept", "item": ["x", "999999"], "confirmed": 1}).status_code == 422
    assert client.get(url).status_code == 405
    refused = as_(cast.wu).post(url, {"move": "accept", "item": [item.pk], "confirmed": 1})
    assert refused.status_code == 422 and lives.fresh(item).state == "SUBMITTED"
    stranger = as_(cast.sun).post(url, {"move": "accept", "item": [item.pk], "confirmed": 1})
    assert stranger.status_code == 422 and item.no not in stranger.content.decode()


def test_markup_in_names_stays_text(cast):
    evil = "<script>alert(1)</script>"
    lives.submitted(cast, lives.a_draft(cast, lives.a_project_in_proposal(cast, name=f"学校{evil}")))
    for shown in (desk(cast.chen), desk(cast.lin, "inbox_sent"), desk(cast.su, "items"), desk(cast.chen, q=evil)):
        assert "<script>alert" not in shown


def test_looking_at_the_desk_writes_nothing(cast):
    submitted(cast, 1)
    clients = [as_(actor) for actor in (cast.lin, cast.chen, cast.xu)]
    with no_writes():
        for client in clients:
            for name in ("inbox", "inbox_sent", "inbox_done", "items"):
                assert client.get(reverse(f"web:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["inbox", "inbox_sent", "inbox_done", "items"])
def test_a_list_costs_as_many_queries_with_25_rows_as_with_five(cast, name):
    items = submitted(cast, 5)
    for item in items:
        lives.accepted(cast, item)
    client = as_(cast.xu if name in ("inbox", "items") else cast.chen)

    def cost(n):
        for serial in range(5, n):
            _copy_of(items[0], serial)
        client.get(reverse(f"web:{name}"))
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(reverse(f"web:{name}")).content.decode()
        assert shown.count('<th scope="row"') == n
        return len(queries)

    assert cost(5) == cost(25) <= 25


def _copy_of(item, serial):
    """Another item like this one, with its tasks, made behind the services' back because only its number counts."""
    tasks = list(item.tasks.all())
    twin = lives.fresh(item)
    twin.pk, twin.no, twin.is_early_involvement = None, f"COPY-{serial}", True
    twin._state.adding = True
    twin.save(force_insert=True)
    for task in tasks:
        task.pk, task.item = None, twin
        task._state.adding = True
        task.save(force_insert=True)
    assert Task.objects.filter(item=twin).count() == len(tasks)
