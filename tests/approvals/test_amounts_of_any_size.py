"""Amounts no column could keep are refused in words, wherever they are entered."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from approvals.models import CostLine
from approvals.services import costs, edit
from approvals.services.costs import DeclaredLine, ReviewedLine
from core.errors import RuleViolation
from core.inputs import clean_inputs
from core.money import LARGEST
from core.workflow import Input, Move
from projects.services.amend import amend
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
BEYOND = LARGEST + Decimal("0.01")


@pytest.fixture
def cast() -> Any:
    return make_cast()


def codes(call: Any, *args: Any, **said: Any) -> list[tuple[str, str]]:
    with pytest.raises(RuleViolation) as refusal:
        call(*args, **said)
    return [(problem.code, problem.field) for problem in refusal.value.problems]


def test_a_declared_line_has_an_upper_bound_and_so_has_their_sum(cast: Any) -> None:
    item = lives.a_draft(cast)
    half = DeclaredLine("2", "其他费用", LARGEST / 2)
    too_much = [DeclaredLine("1", "工程费用", Decimal(10) ** 30)]
    assert codes(costs.declare_lines, item.pk, actor=cast.lin, lines=too_much) == [("amount.too_large", "line.1")]
    both = [DeclaredLine("1", "工程费用", LARGEST), half]
    assert codes(costs.declare_lines, item.pk, actor=cast.lin, lines=both) == [("amount.too_large", "declared_amount")]
    costs.declare_lines(item.pk, actor=cast.lin, lines=[DeclaredLine("1", "工程费用", LARGEST)])
    assert lives.fresh(item).declared_amount == LARGEST
    said = {"declared_amount": BEYOND}
    assert codes(edit.amend, item.pk, actor=cast.lin, changes=said) == [("amount.too_large", "declared_amount")]


def test_a_reviewed_line_has_an_upper_bound_and_so_has_their_sum(cast: Any) -> None:
    item = lives.in_first_review(cast)
    for lines, where in (
        ([ReviewedLine("1", BEYOND, "增加")], {"line.1", "reviewed_amount"}),
        ([ReviewedLine("1", LARGEST, "增加"), ReviewedLine("2", LARGEST, "增加")], {"reviewed_amount"}),
    ):
        found = codes(costs.review_lines, item.pk, actor=cast.wu, lines=lines)
        assert {field for _code, field in found} == where and {code for code, _field in found} == {"amount.too_large"}


def test_a_project_has_no_endless_investment_and_no_endless_funds(cast: Any) -> None:
    project = lives.a_project(cast)
    said = {"rough_investment": BEYOND}
    assert codes(amend, project.pk, actor=cast.lin, basics=said) == [("amount.too_large", "rough_investment")]
    funds = {"1": BEYOND}
    found = codes(amend, project.pk, actor=cast.lin, basics={}, funding=funds)
    assert found == [("amount.too_large", "funding")]


def test_a_move_reads_amounts_up_to_the_bound_only() -> None:
    move = Move("", "pay", "", (), None, inputs=(Input("amount", "amount", "money"),))
    assert clean_inputs(move, {"amount": str(LARGEST)})[0] == {"amount": LARGEST}
    assert [p.code for p in clean_inputs(move, {"amount": str(BEYOND)})[1]] == ["unreadable"]


def test_every_column_with_money_checks_the_bound() -> None:
    with pytest.raises(ValidationError):
        CostLine._meta.get_field("declared").clean(BEYOND, None)
