"""The pages of tenders, contracts and change orders: entered by form, moved by button, nothing typed is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from execution.models import ChangeOrder, Contract, Tender
from execution.services import changes, contracts
from execution.services.contracts import Line
from tests.support import works
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
COLUMNS = ("code", "name", "cost_code", "unit", "quantity", "unit_price", "amount", "line")


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


def lines(*rows):
    """Rows of COLUMNS; what is left out stays empty."""
    return {f"line-{name}": [str(row.get(name, "")) for row in rows] for name in COLUMNS}


CONTRACT = {
    "no": "HT-2026-1", "name": "施工合同", "kind": "WORKS", "tender": "", "contractor": works.WINNER,
    "price_type": "UNIT_PRICE", "price": "1,000,000.00", "retention_rate": "3", "advance_rate": "10",
    "no_prefinancing": "on",
}  # fmt: skip


def test_a_tender_is_recorded_announced_and_suspended_from_its_page(cast, see):
    project = works.in_procurement(cast)
    url = reverse("web:tender_new", args=[project.pk])
    refused = see(cast.lin, url, {"name": "施工", "kind": "WORKS", "method": "OPEN", "ceiling": "10000000.01"})
    assert refused.status_code == 422
    assert 'value="10000000.01"' in text(refused)
    assert "10,000,000.00" in text(refused), "the budget that is left is named"
    kept = see(cast.lin, url, {"name": "施工", "kind": "WORKS", "method": "OPEN", "ceiling": "9,000,000"})
    tender = Tender.objects.get()
    assert kept.status_code == 302
    assert kept.url == tender.get_absolute_url()
    assert tender.ceiling == Decimal("9000000.00")
    move = reverse("web:execution_move", args=["tender", tender.pk, "announce"])
    today = clock.today()
    said = {"announce-announced_on": today, "announce-closes_on": today + timedelta(days=5), "version": tender.version}
    refused = see(cast.lin, move, said)
    assert refused.status_code == 422
    assert str(today + timedelta(days=20)) in text(refused), "the first day that would do"
    assert see(cast.lin, move, said | {"announce-closes_on": today + timedelta(days=20)}).status_code == 302
    objected = {"objector": "市民", "received_on": today, "text": "门槛过高"}
    assert see(cast.lin, reverse("web:tender_object", args=[tender.pk]), objected | {"text": ""}).status_code == 422
    assert see(cast.lin, reverse("web:tender_object", args=[tender.pk]), objected).status_code == 302
    tender.refresh_from_db()
    assert tender.state == "COMPLAINT"
    row = tender.objections.get()
    answer = reverse("web:tender_objection_answer", args=[row.pk])
    assert see(cast.lin, answer, {f"o{row.pk}-answer": ""}).status_code == 422
    assert see(cast.lin, answer, {f"o{row.pk}-answer": "已调整"}).status_code == 302
    assert "已调整" in text(see(cast.su, tender.get_absolute_url()))


def test_a_contract_is_typed_with_its_lines_and_nothing_is_lost(cast, see):
    tender = works.awarded(cast)
    url = reverse("web:contract_new", args=[tender.project_id])
    page = text(see(cast.lin, url, tender=tender.pk))
    assert works.WINNER in page
    assert 'value="8,600,000.00"' in page
    grid = lines(
        {"name": "混凝土", "cost_code": "1.1", "quantity": "1,000", "unit_price": "500", "unit": "m³"},
        {"name": "其他", "cost_code": "1.1", "amount": "一百"},
        {"name": "", "cost_code": ""},
    )
    said = CONTRACT | {"tender": tender.pk, "retention_rate": "4"}
    refused = see(cast.lin, url, said | grid)
    assert refused.status_code == 422
    assert not Contract.objects.exists()
    assert 'value="一百"' in text(refused)
    assert "质量保证金" in text(refused) or "3 %" in text(refused)
    grid["line-amount"][1] = "500,000.00"
    assert see(cast.lin, url, said | grid | {"retention_rate": "3"}).status_code == 302
    contract = Contract.objects.get()
    assert [(line.name, line.amount, line.quantity) for line in contract.lines.all()] == [
        ("混凝土", Decimal("500000.00"), 1000), ("其他", Decimal("500000.00"), 1),
    ]  # fmt: skip
    edit = reverse("web:contract_edit", args=[contract.pk])
    page = text(see(cast.lin, edit))
    assert "混凝土" in page
    assert 'value="1,000"' in page
    assert see(cast.lin, edit, said | grid | {"retention_rate": "3", "version": "99"}).status_code == 409
    page = text(see(cast.lei, contract.get_absolute_url()))
    assert "contract.unsigned" not in page
    assert reverse("web:execution_move", args=["contract", contract.pk, "take_effect"]) not in page, (
        "it is not signed yet"
    )


def test_what_was_entered_twice_is_taken_back_from_its_page(cast, see):
    contract = works.a_contract(cast, tender=works.a_tender(cast))
    rows = (("contract", contract), ("tender", contract.tender))
    for kind, row in rows:
        address = reverse(f"web:{kind}_discard", args=[row.pk])
        assert address in text(see(cast.lin, row.get_absolute_url()))
        assert address not in text(see(cast.lei, row.get_absolute_url()))
        assert see(cast.lin, address).status_code == 405
        assert see(cast.lin, address, {"sent": "1"}).status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()


def test_a_contract_in_force_takes_supplements_and_changes(cast, see):
    contract = works.contracted(cast)
    url = reverse("web:contract_supplement", args=[contract.pk])
    said = {"no": "补1", "amount": "-100,000.00", "signed_on": clock.today(), "cost_code": "", "reason": "减项"}
    assert see(cast.lin, url, said | {"amount": "许多"}).status_code == 422
    assert see(cast.lin, url, said).status_code == 302
    doors = contract.lines.get(name="防火门")
    new = reverse("web:change_new", args=[contract.pk])
    assert "防火门" in text(see(cast.lin, new))
    order = {"no": "BG-1", "kind": "DESIGN_CHANGE", "title": "增加防火门", "reason": "消防要求"}
    rows = (
        {"line": doors.pk, "name": "防火门", "quantity": "5", "unit_price": "2000"},
        {"name": "雨棚", "cost_code": "1.1", "quantity": "1", "unit_price": "20000", "amount": "19,999.00"},
    )
    refused = see(cast.lin, new, order | lines(*rows))
    assert refused.status_code == 422
    assert 'value="19,999.00"' in text(refused)
    rows[1]["amount"] = ""
    assert see(cast.lin, new, order | lines(*rows)).status_code == 302
    change = ChangeOrder.objects.get()
    assert (change.estimated, change.level) == (Decimal("30000.00"), "OWNER")
    edit = reverse("web:change_edit", args=[change.pk])
    assert 'value="5"' in text(see(cast.lin, edit))
    assert see(cast.lin, edit, order | {"title": "改"} | lines(*rows) | {"version": change.version}).status_code == 302
    works.approved(cast, change)
    page = text(see(cast.fang, contract.get_absolute_url()))
    assert "8,530,000.00" in page, "8,600,000 − 100,000 + 30,000"
    listed = text(see(cast.fang, reverse("web:contracts", args=[contract.project_id])))
    assert "8,530,000.00" in listed
    assert "增加防火门" not in listed
    assert "改" in text(see(cast.xu, reverse("web:changes", args=[contract.project_id])))


@pytest.mark.parametrize("person", ["lin", "lei", "wu", "xu", "zhao", "fang", "qian", "su"])
def test_everybody_of_the_matrix_reads_every_page_and_reading_writes_nothing(cast, see, client, person):
    contract = works.contracted(cast)
    change = works.a_change(cast, contract)
    project = contract.project_id
    pages = [reverse(f"web:{name}", args=[project]) for name in ("tenders", "contracts", "changes")]
    pages += [row.get_absolute_url() for row in (contract, contract.tender, change)]
    client.force_login(cast.actors[person].user)
    with no_writes():
        for url in pages:
            assert client.get(url).status_code == 200, url
    for name, key in (("tender_new", project), ("contract_new", project), ("change_new", contract.pk)):
        wanted = 200 if person == "lin" else 403
        assert see(cast.actors[person], reverse(f"web:{name}", args=[key])).status_code == wanted, name


def test_strangers_know_of_nothing(cast, see):
    contract = works.contracted(cast)
    change = works.a_change(cast, contract)
    for person in ("sun", "song", "root"):
        for row in (contract, contract.tender, change):
            assert see(cast.actors[person], row.get_absolute_url()).status_code == 404


HOSTILE = (
    "长" * 6000, "1e400", "-Infinity", "9" * 5000, "<script>alert(1)</script>", "²", "9999-12-31", "NaN",
)  # fmt: skip


def test_hostile_input_is_answered_in_words(cast, see):
    contract = works.contracted(cast)
    draft = works.a_contract(cast, contract.project)
    forms = [
        (reverse("web:tender_new", args=[contract.project_id]), {"name": "n", "kind": "WORKS", "method": "OPEN", "ceiling": "1"}),
        (reverse("web:tender_object", args=[contract.tender_id]), {"objector": "o", "received_on": "2026-01-01", "text": "t"}),
        (reverse("web:contract_edit", args=[draft.pk]), CONTRACT | lines({"name": "n", "cost_code": "1", "amount": "1"})),
        (reverse("web:contract_supplement", args=[contract.pk]), {"no": "1", "amount": "1", "signed_on": "2026-01-01", "reason": "r"}),
        (reverse("web:change_new", args=[contract.pk]), {"no": "1", "kind": "DESIGN_CHANGE", "title": "t", "reason": "r"}
         | lines({"name": "n", "cost_code": "1", "quantity": "1", "unit_price": "1", "line": ""})),
    ]  # fmt: skip
    broken = []
    for url, good in forms:
        # Everything hostile at once, as a form is read at once; and each field alone, beside good ones.
        tried = [dict.fromkeys(good, value) for value in HOSTILE]
        tried += [{name: HOSTILE[at % len(HOSTILE)]} for at, name in enumerate(good)]
        for hostile in tried:
            said = {name: [value] if isinstance(good[name], list) else value for name, value in hostile.items()}
            answer = see(cast.lin, url, good | said)
            if answer.status_code not in (302, 404, 409, 422) or b"<script>alert" in answer.content:
                broken.append((url, {name: value[:20] for name, value in hostile.items()}, answer.status_code))
    assert broken == []


def test_the_lists_cost_the_same_however_long_they_are(cast, see):
    project = works.in_procurement(cast)

    def queries(url):
        with CaptureQueriesContext(connection) as found:
            assert see(cast.fang, url).status_code == 200
        return len(found)

    urls = [reverse(f"web:{name}", args=[project.pk]) for name in ("tenders", "contracts", "changes")]
    counts = []
    for url in urls:
        see(cast.fang, url)
    for _ in range(2):
        for _n in range(2):
            tender = works.a_tender(cast, project, kind="DESIGN", ceiling=Decimal(1000))
            contract = works.in_force(cast, works.a_contract(cast, project))
            works.approved(cast, works.a_change(cast, contract))
            assert tender.pk
        counts.append([queries(url) for url in urls])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 24


def test_a_page_costs_the_same_with_many_lines_and_changes(cast, see):
    """Also where every move is weighed: the guards look at lines, payments and other changes."""
    counts = []
    for n in (1, 12):
        contract = works.a_contract(cast)
        priced = [*works.lines_of(contract.price)[:2] * n, Line("其他", "1.1", contract.price - n * 600_000)]
        contract = contracts.amend(contract.pk, actor=cast.lin, values={}, lines=priced)
        contract = works.in_force(cast, contract)
        changed = [works.changed("1", line) for line in contract.lines.filter(unit_price__isnull=False)]
        for number in range(1 + n // 4):
            values = {"no": f"BG{number}", "kind": "DESIGN_CHANGE", "title": "t", "reason": "r"}
            change = changes.propose(contract.pk, actor=cast.lin, values=values, lines=changed)
            works.approved(cast, change) if number else works.agreed(cast, change)
        first = contract.changes.first()
        for actor, url in ((cast.lei, contract.get_absolute_url()), (cast.lei, first.get_absolute_url())):
            see(actor, url)
            with CaptureQueriesContext(connection) as found:
                assert see(actor, url).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 40
