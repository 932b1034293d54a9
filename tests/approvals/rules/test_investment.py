"""Investment control: every threshold at its boundary (§3.1)."""

from decimal import Decimal

import pytest

from approvals.rules import investment
from approvals.rules.investment import ApprovedEstimate, Finding, RuleRow, Severity, SubItem

CENT = Decimal("0.01")


def wan(text):
    return Decimal(text).scaleb(4)


def row(code, value, comparison="GT", severity="BLOCK"):
    return RuleRow(code, Decimal(value), comparison, severity, "政府投资条例")


TEN_PERCENT = row("R-INV-02", "1.10")
ANY_EXCESS = row("R-INV-03", "1", severity="WARN")


def test_an_estimate_at_exactly_ten_percent_over_passes():
    assert investment.estimate_over_feasibility(TEN_PERCENT, wan("1100"), wan("1000")) is None


def test_an_estimate_one_fen_beyond_ten_percent_is_blocked_and_says_by_how_much():
    found = investment.estimate_over_feasibility(TEN_PERCENT, wan("1100") + CENT, wan("1000"))
    assert found.blocks and found.rule == "R-INV-02" and found.basis == "政府投资条例"
    assert found.code == "investment.estimate_over_feasibility"
    assert found.params["excess"] == CENT and found.params["over_base"] == wan("100") + CENT


def test_a_place_that_says_and_above_blocks_at_exactly_ten_percent():
    inclusive = row("R-INV-02", "1.10", comparison="GTE")
    assert investment.estimate_over_feasibility(inclusive, wan("1100"), wan("1000")).blocks
    assert investment.estimate_over_feasibility(inclusive, wan("1100") - CENT, wan("1000")) is None


def test_the_demo_item_that_hits_the_ten_percent_rule_is_found():
    assert investment.estimate_over_feasibility(TEN_PERCENT, wan("2063.65"), wan("1826.24")).blocks


@pytest.mark.parametrize(
    ("decision", "severity", "code"),
    [
        ("ACCEPT", Severity.INFO, "investment.ten_percent_accepted"),
        ("REQUIRE_NEW_FS", Severity.WARN, "investment.new_feasibility_required"),
    ],
)
def test_a_recorded_decision_lifts_the_ten_percent_block(decision, severity, code):
    found = investment.estimate_over_feasibility(TEN_PERCENT, wan("1200"), wan("1000"), decision)
    assert (found.severity, found.code, found.blocks) == (severity, code, False)
    assert investment.estimate_over_feasibility(TEN_PERCENT, wan("1000"), wan("1000"), decision) is None


def test_an_unknown_decision_is_not_taken_for_consent():
    with pytest.raises(ValueError):
        investment.estimate_over_feasibility(TEN_PERCENT, wan("1200"), wan("1000"), "MAYBE")


def test_an_unknown_comparison_is_refused():
    with pytest.raises(ValueError, match="comparison"):
        investment.estimate_over_feasibility(row("R-INV-02", "1.1", comparison="LT"), wan("1"), wan("1"))


def test_any_excess_of_the_approved_estimate_warns():
    assert investment.approved_estimate_over_feasibility(ANY_EXCESS, wan("1000"), wan("1000")) is None
    found = investment.approved_estimate_over_feasibility(ANY_EXCESS, wan("1000") + CENT, wan("1000"))
    assert found.severity == Severity.WARN and found.params["excess"] == CENT


def test_the_control_figure_is_the_highest_version_not_the_highest_amount():
    versions = [ApprovedEstimate(2, wan("900")), ApprovedEstimate(3, wan("950")), ApprovedEstimate(1, wan("1000"))]
    assert investment.control_figure(versions) == ApprovedEstimate(3, wan("950"))
    assert investment.control_figure([]) is None


