"""The time rules of DOMAIN §4: every vector of the specification, pauses, lights, the ladder, months."""

from datetime import date
from decimal import Decimal

import pytest

from approvals.rules.deadlines import (
    DayReason,
    Due,
    Light,
    Pause,
    Size,
    deemed_accepted_after,
    due,
    explain,
    final_account_cap,
    final_account_due,
    ladder,
    light,
    overlapping,
    remaining,
    share_used,
    used,
)
from core.calendar import WorkCalendar
from core.calendars import shipped

ACCEPTED = date(2026, 3, 2)
SUPPLEMENT = Pause(date(2026, 3, 6), date(2026, 3, 18), "SUPPLEMENT")


@pytest.fixture(scope="module")
def works() -> WorkCalendar:
    return shipped()


@pytest.mark.parametrize(
    ("accepted_on", "limit", "expected"),
    [
        (date(2026, 2, 9), 20, date(2026, 3, 13)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 4, 28), 5, date(2026, 5, 8)),
        (date(2026, 9, 18), 20, date(2026, 10, 22)),
    ],
)
def test_due_dates_of_the_specification(works: WorkCalendar, accepted_on: date, limit: int, expected: date) -> None:
    assert due(accepted_on, limit, [], works) == Due(expected, provisional=False)


def test_pause_moves_the_due_date_by_the_paused_working_days(works: WorkCalendar) -> None:
    assert works.working_days(SUPPLEMENT.start, SUPPLEMENT.end) == 8
    assert due(ACCEPTED, 20, [], works).on == date(2026, 3, 30)
    assert due(ACCEPTED, 20, [SUPPLEMENT], works).on == date(2026, 4, 10)
    assert used(ACCEPTED, date(2026, 3, 25), [SUPPLEMENT], works) == 9


def test_the_day_of_pausing_counts_and_the_day_of_resuming_does_not(works: WorkCalendar) -> None:
    assert used(ACCEPTED, date(2026, 3, 5), [SUPPLEMENT], works) == 3
    assert [used(ACCEPTED, date(2026, 3, day), [SUPPLEMENT], works) for day in (6, 9, 18)] == [4, 4, 4]
    assert used(ACCEPTED, date(2026, 3, 19), [SUPPLEMENT], works) == 5


def test_the_clock_stands_at_zero_on_and_before_the_acceptance_day(works: WorkCalendar) -> None:
    assert used(ACCEPTED, ACCEPTED, [], works) == 0
    assert used(ACCEPTED, date(2026, 2, 27), [SUPPLEMENT], works) == 0


def test_remaining_is_zero_on_the_last_day_in_time(works: WorkCalendar) -> None:
    assert remaining(ACCEPTED, date(2026, 4, 10), 20, [SUPPLEMENT], works) == 0
    assert remaining(ACCEPTED, date(2026, 4, 13), 20, [SUPPLEMENT], works) == -1


def test_a_pause_from_the_due_day_on_moves_nothing(works: WorkCalendar) -> None:
    for start in (date(2026, 3, 30), date(2026, 3, 31)):
        assert due(ACCEPTED, 20, [Pause(start, date(2026, 4, 20), "EXPERT_REVIEW")], works).on == date(2026, 3, 30)


def test_a_pause_pushed_into_reach_by_another_counts(works: WorkCalendar) -> None:
    later = Pause(date(2026, 4, 3), date(2026, 4, 8), "EXPERT_REVIEW")  # after 03-30, before 04-10; 04-04~06 off
    assert due(ACCEPTED, 20, [later, SUPPLEMENT], works).on == date(2026, 4, 14)


def test_only_the_part_of_a_pause_after_acceptance_counts(works: WorkCalendar) -> None:
    early = Pause(date(2026, 2, 9), date(2026, 3, 4), "SUPPLEMENT")
    assert due(ACCEPTED, 5, [early], works).on == date(2026, 3, 11)
    assert used(ACCEPTED, date(2026, 3, 5), [early], works) == 1


