"""The pages of acceptance, settlement and audit: what is typed is kept, papers travel along, each role finds its own."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from execution.models import AcceptanceDefect, AcceptanceRound, AuditFinding, Settlement
from execution.states import Clearance, Party
from projects.models import Project
from tests.support import finishing, lives, works
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


def paper(name="签字.pdf"):
    return SimpleUploadedFile(name, lives.PDF, content_type="application/pdf")


def test_an_acceptance_is_held_on_its_page_from_the_first_round_to_the_signature(cast, see):
    project = finishing.in_acceptance(cast)
    url = reverse("web:acceptance", args=[project.pk])
    assert reverse("web:acceptance_round_new", args=[project.pk]) in text(see(cast.lin, url))
    assert reverse("web:acceptance_round_new", args=[project.pk]) not in text(see(cast.su, url))
    tomorrow = clock.today() + timedelta(days=1)
    assert (
        see(cast.lin, reverse("web:acceptance_round_new", args=[project.pk]), {"round-held_on": tomorrow}).status_code
        == 422
    )
    today = {"round-held_on": clock.today()}
    assert see(cast.lin, reverse("web:acceptance_round_new", args=[project.pk]), today).url == url
    held = AcceptanceRound.objects.get()
    opinion = reverse("web:acceptance_opinion", args=[held.pk, "DESIGN"])
    said = {"party-DESIGN-organisation": "南屿设计院", "party-DESIGN-person": "", "party-DESIGN-agrees": "no",
            "party-DESIGN-signed_on": clock.today(), "party-DESIGN-opinion": ""}  # fmt: skip
    refused = see(cast.lin, opinion, said)
    assert refused.status_code == 422
    assert 'value="南屿设计院"' in text(refused), "what was typed is kept"
    assert text(refused).count('class="error"') == 3, "person, reason and paper at once"
    for party in Party.values:
        said = {f"party-{party}-{name}": value for name, value in (
            ("organisation", "单位"), ("person", "王工"), ("agrees", "yes"), ("signed_on", clock.today()),
        )} | {f"party-{party}-file": paper()}  # fmt: skip
        assert see(cast.lin, reverse("web:acceptance_opinion", args=[held.pk, party]), said).status_code == 302
    defect = reverse("web:defect_new", args=[held.pk])
    assert see(cast.lin, defect, {"defect-text": "空鼓", "defect-place": "三层"}).status_code == 422
    assert see(cast.lin, defect, {"defect-text": "空鼓", "defect-due_on": clock.today()}).status_code == 302
    row = AcceptanceDefect.objects.get()
    for kind in Clearance.values:
        said = {f"paper-{kind}-{name}": value for name, value in (
            ("authority", "住建局"), ("document_no", "鹏验1号"), ("issued_on", clock.today()),
        )} | {f"paper-{kind}-file": paper()}  # fmt: skip
        assert see(cast.lin, reverse("web:acceptance_paper", args=[project.pk, kind]), said).status_code == 302
    close = reverse("web:acceptance_close", args=[held.pk, "pass"])
    refused = see(cast.lei, close, {"close-conclusion": "同意", "close-version": "0"})
    assert refused.status_code == 422
    assert "1" in text(refused) and "同意</textarea>" in text(refused)
    assert (
        see(cast.lin, reverse("web:defect_check", args=[row.pk]), {f"check-{row.pk}-accepted": "yes"}).status_code
        == 422
    )
    mend = {
        f"mend-{row.pk}-fixed_on": clock.today(),
        f"mend-{row.pk}-note": "返工",
        f"mend-{row.pk}-file": paper("后.pdf"),
    }
    assert see(cast.lin, reverse("web:defect_mend", args=[row.pk]), mend).status_code == 302
    assert reverse("web:defect_check", args=[row.pk]) not in text(see(cast.lin, url)), "not the one who reported"
    assert reverse("web:defect_check", args=[row.pk]) in text(see(cast.lei, url))
    assert (
        see(cast.lei, reverse("web:defect_check", args=[row.pk]), {f"check-{row.pk}-accepted": "yes"}).status_code
        == 302
    )
    assert see(cast.lin, close, {"close-conclusion": "同意"}).status_code == 403
    assert see(cast.lei, close, {"close-conclusion": "同意", "close-version": "9"}).status_code == 409
    assert see(cast.lei, close, {"close-conclusion": "同意", "close-version": "0"}).status_code == 302
    page = text(see(cast.su, url))
    assert "五方" in page and "备案" in page
    file = see(cast.su, reverse("web:closing_file", args=["defect", row.pk]))
    assert b"".join(file.streaming_content) == lives.PDF
    assert see(cast.sun, reverse("web:closing_file", args=["defect", row.pk])).status_code == 404
    assert see(cast.su, reverse("web:closing_file", args=["nothing", row.pk])).status_code == 404


def test_a_rejected_acceptance_leads_back_to_construction(cast, see):
    project = finishing.in_acceptance(cast)
    held = finishing.a_round(cast, project)
    finishing.an_opinion(cast, held, "SUPERVISION", agrees=False)
    close = reverse("web:acceptance_close", args=[held.pk, "fail"])
    assert see(cast.lei, close, {"close-conclusion": ""}).status_code == 422
    assert see(cast.lei, close, {"close-conclusion": "监理不同意"}).status_code == 302
    assert Project.objects.get(pk=project.pk).stage == "CONSTRUCTION"
    assert "监理不同意" in text(see(cast.su, reverse("web:acceptance", args=[project.pk])))


def test_settlements_are_handed_in_and_reviewed_amounts_taken_over(cast, see):
    project = finishing.accepted(cast)
    contract = project.contracts.get()
    url = reverse("web:settlements", args=[project.pk])
    new = reverse("web:settlement_new", args=[contract.pk])
    assert new in text(see(cast.lin, url)) and new not in text(see(cast.lei, url))
    item = finishing.a_review(cast, project, "9000000.00", "0.90")
    assert f'<option value="{item.pk}" selected>' in text(see(cast.lin, new))
    said = {"submitted": "九百万", "submitted_on": clock.today(), "item_id": item.pk}
    refused = see(cast.lin, new, said)
    assert refused.status_code == 422 and 'value="九百万"' in text(refused)
    assert see(cast.lin, new, said | {"submitted": "9,000,000.00"}).url == url
    page = text(see(cast.su, url))
    assert "9,000,000.00" in page and "超过合同价值" in page
    take = reverse("web:settlement_review", args=[item.pk])
    assert take not in page
    assert see(cast.su, take, {}).status_code == 403
    assert take in text(see(cast.lin, url))
    assert see(cast.lin, take, {}).status_code == 302
    row = Settlement.objects.get()
    assert row.reviewed == Decimal("8100000.00")
    page = text(see(cast.su, url))
    assert "900,000.00" in page and "10.00 %" in page
    assert see(cast.lin, take, {}).status_code == 422


def test_the_lead_marks_a_contract_as_tail_works_on_the_page(cast, see):
    project = finishing.accepted(cast)
    contract = project.contracts.get()
    url, mark = reverse("web:settlements", args=[project.pk]), reverse("web:tail_works", args=[contract.pk])
    assert mark in text(see(cast.lei, url)) and mark not in text(see(cast.lin, url))
    said = {f"tail-{contract.pk}-is_tail_works": "True", f"tail-{contract.pk}-version": contract.version}
    refused = see(cast.lei, mark, said)
    assert refused.status_code == 422 and text(refused).count('class="error"') == 1
    assert see(cast.lin, mark, said | {f"tail-{contract.pk}-reason": "季节原因"}).status_code == 403
    assert see(cast.lei, mark, said | {f"tail-{contract.pk}-reason": "季节原因"}).url == url
    contract.refresh_from_db()
    assert contract.is_tail_works is True
    page = text(see(cast.lei, url))
    assert mark in page and "0份合同未结算" in page


def test_a_review_that_is_being_declared_is_the_units_own(cast, see):
    project = finishing.accepted(cast)
    item = lives.fill_in(cast, lives.a_draft(cast, project, "SET"), "8600000.00")
    finishing.handed_in(cast, project.contracts.get(), item=item)
    url = reverse("web:settlements", args=[project.pk])
    assert item.no in text(see(cast.lin, url))
    for actor in (cast.su, cast.fzhao, cast.qian):
        assert item.no not in text(see(actor, url))


def test_one_review_for_two_contracts_asks_for_each_share(cast, see):
    project = works.building(cast)
    works.in_force(cast, works.a_contract(cast, project, price="700000.00", kind="SUPERVISION"))
    project = finishing.accepted(cast, finishing.in_acceptance(cast, project))
    item = finishing.a_review(cast, project, "9000000.00", "0.90")
    first, second = project.contracts.order_by("pk")
    one = finishing.handed_in(cast, first, "8400000.00", item)
    two = finishing.handed_in(cast, second, "600000.00", item)
    take = reverse("web:settlement_review", args=[item.pk])
    shares = {f"review-{item.pk}-share-{one.pk}": "7,600,000.00", f"review-{item.pk}-share-{two.pk}": "499,999.99"}
    refused = see(cast.lin, take, shares)
    assert refused.status_code == 422
    assert 'value="499,999.99"' in text(refused) and "8,099,999.99" in text(refused)
    shares[f"review-{item.pk}-share-{two.pk}"] = "500,000.00"
    assert see(cast.lin, take, shares).status_code == 302


def test_an_audit_finding_goes_from_the_auditor_to_the_unit_and_back(cast, see):
    project = works.taken_over(cast, "FINAL_AUDIT")
    url, new = reverse("web:audit", args=[project.pk]), reverse("web:finding_new", args=[project.pk])
    assert new in text(see(cast.qian, url)) and new not in text(see(cast.lin, url))
    assert see(cast.lin, new).status_code == 403
    refused = see(cast.qian, new, {"text": "", "amount": "-1", "found_on": ""})
    assert refused.status_code == 422 and 'value="-1"' in text(refused)
    assert see(cast.qian, new, {"text": "多计土方", "amount": "1,000.00", "found_on": clock.today()}).status_code == 302
    row = AuditFinding.objects.get()
    page = row.get_absolute_url()
    schedule = reverse("web:execution_move", args=["finding", row.pk, "schedule"])
    assert schedule in text(see(cast.lei, page))
    late = clock.today() - timedelta(days=1)
    said = {"schedule-measure": "扣回", "schedule-due_on": late, "version": row.version}
    assert see(cast.lei, schedule, said).status_code == 422
    assert see(cast.lei, schedule, said | {"schedule-due_on": clock.today()}).url == page
    rectify = reverse("web:finding_rectify", args=[row.pk])
    shown = text(see(cast.lin, page))
    assert rectify in shown and reverse("web:execution_move", args=["finding", row.pk, "rectify"]) not in shown
    refused = see(cast.lin, rectify, {"rectified_on": clock.today(), "note": "", "version": 1})
    assert refused.status_code == 422 and text(refused).count('class="error"') == 2
    said = {"rectified_on": clock.today(), "note": "已扣回", "file": paper(), "version": 1}
    assert see(cast.su, rectify, said).status_code == 403
    said["file"] = paper()
    assert see(cast.lin, rectify, said).status_code == 302
    back = reverse("web:execution_move", args=["finding", row.pk, "send_back"])
    assert see(cast.qian, back, {"send_back-reason": "", "version": 2}).status_code == 422
    confirm = reverse("web:execution_move", args=["finding", row.pk, "confirm"])
    assert see(cast.qian, confirm, {"version": 2}).status_code == 302
    assert "已扣回" in text(see(cast.su, page))


def test_only_the_audit_office_says_how_a_project_is_audited(cast, see):
    project = works.taken_over(cast, "SETTLEMENT")
    url = reverse("web:audit_mode", args=[project.pk])
    assert see(cast.lin, url, {"mode": "EXEMPT", "document_no": "1"}).status_code == 403
    assert see(cast.qian, url, {"mode": "EXEMPT", "document_no": ""}).status_code == 422
    assert see(cast.qian, url, {"mode": "EXEMPT", "document_no": "鹏审计划〔2026〕1号"}).status_code == 302
    assert Project.objects.get(pk=project.pk).audit_mode == "EXEMPT"
    assert url not in text(see(cast.lin, reverse("web:audit", args=[project.pk])))


def test_supervisors_find_what_is_open_everywhere_in_one_number_of_queries(cast, see, client):
    project = works.taken_over(cast, "FINAL_AUDIT")
    held = finishing.a_round(cast, finishing.in_acceptance(cast))
    counts = {}
    for n in (2, 40):
        for _ in range(n):
            finishing.a_finding(cast, project)
            finishing.a_defect(cast, held)
        for kind in ("findings", "defects"):
            see(cast.su, reverse("web:follow_up"), kind=kind)
            with CaptureQueriesContext(connection) as queries, no_writes():
                page = client.get(reverse("web:follow_up"), {"kind": kind})
            counts.setdefault(kind, []).append(len(queries))
            assert page.status_code == 200
    assert counts["findings"][0] == counts["findings"][1] <= 16, counts
    assert counts["defects"][0] == counts["defects"][1] <= 16, counts
    assert reverse("web:follow_up") in text(see(cast.su, "/"))
    assert project.name not in text(see(cast.sun, reverse("web:follow_up")))


def test_the_rooms_keep_to_one_number_of_queries(cast, see, client):
    project = finishing.accepted(cast)
    url = reverse("web:settlements", args=[project.pk])
    audited = works.taken_over(cast, "FINAL_AUDIT")
    accepting = finishing.in_acceptance(cast)
    held = finishing.a_round(cast, accepting)
    urls = [url, reverse("web:audit", args=[audited.pk]), reverse("web:acceptance", args=[accepting.pk])]
    counts = []
    for n in (1, 8):
        for _ in range(n):
            contract = works.in_force(cast, works.a_contract(cast, project, price="700000.00", kind="DESIGN"))
            finishing.handed_in(cast, contract, "600000.00")
            finishing.a_finding(cast, audited)
            finishing.a_defect(cast, held)
        for address in urls:
            see(cast.lin, address)
            with CaptureQueriesContext(connection) as queries, no_writes():
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:], counts


def test_a_hostile_upload_is_refused_with_the_other_reasons(cast, see):
    held = finishing.a_round(cast, finishing.in_acceptance(cast))
    said = {"party-OWNER-organisation": "单位", "party-OWNER-person": "", "party-OWNER-agrees": "maybe",
            "party-OWNER-signed_on": "2026-13-45", "party-OWNER-file": SimpleUploadedFile("x.html", b"<script>")}  # fmt: skip
    refused = see(cast.lin, reverse("web:acceptance_opinion", args=[held.pk, "OWNER"]), said)
    assert refused.status_code == 422 and text(refused).count('class="error"') >= 4
    assert see(cast.lin, reverse("web:acceptance_opinion", args=[held.pk, "MAYOR"]), {}).status_code == 422
    assert see(cast.lin, reverse("web:acceptance_close", args=[held.pk, "maybe"]), {}).status_code == 404
    assert see(cast.sun, reverse("web:acceptance_opinion", args=[held.pk, "OWNER"]), said).status_code == 404
