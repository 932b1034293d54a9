"""The cost lines: the grid, its faults, where it begins, and the workbook."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.costing import xlsx
from approvals.costing.amounts import Unit
from approvals.costing.tree import CostLine as Line
from approvals.services.create import create
from core.models import TraceEntry
from tests.support import lives
from tests.support.declaring import at, grid, text
from tests.support.lives import a_project_in_proposal

pytestmark = pytest.mark.django_db


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
