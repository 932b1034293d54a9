"""The clock of one item: pauses, suspensions, extensions, lateness and reminders."""

from datetime import date
from typing import Any

import pytest

from accounts.roles import Role
from approvals.models import Reduction, ReductionDelta
from approvals.services import case_clock, moves, project_moves, tick
from core import clock
from core.errors import NotPermitted
from tests.support import lives, naive_days
from tests.support.lives import fresh
from tests.support.stories import MONDAY, SUPPLEMENT, also, codes_of, move, paused, refused, stand_in

pytestmark = pytest.mark.django_db


def test_the_vector_of_the_specification_through_the_services(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(date(2026, 3, 6)):
        item = paused(cast, item)
    with clock.at(date(2026, 3, 18)):
        item = move(item, "supply", cast.lin)
    assert (item.due_on, item.is_paused) == (date(2026, 4, 10), False)
    with clock.at(date(2026, 3, 25)):
        now = moves.situation()
        assert (case_clock.used(item, now), case_clock.paused(item, now)) == (9, 8)
        assert case_clock.remaining(item, now) == 11


def test_an_unsigned_pause_stops_nothing_and_the_two_signers_differ(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
        item = move(item, "propose_pause", cast.wu, **SUPPLEMENT)
        with refused("pause.proposed"):
            move(item, "propose_pause", cast.wu, **SUPPLEMENT)
        with refused("pause.unsigned_first", "pause.unsigned_second"):
            move(item, "request_supplement", cast.wu)
        with refused("R-SOD-02", error=NotPermitted):
            move(item, "sign_pause_first", also(cast, "wu", Role.SECTION_CHIEF))
        move(item, "sign_pause_first", stand_in(cast, "xu", "wei"))
        with refused("R-SOD-02", error=NotPermitted):
            move(item, "sign_pause_second", also(cast, "wei", Role.DETERMINER))
        with refused("R-SOD-02", error=NotPermitted):
            move(item, "sign_pause_second", also(cast, "xu", Role.DETERMINER))
        with refused("pause.unsigned_second"):
            move(item, "request_supplement", cast.wu)
        for name in ("send_to_center", "pass_first"):
            assert "pause.proposed" in codes_of(item, name, cast.wu)
    with clock.at(date(2026, 3, 9)):
        now = moves.situation()
        assert (case_clock.used(fresh(item), now), fresh(item).is_paused) == (5, False)
        assert moves.perform(item.pk, "cancel_pause", actor=cast.wu).state == "FIRST_REVIEW"
        assert "pause.none" in codes_of(item, "request_supplement", cast.wu)


def test_a_supplement_that_never_comes_returns_the_item(cast: Any) -> None:
    with clock.at(MONDAY):
        item = paused(cast, lives.in_first_review(cast))
    last = naive_days.nth(naive_days.nth(MONDAY, 5), 10)
    with clock.at(last):
        assert tick.run().transitions == {}
    with clock.at(naive_days.nth(last, 1)):
        assert tick.run().transitions == {"lapse_supplement": 1}
    item = fresh(item)
    assert (item.state, item.return_class, item.used_days) == ("RETURNED", "SUPPLEMENT_LAPSED", 0)
    assert item.paused_days == 16
    assert not Reduction.objects.get(item=item).is_counted and not ReductionDelta.objects.exists()


@pytest.mark.parametrize(("year", "stands_still"), [(2017, False), (2018, True), (2026, True)])
def test_commissioned_evaluation_is_excluded_since_2018(cast: Any, year: int, stands_still: bool) -> None:
    day = date(year, 3, 1)
    with clock.at(day):
        item = lives.in_centre(cast)
    with clock.at(naive_days.nth(day, 4)):
        assert case_clock.used(item, moves.situation()) == (0 if stands_still else 4)
        assert fresh(item).is_paused is stands_still


def test_a_suspension_of_the_project_merges_with_the_pauses_of_its_items(cast: Any) -> None:
    said = {"reason": "规划调整", "document": "会议纪要1号"}
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(date(2026, 3, 6)):
        item = paused(cast, item)
    with clock.at(date(2026, 3, 10)):
        project_moves.perform(item.project_id, "suspend", actor=cast.zhao, data=said)
        with refused("project.suspended"):
            move(item, "supply", cast.lin)
    with clock.at(date(2026, 3, 18)):
        project_moves.perform(item.project_id, "resume", actor=cast.zhao, data=said)
    with clock.at(date(2026, 3, 20)):
        item = move(item, "supply", cast.lin)
    expected = [(date(2026, 3, 6), date(2026, 3, 20))]
    assert item.due_on == naive_days.due(MONDAY, 20, expected)
    with clock.at(date(2026, 3, 25)):
        project_moves.perform(item.project_id, "suspend", actor=cast.zhao, data=said)
        assert fresh(item).is_paused
    with clock.at(date(2026, 3, 27)):
        project_moves.perform(item.project_id, "resume", actor=cast.zhao, data=said)
    expected.append((date(2026, 3, 25), date(2026, 3, 27)))
    item = fresh(item)
    assert (item.due_on, item.is_paused) == (naive_days.due(MONDAY, 20, expected), False)


def test_time_does_nothing_while_the_project_is_suspended(cast: Any) -> None:
    said = {"reason": "规划调整", "document": "会议纪要1号"}
    with clock.at(MONDAY):
        item = lives.submitted(cast)
    with clock.at(date(2026, 3, 4)):
        project_moves.perform(item.project_id, "suspend", actor=cast.zhao, data=said)
    with clock.at(date(2026, 3, 30)):
        assert tick.run().transitions == {}
        project_moves.perform(item.project_id, "resume", actor=cast.zhao, data=said)
    assert fresh(item).acceptance_due_on == naive_days.due(MONDAY, 5, [(date(2026, 3, 4), date(2026, 3, 30))])


def test_an_extension_is_given_once_in_time_and_at_most_ten_days(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
        with refused("extension.too_long"):
            move(item, "extend", cast.dai, days=11, reason="复杂")
    with clock.at(item.due_on):
        item = move(item, "extend", cast.dai, days=10, reason="案情复杂")
    assert item.due_on == naive_days.due(MONDAY, 30, [])
    assert item.tasks.get(kind="STEP", left_at=None).sort_on <= item.due_on
    with clock.at(item.due_on), refused("extension.once"):
        move(item, "extend", cast.dai, days=1, reason="再延")


def test_what_is_late_stays_late_even_while_paused(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(naive_days.nth(item.due_on, 1)):
        with refused("extension.late"):
            move(item, "extend", cast.dai, days=5, reason="复杂")
        item = paused(cast, item)
        with refused("extension.late"):
            move(item, "extend", cast.dai, days=5, reason="复杂")


def test_overdue_items_raise_a_red_event_and_are_explained_even_after_the_end(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(naive_days.nth(item.due_on, 1)):
        tick.run()
        tick.run()
        assert item.events.filter(cause="ITEM_OVERDUE").count() == 1
        task = item.tasks.get(kind="EXPLAIN_OVERDUE")
        assert task.due_on == naive_days.nth(clock.today(), 2)
        item = move(item, "return_item", cast.zhao, return_class="RECOMPILE", reason="深度不足")
        assert [t.kind for t in item.tasks.filter(left_at=None)] == ["EXPLAIN_OVERDUE"]
        move(item, "explain_overdue", cast.wu, explanation="补测地形")
        assert not item.tasks.filter(left_at=None).exists()


def test_reminders_keep_three_working_days_apart(cast: Any) -> None:
    with clock.at(MONDAY):
        item = move(lives.submitted(cast), "nudge", cast.lin)
    with clock.at(date(2026, 3, 4)), refused("nudge.too_soon"):
        move(item, "nudge", cast.lei)
    with clock.at(date(2026, 3, 5)):
        move(item, "nudge", cast.lei, text="请尽快")
    assert item.nudges.count() == 2 and fresh(item).acceptance_due_on == item.acceptance_due_on
