"""R-INV-08: the works part of a budget against the works part of the estimate."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from approvals.findings import findings_of
from approvals.models import ApprovalItem
from approvals.services import costs
from approvals.services.costs import DeclaredLine
from approvals.services.moves import situation
from core import clock
from projects.services.register import TakenOverFigure, register
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
WORKS = Decimal("4000000.00")
"""The works part of the estimate these budgets answer to, in yuan."""


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def cast(db: None) -> Any:
    return make_cast()


def a_budget(cast: Any, *lines: DeclaredLine) -> ApprovalItem:
    figure = TakenOverFigure("ESTIMATE", Decimal("5000000.00"), MONDAY, "鹏发财〔2025〕9号", WORKS)
    project = register(actor=cast.lin, basics=lives.BASICS, taken_over_at="BUDGET", taken_over_reason="原批复",
                       taken_over_figures=[figure])  # fmt: skip
    item = lives.a_draft(cast, project, "BUD")
    return costs.declare_lines(item.pk, actor=cast.lin, lines=lines) if lines else item


def found(item: ApprovalItem, approved: str | None = None) -> dict[str, str]:
    told = findings_of(item, situation(), approved=Decimal(approved) if approved else None)
    return {finding.code: finding.severity for finding in told if "budget" in finding.code}


def line(code: str, amount: str, standard: str = "") -> DeclaredLine:
    return DeclaredLine(code, f"第{code}项", Decimal(amount), standard)


def test_a_budget_may_exceed_the_works_of_the_estimate_by_what_is_not_works(cast: Any) -> None:
    item = a_budget(cast, line("1", "4000000.00"), line("2", "900000.00"))
    assert item.declared_amount == Decimal("4900000.00")
    assert found(item) == {}


def test_one_fen_of_works_too_much_blocks_whatever_the_rest_is(cast: Any) -> None:
    item = a_budget(cast, line("1.1", "3999999.00"), line("1.2", "1.01"), line("2", "0.00"))
    assert found(item) == {"investment.budget_over_works": "BLOCK"}


def test_ten_percent_is_measured_in_works_as_well(cast: Any) -> None:
    exactly = a_budget(cast, line("1", "4400000.00"), line("2", "600000.00"))
    assert list(found(exactly)) == ["investment.budget_over_works"]
    more = costs.declare_lines(exactly.pk, actor=cast.lin, lines=[line("1", "4400000.01"), line("2", "600000.00")])
    assert list(found(more)) == ["investment.budget_over_works", "investment.budget_needs_new_estimate"]


def test_a_line_of_the_projects_own_making_counts_where_it_is_mapped_to(cast: Any) -> None:
    mapped_to_other = a_budget(cast, line("1", "3900000.00"), line("9", "500000.00", "2.07"))
    assert found(mapped_to_other) == {}
    mapped_to_works = [line("1", "3900000.00"), line("9", "500000.00", "1.1")]
    item = costs.declare_lines(mapped_to_other.pk, actor=cast.lin, lines=mapped_to_works)
    assert list(found(item)) == ["investment.budget_over_works"]


def test_the_whole_amount_counts_where_there_are_no_lines(cast: Any) -> None:
    item = a_budget(cast)
    item.cost_lines.all().delete()
    item.declared_amount = Decimal("4000000.01")
    assert list(found(item)) == ["investment.budget_over_works"]
    item.declared_amount = WORKS
    assert found(item) == {}


def test_what_is_approved_beyond_the_lines_counts_as_works(cast: Any) -> None:
    item = a_budget(cast, line("1", "3900000.00"), line("2", "900000.00"))
    assert found(item, approved="4900000.00") == {}
    assert list(found(item, approved="4900000.01")) == ["investment.budget_over_works"]


def test_reviewed_amounts_count_once_the_review_has_a_sum(cast: Any) -> None:
    item = a_budget(cast, line("1", "4500000.00"), line("2", "900000.00"))
    item.cost_lines.filter(code="1").update(reviewed=Decimal("4000000.00"))
    assert list(found(item)) == ["investment.budget_over_works", "investment.budget_needs_new_estimate"]
    item.reviewed_amount = Decimal("4900000.00")  # what passing the first review writes down
    assert found(item) == {}
