"""The whole life of a project and the desk of its works over HTTP."""

from decimal import Decimal

import pytest

from tests.support import works
from tests.support.api_client import Api
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


def test_the_life_says_the_same_as_the_rows():
    cast = make_cast()
    project = works.building(cast)
    change = works.agreed(cast, works.a_change(cast, works.the_contract(project)))
    answer = Api(cast.lei).get(f"projects/{project.pk}/life/")
    assert answer.status_code == 200
    said = answer.json()
    assert [stage["code"] for stage in said["stages"] if stage["is_here"]] == ["CONSTRUCTION"]
    amounts = {link["kind"]: link["amount"] for link in said["chain"]}
    assert Decimal(amounts["AWARD"]) == Decimal("8600000.00")
    assert (amounts["BUDGET"], amounts["FINAL"]) == ("10000000.00", None)
    assert [(row["kind"], row["id"], row["move"]) for row in said["waits"]] == [
        ("change", change.pk, "approve_by_owner")
    ]
    assert said["releases"][0]["amount"] == "9000000.00"
    assert Api(cast.sun).get(f"projects/{project.pk}/life/").status_code == 404


def test_the_desk_of_the_works_is_read_page_by_page():
    cast = make_cast()
    project = works.in_procurement(cast)
    rows = [works.a_tender(cast, project, name=f"标段{n}", ceiling=Decimal("1000000.00")) for n in range(3)]
    first = Api(cast.lin).get("waiting/", page_size=2).json()
    assert (first["count"], first["after"]) == (3, 2)
    rest = Api(cast.lin).get("waiting/", page_size=2, after=2).json()
    assert rest["after"] is None
    found = first["results"] + rest["results"]
    assert [row["id"] for row in found] == [row.pk for row in rows]
    assert {(row["kind"], row["move"], row["project"]) for row in found} == {("tender", "announce", project.pk)}
    assert Api(cast.lei).get("waiting/").json()["results"] == []
    assert Api(cast.lin).get("waiting/", kind="nonsense").status_code == 400
    assert Api(cast.lin).get("waiting/", kind="payment").json()["results"] == []
