"""Findings of the audit: scheduled by the unit, rectified with evidence, confirmed by somebody else (§8.4)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from execution.states import FindingState as F

CLERK, LEAD = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,)
# The unit's own lead only where the unit audits itself (R-LC-07, INTERNAL); the policy says so.
CONFIRMS = (Role.AUDITOR, Role.APPLICANT_LEAD)


def has_evidence(finding: Any, situation: Situation) -> Iterator[Problem]:
    if finding.evidence_id is None:
        yield Problem("finding.no_evidence", gettext("The evidence of the rectification is missing."), "file")


FINDING_FLOW = Workflow(
    "state",
    "execution.finding",
    Move("U01", "schedule", _("Schedule the rectification"), (F.OPEN, F.SCHEDULED), F.SCHEDULED, LEAD, (),
         (Input("measure", _("Measure")), Input("due_on", _("Rectified by"), "date")), primary=True),
    Move("U02", "rectify", _("Report the rectification"), (F.OPEN, F.SCHEDULED), F.RECTIFIED, CLERK, (has_evidence,),
         (Input("rectified_on", _("Rectified on"), "date"), Input("note", _("What was done"))), primary=True),
    Move("U03", "confirm", _("Confirm the rectification"), (F.RECTIFIED,), F.CONFIRMED, CONFIRMS, (has_evidence,),
         primary=True),
    Move("U04", "send_back", _("Send the rectification back"), (F.RECTIFIED,), (F.OPEN, F.SCHEDULED), CONFIRMS, (),
         (Input("reason", _("Reason")),)),
)  # fmt: skip
