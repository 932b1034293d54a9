"""Checking, signing, withdrawing, correcting and supplementing a declaration."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.services import materials, moves
from tests.support import lives
from tests.support.declaring import at, grid, pdf, slot_of, text
from tests.support.lives import PDF

pytestmark = pytest.mark.django_db


def test_everything_missing_is_listed_with_the_way_to_its_place(cast, see, item):
    page = see(cast.lin, f"{at('item_edit', item)}?step=sign")
    places = page.context["wizard"].places
    assert {p.problem.field for p in places} == {
        "material.A02", "material.A03", "material.A04", "material.B01", "declared_amount",
    }  # fmt: skip
    for place in places:
        assert place.url.startswith(at("item_edit", item))
        assert place.url.replace("&", "&amp;") in text(page)
    assert {tab.step: tab.missing for tab in page.context["wizard"].tabs} == {
        "basics": 0, "costs": 1, "materials": 4, "sign": 0,
    }  # fmt: skip


def test_the_clerk_presents_and_the_lead_submits(cast, see, item):
    lives.fill_in(cast, item)
    assert see(cast.lin, at("declaration_move", item, "submit"), {}).status_code == 403
    assert see(cast.lin, at("declaration_move", item, "present_for_signature"), {}).status_code == 302
    assert "等待单位负责人签署" in text(see(cast.lin, f"{at('item_edit', item)}?step=sign"))
    again = see(cast.lin, at("declaration_move", item, "present_for_signature"), {})
    assert again.status_code == 422 and "等待单位负责人签署" in text(again)
    page = text(see(cast.lei, f"{at('item_edit', item)}?step=sign"))
    assert "1,000.00" in page
    assert item.project.name in page
    assert see(cast.lei, at("declaration_move", item, "submit"), {"version": 1}).status_code == 409
    answer = see(cast.lei, at("declaration_move", item, "submit"), {"version": lives.fresh(item).version})
    assert answer.url == at("item", item)
    assert lives.fresh(item).state == "SUBMITTED"
    assert see(cast.lin, at("item_edit", item), {"summary": "太迟"}).status_code == 422
    assert see(cast.lin, at("material_upload", item, slot_of(item, "A02").pk), {"file": pdf()}).status_code == 422


def test_a_submission_with_gaps_is_refused_with_all_of_them(cast, see, item):
    answer = see(cast.lei, at("declaration_move", item, "submit"), {})
    assert answer.status_code == 422
    assert lives.fresh(item).state == "DRAFT"
    assert text(answer).count("项目单位请示报告") >= 2


def test_a_withdrawal_needs_the_letter_and_keeps_it_when_refused(cast, see, item):
    url = at("declaration_move", item, "withdraw")
    assert see(cast.lei, url, {"withdraw-reason": ""}).status_code == 422
    assert see(cast.lei, url, {"withdraw-reason": "撤回申请函〔2026〕1号"}).status_code == 302
    assert lives.fresh(item).state == "WITHDRAWN"


def test_defects_are_answered_one_by_one_and_resubmitted(cast, see):
    item = lives.submitted(cast)
    moves.perform(item.pk, "request_correction", actor=cast.chen, data={"defects": ["B01: 缺少估算表", "承诺书未盖章"]})
    page = see(cast.lin, at("item_edit", item))
    defects = [defect for defect, _row in page.context["defects"]]
    assert [d.text for d in defects] == ["缺少估算表", "承诺书未盖章"]
    assert see(cast.lin, at("defect_answer", item, defects[0].pk), {"answer": " "}).status_code == 422
    assert see(cast.lei, at("declaration_move", item, "resubmit"), {}).status_code == 422
    see(cast.lin, at("material_upload", item, slot_of(item, "B01").pk), {"file": pdf()})
    for defect in defects:
        assert see(cast.lin, at("defect_answer", item, defect.pk), {"answer": "已补正"}).status_code == 302
    assert see(cast.lei, at("declaration_move", item, "resubmit"), {}).status_code == 302
    assert lives.fresh(item).state == "SUBMITTED"


def test_a_supplement_shows_the_letter_and_is_supplied(cast, see):
    item = lives.in_first_review(cast)
    data = {"pause_reason": "SUPPLEMENT", "letter": "请补充地勘资料", "expected_days": "5"}
    moves.perform(item.pk, "propose_pause", actor=cast.wu, data=data)
    moves.perform(item.pk, "sign_pause_first", actor=cast.xu)
    moves.perform(item.pk, "sign_pause_second", actor=cast.zhao)
    moves.perform(item.pk, "request_supplement", actor=cast.wu)
    assert "请补充地勘资料" in text(see(cast.lin, at("item_edit", item)))
    uploaded = see(
        cast.lin, at("material_upload", item, slot_of(item, "B01").pk), {"file": pdf(), "step": "supplement"}
    )
    assert uploaded.url == f"{at('item_edit', item)}?step=supplement#field-material.B01"
    assert see(cast.lin, at("declaration_move", item, "supply"), {"supply-note": "见附件"}).status_code == 302
    assert lives.fresh(item).state == "FIRST_REVIEW"


def test_the_steps_cost_the_same_for_few_and_many_lines_and_versions(cast, see, item):
    def cost(step):
        see(cast.lin, f"{at('item_edit', item)}?step={step}")
        with CaptureQueriesContext(connection) as queries:
            assert see(cast.lin, f"{at('item_edit', item)}?step={step}").status_code == 200
        return len(queries)

    lives.fill_in(cast, item)
    steps = ("basics", "costs", "materials", "sign")
    few = [cost(step) for step in steps]
    for _ in range(5):
        for slot in item.slots.filter(code__in=("A02", "A04", "B01")):
            materials.upload(item.pk, slot.pk, io.BytesIO(PDF), name="x.pdf", actor=cast.lin)
    rows = [("1", "工程", "")] + [(f"1.{n}", f"单项{n}", "1") for n in range(1, 50)]
    see(cast.lin, at("costs_save", item), grid(lives.fresh(item), *rows))
    assert [cost(step) for step in steps] == few
    assert max(few) <= 40
