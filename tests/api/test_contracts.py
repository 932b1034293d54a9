"""Tender, contract, supplement and change order over HTTP alone, and how every fault is refused."""

from datetime import timedelta

import pytest
from django.db import transaction

from core import clock
from tests.support import works
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
LINES = [
    {"name": "混凝土", "cost_code": "1.1", "unit": "m³", "quantity": "1000", "unit_price": "500"},
    {"name": "其他", "cost_code": "1.1", "amount": "500000.00"},
]
CONTRACT = {
    "no": "HT-1", "name": "施工合同", "kind": "WORKS", "contractor": works.WINNER, "price_type": "UNIT_PRICE",
    "price": "1000000.00", "retention_rate": "3", "no_prefinancing": True, "lines": LINES,
}  # fmt: skip


@pytest.fixture
def cast():
    return make_cast()


def test_from_the_tender_to_an_approved_change(cast):
    lin, lei, fang = Api(cast.lin), Api(cast.lei), Api(cast.fang)
    project = works.in_procurement(cast)
    tender = ok(
        lin.post(
            f"projects/{project.pk}/tenders/",
            {"name": "施工", "kind": "WORKS", "method": "DIRECT", "ceiling": "1000000.00"},
        )
    )
    assert [move["name"] for move in tender["moves"]] == ["announce"]
    today = str(clock.today())
    award = {
        "winner": works.WINNER,
        "award": "1000000.00",
        "notified_on": today,
        "document_no": "1号",
        "reason": "抢险",
    }
    moved = ok(lei.post(f"execution/tender/{tender['id']}/moves/award_directly/", award))
    assert moved["state"] == "AWARDED"
    assert ok(fang.get(f"tenders/{tender['id']}/"))["contract_clock"]["days_left"] == 30
    contract = ok(lin.post(f"projects/{project.pk}/contracts/", CONTRACT | {"tender_id": tender["id"]}))
    assert [line["amount"] for line in contract["lines"]] == ["500000.00", "500000.00"]
    place = f"contracts/{contract['id']}/"
    contract = ok(
        lin.put(place, CONTRACT | {"tender_id": tender["id"], "signed_on": today, "version": contract["version"]})
    )
    refused(lin.put(place, CONTRACT | {"version": 0}), 409)
    assert ok(lei.post(f"execution/contract/{contract['id']}/moves/take_effect/"))["state"] == "EFFECTIVE"
    supplement = {"no": "补1", "amount": "-1000.00", "signed_on": today, "reason": "减项"}
    assert ok(lin.post(f"{place}supplements/", supplement))["value"]["total"] == "999000.00"
    line = ok(fang.get(place))["lines"][0]["id"]
    order = {"no": "BG-1", "kind": "DESIGN_CHANGE", "title": "增加混凝土", "reason": "地质",
             "lines": [{"line_id": line, "quantity": "-10", "unit_price": "500"}]}  # fmt: skip
    change = ok(lin.post(f"{place}changes/", order))
    assert (change["estimated"], change["level"]) == ("-5000.00", "OWNER")
    order["lines"][0]["quantity"] = "20"
    change = ok(lin.put(f"changes/{change['id']}/", order | {"version": change["version"]}))
    at = f"execution/change/{change['id']}/moves"
    signed = {"signed_by": "王工", "signed_on": today}
    for api, name, said in (
        (lin, "supervision_agrees", signed), (lin, "designer_agrees", signed), (lei, "owner_agrees", {}),
        (lei, "approve_by_owner", {}), (lin, "carry_out", {"done_on": today}), (lin, "price", {"priced": "-9.50"}),
    ):  # fmt: skip
        moved = ok(api.post(f"{at}/{name}/", said))
    assert moved["state"] == "PRICED"
    shown = ok(fang.get(place))
    assert (shown["value"]["changes"], shown["lines"][0]["quantity_now"]) == ("-9.50", "1020.0000")
    assert [row["no"] for row in ok(fang.get(f"projects/{project.pk}/changes/"))["results"]] == ["BG-1"]
    assert [row["value"]["total"] for row in ok(fang.get(f"projects/{project.pk}/contracts/"))] == ["998990.50"]


def test_faults_of_form_and_of_rule_come_together(cast):
    project = works.in_procurement(cast)
    lin = Api(cast.lin)
    wrong = CONTRACT | {"price": "viel", "retention_rate": "4", "colour": "red", "lines": [{"name": "n"}]}
    said = refused(lin.post(f"projects/{project.pk}/contracts/", wrong), 400)
    assert {"invalid", "unknown", "required", "contract.retention"} <= codes(said)
    tender = {"name": "x", "kind": "WORKS", "method": "OPEN", "ceiling": "10000000.01"}
    said = refused(lin.post(f"projects/{project.pk}/tenders/", tender), 422)
    assert codes(said) == {"tender.above_budget"}


