"""A new holiday notice: what it would move is shown before, and moved in the transaction that approves it."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from accounts.models import Message
from approvals.models import ApprovalItem, Task
from approvals.services import calendar_notices
from core import calendars, clock
from core.calendar import NoticeDay, YearNotice
from core.errors import NotPermitted
from core.models import TraceEntry
from core.services import holidays
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 7)
PAPER = ("https://www.gov.cn/zhengce/2027.htm",)


@pytest.fixture
def cast():
    with clock.at(DECEMBER):
        yield make_cast()


def notice_of_2027() -> YearNotice:
    """New Year's Friday and the Monday after it are off."""
    return YearNotice(
        2027, (NoticeDay(date(2027, 1, 1), "元旦", True), NoticeDay(date(2027, 1, 4), "元旦", True)), PAPER
    )


def due_by_hand(accepted: date, days: int, off: set[date]) -> date:
    """Counts one day after the other; 2026 has no holiday after 7 October."""
    day = accepted
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in off
    return day


def test_the_preview_names_the_items_and_days_and_writes_nothing(cast):
    item = lives.in_first_review(cast)
    assert (item.due_on, item.due_is_provisional) == (due_by_hand(DECEMBER, 20, set()), True)
    [shift] = calendar_notices.shifts(notice_of_2027())
    off = {date(2027, 1, 1), date(2027, 1, 4)}
    assert (shift.item, shift.old, shift.new) == (item, item.due_on, due_by_hand(DECEMBER, 20, off))
    assert shift.was_provisional and not shift.is_provisional
    assert ApprovalItem.objects.get(pk=item.pk).due_on == item.due_on
    assert calendars.current().last_year == 2026


def test_approval_moves_exactly_what_the_preview_said(cast):
    item = lives.in_first_review(cast)
    row = holidays.propose_notice(notice_of_2027(), actor=cast.root)
    [shift] = calendar_notices.shifts(notice_of_2027())
    _row, moved = calendar_notices.approve(row.pk, actor=cast.zhao)
    after = lives.fresh(item)
    assert moved == 1
    assert (after.due_on, after.due_is_provisional) == (shift.new, False)
    entry = TraceEntry.objects.get(verb="approvals.item.due_date_recomputed")
    assert entry.item_id == item.pk and str(shift.new) in str(entry.facts["to"])
    assert TraceEntry.objects.get(verb="approvals.calendar.recomputed").facts["items_moved"] == 1
    told = set(Message.objects.filter(code="item.due_moved").values_list("user__username", flat=True))
    assert told == {"lin", "wu"}
    assert calendar_notices.shifts(notice_of_2027()) == []


def test_a_pause_that_runs_is_no_effect_of_the_notice(cast):
    item = lives.in_centre(cast)
    assert item.is_paused
    with clock.at(date(2026, 12, 14)):
        [shift] = calendar_notices.shifts(notice_of_2027())
        assert shift.old == due_by_hand(DECEMBER, 25, set())
        assert shift.new == due_by_hand(DECEMBER, 25, {date(2027, 1, 1), date(2027, 1, 4)})
    with clock.at(date(2026, 12, 7)):
        elsewhere = YearNotice(2027, (NoticeDay(date(2027, 10, 1), "国庆节", True),), PAPER)
        assert [(shift.old == shift.new, shift.is_provisional) for shift in calendar_notices.shifts(elsewhere)] == [
            (True, False)
        ]


def test_limits_of_open_steps_move_with_the_calendar(cast):
    with clock.at(date(2026, 12, 30)):
        item = lives.submitted(cast)
        step = Task.objects.get(item=item, kind="STEP", left_at__isnull=True)
        assert step.due_on == due_by_hand(date(2026, 12, 30), 5, set())
        row = holidays.propose_notice(notice_of_2027(), actor=cast.root)
        calendar_notices.approve(row.pk, actor=cast.zhao)
        step.refresh_from_db()
        expected = due_by_hand(date(2026, 12, 30), 5, {date(2027, 1, 1), date(2027, 1, 4)})
        assert (step.due_on, lives.fresh(item).acceptance_due_on) == (expected, expected)


def test_who_may_not_approve_moves_nothing(cast):
    item = lives.in_first_review(cast)
    row = holidays.propose_notice(notice_of_2027(), actor=cast.root)
    with pytest.raises(NotPermitted):
        calendar_notices.approve(row.pk, actor=cast.dai)
    assert lives.fresh(item).due_on == item.due_on and calendars.current().last_year == 2026


def test_the_command_previews_a_file(cast, tmp_path, capsys):
    item = lives.in_first_review(cast)
    path = tmp_path / "2027.json"
    path.write_text(
        '{"year": 2027, "papers": ["https://www.gov.cn/x"], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}',
        encoding="utf-8",
    )
    call_command("preview_notice", path)
    assert item.no in capsys.readouterr().out
