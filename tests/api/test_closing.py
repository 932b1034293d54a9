"""Acceptance, settlement and audit over HTTP alone, and how every fault is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core import clock
from execution.states import Clearance, Party
from projects.models import Project
from tests.support import finishing, lives, works
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def paper(name="签字.pdf"):
    return SimpleUploadedFile(name, lives.PDF, content_type="application/pdf")


def put_form(api, path, **parts):
    """A multipart PUT: Django's client only posts forms."""
    raw = encode_multipart(BOUNDARY, parts)
    return api.send("PUT", path, raw=raw, content_type=MULTIPART_CONTENT)


def test_from_the_first_round_to_the_settled_contract_and_the_confirmed_finding(cast):
    lin, lei, su, qian = Api(cast.lin), Api(cast.lei), Api(cast.su), Api(cast.qian)
    project = finishing.in_acceptance(cast)
    today, at = str(clock.today()), f"projects/{project.pk}/acceptance/"
    held = ok(lin.post(f"{at}rounds/", {"held_on": today}))
    place = f"acceptance/rounds/{held['id']}/"
    shown = ok(su.get(at))
    assert [problem["code"] for problem in shown["wants"]] == ["acceptance.silent", "acceptance.papers"]
    for party in Party.values:
        said = {"organisation": "单位", "person": "王工", "agrees": "true", "signed_on": today, "file": paper()}
        held = ok(put_form(lin, f"{place}parties/{party}/", **said))
    assert [row["file"]["name"] for row in held["opinions"]] == ["签字.pdf"] * 5
    corrected = {"organisation": "新单位", "person": "王工", "agrees": True, "signed_on": today}
    assert ok(lin.put(f"{place}parties/OWNER/", corrected))["opinions"][0]["organisation"] == "新单位"
    for kind in Clearance.values:
        said = {"authority": "住建局", "document_no": "1号", "issued_on": today, "file": paper()}
        ok(put_form(lin, f"{at}papers/{kind}/", **said))
    defect = ok(lin.post(f"{place}defects/", {"text": "空鼓", "due_on": today}))
    mended = ok(lin.upload(f"defects/{defect['id']}/mend/", fixed_on=today, note="返工", file=paper("后.pdf")))
    assert (mended["fixed_by"], mended["is_open"]) == ("林晓", True)
    assert codes(refused(lin.post(f"defects/{defect['id']}/check/", {"accepted": True}), 403)) == {"same_person"}
    assert codes(refused(lei.post(f"{place}pass/", {"conclusion": "合格"}), 422)) == {"acceptance.defects_open"}
    assert ok(su.get("follow-up/defects/"))["results"][0]["project_name"] == project.name
    assert not ok(lei.post(f"defects/{defect['id']}/check/", {"accepted": True}))["is_open"]
    assert refused(lei.post(f"{place}pass/", {"version": 5}), 409)
    assert ok(lei.post(f"{place}pass/", {"conclusion": "合格", "version": 0}))["passed"] is True
    shown = ok(su.get(at))
    assert (shown["papers_missing"], shown["wants"], shown["filing"]["light"]) == ([], [], "GREEN")
    file = su.get(f"evidence/opinion/{held['opinions'][0]['id']}/")
    assert b"".join(file.streaming_content) == lives.PDF
    project = finishing.filed(cast, project)
    contract = project.contracts.get()
    at = f"contracts/{contract.pk}/tail-works/"
    assert codes(refused(lei.put(at, {"is_tail_works": True}), 422)) == {"required"}
    marked = ok(lei.put(at, {"is_tail_works": True, "reason": "季节"}))
    assert ok(lei.put(at, {"is_tail_works": False, "reason": "已完工", "version": marked["version"]}))["version"] > 0
    item = finishing.a_review(cast, project, "8600000.00", "0.95")
    said = {"submitted": "8600000.00", "submitted_on": today}
    row = ok(lin.post(f"contracts/{contract.pk}/settlement/", said))
    row = ok(lin.put(f"settlements/{row['id']}/", said | {"item_id": item.pk, "version": row["version"]}))
    assert row["item_no"] == item.no
    assert codes(refused(su.post(f"settlements/reviews/{item.pk}/"), 403)) == {"role"}
    assert ok(lin.post(f"settlements/reviews/{item.pk}/"))[0]["reviewed"] == "8170000.00"
    table = ok(su.get(f"projects/{project.pk}/settlements/"))
    assert (table["reduction"], table["rate"], table["unsettled"]) == ("430000.00", "0.0500", 0)
    assert Project.objects.get(pk=project.pk).stage == "FINAL_AUDIT"
    finding = ok(qian.post(f"projects/{project.pk}/findings/", {"text": "多计", "found_on": today, "amount": "10.00"}))
    moves = f"execution/finding/{finding['id']}/moves"
    assert codes(refused(lin.post(f"{moves}/rectify/", {"rectified_on": today, "note": "已扣"}), 422)) == {
        "finding.no_evidence"
    }
    ok(put_form(lin, f"findings/{finding['id']}/evidence/", file=paper()))
    assert ok(lin.post(f"{moves}/rectify/", {"rectified_on": today, "note": "已扣"}))["state"] == "RECTIFIED"
    assert ok(su.get("follow-up/findings/"))["results"][0]["state"] == "RECTIFIED"
    assert ok(su.get("follow-up/findings/", late="true"))["results"] == []
    assert ok(qian.post(f"{moves}/confirm/"))["state"] == "CONFIRMED"
    assert [row["state"] for row in ok(su.get(f"projects/{project.pk}/findings/"))] == ["CONFIRMED"]
    assert ok(su.get(f"findings/{finding['id']}/"))["confirmed_by"] == "钱正"


