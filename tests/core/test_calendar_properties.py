"""The prefix count agrees with walking from day to day, over random intervals of all published years."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import CalendarNotPublished
from core.calendar_bulk import due_many, working_days_many
from core.calendars import shipped
from tests.support import naive_days

FIRST, LAST = date(2010, 1, 1), date(2026, 12, 31)
published = st.dates(FIRST, LAST)
works = shipped()


@given(published, published)
def test_working_days_agree_with_a_walk(after: date, until: date) -> None:
    assert works.working_days(after, until) == naive_days.count(after, until)


@given(st.dates(FIRST, date(2025, 12, 31)), st.integers(0, 200))
def test_add_agrees_with_a_walk(start: date, n: int) -> None:
    assert works.add(start, n) == naive_days.nth(start, n)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 200))
def test_add_agrees_with_a_walk_across_the_last_published_year(start: date, n: int) -> None:
    assumed = works.provisional()
    assert assumed.add(start, n) == naive_days.nth(start, n)


@given(st.dates(date(2011, 1, 1), LAST), st.integers(1, 200))
def test_steps_back_undo_steps_forward_from_a_working_day(end: date, n: int) -> None:
    back = works.add(end, -n)
    assert works.is_workday(back)
    assert naive_days.count(back, end) == n


@given(published, published, published)
def test_adjoining_intervals_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    assert works.working_days(first, last) == works.working_days(first, middle) + works.working_days(middle, last)


@given(st.lists(st.tuples(st.dates(FIRST, date(2025, 12, 31)), st.integers(1, 60)), max_size=30))
def test_bulk_due_dates_are_the_single_ones(cases: list[tuple[date, int]]) -> None:
    accepted = np.array([start.toordinal() for start, _ in cases], dtype=np.int64)
    limits = np.array([limit for _, limit in cases], dtype=np.int64)
    expected = [naive_days.nth(start, limit).toordinal() for start, limit in cases]
    assert due_many(works, accepted, limits).tolist() == expected


@given(st.lists(st.tuples(published, published), max_size=30))
def test_bulk_counts_are_the_single_ones(pairs: list[tuple[date, date]]) -> None:
    after = np.array([start.toordinal() for start, _ in pairs], dtype=np.int64)
    until = np.array([end.toordinal() for _, end in pairs], dtype=np.int64)
    assert working_days_many(works, after, until).tolist() == [naive_days.count(*pair) for pair in pairs]


@pytest.mark.parametrize(("start", "year"), [(date(2009, 12, 31), 2009), (date(2027, 1, 1), 2027)])
def test_bulk_refuses_unpublished_years(start: date, year: int) -> None:
    with pytest.raises(CalendarNotPublished) as refusal:
        due_many(works, np.array([start.toordinal()]), 5)
    assert refusal.value.year == year


def test_bulk_refuses_results_in_unpublished_years() -> None:
    with pytest.raises(CalendarNotPublished) as refusal:
        due_many(works, np.array([date(2026, 12, 25).toordinal()]), 20)
    assert refusal.value.year == 2027
