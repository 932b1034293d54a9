"""Which months of the reduction summary are closed, and which periods it can still be asked for."""

from datetime import date, timedelta

import pytest

from approvals.rules import folding

NOVEMBER = date(2026, 11, 23)


def test_three_months_stay_open_and_folding_lags_one_more():
    assert folding.closed_before(NOVEMBER) == date(2026, 8, 1)
    assert folding.folded_before(NOVEMBER) == date(2026, 7, 1)


def test_the_turn_of_the_year_is_crossed():
    assert folding.closed_before(date(2026, 2, 28)) == date(2025, 11, 1)
    assert folding.folded_before(date(2026, 4, 1)) == date(2025, 12, 1)
    assert folding.closed_before(date(2026, 12, 31)) == date(2026, 9, 1)


def test_who_reads_just_before_midnight_may_meet_nothing_folded_that_was_open():
    """The fold of the next day never reaches days that a reader of the day before takes for single."""
    for back in range(800):
        day = NOVEMBER - timedelta(days=back)
        assert folding.folded_before(day + timedelta(days=1)) <= folding.closed_before(day)


@pytest.mark.parametrize(
    ("since", "until", "whole"),
    [
        (None, None, True),
        (None, NOVEMBER, True),
        (date(2016, 7, 1), date(2017, 5, 31), True),
        (date(2016, 7, 1), date(2017, 6, 15), False),
        (date(2016, 7, 2), None, False),
        (date(2026, 8, 5), date(2026, 9, 9), True),
        (date(2024, 2, 1), date(2024, 2, 29), True),
        (date(2024, 2, 1), date(2024, 2, 28), False),
    ],
)
def test_a_period_that_cuts_through_a_closed_month_is_not_for_the_summary(since, until, whole):
    assert folding.cuts_no_month(since, until, NOVEMBER) is whole


def test_a_closed_day_is_found_under_the_first_of_its_month():
    assert folding.cell_day(date(2026, 7, 31), NOVEMBER) == date(2026, 7, 1)
    assert folding.cell_day(date(2026, 8, 31), NOVEMBER) == date(2026, 8, 31)
