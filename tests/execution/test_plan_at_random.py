"""Whatever is done to a plan in whatever order: no source above its envelope, no release above quota or control figure."""

import random
from collections import defaultdict
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
# Control figures of the three projects: the second is soon reached.
CONTROLS = (D("12000000.00"), D("1800000.00"), D("12000000.00"))
BALANCING = ("balance", "many", "leave_out", "envelopes")
MONEY = ("funds", "funds", "funds", "adjust", "adjust", "adjust", "shift", "reclaim", "carry", "next", "envelopes")
ROUND = [D(part) for part in ("0.01", "100000", "300000", "500000", "1000000", "2500000")]
Step = tuple[str, int, str, D, D]


def some_part(rng: random.Random) -> Decimal:
    """Mostly round amounts, which meet a limit exactly more often; now and then below nothing."""
    part = rng.choice([*ROUND, D(rng.randint(1, 900_000_000)) / 100])
    return -part if rng.random() < 0.25 else part


def some_steps(rng: random.Random, acts: tuple[str, ...], most: int) -> list[Step]:
    return [
        (rng.choice(acts), rng.randrange(3), rng.choice(("4", "4", "3")), some_part(rng), some_part(rng))
        for _ in range(most)
    ]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def everything_holds() -> None:
    """By the rows themselves, not by the sums the services use."""
    planned_, moved, kept, released, of_project = (defaultdict(D) for _ in range(5))
    for row in PlanItemFunding.objects.all():
        planned_[row.item_id, row.source] += row.planned
    for row in PlanAdjustment.objects.select_related("item"):
        planned_[row.item_id, row.source] += row.amount
        if row.kind != "MIDYEAR":
            moved[row.item.plan_id, row.source] += row.amount
    for row in PlanEnvelope.objects.all():
        kept[row.plan_id, row.source] += row.amount
    for row in FundRelease.objects.all():
        released[row.item_id, row.source] += row.amount
        of_project[row.project_id] += row.amount
    items = list(PlanItem.objects.all())
    for plan in AnnualPlan.objects.all():
        for source in ENVELOPES:
            taken = sum((planned_[item.pk, source] for item in items if item.plan_id == plan.pk), D(0))
            assert taken <= kept[plan.pk, source] + moved[plan.pk, source], f"{plan.year} {source}"
    for key, amount in released.items():
        assert 0 <= amount <= planned_[key], key
    for project in Project.objects.prefetch_related("figures"):
        control = max(row.amount for row in project.figures.all() if row.kind == "ESTIMATE")
        quotas = sum((planned_[item.pk, s] for item in items if item.project_id == project.pk for s in ENVELOPES), D(0))
        assert quotas <= control, f"{project.pk} is planned above its control figure"
        assert of_project[project.pk] <= control
        assert project.told.released == of_project[project.pk]


class Story:
    """Three requests in one plan, and what may happen to them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.plan = planned.a_call(cast, envelopes={code: str(part) for code, part in ENVELOPES.items()})
        projects = [works.in_procurement(cast) for _ in range(3)]
        self.items = [planned.reported(cast, self.plan, project) for project in projects]
        for project, control in zip(projects, CONTROLS, strict=True):
            project.figures.filter(kind="ESTIMATE").update(amount=control)
        planned.closed_call(cast, self.plan)

    def act(self, name: str, which: int, source: str, one: Decimal, two: Decimal) -> None:
        cast, item, key = self.cast, self.items[which], self.plan.pk
        other = self.items[(which + 1) % 3]
        given_ = [Amount(item.pk, source, one)]
        said: dict[str, Any] = {"document_no": "1号", "reason": "原因"}
        acts: dict[str, Callable[[], Any]] = {
            "balance": lambda: works.do(item, "balance", cast.ji, planned={source: str(abs(one))}),
            "many": lambda: plan_requests.balance_many(
                key, actor=cast.ji, planned={item.pk: {source: abs(one)}, other.pk: {"4": abs(two)}}
            ),
            "leave_out": lambda: works.do(item, "leave_out", cast.ji, reason="缓建"),
            "approve": lambda: works.do(self.plan, "approve", cast.zhao, document_no="1号"),
            "release": lambda: works.do(self.plan, "release", cast.ji, document_no="2号"),
            "funds": lambda: plan_funds.release(key, actor=cast.ji, amounts=given_, document_no="3号"),
            "adjust": lambda: plan_funds.adjust(key, actor=cast.zhao, amounts=given_, **said),
            "shift": lambda: plan_funds.adjust(
                key, actor=cast.zhao, amounts=[*given_, Amount(other.pk, source, -one)], **said
            ),
            "envelopes": lambda: plans.set_envelopes(
                key, actor=cast.ji, envelopes={"4": abs(one), "3": abs(two)}, document_no="4号"
            ),
            "reclaim": lambda: plan_funds.reclaim(key, actor=cast.ji, amounts=given_, **said),
            "carry": lambda: plan_funds.carry_over(key, actor=cast.ji, amounts=given_, **said),
            "next": lambda: planned.a_call(cast, self.plan.year + 1, {"4": str(abs(one))}),
        }
        acts[name]()


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@settings(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_no_order_of_acts_breaks_an_envelope_a_quota_or_a_control_figure(story: Story, seed: int) -> None:
    rng = random.Random(seed)
    with transaction.atomic():
        planned_ = [("many", 0, "4", D(2_000_000), D(1_500_000)), ("leave_out", 2, "4", D(1), D(1))]
        decided = [
            ("leave_out", 2, "4", D(1), D(1)),
            ("approve", 0, "4", D(1), D(1)),
            ("release", 0, "4", D(1), D(1)),
            ("funds", 0, "4", D(1_500_000), D(1)),
        ]
        for step in (*planned_, *some_steps(rng, BALANCING, 3), *decided, *some_steps(rng, MONEY, 20)):
            with suppress(DomainError):
                story.act(*step)
            everything_holds()
        assert trace.verify().broken == ""
        transaction.set_rollback(True)
