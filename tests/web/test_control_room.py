"""The page of the cost control table: the rows, the lights, the curve, the way to an adjustment, the file."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core import clock
from core.models import TraceEntry
from execution import control
from execution.services import forecasts
from execution.services.forecasts import Foreseen
from projects.services import moves as project_moves
from tests.support import books, works
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
ESTIMATE = {"1.1": "9000000.00", "1.2": "1000000.00", "2.07": "1600000.00", "3.1": "400000.00"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    def look(actor, url, data=None):
        client.force_login(actor.user)
        if data is not None:
            return client.post(url, data)
        with no_writes():
            return client.get(url)

    return look


def text(response):
    return response.content.decode()


def built(cast, **basics):
    project = works.building(cast, **basics)
    books.broken_down(cast, project, "EST", ESTIMATE, {"1": "工程费用", "2": "工程建设其他费用", "3": "预备费"})
    books.a_payment(cast, works.the_contract(project), "1234567.89")
    return project


def test_the_page_shows_every_line_to_the_fen_and_draws_the_curve(cast, see):
    project = built(cast)
    shown = see(cast.lin, reverse("web:control", args=[project.pk]))
    assert shown.status_code == 200
    assert chart_is_inside(text(shown))
    for amount in ("12,000,000.00", "8,600,000.00", "1,234,567.89", "8,500,000.00"):
        assert amount in text(shown), amount
    assert text(shown).count("<polyline") == 2, "released and paid"
    assert "1,234,567.89" in text(shown).partition("curve-canvas")[2], "the table says what the curve draws"
    assert "style=" not in text(shown)
    assert "<script" not in text(shown).partition("<main")[2]


def test_every_column_leads_to_the_room_its_figures_come_from(cast, see):
    project = built(cast)
    page = (
        text(see(cast.fang, reverse("web:control", args=[project.pk]))).partition("<thead>")[2].partition("</thead>")[0]
    )
    for room in ("contracts", "changes", "settlements", "payments", "forecasts"):
        address = reverse(f"web:{room}", args=[project.pk])
        assert f'href="{address}"' in page
        assert see(cast.fang, address).status_code == 200


def chart_is_inside(page):
    """Every corner of every line lies within the picture."""
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', page).groups())
    corners = [corner for points in re.findall(r'points="([^"]+)"', page) for corner in points.split()]
    places = [tuple(map(int, corner.split(","))) for corner in corners]
    return bool(places) and all(0 <= x <= width and 0 <= y < height for x, y in places)


def test_a_line_that_will_overrun_is_named_at_once(cast, see):
    project = built(cast)
    url = reverse("web:control", args=[project.pk])
    assert "高出概算" not in text(see(cast.xu, url))
    books.foreseen(cast, project, "1.2", "1500000.50")
    page = text(see(cast.xu, url))
    assert "500,000.50" in page.partition("message-error")[2].partition("</div>")[0]
    assert "light-red" in page


def test_a_forecast_below_the_contracts_is_marked_on_its_line(cast, see):
    project = built(cast)
    url = reverse("web:control", args=[project.pk])
    assert "预测低于合同" not in text(see(cast.lin, url))
    books.foreseen(cast, project, "1.1", "8499999.99")
    assert text(see(cast.lin, url)).count("预测低于合同") == 1


def test_the_lead_opens_the_adjustment_here_and_the_others_read_why_they_do_not(cast, see):
    project = built(cast)
    url = reverse("web:control", args=[project.pk])
    move = reverse("web:project_move", args=[project.pk, "open_estimate_adjustment"])
    assert move in text(see(cast.lei, url))
    clerk = text(see(cast.lin, url))
    assert move not in clerk
    assert 'aria-disabled="true"' in clerk
    project_moves.perform(project.pk, "open_estimate_adjustment", actor=cast.lei, data={"reason": "地质变化"})
    opened = text(see(cast.lin, url))
    assert "地质变化" in opened
    assert reverse("web:item_new", args=[project.pk]) in opened


def test_before_the_works_nobody_adjusts(cast, see):
    project = works.in_procurement(cast)
    page = text(see(cast.lei, reverse("web:control", args=[project.pk])))
    assert 'aria-disabled="true"' in page
    assert "open_estimate_adjustment" not in page


def test_the_file_holds_the_rows_of_the_page_and_the_trace_that_it_was_taken(cast, see):
    project = built(cast)
    response = see(cast.lin, reverse("web:control_export", args=[project.pk]), {"format": "xlsx"})
    sheet = load_workbook(BytesIO(response.content)).active
    rows = {row[1] or row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
    total = control.control_of(project).sheet.total
    assert Decimal(str(rows["合计"][3])) == total.estimate
    assert Decimal(str(rows["合计"][9])) == total.forecast
    assert Decimal(str(rows["1.1"][5])) == Decimal("8500000")
    entry = TraceEntry.objects.get(verb="execution.control.exported")
    assert (entry.project_id, entry.facts["rows"]) == (project.pk, len(control.control_of(project).sheet.lines))


@pytest.mark.parametrize(("name", "start"), [("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_finance_takes_the_table_in_every_form(cast, see, name, start):
    project = built(cast)
    response = see(cast.fang, reverse("web:control_export", args=[project.pk]), {"format": name})
    assert response.content.startswith(start)
    assert name in response["Content-Disposition"]


def test_who_takes_no_reports_as_files_takes_no_table_either(cast, see):
    project = built(cast)
    url = reverse("web:control", args=[project.pk])
    assert reverse("web:control_export", args=[project.pk]) not in text(see(cast.xu, url))
    refused = see(cast.xu, reverse("web:control_export", args=[project.pk]), {"format": "xlsx"})
    assert refused.status_code == 403
    assert see(cast.lin, reverse("web:control_export", args=[project.pk]), {"format": "doc"}).status_code == 404


def test_a_stranger_does_not_see_it(cast, see):
    project = built(cast)
    assert see(cast.sun, reverse("web:control", args=[project.pk])).status_code == 404


def test_an_empty_project_says_what_will_be_here(cast, see):
    project = works.taken_over(cast, "PROCUREMENT", None)
    project.figures.all().delete()
    assert "style=" not in text(see(cast.lin, reverse("web:control", args=[project.pk])))


def test_more_contracts_and_payments_cost_no_more_queries(cast, client):
    project = built(cast)
    client.force_login(cast.lin.user)
    url = reverse("web:control", args=[project.pk])
    counts = []
    for first in (True, False):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        for n in range(4 if first else 0):
            contract = works.in_force(cast, works.a_contract(cast, project, price="700000.00", kind="OTHER"))
            books.a_payment(cast, contract, f"{n + 1}000.00", clock.today())
            books.a_report(cast, project, clock.today().replace(month=n + 1), "10", "1000.00")
            books.foreseen(cast, project, f"2.{n + 10}", "100.00")
    assert counts[0] == counts[1], counts


def test_by_how_much_a_line_overruns_stands_out(cast, see):
    project = built(cast)
    page = text(see(cast.lin, reverse("web:control", args=[project.pk])))
    assert 'class="num is-over"' not in page
    estimate = control.control_of(project).estimate.amount
    forecasts.foresee(project.pk, actor=cast.lin, rows=[Foreseen("1.1", estimate + 1, "地质变化")])
    page = text(see(cast.lin, reverse("web:control", args=[project.pk])))
    # 12,000,001 foreseen on 1.1, 100,000 contracted on 1.2, 1,600,000 estimated on 2.07
    assert '<td class="num is-over">1,700,001.00</td>' in page.split("<tfoot>")[1]
