"""The reduction figures of §14.2, recomputed from the 87 fixture items with fractions and whole fen."""

import csv
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.reductions import Direction, Reduction, Totals, total

FIXTURES = Path(__file__).parents[3] / "fixtures" / "demo"


def rows(name):
    with (FIXTURES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


ITEMS = rows("items87.csv")
CLASS_OF = {row["project_no"]: row["project_class"] for row in rows("projects32.csv")}


def yuan(wan):
    return Decimal(wan).scaleb(4)


def reductions(items):
    return [Reduction(yuan(item["declared_wan"]), yuan(item["reviewed_wan"])) for item in items]


def hundredths(items, column):
    """Σ in whole 0.01 万元, without Decimal: the independent route."""
    return sum(int(item[column].replace(".", "")) for item in items)


def percent_by_fraction(declared, reviewed):
    """The rate as a text with two decimals, half up, through whole numbers only."""
    ratio = Fraction(declared - reviewed, declared) * 10_000
    sign = "-" if ratio < 0 else ""
    rounded = floor(abs(ratio) + Fraction(1, 2))
    return f"{sign}{rounded // 100}.{rounded % 100:02d}"


def percent(rate):
    return str((rate * 100).quantize(Decimal("0.01")))


def wan(amount):
    return str(amount.scaleb(-4).quantize(Decimal("0.01")))


def groups(key):
    found = defaultdict(list)
    for item in ITEMS:
        found[key(item)].append(item)
    return found


BY_TYPE = {
    "PR": (18, "83777.40", "57149.25", "26628.15", "31.78"),
    "FS": (15, "79043.14", "60131.60", "18911.54", "23.93"),
    "EST": (28, "74969.74", "57069.23", "17900.51", "23.88"),
    "BUD": (7, "12221.03", "10778.44", "1442.59", "11.80"),
    "SET": (12, "9430.67", "8182.32", "1248.35", "13.24"),
    "FA": (6, "4632.22", "4485.42", "146.80", "3.17"),
    "ADJ": (1, "1844.80", "1217.74", "627.06", "33.99"),
}
BY_CLASS = {
    "BUILDING": (28, "60349.49", "44498.79", "26.26"),
    "MUNICIPAL": (17, "68487.77", "52109.36", "23.91"),
    "WATER": (20, "101671.10", "75213.82", "26.02"),
    "LANDSCAPE": (9, "22327.69", "17192.65", "23.00"),
    "IT": (4, "4337.80", "3143.45", "27.53"),
    "GEOHAZARD": (6, "7435.29", "5755.01", "22.60"),
    "EQUIPMENT": (3, "1309.86", "1100.92", "15.95"),
}


def test_the_87_items_give_the_seed_total_to_the_fen():
    totals = total(reductions(ITEMS))
    assert totals.n_items == 87
    assert (wan(totals.declared), wan(totals.reviewed), wan(totals.net)) == ("265919.00", "199014.00", "66905.00")
    assert percent(totals.rate) == "25.16" == percent_by_fraction(26_591_900, 19_901_400)
    assert (wan(totals.gross_reduction), wan(totals.gross_increase)) == ("66940.70", "35.70")
    assert (totals.n_reduced, totals.n_increased, totals.n_unchanged) == (82, 3, 2)
    assert totals.direction is Direction.REDUCTION


def test_the_total_rate_is_not_the_mean_of_the_rates():
    rates = [reduction.rate for reduction in reductions(ITEMS)]
    assert percent(sum(rates) / len(rates)) == "22.00"


@pytest.mark.parametrize("item_type", BY_TYPE)
def test_each_item_type_gives_its_published_figures(item_type):
    items = groups(lambda item: item["item_type"])[item_type]
    totals = total(reductions(items))
    shown = (totals.n_items, wan(totals.declared), wan(totals.reviewed), wan(totals.net), percent(totals.rate))
    assert shown == BY_TYPE[item_type]
    declared, reviewed = hundredths(items, "declared_wan"), hundredths(items, "reviewed_wan")
    assert totals.declared == declared * 100 and totals.reviewed == reviewed * 100
    assert percent(totals.rate) == percent_by_fraction(declared, reviewed)


@pytest.mark.parametrize("project_class", BY_CLASS)
def test_each_project_class_gives_its_published_figures(project_class):
    items = groups(lambda item: CLASS_OF[item["project_no"]])[project_class]
    totals = total(reductions(items))
    shown = (totals.n_items, wan(totals.declared), wan(totals.reviewed), percent(totals.rate))
    assert shown == BY_CLASS[project_class]
    assert shown[-1] == percent_by_fraction(hundredths(items, "declared_wan"), hundredths(items, "reviewed_wan"))


def test_every_item_repeats_the_amount_and_rate_of_its_fixture_row():
    for item, reduction in zip(ITEMS, reductions(ITEMS), strict=True):
        assert wan(reduction.amount) == item["reduction_wan"], item["item_no"]
        assert percent(reduction.rate) == item["reduction_rate_pct"], item["item_no"]


def test_the_items_that_grew_and_the_items_left_alone_are_the_published_ones():
    by_no = {item["item_no"]: reduction for item, reduction in zip(ITEMS, reductions(ITEMS), strict=True)}
    grew = [number for number, reduction in by_no.items() if reduction.direction is Direction.INCREASE]
    same = [number for number, reduction in by_no.items() if reduction.amount == 0]
    assert (grew, same) == (["SP-014", "SP-054", "SP-062"], ["SP-069", "SP-084"])


def test_groups_added_together_equal_the_whole():
    parts = [total(reductions(items)) for items in groups(lambda item: item["item_type"]).values()]
    assert sum(parts, Totals()) == total(reductions(ITEMS))


def test_an_increase_keeps_its_sign():
    grown = Reduction(yuan("100"), yuan("103.50"))
    assert (grown.amount, grown.rate, grown.direction) == (Decimal("-35000"), Decimal("-0.0350"), Direction.INCREASE)
    totals = total([grown, Reduction(yuan("10"), yuan("9"))])
    assert (totals.gross_reduction, totals.gross_increase, totals.net) == (yuan("1"), yuan("3.5"), yuan("-2.5"))
    assert totals.direction is Direction.INCREASE


def test_nothing_declared_has_no_rate():
    assert Reduction(Decimal(0), Decimal(0)).rate is None
    assert total([]).rate is None and total([]).n_items == 0


def test_rates_round_half_up_and_not_to_even():
    assert Reduction(Decimal(100_000), Decimal("99975")).rate == Decimal("0.0003")  # 0.00025 exactly
    assert Reduction(Decimal(100_000), Decimal("100025")).rate == Decimal("-0.0003")


fen = st.integers(0, 10**15).map(lambda value: Decimal(value).scaleb(-2))


@given(st.lists(st.tuples(fen, fen), max_size=30))
def test_net_is_gross_reduction_less_gross_increase_for_any_items(pairs):
    totals = total(Reduction(declared, reviewed) for declared, reviewed in pairs)
    assert totals.net == totals.gross_reduction - totals.gross_increase
    assert totals.net == sum((declared - reviewed for declared, reviewed in pairs), Decimal(0))
    assert totals.n_reduced + totals.n_increased + totals.n_unchanged == len(pairs)
    assert totals.gross_reduction >= 0 and totals.gross_increase >= 0
    if totals.declared:
        exact = Fraction(totals.net) / Fraction(totals.declared)
        assert abs(Fraction(totals.rate) - exact) <= Fraction(1, 20_000)
