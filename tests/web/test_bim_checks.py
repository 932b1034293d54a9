"""The pages of checks and of the library of requirements, and what leaves the system as a file."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bim.models import CheckResult, CheckRun, IdsFile
from bim.services import ids_files
from core.models import TraceEntry
from tests.support import handed_in, lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE ids [<!ENTITY x SYSTEM "file:///etc/passwd">]><ids>&x;</ids>'


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def audits_run_here(monkeypatch):
    monkeypatch.setattr(ids_files.process, "run", handed_in.read_here)


@pytest.fixture
def model(cast):
    model = handed_in.hand_in(cast.lin, lives.a_project(cast))
    handed_in.check(model)
    return model


def as_(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    with no_writes():
        response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_the_checks_of_a_model_show_verdict_hashes_tool_and_the_failing_elements(cast, model) -> None:
    client = as_(cast.chen)
    text = page(client, f"/models/{model.pk}/checks/")
    run = CheckRun.objects.get(model=model, key="minimum")
    assert model.sha256 in text
    assert run.tool in text
    assert f"/models/{model.pk}/checks/{run.pk}/" in text
    text = page(client, f"/models/{model.pk}/checks/{run.pk}/")
    assert "楼板-1" in text
    assert f"/models/{model.pk}/view/?select=" in text
    only_passed = page(client, f"/models/{model.pk}/checks/{run.pk}/?verdict=PASSED")
    assert "楼板-1" not in only_passed
    result = CheckResult.objects.get(run=run, code="classification")
    assert "楼板-2" in page(client, f"/models/{model.pk}/checks/{run.pk}/results/{result.pk}/")
    by_file = CheckRun.objects.get(model=model, key="shipped:preliminary-architecture")
    text = page(client, f"/models/{model.pk}/checks/{by_file.pk}/")
    assert by_file.ids_sha256 in text
    assert "Pset_DoorCommon.FireRating" in text


def test_the_viewer_is_given_the_failing_elements(cast, model) -> None:
    run = CheckRun.objects.get(model=model, key="minimum")
    result = CheckResult.objects.get(run=run, code="classification")
    client = as_(cast.lin)
    whole = json.loads(page(client, f"/models/{model.pk}/checks/{run.pk}/failed.json"))["guids"]
    part = json.loads(page(client, f"/models/{model.pk}/checks/{run.pk}/failed.json?result={result.pk}"))["guids"]
    assert sorted(part) == sorted(result.failures.values_list("guid", flat=True))
    assert set(part) < set(whole)


def test_a_run_leaves_as_page_json_and_bcf_and_the_trace_keeps_it(cast, model) -> None:
    run = CheckRun.objects.get(model=model, key="minimum")
    address = f"/models/{model.pk}/checks/{run.pk}/export"
    client = as_(cast.wu)
    html = client.post(f"{address}/html/")
    assert "楼板-1" in html.content.decode()
    assert b"<script" not in html.content
    assert b"http" not in html.content.replace(b"http-equiv", b"")
    told = json.loads(client.post(f"{address}/json/").content)
    assert (told["verdict"], told["model_sha256"]) == ("FAILED", model.sha256)
    n_failed = run.results.filter(verdict="FAILED").count()
    for version in ("2.1", "3.0"):
        packed = zipfile.ZipFile(io.BytesIO(client.post(f"{address}/bcf-{version}/").content))
        assert sum(name.endswith("markup.bcf") for name in packed.namelist()) == n_failed
        views = [packed.read(name).decode() for name in packed.namelist() if name.endswith(".bcfv")]
        guid = run.results.get(code="classification").failures.first().guid
        assert any(guid in view for view in views)
    assert client.post(f"{address}/pdf/").status_code == 404
    assert TraceEntry.objects.filter(verb="bim.check.exported").count() == 4


def test_a_model_of_a_foreign_draft_and_its_checks_do_not_exist_for_others(cast, model) -> None:
    run = CheckRun.objects.get(model=model, key="minimum")
    client = as_(cast.song)
    for address in ("checks/", f"checks/{run.pk}/", f"checks/{run.pk}/failed.json"):
        assert client.get(f"/models/{model.pk}/{address}").status_code == 404
    assert client.post(f"/models/{model.pk}/checks/start/").status_code == 404
    assert client.post(f"/models/{model.pk}/checks/{run.pk}/export/html/").status_code == 404
    assert as_(cast.lin).get(f"/models/{model.pk}/checks/987654/").status_code == 404


def test_a_check_is_begun_from_the_page_by_those_who_may(cast, model) -> None:
    assert as_(cast.zhao).post(f"/models/{model.pk}/checks/start/").status_code == 403
    response = as_(cast.wu).post(f"/models/{model.pk}/checks/start/", {"key": "minimum"})
    assert response.status_code == 302
    assert CheckRun.objects.filter(model=model, key="minimum").count() == 2


def test_the_library_lists_takes_changes_and_refuses(cast) -> None:
    assert "初步设计结构专业信息交付要求" in page(as_(cast.zhao), "/models/requirements/")
    assert 'enctype="multipart/form-data"' not in page(as_(cast.lin), "/models/requirements/")
    client = as_(cast.wu)
    hostile = client.post("/models/requirements/upload/", {"file": io.BytesIO(DOCTYPE), "stage": "CONCEPT"})
    assert hostile.status_code == 422
    named = io.BytesIO(DOCTYPE)
    named.name = "坏.ids"
    hostile = client.post("/models/requirements/upload/", {"file": named, "stage": "CONCEPT"})
    assert hostile.status_code == 422
    assert "DOCTYPE" in hostile.content.decode()
    assert not IdsFile.objects.exists()
    assert client.post("/models/requirements/shipped:concept/change/", {"change": "require"}).status_code == 302
    assert IdsFile.objects.get().required
    assert client.post("/models/requirements/shipped:concept/change/", {"change": "blow_up"}).status_code == 404
    assert as_(cast.lin).post("/models/requirements/shipped:concept/change/", {"change": "retire"}).status_code == 403
    file = as_(cast.lin).get("/models/requirements/shipped:concept/file/")
    assert b"".join(file.streaming_content).startswith(b"<?xml")
    assert as_(cast.lin).get("/models/requirements/ids:99/file/").status_code == 404


def test_a_model_that_is_not_accepted_has_no_checks_yet(cast) -> None:
    model = handed_in.hand_in(cast.lin, lives.a_project(cast), read=False)
    text = page(as_(cast.lin), f"/models/{model.pk}/checks/")
    assert "/checks/start/" not in text


def test_the_list_of_checks_costs_the_same_however_often_a_model_was_checked(cast, model) -> None:
    client = as_(cast.wu)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/models/{model.pk}/checks/").status_code == 200
        return len(captured)

    client.get(f"/models/{model.pk}/checks/")
    first = queries()
    for _again in range(3):
        client.post(f"/models/{model.pk}/checks/start/")
        handed_in.check(model)
    assert queries() <= first
    assert first <= 30
