"""Change orders: supervisor engineer, designer, unit, and above the thresholds of R-INV-14 the authority."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from execution import facts, findings
from execution.states import ChangeLevel, ContractState
from execution.states import ChangeState as S

CLERK, LEAD = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,)
CHIEF, DETERMINER = (Role.SECTION_CHIEF,), (Role.DETERMINER,)
REASON = Input("reason", _("Reason"))
DOCUMENT = Input("document_no", _("Document number"), "line")
SIGNED = (
    Input("signed_by", _("Signed by"), "line"),
    Input("signed_on", _("Signed on"), "date"),
    Input("opinion", _("Opinion"), required=False),
)


def contract_is_running(change: Any, situation: Situation) -> Iterator[Problem]:
    if change.contract.state != ContractState.EFFECTIVE:
        yield Problem("change.contract", gettext("The contract is not in force."))


def has_lines(change: Any, situation: Situation) -> Iterator[Problem]:
    if not change.lines.all():
        yield Problem("change.no_lines", gettext("The change has no lines."), "lines")


def needs_no_authority(change: Any, situation: Situation) -> Iterator[Problem]:
    """As the contract stands now: another change may have been approved since this one was proposed."""
    judged = facts.judgement_of(change, situation.rules)
    if judged.level != ChangeLevel.OWNER:
        yield findings.level_problem(judged)


def needs_the_authority(change: Any, situation: Situation) -> Iterator[Problem]:
    if facts.judgement_of(change, situation.rules).level == ChangeLevel.OWNER:
        yield Problem("change.level", gettext("This change is decided by the project unit."))


def is_within_the_section(change: Any, situation: Situation) -> Iterator[Problem]:
    judged = facts.judgement_of(change, situation.rules)
    if judged.level == ChangeLevel.BUREAU:
        yield findings.level_problem(judged)


def is_not_substantive(change: Any, situation: Situation) -> Iterator[Problem]:
    """R-LC-06: site, scale or content of substance go back to the original approver."""
    if change.is_substantive:
        yield Problem(
            "change.substantive",
            gettext("A change of site, scale or content goes back to the original approver as an item of its own."),
        )


def leaves_what_is_done(change: Any, situation: Situation) -> Iterator[Problem]:
    """Nothing that is already measured or paid is taken out of the contract."""
    for row in change.lines.all():
        line = row.line
        if line is not None and row.quantity < 0:
            left, done = facts.quantity_of(line) + row.quantity, facts.measured_of(line)
            if left < done:
                yield findings.measured_problem(line, left, done)
    contract = change.contract
    left, done = facts.contract_value(contract) + change.estimated, facts.committed(contract.payments.all())
    if change.estimated < 0 and left < done:
        yield findings.paid_problem(left, done)


APPROVAL = (contract_is_running, has_lines, is_not_substantive, leaves_what_is_done)
BEFORE_DECISION = (S.PROPOSED, S.SUPERVISION, S.DESIGN, S.OWNER)
CHANGE_FLOW = Workflow(
    "state",
    "execution.change",
    Move("V01", "supervision_agrees", _("Record the supervisor engineer's agreement"), (S.PROPOSED,), S.SUPERVISION,
         CLERK, (has_lines,), SIGNED, primary=True),
    Move("V02", "designer_agrees", _("Record the designer's agreement"), (S.SUPERVISION,), S.DESIGN, CLERK, (), SIGNED,
         primary=True),
    Move("V03", "owner_agrees", _("Agree for the project unit"), (S.DESIGN,), S.OWNER, LEAD,
         (contract_is_running, is_not_substantive), primary=True),
    Move("V04", "approve_by_owner", _("Approve within the unit's own limit"), (S.OWNER,), S.APPROVED, LEAD,
         (needs_no_authority, *APPROVAL), primary=True, irreversible=True),
    Move("V05", "send_to_authority", _("Send to the authority"), (S.OWNER,), S.AUTHORITY, LEAD, (needs_the_authority,),
         primary=True),
    Move("V06", "approve", _("Approve the change"), (S.AUTHORITY,), S.APPROVED, CHIEF,
         (is_within_the_section, *APPROVAL), (DOCUMENT,), primary=True, irreversible=True),
    Move("V06b", "approve_by_leader", _("Approve the change as leader"), (S.AUTHORITY,), S.APPROVED, DETERMINER,
         APPROVAL, (DOCUMENT,), primary=True, irreversible=True),
    Move("V07", "carry_out", _("Record the execution"), (S.APPROVED,), S.IMPLEMENTED, CLERK, (),
         (Input("done_on", _("Carried out on"), "date"),), primary=True),
    Move("V08", "price", _("Price the change"), (S.IMPLEMENTED,), S.PRICED, CLERK, (),
         (Input("priced", _("Priced change (yuan)"), "signed_money"),), primary=True),
    Move("V09", "settle", _("Change settled"), (S.PRICED,), S.SETTLED, ()),
    Move("V10", "reject", _("Drop the change"), BEFORE_DECISION, S.REJECTED, LEAD, (), (REASON,)),
    Move("V10b", "refuse", _("Reject the change"), (S.AUTHORITY,), S.REJECTED, (*CHIEF, *DETERMINER), (), (REASON,),
         irreversible=True),
)  # fmt: skip
