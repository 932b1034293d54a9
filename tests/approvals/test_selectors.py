"""What lies on a desk, how a clock looks, how long files lay where: recomputed here by counting on paper."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals import selectors
from approvals.models import ApprovalItem, ExpertInvitation, Task
from approvals.rules.deadlines import Light
from approvals.services import case_clock, moves
from approvals.services.engine import situation
from core import clock
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def cast():
    return make_cast()


def several(cast, n):
    """`n` items in first review on Wu's desk, each of a project of its own."""
    made = []
    for serial in range(n):
        project = lives.a_project_in_proposal(
            cast, name=f"工程{serial}", code=f"2611-440399-04-01-{serial + 200000:06d}"
        )
        made.append(
            lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, project))))
        )
    return made


def test_each_task_lies_on_one_desk_only(cast):
    with clock.at(MONDAY):
        item = lives.submitted(cast)
        assert [task.item_id for task in selectors.inbox(cast.chen).rows] == [item.pk]
        for other in (cast.wu, cast.xu, cast.lin, cast.zhao, cast.kong):
            assert selectors.inbox(other).rows == []
        lives.in_first_review(cast, lives.accepted(cast, item))
        assert [task.item_id for task in selectors.inbox(cast.wu).rows] == [item.pk]
        assert selectors.inbox(cast.wei).rows == [], "a colleague in the same post does not get a named person's file"
        assert selectors.inbox(cast.fwu).rows == [], "nor does another authority"
        assert selectors.inbox(cast.chen).rows == []


def test_a_delegation_for_some_types_shows_only_those(cast):
    with clock.at(MONDAY):
        lives.submitted(cast)
        limited = cast.chen.__class__(
            user=cast.wei.user, role="WINDOW", organisation=cast.chen.organisation, item_types=("EST",)
        )
        assert selectors.inbox(limited).rows == []
        assert selectors.inbox_count(limited) == 0
        assert selectors.inbox_count(cast.chen) == 1


def test_a_substitute_sees_the_desk_of_the_other_without_their_own(cast):
    with clock.at(MONDAY):
        lives.in_first_review(cast, lives.accepted(cast))
        wei_for_wu = cast.wu.__class__(
            user=cast.wei.user, role="CASE_OFFICER", organisation=cast.wu.organisation, principal=cast.wu.user
        )
        wu_for_wei = cast.wu.__class__(
            user=cast.wu.user, role="CASE_OFFICER", organisation=cast.wu.organisation, principal=cast.wei.user
        )
        assert selectors.inbox_count(wei_for_wu) == 1
        assert selectors.inbox_count(wu_for_wei) == 0


def test_pages_of_the_desk_hold_every_task_once_in_the_order_of_urgency(cast):
    with clock.at(MONDAY):
        several(cast, 7)
    tasks = list(Task.objects.filter(user=cast.wu.user, left_at__isnull=True).order_by("pk"))
    days = [date(2026, 3, 20), date(2026, 3, 10), None, date(2026, 3, 10), None, date(2026, 3, 31), date(2026, 3, 2)]
    for task, day in zip(tasks, days, strict=True):
        Task.objects.filter(pk=task.pk).update(sort_on=day)
    expected = sorted(zip(tasks, days, strict=True), key=lambda pair: (pair[1] or date.max, pair[0].pk))
    seen, after = [], ""
    while True:
        page = selectors.inbox(cast.wu, after=after, size=2)
        seen += page.rows
        after = page.next
        if not after:
            break
    assert [task.pk for task in seen] == [task.pk for task, _day in expected]


def test_the_desk_is_read_along_its_index_however_many_tasks_others_have(cast):
    with clock.at(MONDAY), CaptureQueriesContext(connection) as queries:
        selectors.inbox(cast.wu)
    if connection.vendor != "sqlite":
        pytest.skip("the plan is SQLite's")
    plans = []
    for query in queries.captured_queries:
        if "approvals_task" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                plans += [row[3] for row in cursor.fetchall()]
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN approvals_task")]
    assert any("task_inbox" in plan for plan in plans)


def test_a_desk_of_fifty_costs_as_many_queries_as_one_of_five(cast):
    with clock.at(MONDAY):
        first = several(cast, 1)[0]
        step = Task.objects.get(item=first, left_at__isnull=True, kind="STEP")

    def cost(n):
        Task.objects.filter(kind="COUNTERSIGN").delete()
        for serial in range(n):
            Task.objects.create(
                item=first, kind="COUNTERSIGN", role=step.role, organisation=step.organisation, user=step.user,
                entered_on=MONDAY, entered_at=step.entered_at, sort_on=MONDAY + timedelta(days=serial),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page = selectors.inbox(cast.wu, size=100)
            [selectors.clock_face(task.item, situation(), task) for task in page.rows]
        assert len(page.rows) == n + 1
        return len([q for q in queries.captured_queries if "approvals_" in q["sql"]])

    assert cost(5) == cost(50) <= 10


def test_the_stored_due_date_gives_the_same_days_as_counting_from_acceptance(cast):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    for ahead in range(0, 45):
        day = MONDAY + timedelta(days=ahead)
        with clock.at(day):
            now = situation()
            face = selectors.clock_face(lives.fresh(item), now)
            assert face.days == case_clock.remaining(lives.fresh(item), now), day
            assert face.light == case_clock.light_of(lives.fresh(item), now), day


def test_the_database_counts_the_lights_that_each_item_shows(cast):
    with clock.at(MONDAY):
        several(cast, 3)
        lives.submitted(cast, lives.a_draft(cast, lives.a_project_in_proposal(cast, code="2611-440399-04-01-300000")))
    for ahead in (0, 14, 25, 26, 27, 28, 29, 30, 33, 34, 40):
        with clock.at(MONDAY + timedelta(days=ahead)):
            now = situation()
            shown = [case_clock.light_of(item, now) for item in ApprovalItem.objects.all() if item.accepted_on]
            counted = selectors.lights_now(cast.xu, now)
            assert {light: n for light, n in counted.items() if light != Light.GREY} == {
                light: shown.count(light) for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE)
            }, ahead
            assert counted[Light.GREY] == 1


