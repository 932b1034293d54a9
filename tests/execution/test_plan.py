"""The annual plan as stories: called, requested, balanced within envelopes, approved, released, funded."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.actor import Actor
from accounts.models import Message
from core import clock, trace
from core.errors import NotFound, NotPermitted, StaleState
from execution import facts
from execution.models import AnnualPlan, PlanItem
from execution.services import plan_funds, plan_requests, plans
from projects.models import Project
from tests.support import planned, works
from tests.support.cast import Cast, make_cast
from tests.support.planned import NO
from tests.support.stories import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def fresh(row: PlanItem) -> PlanItem:
    return PlanItem.objects.get(pk=row.pk)


def told(actor: Actor) -> set[str]:
    return set(Message.objects.filter(user=actor.user).values_list("code", flat=True))


def test_a_year_goes_from_the_call_to_funds_the_project_hears_of(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.balanced(cast, item, {"4": "2500000.00"})
    plan = planned.released_plan(cast, item)
    assert (plan.state, fresh(item).state, plan.release_no) == ("RELEASED", "RELEASED", NO)
    assert Project.objects.get(pk=item.project_id).told.released == 0
    planned.funds(cast, plan, planned.amounts(item, s4="1500000.00"))
    planned.funds(cast, plan, planned.amounts(item, s4="1000000.00"))
    assert Project.objects.get(pk=item.project_id).told.released == Decimal("2500000.00")
    with refused("release.above_quota"):
        planned.funds(cast, plan, planned.amounts(item, s4="0.01"))
    assert trace.verify().broken == ""


def test_requests_are_taken_until_the_deadline_and_with_what_the_regulation_asks(cast: Cast) -> None:
    plan = planned.a_call(cast)
    bare = planned.a_request(cast, plan, funding={}, works_from=None)
    with refused("plan.period", "plan.funding"):
        works.do(bare, "report", cast.lei)
    ready = planned.a_request(cast, plan)
    with clock.at(plan.requests_until + timedelta(days=1)):
        with refused("plan.call_over"):
            works.do(ready, "report", cast.lei)
        with refused("plan.call_over"):
            planned.a_request(cast, plan)
    assert works.do(ready, "report", cast.lei).state == "REPORTED"
    with refused("plan.item_twice"):
        planned.a_request(cast, plan, ready.project)


def test_only_projects_with_an_approved_study_or_estimate_enter_except_preparatory_ones(cast: Cast) -> None:
    plan = planned.a_call(cast)
    young = works.taken_over(cast, "FEASIBILITY")
    young.figures.all().delete()
    with refused("plan.not_eligible"):
        works.do(planned.a_request(cast, plan, young), "report", cast.lei)
    item = plan.items.get(project=young)
    plan_requests.amend_request(item.pk, actor=cast.lin, values={"category": "PREPARATORY"})
    assert works.do(item, "report", cast.lei).state == "REPORTED"
    with refused("plan.above_control"):
        planned.balanced(cast, item)


def test_every_fault_of_a_request_comes_at_once(cast: Cast) -> None:
    plan = planned.a_call(cast)
    with refused("invalid", "plan.category", "plan.total", "date.too_early", "plan.source", "plan.negative"):
        planned.a_request(
            cast, plan, category="OTHER", content="", total_investment=Decimal(0),
            works_from=clock.today(), works_until=clock.today() - timedelta(days=1),
            funding={"4": "-1.00", "99": "5.00"},
        )  # fmt: skip
    with refused("plan.above_total"):
        planned.a_request(cast, plan, funding={"4": "12000000.00", "3": "0.01"})


def test_a_returned_request_can_be_reported_after_the_call(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.balanced(cast, item)
    works.do(item, "return_request", cast.ji, reason="资金来源不符")
    assert facts.planned_by_source(plan) == {"4": 0}, "what was planned is free again"
    item = fresh(item)
    plan_requests.amend_request(item.pk, actor=cast.lin, values={}, funding={"3": Decimal("100.00")})
    assert works.do(item, "report", cast.lei).state == "REPORTED"
    late = PlanItem.objects.filter(plan=plan).count()
    with refused("plan.call_closed"):
        planned.a_request(cast, plan)
    assert PlanItem.objects.filter(plan=plan).count() == late


def test_balancing_stops_at_the_envelope_to_the_fen(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "5000000.00", "3": "100.00"})
    first, second = planned.reported(cast, plan), planned.reported(cast, plan)
    planned.balanced(cast, first, {"4": "3000000.00"})
    with refused("plan.envelope"):
        planned.balanced(cast, second, {"4": "2000000.01"})
    with refused("plan.envelope", "plan.envelope"):
        planned.balanced(cast, second, {"4": "2000000.01", "3": "100.01"})
    with refused("plan.envelope"):
        planned.balanced(cast, second, {"5": "0.01"})
    planned.balanced(cast, second, {"4": "2000000.00", "3": "100.00"})
    with refused("plan.envelope"):
        plans.set_envelopes(plan.pk, actor=cast.ji, envelopes={"4": Decimal("4999999.99"), "3": Decimal(100)})
    works.do(first, "leave_out", cast.ji, reason="手续不全")
    plans.set_envelopes(plan.pk, actor=cast.ji, envelopes={"4": Decimal("2000000.00"), "3": Decimal(100)})
    with refused("plan.envelope"):
        planned.balanced(cast, first, {"4": "0.01"})


def test_many_are_balanced_together_or_not_at_all(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "5000000.00"})
    items = [planned.reported(cast, plan) for _ in range(3)]
    planned.closed_call(cast, plan)
    said = {item.pk: {"4": Decimal("2000000.00")} for item in items}
    with refused("plan.envelope"):
        plan_requests.balance_many(plan.pk, actor=cast.ji, planned=said)
    assert facts.planned_by_source(plan) == {"4": 0}
    said[items[2].pk] = {"4": Decimal("1000000.00")}
    done = plan_requests.balance_many(plan.pk, actor=cast.ji, planned=said)
    assert {row.state for row in done} == {"BALANCED"}
    assert plan_requests.balance_many(plan.pk, actor=cast.ji, planned=said) == [], "nothing changed"
    swapped = {items[0].pk: {"4": Decimal("1000000.00")}, items[2].pk: {"4": Decimal("2000000.00")}}
    assert len(plan_requests.balance_many(plan.pk, actor=cast.ji, planned=swapped)) == 2, "judged by the result"
    with refused("plan.item_unknown"):
        plan_requests.balance_many(plan.pk, actor=cast.ji, planned={999_999: {"4": Decimal(1)}})


def test_plans_of_all_years_stop_at_the_control_figure(cast: Cast) -> None:
    """R-INV-10: the estimate is 12,000,000."""
    project = works.in_procurement(cast)
    plan = planned.a_call(cast)
    first = planned.reported(cast, plan, project, funding={"4": "8000000.00"})
    planned.released_plan(cast, first)
    planned.funds(cast, plan, planned.amounts(first, s4="8000000.00"))
    following = planned.a_call(cast, plan.year + 1)
    second = planned.reported(cast, following, project, funding={"4": "5000000.00"})
    with refused("plan.above_control"):
        planned.balanced(cast, second, {"4": "4000000.01"})
    planned.balanced(cast, second, {"4": "4000000.00"})
    project.figures.filter(kind="ESTIMATE").update(amount=Decimal("11000000.00"))
    with refused("plan.above_control"):
        planned.approved_plan(cast, second)
    project.figures.filter(kind="ESTIMATE").update(amount=Decimal("12000000.00"))
    following = planned.released_plan(cast, second)
    project.figures.filter(kind="ESTIMATE").update(amount=Decimal("11000000.00"))
    with refused("release.above_control"):
        planned.funds(cast, following, planned.amounts(second, s4="3000000.01"))
    planned.funds(cast, following, planned.amounts(second, s4="3000000.00"))
    assert Project.objects.get(pk=project.pk).told.released == Decimal("11000000.00")


def test_a_plan_is_approved_when_every_request_is_answered(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item, waiting = planned.reported(cast, plan), planned.reported(cast, plan)
    planned.closed_call(cast, plan)
    with refused("plan.empty", "plan.unanswered"):
        works.do(plan, "approve", cast.zhao, document_no=NO)
    planned.balanced(cast, item)
    with refused("plan.unanswered"):
        works.do(plan, "approve", cast.zhao, document_no=NO)
    works.do(waiting, "leave_out", cast.ji, reason="缓建")
    plan = works.do(plan, "approve", cast.zhao, document_no=NO)
    assert (plan.document_no, plan.decided_on) == (NO, clock.today())
    assert (fresh(item).state, fresh(waiting).state) == ("APPROVED", "LEFT_OUT")
    with refused("plan.not_released"):
        planned.funds(cast, plan, planned.amounts(item, s4="1.00"))


def test_what_is_wrong_with_a_release_is_said_at_once_and_nothing_is_released(cast: Cast) -> None:
    plan = planned.a_call(cast)
    good, bad, out = (planned.reported(cast, plan) for _ in range(3))
    planned.balanced(cast, good)
    works.do(out, "leave_out", cast.ji, reason="缓建")
    planned.released_plan(cast, good, bad)
    given = [
        *planned.amounts(good, s4="100.00"),
        *planned.amounts(bad, s4="3000000.01", s3="1.00"),
        *planned.amounts(out, s4="1.00"),
    ]
    with refused("plan.no_document", "release.above_quota", "release.above_quota", "plan.item_not_in"):
        planned.funds(cast, plan, given, document_no=" ")
    with refused("plan.negative"):
        planned.funds(cast, plan, planned.amounts(good, s4="-1.00"))
    with refused("plan.no_amounts"):
        planned.funds(cast, plan, [])
    assert not good.releases.exists()


def test_quotas_are_adjusted_within_the_envelope_and_above_what_is_released(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "6000000.00"})
    item, other, out = (planned.reported(cast, plan) for _ in range(3))
    planned.balanced(cast, item)
    planned.balanced(cast, other)
    works.do(out, "leave_out", cast.ji, reason="缓建")
    plan = planned.released_plan(cast, item, other)
    planned.funds(cast, plan, planned.amounts(item, s4="2000000.00"))
    said = {"actor": cast.zhao, "document_no": "调1号", "reason": "年中调整"}
    with refused("plan.envelope"):
        plan_funds.adjust(plan.pk, amounts=planned.amounts(out, s4="0.01"), **said)
    with refused("plan.below_released"):
        plan_funds.adjust(plan.pk, amounts=planned.amounts(item, s4="-1000000.01"), **said)
    moved = [*planned.amounts(item, s4="-1000000.00"), *planned.amounts(out, s4="1000000.00")]
    plan_funds.adjust(plan.pk, amounts=moved, **said)
    assert (fresh(out).state, facts.quota_of(fresh(out))) == ("RELEASED", {"4": Decimal("1000000.00")})
    assert facts.planned_by_source(plan) == {"4": Decimal("6000000.00")}
    planned.funds(cast, plan, planned.amounts(out, s4="1000000.00"))
    late = planned.reported(cast, AnnualPlan.objects.get(pk=plan.pk), category="NEW")
    taken = [*planned.amounts(other, s4="-500000.00"), *planned.amounts(late, s4="500000.00")]
    plan_funds.adjust(plan.pk, amounts=taken, **said)
    assert fresh(late).state == "RELEASED", "a request made in the year enters by an adjustment"
    with refused("plan.no_document", "plan.no_reason"):
        plan_funds.adjust(plan.pk, actor=cast.zhao, amounts=taken, document_no="", reason="")


def test_unspent_quota_is_carried_to_the_next_year_with_its_money(cast: Cast) -> None:
    project = works.building(cast, funds="1000000.00")
    plan = AnnualPlan.objects.get()
    item = plan.items.get()
    extra = planned.amounts(item, s4="500000.00")
    plan_funds.adjust(plan.pk, actor=cast.zhao, amounts=extra, document_no="调1号", reason="追加")
    said = {"actor": cast.ji, "document_no": "转1号"}
    with refused("plan.no_next_year"):
        plan_funds.carry_over(plan.pk, amounts=extra, **said)
    following = planned.a_call(cast, plan.year + 1, {"4": "0.00"})
    with refused("plan.spent"):
        plan_funds.carry_over(plan.pk, amounts=planned.amounts(item, s4="1500000.01"), **said)
    before = facts.available_by_source(plan)["4"]
    goals = plan_funds.carry_over(plan.pk, amounts=planned.amounts(item, s4="800000.00"), **said)
    goal = fresh(goals[0])
    assert (goal.category, goal.state, facts.quota_of(goal)) == ("CONTINUING", "DRAFT", {"4": Decimal("800000.00")})
    assert facts.available_by_source(following) == {"4": Decimal("800000.00")}
    assert facts.available_by_source(plan)["4"] == before - Decimal("800000.00")
    item = fresh(item)
    assert (facts.quota_of(item), facts.released_of(item)) == ({"4": Decimal("700000.00")},) * 2
    assert Project.objects.get(pk=project.pk).told.released == Decimal("700000.00"), "300,000 are released anew"
    works.do(plan, "close_year", cast.ji)
    assert fresh(item).state == "CLOSED"
    other = planned.reported(cast, following, funding={"3": "1.00"})
    plans.set_envelopes(following.pk, actor=cast.ji, envelopes={"3": Decimal(1)})
    following = planned.released_plan(cast, other)
    assert fresh(goal).state == "RELEASED", "whoever holds a carried quota enters the plan"
    planned.funds(cast, following, planned.amounts(goal, s4="800000.00"))
    assert Project.objects.get(pk=project.pk).told.released == Decimal("1500000.00")


def test_a_year_closes_when_nothing_is_left(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    plan = planned.released_plan(cast, item)
    planned.funds(cast, plan, planned.amounts(item, s4="1000000.00"))
    with refused("plan.left"):
        works.do(plan, "close_year", cast.ji)
    with refused("plan.no_reason"):
        plan_funds.reclaim(
            plan.pk, actor=cast.ji, amounts=planned.amounts(item, s4="1.00"), document_no="收1号", reason=" "
        )
    available = facts.available_by_source(plan)["4"]
    plan_funds.reclaim(
        plan.pk, actor=cast.ji, amounts=planned.amounts(item, s4="2500000.00"), document_no="收1号", reason="结余"
    )
    assert facts.available_by_source(plan)["4"] == available - Decimal("2500000.00")
    assert Project.objects.get(pk=item.project_id).told.released == Decimal("500000.00")
    assert works.do(plan, "close_year", cast.ji).state == "CLOSED"
    assert fresh(item).state == "CLOSED"


def test_a_project_that_has_ended_gives_back_and_gets_nothing(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    plan = planned.released_plan(cast, item)
    Project.objects.filter(pk=item.project_id).update(stage="TERMINATED")
    with refused("project.ended"):
        planned.funds(cast, plan, planned.amounts(item, s4="1.00"))
    plan_funds.reclaim(
        plan.pk, actor=cast.ji, amounts=planned.amounts(item, s4="3000000.00"), document_no="收1号", reason="终止"
    )
    assert facts.quota_of(fresh(item)) == {"4": 0}


@pytest.mark.parametrize("who", ["lin", "wu", "zhao", "fzhao", "fang", "qian"])
def test_the_planner_plans_and_nobody_else(cast: Cast, who: str) -> None:
    actor = cast.actors[who]
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    given = planned.amounts(item, s4="1.00")
    acts = (
        lambda: plans.call(2030, actor=actor, requests_until=clock.today()),
        lambda: plans.set_envelopes(plan.pk, actor=actor, envelopes={}),
        lambda: plan_requests.balance_many(plan.pk, actor=actor, planned={item.pk: {"4": Decimal(1)}}),
        lambda: plan_funds.release(plan.pk, actor=actor, amounts=given, document_no=NO),
        lambda: plan_funds.reclaim(plan.pk, actor=actor, amounts=given, document_no=NO, reason="x"),
        lambda: works.do(plan, "close_call", actor),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


def test_who_approves_belongs_to_the_authority(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.balanced(cast, item)
    for actor in (cast.ji, cast.fzhao, cast.czhao, cast.xu):
        with pytest.raises(NotPermitted):
            works.do(plan, "approve", actor, document_no=NO)
    given = planned.amounts(item, s4="1.00")
    works.do(plan, "approve", cast.zhao, document_no=NO)
    for actor in (cast.ji, cast.fzhao, cast.lin):
        with pytest.raises(NotPermitted):
            plan_funds.adjust(plan.pk, actor=actor, amounts=given, document_no=NO, reason="x")


def test_units_find_their_own_requests_and_others_none(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    for actor in (cast.sun, cast.chen, cast.root, cast.kong, cast.gu):
        with pytest.raises(NotFound):
            works.do(item, "report", actor)
    with pytest.raises(NotFound):
        plan_requests.request(plan.pk, item.project_id, actor=cast.sun, values={})
    with pytest.raises(NotPermitted):
        plan_requests.request(plan.pk, item.project_id, actor=cast.lei, values={})


def test_an_old_copy_is_noticed(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.a_request(cast, plan)
    plan_requests.amend_request(item.pk, actor=cast.lin, values={"year_goal": "a"}, expected_version=0)
    with pytest.raises(StaleState):
        plan_requests.amend_request(item.pk, actor=cast.lin, values={"year_goal": "b"}, expected_version=0)
    plans.amend_call(plan.pk, actor=cast.ji, requests_until=clock.today(), expected_version=0)
    with pytest.raises(StaleState):
        plans.amend_call(plan.pk, actor=cast.ji, requests_until=clock.today(), expected_version=0)


def test_a_decision_about_money_sent_twice_counts_once(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    plan = planned.released_plan(cast, item)
    planned.a_call(cast, plan.year + 1, {})
    little = planned.amounts(item, s4="100000.00")
    said = {"amounts": little, "document_no": "1号"}
    for act, actor, more in (
        (plan_funds.release, cast.ji, {}),
        (plan_funds.adjust, cast.zhao, {"reason": "追加"}),
        (plan_funds.carry_over, cast.ji, {}),
        (plan_funds.reclaim, cast.ji, {"reason": "结余"}),
    ):
        seen = AnnualPlan.objects.get(pk=plan.pk).version
        act(plan.pk, actor=actor, expected_version=seen, **said, **more)
        before = (facts.planned_by_source(plan), facts.released_by_source(plan))
        with pytest.raises(StaleState):
            act(plan.pk, actor=actor, expected_version=seen, **said, **more)
        assert (facts.planned_by_source(plan), facts.released_by_source(plan)) == before


def test_no_document_about_money_is_older_than_the_plan_it_rests_on(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    plan = planned.released_plan(cast, item)
    planned.a_call(cast, plan.year + 1, {})
    said = {"amounts": planned.amounts(item, s4="1.00"), "document_no": "1号"}
    eve = clock.today() - timedelta(days=1)
    with refused("date.too_early"):
        plan_funds.release(plan.pk, actor=cast.ji, released_on=eve, **said)
    with refused("date.too_early"):
        plan_funds.adjust(plan.pk, actor=cast.zhao, decided_on=eve, reason="追加", **said)
    with refused("date.too_early"):
        plan_funds.carry_over(plan.pk, actor=cast.ji, decided_on=eve, **said)
    with refused("date.too_early"):
        plan_funds.reclaim(plan.pk, actor=cast.ji, decided_on=eve, reason="结余", **said)


def test_the_number_of_a_document_is_kept_whole_or_refused(cast: Cast) -> None:
    item = planned.reported(cast, planned.a_call(cast))
    planned.balanced(cast, item)
    with refused("too_long"):
        works.do(item.plan, "approve", cast.zhao, document_no="号" * 61)
    assert works.do(item.plan, "approve", cast.zhao, document_no="号" * 60).document_no == "号" * 60
    with refused("too_long"):
        works.do(item.plan, "release", cast.ji, document_no="号" * 61)


def test_a_request_made_in_the_year_goes_back_like_any_other(cast: Cast) -> None:
    plan = planned.a_call(cast)
    planned.released_plan(cast, planned.reported(cast, plan))
    late = planned.reported(cast, AnnualPlan.objects.get(pk=plan.pk))
    works.do(late, "return_request", cast.ji, reason="总投资有误")
    plan_requests.amend_request(late.pk, actor=cast.lin, values={"year_goal": "封顶"})
    assert works.do(late, "report", cast.lei).state == "REPORTED"


def test_what_is_carried_over_keeps_to_its_category(cast: Cast) -> None:
    plan = planned.a_call(cast)
    begun = planned.reported(cast, plan)
    prepared = planned.reported(cast, plan, category="PREPARATORY")
    planned.released_plan(cast, begun, prepared)
    planned.a_call(cast, plan.year + 1, {})
    given = [*planned.amounts(begun, s4="1.00"), *planned.amounts(prepared, s4="1.00")]
    goals = plan_funds.carry_over(plan.pk, actor=cast.ji, amounts=given, document_no="转1号")
    assert [goal.category for goal in goals] == ["CONTINUING", "PREPARATORY"]


def test_a_draft_is_taken_back_and_a_reported_request_is_not(cast: Cast) -> None:
    plan = planned.a_call(cast)
    draft, sent = planned.a_request(cast, plan), planned.reported(cast, plan)
    plan_requests.discard(draft.pk, actor=cast.lin)
    with refused("plan.reported"):
        plan_requests.discard(sent.pk, actor=cast.lin)
    assert [row.pk for row in PlanItem.objects.all()] == [sent.pk]


def test_a_call_tells_the_units_and_a_release_whom_it_concerns(cast: Cast) -> None:
    plan = planned.a_call(cast)
    assert told(cast.lei) == {"plan.called"}
    item = planned.reported(cast, plan)
    planned.released_plan(cast, item)
    assert "plan.released" in told(cast.lin)
    assert told(cast.chen) == set()
