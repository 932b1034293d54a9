"""Annual plans by the services: a year called, requested, balanced, approved, released, funded.

`a_call(cast)` → plan in CALL with 5,000 万元 of source 4; `reported`, `balanced`, `approved_plan`, `released_plan` go on
from there. `works.released(cast, project, amount)` gives a project funds of this year's plan, whatever it takes.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core import clock
from execution.models import AnnualPlan, PlanItem
from execution.services import plan_funds, plan_requests, plans
from execution.services.plan_funds import Amount
from execution.states import PlanItemState, PlanState
from projects.models import Project
from tests.support.cast import Cast
from tests.support.works import do, in_procurement

ENOUGH = Decimal("50000000.00")
NO = "鹏发改计〔2026〕1号"


def yuan(amounts: Mapping[str, str] | None) -> dict[str, Decimal]:
    return {code: Decimal(amount) for code, amount in (amounts or {}).items()}


def a_call(cast: Cast, year: int | None = None, envelopes: Mapping[str, str] | None = None) -> AnnualPlan:
    """Requests are taken for a month."""
    until = clock.today() + timedelta(days=30)
    given = yuan(envelopes) if envelopes is not None else {"4": ENOUGH}
    return plans.call(
        year or clock.today().year, actor=cast.ji, requests_until=until, note="请于截止日前申报", envelopes=given
    )


def a_request(
    cast: Cast,
    plan: AnnualPlan,
    project: Project | None = None,
    funding: Mapping[str, str] | None = None,
    **values: Any,
) -> PlanItem:
    """A draft of Lin's unit; 300 万元 of source 4 unless said."""
    project = project or in_procurement(cast)
    said = {
        "category": "NEW", "content": "新建教学楼12000平方米", "works_from": date(plan.year, 3, 1),
        "works_until": date(plan.year + 2, 6, 30), "total_investment": Decimal("12000000.00"),
        "year_goal": "主体封顶", **values,
    }  # fmt: skip
    asked = yuan(funding) if funding is not None else {"4": Decimal("3000000.00")}
    return plan_requests.request(plan.pk, project.pk, actor=cast.lin, values=said, funding=asked)


def reported(cast: Cast, plan: AnnualPlan, project: Project | None = None, **values: Any) -> PlanItem:
    return do(a_request(cast, plan, project, **values), "report", cast.lei)


def closed_call(cast: Cast, plan: AnnualPlan) -> AnnualPlan:
    plan = AnnualPlan.objects.get(pk=plan.pk)
    return do(plan, "close_call", cast.ji) if plan.state == PlanState.CALL else plan


def balanced(cast: Cast, item: PlanItem, planned: Mapping[str, str] | None = None) -> PlanItem:
    """As requested, unless said; the call is closed first."""
    closed_call(cast, item.plan)
    asked = {row.source: str(row.requested) for row in item.funding.all()}
    return do(item, "balance", cast.ji, planned=dict(planned) if planned is not None else asked)


def approved_plan(cast: Cast, *items: PlanItem) -> AnnualPlan:
    """The items balanced as requested where they are not yet, the plan approved."""
    for item in items:
        if PlanItem.objects.get(pk=item.pk).state == PlanItemState.REPORTED:
            balanced(cast, item)
    return do(items[0].plan, "approve", cast.zhao, document_no=NO)


def released_plan(cast: Cast, *items: PlanItem) -> AnnualPlan:
    return do(approved_plan(cast, *items), "release", cast.ji, document_no=NO)


def amounts(item: PlanItem, **by_source: str) -> list[Amount]:
    """`amounts(item, s4="100.00", s5_1="20.00")`: yuan of the sources 4 and 5.1."""
    return [Amount(item.pk, name[1:].replace("_", "."), Decimal(part)) for name, part in by_source.items()]


def funds(cast: Cast, plan: AnnualPlan, given: list[Amount], **said: Any) -> list[Any]:
    return plan_funds.release(plan.pk, actor=cast.ji, amounts=given, document_no=said.pop("document_no", NO), **said)
