"""Change orders: supervisor engineer, designer, unit, and above the thresholds of R-INV-14 the authority."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from execution.states import ChangeLevel
from execution.states import ChangeState as S

CLERK, LEAD = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,)
REASON = Input("reason", _("Reason"))
SIGNED = (
    Input("signed_by", _("Signed by"), "line"),
    Input("signed_on", _("Signed on"), "date"),
    Input("opinion", _("Opinion"), required=False),
)


def needs_no_authority(change: Any, situation: Situation) -> Iterator[Problem]:
    if change.level != ChangeLevel.OWNER:
        yield Problem("change.level", gettext("This change is decided by the authority."))


def needs_the_authority(change: Any, situation: Situation) -> Iterator[Problem]:
    if change.level == ChangeLevel.OWNER:
        yield Problem("change.level", gettext("This change is decided by the project unit."))


def is_not_substantive(change: Any, situation: Situation) -> Iterator[Problem]:
    """R-LC-06: site, scale or content of substance go back to the original approver."""
    if change.is_substantive:
        yield Problem(
            "change.substantive",
            gettext("A change of site, scale or content goes back to the original approver as an item of its own."),
        )


CHANGE_FLOW = Workflow(
    "state",
    "execution.change",
    Move("V01", "supervision_agrees", _("Record the supervisor engineer's agreement"), (S.PROPOSED,), S.SUPERVISION, CLERK, (), SIGNED, primary=True),
    Move("V02", "designer_agrees", _("Record the designer's agreement"), (S.SUPERVISION,), S.DESIGN, CLERK, (), SIGNED, primary=True),
    Move("V03", "owner_agrees", _("Agree for the project unit"), (S.DESIGN,), S.OWNER, LEAD, (is_not_substantive,), primary=True),
    Move("V04", "approve_by_owner", _("Approve within the unit's own limit"), (S.OWNER,), S.APPROVED, LEAD, (needs_no_authority,), primary=True),
    Move("V05", "send_to_authority", _("Send to the authority"), (S.OWNER,), S.AUTHORITY, LEAD, (needs_the_authority,), primary=True),
    Move("V06", "approve", _("Approve the change"), (S.AUTHORITY,), S.APPROVED, (Role.SECTION_CHIEF, Role.DETERMINER), (),
         (Input("document_no", _("Document number"), "line"),), primary=True, irreversible=True),
    Move("V07", "carry_out", _("Record the execution"), (S.APPROVED,), S.IMPLEMENTED, CLERK, (), (Input("done_on", _("Carried out on"), "date"),), primary=True),
    Move("V08", "price", _("Price the change"), (S.IMPLEMENTED,), S.PRICED, CLERK, (), (Input("priced", _("Priced change (yuan)"), "money"),), primary=True),
    Move("V09", "settle", _("Change settled"), (S.PRICED,), S.SETTLED, ()),
    Move("V10", "reject", _("Reject the change"), (S.PROPOSED, S.SUPERVISION, S.DESIGN, S.OWNER, S.AUTHORITY), S.REJECTED,
         (Role.APPLICANT_LEAD, Role.SECTION_CHIEF, Role.DETERMINER), (), (REASON,)),
)  # fmt: skip
