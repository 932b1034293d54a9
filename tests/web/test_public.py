"""What a stranger may see: whether a document is genuine, what was approved, and pages for what went wrong."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from approvals.models import IssuedDocument
from approvals.services import documents, moves
from core import clock
from projects.models import Project
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _on_monday():
    cache.clear()
    with clock.at(MONDAY):
        yield


@pytest.fixture
def cast():
    return make_cast()


def approval(item) -> IssuedDocument:
    return IssuedDocument.objects.get(item=item, is_public=True)


def seen(address: str, status: int = 200) -> str:
    with no_writes():
        answer = Client().get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_genuine_document_is_confirmed_with_what_it_states(cast):
    item = lives.issued(cast)
    document = approval(item)
    page = seen(f"/verify/{document.token}/")
    for word in (
        document.number,
        item.project.name,
        "鹏湾新区发展和财政局",
        "2026-03-02",
        document.facts_sha256,
        "现行有效",
    ):
        assert word in page, word
    file = documents.rendered(document.pk)
    assert file.sha256 in seen(f"/verify/{document.token}/")


def test_verification_names_no_official_and_nothing_internal(cast):
    item = lives.issued(cast)
    page = seen(f"/verify/{approval(item).token}/")
    assert not [name for name in ("吴刚", "许文", "赵敏", "林晓", "单价偏高") if name in page]


def test_a_revoked_approval_is_shown_as_void(cast):
    item = lives.issued(cast)
    moves.perform(item.pk, "revoke", actor=cast.dai, data={"ground": "行政许可法第六十九条", "reason": "材料虚假"})
    page = seen(f"/verify/{approval(item).token}/")
    assert "作废" in page and "确由本系统印发" not in page


def test_an_unknown_token_is_a_clear_404(cast):
    assert "查无此文书" in seen("/verify/abcdefghijklmnop/", 404)


def test_a_stranger_cannot_ask_without_end(cast):
    client = Client()
    answers = [client.get("/verify/nothing/").status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]


def test_the_public_list_shows_approvals_and_leads_to_their_verification(cast):
    item = lives.issued(cast)
    page = seen("/public/")
    assert item.project.name in page and f"/verify/{approval(item).token}/" in page and "750.00" in page
    assert item.project.name in seen("/public/?q=葵湾") and item.project.name not in seen("/public/?q=沙涌")


def test_what_is_not_public_stays_away(cast):
    item = lives.issued(cast)
    Project.objects.filter(pk=item.project_id).update(is_public=False)
    assert item.project.name not in seen("/public/")
    Project.objects.filter(pk=item.project_id).update(is_public=True, secrecy="SECRET")
    assert item.project.name not in seen("/public/")


def test_only_approvals_are_listed_not_the_letters_on_the_way(cast):
    lives.issued(cast)
    listed = set(re.findall(r"/verify/([\w-]+)/", seen("/public/")))
    assert listed == {document.token for document in IssuedDocument.objects.filter(kind="APPROVAL")}
    assert IssuedDocument.objects.exclude(kind="APPROVAL").exists()


def test_the_public_list_costs_the_same_for_many_approvals(cast):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            Client().get("/public/")
        return len(asked)

    item = lives.issued(cast)
    few = cost()
    document = approval(item)
    for n in range(30):
        document.pk, document.token = None, f"token{n}"
        document.save(force_insert=True)
    assert cost() <= few <= 4
    assert "page=2" in seen("/public/")


def test_a_visitor_begins_on_the_public_page(cast):
    answer = Client().get("/")
    assert (answer.status_code, answer.url) == (302, "/public/")


def test_a_page_that_does_not_exist_says_so_in_both_languages(cast):
    assert "<h1>" in seen("/nowhere/", 404)
    english = Client(headers={"Accept-Language": "en"}).get("/nowhere/").content.decode()
    assert "Page not found" in english


def test_a_form_from_elsewhere_is_refused_in_words(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.wu.user)
    answer = client.post("/me/messages/read/")
    assert answer.status_code == 403 and "表单已失效" in answer.content.decode()


def test_a_refusal_never_sends_anybody_to_a_foreign_site(cast):
    client = Client(headers={"Referer": "https://evil.example/"})
    client.force_login(cast.lin.user)
    assert "evil.example" not in client.get("/trace/").content.decode()