def test_an_open_pause_counts_up_to_the_day_asked_about(works: WorkCalendar) -> None:
    waiting = [Pause(date(2026, 3, 6), None, "SUPPLEMENT")]
    assert due(ACCEPTED, 20, waiting, works, as_of=date(2026, 3, 18)).on == date(2026, 4, 10)
    assert due(ACCEPTED, 20, waiting, works, as_of=date(2026, 3, 6)).on == date(2026, 3, 30)
    assert due(ACCEPTED, 20, waiting, works, as_of=date(2026, 3, 4)).on == date(2026, 3, 30)
    assert used(ACCEPTED, date(2026, 9, 1), waiting, works) == 4


def test_an_open_pause_without_a_day_is_refused(works: WorkCalendar) -> None:
    with pytest.raises(ValueError, match="open pause"):
        due(ACCEPTED, 20, [Pause(date(2026, 3, 6), None, "SUPPLEMENT")], works)


def test_pauses_overlap_when_they_share_a_day() -> None:
    adjoining = Pause(date(2026, 3, 18), date(2026, 3, 20), "EXPERT_REVIEW")
    inside = Pause(date(2026, 3, 10), date(2026, 3, 11), "EXPERT_REVIEW")
    waiting = Pause(date(2026, 3, 17), None, "EXPERT_REVIEW")
    assert overlapping([adjoining, SUPPLEMENT]) == []
    assert overlapping([inside, SUPPLEMENT]) == [(SUPPLEMENT, inside)]
    assert overlapping([SUPPLEMENT, waiting, adjoining]) == [(SUPPLEMENT, waiting), (waiting, adjoining)]


def test_overlapping_pauses_are_never_counted(works: WorkCalendar) -> None:
    inside = Pause(date(2026, 3, 10), date(2026, 3, 11), "EXPERT_REVIEW")
    for ask in (
        lambda: due(ACCEPTED, 20, [SUPPLEMENT, inside], works),
        lambda: used(ACCEPTED, date(2026, 4, 1), [SUPPLEMENT, inside], works),
    ):
        with pytest.raises(ValueError, match="overlap"):
            ask()


def test_a_pause_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before"):
        Pause(date(2026, 3, 6), date(2026, 3, 5), "SUPPLEMENT")


def test_a_due_date_past_the_last_notice_is_provisional(works: WorkCalendar) -> None:
    assert due(date(2026, 12, 25), 20, [], works) == Due(date(2027, 1, 22), provisional=True)
    assert due(date(2026, 12, 25), 4, [], works) == Due(date(2026, 12, 31), provisional=False)
    assert due(date(2027, 1, 4), 5, [], works) == Due(date(2027, 1, 11), provisional=True)
    assert used(date(2026, 12, 25), date(2027, 1, 4), [], works) == 6


def test_a_limit_is_not_negative(works: WorkCalendar) -> None:
    assert due(ACCEPTED, 0, [SUPPLEMENT], works).on == ACCEPTED
    with pytest.raises(ValueError, match="negative"):
        due(ACCEPTED, -1, [], works)


def test_the_explanation_names_every_day_and_why(works: WorkCalendar) -> None:
    lines = explain(date(2026, 2, 13), 5, [Pause(date(2026, 2, 24), date(2026, 2, 25), "EXPERT_REVIEW")], works)
    told = [(line.date.day, line.number, line.reason, line.name, line.pause) for line in lines]
    assert told == [
        (13, None, DayReason.ACCEPTANCE_DAY, "", ""),
        (14, 1, DayReason.MAKEUP, "春节", ""),
        *((day, None, DayReason.HOLIDAY, "春节", "") for day in range(15, 24)),
        (24, 2, DayReason.WORKDAY, "", ""),
        (25, None, DayReason.PAUSED, "", "EXPERT_REVIEW"),
        (26, 3, DayReason.WORKDAY, "", ""),
        (27, 4, DayReason.WORKDAY, "", ""),
        (28, 5, DayReason.MAKEUP, "春节", ""),
    ]
    assert not any(line.provisional for line in lines)
    assert [line.counted for line in lines] == [line.number is not None for line in lines]


def test_a_weekend_within_a_pause_is_a_weekend(works: WorkCalendar) -> None:
    reasons = {line.date: line.reason for line in explain(ACCEPTED, 20, [SUPPLEMENT], works)}
    assert reasons[date(2026, 3, 8)] == DayReason.WEEKEND
    assert reasons[date(2026, 3, 9)] == DayReason.PAUSED
    assert reasons[date(2026, 3, 18)] == DayReason.PAUSED


