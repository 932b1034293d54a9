"""Used days and due dates agree with a walk from day to day, whatever the pauses."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.deadlines import Pause, due, explain, remaining, used
from core.calendars import shipped
from tests.support import naive_days

works = shipped()
# Late enough that many due dates lie past the last notice.
acceptances = st.dates(date(2014, 1, 1), date(2027, 6, 30))
limits = st.integers(0, 60)


@st.composite
def cases(draw: st.DrawFn) -> tuple[date, list[tuple[date, date]]]:
    """An acceptance and up to four pauses that do not overlap but may adjoin, be empty or begin before it."""
    accepted_on = draw(acceptances)
    pauses, day = [], accepted_on - timedelta(days=draw(st.integers(0, 10)))
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 30)), max_size=4)):
        start = day + timedelta(days=gap)
        day = start + timedelta(days=length)
        pauses.append((start, day))
    return accepted_on, pauses


def as_pauses(spans: list[tuple[date, date]]) -> list[Pause]:
    return [Pause(start, end, "SUPPLEMENT") for start, end in spans]


@given(cases(), st.integers(0, 200))
def test_used_days_agree_with_a_walk(case: tuple[date, list[tuple[date, date]]], later: int) -> None:
    accepted_on, spans = case
    on = accepted_on + timedelta(days=later)
    counted = used(accepted_on, on, as_pauses(spans), works)
    assert counted == naive_days.used(accepted_on, on, spans)
    assert counted >= 0


@given(cases(), limits)
def test_due_dates_agree_with_a_walk(case: tuple[date, list[tuple[date, date]]], limit: int) -> None:
    accepted_on, spans = case
    result = due(accepted_on, limit, as_pauses(spans), works)
    assert result.on == naive_days.due(accepted_on, limit, spans)
    assert result.provisional == (result.on.year > 2026)


@given(cases(), st.integers(1, 60))
def test_the_limit_is_used_up_on_the_due_day_and_not_before(
    case: tuple[date, list[tuple[date, date]]], limit: int
) -> None:
    accepted_on, spans = case
    pauses = as_pauses(spans)
    on = due(accepted_on, limit, pauses, works).on
    assert remaining(accepted_on, on, limit, pauses, works) == 0
    assert remaining(accepted_on, on - timedelta(days=1), limit, pauses, works) == 1


@given(cases(), st.integers(0, 90), st.integers(0, 60))
def test_an_open_pause_is_one_that_ends_today(
    case: tuple[date, list[tuple[date, date]]], lasting: int, limit: int
) -> None:
    accepted_on, spans = case
    start = spans[-1][1] if spans else accepted_on
    today = start + timedelta(days=lasting)
    opened = [*as_pauses(spans), Pause(start, None, "SUPPLEMENT")]
    closed = [*spans, (start, today)]
    assert due(accepted_on, limit, opened, works, as_of=today).on == naive_days.due(accepted_on, limit, closed)
    assert used(accepted_on, today, opened, works) == naive_days.used(accepted_on, today, closed)


@given(cases(), limits)
def test_the_explanation_counts_to_the_limit_on_the_due_day(
    case: tuple[date, list[tuple[date, date]]], limit: int
) -> None:
    accepted_on, spans = case
    lines = explain(accepted_on, limit, as_pauses(spans), works)
    assert [line.date for line in lines] == [accepted_on, *naive_days.walk(accepted_on, lines[-1].date)]
    assert lines[-1].date == naive_days.due(accepted_on, limit, spans)
    assert [line.number for line in lines if line.counted] == list(range(1, limit + 1))
    assert all(naive_days.works(line.date) for line in lines if line.counted)
