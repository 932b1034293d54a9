"""Two people at the same moment: envelopes, quotas and control figures hold, because the plan and the project are locked."""

from decimal import Decimal
from typing import Any

import pytest

from core import trace
from core.errors import RuleViolation
from execution import facts
from execution.models import AnnualPlan
from execution.services import plan_funds, plans
from projects.models import Project
from tests.support import planned, works
from tests.support.at_once import at_once, refusals
from tests.support.cast import Cast, make_cast

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def codes(lost: list[Any]) -> list[list[str]]:
    assert all(isinstance(error, RuleViolation) for error in lost), lost
    return [[problem.code for problem in error.problems] for error in lost]


def test_of_requests_balanced_at_once_only_as_many_as_the_envelope_bears_come_in(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "5000000.00"})
    items = [planned.reported(cast, plan) for _ in range(3)]
    planned.closed_call(cast, plan)
    said = {"planned": {"4": "2500000.00"}}
    results = at_once(*[lambda item=item: works.do(item, "balance", cast.ji, **said) for item in items])
    assert codes(refusals(results)) == [["plan.envelope"]]
    assert facts.planned_by_source(plan) == {"4": Decimal("5000000.00")}
    assert trace.verify().broken == ""


def test_releases_at_once_stay_within_the_quota_and_the_project_hears_the_true_sum(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.released_plan(cast, item)
    given = planned.amounts(item, s4="1500000.00")
    results = at_once(*[lambda: planned.funds(cast, plan, given) for _ in range(3)])
    assert codes(refusals(results)) == [["release.above_quota"]]
    assert Project.objects.get(pk=item.project_id).told.released == Decimal("3000000.00")


def test_releases_of_two_years_at_once_stay_within_the_control_figure(cast: Cast) -> None:
    project = works.in_procurement(cast)
    plan = planned.a_call(cast)
    first = planned.reported(cast, plan, project, funding={"4": "6000000.00"})
    planned.released_plan(cast, first)
    following = planned.a_call(cast, plan.year + 1)
    second = planned.reported(cast, following, project, funding={"4": "6000000.00"})
    planned.released_plan(cast, second)
    project.figures.filter(kind="ESTIMATE").update(amount=Decimal("10000000.00"))
    results = at_once(
        lambda: planned.funds(cast, plan, planned.amounts(first, s4="6000000.00")),
        lambda: planned.funds(cast, following, planned.amounts(second, s4="6000000.00")),
    )
    assert codes(refusals(results)) == [["release.above_control"]]
    assert Project.objects.get(pk=project.pk).told.released == Decimal("6000000.00")


def test_adjustments_of_different_projects_at_once_share_what_is_left_of_the_envelope(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "7000000.00"})
    items = [planned.reported(cast, plan) for _ in range(2)]
    planned.released_plan(cast, *items)
    said = {"actor": cast.zhao, "document_no": "调1号", "reason": "追加"}
    results = at_once(
        *[
            lambda item=item: plan_funds.adjust(plan.pk, amounts=planned.amounts(item, s4="1000000.00"), **said)
            for item in items
        ]
    )
    assert codes(refusals(results)) == [["plan.envelope"]]
    assert facts.planned_by_source(plan) == {"4": Decimal("7000000.00")}


def test_an_envelope_is_not_lowered_below_what_is_balanced_at_the_same_moment(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "3000000.00"})
    item = planned.reported(cast, plan)
    planned.closed_call(cast, plan)
    results = at_once(
        lambda: works.do(item, "balance", cast.ji, planned={"4": "3000000.00"}),
        lambda: plans.set_envelopes(plan.pk, actor=cast.ji, envelopes={"4": Decimal("2999999.99")}),
    )
    assert codes(refusals(results)) == [["plan.envelope"]], "whoever came second"
    assert facts.planned_by_source(plan).get("4", 0) <= facts.available_by_source(plan)["4"]


def test_what_is_carried_over_and_reclaimed_at_once_is_given_back_once(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.released_plan(cast, item)
    following = planned.a_call(cast, plan.year + 1, {})
    given = planned.amounts(item, s4="3000000.00")
    results = at_once(
        lambda: plan_funds.carry_over(plan.pk, actor=cast.ji, amounts=given, document_no="转1号"),
        lambda: plan_funds.reclaim(plan.pk, actor=cast.ji, amounts=given, document_no="收1号", reason="结余"),
    )
    assert codes(refusals(results)) == [["plan.spent"]]
    assert facts.planned_by_source(AnnualPlan.objects.get(pk=plan.pk)) == {"4": 0}
    assert sum(facts.planned_by_source(following).values(), Decimal(0)) in (Decimal(0), Decimal("3000000.00"))
