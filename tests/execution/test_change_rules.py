"""R-INV-14: the level of a change by its amount and by all changes of the contract together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.investment import RuleRow
from execution.rules.changes import LADDER, Thresholds, forecast_after, is_above, judge, spread

RULES = Thresholds(
    share=RuleRow("R-INV-14.share", Decimal("0.10"), "GT"),
    section=RuleRow("R-INV-14.section_amount", Decimal(500_000), "GTE"),
    bureau=RuleRow("R-INV-14.bureau_amount", Decimal(2_000_000), "GTE"),
)
PRICE = Decimal("100000000.00")
AMOUNTS = st.decimals(min_value=-5_000_000, max_value=5_000_000, places=2)


@pytest.mark.parametrize(
    ("amount", "level"),
    [("499999.99", "OWNER"), ("500000.00", "SECTION"), ("1999999.99", "SECTION"), ("2000000.00", "BUREAU"),
     ("-500000.00", "SECTION"), ("-499999.99", "OWNER")],
)  # fmt: skip
def test_the_amount_alone(amount: str, level: str) -> None:
    assert judge(Decimal(amount), [], PRICE, RULES).level == level


@pytest.mark.parametrize(
    ("amount", "others", "level", "by_share"),
    [
        ("100000.00", ["900000.00"], "OWNER", False),  # exactly ten per cent is not more than ten per cent
        ("100000.01", ["900000.00"], "SECTION", True),
        ("100000.01", ["-900000.00"], "SECTION", True),  # a deduction counts like an addition
        ("500000.00", ["600000.00"], "BUREAU", True),
        ("3000000.00", ["600000.00"], "BUREAU", True),
    ],
)
def test_all_changes_together_lift_it_one_level(amount: str, others: list[str], level: str, by_share: bool) -> None:
    judged = judge(Decimal(amount), map(Decimal, others), Decimal("10000000.00"), RULES)
    assert (judged.level, judged.by_share) == (level, by_share)


def test_the_comparison_comes_from_the_row() -> None:
    inclusive = Thresholds(RuleRow("", Decimal("0.10"), "GTE"), RULES.section, RULES.bureau)
    assert judge(Decimal(100_000), [Decimal(900_000)], Decimal(10_000_000), inclusive).by_share


@given(AMOUNTS, st.lists(AMOUNTS, max_size=6), AMOUNTS)
def test_one_more_change_never_lowers_the_level(amount: Decimal, others: list[Decimal], more: Decimal) -> None:
    before, after = judge(amount, others, PRICE, RULES), judge(amount, [*others, more], PRICE, RULES)
    assert not is_above(before.level, after.level)
    assert after.level in LADDER


@given(st.dictionaries(st.sampled_from(["1.1", "1.2", "2.1"]), AMOUNTS), AMOUNTS)
def test_a_change_spread_over_cost_lines_adds_up_to_its_value(amounts: dict[str, Decimal], total: Decimal) -> None:
    assert sum(spread(amounts, total).values()) == total


def test_the_forecast_moves_by_the_change() -> None:
    assert forecast_after(Decimal(500), Decimal(400), Decimal(30)) == 530
    assert forecast_after(None, Decimal(400), Decimal(-30)) == 370
