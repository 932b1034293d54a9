"""Final accounts that fall due, come back or are approved: who hears of it, when, and only once."""

from datetime import timedelta

import pytest

from accounts.models import Message
from approvals.message_wording import words_of
from approvals.services import tick
from assets import deadlines
from assets.models import FinalAccount
from assets.services import accounts
from assets.services.accounts import CellEntry
from core import clock
from execution.services.machine import situation
from projects.models import Project
from projects.services import moves as project_moves
from tests.support import account as closing
from tests.support import works
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def told(code="account.due"):
    """Who has been told how often."""
    found: dict[str, int] = {}
    for name in Message.objects.filter(code=code).values_list("user__username", flat=True):
        found[name] = found.get(name, 0) + 1
    return found


def tick_on(day):
    with clock.at(day):
        tick.run()
        tick.run()


@pytest.mark.parametrize("opened", [True, False])
def test_the_unit_is_reminded_a_month_and_a_week_before_the_last_day_and_finance_of_what_is_late(cast, opened):
    project = works.taken_over(cast, "FINAL_ACCOUNT")
    Project.objects.filter(pk=project.pk).update(accepted_on=clock.today())
    if opened:
        accounts.open_account(project.pk, actor=cast.lin)
    due = deadlines.term_of(FinalAccount(project=Project.objects.get(pk=project.pk)), situation()).due_on
    tick_on(due - timedelta(days=31))
    assert told() == {}
    for number, days in enumerate((30, 7, 0), 1):
        tick_on(due - timedelta(days=days))
        assert told() == {"lin": number, "lei": number}, "once for each, however often time is looked at"
    assert str(due) in words_of(Message.objects.filter(code="account.due").first())
    tick_on(due + timedelta(days=1))
    assert told() == {"lin": 4, "lei": 4, "fang": 1, "su": 1}
    tick_on(due + timedelta(days=40))
    assert told()["lin"] == 4


def test_nobody_is_reminded_of_what_is_submitted_or_suspended(cast):
    project = closing.closing(cast, is_major=True)
    closing.an_account(cast, project, completed_on=clock.today() - timedelta(days=200))
    part = accounts.open_account(project.pk, actor=cast.lin, part="体育馆", completed_on=clock.today())
    closing.do(closing.do(part, "compile", cast.lin), "submit", cast.lei)
    project_moves.perform(project.pk, "suspend", actor=cast.zhao, data={"reason": "缓建", "document": "鹏府函2号"})
    tick_on(clock.today() + timedelta(days=400))
    assert told() == {}


def test_the_day_on_the_desk_follows_the_acceptance(cast):
    project = works.taken_over(cast, "ACCEPTANCE")
    account = accounts.open_account(project.pk, actor=cast.lin)
    assert account.due_on is None
    Project.objects.filter(pk=project.pk).update(accepted_on=clock.today())
    tick.run()
    account = FinalAccount.objects.get(pk=account.pk)
    assert account.due_on == deadlines.term_of(account, situation()).due_on is not None


def test_the_unit_hears_why_an_account_came_back_and_finance_what_surplus_is_due(cast):
    project = closing.closing(cast)
    project_moves.perform(project.pk, "terminate", actor=cast.dai, data={"reason": "停建", "document": "鹏府函1号"})
    account = accounts.open_account(project.pk, actor=cast.lin)
    entries = [CellEntry("sunk", "approval", "鹏财函〔2026〕8号")]
    accounts.write_cells(account.pk, actor=cast.lin, form="07", entries=entries, reason="核销批复")
    for _round in range(2):
        closing.do(account, "compile", cast.lin)
        closing.do(account, "submit", cast.lei)
        if not told("account.returned"):
            closing.do(account, "return_account", cast.fang, reason="依据不足")
    assert told("account.returned") == {"lin": 1, "lei": 1}
    assert words_of(Message.objects.filter(code="account.returned").first()).endswith("依据不足")
    closing.do(account, "approve_directly", cast.fang, approved_total="8500000.00", document_no="财决1号")
    assert set(told("account.approved")) == {"lin", "lei"}, "who approved knows it"
    assert "结余资金500,000.00元应缴回国库" in words_of(Message.objects.filter(code="account.approved").first())
