"""The annual plans of the demonstration: called for in November, released in January, settled at the end of the year."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from assets.services.moves import MACHINES as ASSET_MACHINES
from core import calendars, clock
from core.money import ZERO, from_wan
from demonstration.acts import clerk_of, lead_of
from demonstration.people import District
from demonstration.schedule import Story
from execution import facts
from execution.models import AnnualPlan, PlanItem
from execution.services import plan_funds, plan_requests
from execution.services import plans as plan_services
from execution.services.moves import MACHINES as WORKS_MACHINES
from execution.services.plan_funds import IN_PLAN, Amount
from execution.states import PlanItemState
from projects.models import Project

DISTRICT_FUNDS = "4"  # code of the table `funding_source`
NOTICE = "请各项目单位按《政府投资条例》第十六条填报项目名称、建设内容及规模、工期、总投资、年度投资额和资金来源。"


def year_of_plan(district: District, year: int, envelopes: Mapping[str, str], is_over: bool = True) -> Story:
    """One year's plan from the call to the settling of the year; `envelopes` in 万元 by source."""
    planner, determiner = district["ji"], district["zhao"]
    yield date(year - 1, 11, 10)
    until = date(year - 1, 12, 12)
    available = {source: from_wan(Decimal(amount)) for source, amount in envelopes.items()}
    plan = plan_services.call(year, actor=planner, requests_until=until, note=NOTICE, envelopes=available)
    yield until + timedelta(days=3)
    move(plan, "close_call", planner)
    yield date(year - 1, 12, 24)
    asked = {
        item.pk: {row.source: row.requested for row in item.funding.all()}
        for item in plan.items.filter(state=PlanItemState.REPORTED).prefetch_related("funding")
    }
    plan_requests.balance_many(plan.pk, actor=planner, planned=asked)
    yield date(year, 1, 8)
    move(plan, "approve", determiner, document_no=f"鹏湾会纪〔{year}〕2号")
    yield date(year, 1, 15)
    move(plan, "release", planner, document_no=f"鹏发财〔{year}〕5号")
    if not is_over:
        return
    yield date(year, 12, 30)
    left = what_is_left(plan)
    if left:
        reason = "年度结束未使用，按规定收回统筹"
        plan_funds.reclaim(plan.pk, actor=planner, amounts=left, document_no=f"鹏发财〔{year}〕168号", reason=reason)
    move(plan, "close_year", planner)


def coming_year(district: District, wishes: Sequence[tuple[str, str]]) -> Story:
    """The call for next year is open: some running projects (name, 万元) have asked for their part."""
    today = clock.today()
    works, year = calendars.current().provisional(), today.year + 1
    yield works.add(today, -9)
    envelopes = {DISTRICT_FUNDS: from_wan(Decimal(30000))}
    until = today + timedelta(days=25)
    plan_services.call(year, actor=district["ji"], requests_until=until, note=NOTICE, envelopes=envelopes)
    yield works.add(today, -5)
    for name, amount in wishes:
        request(district, Project.objects.get(name=name), year, amount, "CONTINUING", date(year, 12, 31))


def what_is_left(plan: AnnualPlan) -> list[Amount]:
    """What of each quota was never released."""
    left = []
    for item in plan.items.filter(state__in=IN_PLAN):
        released = facts.released_of(item)
        for source, quota in facts.quota_of(item).items():
            if quota > released.get(source, ZERO):
                left.append(Amount(item.pk, source, quota - released.get(source, ZERO)))
    return left


def request(district: District, project: Project, year: int, amount: str, category: str, until: date) -> PlanItem:
    """The unit asks for its part of a year (万元), and its lead reports it."""
    plan = AnnualPlan.objects.get(year=year)
    values = {
        "category": category,
        "content": project.content_scale,
        "works_from": date(year, 1, 15),
        "works_until": until,
        "total_investment": project.rough_investment,
        "year_goal": f"完成年度投资 {amount} 万元",
    }
    funding = {DISTRICT_FUNDS: from_wan(Decimal(amount))}
    item = plan_requests.request(plan.pk, project.pk, actor=clerk_of(district, project), values=values, funding=funding)
    return move(item, "report", lead_of(district, project))


def release(district: District, project: Project, year: int, amount: str, number: int) -> None:
    """下达 of a part of the quota, in 万元."""
    item = PlanItem.objects.get(plan__year=year, project=project)
    plan_funds.release(
        item.plan_id,
        actor=district["ji"],
        amounts=[Amount(item.pk, DISTRICT_FUNDS, from_wan(Decimal(amount)))],
        document_no=f"鹏发财〔{clock.today().year}〕{number}号",
    )


def move(row: object, name: str, actor: object, **data: object):
    """One move of any of the smaller machines; returns the row as it stands."""
    machine = next(
        machine for machine in (*WORKS_MACHINES.values(), *ASSET_MACHINES.values()) if isinstance(row, machine.model)
    )
    return machine.perform(row.pk, name, actor=actor, data=data)


def later(working_days: int) -> date:
    return calendars.current().provisional().add(clock.today(), working_days)
