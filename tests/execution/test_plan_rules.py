"""The pure rules of the annual plan: what goes back, and the what-if of several years."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execution.rules.plan import Taken, above_control_figure, over_envelopes, take_back
from execution.rules.simulation import Need, grown, simulate, spread

D = Decimal
YUAN = st.decimals(min_value=0, max_value=10**9, places=2)


def test_an_envelope_is_full_at_its_last_fen_and_over_with_one_more() -> None:
    assert over_envelopes({"4": D("100.00")}, {"4": D("100.00")}) == []
    over = over_envelopes({"4": D("100.01"), "3": D("1.00")}, {"4": D("100.00")})
    assert [(row.source, row.excess) for row in over] == [("3", D("1.00")), ("4", D("0.01"))]


@pytest.mark.parametrize(
    ("released", "more", "control", "excess"),
    [("90", "10", "100", "0"), ("90", "10.01", "100", "0.01"), ("0", "5", None, "5"), ("100", "-5", "100", "0")],
)
def test_releases_of_all_years_stop_at_the_control_figure(
    released: str, more: str, control: str | None, excess: str
) -> None:
    assert above_control_figure(D(released), D(more), D(control) if control else None) == D(excess)


def test_what_goes_back_comes_first_from_what_was_never_released() -> None:
    assert take_back(D(30), D(100), D(60), D(60)) == Taken(D(30), D(0))
    assert take_back(D(70), D(100), D(60), D(60)) == Taken(D(40), D(30))
    assert take_back(D(70), D(100), D(60), D(29)) is None, "the rest is paid"
    assert take_back(D("100.01"), D(100), D(60), D(60)) is None
    assert take_back(D(10), D(60), D(60), D(-5)) is None, "more is paid than was released"


@given(amount=YUAN, quota=YUAN, released=YUAN, unpaid=YUAN)
def test_what_goes_back_adds_up_and_leaves_nothing_negative(
    amount: Decimal, quota: Decimal, released: Decimal, unpaid: Decimal
) -> None:
    taken = take_back(amount, quota, released, unpaid)
    if taken is None:
        assert amount > max(quota - released, D(0)) + min(released, unpaid)
    else:
        assert taken.unreleased + taken.released == amount
        assert released - taken.released >= 0
        assert taken.released <= unpaid


@given(amount=YUAN, years=st.integers(min_value=1, max_value=12))
def test_spread_parts_add_up_to_the_fen(amount: Decimal, years: int) -> None:
    parts = spread(amount, range(2027, 2027 + years))
    assert sum(parts.values(), D(0)) == amount
    assert all(part == part.quantize(D("0.01")) for part in parts.values())


def test_envelopes_grow_and_shrink_by_whole_fen_and_never_below_nothing() -> None:
    assert grown(D("1000000.00"), D(-5), 2) == D("902500.00")
    assert grown(D("0.33"), D(50), 1) == D("0.50"), "half a fen is rounded up"
    assert grown(D("100.00"), D(-100), 1) == 0
    assert grown(D("100.00"), D(7), 0) == D("100.00")


def test_a_gap_is_asked_again_in_the_next_year_and_continuing_projects_go_first() -> None:
    needs = [
        Need(1, "NEW", "4", {2027: D(60), 2028: D(10)}, 0),
        Need(2, "CONTINUING", "4", {2027: D(70)}, 1),
        Need(3, "PREPARATORY", "4", {2028: D(5)}, 2),
    ]
    found = simulate([2027, 2028], {(2027, "4"): D(100), (2028, "4"): D(40)}, needs, ["4"])
    first, second = found.cell(2027, "4"), found.cell(2028, "4")
    assert first is not None
    assert second is not None
    assert (first.planned, first.given, first.gap) == (D(130), D(100), D(30))
    assert (second.asked, second.carried, second.planned, second.gap) == (D(15), D(30), D(45), D(5))
    by_project = {row.project: row for row in found.projects}
    assert by_project[2].given == {2027: D(70)}
    assert by_project[1].given == {2027: D(30), 2028: D(40)}
    assert (by_project[1].waits, by_project[3].waits) == (D(0), D(5))
    assert found.gap_at_the_end == D(5)


NEED = st.builds(
    Need,
    project=st.integers(min_value=1, max_value=6),
    category=st.sampled_from(["CONTINUING", "NEW", "PREPARATORY"]),
    source=st.sampled_from(["3", "4"]),
    by_year=st.dictionaries(st.sampled_from([2027, 2028, 2029]), YUAN),
    rank=st.integers(min_value=0, max_value=3),
)


@given(needs=st.lists(NEED, max_size=8), envelopes=st.dictionaries(st.tuples(st.sampled_from([2027, 2028, 2029]), st.sampled_from(["3", "4"])), YUAN))  # fmt: skip
def test_nothing_is_given_beyond_an_envelope_and_nothing_is_lost(
    needs: list[Need], envelopes: dict[tuple[int, str], Decimal]
) -> None:
    found = simulate([2027, 2028, 2029], envelopes, needs, ["3", "4"])
    for cell in found.cells:
        assert 0 <= cell.given <= cell.available
        assert cell.gap >= 0
    asked = sum((part for need in needs for part in need.by_year.values()), D(0))
    given_ = sum((cell.given for cell in found.cells), D(0))
    assert asked == given_ + found.gap_at_the_end
    assert sum((part for row in found.projects for part in row.given.values()), D(0)) == given_
