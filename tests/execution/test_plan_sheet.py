"""The plan as an Excel sheet: it reads back as it was, every fault is named at once, hostile files are refused."""

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from core.errors import NotPermitted, RuleViolation
from core.models import TraceEntry
from execution import facts, plan_sheet
from execution.models import AnnualPlan, PlanItem
from execution.services.plan_export import export
from execution.services.plan_import import import_rows
from tests.support import planned, works
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
HEADS = ["项目代码", "项目名称", "计划类别", "建设内容及规模", "开工日期", "竣工日期", "总投资(万元)", "申报 4(万元)"]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def book(*rows: list[Any], heads: list[str] | None = None) -> bytes:
    sheet_book = Workbook()
    sheet = sheet_book.active
    assert sheet is not None
    sheet.append(heads or HEADS)
    for row in rows:
        sheet.append(row)
    return saved(sheet_book)


def saved(sheet_book: Any) -> bytes:
    buffer = io.BytesIO()
    sheet_book.save(buffer)
    return buffer.getvalue()


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    sheet_book = load_workbook(io.BytesIO(content))
    change(sheet_book.active)
    return saved(sheet_book)


def column(sheet: Any, head: str) -> int:
    return next(cell.column for cell in sheet[3] if str(cell.value).startswith(head))


def problems(plan: AnnualPlan, actor: Any, content: bytes) -> list[Any]:
    with pytest.raises(RuleViolation) as caught:
        import_rows(plan.pk, actor=actor, content=content)
    return list(caught.value.problems)


def test_requests_come_in_by_a_sheet_and_go_out_as_they_came(cast: Cast) -> None:
    plan = planned.a_call(cast)
    one, two = works.in_procurement(cast), works.in_procurement(cast)
    content = book(
        [one.code, one.name, "新开工", "教学楼\n12000平方米", "2026-03-01", "2028/06/30", "1,200", 300.000001],
        [two.code, "", "CONTINUING", "续建", "2026-03-01", "2028-06-30", 1000, "50.5"],
        ["合计", None, None, None, None, None, 2200, 350.500001],
    )
    assert len(import_rows(plan.pk, actor=cast.lin, content=content)) == 2
    first, second = plan.items.get(project=one), plan.items.get(project=two)
    assert (first.category, first.total_investment, second.category) == ("NEW", Decimal(12_000_000), "CONTINUING")
    assert facts.by_source(first.funding.all(), "requested") == {"4": Decimal("3000000.01")}
    assert first.content == "教学楼\n12000平方米"
    _plan, again = export(plan.pk, actor=cast.lin)
    assert import_rows(plan.pk, actor=cast.lin, content=again) == [], "what came out says what is there"
    read = plan_sheet.read(again)
    assert read.problems == []
    assert {row.code: row.asked for row in read.rows} == {
        one.code: {"4": Decimal("3000000.01")},
        two.code: {"4": Decimal("505000.00")},
    }
    assert TraceEntry.objects.filter(verb="execution.plan.exported").count() == 1


def test_every_fault_of_every_row_comes_at_once_and_nothing_is_taken(cast: Cast) -> None:
    plan = planned.a_call(cast)
    project, other = works.in_procurement(cast), works.in_procurement(cast)
    content = book(
        [project.code, "", "别的", "内容", "昨天", "2028-06-30", "很多", 1],
        [other.code, "", "新开工", "", "2026-03-01", "2025-03-01", 1200, -1],
        ["9999-000000-00-00-000000", "", "新开工", "内容", None, None, 1200, 1],
        [other.code, "", "新开工", "内容", None, None, 1200, "1.0000001"],
    )
    found = problems(plan, cast.lin, content)
    assert {row.field for row in found} >= {"C2", "E2", "G2", "H3", "H5", "row.3", "row.4", "row.5"}
    codes = [row.code for row in found]
    assert codes.count("plan.row_unknown") == 1
    assert codes.count("plan.row_twice") == 1
    assert not plan.items.exists()
    assert not TraceEntry.objects.filter(verb="execution.plan.imported").exists()


