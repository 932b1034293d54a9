"""The official calendar 2010–2026: known days, counts, steps, and what is not published."""

from datetime import date, timedelta

import pytest

from core.calendar import CalendarNotPublished, DayKind, WorkCalendar, YearNotice, changed_days
from core.calendars import shipped

OFF_2026 = {date(2026, 1, 1) + timedelta(days=n) for n in (*range(3),)} | {
    first + timedelta(days=n)
    for first, length in (
        (date(2026, 2, 15), 9),
        (date(2026, 4, 4), 3),
        (date(2026, 5, 1), 5),
        (date(2026, 6, 19), 3),
        (date(2026, 9, 25), 3),
        (date(2026, 10, 1), 7),
    )
    for n in range(length)
}
MAKEUP_2026 = {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)}
MAKEUP_2016_17 = {
    date(2016, 9, 18),
    date(2016, 10, 8),
    date(2016, 10, 9),
    date(2017, 1, 22),
    date(2017, 2, 4),
    date(2017, 4, 1),
    date(2017, 5, 27),
}


@pytest.fixture(scope="module")
def works() -> WorkCalendar:
    return shipped()


def notice(year: int, *days: tuple[str, bool]) -> YearNotice:
    listed = [{"name": "元旦", "date": day, "isOffDay": is_off} for day, is_off in days]
    return YearNotice.from_json({"year": year, "papers": [f"https://example.gov.cn/{year}"], "days": listed})


def test_2026_has_248_working_days(works: WorkCalendar) -> None:
    assert works.working_days(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_2026_is_the_year_the_notice_describes(works: WorkCalendar) -> None:
    days = works.days(date(2025, 12, 31), date(2026, 12, 31))
    assert len(days) == 365
    assert {day.date for day in days if day.kind == DayKind.HOLIDAY} == OFF_2026
    assert {(day.date.month, day.date.day) for day in days if day.kind == DayKind.MAKEUP} == MAKEUP_2026
    assert all(day.is_workday == (day.kind in {DayKind.WEEKDAY, DayKind.MAKEUP}) for day in days)


def test_make_up_days_of_the_fixture_period(works: WorkCalendar) -> None:
    days = works.days(date(2016, 6, 30), date(2017, 6, 30))
    assert {day.date for day in days if day.kind == DayKind.MAKEUP} == MAKEUP_2016_17


def test_a_day_names_its_holiday_and_the_paper(works: WorkCalendar) -> None:
    makeup = works.day(date(2026, 2, 14))
    assert (makeup.name, makeup.kind, makeup.is_workday) == ("春节", DayKind.MAKEUP, True)
    assert makeup.source == "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"
    assert works.day(date(2026, 3, 7)).kind == DayKind.WEEKEND


def test_a_notice_decides_over_days_of_the_year_before(works: WorkCalendar) -> None:
    assert works.is_workday(date(2018, 12, 29))  # Saturday
    assert not works.is_workday(date(2018, 12, 31))  # Monday
    assert works.is_workday(date(2011, 12, 31))  # Saturday
    assert works.day(date(2018, 12, 31)).sources == works.day(date(2019, 1, 1)).sources


def test_an_extended_holiday_ends_on_an_ordinary_monday(works: WorkCalendar) -> None:
    assert works.day(date(2020, 1, 31)).kind == DayKind.HOLIDAY
    assert works.day(date(2020, 2, 3)).kind == DayKind.WEEKDAY


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 2, 9), 20, date(2026, 3, 13)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 4, 28), 5, date(2026, 5, 8)),
        (date(2026, 9, 18), 20, date(2026, 10, 22)),
    ],
)
def test_the_start_day_never_counts(works: WorkCalendar, start: date, days: int, due: date) -> None:
    assert works.add(start, days) == due
    assert works.working_days(start, due) == days
    assert works.working_days(start, due - timedelta(days=1)) == days - 1


def test_a_start_on_a_day_off_is_day_zero_too(works: WorkCalendar) -> None:
    assert works.add(date(2026, 2, 15), 0) == date(2026, 2, 15)
    assert works.add(date(2026, 2, 15), 1) == date(2026, 2, 24)


def test_steps_back_count_worked_days(works: WorkCalendar) -> None:
    assert works.add(date(2026, 3, 13), -3) == date(2026, 3, 10)
    assert works.add(date(2026, 3, 2), -1) == date(2026, 2, 28)  # a worked Saturday
    assert works.add(date(2026, 3, 15), -1) == date(2026, 3, 12)  # Sunday: one before Friday, the last worked


