"""The pages of a final account: opened, filled in, what does not balance on top, its book."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assets.models import FinalAccount
from core.models import TraceEntry
from execution.services.moves import MACHINES
from tests.support import account as closing
from tests.support import lives, works
from tests.support.cast import make_cast
from tests.support.readonly import no_writes
from tests.web.test_hostile_forms import HOSTILE

pytestmark = pytest.mark.django_db
FORMS = ("00", "01", "02", "03", "04", "05", "06", "07", "08")


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    def look(actor, url, data=None):
        client.force_login(actor.user)
        return client.get(url) if data is None else client.post(url, data)

    return look


def text(response):
    return response.content.decode()


def page(account, name="account_page", *more):
    return reverse(f"web:{name}", args=[account.pk, *more])


def test_the_clerk_opens_an_account_and_finds_every_form_filled(cast, see, client):
    project = closing.closing(cast)
    closing.an_asset(cast, project, "8600000.00")
    url = reverse("web:final_account", args=[project.pk])
    assert see(cast.lin, url, {"part": "", "cut_off_on": "2999-01-01"}).status_code == 422
    kept = see(cast.lin, url, {"part": "", "cut_off_on": "", "completed_on": ""})
    account = FinalAccount.objects.get()
    assert (kept.status_code, kept.url) == (302, account.get_absolute_url())
    assert "8,600,000.00" in text(see(cast.lin, url))
    with no_writes():
        assert client.get(page(account)).status_code == 200
        for form in FORMS:
            assert client.get(page(account, "account_form", form)).status_code == 200
            assert client.get(page(account, "account_form", form), {"edit": 1}).status_code == 200
    assert see(cast.lin, page(account, "account_form", "09")).status_code == 404


def test_an_imbalance_stands_on_top_with_links_to_its_two_cells(cast, see):
    account = closing.imbalanced(cast)
    shown = text(see(cast.lin, page(account)))
    left, right = page(account, "account_form", "01"), page(account, "account_form", "02")
    assert f'href="{left}?edit=1#c-total-actual"' in shown
    assert f'href="{right}?edit=1#c-formed-amount"' in shown
    assert "8,500,000.00" in shown
    assert 'id="c-total-actual" class="num is-wrong"' in text(see(cast.lin, left))
    move = reverse("web:execution_move", args=["final-account", account.pk, "compile"])
    refused = see(cast.lin, move, {"version": account.version})
    assert refused.status_code == 422
    assert "R-FA-02" in text(refused)
    cell = {"cell|works|actual": "8500000", "reason": "", "version": account.version}
    refused = see(cast.lin, left, cell)
    assert refused.status_code == 422
    assert 'value="8500000"' in text(refused), "what was typed stays"
    assert see(cast.lin, left, cell | {"reason": "按审定数"}).status_code == 302
    account.refresh_from_db()
    assert "按审定数" in text(see(cast.lin, left))
    assert see(cast.lin, move, {"version": account.version}).status_code == 302
    account.refresh_from_db()
    assert account.state == "COMPILED"


def test_deferred_costs_and_tail_works_are_entered_in_grids(cast, see):
    account = closing.an_account(cast)
    url = page(account, "account_deferred")
    rows = {"deferred-line": ["19", "37"], "deferred-name": ["管理费", ""], "deferred-amount": ["1,000.00", ""],
            "deferred-source": ["凭证", ""], "version": account.version}  # fmt: skip
    refused = see(cast.lin, url, rows | {"deferred-amount": ["千元", ""]})
    assert refused.status_code == 422
    assert 'value="千元"' in text(refused)
    assert see(cast.lin, url, rows).status_code == 302
    assert [(row.line, row.amount) for row in account.deferred_costs.all()] == [(19, Decimal("1000.00"))]
    assert see(cast.lin, url).status_code == 200
    account.refresh_from_db()
    tails = {"tail-name": ["绿化"], "tail-approved": ["2000"], "tail-done": ["500"], "tail-to_do": ["1500"],
             "tail-due_on": ["2027-01-31"], "version": account.version}  # fmt: skip
    assert see(cast.lin, page(account, "account_tails"), tails).status_code == 302
    assert account.tail_works.get().to_do == Decimal("1500.00")
    assert "1,500.00" in text(see(cast.lin, page(account, "account_form", "01")))


def test_the_book_is_downloaded_and_the_download_traced(cast, see):
    account = closing.an_account(cast)
    made = see(cast.qian, page(account, "account_book"), {"format": "pdf"})
    assert made.content.startswith(b"%PDF")
    assert see(cast.qian, page(account, "account_book"), {"format": "xlsx"}).content.startswith(b"PK")
    assert see(cast.qian, page(account, "account_book"), {"format": "exe"}).status_code == 422
    assert TraceEntry.objects.filter(verb="assets.final_account.exported").count() == 2


def test_who_has_no_part_in_final_accounts_sees_none(cast, see):
    account = closing.an_account(cast)
    assert see(cast.sun, page(account)).status_code == 404
    assert see(cast.he, page(account)).status_code in (403, 404)
    assert see(cast.root, page(account)).status_code in (403, 404)
    for reader in (cast.lei, cast.wu, cast.fang, cast.qian, cast.su, cast.gu, cast.zhao):
        assert see(reader, page(account)).status_code == 200
        assert see(reader, page(account, "account_deferred")).status_code == 403


def test_the_page_of_a_form_asks_the_same_number_of_questions_for_any_number_of_assets(cast, see):
    account = closing.an_account(cast)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert see(cast.lin, page(account, "account_form", "05")).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for number in range(210):
        closing.an_asset(cast, account.project, "1.00", name=f"设备{number}", kind="EQUIPMENT")
    assert asked() == few
    shown = text(see(cast.lin, page(account, "account_form", "05")))
    assert "设备199<" in shown
    assert "设备200<" not in shown, "a long list comes in parts"
    assert "设备209<" in text(see(cast.lin, page(account, "account_form", "05") + "?rows=1200"))
    assert few < 80


def test_the_machine_is_known_to_the_one_page_of_moves():
    assert "final-account" in MACHINES


def test_hostile_words_are_refused_in_words(cast, see):
    account = closing.an_account(cast)
    part = page(account, "account_form", "01")
    for words in HOSTILE.values():
        for url, data in (
            (reverse("web:final_account", args=[account.project_id]), {"part": words, "cut_off_on": words}),
            (reverse("web:final_account", args=[account.project_id]), {"completed_on": words}),
            (page(account, "account_edit"), {"cut_off_on": words, "completed_on": words, "overview": words}),
            (page(account, "account_edit"), {"cut_off_on": "2026-01-01", "completed_on": words}),
            (part, {"cell|works|actual": words, "cell|land|actual": words, "reason": words, "version": words}),
            (part, {f"cell|{words}|{words}": words}),
            (page(account, "account_deferred"),
             {f"deferred-{name}": [words] for name in ("line", "name", "amount", "source")}),
            (page(account, "account_tails"),
             {f"tail-{name}": [words] for name in ("name", "approved", "done", "to_do", "due_on")}),
            (page(account, "account_book"), {"format": words}),
            (reverse("web:execution_move", args=["final-account", account.pk, "compile"]), {"version": words}),
        ):  # fmt: skip
            answer = see(cast.lin, url, data)
            assert answer.status_code < 500, (url, words[:20])
    months = reverse("web:execution_move", args=["final-account", account.pk, "extend"])
    for words in HOSTILE.values():
        said = {"extend-months": words, "extend-document_no": words, "extend-reason": words}
        assert see(cast.fang, months, said).status_code < 500


def test_a_material_a_waiver_satisfies_is_shown_by_the_reason_of_the_waiver(cast, see):
    draft = lives.a_draft(cast, works.taken_over(cast, "BUDGET"), "BUD")
    assert "waived" in draft.slots.get(code="F01").linked[0]
    shown = text(see(cast.chen, lives.submitted(cast, draft).get_absolute_url()))
    assert "原有批复" in shown
    assert "&#x27;gate&#x27;" not in shown


def test_the_rows_of_assets_are_numbered_and_a_missing_day_of_completion_is_said(cast, see):
    account = closing.an_account(cast)
    assert "尚未填写竣工日期" in text(see(cast.lin, page(account)))
    shown = text(see(cast.lin, page(account, "account_form", "05")))
    assert re.search(r'<td class="num">2</td><td[^>]*>[^<]*</td><th scope="row" class="cell-wide">体育馆</th>', shown)
    assert '<th scope="colgroup" colspan="6">设备、工具、器具、家具</th>' in shown
    assert 'id="c-other_fixed_total-amount"' in shown, "a broken rule may lead to it"
    assert "序号" not in text(see(cast.lin, page(account, "account_form", "02")))
