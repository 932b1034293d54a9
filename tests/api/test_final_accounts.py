"""Final accounts over HTTP: opened, read cell by cell, written with a reason, balanced, compiled, declared, printed."""

import pytest

from tests.support import account as closing
from tests.support.api_client import Api
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def cells(answer, row):
    return next(
        {cell["column"]: cell for cell in line["cells"]}
        for section in answer["sections"]
        for line in section["rows"]
        if line["row"] == row
    )


def test_an_imbalance_names_both_cells_and_is_put_right(cast):
    account = closing.imbalanced(cast)
    api = Api(cast.lin)
    told = api.get(f"final-accounts/{account.pk}/").json()
    broken = next(row for row in told["imbalances"] if row["rule"] == "R-FA-02")
    assert (broken["left"]["form"], broken["left"]["row"], broken["left_amount"]) == ("01", "total", "8600000.00")
    assert (broken["right"]["form"], broken["right"]["row"], broken["right_amount"]) == ("02", "formed", "8500000.00")
    move = f"execution/final-account/{account.pk}/moves/compile/"
    refused = api.send("POST", move, {})
    assert refused.status_code == 422
    assert "account.r_fa_02" in {row["code"] for row in refused.json()["problems"]}
    body = {"cells": [{"row": "works", "column": "actual", "text": "8500000.00"}]}
    assert api.send("PATCH", f"final-accounts/{account.pk}/forms/01/", body).status_code == 422
    form = api.send("PATCH", f"final-accounts/{account.pk}/forms/01/", {**body, "reason": "按审定数"}).json()
    cell = cells(form, "works")["actual"]
    assert (cell["value"], cell["computed"], cell["reason"]) == ("8500000.00", "8600000.00", "按审定数")
    assert api.send("POST", move, {}).json()["state"] == "COMPILED"
    made = api.send("POST", f"final-accounts/{account.pk}/declare/", {})
    assert made.status_code == 201
    assert api.get(f"final-accounts/{account.pk}/").json()["item_id"] == made.json()["item_id"]


def test_an_account_is_opened_and_filled_over_http(cast):
    project = closing.closing(cast)
    closing.an_asset(cast, project, "8600000.00")
    api = Api(cast.lin)
    made = api.send("POST", f"projects/{project.pk}/final-accounts/", {})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    rows = {"rows": [{"line": 19, "name": "管理费", "amount": "1000.00"}]}
    assert api.send("PUT", f"final-accounts/{pk}/deferred/", rows).json()["total"] == "8601000.00"
    assert api.send("PUT", f"final-accounts/{pk}/deferred/", {"rows": [{"line": 77}]}).status_code in (400, 422)
    tails = {"rows": [{"name": "绿化", "to_do": "1.00", "due_on": "2027-01-31"}]}
    assert api.send("PUT", f"final-accounts/{pk}/tails/", tails).status_code == 200
    assert api.send("POST", f"final-accounts/{pk}/allocate/").json() == {"allocated": "1000.00"}
    told = api.send("PATCH", f"final-accounts/{pk}/", {"narrative": {"overview": "概况"}, "version": 99})
    assert told.status_code == 409
    told = api.send("PATCH", f"final-accounts/{pk}/", {"narrative": {"overview": "概况"}})
    assert told.json()["narrative"] == {"overview": "概况"}
    assert api.get(f"final-accounts/{pk}/forms/09/").status_code == 404
    assert api.send("POST", f"final-accounts/{pk}/book/pdf/").content.startswith(b"%PDF")
    assert api.send("POST", f"final-accounts/{pk}/book/exe/").status_code == 422
    assert [row["id"] for row in Api(cast.qian).get(f"projects/{project.pk}/final-accounts/").json()] == [pk]


def test_strangers_find_no_account(cast):
    account = closing.an_account(cast)
    for stranger in (cast.sun, cast.he, cast.yan, cast.root):
        assert Api(stranger).get(f"final-accounts/{account.pk}/").status_code in (403, 404)
    assert Api(cast.qian).send("POST", f"final-accounts/{account.pk}/allocate/").status_code == 403