@pytest.mark.parametrize(
    ("forecast", "severity"),
    [
        ("949.999999", None),
        ("950", Severity.YELLOW),
        ("1000", Severity.YELLOW),
        ("1000.000001", Severity.RED),
    ],
)
def test_the_cost_light_turns_yellow_at_95_percent_and_red_above_the_control_figure(forecast, severity):
    red = row("R-INV-04", "1", severity="RED")
    yellow = row("R-INV-04", "0.95", comparison="GTE", severity="YELLOW")
    found = investment.cost_light(red, yellow, wan(forecast), wan("1000"))
    assert (found.severity if found else None) == severity


def test_an_adjustment_names_all_that_is_missing():
    rule = row("R-INV-05", "1")
    found = investment.adjustment_incomplete(rule, [], has_plan=False, has_source_of_funds=False)
    assert found.blocks and found.params["missing"] == ("reason", "plan", "source_of_funds")
    found = investment.adjustment_incomplete(rule, ["PRICE"], has_plan=True, has_source_of_funds=False)
    assert found.params["missing"] == ("source_of_funds",)
    assert investment.adjustment_incomplete(rule, ["PRICE"], has_plan=True, has_source_of_funds=True) is None


def test_an_adjustment_for_an_unlisted_reason_is_an_error():
    with pytest.raises(ValueError):
        investment.adjustment_incomplete(row("R-INV-05", "1"), ["BECAUSE"], has_plan=True, has_source_of_funds=True)


def test_an_adjustment_beyond_ten_percent_of_the_original_needs_an_audit():
    rule = row("R-INV-06", "1.10", severity="WARN")
    assert investment.adjustment_needs_audit(rule, wan("1100"), wan("1000")) is None
    assert investment.adjustment_needs_audit(rule, wan("1100") + CENT, wan("1000")).severity == Severity.WARN


def test_lines_over_within_the_total_are_an_internal_transfer():
    rule = row("R-INV-07", "1", severity="INFO")
    lines = [SubItem("1.1", wan("600"), wan("640")), SubItem("2", wan("400"), wan("360"))]
    found = investment.sub_items_over(rule, lines, wan("1000"))
    assert found.severity == Severity.INFO and found.params["lines"] == (("1.1", wan("40")),)


def test_lines_over_with_the_total_over_are_no_internal_transfer():
    rule = row("R-INV-07", "1", severity="INFO")
    lines = [SubItem("1.1", wan("600"), wan("640")), SubItem("2", wan("400"), wan("361"))]
    assert investment.sub_items_over(rule, lines, wan("1000")) is None
    assert investment.sub_items_over(rule, [SubItem("1", wan("10"), wan("10"))], wan("10")) is None


def test_the_budget_may_reach_but_not_pass_the_works_part_of_the_estimate():
    block, new_estimate = row("R-INV-08", "1"), row("R-INV-08", "1.10", severity="WARN")
    assert investment.budget_over_works(block, wan("800"), wan("800")) is None
    assert investment.budget_over_works(block, wan("800") + CENT, wan("800")).blocks
    assert investment.budget_needs_new_estimate(new_estimate, wan("880"), wan("800")) is None
    assert not investment.budget_needs_new_estimate(new_estimate, wan("880") + CENT, wan("800")).blocks


def test_the_ceiling_stays_within_the_budget_and_the_award_within_the_ceiling():
    rule = row("R-INV-09", "1")
    assert investment.ceiling_over_budget(rule, wan("500"), wan("500")) is None
    assert investment.ceiling_over_budget(rule, wan("500") + CENT, wan("500")).blocks
    assert investment.award_over_ceiling(rule, wan("500"), wan("500")) is None
    assert investment.award_over_ceiling(rule, wan("500") + CENT, wan("500")).blocks


def test_a_final_account_above_the_control_figure_needs_an_adjustment_first():
    rule = row("R-INV-12", "1")
    assert investment.final_account_over_control(rule, wan("1000"), wan("1000")) is None
    found = investment.final_account_over_control(rule, wan("1000") + CENT, wan("1000"))
    assert found.blocks and found.params["excess"] == CENT


