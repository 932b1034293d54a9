"""The public calendar: exact answers, marked guesses, and refusals instead of failures."""

from datetime import date, timedelta

import pytest

from tests.support import naive_days
from tests.support.api_client import Api, codes, ok, refused

pytestmark = pytest.mark.django_db


def test_the_due_date_of_the_specification_needs_no_sign_in():
    answer = ok(Api().get("calendar/due/", **{"from": "2026-02-09", "days": "20"}))
    assert answer == {"from": "2026-02-09", "days": 20, "due": naive_days.nth(date(2026, 2, 9), 20).isoformat()}
    assert answer["due"] == "2026-03-13"


def test_an_unpublished_year_is_answered_on_the_assumption_and_says_so():
    answer = ok(Api().get("calendar/due/", **{"from": "2026-12-30", "days": "5"}))
    assert answer["provisional"] is True
    assert answer["due"] == naive_days.nth(date(2026, 12, 30), 5).isoformat()


def test_years_beyond_the_assumption_are_refused():
    assert codes(refused(Api().get("calendar/due/", **{"from": "2036-12-01", "days": "60"}), 422)) == {
        "calendar.not_published"
    }
    refused(Api().get("calendar/due/", **{"from": "2001-01-01", "days": "1"}), 422)


@pytest.mark.parametrize(
    "query",
    [{}, {"from": "2026-02-09"}, {"days": "3"}, {"from": "2026-02-30", "days": "3"}, {"from": "2026-02-09", "days": "x"},
     {"from": "2026-02-09", "days": "3.5"}, {"from": "2026-02-09", "days": "9" * 40}, {"from": "", "days": ""}],
)  # fmt: skip
def test_a_question_that_cannot_be_read_names_the_field(query):
    said = refused(Api().get("calendar/due/", **query), 400)
    assert {problem["field"] for problem in said["problems"]} <= {"from", "days"}


def test_the_days_of_the_spring_festival_are_told_one_by_one():
    answer = ok(Api().get("calendar/days/", **{"from": "2026-02-13", "to": "2026-02-28"}))
    told = {row["date"]: row for row in answer["days"]}
    assert len(told) == 16
    for n in range(16):
        day = date(2026, 2, 13) + timedelta(days=n)
        assert told[day.isoformat()]["is_workday"] == naive_days.works(day), day
    assert answer["working_days"] == sum(naive_days.works(date.fromisoformat(day)) for day in told)
    assert (told["2026-02-17"]["kind"], told["2026-02-17"]["name"]) == ("HOLIDAY", "春节")


def test_a_stretch_of_days_has_an_order_and_an_end():
    refused(Api().get("calendar/days/", **{"from": "2026-03-01", "to": "2026-02-01"}), 400)
    refused(Api().get("calendar/days/", **{"from": "2016-01-01", "to": "2026-02-01"}), 400)


def test_an_outdated_token_does_not_close_the_public_calendar():
    api = Api()
    api.headers["Authorization"] = "Token outdated"
    assert ok(api.get("calendar/due/", **{"from": "2026-02-09", "days": "1"}))["due"] == "2026-02-10"
