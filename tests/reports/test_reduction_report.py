"""核减率统计表: every figure recomputed by another route, and everything that must not move it."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from approvals.services import ledger
from core.errors import NotPermitted, RuleViolation
from core.trace import SYSTEM
from reports import cells, services
from reports.datasets import reduction_sums, reductions
from reports.dimensions import DIMENSIONS
from reports.filters import Filters
from tests.support.cast import make_cast
from tests.support.decided import NUMBERS, a_project, decide_the_87, decided, the_32, the_87

pytestmark = pytest.mark.django_db
PERIOD = {"since": date(2016, 7, 1), "until": date(2017, 6, 15)}
WAN = 10_000


@pytest.fixture
def cast():
    return make_cast()


def report(actor=SYSTEM, **filters):
    return services.build("reduction", Filters(**{"by": "item_type", **filters}), actor)


def row_of(made, name):
    """One row as a mapping, by what its first cell says."""
    keys = [column.key for column in made.table.columns]
    return next(dict(zip(keys, row, strict=True)) for row in made.table.rows if row[0] == name)


def total_of(made):
    keys = [column.key for column in made.table.columns]
    return dict(zip(keys, made.table.totals, strict=True))


def four_decimals(rate: Fraction) -> Decimal:
    """Half up, by whole numbers only."""
    scaled = abs(rate) * 10_000
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if rate >= 0 else -whole).scaleb(-4)


def grouped_by(key_of):
    """The demonstration's file added up with exact fractions: key → (n, declared, reviewed) in yuan."""
    groups = defaultdict(lambda: [0, Fraction(0), Fraction(0)])
    for line in the_87():
        group = groups[key_of(line)]
        group[0] += 1
        group[1] += Fraction(line["declared_wan"]) * WAN
        group[2] += Fraction(line["reviewed_wan"]) * WAN
    return groups


def test_the_87_items_give_the_known_totals(cast):
    decide_the_87(cast)
    total = total_of(report(**PERIOD))
    assert total["n"] == 87
    assert (total["declared"], total["reviewed"]) == (Decimal("2659190000.00"), Decimal("1990140000.00"))
    assert total["net"] == Decimal("669050000.00")
    assert (total["gross_reduction"], total["gross_increase"]) == (Decimal("669407000.00"), Decimal("357000.00"))
    assert (total["n_reduced"], total["n_increased"]) == (82, 3)
    assert total["rate"] == Decimal("0.2516"), "not 0.2200, the mean of the 87 rates"


@pytest.mark.parametrize(
    ("by", "key_of"),
    [
        ("item_type", lambda line: line["item_type"]),
        ("class", lambda line: the_32()[line["project_no"]]["project_class"]),
        ("month", lambda line: line["decided_on"][:7]),
        ("year", lambda line: line["decided_on"][:4]),
        (
            "bracket",
            lambda line: next(
                code
                for bound, code in ((200, "0-200"), (500, "200-500"), (1000, "500-1000"), (5000, "1000-5000"),
                                    (10000, "5000-10000"), (10**9, "10000-"))
                if Fraction(line["declared_wan"]) < bound
            ),
        ),
    ],
)  # fmt: skip
def test_each_dimension_adds_up_as_the_file_does(cast, by, key_of):
    decide_the_87(cast)
    made = report(by=by, **PERIOD)
    expected = grouped_by(key_of)
    found = reduction_sums.summed(DIMENSIONS[by], Filters(by=by, **PERIOD), SYSTEM)
    assert set(found) == set(expected)
    for key, (n, declared, reviewed) in expected.items():
        assert (found[key].n, found[key].declared, found[key].reviewed) == (n, declared, reviewed)
        assert found[key].rate == four_decimals((declared - reviewed) / declared)
    assert len(made.table.rows) == len(expected)
    assert total_of(made)["n"] == 87


def test_item_types_stand_in_the_order_of_the_stages(cast):
    for item_type in ("SET", "PR", "BUD", "EST", "FS"):
        decided(cast, "100.00", "90.00", item_type=item_type)
    keys = [link.query["item_type"] for link in report().links]
    assert keys == ["PR", "FS", "EST", "BUD", "SET"]


def test_rates_are_never_averaged(cast):
    decided(cast, "1000.00", "500.00")
    decided(cast, "99000.00", "99000.00")
    assert total_of(report())["rate"] == Decimal("0.0050"), "0.2500 would be the mean of 50 % and 0 %"


