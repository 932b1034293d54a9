"""The S-curve: what was planned, done, released and paid up to each month."""

from datetime import date
from decimal import Decimal

from execution.rules.curve import curve, share_on

D = Decimal


def drawn(**said):
    empty = {"marks": [], "starts_on": None, "whole": None, "reports": [], "releases": [], "payments": []}
    return curve(**{**empty, "today": date(2026, 12, 31), **said})


def test_payments_add_up_month_by_month():
    made = drawn(
        payments=[(date(2026, 3, 31), D("10.01")), (date(2026, 1, 5), D("5.00")), (date(2026, 3, 1), D("1.00"))]
    )
    assert made.months == (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    assert made.paid == (D("5.00"), D("5.00"), D("16.01"))
    assert made.planned == (None, None, None)


def test_a_reclaimed_release_brings_the_line_down():
    made = drawn(releases=[(date(2026, 1, 1), D(100)), (date(2026, 2, 1), D(-30))])
    assert made.released == (100, 70)


def test_progress_stops_at_the_last_report():
    made = drawn(reports=[(date(2026, 1, 1), D(5)), (date(2026, 3, 1), D(9))], payments=[(date(2026, 4, 2), D(1))])
    assert made.done == (5, 5, 9, None)


def test_months_to_come_have_no_payments_yet():
    made = drawn(
        marks=[(date(2026, 3, 31), D(100))], whole=D(100), payments=[(date(2026, 1, 2), D(1))], today=date(2026, 2, 3)
    )
    assert made.paid == (1, 1, None)


def test_the_plan_runs_straight_between_its_milestones():
    marks = [(date(2026, 1, 11), D(0)), (date(2026, 1, 31), D(40)), (date(2026, 3, 1), D(100))]
    assert share_on(date(2026, 1, 21), marks) == 20
    assert share_on(date(2026, 1, 1), marks) == 0
    assert share_on(date(2027, 1, 1), marks) == 100
    made = drawn(marks=marks, whole=D("1000.00"))
    assert made.planned == (D("400.00"), D("979.31"), D("1000.00")), "28 of 29 days from 40 % to 100 %"


def test_the_plan_begins_where_the_works_begin():
    made = drawn(marks=[(date(2026, 2, 28), D(100))], whole=D(100), starts_on=date(2026, 1, 31))
    assert made.planned == (0, 100)


def test_nothing_known_draws_nothing():
    assert drawn().months == ()
