"""Publicity through the API: the public list, recording and answering objections, who reads whom."""

from datetime import date

import pytest

from core import clock
from tests.support import lives
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
SAID = {"text": "选址距离住宅过近", "name": "王先生", "contact": "13800138000"}


@pytest.fixture
def cast():
    with clock.at(MONDAY):
        yield make_cast()


@pytest.fixture
def item(cast):
    return lives.in_publicity(cast)


def test_the_list_of_what_lies_open_is_public_and_holds_public_facts_only(item):
    page = ok(Api().get("publicity/"))
    assert page["results"] == [
        {
            "id": item.pk, "no": item.no, "project": "入库项目", "project_code": "", "item_type": "RSV",
            "item_type_label": "Admission to the reserve", "owner_unit": "新区建筑工务局",
            "authority": "鹏湾新区发展和财政局", "declared_amount": "5000000.00", "reviewed_amount": "3750000.00",
            "began_on": "2026-03-02", "ends_on": "2026-03-11",
        }
    ]  # fmt: skip
    assert page["next"] is None


def test_an_objection_is_recorded_read_and_answered(cast, item):
    place = f"items/{item.pk}/objections/"
    kept = ok(Api(cast.chen).post(place, SAID))
    assert (kept["channel"], kept["name"], kept["received_on"], kept["is_upheld"]) == (
        "PAPER", "王先生", "2026-03-02", None,
    )  # fmt: skip
    answered = ok(Api(cast.wu).post(f"{place}{kept['id']}/answer/", {"answer": "选址合规", "is_upheld": False}))
    assert (answered["answer"], answered["is_upheld"], answered["answered_by"]["full_name"]) == (
        "选址合规", False, "吴刚",
    )  # fmt: skip
    mine = ok(Api(cast.lin).get(place))
    assert [(row["text"], row["name"], row["contact"], row["answered_by"]) for row in mine] == [
        (SAID["text"], None, None, None)
    ]
    assert [row["name"] for row in ok(Api(cast.su).get(place))] == ["王先生"]


def test_every_refusal_names_its_reasons(cast, item):
    place = f"items/{item.pk}/objections/"
    refused(Api().get(place), 401)
    refused(Api(cast.sun).get(place), 404)
    assert codes(refused(Api(cast.lin).post(place, SAID), 403)) == {"role"}
    assert codes(refused(Api(cast.chen).post(place, {**SAID, "received_on": "2026-02-27"}), 422)) == {
        "publicity.outside"
    }
    assert len(refused(Api(cast.chen).post(place, {"typo": 1}), 400)["problems"]) >= 1
    kept = ok(Api(cast.chen).post(place, SAID))
    said = {"answer": "选址合规", "is_upheld": True}
    refused(Api(cast.wei).post(f"{place}{kept['id']}/answer/", said), 403)
    ok(Api(cast.xu).post(f"{place}{kept['id']}/answer/", said))
    assert codes(refused(Api(cast.wu).post(f"{place}{kept['id']}/answer/", said), 422)) == {"objection.answered"}
    refused(Api(cast.wu).post(f"{place}999999/answer/", said), 404)