def test_objections_over_http(cast):
    lin, tender = Api(cast.lin), works.a_tender(cast)
    today = clock.today()
    works.do(tender, "announce", cast.lin, announced_on=today, closes_on=today + timedelta(days=20))
    said = {"objector": "市民", "text": "门槛过高", "received_on": str(today)}
    shown = ok(lin.post(f"tenders/{tender.pk}/objections/", said))
    assert shown["state"] == "COMPLAINT"
    place = f"tenders/objections/{shown['objections'][0]['id']}/answer/"
    refused(Api(cast.sun).put(place, {"answer": "x"}), 404)
    refused(Api(cast.fang).put(place, {"answer": "x"}), 403)
    assert ok(lin.put(place, {"answer": "已调整"}))["objections"][0]["answer"] == "已调整"
    assert codes(refused(lin.put(place, {"answer": "再"}), 422)) == {"objection.answered"}


def test_drafts_are_taken_back_over_http(cast):
    contract = works.a_contract(cast, tender=works.a_tender(cast))
    lin, places = Api(cast.lin), (f"contracts/{contract.pk}/", f"tenders/{contract.tender_id}/")
    for place in places:
        refused(Api(cast.sun).send("DELETE", place), 404)
        refused(Api(cast.fang).send("DELETE", place), 403)
        assert lin.send("DELETE", place).status_code == 204
        refused(lin.get(place), 404)


def test_who_may_and_who_knows(cast):
    contract = works.in_force(cast)
    for person, status in (("lei", 403), ("wu", 403), ("fang", 403), ("sun", 404), ("root", 404)):
        api = Api(cast.actors[person])
        refused(api.post(f"projects/{contract.project_id}/contracts/", CONTRACT), status)
        refused(api.post(f"contracts/{contract.pk}/supplements/",
                         {"no": "1", "amount": "1.00", "signed_on": str(clock.today()), "reason": "r"}), status)  # fmt: skip


HOSTILE = (
    "长" * 6000,
    "1e400",
    "NaN",
    "-Infinity",
    10**40,
    -1,
    1.005,
    True,
    None,
    [],
    {},
    ["x"],
    "a\x00b",
    "9999999999999.99",
)
BODIES = {
    "projects/{project}/tenders/": {"name": "n", "kind": "WORKS", "method": "OPEN", "ceiling": "1.00"},
    "projects/{project}/contracts/": {**CONTRACT, "tender_id": None, "signed_on": None, "version": 0},
    "contracts/{contract}/supplements/": {"no": "1", "amount": "1.00", "signed_on": "2026-11-23", "reason": "r", "cost_code": ""},
    "contracts/{contract}/changes/": {"no": "1", "kind": "DESIGN_CHANGE", "title": "t", "reason": "r", "is_substantive": False,
                                      "lines": [{"name": "n", "cost_code": "1", "quantity": "1", "unit_price": "1"}]},
    "tenders/{tender}/objections/": {"objector": "o", "text": "t", "received_on": "2026-11-23"},
}  # fmt: skip
ROW = {
    "name": "n", "cost_code": "1", "code": "", "unit": "", "quantity": "1", "unit_price": "1", "amount": "1.00",
    "line_id": None,
}  # fmt: skip


@pytest.mark.parametrize("place", BODIES)
def test_hostile_bodies_are_refused_in_words(cast, place):
    contract = works.contracted(cast)
    where = place.format(project=contract.project_id, contract=contract.pk, tender=contract.tender_id)
    lin, broken = Api(cast.lin), []

    def send(body, label):
        with transaction.atomic():
            answer = lin.post(where, body)
            transaction.set_rollback(True)
        if answer.status_code not in (201, 400, 409, 422):
            broken.append((label, answer.status_code))

    for name in BODIES[place]:
        for value in HOSTILE:
            send(BODIES[place] | {name: value}, (name, str(value)[:20]))
    if "lines" in BODIES[place]:
        known = ROW if "changes" in place else {name: ROW[name] for name in ROW if name != "line_id"}
        for name in known:
            for value in (*HOSTILE, "999999999999.9999"):
                send(
                    BODIES[place]
                    | {"lines": [known | {"unit_price": "999999999999.9999", "amount": None, name: value}]},
                    name,
                )
    assert broken == []
