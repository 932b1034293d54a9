"""The pages of the model base: register, project, one model, search, asset draft; what each person sees and may do."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from bim.models import BimModel
from core.models import Job, TraceEntry
from tests.support import handed_in, lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(module_world):
    """A project with two accepted versions, a refused model and one as built; a second project without models."""
    cast = make_cast()
    project = lives.a_project(cast)
    handed_in.hand_in(cast.lin, project, remark="初设送审稿")
    newer = handed_in.hand_in(cast.lin, project, handed_in.a_school(2).bytes())
    broken = handed_in.hand_in(cast.lin, project, handed_in.a_school(2).bytes()[:900], discipline="STRUCTURE")
    built = handed_in.hand_in(cast.lin, project, handed_in.an_equipped_school().bytes(), stage="AS_BUILT")
    return {"cast": cast, "project": project, "newer": newer, "broken": broken, "built": built}


@pytest.fixture
def cast(world):
    return world["cast"]


def page_of(actor, address, *args, status=200, **query) -> str:
    client = signed_in(actor)
    with no_writes():
        answer = client.get(reverse(f"web:{address}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def signed_in(actor) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_register_shows_the_newest_first_and_is_narrowed(world, cast):
    whole = page_of(cast.wu, "bim")
    assert whole.index("竣工模型") < whole.rindex("初步设计模型")
    assert "初设送审稿" in whole
    refused = page_of(cast.wu, "bim", discipline="STRUCTURE")
    assert reverse("web:bim_model", args=[world["broken"].pk]) in refused
    assert reverse("web:bim_model", args=[world["newer"].pk]) not in refused
    assert "没有符合条件的模型" in page_of(cast.wu, "bim", schema="IFC2X3")
    assert "没有符合条件的模型" in page_of(cast.wu, "bim", project="999")
    assert reverse("web:bim_model", args=[world["newer"].pk]) in page_of(
        cast.wu, "bim", schema="IFC4", stage="nonsense"
    )


def test_a_project_shows_every_stage_and_discipline(world, cast):
    project = world["project"]
    mine = page_of(cast.lin, "bim_project", project.pk)
    assert "data-pt-upload-endpoint" in mine
    assert "上传模型" in mine
    theirs = page_of(cast.wu, "bim_project", project.pk)
    assert "data-pt-upload-endpoint" not in theirs
    for html in (mine, theirs):
        assert "未接收" in html
        assert "竣工模型 · 建筑" in html
    assert reverse("web:bim_project", args=[project.pk]) in page_of(cast.wu, "project", project.pk)


def test_a_model_tells_what_it_is(world, cast):
    html = page_of(cast.wu, "bim_model", world["newer"].pk)
    for said in ("EPSG:4547", "一层", "IFC4", world["newer"].sha256, "builder 1.0", "林知远", "13", "下载原文件"):
        assert said in html
    assert "取消检查" not in html
    written = world["newer"].authored_at
    assert written[10] == "T" and written not in html and written[:16].replace("T", " ") in html


def test_a_refused_model_says_why_in_chinese(world, cast):
    html = page_of(cast.lin, "bim_model", world["broken"].pk)
    assert "END-ISO-10303-21" in html
    assert "模型未被接收" in html
    assert "重新检查" in html
    assert "该模型的检查已经结束" in html, "why the other button is off"
    back = f"{reverse('web:bim_project', args=[world['project'].pk])}#upload"
    assert back in html, "the way to the corrected version"
    others = page_of(cast.wu, "bim_model", world["broken"].pk)
    assert "重新检查" not in others and back not in others


def test_the_page_follows_the_check_and_stops_asking_when_it_has_ended(world, cast):
    running = handed_in.hand_in(cast.lin, world["project"], handed_in.a_school(3).bytes(), read=False)
    Job.objects.filter(pk=running.job_id).update(
        **{"state": "RUNNING", "done": 40, "total": 100, "message": "读取构件"}
    )
    BimModel.objects.filter(pk=running.pk).update(status="CHECKING")
    client = signed_in(cast.lin)
    part = client.get(reverse("web:bim_status", args=[running.pk]), headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in part.content.decode()
    assert 'value="40"' in part.content.decode()
    assert "读取构件" in part.content.decode()
    assert "HX-Refresh" not in part
    stopped = client.post(reverse("web:bim_cancel", args=[running.pk]))
    assert (stopped.status_code, BimModel.objects.get(pk=running.pk).status) == (302, "CANCELLED")
    ended = client.get(reverse("web:bim_status", args=[running.pk]), headers={"HX-Request": "true"})
    assert ended["HX-Refresh"] == "true"
    assert "hx-trigger" not in ended.content.decode()
    assert client.post(reverse("web:bim_cancel", args=[running.pk])).status_code == 422
    client.post(reverse("web:bim_check_again", args=[running.pk]))
    assert BimModel.objects.get(pk=running.pk).status == "QUEUED"


def test_the_form_hands_in_without_scripts(world, cast):
    project, client = world["project"], signed_in(cast.lin)
    address = reverse("web:bim_upload", args=[project.pk])
    place = {"stage": "CONCEPT", "discipline": "COMBINED", "remark": "方案"}
    file = SimpleUploadedFile("方案.ifc", handed_in.a_school(4).bytes())
    done = client.post(address, {**place, "file": file})
    model = BimModel.objects.get(stage="CONCEPT")
    assert (done.status_code, done["Location"]) == (302, reverse("web:bim_model", args=[model.pk]))
    again = client.post(address, {**place, "file": SimpleUploadedFile("方案2.ifc", handed_in.a_school(4).bytes())})
    assert again.status_code == 422
    assert "完全相同" in again.content.decode()
    assert "方案" in again.content.decode()
    for bad in ({}, {"stage": "X"}, {**place, "upload": "nothing"}, {"file": SimpleUploadedFile("a.exe", b"MZ")}):
        assert client.post(address, bad).status_code in (404, 422)


@pytest.mark.parametrize(("person", "status"), [("lei", 403), ("wu", 403), ("zhao", 403), ("sun", 404), ("root", 404)])
def test_only_the_own_clerk_may_act(world, cast, person, status):
    client, place = signed_in(getattr(cast, person)), {"stage": "CONCEPT", "discipline": "COMBINED"}
    file = SimpleUploadedFile("a.ifc", handed_in.a_school(5).bytes())
    assert (
        client.post(reverse("web:bim_upload", args=[world["project"].pk]), {**place, "file": file}).status_code
        == status
    )
    for name in ("bim_cancel", "bim_check_again"):
        assert client.post(reverse(f"web:{name}", args=[world["broken"].pk])).status_code == status


@pytest.mark.parametrize("person", ["sun", "root", "yan"])
def test_others_see_nothing(world, cast, person):
    actor, model = getattr(cast, person), world["newer"]
    for name, key in (("bim_model", model.pk), ("bim_file", model.pk), ("bim_status", model.pk),
                      ("bim_assets", world["built"].pk), ("bim_project", world["project"].pk)):  # fmt: skip
        page_of(actor, name, key, status=404)
    assert "葵湾" not in page_of(actor, "bim")
    assert "外墙" not in page_of(actor, "bim_search", type_name="外墙").split("</form>")[-1]


def test_the_navigation_leads_to_the_model_base_but_not_for_administrators(world, cast):
    assert f'href="{reverse("web:bim")}"' in page_of(cast.wu, "home")
    assert f'href="{reverse("web:bim")}"' not in page_of(cast.root, "home")


def test_the_search_finds_elements_and_leads_to_them(world, cast):
    html = page_of(cast.wu, "bim_search", ifc_class="IfcDoor")
    assert "防火门" in html
    assert "木门" in html, "the model as built has the other doors"
    assert "木门" not in page_of(cast.wu, "bim_search", ifc_class="IfcDoor", stage="PRELIMINARY")
    found = page_of(cast.wu, "bim_search", quantity_name="NetVolume", least="6", material="岩棉")
    assert "外墙-13" in found
    assert "m³" in found
    assert "没有找到" in page_of(cast.wu, "bim_search", material="钛合金")
    assert "您要查找什么" in page_of(cast.wu, "bim_search")


@pytest.mark.parametrize(
    "bad", [{"least": "much"}, {"model": "x"}, {"stage": "NOW"}, {"guid": "x" * 30}, {"least": "nan"}]
)
def test_a_question_that_cannot_be_read_shows_the_form_again(world, cast, bad):
    page_of(cast.wu, "bim_search", status=422, ifc_class="IfcWall", **bad)


def test_a_cursor_that_never_was_is_refused(world, cast):
    page_of(cast.wu, "bim_search", status=422, ifc_class="IfcWall", after="nonsense")


def test_the_asset_draft_is_the_same_on_the_page_and_in_every_file(world, cast):
    built, client = world["built"], signed_in(cast.lin)
    html = page_of(cast.lin, "bim_assets", built.pk)
    for said in ("DT-001", "LED面板灯36W", "教学楼", "不动产", "固定资产"):
        assert said in html
    files = {
        name: client.post(reverse("web:bim_assets_file", args=[built.pk, name]), {"sheet": "assets"})
        for name in ("csv", "json", "xlsx")
    }
    assert "asset_draft_v1_" in files["xlsx"]["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    said = json.loads(files["json"].content)["rows"]
    sheet = load_workbook(io.BytesIO(files["xlsx"].content)).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert [row["资产名称"] for row in rows] == [row["name"] for row in said]
    assert {row["name"] for row in said} <= cells
    pump = next(row for row in said if row["code"] == "SB-001")
    assert (pump["quantity"], len(pump["guids"].split())) == (2, 2)
    entry = TraceEntry.objects.filter(verb="bim.assets.exported").last()
    assert (entry.facts["rows"], entry.project_id) == (len(said), world["project"].pk)
    for other in ("facilities", "floors", "spaces", "types", "components", "nonsense"):
        page_of(cast.lin, "bim_assets", built.pk, sheet=other)
    assert client.post(reverse("web:bim_assets_file", args=[built.pk, "pdf"])).status_code == 404
    page_of(cast.lin, "bim_assets", world["newer"].pk, status=422)


def test_the_pages_ask_as_often_for_many_rows_as_for_few(world, cast):
    client, project = signed_in(cast.wu), world["project"]

    def asked(name: str, *args: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"web:{name}", args=args)).status_code == 200
        return len(queries)

    asked("bim")
    few = asked("bim"), asked("bim_project", project.pk), asked("bim_model", world["newer"].pk)
    for number in range(5):
        handed_in.hand_in(cast.lin, project, handed_in.a_school(20 + number).bytes(), read=False)
    assert (asked("bim"), asked("bim_project", project.pk), asked("bim_model", world["newer"].pk)) == few
    assert max(few) <= 20, few
