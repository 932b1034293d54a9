"""The pages of asset cards, handovers, titles and the archive: everything is done from them, nothing typed is lost."""

import re
import subprocess
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assets.models import Asset, HandoverBatch, TitleRecord
from assets.services import archive, cards
from assets.states import TitlePaper
from bim.models import BimElement
from core import calendars, clock
from tests.support import handed, handed_in, lives
from tests.support.cast import make_cast
from tests.support.lives import PDF
from tests.support.readonly import no_writes
from web.forms.handover import BatchForm, CardForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    def look(actor, url, data=None, **query):
        client.force_login(actor.user)
        return client.get(url, query) if data is None else client.post(url, data)

    return look


def text(response):
    return response.content.decode()


def a_pdf(name="移交协议.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


def test_every_page_opens_and_writes_nothing(cast, see, client):
    project = handed.closed(cast)
    row = archive.make(project.pk, actor=cast.gu, gaps_reason="批复在纸质档案中")
    batch, title, asset = project.handover_batches.get(), TitleRecord.objects.get(), project.assets.first()
    pages = [
        *(reverse(f"web:{name}", args=[project.pk]) for name in ("assets", "handover", "titles", "archive")),
        batch.get_absolute_url(), title.get_absolute_url(), asset.get_absolute_url(), row.get_absolute_url(),
    ]  # fmt: skip
    for actor in (cast.lin, cast.zi, cast.gu, cast.qian):
        client.force_login(actor.user)
        with no_writes():
            assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    for page in (batch.get_absolute_url(), title.get_absolute_url(), asset.get_absolute_url()):
        assert see(cast.xie, page).status_code == 200
        assert see(cast.wen, page).status_code == 404
        assert see(cast.sun, page).status_code == 404
        assert see(cast.chen, page).status_code == 404, "the window has no part in it"


def test_a_card_is_entered_corrected_and_removed_by_form(cast, see):
    project = handed.a_project(cast)
    listed = reverse("web:assets", args=[project.pk])
    new = reverse("web:asset_new", args=[project.pk])
    assert new in text(see(cast.lin, listed))
    assert new not in text(see(cast.lei, listed))
    said = {"name": "教学楼", "asset_class": "FIXED", "kind": "STRUCTURE", "quantity": "1", "direct": "许多",
            "installation": "0", "is_real_estate": "on"}  # fmt: skip
    refused = see(cast.lin, new, said | {"is_real_estate": "on", "kind": "EQUIPMENT"})
    assert refused.status_code == 422
    assert 'value="许多"' in text(refused)
    assert "只有建筑物及构筑物是不动产" in text(refused), "what breaks a rule is told together with what cannot be read"
    assert see(cast.lin, new, said | {"direct": "1,234.56"}).status_code == 302
    asset = Asset.objects.get()
    assert (asset.no, asset.value) == ("ZC-0001", Decimal("1234.56"))
    assert "1,234.56" in text(see(cast.lin, listed))
    edit = reverse("web:asset_edit", args=[asset.pk])
    form = text(see(cast.lin, edit))
    assert 'value="1,234.56"' in form
    changed = said | {"direct": "1,234.57", "no": "ZC-0001", "version": "0"}
    assert see(cast.lin, edit, changed).status_code == 302
    assert see(cast.lin, edit, changed).status_code == 409, "somebody else was faster"
    assert see(cast.lei, edit).status_code == 403
    remove = reverse("web:asset_remove", args=[asset.pk])
    assert see(cast.lin, remove, {"reason": ""}).status_code == 422
    assert see(cast.lin, remove, {"reason": "误录"}).status_code == 302
    assert not Asset.objects.exists()


def test_a_table_is_taken_and_read_back_from_the_page(cast, see):
    project = handed.a_project(cast)
    handed.a_card(cast, project)
    listed = reverse("web:assets", args=[project.pk])
    content = see(cast.lin, reverse("web:assets_export", args=[project.pk]), {}).content
    into = reverse("web:assets_import", args=[project.pk])
    assert see(cast.lin, into, {"file": SimpleUploadedFile("卡片.xlsx", content)}).url == listed
    refused = see(cast.lin, into, {"file": SimpleUploadedFile("卡片.xlsx", b"x")})
    assert refused.status_code == 422
    assert see(cast.lin, into, {}).status_code == 422
    assert see(cast.wu, into, {"file": SimpleUploadedFile("卡片.xlsx", content)}).status_code == 403


def test_cards_are_chosen_from_what_the_model_proposes(cast, see):
    project = handed.a_project(cast, "ACCEPTANCE")
    model = handed_in.hand_in(cast.lin, project, handed_in.an_equipped_school().bytes(), stage="AS_BUILT")
    page = reverse("web:assets_draft", args=[project.pk, model.pk])
    assert page in text(see(cast.lin, reverse("web:assets", args=[project.pk])))
    keys = re.findall(r'name="key" value="([^"]+)"', text(see(cast.lin, page)))
    assert "DT-001" in keys
    assert see(cast.lin, page, {"chosen": "1", "key": ["DT-001"]}).status_code == 302
    assert [asset.no for asset in Asset.objects.all()] == ["DT-001"]
    again = text(see(cast.lin, page))
    assert Asset.objects.get().get_absolute_url() in again
    assert 'value="DT-001"' not in again
    assert see(cast.lin, page, {"chosen": "1"}).status_code == 422, "nothing chosen"
    assert see(cast.wu, page).status_code == 403


def test_the_clicked_element_names_its_asset_or_that_of_its_building(cast, see):
    project = handed.a_project(cast, "ACCEPTANCE")
    model = handed_in.hand_in(cast.lin, project, handed_in.an_equipped_school().bytes(), stage="AS_BUILT")
    cards.draft_from_model(project.pk, model.pk, actor=cast.lin)
    lift = BimElement.objects.get(model=model, name="电梯1")
    wall = BimElement.objects.filter(model=model, ifc_class="IfcWall").first()
    for element, no in ((lift, "DT-001"), (wall, Asset.objects.get(name="教学楼").no)):
        said = text(see(cast.lin, reverse("web:bim_element", args=[model.pk, element.guid])))
        asset = Asset.objects.get(no=no)
        assert f'href="{asset.get_absolute_url()}"' in said
        assert no in said
    shown = re.search(
        r'href="([^"]*/view/\?select=[^"]*)"', text(see(cast.lin, Asset.objects.get(no="DT-001").get_absolute_url()))
    )
    assert parse_qs(urlsplit(shown[1]).query)["select"] == [lift.guid], "what the viewer lights up"


def test_a_batch_is_prepared_signed_by_both_houses_and_confirmed_on_its_page(cast, see):
    project = handed.approved(cast)
    new = reverse("web:handover_new", args=[project.pk])
    assert new in text(see(cast.lin, reverse("web:handover", args=[project.pk])))
    keys = [str(asset.pk) for asset in project.assets.all()]
    said = {
        "kind": "FINAL",
        "to_unit": str(cast.houses["school"].pk),
        "handed_on": str(clock.today()),
        "remark": "首批",
    }
    refused = see(cast.lin, new, said)
    assert refused.status_code == 422
    assert 'value="首批"' in text(refused)
    assert see(cast.lin, new, said | {"asset": keys}).status_code == 302
    batch = HandoverBatch.objects.get()
    page = batch.get_absolute_url()
    attach = reverse("web:handover_attach", args=[batch.pk])
    assert see(cast.lin, attach, {}).status_code == 422
    assert see(cast.lin, attach, {"file": a_pdf()}).status_code == 302
    paper = batch.documents.get()
    kept = see(cast.xie, reverse("web:handover_document", args=[batch.pk, paper.pk]))
    assert b"".join(kept.streaming_content) == PDF
    move = "web:execution_move"
    assert see(cast.lei, reverse(move, args=["handover", batch.pk, "sign_over"]), {}).status_code == 302
    desk = text(see(cast.xie, reverse("web:handovers")))
    assert page in desk
    assert "8,600,000.00" in desk
    assert see(cast.wen, reverse("web:handovers")).status_code == 200
    assert page not in text(see(cast.wen, reverse("web:handovers")))
    assert see(cast.lin, reverse("web:handovers")).status_code == 403
    assert see(cast.xie, reverse(move, args=["handover", batch.pk, "receive"]), {}).status_code == 302
    assert see(cast.zi, reverse(move, args=["handover", batch.pk, "confirm"]), {}).status_code == 302
    shown = text(see(cast.lin, page))
    assert all(name in shown for name in ("雷鸣", "谢宁", "资明"))
    printed = see(cast.lin, reverse("web:handover_pdf", args=[batch.pk]), {})
    assert printed["Content-Type"] == "application/pdf"
    listed = pdf_text(printed.content)
    assert "资产移交清单" in listed
    assert "8,600,000.00" in listed
    assert "谢宁" in listed


def pdf_text(content):
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def test_the_final_batch_shows_the_difference_to_the_provisional_one(cast, see):
    project = handed.a_project(cast)
    asset = handed.a_card(cast, project, "100.00")
    handed.handed(cast, project, asset, kind="PROVISIONAL")
    Asset.objects.filter(pk=asset.pk).update(direct=Decimal("88.50"))
    type(project).objects.filter(pk=project.pk).update(stage="ASSET_HANDOVER")
    batch = handed.handed(cast, project, asset)
    for page in (batch.get_absolute_url(), asset.get_absolute_url()):
        shown = text(see(cast.xie, page))
        assert "-11.50" in shown or "−11.50" in shown
    assert "-11.50" in pdf_text(see(cast.xie, reverse("web:handover_pdf", args=[batch.pk]), {}).content)


def test_a_title_is_brought_to_the_registry_from_its_page(cast, see):
    project = handed.approved(cast)
    handed.handed(cast, project)
    title = TitleRecord.objects.get()
    page = title.get_absolute_url()
    move = "web:execution_move"
    filing = reverse(move, args=["title", title.pk, "file"])
    said = {"file-filed_on": str(clock.today()), "file-papers": ["APPLICATION", "SURVEY"]}
    refused = see(cast.xie, filing, said)
    assert refused.status_code == 422
    assert "尚缺" in text(refused)
    assert see(cast.xie, filing, said | {"file-papers": list(TitlePaper.values)}).status_code == 302
    due = calendars.current().provisional().add(clock.today(), 30)
    for shown in (page, reverse("web:titles", args=[project.pk])):
        assert str(due) in text(see(cast.xie, shown))
    attach = reverse("web:title_attach", args=[title.pk])
    assert see(cast.lin, attach, {"file": a_pdf()}).status_code == 403
    assert see(cast.xie, attach, {}).status_code == 422
    assert see(cast.xie, attach, {"file": a_pdf("证书.pdf")}).status_code == 302
    number = "粤(2026)深圳市不动产权第0000009号"
    said = {"register-certificate_no": number, "register-registered_on": str(clock.today())}
    assert see(cast.xie, reverse(move, args=["title", title.pk, "register"]), said).status_code == 302
    assert number in text(see(cast.lin, page))
    assert number in text(see(cast.lin, reverse("web:titles", args=[project.pk])))
    assert b"".join(see(cast.lin, reverse("web:title_document", args=[title.pk])).streaming_content) == PDF


def test_the_archive_is_packed_taken_and_verified_from_its_page(cast, see):
    project = handed.closed(cast)
    page, make = reverse("web:archive", args=[project.pk]), reverse("web:archive_make", args=[project.pk])
    assert make in text(see(cast.gu, page))
    assert make not in text(see(cast.lin, page))
    refused = see(cast.gu, make, {"gaps_reason": ""})
    assert refused.status_code == 422
    assert "档案缺件" in text(refused)
    assert '<span class="optional">' not in text(refused), "the reason is asked for because it is needed"
    assert see(cast.gu, make, {"gaps_reason": "批复在纸质档案中"}).status_code == 302
    row = project.archive_packages.get()
    assert row.file.sha256 in text(see(cast.lin, row.get_absolute_url()))
    verified = see(cast.lin, reverse("web:archive_verify", args=[row.pk]), {})
    assert "档案包完整" in text(verified)
    take = reverse("web:archive_file", args=[row.pk])
    assert b"".join(see(cast.gu, take, {}).streaming_content)[:2] == b"PK"
    assert see(cast.wu, take, {}).status_code == 403
    assert see(cast.chen, page).status_code == 403


@pytest.mark.parametrize("name", ["assets", "handover", "titles"])
def test_lists_ask_as_often_for_many_as_for_few(cast, client, name):
    project = handed.a_project(cast)
    client.force_login(cast.wu.user)

    def one_more():
        handed.handed(cast, project, handed.a_card(cast, project), kind="PROVISIONAL")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"web:{name}", args=[project.pk])).status_code == 200
        return len(queries)

    one_more()
    asked()
    few = asked()
    for _n in range(4):
        one_more()
    assert asked() == few <= 30


