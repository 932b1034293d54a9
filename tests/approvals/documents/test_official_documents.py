"""Every official document renders, says what it must, and says it in text that can be searched."""

import ast
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from reportlab.lib.units import mm

import approvals.documents
from approvals.documents.compose import compose
from approvals.documents.content import CostRow, MoneyUnit
from approvals.documents.facts import DocumentFacts, facts_digest
from approvals.documents.kinds import DocumentKind
from approvals.documents.layout import QR_SIDE, TEXT_LEFT
from approvals.documents.render import render
from approvals.documents.subjects import SUBJECTS
from core.pdf.fonts import missing
from tests.approvals.documents.document_samples import APPROVAL, BASE, COSTS, RARE_NAME, SAMPLES, URL, yuan
from tests.core.qr_reader import read_qr

KINDS = pytest.mark.parametrize("kind", list(DocumentKind))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without white space, so that a wrapped name is still one string."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


def written(kind: DocumentKind, facts: DocumentFacts) -> str:
    return "".join(pages_of(render(compose(kind, facts))))


def approval(**changes) -> str:
    return written(DocumentKind.APPROVAL, replace(APPROVAL, **changes))


def many_costs(count: int) -> tuple[CostRow, ...]:
    return tuple(
        CostRow(f"2.{number:02d}", f"第{number}项其他费用", yuan("1234.56"), yuan("1000.00"))
        for number in range(1, count + 1)
    )


@KINDS
def test_every_kind_names_project_issuer_date_and_the_way_to_verify_it(kind):
    document = compose(kind, SAMPLES[kind])
    text = "".join(pages_of(render(document)))
    for expected in (
        BASE.project_name,
        BASE.project_code if kind is not DocumentKind.APPROVAL else "",
        BASE.issuer,
        BASE.item_no,
        document.addressee,
        SAMPLES[kind].document_no,
        document.title,
        URL,
        document.facts_hash,
        "电子印章：未加盖（接口待接入）",
        f"{document.issued_on.year}年{document.issued_on.month}月{document.issued_on.day}日",
    ):
        assert expected in text


@KINDS
def test_every_kind_gives_the_same_bytes_twice(kind):
    first = render(compose(kind, SAMPLES[kind]))
    render(compose(DocumentKind.RECEIPT, SAMPLES[DocumentKind.RECEIPT]))
    assert render(compose(kind, SAMPLES[kind])) == first


@KINDS
def test_every_page_is_a4_and_numbered(kind):
    pdf = render(compose(kind, SAMPLES[kind]))
    with pypdfium2.PdfDocument(pdf) as document:
        assert all(page.get_size() == pytest.approx((210 * mm, 297 * mm), abs=0.6) for page in document)
    for number, text in enumerate(pages_of(pdf), start=1):
        assert f"—{number}—" in text


@KINDS
def test_every_font_of_every_kind_is_embedded(kind):
    with pypdfium2.PdfDocument(render(compose(kind, SAMPLES[kind]))) as document:
        for page in document:
            texts = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]))
            assert texts
            assert all(pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(text.raw)) for text in texts)


@KINDS
def test_nothing_is_drawn_outside_the_margins(kind):
    long_names = {
        "project_name": "葵湾片区" * 20 + "道路工程",
        "owner_unit": "建筑工务管理" * 14,
        "issuer": "发展和财政管理" * 6,
    }
    for facts in (SAMPLES[kind], replace(SAMPLES[kind], **long_names)):
        with pypdfium2.PdfDocument(render(compose(kind, facts))) as document:
            for page in document:
                for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                    left, bottom, right, _ = item.get_bounds()
                    assert left >= 19 * mm
                    assert right <= 191 * mm
                    assert bottom >= 20 * mm


@KINDS
def test_a_name_of_many_lines_is_written_in_full(kind):
    name = "葵湾片区" * 20 + "道路工程"
    assert name in written(kind, replace(SAMPLES[kind], project_name=name))


