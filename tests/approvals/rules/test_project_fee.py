"""The cap on 项目建设管理费, with the check values of §3.3."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.project_fee import SCALES, NoScaleInForce, cap, scale_on

NEW = scale_on(date(2020, 1, 1))
OLD = scale_on(date(2016, 6, 30))


def fee_wan(base_wan, scale):
    return cap(Decimal(base_wan).scaleb(4), scale).scaleb(-4)


@pytest.mark.parametrize(
    ("base_wan", "fee"), [(0, 0), (1000, 20), (5000, 80), (10000, 140), (50000, 540), (100000, 940), (200000, 1340)]
)
def test_the_check_values_of_the_2016_scale_hold(base_wan, fee):
    assert fee_wan(base_wan, NEW) == fee


@pytest.mark.parametrize(
    ("base_wan", "fee"),
    [(1000, 15), (5000, 63), (10000, 113), (50000, 433), (100000, 683), (200000, 883), (280000, 963)],
)
def test_the_2002_scale_gives_its_own_values(base_wan, fee):
    assert fee_wan(base_wan, OLD) == fee


def test_a_slice_between_two_steps_is_charged_at_its_own_rate():
    assert fee_wan(3000, NEW) == 50  # 20 + 2000 × 1.5 %
    assert fee_wan(1001, NEW) == Decimal("20.015")


def test_the_scale_follows_the_day():
    assert scale_on(date(2016, 6, 30)).basis == "财建〔2002〕394号"
    assert scale_on(date(2016, 7, 1)).basis == "财建〔2016〕504号"


def test_before_the_first_scale_nothing_is_guessed():
    with pytest.raises(NoScaleInForce):
        scale_on(date(2002, 9, 30))


def test_a_negative_base_is_refused():
    with pytest.raises(ValueError, match="negative"):
        cap(Decimal("-1"), NEW)


def test_the_fee_is_rounded_half_up_to_the_fen():
    assert cap(Decimal("0.25"), NEW) == Decimal("0.01")  # 0.005 exactly


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.basis)
@given(low=st.integers(0, 10**13), more=st.integers(0, 10**13))
def test_a_larger_base_never_lowers_the_cap(scale, low, more):
    smaller, larger = Decimal(low).scaleb(-2), Decimal(low + more).scaleb(-2)
    assert cap(smaller, scale) <= cap(larger, scale)
