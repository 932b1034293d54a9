"""The annual plan over HTTP: called, requested, balanced, released; refusals with every reason."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from core import clock
from execution.models import PlanItem
from tests.support import planned, works
from tests.support.api_client import Api
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_year_from_the_call_to_the_release(cast: Cast) -> None:
    project = works.in_procurement(cast)
    today = planned.clock.today()
    ji, lin, lei, zhao = (Api(actor) for actor in (cast.ji, cast.lin, cast.lei, cast.zhao))
    envelopes = [{"source": "4", "amount": "5000000.00"}]
    made = ji.post("plans/", {"year": today.year, "requests_until": str(today), "envelopes": envelopes})
    assert made.status_code == 201, made.json()
    plan = made.json()["id"]
    body = {
        "project_id": project.pk, "category": "CONTINUING", "content": "续建", "works_from": str(today),
        "works_until": str(today), "total_investment": "12000000.00",
        "funding": [{"source": "4", "amount": "3000000.00"}],
    }  # fmt: skip
    item = lin.post(f"plans/{plan}/items/", body).json()
    assert [row["requested"] for row in item["funding"]] == ["3000000.00"]
    assert lei.post(f"execution/plan-item/{item['id']}/moves/report/").status_code == 200
    assert ji.post(f"execution/plan/{plan}/moves/close_call/").status_code == 200
    over = {"amounts": [{"item_id": item["id"], "source": "4", "amount": "5000000.01"}]}
    refusal = ji.post(f"plans/{plan}/balance/", over)
    assert (refusal.status_code, [row["code"] for row in refusal.json()["problems"]]) == (422, ["plan.envelope"])
    balanced = ji.post(f"execution/plan-item/{item['id']}/moves/balance/", {"planned": {"4": "2500000.00"}})
    assert balanced.json()["state"] == "BALANCED"
    assert zhao.post(f"execution/plan/{plan}/moves/approve/", {"document_no": "1号"}).status_code == 200
    assert ji.post(f"execution/plan/{plan}/moves/release/", {"document_no": "2号"}).status_code == 200
    funds = {"document_no": "3号", "amounts": [{"item_id": item["id"], "source": "4", "amount": "1000000.00"}]}
    assert ji.post(f"plans/{plan}/releases/", funds).status_code == 201
    seen = lin.get(f"plan-items/{item['id']}/").json()
    assert [(row["quota"], row["released"], row["left"]) for row in seen["funding"]] == [
        ("2500000.00", "1000000.00", "1500000.00")
    ]
    assert ji.get(f"plans/{plan}/").json()["envelopes"][0]["left"] == "2500000.00"
    assert lin.get(f"plans/{plan}/").json()["envelopes"] == []
    assert [row["year"] for row in lin.get(f"projects/{project.pk}/plan/").json()] == [today.year]


def ok(answer: HttpResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def codes(answer: HttpResponse, status: int = 422) -> list[str]:
    return [row["code"] for row in ok(answer, status)["problems"]]


def amounts(item: PlanItem, amount: str, source: str = "4") -> list[dict[str, Any]]:
    return [{"item_id": item.pk, "source": source, "amount": amount}]


def test_money_moves_after_the_approval_under_documents(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.released_plan(cast, item)
    following = planned.a_call(cast, plan.year + 1, {})
    ji, zhao = Api(cast.ji), Api(cast.zhao)
    document = {"document_no": "1号", "reason": "原因"}
    ok(zhao.post(f"plans/{plan.pk}/adjustments/", document | {"amounts": amounts(item, "-500000.00")}))
    assert codes(ji.post(f"plans/{plan.pk}/adjustments/", document | {"amounts": amounts(item, "1.00")}), 403) == [
        "role"
    ]
    funds = {"document_no": "2号", "amounts": amounts(item, "1000000.00")}
    released = ok(ji.post(f"plans/{plan.pk}/releases/", funds), 201)
    assert [(row["amount"], row["document_no"]) for row in released] == [("1000000.00", "2号")]
    ok(ji.post(f"plans/{plan.pk}/carry-over/", document | {"amounts": amounts(item, "1200000.00")}))
    ok(ji.post(f"plans/{plan.pk}/reclaim/", document | {"amounts": amounts(item, "400000.00")}))
    seen = ok(Api(cast.lin).get(f"plan-items/{item.pk}/"))
    assert [(row["quota"], row["released"]) for row in seen["funding"]] == [("900000.00", "900000.00")]
    assert [(row["kind"], row["amount"]) for row in seen["adjustments"]] == [
        ("MIDYEAR", "-500000.00"), ("CARRY_OVER", "-1200000.00"), ("RECLAIM", "-400000.00"),
    ]  # fmt: skip
    (carried,) = ok(ji.get(f"plans/{following.pk}/items/"))["results"]
    assert carried["funding"][0]["quota"] == "1200000.00"
    both = ji.post(f"plans/{plan.pk}/releases/", {"amounts": [{"item_id": "x", "source": "4", "amount": "1.005"}]})
    assert both.status_code == 400, "what cannot be read and what breaks a rule is one refusal"
    assert {"required", "max_decimal_places", "plan.no_document"} & set(codes(both, 400))


def test_a_call_its_envelopes_and_requests_are_corrected(cast: Cast) -> None:
    ji, lin = Api(cast.ji), Api(cast.lin)
    plan = planned.a_call(cast)
    until = str(clock.today())
    seen = ok(ji.patch(f"plans/{plan.pk}/", {"requests_until": until, "note": "提前", "version": 0}))
    assert (seen["requests_until"], seen["note"]) == (until, "提前")
    assert ji.patch(f"plans/{plan.pk}/", {"requests_until": until, "version": 0}).status_code == 409
    body = {"envelopes": [{"source": "4", "amount": "1.00"}, {"source": "4", "amount": "2.00"}]}
    assert ok(ji.put(f"plans/{plan.pk}/envelopes/", body))["envelopes"][0]["available"] == "3.00"
    item = planned.a_request(cast, plan)
    ok(lin.patch(f"plan-items/{item.pk}/", {"year_goal": "封顶", "funding": [{"source": "3", "amount": "5.00"}]}))
    seen = ok(lin.get(f"plan-items/{item.pk}/"))
    assert (seen["year_goal"], [row["source"] for row in seen["funding"]]) == ("封顶", ["3"])
    assert lin.send("DELETE", f"plan-items/{item.pk}/").status_code == 204
    assert lin.get(f"plan-items/{item.pk}/").status_code == 404


def test_the_outlook_answers_year_by_source(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "3000000.00"})
    planned.reported(cast, plan, works_until=date(plan.year + 2, 6, 30))
    ji = Api(cast.ji)
    said = {"years": 3, "growth": "-10", "envelopes": [{"year": plan.year + 2, "source": "4", "amount": "10000000.00"}]}
    seen = ok(ji.post(f"plans/{plan.pk}/outlook/", said))
    cells = [(row["available"], row["planned"], row["gap"]) for row in seen["cells"]]
    assert cells == [
        ("3000000.00", "3000000.00", "0.00"),
        ("2700000.00", "4500000.00", "1800000.00"),
        ("10000000.00", "6300000.00", "0.00"),
    ]
    assert seen["projects"][0]["given"] == ["3000000.00", "2700000.00", "6300000.00"]
    assert seen["projects"][0]["not_covered"] == "0.00"
    assert Api(cast.lin).post(f"plans/{plan.pk}/outlook/", said).status_code == 403
    assert ji.post(f"plans/{plan.pk}/outlook/", {"years": 11}).status_code == 400


def test_a_sheet_over_http(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.a_request(cast, plan)
    lin = Api(cast.lin)
    answer = lin.post(f"plans/{plan.pk}/export/")
    assert answer["Content-Disposition"] == f'attachment; filename="plan-{plan.year}.xlsx"'
    item.funding.update(requested=1)
    taken = lin.upload(f"plans/{plan.pk}/import/", file=SimpleUploadedFile("a.xlsx", answer.content))
    assert [row["id"] for row in ok(taken)] == [item.pk]
    bad = lin.upload(f"plans/{plan.pk}/import/", file=SimpleUploadedFile("a.xlsx", b"x"))
    assert codes(bad) == ["book.not_xlsx"]
    assert lin.upload(f"plans/{plan.pk}/import/").status_code == 400
    assert Api(cast.fang).upload(f"plans/{plan.pk}/import/", file=SimpleUploadedFile("a.xlsx", b"x")).status_code == 403


def test_who_may_and_who_knows(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    call = {"year": 2031, "requests_until": str(clock.today())}
    for person, plan_status, item_status in (
        ("lin", 200, 200), ("sun", 200, 404), ("wu", 200, 200), ("fang", 200, 200), ("chen", 404, 404),
        ("kong", 404, 404), ("root", 404, 404),
    ):  # fmt: skip
        api = Api(cast.actors[person])
        assert api.get(f"plans/{plan.pk}/").status_code == plan_status, person
        assert api.get(f"plan-items/{item.pk}/").status_code == item_status, person
        assert api.post("plans/", call).status_code == 403, person
        assert api.post(f"plans/{plan.pk}/balance/", {"amounts": []}).status_code in (403, 404), person
    assert Api().get("plans/").status_code == 401


def test_the_list_of_items_costs_the_same_however_long_it_is(cast: Cast) -> None:
    plan = planned.a_call(cast)
    ji, counts = Api(cast.ji), []
    for n in (2, 6):
        while plan.items.count() < n:
            planned.reported(cast, plan)
        ok(ji.get(f"plans/{plan.pk}/items/"))
        with CaptureQueriesContext(connection) as found:
            assert len(ok(ji.get(f"plans/{plan.pk}/items/"))["results"]) == n
        counts.append(len(found))
    assert counts[0] == counts[1] <= 15


HOSTILE = ("长" * 6000, "1e400", 10**40, -1, 1.005, None, {}, ["x"], "a\x00b")


def test_hostile_bodies_are_refused_in_words(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item, draft = planned.reported(cast, plan), planned.a_request(cast, plan)
    planned.released_plan(cast, item)
    open_year = planned.a_call(cast, plan.year + 1)
    asked = {
        "category": "NEW", "content": "c", "works_from": "2026-01-01", "works_until": "2027-01-01",
        "total_investment": "100.00", "year_goal": "g", "reason": "r", "funding": [{"source": "4", "amount": "1.00"}],
    }  # fmt: skip
    document = {"document_no": "1", "decided_on": "2026-01-01", "reason": "r", "amounts": amounts(item, "1.00")}
    bodies: list[tuple[Any, str, str, dict[str, Any]]] = [
        (cast.ji, "POST", "plans/", {"year": 2040, "requests_until": "2039-12-31", "note": "n", "envelopes": []}),
        (cast.ji, "PATCH", f"plans/{open_year.pk}/", {"requests_until": "2029-12-31", "note": "n", "version": 0}),
        (cast.ji, "PUT", f"plans/{plan.pk}/envelopes/", {"envelopes": [], "document_no": "1", "version": 0}),
        (cast.lin, "POST", f"plans/{open_year.pk}/items/", asked | {"project_id": item.project_id}),
        (cast.lin, "PATCH", f"plan-items/{draft.pk}/", asked | {"version": 0}),
        (cast.ji, "POST", f"plans/{plan.pk}/balance/", {"amounts": amounts(item, "1.00"), "version": 0}),
        (cast.zhao, "POST", f"plans/{plan.pk}/adjustments/", document),
        (cast.ji, "POST", f"plans/{plan.pk}/carry-over/", document),
        (cast.ji, "POST", f"plans/{plan.pk}/reclaim/", document),
        (cast.ji, "POST", f"plans/{plan.pk}/releases/", {k: v for k, v in document.items() if k != "reason"}),
        (cast.ji, "POST", f"plans/{plan.pk}/outlook/", {"years": 3, "growth": "1", "envelopes": [], "with_left_out": True}),
        (cast.ji, "POST", f"execution/plan-item/{item.pk}/moves/balance/", {"planned": {"4": "1.00"}}),
    ]  # fmt: skip
    rows = {
        "amounts": amounts(item, "1.00")[0],
        "funding": asked["funding"][0],
        "envelopes": {"source": "4", "amount": "1"},
    }
    broken = []
    for actor, method, place, good in bodies:
        api = Api(actor)
        tries = [(name, value) for name in good for value in HOSTILE]
        for name in good.keys() & rows.keys():
            tries += [(name, [rows[name] | {part: value}]) for part in rows[name] for value in HOSTILE]
        tries += [("planned", {code: value}) for code in ("4", "x" * 500) for value in HOSTILE if "planned" in good]
        for name, value in tries:
            with transaction.atomic():
                answer = api.send(method, place, good | {name: value})
                transaction.set_rollback(True)
            if answer.status_code not in (200, 201, 400, 404, 409, 422):
                broken.append((place, name, str(value)[:40], answer.status_code))
    assert broken == []
