"""The signed papers of contracts: kept by the unit, read by who reads the contract, never taken unseen."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import TraceEntry
from execution.services import contract_files, contracts
from execution.services.evidence import Upload
from tests.support import works
from tests.support.api_client import Api
from tests.support.cast import make_cast
from tests.support.lives import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def pdf(content=PDF, name="合同.pdf"):
    return Upload(io.BytesIO(content), name)


def test_the_paper_is_kept_and_an_exchange_leaves_both_hashes_in_the_trace(cast):
    contract = works.in_force(cast)
    first = contract_files.keep_contract(contract.pk, actor=cast.lin, upload=pdf()).file
    second = contract_files.keep_contract(contract.pk, actor=cast.lin, upload=pdf(PDF + b"\n")).file
    assert first.sha256 != second.sha256
    entry = TraceEntry.objects.filter(verb="execution.contract.file_kept").order_by("-pk")[0]
    assert (entry.facts["replaces"], entry.facts["sha256"]) == (first.sha256, second.sha256)


def test_only_the_units_clerk_hands_it_in_and_only_once_it_is_signed(cast):
    contract = works.in_force(cast)
    for actor in (cast.lei, cast.fang):
        with pytest.raises(NotPermitted):
            contract_files.keep_contract(contract.pk, actor=actor, upload=pdf())
    with pytest.raises(NotFound):
        contract_files.keep_contract(contract.pk, actor=cast.sun, upload=pdf())
    unsigned = works.a_contract(cast, signed_on=None)
    with pytest.raises(RuleViolation) as refusal:
        contract_files.keep_contract(unsigned.pk, actor=cast.lin, upload=pdf(b"MZ\x90\x00", "合同.pdf"))
    codes = {problem.code for problem in refusal.value.problems}
    assert "contract.unsigned" in codes and len(codes) == 2, "and what is wrong with the file, at once"
    with pytest.raises(RuleViolation):
        contract_files.keep_contract(contract.pk, actor=cast.lin, upload=pdf(PDF, "合同.exe"))
    with pytest.raises(RuleViolation):
        contract_files.keep_contract(contract.pk, actor=cast.lin, upload=None)
    contract.refresh_from_db()
    assert contract.file is None


def test_a_supplement_has_a_paper_of_its_own(cast):
    contract = works.in_force(cast)
    row = contracts.supplement(
        contract.pk, actor=cast.lin, no="补-1", amount=works.BUDGET / 100, signed_on=contract.signed_on,
        reason="增加工程量", cost_code="1.1",
    )  # fmt: skip
    contract_files.keep_supplement(row.pk, actor=cast.lin, upload=pdf())
    row.refresh_from_db()
    assert row.file.name == "合同.pdf"
    with pytest.raises(NotFound):
        contract_files.keep_supplement(row.pk, actor=cast.sun, upload=pdf())


def test_the_page_takes_it_shows_it_and_refuses_what_is_no_paper(cast, client):
    contract = works.in_force(cast)
    page, keep = contract.get_absolute_url(), reverse("web:contract_file_keep", args=[contract.pk])
    client.force_login(cast.lin.user)
    assert client.get(reverse("web:contract_file", args=[contract.pk])).status_code == 404
    refused = client.post(keep, {"file": SimpleUploadedFile("合同.pdf", b"<html><script>")})
    assert refused.status_code == 422 and "未接收" in refused.content.decode()
    assert client.post(keep, {}).status_code == 422
    assert client.post(keep, {"file": SimpleUploadedFile("合同.pdf", PDF)}).status_code == 302
    assert reverse("web:contract_file", args=[contract.pk]) in client.get(page).content.decode()
    client.force_login(cast.fang.user)
    answer = client.get(reverse("web:contract_file", args=[contract.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    client.force_login(cast.sun.user)
    assert client.get(reverse("web:contract_file", args=[contract.pk])).status_code == 404


def test_the_api_takes_and_gives_the_same_bytes(cast):
    contract = works.in_force(cast)
    api = Api(cast.lin)
    sent = api.client.post(
        f"/api/v1/contracts/{contract.pk}/file/", {"file": SimpleUploadedFile("合同.pdf", PDF)}, headers=api.headers
    )
    assert sent.status_code == 201, sent.content
    assert Api(cast.fang).get(f"contracts/{contract.pk}/").json()["file"]["sha256"] == sent.json()["sha256"]
    got = Api(cast.fang).get(f"contracts/{contract.pk}/file/")
    assert b"".join(got.streaming_content) == PDF
    assert got["X-Content-SHA256"] == sent.json()["sha256"]
    assert Api(cast.sun).get(f"contracts/{contract.pk}/file/").status_code == 404
