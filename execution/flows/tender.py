"""Tenders: periods of the law, publicity, objections that suspend, award never above the ceiling (R-INV-09)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from execution.states import TenderState as T

CLERK, LEAD = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,)
REASON = Input("reason", _("Reason"))


def publicity_is_over(tender: Any, situation: Situation) -> Iterator[Problem]:
    until = tender.publicity_until
    if until is None or situation.on <= until:
        yield Problem(
            "tender.publicity", gettext("The publicity of the candidates lasts until %(day)s.") % {"day": until or "—"}
        )


def objections_are_answered(tender: Any, situation: Situation) -> Iterator[Problem]:
    waiting = sum(row.answered_on is None for row in tender.objections.all())
    if waiting:
        yield Problem("tender.objections", gettext("Objections without an answer: %(n)s.") % {"n": waiting})


def bid_period_is_over(tender: Any, situation: Situation) -> Iterator[Problem]:
    if tender.closes_on is None or situation.on < tender.closes_on:
        yield Problem(
            "tender.not_closed", gettext("Bids may be handed in until %(day)s.") % {"day": tender.closes_on or "—"}
        )


TENDER_FLOW = Workflow(
    "state",
    "execution.tender",
    Move("B01", "announce", _("Announce the tender"), (T.PLANNED, T.FAILED), T.ANNOUNCED, CLERK, (),
         (Input("announced_on", _("Announced on"), "date"), Input("closes_on", _("Bids close on"), "date")), primary=True),
    Move("B02", "open_bids", _("Open the bids"), (T.ANNOUNCED,), T.OPENED, CLERK, (bid_period_is_over,),
         (Input("opened_on", _("Opened on"), "date"),), primary=True),
    Move("B03", "publish_candidates", _("Publish the candidates"), (T.OPENED,), T.PUBLICITY, CLERK, (),
         (Input("reported_on", _("Evaluation report of"), "date"), Input("publicity_from", _("Publicity from"), "date"),
          Input("publicity_until", _("Publicity until"), "date"), Input("candidates", _("Candidates, one per line"), "lines")),
         primary=True),
    Move("B04", "award", _("Award"), (T.PUBLICITY,), T.AWARDED, LEAD, (publicity_is_over, objections_are_answered),
         (Input("winner", _("Winner"), "line"), Input("award", _("Award price (yuan)"), "money"),
          Input("notified_on", _("Notice of award of"), "date"), Input("document_no", _("Document number"), "line", required=False)),
         primary=True, irreversible=True),
    Move("B05", "contract_signed", _("Contract signed"), (T.AWARDED,), T.CONTRACTED, ()),
    Move("B06", "fail", _("Declare the tender failed"), (T.ANNOUNCED, T.OPENED, T.PUBLICITY), T.FAILED, LEAD, (), (REASON,)),
    Move("B07", "suspend_by_complaint", _("Suspend because of a complaint"), (T.ANNOUNCED, T.OPENED, T.PUBLICITY), T.COMPLAINT,
         CLERK, (), (REASON,)),
    Move("B08", "resume", _("Resume the tender"), (T.COMPLAINT,), (T.ANNOUNCED, T.OPENED, T.PUBLICITY), CLERK,
         (objections_are_answered,)),
)  # fmt: skip
