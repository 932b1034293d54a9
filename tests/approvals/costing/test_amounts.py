"""Amounts as people write them become exact yuan, or are refused with the reason."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.costing.amounts import AmountRefused, Unit, amount_from_cell, in_unit, parse_amount


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [
        ("1,234.56", Unit.WAN, "12345600.00"),
        ("1234.56", Unit.YUAN, "1234.56"),
        ("0.000001", Unit.WAN, "0.01"),
        ("12.123456", Unit.WAN, "121234.56"),
        ("12.1234560000", Unit.WAN, "121234.56"),
        ("１，２３４．５６", Unit.WAN, "12345600.00"),
        (" ¥ 88 ", Unit.YUAN, "88.00"),
        ("￥1,000,000", Unit.YUAN, "1000000.00"),
        ("63.5万元", Unit.WAN, "635000.00"),
        ("63.5 元", Unit.YUAN, "63.50"),
        (".5", Unit.WAN, "5000.00"),
        ("+7", Unit.WAN, "70000.00"),
        ("007", Unit.YUAN, "7.00"),
        ("0", Unit.WAN, "0.00"),
        ("-0", Unit.WAN, "0.00"),
    ],
)
def test_an_amount_is_read_exactly(text, unit, yuan):
    amount = parse_amount(text, unit)
    assert amount == Decimal(yuan) and str(amount) == yuan


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("", Unit.WAN, "amount.empty"),
        ("  　", Unit.WAN, "amount.empty"),
        ("¥", Unit.YUAN, "amount.empty"),
        ("1.2345678", Unit.WAN, "amount.decimals"),
        ("1.001", Unit.YUAN, "amount.decimals"),
        ("1,23", Unit.YUAN, "amount.format"),
        ("1234,567", Unit.YUAN, "amount.format"),
        ("1,2345.00", Unit.YUAN, "amount.format"),
        ("1 234", Unit.YUAN, "amount.format"),
        ("1.2.3", Unit.YUAN, "amount.format"),
        ("1.", Unit.YUAN, "amount.format"),
        ("1e5", Unit.YUAN, "amount.format"),
        ("NaN", Unit.YUAN, "amount.format"),
        ("Infinity", Unit.YUAN, "amount.format"),
        ("0x10", Unit.YUAN, "amount.format"),
        ("1_000", Unit.YUAN, "amount.format"),
        ("(100)", Unit.YUAN, "amount.format"),
        ("壹佰", Unit.YUAN, "amount.format"),
        ("万元", Unit.WAN, "amount.format"),
        ("٣", Unit.YUAN, "amount.format"),
        ("63.5万元", Unit.YUAN, "amount.unit"),
        ("635000元", Unit.WAN, "amount.unit"),
        ("1.2亿元", Unit.WAN, "amount.unit"),
        ("-1", Unit.WAN, "amount.negative"),
        ("－１", Unit.WAN, "amount.negative"),
        ("1" + "0" * 15, Unit.YUAN, "amount.too_large"),
        ("1" + "0" * 11, Unit.WAN, "amount.too_large"),
        ("9" * 400, Unit.YUAN, "amount.too_large"),
    ],
)
def test_what_is_not_an_acceptable_amount_is_refused_with_its_reason(text, unit, code):
    with pytest.raises(AmountRefused) as refused:
        parse_amount(text, unit)
    assert refused.value.code == code


def test_a_negative_amount_is_read_where_it_is_allowed():
    assert parse_amount("−35.70", Unit.WAN, allow_negative=True) == Decimal("-357000.00")


@pytest.mark.parametrize(
    ("number", "unit", "yuan"),
    [
        (21672.590000000004, Unit.WAN, "216725900.00"),
        (0.1 + 0.2, Unit.WAN, "3000.00"),
        (1926.9, Unit.WAN, "19269000.00"),
        (5, Unit.YUAN, "5.00"),
        (1e6, Unit.YUAN, "1000000.00"),
        (0.000001, Unit.WAN, "0.01"),
        (99999999.999999, Unit.WAN, "999999999999.99"),
    ],
)
def test_a_numeric_cell_gives_the_figure_that_excel_shows(number, unit, yuan):
    assert str(amount_from_cell(number, unit)) == yuan


@pytest.mark.parametrize(
    ("number", "unit", "code"),
    [
        (0.1234567, Unit.WAN, "amount.decimals"),
        (1 / 3, Unit.WAN, "amount.decimals"),
        (1.005, Unit.YUAN, "amount.decimals"),
        (-1.0, Unit.WAN, "amount.negative"),
        (True, Unit.WAN, "amount.format"),
        (float("nan"), Unit.WAN, "amount.format"),
        (float("inf"), Unit.WAN, "amount.format"),
        (1e300, Unit.WAN, "amount.too_large"),
        (1e-300, Unit.WAN, "amount.decimals"),
    ],
)
def test_a_numeric_cell_is_never_rounded(number, unit, code):
    with pytest.raises(AmountRefused) as refused:
        amount_from_cell(number, unit)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("yuan", "unit", "figure"),
    [
        ("12345600.00", Unit.WAN, "1234.56"),
        ("0.01", Unit.WAN, "0.000001"),
        ("10000.00", Unit.WAN, "1.00"),
        ("1.50", Unit.YUAN, "1.50"),
    ],
)
def test_yuan_are_written_in_a_unit_without_idle_zeros(yuan, unit, figure):
    assert str(in_unit(Decimal(yuan), unit)) == figure


@given(fen=st.integers(0, 10**17 - 1), unit=st.sampled_from(Unit), grouped=st.booleans())
def test_what_is_written_is_read_back(fen, unit, grouped):
    amount = Decimal(fen).scaleb(-2)
    figure = in_unit(amount, unit)
    text = f"{figure:,f}" if grouped else f"{figure:f}"
    assert parse_amount(text, unit) == amount
    assert Fraction(parse_amount(text, unit)) == Fraction(text.replace(",", "")) * 10**unit.shift


@given(fen=st.integers(0, 10**14), unit=st.sampled_from(Unit))
def test_a_figure_survives_the_binary_fractions_of_a_workbook(fen, unit):
    amount = Decimal(fen).scaleb(-2)
    assert amount_from_cell(float(in_unit(amount, unit)), unit) == amount


@given(st.text(max_size=12))
def test_no_text_is_read_as_something_inexact(text):
    try:
        amount = parse_amount(text, Unit.YUAN)
    except AmountRefused:
        return
    assert amount.as_tuple().exponent == -2 and amount >= 0
