"""Reports over the API: the same rows as everywhere, for the roles that read them; files leave a trace."""

from datetime import date
from decimal import Decimal

import pytest

from core.models import TraceEntry
from tests.support import books, days, lives, works
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with days.on(date(2026, 3, 12)):
        cast = make_cast()
        lives.issued(cast)
        yield cast


def test_the_reduction_of_a_decision_stands_in_the_report(cast):
    fang = Api(cast.fang)
    with no_writes():
        told = ok(fang.get("reports/reduction/", **{"from": "2026-03-01", "to": "2026-03-31", "by": "item_type"}))
    assert set(told["rows"][0]) == {column["key"] for column in told["columns"]}
    assert Decimal(told["totals"]["declared"]) == Decimal("10000000.00")
    assert Decimal(told["totals"]["reviewed"]) == Decimal("7500000.00")
    assert told["next"] is None and told["size"] == len(told["rows"]) == 1
    earlier = ok(fang.get("reports/reduction/", **{"from": "2025-03-01", "to": "2025-03-31"}))
    assert earlier["rows"] == []


def test_a_long_report_comes_in_pages(cast):
    with days.on(date(2026, 3, 12)):
        project = lives.a_project_in_proposal(cast, name="另一所小学", code="2611-440399-04-01-000024")
        item = lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, project))))
        lives.issued(
            cast,
            lives.in_determination(
                cast, lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, item)))
            ),
        )
    first = ok(Api(cast.fang).get("reports/details/", page_size=1))
    assert (len(first["rows"]), first["size"]) == (1, 2)
    second = ok(Api(cast.fang).get(first["next"].replace("http://testserver", "")))
    assert len(second["rows"]) == 1 and second["next"] is None and second["rows"] != first["rows"]


def test_a_file_is_for_those_who_may_export_and_leaves_a_trace(cast):
    answer = Api(cast.fang).post("reports/reduction/file/", {"format": "csv", "from": "2026-03-01", "by": "item_type"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    assert "Total,1,1000.00,750.00,250.00,25.00%" in answer.content.decode("utf-8-sig"), "万元, as on the screen"
    assert TraceEntry.objects.filter(verb="reports.report.exported").count() == 1
    assert codes(refused(Api(cast.wu).post("reports/reduction/file/", {"format": "csv"}), 403)) == {
        "reports.export_role"
    }
    refused(Api(cast.fang).post("reports/reduction/file/", {"format": "exe"}), 400)


def test_reports_are_not_for_everybody_and_words_are_checked(cast):
    assert codes(refused(Api(cast.yan).get("reports/"), 403)) == {"reports.role"}
    assert {row["code"] for row in ok(Api(cast.chen).get("reports/"))} == {"timeliness", "times"}
    assert codes(refused(Api(cast.chen).get("reports/reduction/"), 403)) == {"reports.role"}
    assert {row["code"] for row in ok(Api(cast.fang).get("reports/"))} >= {"reduction", "timeliness"}
    refused(Api(cast.fang).get("reports/no-such-report/"), 404)
    refused(Api(cast.fang).get("reports/reduction/", form="2026-03-01"), 400)
    refused(Api(cast.fang).get("reports/reduction/", **{"from": "yesterday"}), 422)
    for unit in ("9" * 30, "9" * 300):
        assert Api(cast.fang).get("reports/reduction/", unit=unit).status_code < 500
        assert Api(cast.fang).get("reports/details/", unit=unit, reviewer=unit).status_code < 500
        assert Api(cast.fang).get("reports/timeliness/", unit=unit, officer=unit).status_code < 500


@pytest.mark.parametrize(
    "code", ["plan_execution", "payments", "estimate_execution", "project_ledger", "open_accounts"]
)
def test_reports_of_works_hold_exact_values_and_know_their_own_words(cast, code):
    project = works.building(cast, name="滨海大道", code="2611-440399-04-01-000099")
    books.a_payment(cast, works.the_contract(project), "1234567.89")
    told = ok(Api(cast.fang).get(f"reports/{code}/", year="2026", project=str(project.pk)))
    assert set(told["rows"][0] if told["rows"] else {}) in ({column["key"] for column in told["columns"]}, set())
    paid = {
        "plan_execution": "paid", "payments": "amount", "estimate_execution": "paid", "project_ledger": "paid",
    }.get(code)  # fmt: skip
    if paid:
        assert told["totals"][paid] == "1234567.89"
    refused(Api(cast.fang).get(f"reports/{code}/", year="next"), 422)