@KINDS
def test_the_qr_code_of_every_kind_reads_back_as_the_verification_address(kind):
    scale = 6
    with pypdfium2.PdfDocument(render(compose(kind, SAMPLES[kind]))) as document:
        page = document[len(document) - 1]
        picture = page.render(scale=scale).to_pil().convert("L")
    left, side = (TEXT_LEFT - 3 * mm) * scale, QR_SIDE * scale
    assert read_qr(picture.crop(qr_box(picture, left, side))) == URL


def qr_box(picture, left: float, side: float) -> tuple[int, int, int, int]:
    """Finds the code in its column: its top left finder is the first long dark run near the left edge of the column."""
    module = side / (33 + 8)
    x = int(left + 4.5 * module)
    run = 0
    for y in range(picture.height // 3, picture.height):
        run = run + 1 if picture.getpixel((x, y)) < 128 else 0
        if run > 6 * module:
            top = y - run - 1.5 * module
            return int(left + 2 * module), int(top), int(left + side - 2 * module), int(top + side - 5 * module)
    raise AssertionError("no QR code found")


def test_no_character_of_any_template_is_missing_from_the_font():
    folder = Path(approvals.documents.__file__).parent
    texts = [
        node.value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert sum(len(text) for text in texts) > 3000
    assert missing("".join(texts).replace("\n", "")) == ""


def test_a_rare_name_beyond_the_basic_plane_can_be_searched_in_the_document():
    assert RARE_NAME in approval()
    assert "赵㛃𪟝建设局：" in approval(owner_unit="赵㛃𪟝建设局")


def test_an_estimate_approval_prints_wan_and_names_the_reduction():
    text = approval()
    assert "申报投资概算6,823.26万元，审定4,761.50万元，核减2,061.76万元，核减率30.22%，批复4,761.50万元" in text
    assert text.count("单位：万元") == 2


def test_a_budget_approval_prints_yuan_with_two_decimals():
    text = approval(
        item_type="BUD",
        declared=Decimal("39083200.00"),
        reviewed=Decimal("34665712.345"),
        approved=Decimal("34665712.34"),
        costs=(),
    )
    assert "申报施工图预算39,083,200.00元，审定34,665,712.35元，" in text
    assert "批复34,665,712.34元" in text
    assert "单位：元" in text
    assert "万元" not in text.replace(re.sub(r"\s", "", APPROVAL.funding), "")


def test_the_unit_changes_with_the_budget_and_an_adjusted_estimate_reads_like_an_estimate():
    assert {code for code, subject in SUBJECTS.items() if subject.unit is MoneyUnit.WAN} == {
        *("RSV", "PR", "FS", "EST"),
        *("ADJ", "PLAN", "FUND"),
    }


def test_an_increase_is_called_an_increase_and_keeps_its_sign_in_the_table():
    text = approval(declared=yuan("100"), reviewed=yuan("125"), approved=yuan("125"), costs=())
    assert "核增25.00万元，核增率25.00%" in text
    assert "125.00125.00-25.00" in text


def test_an_item_without_money_has_no_amounts():
    text = approval(declared=None, reviewed=None, approved=None, costs=())
    assert "审批金额" not in text
    assert "单位：" not in text


def test_sections_are_numbered_without_a_hole_when_one_is_absent():
    text = approval(funding="", conditions=(), waived_steps=())
    assert [
        text.index(part) for part in ("一、审批意见", "二、建设内容及规模", "三、审批金额", "四、批复有效期")
    ] == sorted(text.index(part) for part in ("一、审批意见", "二、建设内容及规模", "三、审批金额", "四、批复有效期"))
    assert "五、" not in text


def test_conditions_waived_steps_and_validity_are_written():
    text = approval()
    for expected in (
        "（一）严格按照批复的建设内容",
        "不得超过本批复概算的工程费用。",
        "可行性研究报告审批。依据：建设内容单一、技术方案简单。",
        "有效期至2019年3月21日",
        "附件：葵湾中心小学改扩建工程投资概算审批明细表",
        "2017年3月22日印发",
    ):
        assert expected in text


def test_a_law_is_cited_only_once_it_is_in_force():
    assert "《国务院关于投资体制改革的决定》（国发〔2004〕20号）" in approval(issued_on=date(2017, 3, 22))
    assert "政府投资条例" not in approval(issued_on=date(2019, 6, 30))
    assert "《政府投资条例》（国务院令第712号）" in approval(issued_on=date(2019, 7, 1))
    assert "《鹏湾新区政府投资项目管理办法》第八条，现批复" in approval(
        basis=("《鹏湾新区政府投资项目管理办法》第八条",)
    )


def test_a_cost_table_of_sixty_lines_spans_pages_and_repeats_its_head():
    pages = pages_of(render(compose(DocumentKind.APPROVAL, replace(APPROVAL, costs=many_costs(60)))))
    annex = [text for text in pages if "费用名称" in text]
    assert len(annex) >= 2
    assert all(text.count("序号费用名称申报金额批复金额核减（增）") == 1 for text in annex)
    whole = "".join(annex)
    assert [whole.count(f"第{number}项其他费用") for number in range(1, 61)] == [1] * 60
    assert whole.count("1,234.561,000.00234.56") == 60
    assert "合计74,073.6060,000.0014,073.60" in annex[-1]


@pytest.mark.parametrize("count", range(1, 75, 3))
def test_a_cost_table_of_any_length_loses_no_line_and_ends_with_the_imprint(count):
    document = compose(DocumentKind.APPROVAL, replace(APPROVAL, costs=many_costs(count)))
    pages = pages_of(render(document))
    whole = "".join(pages)
    assert [whole.count(f"第{number}项其他费用") for number in range(1, count + 1)] == [1] * count
    assert document.facts_hash in pages[-1]
    assert "合计" in pages[-1], "the imprint never stands alone on a sheet"


def test_subtotals_are_not_added_to_the_total():
    assert "合计6,823.264,761.502,061.76" in approval()


def test_a_given_total_is_printed_as_signed_and_the_difference_is_noted():
    total = CostRow("", "合计", yuan("6823.26"), yuan("4761.47"))
    text = approval(cost_total=total)
    assert "合计6,823.264,761.472,061.79" in text
    assert "因四舍五入，分项之和与合计可能存在尾差" in text


def test_rounding_is_noted_only_where_the_printed_parts_miss_the_printed_total():
    thirds = tuple(CostRow(str(number), "费用", Decimal("33333.33"), Decimal("33333.33")) for number in (1, 2, 3))
    assert "尾差" in approval(costs=thirds)
    assert "尾差" not in approval(costs=COSTS)


@pytest.mark.parametrize("count", range(0, 24))
def test_the_signature_is_never_parted_from_the_end_of_the_text(count):
    facts = replace(APPROVAL, costs=(), conditions=tuple("严格按照批复组织实施。" for _ in range(count)))
    pages = pages_of(render(compose(DocumentKind.APPROVAL, facts)))
    signed = [text for text in pages if "此复。" in text]
    assert len(signed) == 1
    assert re.search(r"此复。鹏湾新区发展和财政局2017年3月22日（签发人：欧阳𬭎）", signed[0])
    assert f"{compose(DocumentKind.APPROVAL, facts).facts_hash}" in signed[0]


def test_a_correction_notice_lists_every_defect_once_and_the_last_day():
    text = written(DocumentKind.CORRECTION_NOTICE, SAMPLES[DocumentKind.CORRECTION_NOTICE])
    for defect in SAMPLES[DocumentKind.CORRECTION_NOTICE].defects:
        assert text.count(re.sub(r"\s", "", defect.material)) == 1
        assert text.count(defect.to_fix) == 1
    assert "最迟于2017年4月7日" in text


def test_sixty_defects_are_all_told_on_as_many_pages_as_they_need():
    facts = SAMPLES[DocumentKind.CORRECTION_NOTICE]
    defects = tuple(replace(facts.defects[0], material=f"第{number}号材料") for number in range(1, 61))
    pages = pages_of(render(compose(DocumentKind.CORRECTION_NOTICE, replace(facts, defects=defects))))
    whole = "".join(pages)
    assert [whole.count(f"第{number}号材料") for number in range(1, 61)] == [1] * 60
    assert sum("需要补正的内容" in text for text in pages) >= 3


def test_an_acceptance_notice_names_the_limit_and_marks_a_provisional_date():
    facts = SAMPLES[DocumentKind.ACCEPTANCE_NOTICE]
    assert "20个工作日" in written(DocumentKind.ACCEPTANCE_NOTICE, facts)
    assert "最迟于2017年3月22日（暂定" in written(DocumentKind.ACCEPTANCE_NOTICE, facts)
    settled = written(DocumentKind.ACCEPTANCE_NOTICE, replace(facts, due_is_provisional=False))
    assert "最迟于2017年3月22日办结" in settled
    assert "暂定" not in settled


def test_an_acceptance_with_deficiency_lists_what_is_still_to_come():
    facts = replace(
        SAMPLES[DocumentKind.ACCEPTANCE_NOTICE],
        defects=SAMPLES[DocumentKind.CORRECTION_NOTICE].defects[:1],
        answer_by=date(2017, 3, 8),
    )
    text = written(DocumentKind.ACCEPTANCE_NOTICE, facts)
    assert "容缺受理" in text
    assert "最迟于2017年3月8日补齐" in text
    assert "D03地质勘察报告" in text


@pytest.mark.parametrize("kind", [DocumentKind.REJECTION, DocumentKind.NOT_ACCEPTED])
def test_a_refusal_gives_reasons_and_tells_the_rights(kind):
    text = written(kind, SAMPLES[kind])
    assert all(reason.rstrip("。") in text for reason in SAMPLES[kind].reasons)
    assert "六十日内，依据《中华人民共和国行政复议法》向鹏湾新区管理委员会申请行政复议" in text
    assert "六个月内，依据《中华人民共和国行政诉讼法》" in text


def test_a_notice_of_non_acceptance_names_the_competent_body():
    assert "请你单位向葵湾办事处申请办理" in written(DocumentKind.NOT_ACCEPTED, SAMPLES[DocumentKind.NOT_ACCEPTED])


def test_a_receipt_lists_the_files_with_the_beginning_of_their_hash():
    text = written(DocumentKind.RECEIPT, SAMPLES[DocumentKind.RECEIPT])
    for material in SAMPLES[DocumentKind.RECEIPT].materials:
        assert f"{material.code}{material.name}第{material.version}版{material.sha256[:16]}" in text
    assert "不代表已经受理" in text


def test_a_letter_of_commission_goes_to_the_review_centre():
    text = written(DocumentKind.COMMISSION_LETTER, SAMPLES[DocumentKind.COMMISSION_LETTER])
    assert "鹏湾新区政府投资项目评审中心：" in text
    assert "15个工作日" in text


def test_a_supplement_letter_tells_from_when_the_clock_stands_still():
    text = written(DocumentKind.SUPPLEMENT_LETTER, SAMPLES[DocumentKind.SUPPLEMENT_LETTER])
    assert "自2017年3月23日起暂停计算办理时限" in text


def test_the_hash_changes_with_any_fact_and_with_the_kind():
    hashes = {
        facts_digest(DocumentKind.APPROVAL, APPROVAL),
        facts_digest(DocumentKind.REJECTION, APPROVAL),
        facts_digest(DocumentKind.APPROVAL, replace(APPROVAL, approved=APPROVAL.approved + Decimal("0.01"))),
        facts_digest(DocumentKind.APPROVAL, replace(APPROVAL, conditions=())),
    }
    assert len(hashes) == 4
    assert facts_digest(DocumentKind.APPROVAL, replace(APPROVAL)) in hashes


def test_an_item_type_added_later_speaks_with_its_own_label():
    text = approval(item_type="NEW", item_label="海域使用论证", costs=())
    assert "关于葵湾中心小学改扩建工程海域使用论证的批复" in text
    assert "单位：元" in text


def test_no_seal_picture_is_ever_in_a_document():
    for kind in DocumentKind:
        with pypdfium2.PdfDocument(BytesIO(render(compose(kind, SAMPLES[kind])))) as document:
            assert not any(list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])) for page in document)
