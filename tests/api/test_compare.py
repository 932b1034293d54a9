"""Two versions of a model, compared over HTTP."""

import pytest

from core import jobs
from core.models import Job
from tests.support import handed_in, lives
from tests.support.api_client import Api
from tests.support.cast import make_cast
from tests.support.ifc_builder import IfcBuilder

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def twins(cast) -> tuple[int, int]:
    """A wall, and two doors no rule can tell apart, under other GlobalIds in version 2."""
    project, made = lives.a_project(cast), []
    for seed, material in (("a", "C25"), ("b", "C30")):
        house = IfcBuilder(seed=seed)
        ground = house.storey("一层")
        house.element("IfcWall", "甲", ground, material=material)
        for _n in range(2):
            house.element("IfcDoor", "门", ground)
        made.append(handed_in.hand_in(cast.lin, project, house.bytes()).pk)
    return made[0], made[1]


def test_a_comparison_is_started_read_and_its_doubts_decided(cast):
    old, new = twins(cast)
    lin = Api(cast.lin)
    at = f"models/{new}/compare/{old}/"
    assert lin.get(at).json()["state"] == "NONE" and lin.get(f"{at}rows/").status_code == 404
    made = lin.send("POST", at)
    assert made.status_code == 200 and made.json()["state"] == "CURRENT"
    assert (made.json()["old"]["id"], made.json()["new"]["id"]) == (old, new)
    assert made.json()["counts"]["states"]["WAITING_OLD"] == 2
    rows = lin.get(f"{at}rows/", state="CHANGED").json()["results"]
    assert [(row["name"], row["paired_by"]) for row in rows] == [("甲", "NAME")]
    assert rows[0]["changes"][0] == {
        "kind": "MATERIAL", "name": "", "old": "C25", "new": "C30", "delta": None, "percent": None, "unit": "",
    }  # fmt: skip
    waiting = lin.get(f"{at}rows/", state="WAITING_OLD").json()["results"]
    assert len(waiting) == 2 and len(waiting[0]["candidates"]) == 2
    said = {"old_guid": waiting[0]["old_guid"], "new_guid": waiting[0]["candidates"][0]}
    assert Api(cast.wu).send("POST", f"{at}pairs/", said).status_code == 403
    decided = lin.send("POST", f"{at}pairs/", said)
    assert decided.status_code == 201 and decided.json()["counts"]["by"]["PERSON"] == 1
    assert lin.send("POST", f"{at}pairs/", said).status_code == 422
    pairing = decided.json()["decisions"][0]["id"]
    undone = lin.send("DELETE", f"{at}pairs/{pairing}/")
    assert undone.json()["decisions"] == [] and undone.json()["counts"]["states"]["WAITING_OLD"] == 2


def test_what_cannot_be_asked_is_said_and_strangers_find_nothing(cast):
    old, new = twins(cast)
    at = f"models/{old}/compare/{new}/"
    Api(cast.lin).send("POST", at)
    assert Api(cast.lin).get(f"{at}rows/", state="ODD").status_code == 400
    assert Api(cast.lin).send("POST", f"models/{old}/compare/{old}/").status_code == 422
    for stranger in (cast.sun, cast.root):
        assert Api(stranger).get(at).status_code == 404
        assert Api(stranger).send("POST", at).status_code == 404


def test_large_models_are_compared_in_the_background(cast, monkeypatch):
    old, new = twins(cast)
    monkeypatch.setattr("bim.services.compare.AT_ONCE", 0)
    at = f"models/{old}/compare/{new}/"
    made = Api(cast.lin).send("POST", at)
    assert made.status_code == 202 and made.json()["state"] == "RUNNING"
    jobs.perform.func(Job.objects.get(kind__endswith="compare_models").pk)
    assert Api(cast.lin).get(at).json()["state"] == "CURRENT"