def test_nothing_typed_is_silently_dropped(cast: Cast) -> None:
    plan = planned.a_call(cast)
    project = works.in_procurement(cast)
    row = [project.code, "", "新开工", "内容", None, None, 1200, 1]
    for heads, extra in (
        ([*HEADS, "申报 99(万元)"], [5]),
        ([*HEADS, "联系人"], ["王工"]),
        ([*HEADS[:-1], "申报 4"], []),
        ([*HEADS, "申报 4(元)"], [5]),
    ):
        found = problems(plan, cast.lin, book([*row, *extra], heads=heads))
        assert {one.code for one in found} & {
            "plan.source", "cell.unknown_column", "head.unit_missing", "head.duplicate"
        }, heads  # fmt: skip
    long = problems(plan, cast.lin, book([project.code, "", "新开工", "长" * 5001, None, None, 1200, 1]))
    assert {one.code for one in long} >= {"cell.too_long"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sheet_of_either_language_reads_back(cast: Cast, language: str) -> None:
    plan = planned.a_call(cast, envelopes={"4": "5000000.00", "5.1": "100.00"})
    item = planned.reported(cast, plan, funding={"4": "3000000.01", "5.1": "7.00"})
    planned.balanced(cast, item, {"4": "2000000.00", "5.1": "6.50"})
    with override(language):
        _plan, content = export(plan.pk, actor=cast.ji)
    read = plan_sheet.read(content)
    assert read.problems == []
    (row,) = read.rows
    assert row.asked == {"4": Decimal("3000000.01"), "5.1": Decimal("7.00")}
    assert row.planned == {"4": Decimal("2000000.00"), "5.1": Decimal("6.50")}
    names = ("category", "content", "works_from", "works_until", "total_investment", "year_goal", "reason")
    assert row.values == {name: getattr(item, name) for name in names}


def test_the_planner_balances_by_the_sheet_that_was_exported(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "5000000.00", "3": "100.00"})
    first, second = planned.reported(cast, plan), planned.reported(cast, plan)
    planned.closed_call(cast, plan)
    _plan, content = export(plan.pk, actor=cast.ji)

    def fill(one: float, two: float) -> bytes:
        def change(sheet: Any) -> None:
            place = column(sheet, "安排 4")
            sheet.cell(4, place).value, sheet.cell(5, place).value = one, two

        return edited(content, change)

    found = problems(plan, cast.ji, fill(300, 200.000001))
    assert [row.code for row in found] == ["plan.envelope"]
    assert facts.planned_by_source(plan) == {"4": 0}
    done = import_rows(plan.pk, actor=cast.ji, content=fill(300, 200))
    assert {row.pk for row in done} == {first.pk, second.pk}
    assert facts.planned_by_source(plan) == {"4": Decimal("5000000.00")}


def test_a_reported_request_is_not_overwritten_by_a_sheet(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    _plan, content = export(plan.pk, actor=cast.lin)

    def raise_it(sheet: Any) -> None:
        sheet.cell(4, column(sheet, "申报 4")).value = 1199

    assert [row.code for row in problems(plan, cast.lin, edited(content, raise_it))] == ["plan.reported"]
    assert facts.by_source(item.funding.all(), "requested") == {"4": Decimal("3000000.00")}


def test_a_sheet_reaches_only_the_units_own_projects(cast: Cast) -> None:
    plan = planned.a_call(cast)
    project = works.in_procurement(cast)
    content = book([project.code, "", "新开工", "内容", None, None, 1200, 1])
    assert [row.code for row in problems(plan, cast.sun, content)] == ["plan.row_unknown"]
    for actor in (cast.lei, cast.zhao, cast.fang):
        with pytest.raises(NotPermitted):
            import_rows(plan.pk, actor=actor, content=content)


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def test_hostile_files_are_refused_in_words_and_quickly(cast: Cast) -> None:
    plan = planned.a_call(cast)
    good = book([works.in_procurement(cast).code, "", "新开工", "内容", None, None, 1200, 1])
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><workbook/>'
    for content, code in (
        (b"", "book.not_xlsx"),
        (b"not a workbook", "book.not_xlsx"),
        (good[: len(good) // 2], "book.not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "book.encrypted"),
        (b"x" * (5 * 1024 * 1024 + 1), "book.too_big"),
        (zipped(**{"xl__workbook_dot_xml": b"0" * 50_000_000, "[Content_Types]_dot_xml": b"a"}), "book.bomb"),
        (zipped(**{"xl__workbook_dot_xml": entity, "[Content_Types]_dot_xml": b"<a/>"}), "book.not_xlsx"),
        (book(["a", "b"], heads=["x", "y"]), "book.no_head"),
        (book(), "book.no_lines"),
    ):
        assert code in [row.code for row in problems(plan, cast.lin, content)], code
    many = book(*[["c", "n", "新开工", "x", None, None, 1, 1]] * 3100)
    assert [row.code for row in problems(plan, cast.lin, many)] == ["book.too_many_rows"]


def test_formulas_count_with_their_stored_value_or_are_refused(cast: Cast) -> None:
    plan = planned.a_call(cast)
    project = works.in_procurement(cast)
    content = book([project.code, "", "新开工", "内容", "2026-01-01", "2027-01-01", "=1100+100", 1])
    found = problems(plan, cast.lin, content)
    assert ("cell.formula_without_value", "G2") in [(row.code, row.field) for row in found]
    error = book([project.code, "", "新开工", "内容", "2026-01-01", "2027-01-01", "#REF!", 1])
    assert ("cell.excel_error", "G2") in [(row.code, row.field) for row in problems(plan, cast.lin, error)]


def test_the_command_writes_and_takes_the_sheet_in_the_name_of_a_person(cast: Cast, tmp_path: Path) -> None:
    plan = planned.a_call(cast)
    item = planned.a_request(cast, plan)
    path = tmp_path / "plan.xlsx"
    call_command("plan_sheet", "export", str(plan.year), str(path), "--as", "lin")
    PlanItem.objects.filter(pk=item.pk).update(year_goal="")
    call_command("plan_sheet", "import", str(plan.year), str(path), "--as", "lin")
    assert PlanItem.objects.get(pk=item.pk).year_goal == "主体封顶"
    for args in (["export", "2099"], ["import", str(plan.year)]):
        with pytest.raises(CommandError):
            call_command("plan_sheet", *args, str(tmp_path / "none.xlsx"), "--as", "lin")
    with pytest.raises(CommandError):
        call_command("plan_sheet", "export", str(plan.year), str(path), "--as", "nobody")
