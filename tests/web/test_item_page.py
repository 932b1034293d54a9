"""The page of an item: who sees what, what may be done, what a refusal leaves standing."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import IssuedDocument, MaterialComment, Opinion
from approvals.services import costs, materials, moves
from approvals.services.costs import DeclaredLine, ReviewedLine
from core import clock
from core.models import TraceEntry
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.at(MONDAY):
        yield


def as_(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def page(actor, item) -> str:
    response = as_(actor).get(reverse("web:item", args=[item.pk]))
    assert response.status_code == 200
    return response.content.decode()


def post(actor, item, move, expect, **data):
    said = {"version": lives.fresh(item).version} | {f"{move}-{name}": value for name, value in data.items()}
    if "version" in data:
        said["version"] = data["version"]
    response = as_(actor).post(reverse("web:item_move", args=[item.pk, move]), said)
    assert response.status_code == expect, response.content.decode()[:2000]
    return response


def test_strangers_learn_nothing_not_even_that_it_exists(cast):
    item = lives.in_first_review(cast)
    for stranger in (cast.sun, cast.root, cast.he, cast.yan):
        assert as_(stranger).get(reverse("web:item", args=[item.pk])).status_code == 404
        assert as_(stranger).get(reverse("web:item_deadline", args=[item.pk])).status_code == 404
        assert as_(stranger).post(reverse("web:item_move", args=[item.pk, "withdraw"])).status_code == 404
    assert Client().get(reverse("web:item", args=[item.pk])).status_code == 302


def test_a_draft_is_seen_by_its_unit_alone(cast):
    item = lives.a_draft(cast)
    page(cast.lin, item)
    for other in (cast.chen, cast.wu, cast.zhao, cast.su, cast.sun):
        assert as_(other).get(reverse("web:item", args=[item.pk])).status_code == 404


def test_the_unit_sees_neither_names_nor_opinions_nor_reviewed_amounts_before_the_decision(cast):
    item = lives.in_determination(cast)
    shown = page(cast.lin, item)
    for hidden in (
        "吴刚",
        "许文",
        "何远",
        "江南",
        "孔宁",
        "拟同意",
        "复核同意",
        "建议按审定金额批复",
        "单价偏高",
        "6,000,000",
        "600.00",
    ):
        assert hidden not in shown, hidden
    assert "1,000.00" in shown
    officer = page(cast.wu, item)
    for told in ("何远", "拟同意", "建议按审定金额批复", "单价偏高", "750.00"):
        assert told in officer, told


def test_once_decided_the_unit_sees_the_result_and_the_document_but_not_the_inner_opinions(cast):
    item = lives.issued(cast)
    shown = page(cast.lin, item)
    assert "750.00" in shown and "赵敏" in shown and item.document_no in shown
    assert "拟同意" not in shown and "复核同意" not in shown
    kinds = {document.kind: document for document in IssuedDocument.objects.filter(item=item)}
    assert as_(cast.lin).get(reverse("web:document", args=[kinds["APPROVAL"].pk])).status_code == 200
    assert as_(cast.lin).get(reverse("web:document", args=[kinds["COMMISSION_LETTER"].pk])).status_code == 404
    assert as_(cast.wu).get(reverse("web:document", args=[kinds["COMMISSION_LETTER"].pk])).status_code == 200
    assert as_(cast.sun).get(reverse("web:document", args=[kinds["APPROVAL"].pk])).status_code == 404


def test_a_document_is_the_same_pdf_each_time_it_is_asked_for(cast):
    item = lives.issued(cast)
    document = IssuedDocument.objects.get(item=item, kind="APPROVAL")
    first, again = (as_(cast.lin).get(reverse("web:document", args=[document.pk])).content for _time in (1, 2))
    assert first.startswith(b"%PDF") and first == again
    client = as_(cast.lin)
    with no_writes():
        assert client.get(reverse("web:document", args=[document.pk])).status_code == 200


def test_looking_at_an_item_writes_nothing_for_any_role(cast):
    item = lives.in_second_review(cast)
    clients = [
        as_(actor)
        for actor in (cast.lin, cast.chen, cast.wu, cast.xu, cast.zhao, cast.kong, cast.he, cast.su, cast.qian)
    ]
    with no_writes():
        for client in clients:
            assert client.get(reverse("web:item", args=[item.pk])).status_code == 200
            assert client.get(reverse("web:item_deadline", args=[item.pk])).status_code == 200


def test_a_move_is_made_once_and_leaves_one_trace_entry(cast):
    item = lives.submitted(cast)
    before = TraceEntry.objects.count()
    response = post(cast.chen, item, "accept", 303)
    assert response["Location"] == reverse("web:item", args=[item.pk])
    assert lives.fresh(item).state == "ACCEPTED"
    assert TraceEntry.objects.count() == before + 1
    post(cast.chen, item, "accept", 422)
    assert TraceEntry.objects.count() == before + 1


def test_a_refused_move_shows_every_reason_and_keeps_what_was_typed(cast):
    item = lives.in_centre(cast)
    response = post(cast.he, item, "sign_opinion", 422, opinion="钢筋单价偏高，建议核减")
    shown = response.content.decode()
    summary = re.search(r'class="error-summary".*?</div>', shown, re.DOTALL).group()
    assert "工程费用" in summary and "工程建设其他费用" in summary
    assert "钢筋单价偏高，建议核减" in shown
    assert lives.fresh(item).state == "CENTER_REVIEW"
    assert not Opinion.objects.exists()


def test_a_missing_input_is_told_at_its_field(cast):
    item = lives.submitted(cast)
    response = post(cast.chen, item, "refuse_acceptance", 422, competent_body="市发展改革委")
    shown = response.content.decode()
    assert 'id="field-refuse_acceptance-reason"' in shown
    assert re.search(r'id="field-refuse_acceptance-reason".*?class="error"', shown, re.DOTALL)
    assert 'value="市发展改革委"' in shown
    assert 'href="#field-refuse_acceptance-reason"' in shown


def test_an_outdated_page_is_told_so_and_changes_nothing(cast):
    item = lives.in_second_review(cast)
    response = post(cast.xu, item, "pass_second", 409, version=item.version - 1, opinion="复核同意，建议审定")
    assert lives.fresh(item).state == "SECOND_REVIEW"
    assert "复核同意，建议审定" in response.content.decode()
    post(cast.xu, item, "pass_second", 303, opinion="复核同意，建议审定")
    assert lives.fresh(item).state == "DETERMINATION"


def test_a_page_that_names_no_version_counts_as_outdated(cast):
    item = lives.submitted(cast)
    assert as_(cast.chen).post(reverse("web:item_move", args=[item.pk, "accept"])).status_code == 409
    assert lives.fresh(item).state == "SUBMITTED"


def test_what_is_not_permitted_is_refused_with_403(cast):
    item = lives.in_second_review(cast)
    version = lives.fresh(item).version
    for actor, move in (
        (cast.wu, "pass_second"),
        (cast.wei, "pass_second"),
        (cast.lin, "approve"),
        (cast.su, "approve"),
    ):
        response = as_(actor).post(reverse("web:item_move", args=[item.pk, move]), {"version": version})
        assert response.status_code == 403, (actor.user, move)
    assert lives.fresh(item).state == "SECOND_REVIEW"
    assert as_(cast.xu).get(reverse("web:item_move", args=[item.pk, "pass_second"])).status_code == 405


def test_moves_that_are_off_say_why_and_the_assigned_are_named_in_the_choices(cast):
    item = lives.accepted(cast)
    chief = page(cast.xu, item)
    assert f'<option value="{cast.wu.user.pk}">吴刚</option>' in chief
    assert f'<option value="{cast.wei.user.pk}">魏然</option>' in chief
    assert f'<option value="{cast.fwu.user.pk}"' not in chief, "of another authority"
    lives.in_first_review(cast, item)
    colleague = page(cast.wei, item)
    assert 'aria-disabled="true"' in colleague
    assert reverse("web:item_move", args=[item.pk, "pass_first"]) not in colleague
    assert reverse("web:item_move", args=[item.pk, "send_to_center"]) in page(cast.wu, item)


def test_what_cannot_be_undone_repeats_the_amount_and_the_project(cast):
    item = lives.in_determination(cast)
    shown = page(cast.zhao, item)
    form = re.search(
        r'<form[^>]*action="' + reverse("web:item_move", args=[item.pk, "approve"]) + r'"[^>]*>', shown
    ).group()
    assert f'data-pt-confirm-project="{item.project.name}"' in form
    assert "750.00" in form


def test_the_reviewed_column_is_saved_in_the_unit_of_the_grid(cast):
    item = lives.in_centre(cast)
    first, second = item.cost_lines.filter(is_leaf=True).order_by("position")
    data = {
        "version": lives.fresh(item).version,
        f"reviewed-{first.pk}": "612.345678", f"reason-{first.pk}": "工程量重复", f"class-{first.pk}": "QUANTITY",
        f"reviewed-{second.pk}": "1,200", f"reason-{second.pk}": "漏计", f"class-{second.pk}": "OMISSION",
    }  # fmt: skip
    response = as_(cast.he).post(reverse("web:item_review", args=[item.pk]), data)
    assert response.status_code == 303
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.reviewed, first.reason_class) == (Decimal("6123456.78"), "QUANTITY"), "万元 to the fen, exactly"
    assert second.reviewed == Decimal("12000000.00")
    assert "612.345678" in page(cast.he, item)


def test_one_unreadable_cell_saves_nothing_and_is_told_at_the_cell(cast):
    item = lives.in_centre(cast)
    first, second = item.cost_lines.filter(is_leaf=True).order_by("position")
    data = {"version": lives.fresh(item).version, f"reviewed-{first.pk}": "六百", f"reviewed-{second.pk}": "150"}
    response = as_(cast.he).post(reverse("web:item_review", args=[item.pk]), data)
    shown = response.content.decode()
    assert response.status_code == 422
    assert 'value="六百"' in shown and 'value="150"' in shown
    assert re.search(r'value="六百"[^>]*aria-invalid="true"><span class="cell-error">', shown)
    assert not item.cost_lines.filter(reviewed__isnull=False).exists()


def test_the_grid_knows_versions_and_the_reviewers(cast):
    item = lives.in_centre(cast)
    first = item.cost_lines.filter(is_leaf=True).first()
    url = reverse("web:item_review", args=[item.pk])
    assert as_(cast.he).post(url, {"version": 0, f"reviewed-{first.pk}": "5"}).status_code == 409
    version = lives.fresh(item).version
    outsider = as_(cast.wu).post(url, {"version": version, f"reviewed-{first.pk}": "5"})
    assert outsider.status_code == 403, "the case officer fills in nothing while the centre reviews"
    assert as_(cast.kong).post(url, {"version": version, f"reviewed-{first.pk}": "5"}).status_code == 403
    assert as_(cast.lin).post(url, {"version": version, f"reviewed-{first.pk}": "5"}).status_code == 403
    first.refresh_from_db()
    assert first.reviewed is None
    assert url not in page(cast.kong, item)
    assert url in page(cast.jiang, item)


def test_changing_a_figure_strikes_the_signature_through_and_says_why(cast):
    item = lives.in_centre(cast)
    lives.review(item, cast.he)
    moves.perform(item.pk, "sign_opinion", actor=cast.he, data={"opinion": "同意评审意见"})
    assert "<s>同意评审意见</s>" not in page(cast.kong, item)
    line = item.cost_lines.first()
    costs.review_lines(item.pk, actor=cast.jiang, lines=[ReviewedLine(line.code, Decimal("1.00"), "漏项", "SCOPE")])
    shown = page(cast.kong, item)
    assert "<s>同意评审意见</s>" in shown and "签署后金额有改动" in shown


def test_the_window_comments_on_materials_and_the_unit_reads_it_without_the_name(cast):
    item = lives.fill_in(cast, lives.a_draft(cast))
    moves.perform(item.pk, "request_pre_review", actor=cast.lin)
    slot = item.slots.get(code="B01")
    url = reverse("web:item_comment", args=[item.pk, slot.pk])
    refused = as_(cast.chen).post(url, {f"m{slot.pk}-verdict": "DEFECT", f"m{slot.pk}-text": ""})
    assert refused.status_code == 422
    kept = as_(cast.chen).post(
        url, {f"m{slot.pk}-verdict": "DEFECT", f"m{slot.pk}-text": "缺第三章", f"m{slot.pk}-page": "12"}
    )
    assert kept.status_code == 303
    comment = MaterialComment.objects.get()
    assert (comment.verdict, comment.page, comment.version.number) == ("DEFECT", 12, 1)
    shown = page(cast.lin, item)
    assert "缺第三章" in shown and "陈洁" not in shown
    assert as_(cast.lin).post(url, {f"m{slot.pk}-verdict": "OK"}).status_code == 403


def test_a_comment_is_not_put_on_a_file_nobody_has_read(cast):
    item = lives.fill_in(cast, lives.a_draft(cast))
    slot = item.slots.get(code="B01")
    materials.upload(item.pk, slot.pk, io.BytesIO(lives.PDF + b"%2"), name="B01.pdf", actor=cast.lin)
    moves.perform(item.pk, "request_pre_review", actor=cast.lin)
    url = reverse("web:item_comment", args=[item.pk, slot.pk])
    said = {f"m{slot.pk}-verdict": "DEFECT", f"m{slot.pk}-text": "缺第三章"}
    stale = as_(cast.chen).post(url, {**said, "file_read": "1"})
    assert stale.status_code == 409 and not MaterialComment.objects.exists()
    shown = stale.content.decode()
    assert "请先查看新文件" in shown and "缺第三章" in shown and 'name="file_read" value="2"' in shown
    assert as_(cast.chen).post(url, {**said, "file_read": "2"}).status_code == 303


def test_when_an_item_leaves_the_sight_of_who_moved_it_they_land_on_their_desk(cast):
    item = lives.fill_in(cast, lives.a_draft(cast))
    moves.perform(item.pk, "request_pre_review", actor=cast.lin)
    slot = item.slots.get(code="B01")
    as_(cast.chen).post(
        reverse("web:item_comment", args=[item.pk, slot.pk]),
        {f"m{slot.pk}-verdict": "DEFECT", f"m{slot.pk}-text": "缺页"},
    )
    assert post(cast.chen, item, "return_pre_review", 303)["Location"] == reverse("web:inbox")


def test_text_of_others_is_text_everywhere(cast):
    """Names, opinions, reasons and comments may hold anything a keyboard can type."""
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    project = lives.a_project_in_proposal(cast, name=f"学校{evil}")
    item = lives.fill_in(cast, lives.a_draft(cast, project))
    costs.declare_lines(item.pk, actor=cast.lin, lines=[DeclaredLine("1", f"土建{evil}", Decimal("10000000.00"))])
    item = lives.in_centre(
        cast, lives.in_first_review(cast, lives.accepted(cast, moves.perform(item.pk, "submit", actor=cast.lei)))
    )
    line = item.cost_lines.get()
    costs.review_lines(item.pk, actor=cast.he, lines=[ReviewedLine(line.code, Decimal("1.00"), evil, "OTHER")])
    moves.perform(item.pk, "sign_opinion", actor=cast.he, data={"opinion": evil})
    for shown in (page(cast.kong, item), page(cast.su, item), page(cast.he, item)):
        assert "<script>alert" not in shown and "<img src=x" not in shown
        assert "&lt;script&gt;alert" in shown


def test_the_trace_is_shown_to_those_who_read_it(cast):
    item = lives.in_first_review(cast)
    assert "approvals.item.assign" in page(cast.su, item)
    assert "approvals.item.assign" in page(cast.qian, item)
    for other in (cast.wu, cast.zhao, cast.lin):
        assert "approvals.item.assign" not in page(other, item)


def test_files_that_are_not_those_of_the_pre_review_are_marked(cast):
    item = lives.fill_in(cast, lives.a_draft(cast))
    moves.perform(item.pk, "request_pre_review", actor=cast.lin)
    for slot in item.slots.filter(code__in=("A02", "A04", "B01")):
        as_(cast.chen).post(reverse("web:item_comment", args=[item.pk, slot.pk]), {f"m{slot.pk}-verdict": "OK"})
    moves.perform(item.pk, "pass_pre_review", actor=cast.chen)
    slot = item.slots.get(code="B01")
    lives.materials.upload(item.pk, slot.pk, lives.io.BytesIO(lives.PDF + b"\n"), name="B01.pdf", actor=cast.lin)
    moves.perform(item.pk, "submit", actor=cast.lei)
    shown = page(cast.chen, item)
    warning = re.search(r"与预审通过的版本不一致.*?</div>", shown, re.DOTALL).group()
    assert slot.label in warning
    assert item.slots.get(code="A02").label not in warning


def test_the_page_costs_as_many_queries_with_fifty_lines_as_with_five(cast):
    item = lives.fill_in(cast, lives.a_draft(cast))
    client = as_(cast.lin)

    def cost(n):
        lines = [DeclaredLine(str(number), f"费用{number}", Decimal("1000.00")) for number in range(1, n + 1)]
        costs.declare_lines(item.pk, actor=cast.lin, lines=lines)
        client.get(reverse("web:item", args=[item.pk]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("web:item", args=[item.pk]))
        return len(queries)

    assert cost(5) == cost(50) <= 60


def test_the_deadline_page_names_each_day_and_why(cast):
    with clock.at(date(2026, 9, 28)):
        item = lives.accepted(cast)
    shown = as_(cast.lin).get(reverse("web:item_deadline", args=[item.pk])).content.decode()
    assert "国庆" in shown and "调休上班" in shown and "周末" in shown and "受理当日" in shown
    assert shown.count('class="day-counted"') == item.promised_days + 1, "each day of the limit, and the legend"


def test_a_due_date_in_a_year_without_a_calendar_is_marked_provisional(cast):
    with clock.at(date(2026, 12, 21)):
        item = lives.in_first_review(cast)
        assert item.due_is_provisional
        shown = page(cast.wu, item)
        assert "暂定" in shown and 'class="provisional"' in shown
        assert "暂定" in as_(cast.wu).get(reverse("web:item_deadline", args=[item.pk])).content.decode()


def test_my_items_are_those_of_my_unit(cast):
    item = lives.submitted(cast)
    assert item.no in as_(cast.lin).get(reverse("web:items")).content.decode()
    assert item.no not in as_(cast.sun).get(reverse("web:items")).content.decode()
    assert item.no not in as_(cast.lin).get(reverse("web:items"), {"q": "没有这个"}).content.decode()
