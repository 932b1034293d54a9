"""The S-curve on the page: the axis reaches above every figure in four or five even steps."""

from datetime import date
from decimal import Decimal

import pytest

from execution.rules.curve import Curve
from web.views.execution.drawn_curve import TOP, drawing


@pytest.mark.parametrize("highest", ["0.01", "99999.99", "100000.00", "12000000.00", "12500000.01", "987654321.00"])
def test_the_axis_reaches_the_highest_figure(highest):
    made = drawing(Curve((date(2026, 1, 1), date(2026, 2, 1)), (Decimal(0), Decimal(highest)), (), (), ()))
    assert made.strokes[0].last[1] >= TOP, "inside the picture"
    assert min(y for y, _text in made.rungs) == TOP
    assert 2 <= len(made.rungs) <= 6
    steps = {made.rungs[n][0] - made.rungs[n + 1][0] for n in range(len(made.rungs) - 1)}
    assert max(steps) - min(steps) <= 1


def test_a_long_life_has_few_labels_and_all_its_months_in_the_table():
    months = tuple(date(2020 + n // 12, n % 12 + 1, 1) for n in range(60))
    made = drawing(Curve(months, (), tuple(Decimal(n) for n in range(60)), (), ()))
    assert len(made.months) <= 8
    assert [name for name, _values in made.rows] == [f"{month:%Y-%m}" for month in months]


def test_nothing_known_is_no_picture():
    assert drawing(Curve()) is None
    assert drawing(Curve((date(2026, 1, 1),), (None,), (None,), (None,), (None,))) is None
