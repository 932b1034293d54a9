"""The pages of the annual plan: every step by its form, what each role finds, refusals with what was typed."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from execution.models import AnnualPlan, PlanItem
from projects.models import Project
from tests.support import planned, works
from tests.support.cast import Cast, make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def sitting_at(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"web:{name}", args=args)


def test_a_year_by_its_forms_from_the_call_to_the_release(cast: Cast) -> None:
    project = works.in_procurement(cast)
    ji, lin, lei, zhao = (sitting_at(actor) for actor in (cast.ji, cast.lin, cast.lei, cast.zhao))
    year = planned.clock.today().year + 1
    until = f"{year - 1}-12-31"
    answer = ji.post(
        url("plan_new"),
        {"year": year, "requests_until": until, "note": "请申报", "funding-4": "1,000", "funding-3": "50"},
    )
    plan = AnnualPlan.objects.get(year=year)
    assert answer.status_code == 302
    assert {row.source: row.amount for row in plan.envelopes.all()} == {"4": Decimal(10_000_000), "3": Decimal(500_000)}
    page = lin.get(url("project_plan", project.pk)).content.decode()
    assert url("plan_request", plan.pk, project.pk) in page
    said = {
        "category": "NEW", "content": "新建教学楼", "works_from": f"{year}-03-01", "works_until": f"{year + 1}-06-30",
        "total_investment": "1,200", "funding-4": "300.000001", "funding-3": "20",
    }  # fmt: skip
    answer = lin.post(url("plan_request", plan.pk, project.pk), said)
    item = PlanItem.objects.get(plan=plan)
    assert answer.status_code == 302, answer.content.decode()
    assert {row.source: row.requested for row in item.funding.all()} == {
        "4": Decimal("3000000.01"),
        "3": Decimal("200000.00"),
    }
    lei.post(url("execution_move", "plan-item", item.pk, "report"))
    ji.post(url("execution_move", "plan", plan.pk, "close_call"))
    over = ji.post(url("plan_balance", plan.pk), {f"a-{item.pk}-4": "1000.01", f"a-{item.pk}-3": "20"})
    assert over.status_code == 422
    assert 'value="1000.01"' in over.content.decode()
    fine = ji.post(url("plan_balance", plan.pk), {f"a-{item.pk}-4": "250", f"a-{item.pk}-3": "20"})
    assert fine.status_code == 302
    zhao.post(url("execution_move", "plan", plan.pk, "approve"), {"approve-document_no": "鹏发改计〔2026〕9号"})
    ji.post(url("execution_move", "plan", plan.pk, "release"), {"release-document_no": "鹏发改计〔2026〕10号"})
    answer = ji.post(
        url("plan_release", plan.pk),
        {"document_no": "鹏发财〔2026〕12号", f"a-{item.pk}-4": "100.5", f"a-{item.pk}-3": ""},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert item.releases.get().amount == Decimal("1005000.00")
    answer = zhao.post(
        url("plan_adjust", plan.pk), {"document_no": "调1号", "reason": "核减", f"a-{item.pk}-4": "-149.5"}
    )
    assert answer.status_code == 302, answer.content.decode()
    page = lin.get(url("project_plan", project.pk)).content.decode()
    assert "120.50" in page, "quota 100.5 + 20"
    for name in ("plan", "plan_release", "plan_carry_over", "plan_reclaim", "plan_envelopes"):
        assert ji.get(url(name, plan.pk)).status_code == 200, name
    assert lin.get(url("plan_item", item.pk)).status_code == 200


PAGES = ("plan", "plan_envelopes", "plan_balance", "plan_release", "plan_adjust", "plan_carry_over", "plan_reclaim")


@pytest.mark.parametrize(
    ("who", "plan_status", "room_status"),
    [("lin", 200, 200), ("lei", 200, 200), ("wu", 200, 200), ("xu", 200, 200), ("zhao", 200, 200), ("fang", 200, 200),
     ("qian", 200, 200), ("su", 200, 200), ("sun", 200, 404), ("chen", 404, 200), ("gu", 404, 200), ("root", 404, 404)],
)  # fmt: skip
def test_the_matrix_reads_and_reading_writes_nothing(cast: Cast, who: str, plan_status: int, room_status: int) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.released_plan(cast, item)
    client = sitting_at(cast.actors[who])
    with no_writes():
        assert client.get(url("plan", plan.pk)).status_code == plan_status
        assert client.get(url("project_plan", item.project_id)).status_code == room_status
        own = plan_status == room_status == 200
        assert client.get(url("plan_item", item.pk)).status_code == (200 if own else 404)
        wanted = 200 if own and who not in ("lin", "lei") else 403
        assert client.get(url("plan_simulation")).status_code == wanted
    for name in PAGES[1:]:
        allowed = who == "zhao" and name == "plan_adjust"
        assert client.get(url(name, plan.pk)).status_code in ((200,) if allowed else (403, 404)), name


def test_a_unit_sees_its_own_requests_and_neither_envelopes_nor_totals(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "77770000.00"})
    mine = planned.reported(cast, plan)
    page = sitting_at(cast.lin).get(url("plan", plan.pk)).content.decode()
    assert mine.project.name in page
    assert "7,777.00" not in page
    page = sitting_at(cast.sun).get(url("plan", plan.pk)).content.decode()
    assert mine.project.name not in page
    assert "300.00" not in page
    assert "7,777.00" in sitting_at(cast.wu).get(url("plan", plan.pk)).content.decode()


def test_the_lists_cost_the_same_however_long_they_are(cast: Cast) -> None:
    plan = planned.a_call(cast)
    counts = []
    for n in (2, 8):
        while plan.items.count() < n:
            item = planned.reported(cast, AnnualPlan.objects.get(pk=plan.pk))
            assert item.pk
        seen = []
        for actor, address in (
            (cast.fang, url("plan", plan.pk)),
            (cast.ji, url("plan", plan.pk)),
            (cast.ji, url("plan_balance", plan.pk)),
            (cast.ji, url("plan_release", plan.pk)),
            (cast.ji, url("plan_simulation")),
            (cast.lin, url("plan", plan.pk)),
            (cast.fang, url("plans")),
        ):
            client = sitting_at(actor)
            client.get(address)
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200, address
            seen.append(len(found))
        counts.append(seen)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 40


def test_filters_find_by_state_category_and_words(cast: Cast) -> None:
    plan = planned.a_call(cast)
    one, two = planned.reported(cast, plan), planned.a_request(cast, plan, category="CONTINUING")
    lin = sitting_at(cast.lin)
    for query, wanted, other in (
        ({"state": "DRAFT"}, two, one),
        ({"category": "NEW"}, one, two),
        ({"q": two.project.code}, two, one),
        ({"state": "DRAFT", "category": "CONTINUING", "q": two.project.name}, two, one),
    ):
        page = lin.get(url("plan", plan.pk), query).content.decode()
        assert wanted.get_absolute_url() in page, query
        assert other.get_absolute_url() not in page, query
    assert lin.get(url("plan", plan.pk), {"state": "x", "q": "%", "page": "九"}).status_code == 200


def test_the_simulation_shows_the_gap_by_year_and_what_an_address_assumes(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "3000000.00"})
    item = planned.reported(cast, plan, works_until=date(plan.year + 2, 6, 30))
    ji = sitting_at(cast.ji)
    page = ji.get(url("plan_simulation"), {"plan": plan.pk, "years": 3}).content.decode()
    assert item.project.name in page
    assert "450.00" in page, "12,000,000 - 3,000,000 over two years"
    assert "300.00" in page, "150 are missing in each of the two years, 300 at the end"
    rich = ji.get(
        url("plan_simulation"),
        {"plan": plan.pk, "years": 3, f"e-{plan.year + 1}-4": "450", f"e-{plan.year + 2}-4": "450"},
    )
    assert 'value="450.00"' in rich.content.decode()
    picture = rich.context["picture"]
    assert picture.outlook.gap_at_the_end == 0
    odd = ji.get(url("plan_simulation"), {"plan": "x", "years": "999", "growth": "1e9", f"e-{plan.year}-4": "viel"})
    assert odd.status_code == 200
    assert len(odd.context["faults"]) == 2


def test_a_sheet_goes_out_and_in_by_the_pages(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.a_request(cast, plan)
    lin = sitting_at(cast.lin)
    assert lin.get(url("plan_export", plan.pk)).status_code == 405
    answer = lin.post(url("plan_export", plan.pk))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert b"".join(answer) if answer.streaming else answer.content
    item.funding.update(requested=Decimal(1))
    upload = SimpleUploadedFile("计划.xlsx", answer.content)
    assert lin.post(url("plan_import", plan.pk), {"file": upload}).status_code == 302
    assert item.funding.get().requested == Decimal("3000000.00")
    bad = lin.post(url("plan_import", plan.pk), {"file": SimpleUploadedFile("<b>.xlsx", b"no")})
    assert bad.status_code == 422
    assert "<b>.xlsx" not in bad.content.decode()
    assert lin.post(url("plan_import", plan.pk)).status_code == 422
    assert sitting_at(cast.fang).get(url("plan_import", plan.pk)).status_code == 403


HOSTILE = ("长" * 6000, "1e400", "<script>alert(1)</script>", "²", "9" * 5000)


def test_hostile_forms_are_answered_in_words(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    draft = planned.a_request(cast, plan)
    planned.released_plan(cast, item)
    document = {"document_no": "1号", "decided_on": "2026-01-01", "reason": "r", f"a-{item.pk}-4": "1"}
    asked = {
        "category": "NEW", "content": "c", "works_from": "2026-01-01", "works_until": "2026-02-01",
        "total_investment": "100", "year_goal": "g", "reason": "r", "funding-4": "1",
    }  # fmt: skip
    following = planned.a_call(cast, plan.year + 1)
    other = planned.reported(cast, following)
    planned.closed_call(cast, following)
    broken = []
    for actor, address, good in (
        (cast.ji, url("plan_new"), {"year": "2030", "requests_until": "2029-12-31", "note": "n", "funding-4": "1"}),
        (cast.ji, url("plan_envelopes", plan.pk), {"funding-4": "900000", "document_no": "1号", "version": ""}),
        (cast.ji, url("plan_release", plan.pk), document),
        (cast.zhao, url("plan_adjust", plan.pk), document),
        (cast.ji, url("plan_carry_over", plan.pk), document),
        (cast.ji, url("plan_reclaim", plan.pk), document),
        (cast.ji, url("plan_balance", following.pk), {f"a-{other.pk}-4": "1", "version": ""}),
        (cast.lin, url("plan_item_edit", draft.pk), asked | {"version": ""}),
        (cast.lin, url("plan_request", plan.pk, works.in_procurement(cast).pk), asked),
        (cast.ji, url("execution_move", "plan-item", other.pk, "balance"), {"balance-planned": "{}"}),
    ):
        client = sitting_at(actor)
        for name in good:
            for value in HOSTILE:
                with transaction.atomic():
                    answer = client.post(address, good | {name: value})
                    transaction.set_rollback(True)
                if answer.status_code not in (302, 404, 409, 422) or b"<script>alert" in answer.content:
                    broken.append((address, name, value[:20], answer.status_code))
    assert broken == []


def test_what_was_typed_in_a_grid_stays_after_a_refusal(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.released_plan(cast, item)
    answer = sitting_at(cast.ji).post(url("plan_release", plan.pk), {"document_no": "", f"a-{item.pk}-4": "300.01"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="300.01"' in page
    answer = sitting_at(cast.ji).post(url("plan_release", plan.pk), {"document_no": "1", f"a-{item.pk}-4": "很多"})
    assert answer.status_code == 422
    assert 'value="很多"' in answer.content.decode()
    assert not item.releases.exists()


def test_a_form_about_money_that_is_sent_twice_counts_once(cast: Cast) -> None:
    """A second click, or the page before sent again."""
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.released_plan(cast, item)
    ji = sitting_at(cast.ji)
    page = ji.get(url("plan_release", plan.pk)).content.decode()
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    said = {"document_no": "1号", f"a-{item.pk}-4": "100", "version": version}
    assert ji.post(url("plan_release", plan.pk), said).status_code == 302
    assert ji.post(url("plan_release", plan.pk), said).status_code == 409
    assert [row.amount for row in item.releases.all()] == [Decimal("1000000.00")]


def test_a_unit_asks_for_its_projects_from_the_page_of_the_year_while_requests_are_taken(cast: Cast) -> None:
    plan = planned.a_call(cast)
    asked, free, ended = planned.a_request(cast, plan), works.in_procurement(cast), works.in_procurement(cast)
    Project.objects.filter(pk=ended.pk).update(stage="TERMINATED")

    def offered(actor: Actor) -> list[int]:
        return [row.pk for row in sitting_at(actor).get(plan.get_absolute_url()).context["to_ask_for"]]

    assert offered(cast.lin) == [free.pk], "what is in the plan and what has ended is not offered"
    assert offered(cast.lei) == offered(cast.ji) == offered(cast.sun) == []
    lin = sitting_at(cast.lin)
    answer = lin.get(url("plan_ask", plan.pk), {"project": free.pk})
    assert (answer.status_code, answer["Location"]) == (302, url("plan_request", plan.pk, free.pk))
    for text in ("", "x", "²", "9" * 40):
        assert lin.get(url("plan_ask", plan.pk), {"project": text})["Location"] == plan.get_absolute_url()
    works.do(asked, "report", cast.lei)
    planned.closed_call(cast, plan)
    assert offered(cast.lin) == [], "requests are being balanced"
    room = url("project_plan", free.pk)
    assert url("plan_request", plan.pk, free.pk) not in lin.get(room).content.decode()
    planned.approved_plan(cast, asked)
    assert offered(cast.lin) == [free.pk], "additions, while the plan runs"
    assert url("plan_request", plan.pk, free.pk) in lin.get(room).content.decode()


def test_who_adjusts_sees_what_is_left_of_each_envelope_and_that_a_reason_is_due(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "7000000.00"})
    item = planned.reported(cast, plan)
    planned.released_plan(cast, item)
    for actor, name, needed in (
        (cast.zhao, "plan_adjust", True),
        (cast.ji, "plan_reclaim", True),
        (cast.ji, "plan_carry_over", False),
    ):
        assert sitting_at(actor).get(url(name, plan.pk)).context["form"].fields["reason"].required == needed, name
    page = sitting_at(cast.zhao).get(url("plan_adjust", plan.pk)).content.decode()
    assert "400.00" in page, "7,000,000 − 3,000,000 yuan in units of 10,000"
    answer = sitting_at(cast.zhao).post(url("plan_adjust", plan.pk), {"document_no": "1号", f"a-{item.pk}-4": "1"})
    assert [list(errors) for errors in answer.context["form"].errors.values()] == [["此项为必填项。"]]
