"""A project is registered and one proposal of it lives from declaration to decision, through the API alone."""

import io
from datetime import date
from decimal import Decimal

import pytest

from approvals.models import Reduction
from core import trace
from tests.support import days
from tests.support.api_client import Api, ok
from tests.support.cast import make_cast
from tests.support.lives import BASICS, PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Everybody signs in with their own password, and works with the token they get."""
    cast = make_cast(password="demo")
    return {name: signed_in(name) for name in cast.actors}


def signed_in(username):
    api = Api()
    token = ok(api.post("token/", {"username": username, "password": "demo"}))["token"]
    api.headers["Authorization"] = f"Token {token}"
    return api


def provide_materials(lin, item):
    for row in item["materials"]:
        place = f"items/{item['id']}/materials/{row['code']}"
        if row["necessity"] == "M" and row["needs_file"]:
            file = io.BytesIO(PDF)
            file.name = f"{row['code']}.pdf"
            assert ok(lin.upload(f"{place}/versions/", file=file))["number"] == 1
        elif row["necessity"] == "C":
            ok(lin.put(f"{place}/not-applicable/", {"reason": "本项目不涉及"}))


def test_a_project_and_its_proposal_live_through_the_api_alone(people):
    lin, lei, chen, wu, xu = (people[name] for name in ("lin", "lei", "chen", "wu", "xu"))
    kong, he, jiang, zhao = (people[name] for name in ("kong", "he", "jiang", "zhao"))

    with days.on(date(2026, 3, 2)):
        project = ok(lin.post("projects/", {**BASICS, "rough_investment": "10000000.00"}))
        assert project["rough_investment"] == "10000000.00"
        moved = ok(lei.post(f"projects/{project['id']}/moves/start_proposal/", {"version": project["version"]}))
        assert moved["stage"] == "PROPOSAL"
        item = ok(lin.post(f"projects/{project['id']}/items/", {"item_type": "PR"}))
        ok(lin.patch(f"items/{item['id']}/", {"summary": "新建教学楼一栋", "contact": "林晓 0755-12345678"}))
        provide_materials(lin, item)
        lines = [
            {"code": "1", "name": "工程费用", "declared": None},
            {"code": "1.1", "name": "教学楼", "declared": "8000000.00"},
            {"code": "2", "name": "工程建设其他费用", "declared": 2000000},
        ]
        tree = ok(lin.put(f"items/{item['id']}/cost-lines/", {"lines": lines}))
        assert tree["total"]["declared"] == "10000000.00"
        assert tree["lines"][0]["declared"] == "8000000.00", "a heading shows the sum below it"
        ok(lin.post(f"items/{item['id']}/moves/present_for_signature/"))
        assert ok(lei.post(f"items/{item['id']}/moves/submit/"))["state"] == "SUBMITTED"

    with days.on(date(2026, 3, 3)):
        assert ok(chen.post("items/moves/accept/", {"ids": [item["id"]]}))["done"] == 1
        assert ok(xu.post(f"items/{item['id']}/moves/assign/", {"officer": ok(wu.get("me/"))["user"]["id"]}))
        at_work = ok(wu.get(f"items/{item['id']}/"))
        assert (at_work["deadline"]["promised"], at_work["deadline"]["due"]) == (20, "2026-03-31")
        ok(wu.post(f"items/{item['id']}/moves/send_to_center/"))
        offer = ok(kong.get(f"items/{item['id']}/moves/assign_center/"))
        first, second = [person["id"] for person in offer["candidates"] if person["input"] == "first"]
        ok(kong.post(f"items/{item['id']}/moves/assign_center/", {"first": first, "second": second}))

    with days.on(date(2026, 3, 10)):
        reviewed = [
            {"code": "1.1", "reviewed": "6000000.00", "reason": "单价偏高", "reason_class": "UNIT_PRICE"},
            {"code": "2", "reviewed": "1500000.00", "reason": "重复计列", "reason_class": "DUPLICATE"},
        ]
        tree = ok(he.put(f"items/{item['id']}/cost-lines/review/", {"lines": reviewed}))
        assert (tree["total"]["reduction"], tree["total"]["rate"]) == ("2500000.00", "0.2500")
        for reviewer in (he, jiang):
            ok(reviewer.post(f"items/{item['id']}/moves/sign_opinion/", {"opinion": "同意评审意见"}))
        ok(kong.post(f"items/{item['id']}/moves/deliver_opinion/", {"opinion": "建议按审定金额批复"}))
        ok(wu.post(f"items/{item['id']}/moves/pass_first/", {"opinion": "拟同意"}))
        ok(xu.post(f"items/{item['id']}/moves/pass_second/", {"opinion": "复核同意"}))

    with days.on(date(2026, 3, 12)):
        before = ok(zhao.get(f"items/{item['id']}/"))
        done = ok(zhao.post(f"items/{item['id']}/moves/approve/", {"version": before["version"]}))
        assert done["state"] == "ISSUED"
        assert done["reduction"]["declared"] == "10000000.00"
        assert done["reduction"]["reviewed"] == "7500000.00"
        assert (done["reduction"]["reduction"], done["reduction"]["rate"]) == ("2500000.00", "0.2500")
        document = ok(lin.get(f"items/{item['id']}/documents/"))[-1]
        assert document["number"] == done["document_no"]
        assert lin.get(document["pdf"]).content.startswith(b"%PDF-")
        genuine = ok(Api().get(f"verify/{document['token']}/"))
        assert (genuine["number"], genuine["sha256"], genuine["valid"]) == (
            done["document_no"],
            document["facts_sha256"],
            True,
        )
        seen = ok(lin.get(f"items/{item['id']}/"))
        assert seen["reviewed_amount"] == "7500000.00", "the unit sees the result"
        assert ok(lin.get(f"projects/{project['id']}/"))["stage"] == "FEASIBILITY"
        names = [entry["verb"] for entry in ok(people["su"].get(f"items/{item['id']}/trace/"))["results"]]
        assert names[0] == "approvals.item.approve" and names[-1] == "approvals.item.created"

    row = Reduction.objects.get(item_id=item["id"])
    assert row.declared - row.reviewed == Decimal("2500000.00")
    assert trace.verify().broken == ""
