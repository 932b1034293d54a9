"""Payments over HTTP alone: applied for, certified, approved, paid; and how every fault is refused."""

import pytest

from core import clock
from tests.support import building_site as site
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def test_from_the_application_to_the_ledger(cast):
    lin, lei, fang = Api(cast.lin), Api(cast.lei), Api(cast.fang)
    contract = site.payable(cast)
    report = site.reported(cast, contract.project)
    said = {"kind": "PROGRESS", "applied": "1000.00", "report_id": report.pk}
    payment = ok(lin.post(f"contracts/{contract.pk}/payments/", said))
    assert payment["funding"] == [{"source": "4", "amount": "1000.00"}]
    assert [move["name"] for move in payment["moves"]] == ["certify", "withdraw"]
    place = f"payments/{payment['id']}/"
    payment = ok(lin.put(place, said | {"applied": "900.00", "version": payment["version"]}))
    refused(lin.put(place, said | {"version": 0}), 409)
    at = f"execution/payment/{payment['id']}/moves"
    ok(lin.post(f"{at}/certify/", {"certified": "800.00", "signed_by": "王工"}))
    assert codes(refused(lin.put(f"{place}funding/", {"funding": [{"source": "4", "amount": "1.00"}]}), 422)) == {
        "payment.funding"
    }
    ok(lin.put(f"{place}funding/", {"funding": [{"source": "4", "amount": "800.00"}]}))
    ok(lin.post(f"{at}/check_cost/", {"checked": "800.00", "signed_by": "李工"}))
    ok(lei.post(f"{at}/approve_by_owner/"))
    ok(fang.post(f"{at}/approve_by_finance/"))
    moved = ok(fang.post(f"{at}/pay/", {"treasury_no": "GK-9", "paid_on": str(clock.today())}))
    assert moved["state"] == "PAID"
    shown = ok(fang.get(place))
    assert [entry["move"] for entry in shown["trail"]][-1] == "pay"
    assert shown["limits"]["limit"] == "6880000.00"
    standing = ok(fang.get(f"projects/{contract.project_id}/payments/standing/"))
    assert (standing["paid"], standing["room"], standing["contracts"][0]["committed"]) == (
        "800.00", "8999200.00", "800.00",
    )  # fmt: skip
    assert [row["no"] for row in ok(fang.get(f"projects/{contract.project_id}/payments/"))["results"]] == [shown["no"]]
    rows = ok(fang.get("payments/", state="PAID", project=contract.project_id))["results"]
    assert [(row["treasury_no"], row["sources"]) for row in rows] == [("GK-9", {"4": "800.00"})]
    assert ok(fang.get("payments/", state="DRAFT"))["results"] == []
    assert ok(Api(cast.sun).get("payments/"))["results"] == []


def test_faults_of_form_and_of_rule_come_together(cast):
    contract = site.payable(cast)
    wrong = {"kind": "GIFT", "applied": "1.00", "work_value": "viel", "colour": "red",
             "funding": [{"source": "99", "amount": "2.00"}, {"source": "4"}]}  # fmt: skip
    said = refused(Api(cast.lin).post(f"contracts/{contract.pk}/payments/", wrong), 400)
    assert {"invalid_choice", "invalid", "unknown", "required", "payment.source"} <= codes(said)


def test_who_may_and_who_knows(cast):
    payment = site.applied(cast, site.payable(cast), "100.00")
    said = {"kind": "OTHER", "applied": "1.00"}
    for person, status in (("lei", 403), ("wu", 403), ("fang", 403), ("sun", 404), ("root", 404)):
        api = Api(cast.actors[person])
        refused(api.post(f"contracts/{payment.contract_id}/payments/", said), status)
        refused(api.put(f"payments/{payment.pk}/", said), status)
        if status == 404:
            refused(api.get(f"payments/{payment.pk}/"), 404)
            refused(api.get(f"projects/{payment.contract.project_id}/payments/standing/"), 404)
