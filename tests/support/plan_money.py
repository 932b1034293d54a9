"""Funds of this year's plan for a project, by the services: the year is called and released if need be."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from core import clock
from execution import facts
from execution.models import AnnualPlan, PlanItem
from execution.services import plan_funds, plan_requests, plans
from execution.services.moves import MACHINES
from execution.services.plan_funds import Amount
from projects.models import Project
from tests.support.cast import Cast

PLENTY = Decimal("5000000000.00")


def released(cast: Cast, project: Project, amount: str = "9000000.00", source: str = "4") -> Project:
    """The project taken into the plan of the year, or its quota raised, and funds of that amount (yuan) released to it."""
    year, part = clock.today().year, Decimal(amount)
    number = f"鹏发财〔{year}〕12号"
    plan = AnnualPlan.objects.filter(year=year).first()
    if plan is None:
        plan = plans.call(year, actor=cast.ji, requests_until=clock.today(), envelopes={source: PLENTY})
        item = _reported(cast, plan, project, part, source)
        _move("plan", plan, "close_call", cast.ji)
        _move("plan-item", item, "balance", cast.ji, planned={source: amount})
        _move("plan", plan, "approve", cast.zhao, document_no=f"鹏发改计〔{year}〕1号")
        _move("plan", plan, "release", cast.ji, document_no=f"鹏发改计〔{year}〕2号")
    else:
        given = facts.by_source(plan.envelopes.all())
        plans.set_envelopes(plan.pk, actor=cast.ji, envelopes={**given, source: PLENTY}, document_no=number)
        item = plan.items.filter(project=project).first() or _reported(cast, plan, project, part, source)
        more = [Amount(item.pk, source, part)]
        plan_funds.adjust(plan.pk, actor=cast.zhao, amounts=more, document_no=number, reason="年中追加")
    plan_funds.release(plan.pk, actor=cast.ji, amounts=[Amount(item.pk, source, part)], document_no=number)
    return Project.objects.get(pk=project.pk)


def _reported(cast: Cast, plan: AnnualPlan, project: Project, part: Decimal, source: str) -> PlanItem:
    clerk, lead = (cast.lin, cast.lei) if project.owner_unit_id == cast.lin.organisation_id else (cast.sun, cast.song)
    values = {
        "category": "CONTINUING", "content": project.content_scale or "续建", "works_from": clock.today(),
        "works_until": clock.today() + timedelta(days=365), "total_investment": facts.plan_control(project),
    }  # fmt: skip
    row = plan_requests.request(plan.pk, project.pk, actor=clerk, values=values, funding={source: part})
    return _move("plan-item", row, "report", lead)


def _move(kind: str, row: Any, name: str, actor: Any, **said: Any) -> Any:
    return MACHINES[kind].perform(row.pk, name, actor=actor, data=said)