def test_the_three_overruns_are_flagged_apart():
    clean = investment.triple_overrun(
        feasibility=wan("100"), estimate=wan("100"), budget=wan("100"), final_account=wan("100")
    )
    assert not clean and clean.flags == ()
    over = investment.triple_overrun(
        feasibility=wan("100"), estimate=wan("105"), budget=wan("107"), final_account=wan("106")
    )
    assert over.flags == ("over_estimate", "over_budget", "over_final")
    assert (over.over_estimate, over.over_budget, over.over_final) == (wan("5"), wan("2"), wan("1"))


def test_the_final_account_is_measured_against_the_lower_of_budget_and_estimate():
    assert investment.triple_overrun(estimate=wan("100"), budget=wan("80"), final_account=wan("90")).flags == (
        "over_final",
    )
    assert investment.triple_overrun(estimate=wan("100"), final_account=wan("101")).over_final == wan("1")


def test_figures_that_do_not_exist_yet_raise_no_flag():
    assert not investment.triple_overrun(final_account=wan("90"))
    assert not investment.triple_overrun(estimate=wan("90"), feasibility=None)


def test_a_final_account_of_everything_is_not_held_against_a_budget_of_works_alone():
    whole = {"estimate": wan("120"), "estimate_works": wan("90"), "budget": wan("80"), "budget_works": wan("80")}
    assert not investment.triple_overrun(**whole, final_account=wan("100"), final_works=wan("79"))
    assert not investment.triple_overrun(**whole, final_account=wan("100")), "its works are not known"
    over = investment.triple_overrun(**whole, final_account=wan("100"), final_works=wan("80") + CENT)
    assert (over.flags, over.over_final) == (("over_final",), CENT)
    both = investment.triple_overrun(**whole, final_account=wan("121"), final_works=wan("83"))
    assert both.over_final == wan("3"), "the larger excess counts"


def test_the_works_of_a_budget_are_held_against_the_works_of_the_estimate():
    over = investment.triple_overrun(
        estimate=wan("120"), estimate_works=wan("90"), budget=wan("95"), budget_works=wan("91")
    )
    assert over.over_budget == wan("1")


def test_two_million_yuan_is_inside_the_full_procedure_and_one_fen_less_is_not():
    rule = row("R-LC-04", "2000000", severity="INFO")
    assert investment.small_works(rule, Decimal("2000000.00")) is None
    assert investment.small_works(rule, Decimal("1999999.99")).params["limit"] == 2_000_000


PARTS_RULE = row("R-INV-17", "1000", severity="WARN")


@pytest.mark.parametrize(
    ("parts", "signed"),
    [
        (("21672.59", "1926.90", "1179.97", "257.98", "75.00"), "25112.44"),
        (("6474.75", "2199.47", "368.02"), "9042.24"),
        (("660.53", "127.03", "39.38", "72.00"), "898.94"),
        (("376.04", "107.19", "15.40"), "498.63"),
    ],
)
def test_real_approvals_add_up(parts, signed):
    assert investment.parts_differ(PARTS_RULE, map(wan, parts), wan(signed)) is None


def test_a_signed_approval_that_is_off_by_three_hundredths_only_warns():
    found = investment.parts_differ(PARTS_RULE, map(wan, ("14100.48", "8360.10", "790.83")), wan("23251.38"))
    assert found.severity == Severity.WARN and found.params["difference"] == wan("0.03")
    assert found.params["stated"] == wan("23251.38")


def test_the_tolerance_includes_its_boundary_and_ends_there():
    assert investment.parts_differ(PARTS_RULE, [wan("10.1")], wan("10")).severity == Severity.WARN
    assert investment.parts_differ(PARTS_RULE, [wan("9.9")], wan("10")).severity == Severity.WARN
    beyond = investment.parts_differ(PARTS_RULE, [wan("10.1") + CENT], wan("10"))
    assert beyond.blocks and beyond.code == "investment.parts_differ"


def test_a_finding_cannot_be_changed_afterwards():
    found = investment.approved_estimate_over_feasibility(ANY_EXCESS, wan("2"), wan("1"))
    assert isinstance(found, Finding)
    with pytest.raises(TypeError):
        found.params["excess"] = Decimal(0)
    with pytest.raises(AttributeError):
        found.severity = Severity.INFO
