"""The pages of the works: reports by form, photos by upload, milestones and forecasts as tables; nothing typed is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from execution.models import Forecast, ProgressReport
from execution.rules.progress import first_of
from tests.support import building_site as site
from tests.support import works
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    def look(actor, url, data=None, **query):
        client.force_login(actor.user)
        return client.get(url, query) if data is None else client.post(url, data)

    return look


def text(response):
    return response.content.decode()


def this_month():
    return f"{clock.today():%Y-%m}"


def png(shade, name="现场.png"):
    return SimpleUploadedFile(name, site.a_png(shade), "image/png")


def test_a_month_is_reported_measured_proved_and_submitted(cast, see):
    contract = site.payable(cast)
    project, doors = contract.project, contract.lines.get(name="防火门")
    new = reverse("web:progress_new", args=[project.pk])
    page = text(see(cast.lin, new))
    assert f'value="{this_month()}"' in page
    assert f'name="measured-{doors.pk}"' in page
    said = {"month": this_month(), "physical_percent": "12.5", "completed_investment": "1,000,000.00",
            "image_progress": "三层", f"measured-{doors.pk}": "许多"}  # fmt: skip
    refused = see(cast.lin, new, said)
    assert refused.status_code == 422
    assert 'value="许多"' in text(refused)
    assert see(cast.lin, new, said | {f"measured-{doors.pk}": "50.1"}).status_code == 422
    assert see(cast.lin, new, said | {f"measured-{doors.pk}": "20"}).status_code == 302
    report = ProgressReport.objects.get()
    assert [(row.quantity, row.amount) for row in report.measurements.all()] == [(20, Decimal("40000.00"))]
    edit = reverse("web:progress_edit", args=[report.pk])
    assert 'value="20"' in text(see(cast.lin, edit))
    assert see(cast.lin, edit, said | {f"measured-{doors.pk}": "10", "version": "7"}).status_code == 409
    photo = reverse("web:progress_photo_add", args=[report.pk])
    assert see(cast.lin, photo, {"caption": "三层"}).status_code == 422
    mixed = see(cast.lin, photo, {"caption": "三层", "file": [png(1), png(2, "x.exe"), png(3)]})
    assert mixed.status_code == 422
    assert "x.exe" in text(mixed)
    assert report.photos.count() == 2, "what is good is kept"
    first, second = report.photos.all()
    assert see(cast.lin, reverse("web:progress_photo_remove", args=[second.pk]), {}).status_code == 302
    submit = reverse("web:execution_move", args=["progress", report.pk, "submit"])
    assert see(cast.lin, submit, {"version": ProgressReport.objects.get().version}).status_code == 302
    shown = see(cast.su, reverse("web:progress_photo", args=[first.pk]))
    assert b"".join(shown.streaming_content) == site.a_png(1)
    assert "sandbox" in shown["Content-Security-Policy"]
    page = text(see(cast.wu, report.get_absolute_url()))
    assert reverse("web:execution_move", args=["progress", report.pk, "confirm"]) in page
    assert "40,000.00" in page
    assert see(cast.lin, reverse("web:progress_photo_remove", args=[first.pk]), {}).status_code == 302
    assert report.photos.count() == 1, "a submitted report keeps its proof"


def test_milestones_are_set_in_a_table(cast, see):
    project = works.in_procurement(cast)
    url = reverse("web:milestones", args=[project.pk])
    said = {"stone-id": ["", "", ""], "stone-name": ["开工", "封顶", ""], "stone-planned_on": ["2026-01-01", "bald", ""],
            "stone-planned_percent": ["0", "60", ""], "stone-done_on": ["", "", ""]}  # fmt: skip
    refused = see(cast.lin, url, said)
    assert refused.status_code == 422
    assert 'value="bald"' in text(refused)
    said["stone-planned_on"][1] = "2026-06-30"
    assert see(cast.lin, url, said).status_code == 302
    assert [row.name for row in project.milestones.all()] == ["开工", "封顶"]
    assert "封顶" in text(see(cast.fang, reverse("web:progress", args=[project.pk])))


def test_forecasts_are_entered_in_a_table(cast, see):
    contract = site.payable(cast)
    url = reverse("web:forecasts", args=[contract.project_id])
    said = {
        "forecast-code": ["1.1", "1.2"],
        "forecast-amount": ["8,600,000.00", "viel"],
        "forecast-reason": ["涨价", ""],
    }
    refused = see(cast.lin, url, said)
    assert refused.status_code == 422
    assert 'value="viel"' in text(refused)
    assert 'value="涨价"' in text(refused)
    said["forecast-amount"][1] = ""
    assert see(cast.lin, url, said).status_code == 302
    assert [(row.cost_code, row.amount) for row in Forecast.objects.all()] == [("1.1", Decimal("8600000.00"))]
    page = text(see(cast.fang, url))
    assert "8,600,000.00" in page
    assert "100,000.00" in page, "1.2 is not foreseen and counts with its contract"
    assert "8,700,000.00" in page.split("<tfoot>")[1]
    assert (
        "8,700,000.00" in text(see(cast.fang, reverse("web:control", args=[contract.project_id]))).split("<tfoot>")[1]
    )
    assert 'name="forecast-amount"' not in page
    assert see(cast.fang, url, said).status_code == 403


@pytest.mark.parametrize("person", ["lin", "lei", "wu", "zhao", "fang", "qian", "su"])
def test_everybody_of_the_matrix_reads_every_page_and_reading_writes_nothing(cast, see, client, person):
    contract = site.payable(cast)
    report = site.reported(cast, contract.project)
    site.applied(cast, contract, "100.00")
    client.force_login(cast.actors[person].user)
    pages = [reverse(f"web:{name}", args=[contract.project_id]) for name in ("progress", "forecasts")]
    with no_writes():
        for url in (*pages, report.get_absolute_url()):
            assert client.get(url).status_code == 200, url
    for name in ("progress_new", "milestones"):
        wanted = 200 if person == "lin" else 403
        assert see(cast.actors[person], reverse(f"web:{name}", args=[contract.project_id])).status_code == wanted, name


def test_strangers_know_of_nothing(cast, see):
    report = site.reported(cast, works.in_procurement(cast))
    photo = report.photos.get()
    for person in ("sun", "song", "root"):
        for url in (
            report.get_absolute_url(), reverse("web:progress", args=[report.project_id]),
            reverse("web:progress_photo", args=[photo.pk]), reverse("web:forecasts", args=[report.project_id]),
        ):  # fmt: skip
            assert see(cast.actors[person], url).status_code in (403, 404)


def test_hostile_input_is_answered_in_words(cast, see):
    contract = site.payable(cast)
    line = contract.lines.first()
    report = site.a_report(cast, contract.project)
    forms = [
        (reverse("web:progress_edit", args=[report.pk]),
         {"month": this_month(), "physical_percent": "20", "planned_percent": "20", "completed_investment": "1000000",
          "image_progress": "x", "problems": "x", f"measured-{line.pk}": "1"}),
        (reverse("web:milestones", args=[contract.project_id]),
         {"stone-id": "", "stone-name": "x", "stone-planned_on": "2026-01-01", "stone-planned_percent": "1", "stone-done_on": ""}),
        (reverse("web:forecasts", args=[contract.project_id]),
         {"forecast-code": "1.1", "forecast-amount": "1", "forecast-reason": "x"}),
        (reverse("web:progress_photo_add", args=[report.pk]), {"caption": "x", "taken_on": "2026-01-01"}),
    ]  # fmt: skip
    broken = []
    for url, said in forms:
        for name in (*said, "measured-9999999"):
            for value in (
                "长" * 6000,
                "1e400",
                "-1",
                "9" * 5000,
                "<script>alert(1)</script>",
                "²",
                "NaN",
                "9999-12-31",
            ):
                answer = see(cast.lin, url, said | {name: value})
                if answer.status_code not in (302, 404, 409, 422) or b"<script>alert" in answer.content:
                    broken.append((url, name, value[:20], answer.status_code))
    assert broken == []


def test_the_pages_cost_the_same_however_long_the_works_last(cast, see):
    contract = site.payable(cast)
    project, lines = contract.project, list(contract.lines.all())

    def queries(actor, url):
        see(actor, url)
        with CaptureQueriesContext(connection) as found:
            assert see(actor, url).status_code == 200
        return len(found)

    counts, month = [], first_of(clock.today() - timedelta(days=400))
    for _ in range(2):
        for _n in range(3):
            measured = [site.Measured(line.pk, Decimal("0.01")) for line in lines]
            report = site.reported(cast, project, month, measured=measured)
            month = first_of(month + timedelta(days=32))
        counts.append(
            [
                queries(cast.fang, reverse("web:progress", args=[project.pk])),
                queries(cast.lin, reverse("web:progress_new", args=[project.pk])),
                queries(cast.lin, reverse("web:forecasts", args=[project.pk])),
                queries(cast.wu, report.get_absolute_url()),
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 45
