"""Building models over HTTP: the register, handing in whole or in parts, elements, search, the asset draft."""

import base64
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from bim.models import BimElement, BimModel
from core import files
from tests.support import handed_in, lives
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
CONTENT = handed_in.a_school(2).bytes()


class _Done(Exception):
    """Rolls the world back."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """A project with an accepted model, a refused one and one as built."""
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), suppress(_Done), transaction.atomic():
        cast = make_cast()
        project = lives.a_project(cast)
        school = handed_in.hand_in(cast.lin, project)
        handed_in.hand_in(cast.lin, project, CONTENT[:500], discipline="STRUCTURE")
        built = handed_in.hand_in(cast.lin, project, handed_in.an_equipped_school().bytes(), stage="AS_BUILT")
        yield cast, project, school, built
        raise _Done


@pytest.fixture
def cast(world):
    return world[0]


@pytest.fixture
def project(world):
    return world[1]


@pytest.fixture
def school(world):
    return world[2]


@pytest.fixture
def built(world):
    return world[3]


def ifc(content=CONTENT, name="教学楼.ifc"):
    return SimpleUploadedFile(name, content)


def test_the_register_is_listed_and_narrowed(cast, project, school, built):
    wu = Api(cast.wu)
    rows = ok(wu.get("models/"))["results"]
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    assert [(row["stage"], row["status"]) for row in rows] == [
        ("AS_BUILT", "ACCEPTED"), ("PRELIMINARY", "REJECTED"), ("PRELIMINARY", "ACCEPTED"),
    ]  # fmt: skip
    assert [row["id"] for row in ok(wu.get("models/", status="ACCEPTED", stage="PRELIMINARY"))["results"]] == [
        school.pk
    ]
    assert [row["id"] for row in ok(wu.get("models/", sha256=built.sha256))["results"]] == [built.pk]
    first = ok(wu.get("models/", page_size=2))
    assert len(first["results"]) == 2
    assert [row["id"] for row in ok(wu.get(first["next"]))["results"]] == [school.pk]
    assert len(ok(wu.get(f"projects/{project.pk}/models/"))["results"]) == 3


def test_one_model_says_what_it_is_and_why_it_was_refused(cast, school):
    said = ok(Api(cast.wu).get(f"models/{school.pk}/"))
    assert (said["ifc_schema"], said["n_elements"], said["n_storeys"]) == ("IFC4", 12, 2)
    assert said["by_class"]["IfcWall"] == 8
    assert said["units"]["LENGTHUNIT"] == "METRE"
    assert said["georeference"]["crs"] == "EPSG:4547"
    assert said["progress"] is None
    refused_one = BimModel.objects.get(status="REJECTED")
    reasons = ok(Api(cast.lin).get(f"models/{refused_one.pk}/"))["reasons"]
    assert [reason["code"] for reason in reasons] == ["file.truncated"]
    assert "END-ISO-10303-21" in reasons[0]["message"]


def test_a_model_is_handed_in_in_one_go(cast, project):
    lin, place = Api(cast.lin), {"stage": "DRAWINGS", "discipline": "STRUCTURE"}
    said = ok(lin.upload(f"projects/{project.pk}/models/", file=ifc(), remark="送审", **place))
    assert (said["version"], said["status"], said["remark"]) == (1, "QUEUED", "送审")
    assert [act["problems"] for act in said["acts"] if act["name"] == "cancel"] == [[]]
    again = lin.upload(f"projects/{project.pk}/models/", file=ifc(), **place)
    assert codes(refused(again, 422)) == {"model.same"}
    stopped = ok(lin.post(f"models/{said['id']}/cancel/"))
    assert stopped["status"] == "CANCELLED"
    assert codes(refused(lin.post(f"models/{said['id']}/cancel/"), 422)) == {"model.check_ended"}
    assert ok(lin.post(f"models/{said['id']}/check-again/"))["status"] == "QUEUED"


def test_a_model_arrives_in_parts(cast, project):
    lin = Api(cast.lin)

    def announced(**said):
        told = {"filename": "教学楼.ifc", "purpose": "bim_model", "project": str(project.pk), **said}
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(CONTENT)), "Upload-Metadata": metadata}
        return lin.send("POST", "uploads/", raw="", **headers)

    begun = announced(stage="CONCEPT", discipline="COMBINED", remark="分段")
    assert begun.status_code == 201
    assert lin.send_bytes(begun["Location"], 0, CONTENT[:5000]).status_code == 204
    assert not BimModel.objects.filter(stage="CONCEPT").exists()
    assert lin.send_bytes(begun["Location"], 5000, CONTENT[5000:]).status_code == 204
    model = BimModel.objects.get(stage="CONCEPT")
    assert (model.version, model.remark, model.file.name) == (1, "分段", "教学楼.ifc")
    assert codes(refused(announced(stage="CONCEPT"), 422)) == {"model.discipline"}
    assert codes(refused(announced(stage="X", discipline="Y"), 422)) == {"model.stage", "model.discipline"}
    refused(announced(stage="CONCEPT", discipline="ROAD", purpose="nonsense"), 400)
    refused(announced(stage="CONCEPT", discipline="ROAD", project="999999"), 404)


@pytest.mark.parametrize(("person", "status"), [("lei", 403), ("wu", 403), ("su", 403), ("sun", 404), ("root", 404)])
def test_others_do_not_hand_in_stop_or_repeat(cast, project, school, person, status):
    api = Api(getattr(cast, person))
    place = {"stage": "DRAWINGS", "discipline": "STRUCTURE"}
    refused(api.upload(f"projects/{project.pk}/models/", file=ifc(), **place), status)
    refused(api.post(f"models/{school.pk}/cancel/"), status)
    refused(api.post(f"models/{school.pk}/check-again/"), status)


@pytest.mark.parametrize("person", ["sun", "root", "yan"])
def test_who_does_not_see_the_project_sees_nothing_of_its_models(cast, project, school, built, person):
    api = Api(getattr(cast, person))
    guid = BimElement.objects.filter(model=school).first().guid
    for path in (f"models/{school.pk}/", f"models/{school.pk}/file/", f"models/{school.pk}/elements/",
                 f"models/{school.pk}/elements/{guid}/", f"models/{built.pk}/assets/",
                 f"projects/{project.pk}/models/"):  # fmt: skip
        refused(api.get(path), 404)
    assert ok(api.get("models/"))["results"] == []
    assert ok(api.get("models/search/", ifc_class="IfcWall"))["results"] == []


def test_elements_are_listed_in_pages_and_told_in_full(cast, school):
    wu = Api(cast.wu)
    walls = ok(wu.get(f"models/{school.pk}/elements/", ifc_class="IfcWall", page_size=5))
    rest = ok(wu.get(walls["next"]))
    assert len(walls["results"]) + len(rest["results"]) == 8
    assert {row["ifc_class"] for row in rest["results"]} == {"IfcWall"}
    guid = next(row["guid"] for row in (*walls["results"], *rest["results"]) if row["name"] == "外墙-13")
    wall = ok(wu.get(f"models/{school.pk}/elements/{guid}/"))
    assert (wall["storey"], wall["material"], wall["type_name"]) == ("一层", "C30混凝土; 岩棉", "基本墙:外墙200")
    assert {"set": "Qto_WallBaseQuantities", "name": "NetVolume", "value": 7.0, "unit": "m3"} in wall["quantities"]
    assert wall["classifications"] == [{"system": "GB/T 51269", "code": "14-10.20.03", "title": "外墙"}]
    refused(wu.get(f"models/{school.pk}/elements/nothing/"), 404)


def test_the_model_base_is_searched(cast, school, built):
    wu = Api(cast.wu)
    found = ok(wu.get("models/search/", quantity_name="NetVolume", least=7, stage="PRELIMINARY", page_size=1))
    again = ok(wu.get(found["next"]))
    names = [row["element"]["name"] for row in (*found["results"], *again["results"])]
    assert (sorted(names), again["next"], found["complete"]) == (["外墙-13", "外墙-23"], None, True)
    assert found["results"][0]["values"] == [{"name": "NetVolume", "value": "7.0", "unit": "m3"}]
    assert found["results"][0]["model"] == school.pk


@pytest.mark.parametrize(
    "asked",
    [
        {"least": "much"}, {"stage": "NOW"}, {"model": "-1"}, {"page_size": "5000"}, {"ifc_class": "I" * 61},
        {"guid": "x" * 23}, {"project": "9" * 30},
    ],
)  # fmt: skip
def test_questions_that_cannot_be_read_are_refused(cast, asked):
    refused(Api(cast.wu).get("models/search/", **asked), 400)


def test_a_page_that_never_was_is_refused(cast, school):
    assert codes(refused(Api(cast.wu).get("models/search/", ifc_class="IfcWall", after="x"), 422)) == {"cursor"}
    refused(Api(cast.wu).get("models/", cursor="nonsense"), 404)


def test_the_asset_draft_holds_every_element_once(cast, built, school):
    said = ok(Api(cast.lin).get(f"models/{built.pk}/assets/"))
    by_name = {row["name"]: row for row in said["assets"]}
    listed = [guid for row in said["assets"][1:] for guid in row["guids"]]
    assert len(listed) == len(set(listed)) == len(said["components"]) == 10
    assert by_name["教学楼"]["parts"] + len(listed) == built.n_elements
    assert by_name["教学楼"]["area"] == 127.0
    assert codes(refused(Api(cast.lin).get(f"models/{school.pk}/assets/"), 422)) == {"model.not_as_built"}


def test_the_list_asks_as_often_for_many_as_for_few(cast, project, school):
    wu = Api(cast.wu)
    wu.get("models/")
    with CaptureQueriesContext(connection) as few:
        ok(wu.get("models/", page_size=1))
    with CaptureQueriesContext(connection) as more:
        ok(wu.get("models/", page_size=50))
    assert len(few) == len(more) <= 8
    assert not [query for query in more if "COUNT(" in query["sql"]]


def test_the_file_comes_back_as_it_was_or_not_at_all(cast, project):
    content = handed_in.a_school(7).bytes()
    model = handed_in.hand_in(cast.lin, project, content, stage="CONCEPT", read=False)
    answer = Api(cast.wu).get(f"models/{model.pk}/file/")
    assert b"".join(answer.streaming_content) == content
    assert answer["X-Content-SHA256"] == model.sha256
    files.path_of(model.sha256).write_bytes(content + b" ")
    assert codes(refused(Api(cast.wu).get(f"models/{model.pk}/file/"), 422)) == {"file.changed"}
