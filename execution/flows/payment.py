"""Payments: certificates, the unit's approval, finance within the caps of R-INV-11, the treasury's result."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from execution import facts, findings
from execution.rules import payments as rules
from execution.states import ContractState, PaymentKind, ReportState
from execution.states import PaymentState as P

CLERK, LEAD, FINANCE = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,), (Role.FINANCE_OFFICER,)
REASON = Input("reason", _("Reason"))


def contract_is_in_force(payment: Any, situation: Situation) -> Iterator[Problem]:
    if payment.contract.state in (ContractState.DRAFT, ContractState.CLOSED, ContractState.TERMINATED):
        yield Problem("payment.contract", gettext("The contract is not in force."))


def project_is_not_suspended(payment: Any, situation: Situation) -> Iterator[Problem]:
    if payment.contract.project.is_suspended:
        yield Problem("payment.suspended", gettext("The project is suspended: payments are blocked."))


def progress_is_proved(payment: Any, situation: Situation) -> Iterator[Problem]:
    """A progress payment needs a submitted report of its period with at least one photo."""
    if payment.kind != PaymentKind.PROGRESS:
        return
    if payment.report is None or payment.report.state == ReportState.DRAFT:
        yield Problem(
            "payment.no_report",
            gettext("A progress payment needs the submitted monthly report of its period."),
            "report",
        )
    elif not payment.report.photos.all():
        yield Problem("payment.no_photo", gettext("The monthly report has no photo."), "report")


def caps_hold(payment: Any, situation: Situation) -> Iterator[Problem]:
    """R-INV-11, over everything that is paid or approved to be paid."""
    yield from findings.cap_problems(rules.excesses(facts.standing_of(payment, situation.rules)))


def parts_add_up(payment: Any, situation: Situation) -> Iterator[Problem]:
    total = sum((row.amount for row in payment.funding.all()), 0)
    if total != payment.amount:
        yield Problem("payment.funding", gettext("The funding sources do not add up to the payment."), "funding")


PAYMENT_FLOW = Workflow(
    "state",
    "execution.payment",
    Move("M01", "certify", _("Record the supervisor engineer's certificate"), (P.DRAFT, P.RETURNED), P.SUPERVISION_CHECKED, CLERK,
         (contract_is_in_force, progress_is_proved),
         (Input("certified", _("Certified amount (yuan)"), "money"), Input("signed_by", _("Signed by"), "line")), primary=True),
    Move("M02", "check_cost", _("Record the cost consultant's check"), (P.SUPERVISION_CHECKED,), P.COST_CHECKED, CLERK, (),
         (Input("checked", _("Checked amount (yuan)"), "money"), Input("signed_by", _("Signed by"), "line")), primary=True),
    Move("M03", "approve_by_owner", _("Approve for the project unit"), (P.COST_CHECKED,), P.OWNER_APPROVED, LEAD,
         (contract_is_in_force, project_is_not_suspended, progress_is_proved, parts_add_up, caps_hold), primary=True),
    Move("M04", "approve_by_finance", _("Approve the payment"), (P.OWNER_APPROVED,), P.FINANCE_APPROVED, FINANCE,
         (contract_is_in_force, project_is_not_suspended, progress_is_proved, parts_add_up, caps_hold), primary=True, irreversible=True),
    Move("M05", "pay", _("Record the treasury's payment"), (P.FINANCE_APPROVED,), P.PAID, FINANCE, (project_is_not_suspended,),
         (Input("treasury_no", _("Treasury payment number"), "line"), Input("paid_on", _("Paid on"), "date")), primary=True, irreversible=True),
    Move("M06", "return_payment", _("Return the application"), (P.SUPERVISION_CHECKED, P.COST_CHECKED, P.OWNER_APPROVED, P.FINANCE_APPROVED),
         P.RETURNED, (Role.APPLICANT_LEAD, Role.FINANCE_OFFICER), (), (REASON,)),
)  # fmt: skip