def test_the_explanation_marks_assumed_days(works: WorkCalendar) -> None:
    lines = explain(date(2026, 12, 30), 2, [], works)
    assert [(line.date, line.provisional) for line in lines] == [
        (date(2026, 12, 30), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), True),
    ]


@pytest.mark.parametrize(
    ("used_days", "expected"),
    [(0, Light.GREEN), (16, Light.GREEN), (17, Light.YELLOW), (20, Light.YELLOW), (21, Light.RED)],
)
def test_the_light_turns_yellow_at_three_left_and_red_after_the_last_day(used_days: int, expected: Light) -> None:
    assert light(20, 0, used_days, paused=False, started=True, ended=False) is expected


def test_an_extension_and_another_threshold_move_the_light() -> None:
    assert light(20, 10, 21, paused=False, started=True, ended=False) is Light.GREEN
    assert light(20, 10, 30, paused=False, started=True, ended=False) is Light.YELLOW
    assert light(20, 0, 17, paused=False, started=True, ended=False, yellow_at_remaining=1) is Light.GREEN
    assert light(20, 0, 19, paused=False, started=True, ended=False, yellow_at_remaining=1) is Light.YELLOW


def test_the_light_of_what_is_not_running() -> None:
    assert light(20, 0, 25, paused=True, started=True, ended=False) is Light.BLUE
    assert light(20, 0, 0, paused=False, started=False, ended=False) is Light.GREY
    assert light(20, 0, 20, paused=False, started=True, ended=True) is Light.GREY
    assert light(20, 0, 21, paused=False, started=True, ended=True) is Light.RED_HISTORY


def test_silence_accepts_after_five_working_days(works: WorkCalendar) -> None:
    assert deemed_accepted_after(date(2026, 3, 2), 5, works) == Due(date(2026, 3, 9), provisional=False)


@pytest.mark.parametrize(
    ("completed_on", "size", "extended", "expected"),
    [
        (date(2026, 3, 2), Size.LARGE, False, date(2026, 6, 2)),
        (date(2025, 11, 30), Size.SMALL_MEDIUM, False, date(2026, 2, 28)),  # clipped to the month, a worked Saturday
        (date(2026, 1, 1), Size.SMALL_MEDIUM, False, date(2026, 4, 1)),
        (date(2026, 7, 2), Size.SMALL_MEDIUM, False, date(2026, 10, 8)),  # 10-02 is in the holiday
        (date(2026, 1, 15), Size.SMALL_MEDIUM, True, date(2026, 6, 15)),
        (date(2026, 1, 15), Size.LARGE, True, date(2026, 10, 15)),
    ],
)
def test_final_account_is_due_after_calendar_months(
    works: WorkCalendar, completed_on: date, size: Size, extended: bool, expected: date
) -> None:
    assert final_account_due(completed_on, size, works, extended) == Due(expected, provisional=False)


def test_final_account_is_capped_at_a_year(works: WorkCalendar) -> None:
    assert final_account_cap(date(2025, 2, 14), works) == Due(date(2026, 2, 14), provisional=False)  # works
    assert final_account_cap(date(2024, 2, 29), works) == Due(date(2025, 2, 28), provisional=False)
    assert final_account_cap(date(2026, 5, 8), works) == Due(date(2027, 5, 10), provisional=True)


def test_the_ladder_steps_by_working_days_around_the_due_date(works: WorkCalendar) -> None:
    assert ladder(date(2026, 9, 30), works) == {
        -3: date(2026, 9, 24),  # 09-25~27 off
        -1: date(2026, 9, 29),
        0: date(2026, 9, 30),
        1: date(2026, 10, 8),
        5: date(2026, 10, 13),  # Saturday 10-10 works
        10: date(2026, 10, 20),
    }
    assert ladder(date(2026, 12, 31), works)[1] == date(2027, 1, 1)


def test_the_speed_figure_is_a_share_with_four_decimals() -> None:
    assert share_used(5, 20) == Decimal("0.2500")
    assert str(share_used(2, 3)) == "0.6667"
    assert share_used(0, 0) is None
