"""The cost tree over the API: declared, imported with every error at its cell, reviewed by those it is assigned to."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from approvals.models import CostLine
from tests.support import days, lives
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
HEAD = ["编码", "费用名称", "单位", "数量", "报送金额（元）", "备注"]


@pytest.fixture
def cast():
    with days.on(date(2026, 3, 2)):
        yield make_cast()


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "概算.xlsx"
    return stream


def test_a_workbook_becomes_the_declared_lines(cast):
    item = lives.a_draft(cast)
    book = workbook(
        ["1", "工程费用", "", None, None, ""],
        ["1.1", "教学楼", "㎡", 12000, 8000000.07, ""],
        ["2", "其他费用", "", None, "2,000,000.00", ""],
    )
    told = ok(Api(cast.lin).upload(f"items/{item.pk}/cost-lines/import/", file=book))
    assert told["total"]["declared"] == "10000000.07"
    assert [(row["code"], row["is_leaf"], row["declared"]) for row in told["lines"]] == [
        ("1", False, "8000000.07"), ("1.1", True, "8000000.07"), ("2", True, "2000000.00")
    ]  # fmt: skip
    assert lives.fresh(item).declared_amount == Decimal("10000000.07")


def test_every_error_of_a_workbook_stands_at_its_cell_and_nothing_is_imported(cast):
    item = lives.a_draft(cast)
    book = workbook(["1", "工程费用", "", None, "abc", ""], ["2", "", "", None, 5, ""], ["2", "其他", "", "x", 5, ""])
    said = refused(Api(cast.lin).upload(f"items/{item.pk}/cost-lines/import/", file=book), 422)
    assert {"E2", "B3", "D4"} <= {problem["field"] for problem in said["problems"]}
    assert not CostLine.objects.exists()


def test_what_is_not_a_workbook_is_refused(cast):
    item = lives.a_draft(cast)
    file = io.BytesIO(b"not a workbook")
    file.name = "a.xlsx"
    refused(Api(cast.lin).upload(f"items/{item.pk}/cost-lines/import/", file=file), 422)
    refused(Api(cast.lin).upload(f"items/{item.pk}/cost-lines/import/"), 400)
    refused(Api(cast.lin).post(f"items/{item.pk}/cost-lines/import/", {}), 415)


def test_a_heading_that_does_not_add_up_names_its_line(cast):
    item = lives.a_draft(cast)
    lines = [
        {"code": "1", "name": "工程费用", "declared": "9.00"},
        {"code": "1.1", "name": "教学楼", "declared": "8.00"},
    ]
    said = refused(Api(cast.lin).put(f"items/{item.pk}/cost-lines/", {"lines": lines}), 422)
    assert [(problem["code"], problem["field"]) for problem in said["problems"]] == [("cost.subtotal", "line.1")]


def test_a_line_of_the_wrong_shape_names_its_place(cast):
    item = lives.a_draft(cast)
    lines = [
        {"code": "1", "name": "甲"},
        {"code": "2", "name": "乙", "declared": "1.001"},
        {"code": "x" * 31, "nam": "丙"},
    ]
    said = refused(Api(cast.lin).put(f"items/{item.pk}/cost-lines/", {"lines": lines}), 400)
    assert {"lines.1.declared", "lines.2.code", "lines.2.name"} <= {problem["field"] for problem in said["problems"]}


def test_only_the_assigned_reviewers_enter_reviewed_amounts(cast):
    item = lives.in_centre(cast)
    body = {"lines": [{"code": "1", "reviewed": "1.00", "reason": "重复", "reason_class": "DUPLICATE"}]}
    path = f"items/{item.pk}/cost-lines/review/"
    refused(Api(cast.lin).put(path, body), 403)
    refused(Api(cast.zhao).put(path, body), 403)
    told = ok(Api(cast.jiang).put(path, body))
    assert told["lines"][0]["reviewed"] == "1.00" and told["lines"][0]["reason"] == "重复"
    assert told["total"]["reviewed"] is None, "the total waits until every line is reviewed"
    assert codes(refused(Api(cast.jiang).put(path, {"lines": [{"code": "9", "reviewed": "1"}]}), 422)) == {
        "cost.unknown"
    }
    assert ok(Api(cast.lin).get(f"items/{item.pk}/cost-lines/"))["lines"][0]["reviewed"] is None
