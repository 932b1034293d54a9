"""What contracts, works and assets wait for stands on the desk page, on the first page and in the count of the navigation."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from execution.models import Payment
from execution.services.moves import MACHINES
from tests.support import works
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def page(client):
    def look(actor, name="inbox", **query):
        client.force_login(actor.user)
        with no_writes():
            answer = client.get(reverse(f"web:{name}"), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return look


def count_of(html):
    """The number beside the inbox in the side navigation."""
    found = re.search(r'href="/inbox/"[^>]*>.*?<span class="count">.*?(\d+)\s*</span>', html, re.DOTALL)
    return int(found.group(1)) if found else 0


def test_a_change_moves_from_the_clerks_desk_to_the_leads(cast, page):
    change = works.a_change(cast)
    link = f'href="{change.get_absolute_url()}"'
    assert link in page(cast.lin) and link in page(cast.lin, "home")
    assert link not in page(cast.lei)
    before = count_of(page(cast.lei))
    change = works.agreed(cast, change)
    assert link in page(cast.lei)
    assert str(MACHINES["change"].flow["approve_by_owner"].label) in page(cast.lei)
    assert count_of(page(cast.lei)) == before + 1
    assert link not in page(cast.lin)


def test_finance_has_a_desk_though_no_item_lies_on_it(cast, page):
    contract = works.contracted(cast)
    assert 'href="/inbox/"' in page(cast.fang, "home")
    payment = Payment.objects.create(
        contract=contract, no="ZF-1", kind="ADVANCE", applied=Decimal("100.00"), amount=Decimal("100.00"),
        created_by=cast.lin.user,
    )  # fmt: skip
    Payment.objects.filter(pk=payment.pk).update(state="OWNER_APPROVED")
    assert "ZF-1" in page(cast.fang) and count_of(page(cast.fang)) == 1
    assert "ZF-1" not in page(cast.lin)


def test_the_list_is_searched_by_the_projects_name(cast, page):
    tender = works.a_tender(cast)
    link = f'href="{tender.get_absolute_url()}"'
    assert link in page(cast.lin, q=tender.project.name)
    assert link not in page(cast.lin, q="没有这样的项目")


def test_a_long_desk_is_read_page_by_page(cast, page, monkeypatch):
    monkeypatch.setattr("reports.waiting.desk.listed.__kwdefaults__", {"after": 0, "size": 2, "today": None})
    project = works.in_procurement(cast)
    rows = [works.a_tender(cast, project, name=f"标段{n}", ceiling=Decimal("1000000.00")) for n in range(3)]
    first = page(cast.lin)
    assert "标段0" in first and "标段1" in first and "标段2" not in first
    assert 'href="?works=2#works"' in first
    second = page(cast.lin, works="2")
    assert "标段2" in second and "标段0" not in second
    assert page(cast.lin, works="九十九999999999999999999")
    assert len(rows) == 3


def test_the_pages_cost_the_same_however_much_waits(cast, page):
    project = works.in_procurement(cast)

    def cost(name):
        page(cast.lin, name)
        with CaptureQueriesContext(connection) as caught:
            page(cast.lin, name)
        return len(caught)

    works.a_tender(cast, project, ceiling=Decimal("1000.00"))
    few = {name: cost(name) for name in ("inbox", "home")}
    for _ in range(4):
        works.a_tender(cast, project, ceiling=Decimal("1000.00"))
    assert {name: cost(name) for name in few} == few
