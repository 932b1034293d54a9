"""What tests of tables and reports need quickly: rows as the services leave them, with chosen figures and days.

Amounts are texts in yuan. Estimates with lines, payments, settlements, monthly reports; contracts and changes come from
`tests.support.works`, by their services.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from approvals.models import ApprovalItem, CostLine
from core import clock
from execution.models import (
    AnnualPlan,
    Contract,
    Forecast,
    FundRelease,
    Milestone,
    Payment,
    PaymentFunding,
    PlanAdjustment,
    PlanItem,
    PlanItemFunding,
    ProgressReport,
    Settlement,
)
from projects.models import Project
from tests.support.cast import Cast

NUMBERS = count(1)
KIND_OF = {"EST": "ESTIMATE", "ADJ": "ADJUSTED", "BUD": "BUDGET"}


def an_item(cast: Cast, project: Project, item_type: str, amount: str, on: date | None = None) -> ApprovalItem:
    """A decided item."""
    day, number = on or clock.today(), next(NUMBERS)
    return ApprovalItem.objects.create(
        no=f"B-{number}", project=project, item_type=item_type, owner_unit=project.owner_unit,
        authority=cast.houses["authority"], center=cast.houses["center"], state="ARCHIVED", accepted_on=day,
        decided_on=day, approved_amount=Decimal(amount), document_no=f"鹏发改〔{day.year}〕{number}号",
        applicant=cast.lin.user, first_reviewer=cast.wu.user,
    )  # fmt: skip


def broken_down(
    cast: Cast, project: Project, item_type: str, leaves: Mapping[str, str], headings: Mapping[str, str] = {}
) -> ApprovalItem:
    """The project's newest estimate or budget with these lines; what was signed stays as it is."""
    figure = project.figures.filter(kind=KIND_OF[item_type]).latest("version")
    item = an_item(cast, project, item_type, str(figure.amount), figure.decided_on)
    for position, code in enumerate([*headings, *leaves]):
        CostLine.objects.create(
            item=item, code=code, position=position, name=headings.get(code, f"费用{code}"), is_leaf=code in leaves,
            declared=Decimal(leaves[code]) if code in leaves else None,
            reviewed=Decimal(leaves[code]) if code in leaves else None,
        )  # fmt: skip
    figure.item_id = item.pk
    figure.save()
    return item


def signed_figure(project: Project, kind: str, amount: str, on: date | None = None) -> Any:
    version = max((row.version for row in project.figures.all()), default=0) + 1
    day = on or clock.today()
    return project.figures.create(
        version=version,
        kind=kind,
        amount=Decimal(amount),
        decided_on=day,
        document_no=f"鹏发改〔{day.year}〕{version}号",
    )


def a_payment(
    cast: Cast,
    contract: Contract,
    amount: str,
    on: date | None = None,
    *,
    state: str = "PAID",
    sources: Mapping[str, str] | None = None,
    kind: str = "PROGRESS",
) -> Payment:
    """Paid by the treasury, or in another state. All from the district's budget (4) unless said."""
    number, yuan, day = next(NUMBERS), Decimal(amount), on or clock.today()
    paid = state == "PAID"
    row = Payment.objects.create(
        contract=contract, no=f"ZF-{number}", kind=kind, state=state, applied=yuan, amount=yuan, invoice=f"FP{number}",
        treasury_no=f"GK{number}" if paid else "", approved_on=day if state in ("PAID", "FINANCE_APPROVED") else None,
        paid_on=day if paid else None, created_by=cast.lin.user,
    )  # fmt: skip
    for source, part in (sources or {"4": amount}).items():
        PaymentFunding.objects.create(payment=row, source=source, amount=Decimal(part))
    return row


def settled(
    cast: Cast, contract: Contract, reviewed: str, on: date | None = None, state: str = "SETTLED"
) -> Settlement:
    day = on or clock.today()
    item = an_item(cast, contract.project, "SET", reviewed, day)
    Contract.objects.filter(pk=contract.pk).update(state=state)
    return Settlement.objects.create(
        contract=contract, item=item, submitted=Decimal(reviewed), submitted_on=day, reviewed=Decimal(reviewed),
        reviewed_on=day, recorded_by=cast.lin.user,
    )  # fmt: skip


def a_report(
    cast: Cast, project: Project, month: date, percent: str, completed: str, state: str = "CONFIRMED", **more: Any
) -> ProgressReport:
    return ProgressReport.objects.create(
        project=project, month=month.replace(day=1), state=state, physical_percent=Decimal(percent),
        completed_investment=Decimal(completed), created_by=cast.lin.user, **more,
    )  # fmt: skip


def a_milestone(project: Project, on: date, percent: str | None, position: int = 1, **more: Any) -> Milestone:
    share = None if percent is None else Decimal(percent)
    return Milestone.objects.create(
        project=project, position=position, name=f"节点{position}", planned_on=on, planned_percent=share, **more
    )


def foreseen(cast: Cast, project: Project, code: str, amount: str, on: date | None = None) -> Forecast:
    return Forecast.objects.create(
        project=project, cost_code=code, amount=Decimal(amount), made_on=on or clock.today(), made_by=cast.lin.user
    )


def planned(
    cast: Cast, project: Project, year: int, planned: Mapping[str, str], state: str = "RELEASED", category: str = "NEW"
) -> PlanItem:
    """The project in a year's plan, by source."""
    plan, _created = AnnualPlan.objects.get_or_create(
        year=year, defaults={"state": "RELEASED", "created_by": cast.wu.user}
    )
    item = PlanItem.objects.create(
        plan=plan, project=project, category=category, state=state, content=project.content_scale or "内容",
        total_investment=Decimal("12000000.00"), requested_by=cast.lin.user,
    )  # fmt: skip
    for source, amount in planned.items():
        PlanItemFunding.objects.create(item=item, source=source, requested=Decimal(amount), planned=Decimal(amount))
    return item


def adjusted(cast: Cast, item: PlanItem, amount: str, source: str = "4", kind: str = "MIDYEAR") -> PlanAdjustment:
    return PlanAdjustment.objects.create(
        item=item, kind=kind, source=source, amount=Decimal(amount), document_no="鹏发财〔2026〕30号",
        decided_on=clock.today(), decided_by=cast.zhao.user,
    )  # fmt: skip


def a_release(cast: Cast, item: PlanItem, amount: str, on: date | None = None, source: str = "4") -> FundRelease:
    return FundRelease.objects.create(
        item=item, project=item.project, source=source, amount=Decimal(amount), document_no="鹏发财〔2026〕12号",
        released_on=on or clock.today(), released_by=cast.wu.user,
    )  # fmt: skip