HOSTILE = ("长" * 6000, "1e400", "-Infinity", "9" * 5000, "9999-12-31", "<script>alert(1)</script>", "²")


def test_what_no_honest_person_types_is_refused_in_words(cast, see):
    project = handed.a_project(cast)
    asset = handed.a_card(cast, project)
    batch = handed.a_batch(cast, project, asset, kind="PROVISIONAL")
    title = TitleRecord.objects.get()
    forms = {
        reverse("web:asset_new", args=[project.pk]): CardForm.base_fields,
        reverse("web:asset_edit", args=[asset.pk]): CardForm.base_fields,
        reverse("web:handover_new", args=[project.pk]): (*BatchForm.base_fields, "asset"),
        reverse("web:handover_edit", args=[batch.pk]): (*BatchForm.base_fields, "asset"),
        reverse("web:asset_remove", args=[asset.pk]): ("reason",),
    }
    for typed in HOSTILE:
        for page, names in forms.items():
            answer = see(cast.lin, page, dict.fromkeys(names, typed))
            assert answer.status_code in (302, 422), page
            assert "<script>alert(1)" not in text(answer)
        said = {"file-filed_on": typed, "file-papers": typed}
        moved = see(cast.xie, reverse("web:execution_move", args=["title", title.pk, "file"]), said)
        assert moved.status_code in (403, 422)
        for query in ("q", "asset_class", "handed", "before", "after"):
            listed = see(cast.lin, reverse("web:assets", args=[project.pk]), **{query: typed})
            assert listed.status_code == 200
        assert see(cast.lin, reverse("web:handover", args=[project.pk]), before=typed).status_code == 200
        assert see(cast.xie, reverse("web:handovers"), after=typed).status_code == 200


