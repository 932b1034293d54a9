"""Whatever is done to a plan in whatever order: no source above its envelope, no release above quota or control figure."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import trace
from core.errors import DomainError
from execution.models import AnnualPlan, FundRelease, PlanAdjustment, PlanEnvelope, PlanItem, PlanItemFunding
from execution.services import plan_funds, plan_requests, plans
from execution.services.plan_funds import Amount
from projects.models import Project
from tests.support import planned, works
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

D = Decimal
ENVELOPES = {"4": D("5000000.00"), "3": D("1000000.00")}
CONTROL = D("12000000.00")
PART = st.decimals(min_value=D("-4000000.00"), max_value=D("9000000.00"), places=2)
ACTS = (
    "balance",
    "many",
    "leave_out",
    "approve",
    "release",
    "funds",
    "adjust",
    "envelopes",
    "reclaim",
    "carry",
    "next",
)
STEP = st.tuples(st.sampled_from(ACTS), st.integers(min_value=0, max_value=2), st.sampled_from(["4", "3"]), PART, PART)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def envelope_of(plan: AnnualPlan, source: str) -> Decimal:
    """By the rows themselves, not by the sums the services use."""
    own = sum((row.amount for row in PlanEnvelope.objects.filter(plan=plan, source=source)), D(0))
    moved = PlanAdjustment.objects.filter(item__plan=plan, source=source).exclude(kind="MIDYEAR")
    return own + sum((row.amount for row in moved), D(0))


def quota(item: PlanItem, source: str) -> Decimal:
    planned_ = sum((row.planned for row in PlanItemFunding.objects.filter(item=item, source=source)), D(0))
    return planned_ + sum((row.amount for row in PlanAdjustment.objects.filter(item=item, source=source)), D(0))


def everything_holds() -> None:
    for plan in AnnualPlan.objects.all():
        for source in ENVELOPES:
            taken = sum((quota(item, source) for item in plan.items.all()), D(0))
            assert taken <= envelope_of(plan, source), f"{plan.year} {source}"
            for item in plan.items.all():
                released = sum((row.amount for row in item.releases.filter(source=source)), D(0))
                assert 0 <= released <= quota(item, source)
    for project in Project.objects.all():
        total = sum((row.amount for row in FundRelease.objects.filter(project=project)), D(0))
        assert total <= CONTROL
        assert project.told.released == total
        assert sum((quota(item, s) for item in project.plan_items.all() for s in ENVELOPES), D(0)) <= CONTROL


class Story:
    """Three requests in one plan, and what may happen to them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.plan = planned.a_call(cast, envelopes={code: str(part) for code, part in ENVELOPES.items()})
        projects = [works.in_procurement(cast) for _ in range(3)]
        self.items = [planned.reported(cast, self.plan, project) for project in projects]
        planned.closed_call(cast, self.plan)

    def act(self, name: str, which: int, source: str, one: Decimal, two: Decimal) -> None:
        cast, item, key = self.cast, self.items[which], self.plan.pk
        other = self.items[(which + 1) % 3]
        given_ = [Amount(item.pk, source, one), Amount(other.pk, source, two)]
        said: dict[str, Any] = {"document_no": "1号", "reason": "原因"}
        acts: dict[str, Callable[[], Any]] = {
            "balance": lambda: works.do(item, "balance", cast.ji, planned={source: str(abs(one))}),
            "many": lambda: plan_requests.balance_many(
                key, actor=cast.ji, planned={item.pk: {source: abs(one)}, other.pk: {"4": abs(two)}}
            ),
            "leave_out": lambda: works.do(item, "leave_out", cast.ji, reason="缓建"),
            "approve": lambda: works.do(self.plan, "approve", cast.zhao, document_no="1号"),
            "release": lambda: works.do(self.plan, "release", cast.ji, document_no="2号"),
            "funds": lambda: plan_funds.release(key, actor=cast.ji, amounts=given_[:1], document_no="3号"),
            "adjust": lambda: plan_funds.adjust(key, actor=cast.zhao, amounts=given_, **said),
            "envelopes": lambda: plans.set_envelopes(
                key, actor=cast.ji, envelopes={"4": abs(one), "3": abs(two)}, document_no="4号"
            ),
            "reclaim": lambda: plan_funds.reclaim(key, actor=cast.ji, amounts=given_[:1], **said),
            "carry": lambda: plan_funds.carry_over(key, actor=cast.ji, amounts=given_[:1], **said),
            "next": lambda: planned.a_call(cast, self.plan.year + 1, {"4": str(abs(one))}),
        }
        acts[name]()


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@settings(
    max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(steps=st.lists(STEP, min_size=4, max_size=10))
def test_no_order_of_acts_breaks_an_envelope_a_quota_or_a_control_figure(
    story: Story, steps: list[tuple[str, int, str, Decimal, Decimal]]
) -> None:
    with transaction.atomic():
        planned_ = [("many", 0, "4", D(2_000_000), D(1_500_000)), ("leave_out", 2, "4", D(1), D(1))]
        decided = [
            ("approve", 0, "4", D(1), D(1)),
            ("release", 0, "4", D(1), D(1)),
            ("funds", 0, "4", D(1_500_000), D(1)),
        ]
        third = len(steps) // 3
        for step in (*planned_, *steps[:third], *decided, *steps[third:]):
            with suppress(DomainError):
                story.act(*step)
            everything_holds()
        assert trace.verify().broken == ""
        transaction.set_rollback(True)
