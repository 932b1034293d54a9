"""Amount brackets of §11: the lower bound is inside."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.brackets import CITY, DISTRICT, SETS, bracket_of

ITEMS = Path(__file__).parents[3] / "fixtures" / "demo" / "items87.csv"


def wan(text):
    return Decimal(text).scaleb(4)


@pytest.mark.parametrize(
    ("amount_wan", "code"),
    [
        ("0", "0-200"),
        ("199.999999", "0-200"),
        ("200", "200-500"),
        ("499.999999", "200-500"),
        ("500", "500-1000"),
        ("1000", "1000-5000"),
        ("5000", "5000-10000"),
        ("9999.999999", "5000-10000"),
        ("10000", "10000-"),
        ("99999999", "10000-"),
    ],
)
def test_the_lower_bound_belongs_to_the_district_bracket(amount_wan, code):
    assert bracket_of(wan(amount_wan), DISTRICT).code == code


@pytest.mark.parametrize(
    ("amount_wan", "code"),
    [
        ("4999.999999", "0-5000"),
        ("5000", "5000-10000"),
        ("10000", "10000-100000"),
        ("100000", "100000-500000"),
        ("499999.999999", "100000-500000"),
        ("500000", "500000-"),
    ],
)
def test_the_lower_bound_belongs_to_the_city_bracket(amount_wan, code):
    assert bracket_of(wan(amount_wan), CITY).code == code


def test_the_87_items_fall_into_the_published_counts():
    with ITEMS.open(encoding="utf-8-sig", newline="") as file:
        codes = Counter(bracket_of(wan(row["declared_wan"])).code for row in csv.DictReader(file))
    under_1000 = codes["0-200"] + codes["200-500"] + codes["500-1000"]
    assert (under_1000, codes["1000-5000"], codes["5000-10000"], codes["10000-"]) == (27, 44, 10, 6)


def test_a_negative_amount_has_no_bracket():
    with pytest.raises(ValueError, match="no bracket"):
        bracket_of(Decimal("-0.01"))


@pytest.mark.parametrize("name", SETS)
@given(fen=st.integers(0, 10**14))
def test_every_amount_falls_into_exactly_one_bracket(name, fen):
    amount = Decimal(fen).scaleb(-2)
    assert sum(bracket.holds(amount) for bracket in SETS[name]) == 1