def test_the_form_of_a_batch_says_what_it_needs_once_and_names_the_holder(cast, see):
    project = handed.approved(cast)
    new = reverse("web:handover_new", args=[project.pk])
    page = text(see(cast.lin, new))
    for name in ("to_unit", "handed_on"):
        label = re.search(rf'<label for="id_{name}">(.*?)</label>', page)[1]
        assert "选填" not in label
    assert page.count('data-label="接收单位"') == project.assets.count()
    refused = see(cast.lin, new, {"kind": "FINAL", "to_unit": "", "handed_on": ""})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) >= {"to_unit", "handed_on"}
    assert all(
        len(errors) == 1 for name, errors in refused.context["form"].errors.items() if name in ("to_unit", "handed_on")
    )
    assert not HandoverBatch.objects.exists()


def test_the_archivist_takes_the_case_file_of_an_ended_item_from_the_archive_page(cast, see):
    item = lives.issued(cast)
    page, take = reverse("web:archive", args=[item.project_id]), reverse("web:case_file", args=[item.pk])
    assert take in text(see(cast.gu, page))
    assert take not in text(see(cast.lin, page))
    answer = see(cast.gu, take, {})
    assert answer["Content-Disposition"].endswith('.zip"')
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert see(cast.lin, take, {}).status_code == 403
    assert see(cast.gu, take).status_code == 405


def test_the_classes_of_the_cards_add_up_column_by_column(cast, see):
    project = handed.approved(cast)
    total = see(cast.lin, reverse("web:assets", args=[project.pk])).context["total"]
    cards_ = list(project.assets.all())
    for name in ("direct", "installation", "allocated", "value"):
        assert getattr(total, name) == sum(getattr(card, name) for card in cards_)
    assert total.count == len(cards_)
