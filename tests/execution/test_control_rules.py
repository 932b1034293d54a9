"""The cost control table: every amount on its line, every sum the sum of its parts, the light by the rule."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.investment import RuleRow
from execution.rules import control
from execution.rules.control import Books, Bought, Foreseen, Lamp, Lamps, Sums

D = Decimal
LAMPS = Lamps(RuleRow("R-INV-04.red", D("1.00"), "GT", "RED"), RuleRow("R-INV-04.yellow", D("0.95"), "GTE", "YELLOW"))
DAY = date(2026, 5, 1)

fen = st.integers(0, 10**12).map(lambda n: D(n).scaleb(-2))
signed_fen = st.integers(-(10**10), 10**12).map(lambda n: D(n).scaleb(-2))
codes = st.sampled_from(["1", "1.1", "1.1.1", "1.1.2", "1.2", "1.10", "2", "2.03", "2.07", "3", "3.1", ""])
by_code = st.dictionaries(codes, signed_fen, max_size=5)


def line_of(sheet, code):
    return next(line for line in sheet.lines if line.code == code)


def table(**books):
    return control.sheet(Books(**books), LAMPS)


@given(signed_fen, by_code)
def test_what_is_split_over_the_lines_is_the_whole_to_the_fen(amount, weights):
    parts = control.shared(amount, weights)
    assert sum(parts.values(), D("0.00")) == amount
    positive = {code: Fraction(weight) for code, weight in weights.items() if weight > 0}
    whole = sum(positive.values())
    for code, part in parts.items():
        if whole:
            assert abs(Fraction(part) - Fraction(amount) * positive[code] / whole) <= Fraction(1, 100)
            assert part * amount >= 0, "no part against the sign of the whole"


def test_a_fen_that_cannot_be_split_falls_on_one_line():
    parts = control.shared(D("0.05"), {f"2.{n:02}": D(1) for n in range(1, 11)})
    assert sorted(parts.values()) == [D("0.00")] * 5 + [D("0.01")] * 5


contracts = st.lists(
    st.builds(
        Bought,
        price=by_code,
        changes=by_code,
        paid=fen,
        settled=st.none() | fen,
        settled_on=st.just(DAY),
        is_ended=st.booleans(),
    ),
    max_size=4,
)


@given(
    by_code,
    by_code,
    st.none() | fen,
    st.none() | fen,
    contracts,
    st.dictionaries(codes, st.builds(Foreseen, fen, st.just(DAY)), max_size=3),
)
def test_the_total_is_the_sum_of_the_rows_and_every_column_that_of_its_source(
    estimate, budget, estimate_total, budget_total, bought, forecasts
):
    sheet = table(
        estimate=estimate, budget=budget, estimate_total=estimate_total, budget_total=budget_total, contracts=bought,
        forecasts=forecasts,
    )  # fmt: skip
    zero = D("0.00")
    for name in ("estimate", "budget", "contract", "change", "settlement", "paid", "forecast", "difference"):
        total = getattr(sheet.total, name)
        assert total == sum((getattr(line.sums, name) for line in sheet.lines if line.level == 0), zero), name
        assert total == sum((getattr(line.own, name) for line in sheet.lines), zero), name
    assert sheet.total.estimate == (sum(estimate.values(), zero) if estimate_total is None else estimate_total)
    assert sheet.total.budget == (sum(budget.values(), zero) if budget_total is None else budget_total)
    living = [row for row in bought if not row.is_ended]
    assert sheet.total.contract == sum((amount for row in living for amount in row.price.values()), zero)
    assert sheet.total.change == sum((amount for row in living for amount in row.changes.values()), zero)
    assert sheet.total.settlement == sum((row.settled for row in bought if row.settled is not None), zero)
    assert sheet.total.paid == sum((row.paid for row in bought), zero)


@pytest.mark.parametrize(
    ("forecast", "lamp"),
    [("94.99", Lamp.GREEN), ("95.00", Lamp.YELLOW), ("100.00", Lamp.YELLOW), ("100.01", Lamp.RED)],
)
def test_the_light_turns_at_95_percent_and_above_the_control_figure(forecast, lamp):
    assert control.lamp_of(D(forecast), D("100.00"), LAMPS) == lamp
    sheet = table(estimate={"1": D("100.00")}, estimate_total=D("100.00"), contracts=[Bought({"1": D(forecast)}, {})])
    assert (line_of(sheet, "1").lamp, sheet.lamp) == (lamp, lamp)


def test_the_thresholds_are_those_of_the_rule_rows():
    strict = Lamps(
        RuleRow("R-INV-04.red", D("0.9"), "GTE", "RED"), RuleRow("R-INV-04.yellow", D("0.5"), "GT", "YELLOW")
    )
    assert control.lamp_of(D(90), D(100), strict) == Lamp.RED
    assert control.lamp_of(D(50), D(100), strict) == Lamp.GREEN


def test_a_line_may_overrun_while_the_total_keeps():
    sheet = table(
        estimate={"1.1": D(100), "1.2": D(900)}, estimate_total=D(1000),
        contracts=[Bought({"1.1": D(120), "1.2": D(500)}, {})],
    )  # fmt: skip
    assert [line.code for line in sheet.over] == ["1.1"]
    assert line_of(sheet, "1.1").sums.difference == 20
    assert line_of(sheet, "1.1").sums.ratio == D("0.2000")
    assert sheet.lamp == Lamp.GREEN


def test_before_anything_is_bought_the_approved_amounts_stand_for_the_forecast_without_a_light():
    sheet = table(
        estimate={"1.1": D(800), "2.07": D(150), "3.1": D(50)}, estimate_total=D(1000), budget={"1.1": D(700)},
        budget_total=D(700),
    )  # fmt: skip
    assert sheet.total.forecast == 700 + 150, "the budget, else the estimate; the contingency is a reserve"
    assert {line.code: line.lamp for line in sheet.lines} == {"1.1": Lamp.GREY, "2.07": Lamp.GREY, "3.1": Lamp.GREY}
    assert sheet.lamp == Lamp.GREY


def test_a_contract_takes_the_place_of_the_approved_amount():
    sheet = table(
        estimate={"1.1": D(800), "2.07": D(150)}, estimate_total=D(950),
        contracts=[Bought({"1.1": D(600)}, {"1.1": D(25)}, paid=D(100))],
    )  # fmt: skip
    assert line_of(sheet, "1.1").sums == Sums(D(800), D(0), D(600), D(25), D(0), D(100), D(625))
    assert sheet.total.forecast == 625 + 150


def test_a_forecast_takes_the_place_of_the_contract_until_everything_is_settled():
    open_, settled = Bought({"1": D(100)}, {}), Bought({"1": D(100)}, {}, settled=D(97), settled_on=DAY)
    before = {"1": Foreseen(D(130), date(2026, 4, 30))}
    assert table(contracts=[open_], forecasts=before).total.forecast == 130
    assert table(contracts=[settled], forecasts=before).total.forecast == 97, "settled after the forecast was made"
    assert table(contracts=[settled, open_], forecasts=before).total.forecast == 130, "one contract is still open"
    later = {"1": Foreseen(D(130), DAY)}
    assert table(contracts=[settled], forecasts=later).total.forecast == 130, "more is foreseen after the settlement"


def test_a_forecast_that_a_supplement_has_overtaken_is_marked():
    overtaken = table(contracts=[Bought({"1": D(100)}, {})], forecasts={"1": Foreseen(D("99.99"), DAY)})
    assert line_of(overtaken, "1").is_short
    for forecast in ("100.00", "100.01"):
        kept = table(contracts=[Bought({"1": D(100)}, {})], forecasts={"1": Foreseen(D(forecast), DAY)})
        assert not line_of(kept, "1").is_short
    ended = table(
        contracts=[Bought({"1": D(100)}, {}, paid=D(40), is_ended=True)], forecasts={"1": Foreseen(D(60), DAY)}
    )
    assert not line_of(ended, "1").is_short, "a terminated contract costs what was paid"


def test_no_forecast_is_below_what_is_paid():
    sheet = table(contracts=[Bought({"1": D(100)}, {}, paid=D(90))], forecasts={"1": Foreseen(D(50), DAY)})
    assert sheet.total.forecast == 90


def test_a_terminated_contract_costs_what_was_paid_and_is_no_longer_contracted():
    sheet = table(estimate={"1": D(1000)}, contracts=[Bought({"1": D(800)}, {"1": D(50)}, paid=D(170), is_ended=True)])
    assert sheet.total == Sums(D(1000), D(0), D(0), D(0), D(0), D(170), D(170))


def test_finer_lines_of_a_contract_add_up_under_the_line_that_was_approved():
    sheet = table(
        estimate={"1.1": D(1000)}, estimate_total=D(1000), budget={"1.1.1": D(500), "1.1.2": D(300)},
        contracts=[Bought({"1.1.1": D(900)}, {})],
    )  # fmt: skip
    above = line_of(sheet, "1.1")
    assert above.sums.forecast == 900 + 300, "what is not bought yet is expected at its budget"
    assert above.lamp == Lamp.RED
    assert line_of(sheet, "1.1.1").lamp is None, "it was approved as part of the line above only"


def test_the_difference_to_the_signed_figure_stands_on_its_own_line():
    sheet = table(estimate={"1": D("14100.48"), "2": D("8360.10"), "3": D("790.83")}, estimate_total=D("23251.38"))
    rest = line_of(sheet, "")
    assert (rest.sums.estimate, rest.sums.forecast) == (D("-0.03"), 0)
    assert sheet.total.estimate == D("23251.38"), "the signed total is authoritative (R-INV-17)"
    assert sheet.lines[-1] == rest


def test_an_estimate_that_was_never_broken_down_is_compared_as_a_whole():
    sheet = table(estimate_total=D(1200), budget_total=D(1000), contracts=[Bought({"1.1": D(1300)}, {})])
    assert (sheet.total.estimate, sheet.total.forecast, sheet.lamp) == (1200, 1300, Lamp.RED)
    assert [line.lamp for line in sheet.lines] == [None, None]
    assert sheet.is_partial
    untouched = table(estimate_total=D(1200), budget_total=D(1000))
    assert untouched.total.forecast == 1200
    assert not untouched.is_partial


def test_lines_stand_in_the_order_of_the_tree():
    sheet = table(estimate={"2.03": D(1), "1.10": D(1), "1.2": D(1), "10": D(1)}, headings=["1", "2"])
    assert [(line.code, line.level) for line in sheet.lines] == [
        ("1", 0), ("1.2", 1), ("1.10", 1), ("2", 0), ("2.03", 1), ("10", 0),
    ]  # fmt: skip


def test_a_line_that_was_never_approved_is_red_once_something_is_bought_on_it():
    sheet = table(estimate={"1": D(100)}, contracts=[Bought({"2.99": D(5)}, {})])
    assert line_of(sheet, "2.99").lamp == Lamp.RED


def test_an_approved_final_cost_leaves_nothing_to_foresee():
    bought = Bought(price={"1.1": D("80.00")}, changes={}, paid=D("70.00"), settled=D("75.00"), settled_on=DAY)
    approved = {"1.1": D("90.00"), "2.07": D("20.00")}
    books = {"estimate": approved, "estimate_total": D("110.00"), "contracts": [bought]}
    assert table(**books).total.forecast == D("95.00"), "75 settled and 20 still to be bought"
    made = table(**books, final_total=D("76.00"))
    assert made.total.forecast == D("76.00")
    assert line_of(made, "2.07").sums.forecast == 0
    assert line_of(made, "").sums.forecast == D("1.00"), "what no contract explains"
    assert table(**{**books, "estimate_total": D("75.99")}, final_total=D("76.00")).lamp == Lamp.RED
