"""The pages of payments: applied for by form, moved by button, nothing typed is lost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from execution import ledger
from execution.models import Payment
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


def test_a_payment_is_applied_for_corrected_and_moved_from_its_page(cast, see):
    contract = site.payable(cast)
    works.released(cast, contract.project, "1000.00", source="2")
    report = site.reported(cast, contract.project)
    listed = text(see(cast.lin, reverse("web:payments", args=[contract.project_id])))
    new = reverse("web:payment_new", args=[contract.pk])
    assert new in listed
    assert "900.10" in listed
    said = {"kind": "PROGRESS", "report": report.pk, "applied": "1,000.00", "source-4": "900", "source-2": "许多"}
    refused = see(cast.lin, new, said)
    assert refused.status_code == 422
    assert 'value="许多"' in text(refused)
    assert see(cast.lin, new, said | {"source-2": "99.99"}).status_code == 422
    assert see(cast.lin, new, said | {"source-2": "100"}).status_code == 302
    payment = Payment.objects.get()
    assert (payment.amount, payment.funding.count()) == (Decimal("1000.00"), 2)
    edit = reverse("web:payment_edit", args=[payment.pk])
    assert 'value="900.00"' in text(see(cast.lin, edit))
    assert see(cast.lin, edit, said | {"source-2": "100", "version": "99"}).status_code == 409
    assert see(cast.lin, edit, said | {"source-2": "100", "version": "0", "remark": "首期"}).status_code == 302
    move = reverse("web:execution_move", args=["payment", payment.pk, "certify"])
    refused = see(cast.lin, move, {"certify-certified": "1000.01", "certify-signed_by": "王工", "version": 1})
    assert refused.status_code == 422
    assert 'value="1000.01"' in text(refused)
    assert see(cast.lin, move, {"certify-certified": "500.00", "certify-signed_by": "王工"}).status_code == 302
    split = reverse("web:payment_split", args=[payment.pk])
    assert see(cast.lin, split, {"source-4": "1"}).status_code == 422
    assert see(cast.lin, split, {"source-4": "500.00"}).status_code == 302
    payment.refresh_from_db()
    assert [(row.source, row.amount) for row in payment.funding.all()] == [("4", Decimal("500.00"))]
    page = text(see(cast.fang, payment.get_absolute_url()))
    assert "王工" in page
    assert "林晓" in page


@pytest.mark.parametrize("person", ["lin", "lei", "wu", "xu", "zhao", "fang", "qian", "su"])
def test_everybody_of_the_matrix_reads_every_page_and_reading_writes_nothing(cast, see, client, person):
    payment = site.approved(cast, site.applied(cast, site.payable(cast), "100.00"))
    draft = site.applied(cast, payment.contract, "50.00")
    client.force_login(cast.actors[person].user)
    with no_writes():
        for url in (
            reverse("web:payments", args=[payment.contract.project_id]), payment.get_absolute_url(),
            draft.get_absolute_url(),
        ):  # fmt: skip
            assert client.get(url).status_code == 200, url
    for name, key in (("payment_new", payment.contract_id), ("payment_edit", draft.pk)):
        wanted = 200 if person == "lin" else 403
        assert see(cast.actors[person], reverse(f"web:{name}", args=[key])).status_code == wanted, name


def test_strangers_know_of_nothing(cast, see):
    payment = site.applied(cast, site.payable(cast), "100.00")
    for person in ("sun", "song", "root"):
        for url in (payment.get_absolute_url(), reverse("web:payments", args=[payment.contract.project_id])):
            assert see(cast.actors[person], url).status_code in (403, 404)


def test_whose_work_the_money_is_not_does_not_read_it(cast, see):
    """DOMAIN §13, row "Contract/Payment": – for the window and for experts."""
    payment = site.applied(cast, site.payable(cast), "100.00")
    for person in ("chen", "yan"):
        for url in (payment.get_absolute_url(), reverse("web:payments", args=[payment.contract.project_id])):
            assert see(cast.actors[person], url).status_code in (403, 404), (person, url)
        assert not ledger.entries(cast.actors[person]).exists()


def test_nor_the_contracts_changes_and_costs_it_is_reckoned_from(cast, see):
    change = works.a_change(cast, site.payable(cast))
    contract = change.contract
    rooms = [
        reverse(f"web:{name}", args=[contract.project_id])
        for name in ("contracts", "changes", "control", "forecasts", "settlements")
    ]
    over_http = [
        f"/api/v1/projects/{contract.project_id}/{name}/"
        for name in ("contracts", "changes", "control", "forecasts", "settlements")
    ]
    rows = [contract.get_absolute_url(), change.get_absolute_url(), f"/api/v1/contracts/{contract.pk}/"]
    for person, wanted in (("chen", (403, 404)), ("yan", (403, 404)), ("fang", (200,)), ("su", (200,))):
        for url in (*rooms, *over_http, *rows):
            assert see(cast.actors[person], url).status_code in wanted, (person, url)
    refused = see(cast.chen, reverse("web:control_export", args=[contract.project_id]), {"format": "csv"})
    assert refused.status_code == 403


def test_hostile_input_is_answered_in_words(cast, see):
    contract = site.payable(cast)
    payment = works.do(site.applied(cast, contract, "100.00"), "certify", cast.lin, certified="90.00", signed_by="x")
    good = {"no": "1", "kind": "OTHER", "report": "", "work_value": "1", "applied": "1", "source-4": "1", "remark": "x"}
    forms = [
        (reverse("web:payment_new", args=[contract.pk]), good),
        (reverse("web:payment_split", args=[payment.pk]), {"source-4": "90", "version": "0"}),
        (reverse("web:execution_move", args=["payment", payment.pk, "check_cost"]),
         {"check_cost-checked": "1", "check_cost-signed_by": "x", "check_cost-signed_on": "2026-01-01", "version": "0"}),
    ]  # fmt: skip
    broken = []
    for url, said in forms:
        for name in said:
            for value in ("长" * 6000, "1e400", "-1", "9" * 5000, "<script>alert(1)</script>", "²", "NaN"):
                answer = see(cast.lin, url, said | {name: value})
                if answer.status_code not in (302, 404, 409, 422) or b"<script>alert" in answer.content:
                    broken.append((url, name, value[:20], answer.status_code))
    assert broken == []


def test_the_pages_cost_the_same_however_many_payments_there_are(cast, see):
    project = works.in_procurement(cast)
    contract = site.payable(cast, project=project)

    def queries(actor, url):
        see(actor, url)
        with CaptureQueriesContext(connection) as found:
            assert see(actor, url).status_code == 200
        return len(found)

    counts = []
    for _ in range(2):
        for _n in range(3):
            other = works.in_force(cast, works.a_contract(cast, project))
            site.paid(cast, site.applied(cast, other, "10.00"))
            waiting = site.agreed(cast, site.applied(cast, contract, "10.00"))
        listed = queries(cast.lin, reverse("web:payments", args=[project.pk]))
        counts.append((listed, queries(cast.fang, waiting.get_absolute_url())))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 45


def test_work_that_nobody_measured_is_marked_for_whoever_approves(cast, see):
    contract = site.payable(cast)
    concrete = contract.lines.get(name="C30 混凝土")
    site.reported(cast, contract.project, measured=[site.Measured(concrete.pk, Decimal(100))])
    said = site.applied(cast, contract, "50.00", work_value=Decimal("50000.01"))
    assert "高于月报计量金额50,000.00元" in text(see(cast.fang, said.get_absolute_url()))
    measured = site.applied(cast, contract, "50.00")
    assert "高于月报计量金额" not in text(see(cast.fang, measured.get_absolute_url()))


def test_whoever_applies_sees_what_may_still_be_paid(cast, see):
    contract = site.payable(cast, funds="1000000.00")
    site.approved(cast, site.applied(cast, contract, "250000.00", "OTHER"))
    page = text(see(cast.lin, reverse("web:payment_new", args=[contract.pk])))
    assert "6,630,000.00" in page, "80 % of 8,600,000 less what finance approved"
    assert "750,000.00" in page
