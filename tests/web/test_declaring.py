"""Declaring an item: who may, what is kept, what is refused and where, and how files are handed out."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.costing import xlsx
from approvals.costing.amounts import Unit
from approvals.costing.tree import CostLine as Line
from approvals.models import ApprovalItem, MaterialVersion
from approvals.services import materials, moves
from approvals.services.create import create
from core import files
from core.models import TraceEntry
from projects.services.moves import perform as move_project
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.lives import PDF, a_project, a_project_in_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    """`see(cast.lin, url)` is what Lin gets; with data, what posting answers."""

    def look(actor, url, data=None, **headers):
        client.force_login(actor.user)
        return client.get(url) if data is None else client.post(url, data, **headers)

    return look


@pytest.fixture
def item(cast):
    return lives.a_draft(cast)


def text(response):
    return response.content.decode()


def at(name, item, *args):
    return reverse(f"web:{name}", args=[item.pk, *args])


def slot_of(item, code):
    return item.slots.get(code=code)


def pdf(name="报告.pdf"):
    return SimpleUploadedFile(name, PDF)


def grid(item, *rows, **more):
    """The fields of the grid: rows of (code, name, declared)."""
    columns = {"code": 0, "name": 1, "declared": 2}
    data = {name: [row[n] for row in rows] for name, n in columns.items()}
    blank = ["" for _ in rows]
    return (
        data
        | {"unit": blank, "quantity": blank, "standard_code": blank, "grid_unit": "wan", "version": item.version}
        | more
    )


# Opening an item


def test_every_kind_is_listed_with_the_reason_it_is_off(cast, see):
    project = a_project_in_proposal(cast)
    url = reverse("web:item_new", args=[project.pk])
    choices = see(cast.lin, url).context["choices"]
    assert [c.kind.code for c in choices if not c.problems] == ["PR"]
    assert len(choices) == 14
    assert see(cast.lin, url, {"type": "EST"}).status_code == 422
    assert see(cast.lin, url, {}).status_code == 422
    answer = see(cast.lin, url, {"type": "PR"})
    assert answer.url == at("item_edit", ApprovalItem.objects.get())
    assert see(cast.lin, url, {"type": "PR"}).status_code == 422
    assert ApprovalItem.objects.count() == 1


def test_early_involvement_is_opened_before_its_stage_and_beside_the_open_item(cast, see, item):
    url = reverse("web:item_new", args=[item.project_id])
    assert "FS" in [kind.code for kind in see(cast.lin, url).context["early_kinds"]]
    answer = see(cast.lin, url, {"type": "FS", "early": "1"})
    early = ApprovalItem.objects.exclude(pk=item.pk).get()
    assert answer.url == at("item_edit", early)
    assert (early.is_early_involvement, early.resubmission_of) == (True, None)


def test_nothing_is_opened_early_for_an_ended_project(cast, see):
    project = a_project(cast)
    type(project).objects.filter(pk=project.pk).update(stage="TERMINATED")
    url = reverse("web:item_new", args=[project.pk])
    assert see(cast.lin, url).context["early_kinds"] == []
    assert see(cast.lin, url, {"type": "FS", "early": "1"}).status_code == 422


def test_a_withdrawn_item_is_declared_anew_and_the_new_one_names_it(cast, see, item):
    moves.perform(item.pk, "withdraw", actor=cast.lei, data={"reason": "撤回"})
    see(cast.lin, reverse("web:item_new", args=[item.project_id]), {"type": "PR"})
    assert ApprovalItem.objects.order_by("-pk").first().resubmission_of == item


def test_only_the_own_clerk_opens_and_fills_in(cast, see, item):
    new = reverse("web:item_new", args=[item.project_id])
    assert see(cast.sun, new).status_code == 404
    assert see(cast.lei, new).status_code == 403
    posts = {
        at("item_edit", item): {"summary": "x"},
        at("costs_save", item): {},
        at("costs_seed", item): {},
        at("costs_import", item): {},
        at("material_upload", item, slot_of(item, "A02").pk): {},
        at("material_reason", item, slot_of(item, "A03").pk): {"reason": "x"},
        at("declaration_move", item, "submit"): {},
    }
    for url, data in posts.items():
        assert see(cast.sun, url, data).status_code == 404, url
        assert see(cast.wu, url, data).status_code == 404, url
    lives.submitted(cast, item)
    assert see(cast.wu, at("item_edit", item)).status_code == 403
    assert see(cast.sun, at("item_edit", item)).status_code == 404


# Basics


def test_the_basics_are_saved_with_exact_amounts_in_either_unit(cast, see, item):
    data = {"summary": "新建教学楼", "contact": "林晓 138", "declared_amount": "1,234.567891", "amount_unit": "wan"}
    assert see(cast.lin, at("item_edit", item), data | {"version": item.version}).status_code == 302
    saved = lives.fresh(item)
    assert (saved.summary, saved.contact, saved.declared_amount) == ("新建教学楼", "林晓 138", Decimal("12345678.91"))
    data |= {"declared_amount": "0.01", "amount_unit": "yuan", "version": saved.version}
    assert see(cast.lin, at("item_edit", item), data).status_code == 302
    assert lives.fresh(item).declared_amount == Decimal("0.01")


def test_a_refused_amount_keeps_what_was_typed(cast, see, item):
    data = {"summary": "很长的说明", "contact": "c", "declared_amount": "1.2345678", "amount_unit": "wan"}
    answer = see(cast.lin, at("item_edit", item), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"declared_amount"}
    for kept in ("很长的说明", "1.2345678"):
        assert kept in text(answer)
    assert lives.fresh(item).summary == ""


def test_saving_while_typing_answers_in_json(cast, see, item):
    url, header = at("item_edit", item), {"HTTP_X_PT_AUTOSAVE": "1"}
    good = see(cast.lin, url, {"summary": "一", "version": item.version}, **header)
    assert good.json() == {"fields": {"version": item.version + 1}}
    stale = see(cast.lin, url, {"summary": "二", "version": item.version}, **header)
    assert (stale.status_code, bool(stale.json()["message"])) == (409, True)
    bad = see(cast.lin, url, {"summary": "二", "declared_amount": "二百"}, **header)
    assert (bad.status_code, bool(bad.json()["message"])) == (422, True)
    assert lives.fresh(item).summary == "一"


def test_an_item_without_a_cost_tree_gets_its_one_line_from_the_amount(cast, see):
    project = a_project(cast)
    item = create(project.pk, "RSV", actor=cast.lin)
    data = {"summary": "s", "declared_amount": "300", "amount_unit": "wan", "version": item.version}
    see(cast.lin, at("item_edit", item), data)
    assert [(line.code, line.declared) for line in item.cost_lines.all()] == [("1", Decimal("3000000.00"))]
    assert lives.fresh(item).declared_amount == Decimal("3000000.00")


def test_an_adjustment_says_by_which_reasons_the_estimate_grows(cast, see):
    project = lives.register(
        actor=cast.lin, basics=lives.BASICS, taken_over_at="CONSTRUCTION",
        taken_over_reason="已开工",
    )  # fmt: skip
    move_project(project.pk, "open_estimate_adjustment", actor=cast.lei, data={"reason": "地质变化"})
    item = create(project.pk, "ADJ", actor=cast.lin)
    data = {
        "summary": "s",
        "reason-GEOLOGY": "120.5",
        "plan": "方案",
        "source_of_funds": "区财政",
        "version": item.version,
    }
    assert see(cast.lin, at("item_edit", item), data).status_code == 302
    form = lives.fresh(item).form
    assert form["reasons"] == {"GEOLOGY": "1205000.00"}
    assert (form["plan"], form["source_of_funds"]) == ("方案", "区财政")
    assert 'value="120.50"' in text(see(cast.lin, f"{at('item_edit', item)}?step=basics"))


# Cost lines


def test_the_grid_is_saved_as_a_tree_and_sums_up(cast, see, item):
    rows = (
        ("1", "工程费用", ""),
        ("1.1", "教学楼", ""),
        ("1.1.1", "建筑", "800.5"),
        ("2", "其他", "199.5"),
        ("", "", ""),
    )
    assert see(cast.lin, at("costs_save", item), grid(item, *rows)).status_code == 302
    saved = lives.fresh(item)
    assert saved.declared_amount == Decimal("10000000.00")
    assert [(r.code, r.parent_code, r.is_leaf) for r in saved.cost_lines.all()] == [
        ("1", "", False),
        ("1.1", "1", False),
        ("1.1.1", "1.1", True),
        ("2", "", True),
    ]
    page = see(cast.lin, f"{at('item_edit', item)}?step=costs")
    assert page.context["grid"].total == Decimal("10000000.00")
    in_yuan = text(see(cast.lin, f"{at('item_edit', item)}?step=costs&unit=yuan"))
    assert "8,005,000.00" in in_yuan


def test_every_fault_of_the_grid_stands_at_its_cell_and_nothing_is_lost(cast, see, item):
    rows = (("1", "工程费用", "5"), ("1", "重复", "二百"), ("3.1", "", "1"), ("x", "怪", "1.2345678"))
    answer = see(cast.lin, at("costs_save", item), grid(item, *rows))
    assert answer.status_code == 422
    faults = {(row.code, row.name, column) for row, column, _words in answer.context["grid"].faults}
    assert faults == {
        ("1", "重复", "code"),
        ("1", "重复", "declared"),
        ("3.1", "", "code"),
        ("3.1", "", "name"),
        ("x", "怪", "code"),
        ("x", "怪", "declared"),
    }
    for kept in ("二百", "1.2345678", "重复"):
        assert kept in text(answer)
    assert not item.cost_lines.exists()


def test_an_amount_beside_a_branch_must_be_the_sum_below_it(cast, see, item):
    rows = (("1", "工程费用", "12"), ("1.1", "教学楼", "5"))
    answer = see(cast.lin, at("costs_save", item), grid(item, *rows))
    assert [(row.code, column) for row, column, _ in answer.context["grid"].faults] == [("1", "declared")]
    assert 'value="12"' in text(answer)


def test_lines_ticked_for_removal_go(cast, see, item):
    lives.fill_in(cast, item)
    item = lives.fresh(item)
    rows = (("1", "工程费用", "800"), ("2", "其他", "200"))
    see(cast.lin, at("costs_save", item), grid(item, *rows, remove=["2"]))
    assert [r.code for r in item.cost_lines.all()] == ["1"]


def test_a_grid_saved_meanwhile_is_not_overwritten(cast, see, item):
    data = grid(item, ("1", "工程费用", "1"))
    see(cast.lin, at("costs_save", item), data)
    assert see(cast.lin, at("costs_save", item), data).status_code == 409


def test_the_grid_begins_with_a_standard_tree_once(cast, see, item):
    see(cast.lin, at("costs_seed", item), {"seed": "standard"})
    codes = set(item.cost_lines.values_list("code", flat=True))
    assert {"1", "1.1", "1.1.4", "2.01", "2.24", "2.99", "3.1", "3.2", "4", "5"} < codes
    assert not [code for code in codes if "x" in code]
    assert see(cast.lin, at("costs_seed", item), {"seed": "short"}).status_code == 422


def test_the_approved_lines_of_an_earlier_item_can_be_taken_over(cast, see):
    earlier = lives.issued(cast)
    item = create(earlier.project_id, "FS", actor=cast.lin)
    page = see(cast.lin, f"{at('item_edit', item)}?step=costs")
    assert f"item-{earlier.pk}" in [seed.key for seed in page.context["seeds"]]
    see(cast.lin, at("costs_seed", item), {"seed": f"item-{earlier.pk}"})
    assert lives.fresh(item).declared_amount == earlier.approved_amount
    other = lives.a_draft(cast, a_project_in_proposal(cast, name="别的", code="2611-440399-04-01-000024"))
    assert see(cast.lin, at("costs_seed", other), {"seed": f"item-{earlier.pk}"}).status_code == 404


def test_a_workbook_comes_in_and_goes_out_unchanged(cast, see, item):
    lines = [
        Line("1", "工程费用"),
        Line("1.1", "教学楼"),
        Line("1.1.1", "建筑", Decimal("8000000.01")),
        Line("2", "其他", Decimal(5)),
    ]
    book = SimpleUploadedFile("费用.xlsx", xlsx.export(lines, Unit.YUAN))
    assert see(cast.lin, at("costs_import", item), {"file": book}).status_code == 302
    assert lives.fresh(item).declared_amount == Decimal("8000005.01")
    out = xlsx.read_book(see(cast.lin, at("costs_export", item), {"unit": "wan"}).content)
    assert {ln.code: ln.declared for ln in out.lines if ln.code in ("1.1.1", "2")} == {
        "1.1.1": Decimal("8000000.01"),
        "2": Decimal("5.00"),
    }
    taken = TraceEntry.objects.get(verb="approvals.item.cost_lines_exported")
    assert (taken.item_id, taken.actor, taken.facts["rows"]) == (item.pk, cast.lin.user, 4)
    template = xlsx.read_book(see(cast.lin, at("costs_template", item)).content)
    assert {"1.1.1", "2.10", "5"} <= {line.code for line in template.lines}


def test_a_faulty_workbook_is_refused_with_its_cells_and_the_lines_stay(cast, see, item):
    lives.fill_in(cast, item)
    lines = [Line("1", "工程费用", Decimal(5)), Line("1", "又一次", Decimal(6))]
    answer = see(cast.lin, at("costs_import", item), {"file": SimpleUploadedFile("x.xlsx", xlsx.export(lines))})
    assert answer.status_code == 422
    assert all(error.cell for error in answer.context["book_errors"])
    assert answer.context["book_errors"][0].cell in text(answer)
    assert item.cost_lines.count() == 2
    for content in (b"", b"not a workbook"):
        assert see(cast.lin, at("costs_import", item), {"file": io.BytesIO(content)}).status_code == 422


# Materials


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


# Signing


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


# The file itself


@pytest.fixture
def version(cast, item):
    return materials.upload(item.pk, slot_of(item, "A02").pk, io.BytesIO(PDF), name="请示报告.pdf", actor=cast.lin)


def test_a_pdf_is_shown_in_place_and_nothing_in_it_may_run(cast, see, version):
    answer = see(cast.lin, reverse("web:material", args=[version.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''%E8%AF%B7")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    download = see(cast.lin, reverse("web:material", args=[version.pk]) + "?download=1")
    assert download["Content-Disposition"].startswith("attachment")


def test_other_kinds_are_only_downloaded(cast, see):
    project = lives.register(
        actor=cast.lin, basics=lives.BASICS, taken_over_at="PRELIM_DESIGN", taken_over_reason="已批复可研"
    )
    item = create(project.pk, "EST", actor=cast.lin)
    dwg = materials.upload(item.pk, slot_of(item, "D04").pk, io.BytesIO(b"AC1032rest"), name="图.dwg", actor=cast.lin)
    answer = see(cast.lin, reverse("web:material", args=[dwg.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].endswith("sandbox")


def test_files_follow_the_visibility_of_their_item(cast, see, item, version):
    url = reverse("web:material", args=[version.pk])
    assert see(cast.sun, url).status_code == 404
    assert see(cast.chen, url).status_code == 404, "a draft is the unit's own"
    lives.submitted(cast, item)
    assert see(cast.chen, url).status_code == 200
    assert see(cast.sun, url).status_code == 404
    assert see(cast.he, url).status_code == 404, "the centre sees what was sent to it"


def test_a_file_changed_on_the_disk_is_never_handed_out(cast, see, version):
    files.path_of(version.file.sha256).write_bytes(b"%PDF-1.4 forged")
    answer = see(cast.lin, reverse("web:material", args=[version.pk]))
    assert answer.status_code == 422
    assert b"forged" not in answer.content