def test_what_cannot_be_read_and_what_breaks_a_rule_is_one_refusal(cast):
    lin = Api(cast.lin)
    project = finishing.in_acceptance(cast)
    held = finishing.a_round(cast, project)
    said = refused(
        put_form(lin, f"acceptance/rounds/{held.pk}/parties/OWNER/", agrees="maybe", signed_on="gestern"), 400
    )
    assert {problem["field"] for problem in said["problems"]} >= {
        "agrees",
        "signed_on",
        "organisation",
        "person",
        "file",
    }
    said = refused(lin.put(f"acceptance/rounds/{held.pk}/parties/OWNER/", {"whatever": 1}), 400)
    assert "unknown" in codes(said)
    said = refused(lin.post(f"contracts/{project.contracts.get().pk}/settlement/", {"submitted": "1.001"}), 400)
    assert {"settlement.not_accepted", "required"} <= codes(said)
    assert codes(refused(lin.post(f"acceptance/rounds/{held.pk}/maybe/"), 404)) == {"not_found"}
    for body in ([], "x", 7, None):
        assert lin.send("POST", f"acceptance/rounds/{held.pk}/defects/", body).status_code in (400, 422)
    assert refused(lin.get("follow-up/findings/", late="perhaps"), 400)


def test_the_audit_office_decides_the_mode_and_strangers_find_nothing(cast):
    project = works.taken_over(cast, "FINAL_AUDIT", audit_mode="INTERNAL")
    qian, lin, sun = Api(cast.qian), Api(cast.lin), Api(cast.sun)
    at = f"projects/{project.pk}/audit-mode/"
    assert codes(refused(qian.put(at, {"mode": "EXEMPT", "document_no": ""}), 422)) == {"required", "audit.begun"}
    assert codes(refused(lin.put(at, {"mode": "GOV_AUDIT", "document_no": "1号"}), 403)) == {"role"}
    assert ok(qian.put(at, {"mode": "GOV_AUDIT", "document_no": "1号"}))["audit_mode"] == "GOV_AUDIT"
    finding = finishing.a_finding(cast, project)
    amended = {"text": "少计", "found_on": str(clock.today()), "version": 0}
    assert ok(qian.put(f"findings/{finding.pk}/", amended))["text"] == "少计"
    refused(qian.put(f"findings/{finding.pk}/", amended), 409)
    for path in (f"findings/{finding.pk}/", f"projects/{project.pk}/findings/", f"projects/{project.pk}/acceptance/",
                 f"projects/{project.pk}/settlements/", f"evidence/finding/{finding.pk}/"):  # fmt: skip
        refused(sun.get(path), 404)
    refused(qian.get(f"evidence/finding/{finding.pk}/"), 404)
    assert codes(refused(lin.patch(f"projects/{project.pk}/", {"audit_mode": "EXEMPT"}), 422)) == {"audit_mode.fixed"}
