"""The cost control table of a project against the rows themselves, added up another way."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from execution import control
from execution.rules.control import Lamp
from projects.services import moves as project_moves
from tests.support import books, works
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
D = Decimal
ESTIMATE = {"1.1": "9000000.00", "1.2": "1000000.00", "2.07": "1200000.00", "2.10": "400000.00", "3.1": "399999.97"}
BUDGET = {"1.1": "8800000.00", "1.2": "1200000.00"}


@pytest.fixture
def cast():
    return make_cast()


def a_controlled_project(cast):
    """Building; estimate and budget with lines, one change, a supplement, payments, a second contract that is settled."""
    project = works.building(cast)
    books.broken_down(cast, project, "EST", ESTIMATE, {"1": "工程费用", "2": "工程建设其他费用", "3": "预备费"})
    books.broken_down(cast, project, "BUD", BUDGET)
    contract = works.the_contract(project)
    works.approved(cast, works.a_change(cast, contract, "123456.78"))
    books.a_payment(cast, contract, "1000000.01", clock.today() - timedelta(days=40))
    books.a_payment(cast, contract, "333333.33")
    books.a_payment(cast, contract, "777777.77", state="FINANCE_APPROVED")
    design = works.in_force(
        cast, works.a_contract(cast, project, price="900000.00", name="设计合同", kind="DESIGN", no="SJ-1")
    )
    books.a_payment(cast, design, "700000.00")
    books.settled(cast, design, "850000.01")
    return project


def by_hand(project):
    """Column → top code → yuan, by exact fractions over the rows, contract by contract."""
    found = defaultdict(lambda: defaultdict(Fraction))
    for contract in project.contracts.all():
        lines = defaultdict(Fraction)
        for line in contract.lines.exclude(change_lines__line__isnull=False, amount=0):
            lines[line.cost_code] += Fraction(line.amount)
            found["contract"][line.cost_code] += Fraction(line.amount)
        for change in contract.changes.filter(state="APPROVED"):
            for row in change.lines.all():
                lines[row.cost_code] += Fraction(row.amount)
                found["change"][row.cost_code] += Fraction(row.amount)
        whole = sum(lines.values())
        paid = sum(Fraction(row.amount) for row in contract.payments.filter(state="PAID"))
        settled = Fraction(contract.settlement.reviewed) if hasattr(contract, "settlement") else None
        for code, amount in lines.items():
            found["paid"][code] += paid * amount / whole
            found["forecast"][code] += amount if settled is None else settled * amount / whole
            if settled is not None:
                found["settlement"][code] += settled * amount / whole
    return found


def test_every_column_is_what_the_rows_say(cast):
    project = a_controlled_project(cast)
    shown = control.control_of(project)
    rows = {line.code: line.sums for line in shown.sheet.lines}
    for code in ("1.1", "1.2"):
        assert (rows[code].estimate, rows[code].budget) == (D(ESTIMATE[code]), D(BUDGET[code]))
    expected = by_hand(project)
    for column in ("contract", "change", "settlement", "paid"):
        for code in ("1.1", "1.2"):
            amount = getattr(rows[code], column)
            assert abs(Fraction(amount) - expected[column][code]) < Fraction(2, 100), (column, code)
        total = sum(expected[column].values())
        assert Fraction(getattr(shown.sheet.total, column)) == total, f"{column}: Σ to the fen"
    assert shown.sheet.total.paid == D("2033333.34"), "what finance approved but the treasury has not paid is not paid"
    assert shown.sheet.total.estimate == D("12000000.00"), "as signed, three fen more than its lines"
    assert rows[""].estimate == D("0.03")


def test_the_change_moves_the_forecast_and_the_rest_is_as_approved(cast):
    project = a_controlled_project(cast)
    shown = control.control_of(project)
    rows = {line.code: line for line in shown.sheet.lines}
    assert rows["2.07"].sums.forecast == D("1200000.00")
    assert rows["2.07"].lamp == Lamp.GREY
    assert rows["3"].sums.forecast == 0, "nothing was bought from the contingency"
    newest = project.forecasts.filter(cost_code="1.1").latest("pk").amount
    assert rows["1.1"].sums.forecast == newest == D("8623456.78")


def test_a_forecast_above_the_line_turns_it_red_and_the_total_by_its_own_figure(cast):
    project = a_controlled_project(cast)
    books.foreseen(cast, project, "1.2", "1000000.01")
    shown = control.control_of(project)
    assert [line.code for line in shown.sheet.over] == ["1.2"]
    assert shown.sheet.lamp == Lamp.GREEN
    books.foreseen(cast, project, "1.2", "3500000.00")
    assert control.control_of(type(project).objects.get(pk=project.pk)).sheet.lamp == Lamp.RED


def test_the_adjusted_estimate_controls_once_it_stands(cast):
    project = a_controlled_project(cast)
    books.foreseen(cast, project, "1.1", "12000000.00")
    books.signed_figure(project, "ADJUSTED", "16000000.00")
    shown = control.control_of(type(project).objects.get(pk=project.pk))
    assert (shown.estimate.amount, shown.original.amount) == (D("16000000.00"), D("12000000.00"))
    assert shown.sheet.total.estimate == D("16000000.00")
    assert shown.sheet.lamp == Lamp.GREEN


def test_drafts_are_not_contracts_yet(cast):
    project = works.in_procurement(cast)
    works.a_contract(cast, project)
    assert control.control_of(project).sheet.total.contract == 0


def test_what_was_paid_is_split_over_the_lines_to_the_fen(cast):
    project = works.building(cast)
    contract = works.the_contract(project)
    for amount in ("0.01", "100000.00", "33333.33"):
        books.a_payment(cast, contract, amount)
    parts = control.paid_by_code(contract)
    assert sum(parts.values()) == D("133333.34")
    assert parts["1.2"] == D("1550.39"), "100,000 of 8,600,000 yuan"


def test_many_projects_cost_as_many_queries_as_one(cast):
    projects = [works.building(cast, name=f"工程{n}", code=f"2611-440399-04-01-{n + 800:06d}") for n in range(3)]
    for project in projects:
        books.broken_down(cast, project, "EST", ESTIMATE)
        books.a_payment(cast, works.the_contract(project), "100.00")
    counts = []
    for chosen in (projects[:1], projects):
        rows = list(type(projects[0]).objects.filter(pk__in=[row.pk for row in chosen]))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            control.controls_of(rows)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14, counts


def test_the_curve_holds_what_was_reported_released_and_paid(cast):
    project = a_controlled_project(cast)
    today = clock.today()
    books.a_report(cast, project, today, "40", "3000000.00", state="SUBMITTED")
    books.a_report(cast, project, today - timedelta(days=40), "20", "1500000.00")
    books.a_milestone(project, today + timedelta(days=200), "100")
    made = control.curve_of(control.control_of(project))
    this_month = made.months.index(today.replace(day=1))
    assert made.paid[this_month] == D("2033333.34")
    assert made.done[this_month] == D("3000000.00")
    assert made.released[this_month] == D("9000000.00")
    assert made.planned[-1] == D("12000000.00")
    assert made.paid[-1] is None


def test_drafts_of_reports_do_not_count_in_the_curve(cast):
    project = works.building(cast)
    books.a_report(cast, project, clock.today(), "40", "3000000.00", state="DRAFT")
    made = control.curve_of(control.control_of(project))
    assert set(made.done) == {None}


def test_the_open_adjustment_shows_its_reason_and_who_may_open_one(cast):
    project = works.building(cast)
    closed = control.adjustment_of(control.control_of(project), cast.lei)
    assert not closed.is_open
    assert [(offer.move.name, offer.problems) for offer in closed.offers] == [("open_estimate_adjustment", ())]
    assert control.adjustment_of(control.control_of(project), cast.lin).offers == ()
    project = project_moves.perform(project.pk, "open_estimate_adjustment", actor=cast.lei, data={"reason": "材料涨价"})
    opened = control.adjustment_of(control.control_of(project), cast.xu)
    assert (opened.is_open, opened.reason, opened.opened_on) == (True, "材料涨价", clock.today())


def test_more_than_a_tenth_above_the_original_estimate_is_audited_first(cast):
    project = works.building(cast)
    books.foreseen(cast, project, "2.01", "4600000.00")
    assert control.control_of(project).sheet.total.forecast == D("13200000.00")
    assert not control.adjustment_of(control.control_of(project), cast.lei).needs_audit, "exactly 110 % is not above"
    books.foreseen(cast, project, "2.01", "4600000.01")
    fresh = type(project).objects.get(pk=project.pk)
    assert control.adjustment_of(control.control_of(fresh), cast.lei).needs_audit


def test_once_the_final_account_is_approved_its_cost_is_the_forecast(cast):
    project = a_controlled_project(cast)
    books.signed_figure(project, "FINAL", "9000000.01")
    shown = control.control_of(type(project).objects.get(pk=project.pk))
    assert shown.sheet.total.forecast == D("9000000.01")
    assert shown.final is not None
