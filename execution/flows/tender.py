"""Tenders: periods of the law, publicity, objections that suspend, award never above the ceiling (R-INV-09)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from execution import findings
from execution.rules import tender as rules
from execution.states import TenderMethod
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


def is_tendered(tender: Any, situation: Situation) -> Iterator[Problem]:
    if tender.method == TenderMethod.DIRECT:
        yield Problem("tender.direct", gettext("A direct award is not announced."))


def is_awarded_directly(tender: Any, situation: Situation) -> Iterator[Problem]:
    if tender.method != TenderMethod.DIRECT:
        yield Problem("tender.not_direct", gettext("Only a direct award goes without a tender."))


def ceiling_keeps_the_budget(tender: Any, situation: Situation) -> Iterator[Problem]:
    """R-INV-09, first half."""
    row = situation.rules.row("R-INV-09")
    budget = works_budget(tender.project)
    if row is None or tender.ceiling is None or tender.kind not in findings.WORKS_KINDS:
        return
    room = rules.above_budget(tender.ceiling, other_lots(tender), budget, row.value, row.comparison)
    if room is not None:
        yield from findings.ceiling_problems(room, budget)


def other_lots(tender: Any) -> list[rules.Lot]:
    """The project's other tenders for works and equipment that stand."""
    return [
        rules.Lot(row.ceiling, row.award)
        for row in tender.project.tenders.all()
        if row.pk != tender.pk and row.state != T.FAILED and row.kind in findings.WORKS_KINDS
    ]


def works_budget(project: Any) -> Decimal | None:
    """The works part of the newest reviewed budget in yuan; None where none was reviewed."""
    figure = project.latest_figure("BUDGET")
    if figure is None:
        return None
    return figure.works_amount if figure.works_amount is not None else figure.amount


TENDER_FLOW = Workflow(
    "state",
    "execution.tender",
    Move("B01", "announce", _("Announce the tender"), (T.PLANNED, T.FAILED), T.ANNOUNCED, CLERK, (is_tendered, ceiling_keeps_the_budget),
         (Input("announced_on", _("Announced on"), "date"), Input("closes_on", _("Bids close on"), "date")), primary=True),
    Move("B02", "open_bids", _("Open the bids"), (T.ANNOUNCED,), T.OPENED, CLERK, (bid_period_is_over,),
         (Input("opened_on", _("Opened on"), "date"), Input("bidders", _("Bidders, one per line"), "lines")), primary=True),
    Move("B03", "publish_candidates", _("Publish the candidates"), (T.OPENED,), T.PUBLICITY, CLERK, (),
         (Input("reported_on", _("Evaluation report of"), "date"), Input("publicity_from", _("Publicity from"), "date"),
          Input("publicity_until", _("Publicity until"), "date"), Input("candidates", _("Candidates, one per line"), "lines")),
         primary=True),
    Move("B04", "award_winner", _("Award"), (T.PUBLICITY,), T.AWARDED, LEAD, (publicity_is_over, objections_are_answered),
         (Input("winner", _("Winner"), "line", longest=200), Input("award", _("Award price (yuan)"), "money"),
          Input("notified_on", _("Notice of award of"), "date"), Input("document_no", _("Document number"), "line", required=False, longest=60)),
         primary=True, irreversible=True),
    Move("B04b", "award_directly", _("Award directly"), (T.PLANNED,), T.AWARDED, LEAD,
         (is_awarded_directly, ceiling_keeps_the_budget),
         (Input("winner", _("Winner"), "line", longest=200), Input("award", _("Award price (yuan)"), "money"),
          Input("notified_on", _("Notice of award of"), "date"), Input("document_no", _("Authority document"), "line", longest=60),
          Input("reason", _("Why without a tender"))), primary=True, irreversible=True),
    Move("B05", "contract_signed", _("Contract signed"), (T.AWARDED,), T.CONTRACTED, ()),
    Move("B06", "fail", _("Declare the tender failed"), (T.ANNOUNCED, T.OPENED, T.PUBLICITY, T.COMPLAINT), T.FAILED, LEAD, (), (REASON,)),
    Move("B07", "suspend_by_complaint", _("Suspend because of a complaint"), (T.ANNOUNCED, T.OPENED, T.PUBLICITY), T.COMPLAINT,
         CLERK, (), (REASON,)),
    Move("B08", "resume", _("Resume the tender"), (T.COMPLAINT,), (T.ANNOUNCED, T.OPENED, T.PUBLICITY), CLERK,
         (objections_are_answered,)),
)  # fmt: skip
