"""Periods of a tender and the two halves of R-INV-09, on the day that still does and the day that does not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execution.rules.tender import (
    Breach,
    Lot,
    Periods,
    above_budget,
    above_ceiling,
    bid_period,
    contract_clock,
    publicity,
)

PERIODS = Periods(bids=20, publicity=3, publicity_start=3, contract=30, contract_warning=7)
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(("days", "faults"), [(19, [Breach.BIDS_TOO_SHORT]), (20, []), (45, [])])
def test_bids_stay_open_for_twenty_days(days: int, faults: list[Breach]) -> None:
    found = bid_period(DAY, DAY + timedelta(days=days), PERIODS)
    assert [row.breach for row in found] == faults
    assert all(row.limit == date(2026, 3, 22) for row in found)


@pytest.mark.parametrize(
    ("begins", "ends", "faults"),
    [
        (0, 2, []),
        (3, 5, []),
        (4, 6, [Breach.PUBLICITY_TOO_LATE]),
        (1, 2, [Breach.PUBLICITY_TOO_SHORT]),
        (9, 9, [Breach.PUBLICITY_TOO_LATE, Breach.PUBLICITY_TOO_SHORT]),
        (-1, 5, [Breach.BACKWARDS]),
    ],
)
def test_candidates_are_published_soon_and_long_enough(begins: int, ends: int, faults: list[Breach]) -> None:
    found = publicity(DAY, DAY + timedelta(days=begins), DAY + timedelta(days=ends), PERIODS)
    assert [row.breach for row in found] == faults


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_publicity_that_passes_lies_open_on_three_days_at_least(begins: int, length: int) -> None:
    first, last = DAY + timedelta(days=begins), DAY + timedelta(days=begins + length)
    open_days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    good = begins <= 3 and len(open_days) >= 3
    assert (publicity(DAY, first, last, PERIODS) == []) == good


@pytest.mark.parametrize(
    ("today", "signed", "light", "left"),
    [(0, None, "GREEN", 30), (22, None, "GREEN", 8), (23, None, "YELLOW", 7), (30, None, "YELLOW", 0),
     (31, None, "RED", -1), (99, 30, "GREEN", 0), (99, 31, "RED", -1)],
)  # fmt: skip
def test_the_contract_is_signed_within_thirty_days_of_the_notice(
    today: int, signed: int | None, light: str, left: int
) -> None:
    signed_on = None if signed is None else DAY + timedelta(days=signed)
    clock = contract_clock(DAY, signed_on, DAY + timedelta(days=today), PERIODS)
    assert (clock.light, clock.days_left, clock.due_on) == (light, left, date(2026, 4, 1))


def test_a_ceiling_keeps_to_what_other_lots_leave_of_the_budget() -> None:
    lots = [Lot(Decimal("6000000.00"), Decimal("5000000.00")), Lot(Decimal("1000000.00"))]
    budget, one = Decimal("10000000.00"), Decimal(1)
    assert above_budget(Decimal("4000000.00"), lots, budget, one, "GT") is None
    assert above_budget(Decimal("4000000.01"), lots, budget, one, "GT") == Decimal("4000000.00")
    assert above_budget(Decimal("4000000.00"), lots, budget, one, "GTE") == Decimal("4000000.00")
    assert above_budget(Decimal("99.00"), lots, None, one, "GT") is None
    assert above_budget(Decimal("1.00"), [Lot(Decimal("20000000.00"))], budget, one, "GT") == 0


@pytest.mark.parametrize(("award", "broken"), [("8999999.99", False), ("9000000.00", False), ("9000000.01", True)])
def test_an_award_keeps_to_the_ceiling_to_the_fen(award: str, broken: bool) -> None:
    assert above_ceiling(Decimal(award), Decimal("9000000.00"), Decimal(1), "GT") is broken
