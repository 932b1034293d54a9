"""The materials: versions, reasons, links and remarks."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.models import MaterialVersion
from approvals.services import materials, moves
from approvals.services.create import create
from tests.support import lives
from tests.support.declaring import at, grid, pdf, slot_of, text
from tests.support.lives import a_project_in_proposal

pytestmark = pytest.mark.django_db


def test_a_file_is_uploaded_without_scripts_and_becomes_a_version(cast, see, item):
    slot = slot_of(item, "A02")
    for n in (1, 2):
        assert see(cast.lin, at("material_upload", item, slot.pk), {"file": pdf()}).status_code == 302
        assert slot.versions.count() == n
    page = text(see(cast.lin, f"{at('item_edit', item)}?step=materials"))
    assert "报告.pdf" in page
    assert slot.versions.last().file.sha256[:12] in page


def test_a_wrong_file_is_refused_with_the_reason_at_its_place(cast, see, item):
    slot = slot_of(item, "A02")
    url = at("material_upload", item, slot.pk)
    wrong_kind = see(cast.lin, url, {"file": SimpleUploadedFile("照片.exe", b"MZ")})
    assert wrong_kind.status_code == 422
    assert wrong_kind.context["refused_slot"] == slot.pk
    assert "照片.exe" in text(wrong_kind)
    assert ".docx" in text(wrong_kind)
    assert see(cast.lin, url, {"file": SimpleUploadedFile("假.pdf", b"<html>")}).status_code == 422
    assert see(cast.lin, url, {"file": SimpleUploadedFile("空.pdf", b"")}).status_code == 422
    assert see(cast.lin, url, {}).status_code == 422
    assert see(cast.lin, url, {"upload": "0" * 32}).status_code == 404
    assert not MaterialVersion.objects.exists()


def test_a_slot_of_another_item_is_not_there(cast, see, item):
    other = lives.a_draft(cast, a_project_in_proposal(cast, name="别的", code="2611-440399-04-01-000024"))
    assert see(cast.lin, at("material_upload", item, slot_of(other, "A02").pk), {"file": pdf()}).status_code == 404


def test_a_conditional_material_may_not_apply_and_may_apply_again(cast, see, item):
    slot = slot_of(item, "A03")
    url = at("material_reason", item, slot.pk)
    assert see(cast.lin, url, {"reason": " "}).status_code == 422
    assert see(cast.lin, url, {"reason": "本项目没有会议纪要"}).status_code == 302
    assert "本项目没有会议纪要" in text(see(cast.lin, f"{at('item_edit', item)}?step=materials"))
    see(cast.lin, url, {"reason": "", "withdraw": "1"})
    assert slot_of(item, "A03").not_applicable_reason == ""
    refused = see(cast.lin, at("material_reason", item, slot_of(item, "A02").pk), {"reason": "必备也不交"})
    assert refused.status_code == 422
    assert refused.context["problems"][0].code == "materials.mandatory"


def test_an_earlier_approval_stands_linked_and_needs_no_upload(cast, see):
    earlier = lives.issued(cast)
    item = create(earlier.project_id, "FS", actor=cast.lin)
    rows = {row.slot.code: row for row in see(cast.lin, f"{at('item_edit', item)}?step=materials").context["rows"]}
    assert rows["C02"].mark == "ok"
    assert rows["C02"].links[0]["document_no"] == earlier.document_no
    assert not rows["C02"].can_upload


def test_remarks_of_the_pre_review_stand_at_their_version(cast, see, item):
    lives.fill_in(cast, item)
    moves.perform(item.pk, "request_pre_review", actor=cast.lin)
    slot = slot_of(item, "B01")
    materials.comment(item.pk, slot.pk, actor=cast.chen, verdict="DEFECT", text="缺少第三章", page=3)
    moves.perform(item.pk, "return_pre_review", actor=cast.chen)
    page = see(cast.lin, f"{at('item_edit', item)}?step=materials")
    assert "缺少第三章" in text(page)
    assert {r.slot.code: r.mark for r in page.context["rows"]}["B01"] == "problem"
    see(cast.lin, at("material_upload", item, slot.pk), {"file": pdf()})
    page = see(cast.lin, f"{at('item_edit', item)}?step=materials")
    assert {r.slot.code: r.mark for r in page.context["rows"]}["B01"] == "ok"


def test_names_that_look_like_markup_are_shown_as_typed(cast, see):
    project = a_project_in_proposal(cast, name="<img src=x onerror=alert(1)>")
    item = lives.a_draft(cast, project)
    see(cast.lin, at("item_edit", item), {"summary": "<script>alert(2)</script>", "version": item.version})
    rows = (("1", "<b>工程</b>", "1"),)
    see(cast.lin, at("costs_save", item), grid(lives.fresh(item), *rows))
    for step in ("basics", "costs", "materials", "sign"):
        page = text(see(cast.lin, f"{at('item_edit', item)}?step={step}"))
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "<b>工程" not in page
