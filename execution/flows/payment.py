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
SIGNED_BY, SIGNED_ON = (
    Input("signed_by", _("Signed by"), "line"),
    Input("signed_on", _("Signed on"), "date", required=False),
)


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


def its_time_has_come(payment: Any, situation: Situation) -> Iterator[Problem]:
    """A settlement payment waits for the settlement, the retention money for the end of the warranty as well."""
    if payment.kind not in (PaymentKind.SETTLEMENT, PaymentKind.RETENTION):
        return
    if facts.settled_value(payment.contract) is None:
        yield Problem("payment.not_settled", gettext("The settlement of the contract is not reviewed yet."), "kind")
    until = payment.contract.warranty_until
    if payment.kind == PaymentKind.RETENTION and until and until > situation.on:
        words = gettext("The warranty runs until %(day)s; the retention money is paid after it.") % {"day": until}
        yield Problem("payment.warranty", words, "kind")


def advance_holds(payment: Any, situation: Situation) -> Iterator[Problem]:
    """All advances of a contract together keep to the agreed share of its price."""
    if payment.kind != PaymentKind.ADVANCE:
        return
    contract = payment.contract
    advances = [row for row in contract.payments.all() if row.kind == PaymentKind.ADVANCE]
    excess = rules.advance_excess(
        payment.amount, facts.committed(advances, payment), contract.price, contract.advance_rate / 100
    )
    yield from findings.cap_problems([excess] if excess else [])


def work_is_paid_once(payment: Any, situation: Situation) -> Iterator[Problem]:
    """All progress payments that rest on one report together keep to the work it proves."""
    room = facts.work_room(payment)
    if room is not None and payment.amount > room:
        yield findings.work_problem(room)


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
         (contract_is_in_force, progress_is_proved, its_time_has_come),
         (Input("certified", _("Certified amount (yuan)"), "money"), SIGNED_BY, SIGNED_ON), primary=True),
    Move("M02", "check_cost", _("Record the cost consultant's check"), (P.SUPERVISION_CHECKED,), P.COST_CHECKED, CLERK, (),
         (Input("checked", _("Checked amount (yuan)"), "money"), SIGNED_BY, SIGNED_ON), primary=True),
    Move("M03", "approve_by_owner", _("Approve for the project unit"), (P.COST_CHECKED,), P.OWNER_APPROVED, LEAD,
         (contract_is_in_force, project_is_not_suspended, progress_is_proved, its_time_has_come, parts_add_up, work_is_paid_once,
          advance_holds, caps_hold), primary=True),
    Move("M04", "approve_by_finance", _("Approve the payment"), (P.OWNER_APPROVED,), P.FINANCE_APPROVED, FINANCE,
         (contract_is_in_force, project_is_not_suspended, progress_is_proved, its_time_has_come, parts_add_up, work_is_paid_once,
          advance_holds, caps_hold), primary=True, irreversible=True),
    Move("M05", "pay", _("Record the treasury's payment"), (P.FINANCE_APPROVED,), P.PAID, FINANCE, (project_is_not_suspended,),
         (Input("treasury_no", _("Treasury payment number"), "line", longest=60), Input("paid_on", _("Paid on"), "date")), primary=True, irreversible=True),
    Move("M06", "return_payment", _("Return the application"), (P.SUPERVISION_CHECKED, P.COST_CHECKED, P.OWNER_APPROVED, P.FINANCE_APPROVED),
         P.RETURNED, (Role.APPLICANT_LEAD, Role.FINANCE_OFFICER), (), (REASON,)),
    Move("M07", "withdraw", _("Withdraw the application"), (P.DRAFT,), P.RETURNED, CLERK, (), (REASON,)),
)  # fmt: skip
