"""The basics of a declaration: amounts, reasons, saving while typing."""

from decimal import Decimal

import pytest

from approvals.services.create import create
from projects.services.moves import perform as move_project
from tests.support import lives
from tests.support.declaring import at, text
from tests.support.lives import a_project

pytestmark = pytest.mark.django_db


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
