"""Every finding of the investment rules has its sentence."""

from decimal import Decimal

import pytest
from django.utils import translation

from approvals.bracket_labels import label
from approvals.finding_wording import SENTENCES, as_problem, say
from approvals.rules import brackets, investment
from approvals.rules.investment import RuleRow, SubItem


def wan(text):
    return Decimal(text).scaleb(4)


RULE = RuleRow("R-INV-XX", Decimal("1"))
FINDINGS = [
    investment.estimate_over_feasibility(RULE, wan("2063.65"), wan("1826.24")),
    investment.estimate_over_feasibility(RULE, wan("12"), wan("10"), "ACCEPT"),
    investment.estimate_over_feasibility(RULE, wan("12"), wan("10"), "REQUIRE_NEW_FS"),
    investment.approved_estimate_over_feasibility(RULE, wan("12"), wan("10")),
    investment.cost_light(RULE, RULE, wan("12"), wan("10")),
    investment.cost_light(RULE, RuleRow("R-INV-04", Decimal("0.95")), wan("10"), wan("10")),
    investment.adjustment_incomplete(RULE, [], has_plan=False, has_source_of_funds=False),
    investment.adjustment_needs_audit(RULE, wan("12"), wan("10")),
    investment.sub_items_over(RULE, [SubItem("1.1", wan("10"), wan("12"))], wan("20")),
    investment.budget_over_works(RULE, wan("12"), wan("10")),
    investment.budget_needs_new_estimate(RULE, wan("12"), Decimal(0)),
    investment.ceiling_over_budget(RULE, wan("12"), wan("10")),
    investment.award_over_ceiling(RULE, wan("12"), wan("10")),
    investment.final_account_over_control(RULE, wan("12"), wan("10")),
    investment.small_works(RuleRow("R-LC-04", Decimal(2_000_000)), wan("199")),
    investment.parts_differ(RuleRow("R-INV-17", Decimal(1000)), [wan("10.1")], wan("10")),
    investment.parts_differ(RuleRow("R-INV-17", Decimal(1000)), [wan("11")], wan("10")),
]


def test_the_findings_above_cover_every_sentence():
    assert {finding.code for finding in FINDINGS} == set(SENTENCES)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.code)
def test_every_finding_speaks_both_languages(finding, language):
    with translation.override(language):
        sentence = say(finding)
    assert sentence and "%(" not in sentence
    assert any("一" <= char <= "鿿" for char in sentence) == (language == "zh-hans")


def test_the_ten_percent_sentence_shows_both_amounts_and_the_percentage():
    with translation.override("zh-hans"):
        problem = as_problem(FINDINGS[0], "declared")
    assert problem.code == "investment.estimate_over_feasibility" and problem.field == "declared"
    for figure in ("2,063.65万元", "1,826.24万元", "13.00%"):
        assert figure in problem.message


def test_brackets_are_named_in_wan_yuan():
    with translation.override("zh-hans"):
        names = [label(bracket) for bracket in brackets.DISTRICT]
    assert names == [
        "200万元以下",
        "200–500万元",
        "500–1,000万元",
        "1,000–5,000万元",
        "5,000–10,000万元",
        "10,000万元及以上",
    ]
