"""The annual plan over HTTP: called, requested, balanced, released; refusals with every reason."""

import pytest

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