def test_an_increase_keeps_its_sign(cast):
    decided(cast, "1000000.00", "1100000.00", item_type="BUD")
    row = row_of(report(), "施工图预算")
    assert (row["net"], row["rate"]) == (Decimal("-100000.00"), Decimal("-0.1000"))
    assert (row["gross_reduction"], row["gross_increase"], row["n_increased"]) == (Decimal(0), Decimal("100000.00"), 1)


def test_nothing_declared_has_no_rate(cast):
    decided(cast, "0.00", "0.00")
    made = report()
    place = [column.key for column in made.table.columns].index("rate")
    assert made.table.rows[0][place] is None
    assert cells.shown_rows(made.table)[0][place] == cells.shown_totals(made.table)[place] == "—"


def test_an_empty_period_has_a_total_of_nothing(cast):
    total = total_of(report())
    assert (total["n"], total["declared"], total["rate"]) == (0, Decimal("0.00"), None)


@pytest.mark.parametrize("by", reductions.BY)
def test_what_was_returned_or_rejected_or_early_moves_no_figure(cast, by):
    decided(cast, "5000000.00", "4000000.00")
    before = report(by=by, **PERIOD).table
    decided(cast, "77500000.00", "0.00", outcome="RETURNED")
    decided(cast, "100.00", "0.00", outcome="REJECTED")
    decided(cast, "900.00", "100.00", early=True)
    after = report(by=by, **PERIOD)
    assert (after.table.rows, after.table.totals) == (before.rows, before.totals)
    assert "退文 1 项" in after.table.notes[0]
    assert "7,750.00" in after.table.notes[0]
    returned = next(figure for figure in after.figures if figure.link and figure.link.query.get("show") == "RETURNED")
    assert returned.value == 1
    details = services.build("details", Filters.parse(returned.link.query), SYSTEM)
    assert total_of(details)["declared"] == Decimal("77500000.00")


def test_a_revoked_approval_leaves_the_sums_again(cast):
    row = decided(cast, "5000000.00", "4000000.00")
    decided(cast, "100.00", "90.00", item_type="PR")
    ledger.reverse(row, "REVOKED")
    assert [line[0] for line in report().table.rows] == ["项目建议书"]


def test_a_figure_belongs_to_the_day_of_the_decision(cast):
    decided(cast, "1.00", "1.00", on=date(2016, 7, 1), accepted_on=date(2016, 6, 1))
    decided(cast, "10.00", "1.00", on=date(2017, 6, 15))
    decided(cast, "100.00", "1.00", on=date(2017, 6, 16), accepted_on=date(2017, 6, 1))
    decided(cast, "1000.00", "1.00", on=date(2016, 6, 30))
    assert total_of(report(**PERIOD))["declared"] == Decimal("11.00")


def test_both_bases_are_counted(cast):
    decided(cast, "1000.00", "900.00", approved="950.00")
    decided(cast, "1000.00", "900.00", approved="1200.00")
    reviewed, approved = total_of(report()), total_of(report(basis="approved"))
    assert (reviewed["rate"], reviewed["rate_approved"]) == (Decimal("0.1000"), Decimal("-0.0750"))
    assert (approved["gross_reduction_approved"], approved["gross_increase_approved"]) == (Decimal(50), Decimal(200))
    assert (approved["net_approved"], approved["net"]) == (Decimal(-150), Decimal(200))


AMOUNTS = st.integers(min_value=0, max_value=20_000_000_000)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(AMOUNTS, AMOUNTS, st.sampled_from(["PR", "EST", "SET"]), st.integers(1, 28), st.integers(1, 12)),
        min_size=1,
        max_size=6,
    )
)
def test_the_summary_says_what_the_rows_say(cast, lines):
    unit = Organisation.objects.create(name=f"单位{next(NUMBERS)}", kind=Organisation.Kind.PROJECT_UNIT)
    for declared, reviewed, item_type, day, month in lines:
        project = a_project(cast, unit=unit)
        decided(
            cast, f"{declared}.37", f"{reviewed}.11", item_type=item_type, on=date(2016, month, day), project=project
        )
    for by in set(reductions.BY) - {"funding_source"}:
        filters = Filters(by=by, since=date(2016, 1, 1), until=date(2016, 12, 31), unit=str(unit.pk))
        assert reduction_sums.summary_answers(filters, SYSTEM)
        from_summary = reduction_sums.summed(DIMENSIONS[by], filters, SYSTEM)
        assert sum(sums.n for sums in from_summary.values()) == len(lines)
        assert from_summary == reduction_sums.from_rows(DIMENSIONS[by], filters, SYSTEM)