def test_rolling_forward_stays_on_a_working_day(works: WorkCalendar) -> None:
    assert works.roll_forward(date(2026, 2, 14)) == date(2026, 2, 14)
    assert works.roll_forward(date(2026, 2, 15)) == date(2026, 2, 24)


def test_an_interval_that_ends_before_it_begins_is_empty(works: WorkCalendar) -> None:
    assert works.working_days(date(2026, 3, 13), date(2026, 3, 2)) == 0
    assert works.days(date(2026, 3, 13), date(2026, 3, 2)) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda works: works.is_workday(date(2027, 1, 4)),
        lambda works: works.day(date(2027, 1, 4)),
        lambda works: works.roll_forward(date(2027, 1, 4)),
        lambda works: works.days(date(2026, 12, 31), date(2027, 1, 4)),
        lambda works: works.working_days(date(2026, 12, 1), date(2027, 1, 4)),
        lambda works: works.add(date(2027, 1, 4), 0),
        lambda works: works.add(date(2026, 12, 25), 20),
    ],
)
def test_an_unpublished_year_is_never_guessed(works: WorkCalendar, ask) -> None:
    with pytest.raises(CalendarNotPublished) as refusal:
        ask(works)
    assert refusal.value.year == 2027
    assert refusal.value.code == "calendar.not_published"
    assert "2027" in str(refusal.value)


def test_years_before_the_first_notice_are_not_published_either(works: WorkCalendar) -> None:
    for ask in (lambda: works.is_workday(date(2009, 12, 31)), lambda: works.add(date(2010, 1, 4), -5)):
        with pytest.raises(CalendarNotPublished) as refusal:
            ask()
        assert refusal.value.year == 2009


def test_the_last_working_day_of_the_last_year_is_still_official(works: WorkCalendar) -> None:
    assert works.add(date(2026, 12, 30), 1) == date(2026, 12, 31)


def test_the_provisional_calendar_assumes_weekdays_and_says_so(works: WorkCalendar) -> None:
    assumed = works.provisional()
    new_year = assumed.day(date(2027, 1, 1))  # Friday
    assert new_year.is_workday
    assert new_year.provisional
    assert new_year.sources == ()
    assert not assumed.day(date(2026, 12, 31)).provisional
    assert assumed.add(date(2026, 12, 25), 20) == date(2027, 1, 22)
    assert assumed.is_provisional(date(2027, 1, 22))
    assert assumed.last_year == works.last_year == 2026
    assert assumed.version == works.version
    assert assumed.provisional() is assumed


def test_the_provisional_calendar_ends_too(works: WorkCalendar) -> None:
    with pytest.raises(CalendarNotPublished) as refusal:
        works.provisional().is_workday(date(2037, 1, 1))
    assert refusal.value.year == 2037


def test_a_further_notice_makes_its_year_official(works: WorkCalendar) -> None:
    longer = WorkCalendar([*works.notices, notice(2027, ("2027-01-01", True), ("2027-01-02", False))])
    assert longer.last_year == 2027
    assert not longer.is_provisional(date(2027, 1, 1))
    assert longer.add(date(2026, 12, 31), 1) == date(2027, 1, 2)
    assert longer.version != works.version


def test_a_further_notice_changes_only_the_days_it_names_otherwise(works: WorkCalendar) -> None:
    named = (("2026-12-31", True), ("2027-01-01", True), ("2027-01-02", False), ("2027-01-03", True))
    longer = WorkCalendar([*works.notices, notice(2027, *named)])
    changes = changed_days(works, longer)
    assert [(change.date, change.was.is_workday, change.becomes.is_workday) for change in changes] == [
        (date(2026, 12, 31), True, False),
        (date(2027, 1, 1), True, False),
        (date(2027, 1, 2), False, True),
    ]
    assert changed_days(works, works) == []


def test_a_withdrawn_day_of_an_amended_notice_is_a_change() -> None:
    before = WorkCalendar([notice(2027, ("2027-01-01", True), ("2027-01-04", True))])
    after = WorkCalendar([notice(2027, ("2027-01-01", True))])
    assert [change.date for change in changed_days(before, after)] == [date(2027, 1, 4)]


@pytest.mark.parametrize("years", [(), (2026, 2028), (2026, 2026)])
def test_a_calendar_needs_consecutive_years(years: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="consecutive"):
        WorkCalendar(notice(year, (f"{year}-01-01", True)) for year in years)


def test_the_version_depends_on_content_not_on_order(works: WorkCalendar) -> None:
    assert WorkCalendar(reversed(works.notices)).version == works.version
    assert len(works.version) == 12
