"""Monthly reports, photos, milestones and forecasts over HTTP alone, and how every fault is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from tests.support import building_site as site
from tests.support import works
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def test_from_the_milestones_to_a_confirmed_report(cast):
    lin, wu, fang = Api(cast.lin), Api(cast.wu), Api(cast.fang)
    contract = site.payable(cast)
    place, today = f"projects/{contract.project_id}/", clock.today()
    stones = [{"name": "开工", "planned_on": "2020-01-01", "planned_percent": "40.00"}]
    stone = ok(lin.put(f"{place}milestones/", {"milestones": stones}))[0]
    assert ok(lin.patch(f"milestones/{stone['id']}/", {"done_on": str(today)}))["done_on"] == str(today)
    line = contract.lines.first()
    said = {"month": f"{today:%Y-%m}", "physical_percent": "25.00", "completed_investment": "1000000.00",
            "measured": [{"line_id": line.pk, "quantity": "10.5"}]}  # fmt: skip
    report = ok(lin.post(f"{place}progress/", said))
    assert (report["month"], report["planned_percent"], report["light"], report["measured"]) == (
        said["month"], "40.00", "YELLOW", "5250.00",
    )  # fmt: skip
    at = f"progress/{report['id']}/"
    report = ok(lin.put(at, said | {"problems": "雨天", "version": report["version"]}))
    refused(lin.put(at, said | {"version": 0}), 409)
    photo = ok(
        lin.upload(f"{at}photos/", file=SimpleUploadedFile("a.png", site.a_png(5)), caption="三层", longitude="114.5")
    )
    assert photo["longitude"] == "114.500000"
    wrong = lin.upload(f"{at}photos/", file=SimpleUploadedFile("a.png", b"MZ"))
    assert codes(refused(wrong, 422)) == {"file.content"}
    bytes_ = fang.get(f"progress/photos/{photo['id']}/")
    assert bytes_["X-Content-SHA256"] == photo["sha256"]
    moves = f"execution/progress/{report['id']}/moves"
    assert ok(lin.post(f"{moves}/submit/"))["state"] == "SUBMITTED"
    assert codes(refused(lin.send("DELETE", f"progress/photos/{photo['id']}/"), 422)) == {"progress.fixed"}
    assert ok(wu.post(f"{moves}/confirm/"))["state"] == "CONFIRMED"
    assert [row["state"] for row in ok(fang.get(f"{place}progress/"))["results"]] == ["CONFIRMED"]
    rows = ok(lin.post(f"{place}forecasts/", {"rows": [{"cost_code": "1.1", "amount": "1.00", "reason": "x"}]}))
    assert [(row["code"], row["forecast"] and row["forecast"]["amount"]) for row in rows] == [
        ("1.1", "1.00"),
        ("1.2", None),
    ]
    assert ok(fang.get(f"{place}forecasts/")) == rows


def test_faults_of_form_and_of_rule_come_together(cast):
    project = works.in_procurement(cast)
    wrong = {"month": "bald", "physical_percent": "101", "completed_investment": "viel", "colour": "red",
             "measured": [{"line_id": 999, "quantity": "1"}, {"quantity": "1"}]}  # fmt: skip
    said = refused(Api(cast.lin).post(f"projects/{project.pk}/progress/", wrong), 400)
    assert {"invalid", "max_value", "unknown", "required", "progress.foreign_line"} <= codes(said)


def test_who_may_and_who_knows(cast):
    report = site.reported(cast, works.in_procurement(cast))
    photo = report.photos.get()
    for person, status in (("lei", 403), ("wu", 403), ("fang", 403), ("sun", 404), ("root", 404)):
        api = Api(cast.actors[person])
        refused(api.post(f"projects/{report.project_id}/progress/", {"month": "2026-01"}), status)
        refused(api.put(f"projects/{report.project_id}/milestones/", {"milestones": []}), status)
        refused(api.post(f"projects/{report.project_id}/forecasts/", {"rows": []}), status)
        if status == 404:
            for url in (f"progress/{report.pk}/", f"progress/photos/{photo.pk}/"):
                refused(api.get(url), 404)


@pytest.mark.parametrize("value", ["长" * 6000, "1e400", "NaN", 10**40, {"a": 1}, [1], None, True, "\x00"])
def test_hostile_bodies_are_refused_in_words(cast, value):
    contract = site.payable(cast)
    lin = Api(cast.lin)
    report = {"month": "2026-01", "physical_percent": "1", "completed_investment": "1", "measured": []}
    payment = {"kind": "OTHER", "applied": "1.00", "funding": [], "report_id": None, "no": "1"}
    stones = {"milestones": [{"name": "x", "planned_on": "2026-01-01"}]}
    for path, good, send in (
        (f"projects/{contract.project_id}/progress/", report, lin.post),
        (f"contracts/{contract.pk}/payments/", payment, lin.post),
        (f"projects/{contract.project_id}/milestones/", stones, lin.put),
        (f"projects/{contract.project_id}/forecasts/", {"rows": [{"cost_code": "1.1", "amount": "1"}]}, lin.post),
    ):
        for name in good:
            answer = send(path, good | {name: value})
            assert answer.status_code in (200, 201, 400, 404, 409, 422), (path, name, answer.status_code)
