"""Asset cards, a handover, a title and the archive over HTTP alone."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import Asset, AssetElement
from assets.states import TitlePaper
from bim.models import BimElement
from core import clock
from core.models import TraceEntry
from projects.models import Project
from tests.support import handed, handed_in, lives
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast
from tests.support.ifc_builder import IfcBuilder
from tests.support.lives import PDF

pytestmark = pytest.mark.django_db
CARD = {"name": "教学楼", "asset_class": "FIXED", "kind": "STRUCTURE", "direct": "1000000.01", "is_real_estate": True}


@pytest.fixture
def cast():
    return make_cast()


def a_pdf(name="协议.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


def test_from_the_card_to_the_archive(cast):
    lin, lei, xie, zi, gu = (Api(cast.actors[name]) for name in ("lin", "lei", "xie", "zi", "gu"))
    project = handed.a_project(cast, "ASSET_HANDOVER")
    school = cast.houses["school"].pk
    card = ok(lin.post(f"projects/{project.pk}/assets/", CARD | {"receiver": school}))
    assert (card["no"], card["value"], card["holding"]) == ("ZC-0001", "1000000.01", "")
    place = f"assets/{card['id']}/"
    card = ok(lin.patch(place, {"custodian": "王老师", "version": card["version"]}))
    refused(lin.patch(place, {"custodian": "李老师", "version": 0}), 409)
    said = {"kind": "FINAL", "to_unit": school, "handed_on": str(clock.today()), "assets": [card["id"]]}
    batch = ok(lin.post(f"projects/{project.pk}/handovers/", said))
    assert (batch["total"], batch["number"]) == ("1000000.01", 1)
    moves = f"execution/handover/{batch['id']}/moves/"
    assert codes(refused(lei.post(f"{moves}sign_over/"), 422)) == {"handover.documents"}
    paper = ok(lin.upload(f"handovers/{batch['id']}/documents/", file=a_pdf()))
    assert b"".join(lei.get(f"handovers/{batch['id']}/documents/{paper['id']}/").streaming_content) == PDF
    ok(lei.post(f"{moves}sign_over/"))
    assert [move["name"] for move in ok(xie.get(moves))] == ["receive", "refuse"]
    ok(xie.post(f"{moves}receive/"))
    refused(xie.post(f"{moves}confirm/"), 403)
    assert ok(zi.post(f"{moves}confirm/"))["state"] == "CONFIRMED"
    assert lin.post(f"handovers/{batch['id']}/list/").content.startswith(b"%PDF")
    standing = ok(lin.get(f"projects/{project.pk}/handover/standing/"))
    assert (standing["due"], standing["undelivered"]) == ("1000000.01", "0.00")
    title = ok(xie.get(f"projects/{project.pk}/titles/"))["results"][0]
    moves = f"execution/title/{title['id']}/moves/"
    ok(xie.post(f"{moves}file/", {"filed_on": str(clock.today()), "papers": list(TitlePaper.values)}))
    ok(xie.upload(f"titles/{title['id']}/certificate/", file=a_pdf("证书.pdf")))
    number = {"certificate_no": "粤(2026)深圳市不动产权第0000002号", "registered_on": str(clock.today())}
    assert ok(xie.post(f"{moves}register/", number))["state"] == "REGISTERED"
    assert codes(refused(gu.post(f"projects/{project.pk}/archive/"), 403)) == {"archive.running"}
    Project.objects.filter(pk=project.pk).update(stage="CLOSED")
    package = ok(gu.post(f"projects/{project.pk}/archive/", {"gaps_reason": "无"}))
    assert ok(gu.post(f"archive/{package['id']}/verify/"))["is_whole"] is True
    content = b"".join(gu.post(f"archive/{package['id']}/file/").streaming_content)
    with zipfile.ZipFile(BytesIO(content)) as made:
        assert "SHA256SUMS" in made.namelist()
    refused(Api(cast.wu).post(f"archive/{package['id']}/file/"), 403)
    assert ok(gu.get(f"projects/{project.pk}/archive/"))["packages"][0]["sha256"] == package["sha256"]
    assert TraceEntry.objects.filter(verb="assets.archive.taken").count() == 1


def test_cards_are_drafted_and_read_from_a_table(cast):
    lin = Api(cast.lin)
    project = handed.a_project(cast)
    model = handed_in.hand_in(cast.lin, project, stage="AS_BUILT")
    assert ok(lin.post(f"projects/{project.pk}/assets/draft/", {"model_id": model.pk}))["created"] >= 1
    content = lin.post(f"projects/{project.pk}/assets/file/").content
    table = SimpleUploadedFile("卡片.xlsx", content)
    assert ok(lin.upload(f"projects/{project.pk}/assets/import/", file=table)) == {"created": 0, "corrected": 0}
    broken = SimpleUploadedFile("卡片.xlsx", content[:200])
    refused(lin.upload(f"projects/{project.pk}/assets/import/", file=broken), 422)


def test_hostile_bodies_are_refused_in_words(cast):
    lin = Api(cast.lin)
    project = handed.a_project(cast)
    place = f"projects/{project.pk}/assets/"
    said = refused(lin.post(place, CARD | {"direct": "-1", "kind": "CASTLE", "quantity": "x", "colour": "red"}), 400)
    assert {"direct", "kind", "quantity", "colour"} <= {problem["field"] for problem in said["problems"]}
    for body in ([], "x", {"name": 5}, {}, CARD | {"guids": "x"}, CARD | {"receiver": 2**70}, CARD | {"direct": "NaN"}):
        assert lin.post(place, body).status_code in (400, 422), body
    assert not Asset.objects.exists()
    for body in ({}, {"kind": "FINAL", "to_unit": None, "handed_on": "x", "assets": "all"}, {"assets": [2**70]}):
        assert lin.post(f"projects/{project.pk}/handovers/", body).status_code in (400, 422), body
    for other in (cast.sun, cast.wen):
        refused(Api(other).get(f"projects/{project.pk}/assets/"), 404)
    for role in (cast.chen, cast.kong):
        assert Api(role).get(f"projects/{project.pk}/assets/").status_code in (403, 404)


@pytest.mark.parametrize("address", ["assets", "handovers", "titles"])
def test_lists_ask_as_often_for_many_as_for_few(cast, address):
    project = handed.a_project(cast)
    wu = Api(cast.wu)

    def one_more():
        asset = handed.a_card(cast, project)
        handed.handed(cast, project, asset, kind="PROVISIONAL")

    def asked(n):
        with CaptureQueriesContext(connection) as queries:
            assert len(ok(wu.get(f"projects/{project.pk}/{address}/"))["results"]) == n
        return len(queries)

    one_more()
    asked(1)
    few = asked(1)
    for _n in range(4):
        one_more()
    assert asked(5) == few <= 10


def test_elements_of_assets_follow_into_a_new_version(cast):
    project, models = handed.a_project(cast, "ACCEPTANCE"), []
    for seed in ("a", "b"):
        house = IfcBuilder(seed=seed)
        ground = house.storey("一层")
        for name in ("甲", "乙", "乙"):
            house.element("IfcPump", name, ground)
        models.append(handed_in.hand_in(cast.lin, project, house.bytes(), stage="AS_BUILT"))
    old, new = models
    guids = {name: BimElement.objects.filter(model=old, name=name).first().guid for name in ("甲", "乙")}
    asset = handed.a_card(cast, project, kind="EQUIPMENT")
    for guid in guids.values():
        AssetElement.objects.create(asset=asset, project=project, guid=guid)
    lin, wu, chen = (Api(cast.actors[name]) for name in ("lin", "wu", "chen"))
    place = f"models/{old.pk}/compare/{new.pk}/assets/"
    assert codes(refused(lin.get(place), 422)) == {"compare.missing"}
    ok(lin.post(f"models/{old.pk}/compare/{new.pk}/"))
    said = ok(wu.get(place))
    successor = BimElement.objects.get(model=new, name="甲").guid
    assert said["follows"] == {guids["甲"]: successor}
    assert [(row["asset"], row["guid"]) for row in said["waiting"]] == [(asset.pk, guids["乙"])]
    refused(chen.get(place), 403)
    refused(wu.post(place), 403)
    assert ok(lin.post(place)) == {"count": 1}
    assert set(asset.elements.values_list("guid", flat=True)) == {successor, guids["乙"]}


def test_the_case_file_of_an_ended_item_is_for_archive_and_overseers(cast):
    item = lives.issued(cast)
    gu, lin = (Api(cast.actors[name]) for name in ("gu", "lin"))
    packed = BytesIO(b"".join(gu.post(f"items/{item.pk}/case-file/").streaming_content))
    assert f"02_items/{item.no}/item.json" in zipfile.ZipFile(packed).namelist()
    refused(lin.post(f"items/{item.pk}/case-file/"), 403)
