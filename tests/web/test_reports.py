"""The reports in the browser's eyes: pages, files, permissions, background exports, and how many questions they ask."""

from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from core.models import Job, TraceEntry
from reports import exports
from tests.support import books
from tests.support.cast import make_cast
from tests.support.decided import a_project, decide_the_87, decided
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
CODES = ("reduction", "timeliness", "performance", "details", "times")
OF_WORKS = ("plan_execution", "payments", "estimate_execution", "project_ledger", "open_accounts")


class Cells(HTMLParser):
    """The table of figures as the page shows it: a list of rows of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_table = self._in_cell = False

    def handle_starttag(self, tag, attributes):
        if tag == "table" and "table-figures" in (dict(attributes).get("class") or ""):
            self._in_table = True
        elif self._in_table and tag == "tr":
            self.rows.append([])
        elif self._in_table and tag in ("td", "th"):
            self._in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        if tag == "table":
            self._in_table = False
        elif tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data):
        if self._in_cell:
            self.rows[-1][-1] += data


def table_of(response) -> list[list[str]]:
    parser = Cells()
    parser.feed(response.content.decode())
    return parser.rows


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def signed_in(cast, client):
    def sign(name):
        client.force_login(getattr(cast, name).user)
        return client

    return sign


def page(code, **query):
    return reverse("web:report", args=[code], query=query)


def test_the_page_shows_the_known_total(cast, signed_in):
    decide_the_87(cast)
    client = signed_in("fang")
    with no_writes():
        response = client.get(page("reduction", **{"from": "2016-07-01", "to": "2017-06-15"}))
    *_, total = table_of(response)
    assert total[:6] == ["合计", "87", "265,919.00", "199,014.00", "66,905.00", "25.16%"]
    assert response.status_code == 200


@pytest.mark.parametrize("code", CODES)
def test_every_report_has_a_page_that_only_reads(cast, signed_in, code):
    decided(cast, "100.00", "90.00")
    client = signed_in("fang")
    with no_writes():
        response = client.get(page(code))
    assert response.status_code == 200
    assert len(table_of(response)) >= 3


@pytest.mark.parametrize("code", CODES)
def test_a_report_of_nothing_says_how_to_see_something(signed_in, code):
    assert "期间内没有数据" in signed_in("fang").get(page(code)).content.decode()


@pytest.mark.parametrize("code", CODES)
def test_the_number_of_questions_does_not_grow_with_the_rows(cast, signed_in, code, django_assert_max_num_queries):
    client = signed_in("fang")
    for number in range(50):
        unit = cast.houses["unit" if number % 2 else "other_unit"]
        decided(cast, "100.00", "90.00", on=date(2016, 1 + number % 12, 5), project=a_project(cast, unit=unit))
        if number in (4, 49):
            with django_assert_max_num_queries(22):
                assert client.get(page(code)).status_code == 200


def a_works_project(cast, number):
    """In every report of plans, payments and projects."""
    unit = cast.houses["unit" if number % 2 else "other_unit"]
    project = a_project(cast, unit=unit, stage="SETTLEMENT", accepted_on=date(2026, 1, 5), content_scale="内容")
    books.signed_figure(project, "ESTIMATE", "12000000.00")
    item = books.planned(cast, project, 2026, {"4": "1000000.00"})
    books.a_release(cast, item, "500000.00", date(2026, 3, 1))
    books.a_report(cast, project, date(2026, 2, 1), "50", "400000.00", image_progress="主体", problems="无")
    contract = project.contracts.create(
        no="HT-1", name="施工合同", kind="WORKS", state="COMPLETED", contractor="施工公司", price_type="LUMP_SUM",
        price=Decimal("900000.00"), created_by=cast.lin.user,
    )  # fmt: skip
    contract.lines.create(position=1, name="工程", cost_code="1.1", amount=Decimal("900000.00"))
    books.a_payment(cast, contract, "1000.00", date(2026, 3, 5))
    return project


@pytest.mark.parametrize("code", OF_WORKS)
def test_reports_of_works_read_only_and_ask_as_often_for_a_full_page_as_for_five_rows(
    cast, signed_in, code, django_assert_max_num_queries
):
    client = signed_in("fang")
    counts = []
    for number in range(52):
        a_works_project(cast, number)
        if number in (4, 51):
            client.get(page(code))
            with django_assert_max_num_queries(30) as asked, no_writes():
                assert len(table_of(client.get(page(code)))) >= min(number, 50)
            counts.append(len(asked))
    assert counts[0] == counts[1], counts
    assert "?page=2" in client.get(page(code)).content.decode()


@pytest.mark.parametrize("code", OF_WORKS)
def test_what_has_no_period_asks_for_none_and_says_when_it_is_empty(signed_in, code):
    shown = signed_in("fang").get(page(code)).content.decode()
    assert ('name="from"' in shown) == (code == "payments")
    assert ("期间内没有数据" if code == "payments" else "没有数据") in shown


def test_the_lines_of_one_project_stand_behind_its_line(cast, signed_in):
    project = a_works_project(cast, 1)
    client = signed_in("fang")
    link = reverse("web:report", args=["estimate_execution"], query={"project": project.pk})
    assert f'href="{link}"' in client.get(page("estimate_execution")).content.decode()
    shown = client.get(link).content.decode()
    assert project.name in shown
    assert "未分解到费用项" in shown
    exported = export(client, "estimate_execution", {"project": str(project.pk), "format": "csv"})
    assert exported.content.decode("utf-8-sig").count("\n") == 4, "head, two lines, total"


def test_a_table_whose_rows_are_dear_goes_to_the_background_sooner(cast, signed_in, monkeypatch):
    monkeypatch.setitem(exports.BIG, "csv", 20)
    a_works_project(cast, 1)
    client = signed_in("fang")
    assert export(client, "payments", {"format": "csv"}).status_code == 200
    assert export(client, "estimate_execution", {"format": "csv"}).status_code == 302


def test_a_unit_looks_at_its_own_works_but_takes_no_file(cast, signed_in):
    own, other = a_works_project(cast, 1), a_works_project(cast, 2)
    client = signed_in("lin")
    for code in OF_WORKS:
        shown = client.get(page(code)).content.decode()
        assert own.name in shown and other.name not in shown, code
    assert export(client, "payments", {"format": "csv"}).status_code == 403


def test_each_row_leads_to_the_rows_behind_it(cast, signed_in):
    row = decided(cast, "100.00", "90.00")
    client = signed_in("fang")
    listing = client.get(page("reduction"))
    link = reverse("web:report", args=["details"], query={"item_type": "EST"})
    assert f'href="{link}"' in listing.content.decode()
    assert row.item.get_absolute_url() in client.get(link).content.decode()


def test_a_query_that_means_nothing_shows_the_form_again_with_the_reasons(signed_in):
    response = signed_in("fang").get(page("reduction", **{"from": "yesterday", "by": "weather"}))
    assert response.status_code == 422
    assert "yesterday" in response.content.decode()
    assert "weather" in response.content.decode()


def test_an_unknown_report_is_not_found(signed_in):
    assert signed_in("fang").get(page("secrets")).status_code == 404


def test_a_unit_reads_what_was_decided_for_it_and_the_window_how_it_kept_its_time(cast, signed_in):
    other = decided(cast, "9000000.00", "8000000.00", project=a_project(cast, unit=cast.houses["other_unit"]))
    own = decided(cast, "5000000.00", "4000000.00")
    lin = signed_in("lin")
    details = lin.get(page("details", **{"from": "2016-01-01"})).content.decode()
    assert own.project.name in details
    assert other.project.name not in details
    assert lin.get(page("timeliness")).status_code == 403
    chen = signed_in("chen")
    assert (chen.get(page("timeliness")).status_code, chen.get(page("reduction")).status_code) == (200, 403)


@pytest.mark.parametrize(("name", "status"), [("fang", 200), ("kong", 200), ("yan", 403), ("root", 403)])
def test_reports_belong_to_some_roles(signed_in, name, status):
    client = signed_in(name)
    assert client.get(reverse("web:reports")).status_code == status
    assert client.get(page("reduction")).status_code == status


def export(client, code, form):
    return client.post(reverse("web:report_export", args=[code]), form)


def test_taking_a_file_leaves_an_entry_and_needs_a_post(cast, signed_in):
    decided(cast, "100.00", "90.00")
    client = signed_in("fang")
    assert client.get(reverse("web:report_export", args=["reduction"])).status_code == 405
    response = export(client, "reduction", {"by": "unit", "from": "2016-01-01", "format": "xlsx"})
    assert response.content.startswith(b"PK")
    assert "reduction_" in response["Content-Disposition"]
    entry = TraceEntry.objects.get(verb="reports.report.exported")
    assert (entry.actor_name, entry.facts["filters"]) == ("方圆", {"from": "2016-01-01", "by": "unit"})


def test_who_may_only_look_sees_no_buttons_and_gets_no_file(cast, signed_in):
    client = signed_in("kong")
    assert 'name="format"' not in client.get(page("reduction")).content.decode()
    assert export(client, "reduction", {"format": "csv"}).status_code == 403
    assert not TraceEntry.objects.filter(verb="reports.report.exported").exists()


def test_a_long_export_runs_in_the_background_and_can_be_found_again(
    cast, signed_in, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setitem(exports.BIG, "csv", 2)
    for _ in range(3):
        decided(cast, "100.00", "90.00")
    client = signed_in("fang")
    with django_capture_on_commit_callbacks(execute=True):
        response = export(client, "details", {"format": "csv"})
    job = Job.objects.get()
    assert response.url == reverse("web:job", args=[job.pk])
    assert job.state == "DONE"
    assert client.get(reverse("web:job_file", args=[job.pk])).getvalue().count(b"\n") == 5
    assert reverse("web:job", args=[job.pk]) in client.get(reverse("web:jobs")).content.decode()


def test_a_running_job_asks_again_and_a_finished_one_does_not(cast, signed_in):
    job = Job.objects.create(kind="reports.exports.export", state="RUNNING", done=1, total=3, created_by=cast.fang.user)
    client = signed_in("fang")
    address = reverse("web:job", args=[job.pk])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in part
    assert "<html" not in part
    job.state = "FAILED"
    job.message = "磁盘已满"
    job.save()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part
    assert "磁盘已满" in part


def test_other_peoples_jobs_do_not_exist(cast, signed_in):
    job = Job.objects.create(kind="reports.exports.export", state="FAILED", created_by=cast.fang.user)
    client = signed_in("zhao")
    for name in ("web:job", "web:job_file"):
        assert client.get(reverse(name, args=[job.pk])).status_code == 404
    assert client.post(reverse("web:job_again", args=[job.pk])).status_code == 404


def test_long_lists_come_page_by_page_under_the_totals_of_all(cast, signed_in):
    for _ in range(60):
        decided(cast, "10000.00", "9000.00")
    client = signed_in("fang")
    first, second = (table_of(client.get(page("details", page=number))) for number in (1, 2))
    assert (len(first), len(second)) == (52, 12)
    assert first[-1] == second[-1]
    assert "60.00" in first[-1]
    assert second[1][0] == "51"
