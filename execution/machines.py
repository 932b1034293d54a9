"""The machines of this app, each bound to its table. What its moves entail is registered by the services of its room."""

from django.db.models import QuerySet

from accounts.actor import Actor
from core import locks
from execution.closing_policies import may_move_finding
from execution.flows.change import CHANGE_FLOW
from execution.flows.contract import CONTRACT_FLOW
from execution.flows.finding import FINDING_FLOW
from execution.flows.payment import PAYMENT_FLOW
from execution.flows.plan import PLAN_FLOW, PLAN_ITEM_FLOW
from execution.flows.progress import REPORT_FLOW
from execution.flows.tender import TENDER_FLOW
from execution.models import (
    AnnualPlan,
    AuditFinding,
    ChangeOrder,
    Contract,
    Payment,
    PlanItem,
    ProgressReport,
    Tender,
)
from execution.plan_policies import is_the_authority, reads_plans
from execution.policies import may_confirm_progress, may_decide_change, may_move_payment, may_read_payments
from execution.services.machine import Machine
from projects.models import Project


def tenders(actor: Actor) -> QuerySet[Tender]:
    return Tender.objects.filter(project__in=Project.objects.visible_to(actor))


def changes(actor: Actor) -> QuerySet[ChangeOrder]:
    return ChangeOrder.objects.filter(contract__in=Contract.objects.visible_to(actor))


def reports(actor: Actor) -> QuerySet[ProgressReport]:
    return ProgressReport.objects.filter(project__in=Project.objects.visible_to(actor))


def payments(actor: Actor) -> QuerySet[Payment]:
    rows = Payment.objects.filter(contract__in=Contract.objects.visible_to(actor))
    return rows if may_read_payments(actor) is None else rows.none()


def plans(actor: Actor) -> QuerySet[AnnualPlan]:
    """A year's plan is known to the units that ask to be in it and to those who make it and look after it."""
    return AnnualPlan.objects.filter() if reads_plans(actor) else AnnualPlan.objects.none()


def plan_items(actor: Actor) -> QuerySet[PlanItem]:
    rows = PlanItem.objects.filter(project__in=Project.objects.visible_to(actor))
    return rows if reads_plans(actor) else rows.none()


def findings(actor: Actor) -> QuerySet[AuditFinding]:
    return AuditFinding.objects.filter(project__in=Project.objects.visible_to(actor))


class PlanItemMachine(Machine):
    """Envelopes hold over all items of a year: the plan is locked first, then the project, then the item."""

    def lock(self, pk: int, actor: Actor) -> PlanItem:
        row = locks.found(self.visible(actor), pk=pk)
        locks.locked(AnnualPlan.objects.all(), row.plan_id)
        return super().lock(pk, actor)


TENDERS = Machine(Tender, TENDER_FLOW, tenders)
CONTRACTS = Machine(Contract, CONTRACT_FLOW, Contract.objects.visible_to)
CHANGES = Machine(ChangeOrder, CHANGE_FLOW, changes, "contract.project", may_decide_change)
REPORTS = Machine(ProgressReport, REPORT_FLOW, reports, policy=may_confirm_progress)
PAYMENTS = Machine(Payment, PAYMENT_FLOW, payments, "contract.project", may_move_payment)
PLANS = Machine(AnnualPlan, PLAN_FLOW, plans, "", is_the_authority)
PLAN_ITEMS = PlanItemMachine(PlanItem, PLAN_ITEM_FLOW, plan_items, policy=is_the_authority)
FINDINGS = Machine(AuditFinding, FINDING_FLOW, findings, policy=may_move_finding)

MACHINES = {
    "tender": TENDERS,
    "contract": CONTRACTS,
    "change": CHANGES,
    "progress": REPORTS,
    "payment": PAYMENTS,
    "plan": PLANS,
    "plan-item": PLAN_ITEMS,
    "finding": FINDINGS,
}
