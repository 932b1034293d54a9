"""时效统计表 and its rows: counts, shares and working days, against the standard library's statistics."""

import statistics
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from approvals.models import Correction
from core.trace import SYSTEM
from reports import services
from reports.datasets import timeliness
from reports.filters import Filters
from tests.support.cast import make_cast
from tests.support.decided import decide_the_87, decided, the_87

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def report(actor=SYSTEM, code="timeliness", **filters):
    return services.build(code, Filters(**{"by": "item_type" if code == "timeliness" else "", **filters}), actor)


def as_dicts(made):
    keys = [column.key for column in made.table.columns]
    return [dict(zip(keys, row, strict=True)) for row in (*made.table.rows, made.table.totals)]


def one_decimal(value) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_the_87_items_in_working_days(cast):
    decide_the_87(cast)
    lines = the_87()
    used = [int(line["used_wd"]) for line in lines]
    total = as_dicts(report())[-1]
    assert (total["n_accepted"], total["n_decided"], total["n_late"], total["n_red"]) == (87, 87, 2, 2)
    assert total["in_time"] == (Decimal(85) / 87).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert total["mean_used"] == one_decimal(statistics.mean(used))
    assert total["used_share"] == (Decimal(sum(used)) / (87 * 20)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert total["shortest"] == min(used)
    assert total["p50"] == one_decimal(statistics.median(used))
    assert total["p90"] == one_decimal(statistics.quantiles(used, n=10, method="inclusive")[8])
    assert total["mean_paused"] == one_decimal(statistics.mean(int(line["paused_wd"]) for line in lines))
    assert total["n_yellow"] == sum(17 <= days <= 20 for days in used)
    once = sum(line["rounds"] == "1" for line in lines)
    assert total["at_once"] == (Decimal(once) / 87).quantize(Decimal("0.0001"), ROUND_HALF_UP)


@pytest.mark.parametrize("by", timeliness.BY)
def test_the_rows_behind_a_figure_are_as_many_as_it_says(cast, by):
    decide_the_87(cast)
    made = report(by=by, since=date(2016, 9, 1), until=date(2017, 1, 31))
    for line, link in zip(as_dicts(made)[:-1], made.links, strict=True):
        behind = services.build(link.report, Filters.parse(link.query), SYSTEM)
        intake = services.build(link.report, Filters.parse({**link.query, "show": "accepted"}), SYSTEM)
        assert (len(behind.table.rows), len(intake.table.rows)) == (line["n_decided"], line["n_accepted"])


def test_intake_counts_by_acceptance_and_the_rest_by_decision(cast):
    decided(cast, "1.00", "1.00", accepted_on=date(2016, 12, 20), on=date(2017, 1, 10))
    before, after = (
        as_dicts(report(since=date(year, month, 1), until=date(year, month, 31)))[-1]
        for year, month in ((2016, 12), (2017, 1))
    )
    assert (before["n_accepted"], before["n_decided"], before["mean_used"]) == (1, 0, None)
    assert (after["n_accepted"], after["n_decided"], after["at_once"]) == (0, 1, None)


def test_an_extension_makes_in_time_but_not_the_promise_longer(cast):
    decided(cast, "1.00", "1.00", used=25, promised=20, extension=10)
    decided(cast, "1.00", "1.00", used=21, promised=20)
    total = as_dicts(report())[-1]
    assert (total["n_in_time"], total["n_late"], total["mean_promised"]) == (1, 1, Decimal("20.0"))


def test_an_item_that_was_corrected_did_not_pass_at_once(cast):
    row = decided(cast, "1.00", "1.00")
    decided(cast, "1.00", "1.00")
    day = date(2016, 11, 1)
    Correction.objects.create(
        item=row.item, round_number=1, issued_on=day, issued_by=cast.chen.user, due_on=day, closed_on=day
    )
    total = as_dicts(report())[-1]
    assert (total["corrected"], total["at_once"]) == (Decimal("0.5000"), Decimal("0.5000"))


def test_early_involvement_runs_under_no_limit(cast):
    decided(cast, "1.00", "1.00", early=True, used=99)
    assert as_dicts(report())[-1]["n_decided"] == 0


def test_outcomes_can_be_told_apart(cast):
    decided(cast, "1.00", "1.00")
    decided(cast, "1.00", "1.00", outcome="RETURNED")
    assert as_dicts(report())[-1]["n_decided"] == 2
    assert as_dicts(report(outcome="RETURNED"))[-1]["n_decided"] == 1


def test_a_late_item_says_by_how_much(cast):
    decided(cast, "1.00", "1.00", used=23, promised=20)
    assert "3" in as_dicts(report(code="times"))[0]["remark"]


def test_the_work_of_a_reviewer_keeps_signs_and_adds_up_to_the_reduction_report(cast):
    decided(cast, "100.00", "150.00", used=30)
    decided(cast, "100.00", "90.00", reviewer=cast.kong, used=10)
    decided(cast, "900.00", "0.00", outcome="RETURNED")
    *people, total = as_dicts(report(code="performance"))
    by_name = {line["person"]: line for line in people}
    assert (by_name["何远"]["net"], by_name["何远"]["rate"]) == (Decimal("-50.00"), Decimal("-0.5000"))
    assert (by_name["何远"]["n_late"], by_name["孔宁"]["mean_used"]) == (1, Decimal("10.0"))
    assert (by_name["江南"]["n_main"], by_name["江南"]["n_assist"]) == (0, 2)
    assert (total["n_main"], total["net"], total["rate"]) == (2, Decimal("-40.00"), Decimal("-0.2000"))