@pytest.mark.parametrize("by", reductions.BY)
@pytest.mark.parametrize("brackets", ["district", "city"])
def test_the_rows_behind_a_figure_add_up_to_it(cast, by, brackets):
    several = {"1": "300.00", "3": "500.00", "4": "200.01"}
    other = a_project(
        cast, unit=cast.houses["other_unit"], project_class="WATER", industry="ROAD", funding={"1": "9.00"}
    )
    decided(cast, "60000000.00", "50000000.33", project=a_project(cast, funding=several))
    decided(cast, "1999999.99", "2100000.00", item_type="BUD", project=other, on=date(2017, 1, 31), reviewer=cast.jiang)
    decided(cast, "2000000.00", "1.01", project=other, on=date(2017, 2, 1))
    decided(cast, "1200000000.00", "1100000000.00", item_type="PR")
    decided(cast, "500.00", "0.00", outcome="RETURNED")
    made = report(by=by, brackets=brackets, **PERIOD)
    for row, link in zip(made.table.rows, made.links, strict=True):
        line = dict(zip([column.key for column in made.table.columns], row, strict=True))
        behind = services.build(link.report, Filters.parse(link.query), SYSTEM)
        assert len(behind.table.rows) == line["n"]
        for key in ("declared", "reviewed", "net", "rate", "approved"):
            assert total_of(behind)[key] == line[key], (line, key)


def test_several_sources_share_an_item_to_the_fen(cast):
    project = a_project(cast, funding={"1": "1.00", "3": "1.00", "4": "1.00"})
    decided(cast, "100.00", "50.00", project=project)
    decided(cast, "7.00", "7.00")
    made = report(by="funding_source")
    shares = sorted(row[2] for row in made.table.rows)
    assert shares == [Decimal("7.00"), Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert total_of(made)["declared"] == Decimal("107.00")
    assert total_of(made)["n"] is None, "an item counts at each of its sources, so there is no sum of items"
    assert made.table.rows[-1][0] == "未填写"


def test_sorting_moves_rows_with_their_links(cast):
    decided(cast, "10.00", "9.00", item_type="PR")
    decided(cast, "30.00", "9.00", item_type="FS")
    decided(cast, "20.00", "9.00", item_type="EST")
    made = report(sort="-declared")
    assert [link.query["item_type"] for link in made.links] == ["FS", "EST", "PR"]
    assert [row[2] for row in made.table.rows] == [Decimal(30), Decimal(20), Decimal(10)]


@pytest.mark.parametrize(
    ("who", "n"),
    [
        ("fang", 3),
        ("zhao", 3),
        ("su", 3),
        ("qian", 3),
        ("xu", 3),
        ("wu", 2),
        ("wei", 1),
        ("kong", 3),
        ("fxu", 0),
        ("fwu", 0),
    ],
)
def test_everybody_counts_what_is_theirs_to_count(cast, who, n):
    decided(cast, "10.00", "9.00")
    decided(cast, "10.00", "9.00")
    decided(cast, "10.00", "9.00", officer=cast.wei)
    made = report(actor=getattr(cast, who))
    assert total_of(made)["n"] == n
    if who not in ("fang", "zhao", "su", "qian"):
        assert any("仅统计" in note for note in made.table.notes)


@pytest.mark.parametrize("who", ["root", "yan"])
def test_who_has_no_reports_gets_none(cast, who):
    with pytest.raises(NotPermitted):
        report(actor=getattr(cast, who))


@pytest.mark.parametrize("who", ["xu", "wu", "kong", "lin"])
def test_who_may_look_need_not_be_allowed_to_take_away(cast, who):
    with pytest.raises(NotPermitted):
        services.produce("reduction", Filters(by="item_type"), "csv", getattr(cast, who))


def test_words_that_mean_nothing_are_refused_all_at_once():
    words = {"from": "2017-13-01", "to": "x", "by": "weather", "unit": "abc", "bracket": "1-2", "basis": "guess"}
    with pytest.raises(RuleViolation) as refusal:
        Filters.parse(words, reductions.BY)
    assert {problem.field for problem in refusal.value.problems} == set(words)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(RuleViolation):
        Filters.parse({"from": "2017-01-02", "to": "2017-01-01"})


def test_the_query_gives_the_filters_back():
    filters = Filters.parse(
        {
            "from": "2016-07-01",
            "to": "2017-06-15",
            "by": "unit",
            "class": "WATER",
            "brackets": "city",
            "bracket": "0-5000",
        },
        reductions.BY,
    )
    assert Filters.parse(filters.query(), reductions.BY) == filters


def test_the_report_from_the_summary_asks_few_questions(cast, django_assert_max_num_queries):
    decide_the_87(cast)
    with django_assert_max_num_queries(4):
        report(**PERIOD)