def test_the_explanation_counts_exactly_the_days_of_the_limit(cast):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(date(2026, 3, 4)):
        item = lives.in_centre(cast, item)
    with clock.at(date(2026, 3, 11)):
        explanation = selectors.deadline_explanation(lives.fresh(item), situation())
    counted = [line for line in explanation.lines if line.counted]
    assert [line.number for line in counted] == list(range(1, explanation.limit + 1))
    assert counted[-1].date == explanation.due_on
    assert explanation.lines[0].date == MONDAY and not explanation.lines[0].counted
    paused = [line.date for line in explanation.lines if line.pause]
    assert paused == [date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)]
    assert explanation.used == 2
    assert selectors.deadline_explanation(ApprovalItem(), situation()) is None


def test_dwell_time_is_the_sum_of_the_working_days_files_lay_there(cast):
    with clock.at(MONDAY):
        first = lives.in_first_review(cast)
    with clock.at(date(2026, 3, 5)):
        item = lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, first)))
    with clock.at(date(2026, 3, 10)):
        lives.in_determination(cast, item)
        found = selectors.dwell_times(cast.xu, MONDAY, situation(), by_person=True)
        desks = selectors.dwell_times(cast.xu, MONDAY, situation())
    by_key = {(row.step, str(row.person)): row for row in found}
    assert (by_key["FIRST_REVIEW", "吴刚"].closed, by_key["FIRST_REVIEW", "吴刚"].days) == (2, 3), (
        "Tue, Wed, Thu; then the same day"
    )
    assert (by_key["SECOND_REVIEW", "许文"].closed, by_key["SECOND_REVIEW", "许文"].days) == (1, 3), "Fri, Mon, Tue"
    open_now = {row.step: row.open_now for row in desks if row.open_now}
    assert open_now == {"DETERMINATION": 1}


def test_the_unit_reads_no_name_of_a_reviewer_before_the_decision_and_all_of_them_after(cast):
    with clock.at(MONDAY):
        item = lives.in_determination(cast)
        inside = {"陈洁", "吴刚", "许文", "何远", "江南", "孔宁"}
        told = _names(cast.lin, item)
        assert not told & inside
        assert "雷鸣" in told, "the unit's own people are no secret"
        assert {"吴刚", "许文"} <= _names(cast.su, item)
        lives.issued(cast, item)
        assert {"吴刚", "许文", "赵敏"} <= _names(cast.lin, lives.fresh(item))


def _names(actor, item):
    sight = selectors.sight_of(actor, item)
    words = [step.who for step in selectors.steps(item, sight, situation())]
    words += [row.who for row in selectors.timeline(item, sight)]
    people = ("陈洁", "吴刚", "许文", "何远", "江南", "孔宁", "赵敏", "雷鸣")
    return {name for name in people if any(name in word for word in words)}


def test_an_expert_reads_the_others_only_after_filing(cast):
    with clock.at(MONDAY):
        item = lives.in_centre(cast)
        data = {"experts": [cast.yan.user.pk], "work_plan": "两日内完成", "expected_days": "2"}
        moves.perform(item.pk, "convene_experts", actor=cast.he, data=data)
        other = ExpertInvitation.objects.create(item=item, expert=cast.fang.user, opinion="同意", filed_at=clock.now())
        sight = selectors.sight_of(cast.yan, lives.fresh(item))
        assert other not in sight.experts(lives.fresh(item))
        moves.perform(item.pk, "file_expert_opinion", actor=cast.yan, data={"opinion": "基本可行"})
        assert other in selectors.sight_of(cast.yan, lives.fresh(item)).experts(lives.fresh(item))


def test_reading_the_lists_writes_nothing(cast):
    with clock.at(MONDAY):
        lives.in_first_review(cast)
        with no_writes():
            now = situation()
            for actor in (cast.lin, cast.wu, cast.xu, cast.su):
                selectors.inbox(actor), selectors.under_way(actor), selectors.done(actor), selectors.items(actor, now)
                selectors.lights_now(actor, now), selectors.turning_red(actor, now), selectors.newest_items(actor)


def test_what_is_under_way_and_done_is_told_per_person(cast):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
        assert [row.pk for row in selectors.under_way(cast.chen).rows] == [item.pk], "the window accepted it"
        assert [task.step for task in selectors.done(cast.chen).rows] == ["SUBMITTED"]
        assert [row.pk for row in selectors.under_way(cast.wu).rows] == [item.pk]
        assert selectors.under_way(cast.wei).rows == []
        assert selectors.done(cast.wei).rows == []
