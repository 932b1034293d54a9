"""Monthly reports: drafted and submitted by the unit, confirmed by the case officer."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from execution.states import ReportState as R


def has_a_photo(report: Any, situation: Situation) -> Iterator[Problem]:
    if not report.photos.all():
        yield Problem("progress.no_photo", gettext("At least one photo of the month's works is needed."), "photos")


REPORT_FLOW = Workflow(
    "state",
    "execution.progress",
    Move("W01", "submit", _("Submit the report"), (R.DRAFT,), R.SUBMITTED, (Role.APPLICANT_CLERK,), (has_a_photo,), primary=True),
    Move("W02", "confirm", _("Confirm the report"), (R.SUBMITTED,), R.CONFIRMED, (Role.CASE_OFFICER, Role.PLAN_OFFICER), (), primary=True),
    Move("W03", "return_report", _("Return the report"), (R.SUBMITTED,), R.DRAFT, (Role.CASE_OFFICER, Role.PLAN_OFFICER), (),
         (Input("reason", _("Reason")),)),
)  # fmt: skip
