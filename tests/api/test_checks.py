"""Checks of models and the library of requirements over HTTP."""

import io

import pytest

from bim.models import CheckResult, CheckRun
from bim.services import ids_files
from tests.support import handed_in, lives
from tests.support.api_client import Api, ok
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def audits_run_here(monkeypatch):
    monkeypatch.setattr(ids_files.process, "run", handed_in.read_here)


def named(content: bytes, name: str = "要求.ids") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def test_a_model_tells_how_it_stands_and_why(cast) -> None:
    model = handed_in.hand_in(cast.lin, lives.a_project(cast))
    api = Api(cast.chen)
    told = ok(api.get(f"models/{model.pk}/checks/"))
    assert (told["verdict"], told["model_sha256"]) == ("NOT_CHECKED", model.sha256)
    assert all(one["is_under_way"] for one in told["sets"])
    handed_in.check(model)
    told = ok(api.get(f"models/{model.pk}/checks/"))
    assert told["verdict"] == "FAILED"
    assert {reason["code"] for reason in told["reasons"]} == {"model.check_failed"}
    run = CheckRun.objects.get(model=model, key="minimum")
    shown = ok(api.get(f"models/{model.pk}/checks/{run.pk}/"))
    assert (shown["model_sha256"], shown["tool"]) == (model.sha256, run.tool)
    result = CheckResult.objects.get(run=run, code="classification")
    failures = ok(api.get(f"models/{model.pk}/checks/{run.pk}/results/{result.pk}/"))["results"]
    assert {(one["name"], one["message"]) for one in failures} == {
        ("楼板-1", "No classification code."),
        ("楼板-2", "No classification code."),
    }
    assert api.post(f"models/{model.pk}/checks/{run.pk}/bcf/3.0/").content.startswith(b"PK")
    assert api.post(f"models/{model.pk}/checks/{run.pk}/bcf/9.9/").status_code == 404
    assert Api(cast.song).get(f"models/{model.pk}/checks/").status_code == 404


def test_checks_are_begun_by_those_who_may(cast) -> None:
    model = handed_in.hand_in(cast.lin, lives.a_project(cast))
    handed_in.check(model)
    assert Api(cast.zhao).post(f"models/{model.pk}/checks/", {}).status_code == 403
    assert Api(cast.wu).post(f"models/{model.pk}/checks/", {"keys": ["ids:7"]}).status_code == 404
    answer = Api(cast.wu).post(f"models/{model.pk}/checks/", {"keys": ["minimum"]})
    assert answer.status_code == 202
    assert Api(cast.wu).post(f"models/{model.pk}/checks/", {"keys": ["minimum"]}).status_code == 422


def test_the_library_takes_files_and_changes(cast) -> None:
    wu = Api(cast.wu)
    assert len(ok(Api(cast.zhao).get("models/requirements/"))) == 12
    refusal = wu.upload("models/requirements/", file=named(b"<ids/>"))
    assert refusal.status_code == 422
    assert refusal.json()["problems"][0]["code"] == "ids.invalid"
    assert Api(cast.lin).upload("models/requirements/", file=named(b"<ids/>")).status_code == 403
    key = "shipped:preliminary-structure"
    assert ok(wu.send("patch", f"models/requirements/{key}/", {"required": True}))["required"]
    assert ok(wu.send("patch", f"models/requirements/{key}/", {"retired": True}))["retired_at"]
    assert wu.send("patch", f"models/requirements/{key}/", {"retired": True}).status_code == 422
    assert wu.send("patch", "models/requirements/minimum/", {"retired": True}).status_code == 422


def test_the_material_names_the_models_that_stand_for_it(cast) -> None:
    project = lives.a_project(cast)
    model = handed_in.hand_in(cast.lin, project, handed_in.a_sound_school(project.code).bytes())
    handed_in.check(model)
    item = ok(Api(cast.lin).post("items/", {"project": project.pk, "item_type": "EST", "is_early_involvement": True}))
    rows = ok(Api(cast.lin).get(f"items/{item['id']}/materials/"))
    d06 = next(row for row in rows if row["code"] == "D06")
    assert d06["is_satisfied"]
    assert [(one["version"], one["sha256"], one["verdict"]) for one in d06["models"]] == [(1, model.sha256, "PASSED")]
