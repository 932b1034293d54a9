"""Every table whose rows wait for somebody: which moves are waited for, from when on, and whose projects count.

A regular (primary) move with a role waits as soon as its row stands in a state it starts from; `when` narrows that by the
day, `also` names moves that wait without being the regular one. Rows without a table of moves say their steps themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Role
from assets.flows.account import ACCOUNT_FLOW
from assets.flows.handover import BATCH_FLOW, TITLE_FLOW
from assets.models import FinalAccount, HandoverBatch, HandoverLine, TitleRecord
from assets.states import BatchState
from core.workflow import Workflow
from execution.flows.change import CHANGE_FLOW
from execution.flows.contract import CONTRACT_FLOW
from execution.flows.finding import FINDING_FLOW
from execution.flows.payment import PAYMENT_FLOW
from execution.flows.plan import PLAN_FLOW, PLAN_ITEM_FLOW
from execution.flows.progress import REPORT_FLOW
from execution.flows.tender import TENDER_FLOW
from execution.models import (
    AcceptanceDefect,
    AcceptanceRound,
    AnnualPlan,
    AuditFinding,
    ChangeOrder,
    Contract,
    PartyOpinion,
    Payment,
    PlanItem,
    ProgressReport,
    Tender,
)
from execution.states import ChangeLevel, FindingState, Party, PlanItemState, PlanState, TenderMethod, TenderState
from projects.states import AuditMode

When_ = Callable[[date], Q]
AUTHORITY = Organisation.Kind.INVESTMENT_AUTHORITY
# These act on plans, works and changes only in the investment authority; the same role in other houses has no part in them.
OF_THE_AUTHORITY = frozenset({Role.CASE_OFFICER, Role.SECTION_CHIEF, Role.DETERMINER, Role.PLAN_OFFICER})


def always(today: date) -> Q:
    return Q()


@dataclass(frozen=True)
class Step:
    """One thing waited for: which rows (as a condition on the day), and whose roles may do it.

    `move` names it in the table of moves where several steps are one move.
    """

    name: str
    label: Any
    roles: tuple[str, ...]
    rows: When_
    move: str = ""


@dataclass(frozen=True)
class Source:
    """One table. `project` leads to the project (empty: none), `due` is an expression of the day it is due."""

    kind: str
    label: Any
    model: type[models.Model]
    steps: tuple[Step, ...]
    title: Callable[[Any], str]
    project: str = "project"
    due: Any = None
    receiver: str = ""
    state: str = "state"
    outlives: bool = False  # goes on after the project was stopped
    related: tuple[str, ...] = field(default=())


def steps_of(
    flow: Workflow,
    when: Mapping[str, When_] | None = None,
    also: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
) -> tuple[Step, ...]:
    narrowed = when or {}

    def rows(name: str, sources: tuple[str, ...]) -> When_:
        extra = narrowed.get(name, always)
        return lambda today: Q(**{f"{flow.field_name}__in": sources}) & extra(today)

    return tuple(
        Step(move.name, move.label, move.roles, rows(move.name, move.sources))
        for move in flow
        if move.roles and (move.primary or move.name in also) and move.name not in without
    )


def is_handed_over(today: date) -> Q:
    """A title is brought to the registry once its asset has come to the house."""
    lines = HandoverLine.objects.filter(asset=OuterRef("asset"), batch__state=BatchState.CONFIRMED)
    return Q(Exists(lines))


def all_have_spoken() -> Q:
    """Each of the five parties has said yes or no in the round."""
    said = PartyOpinion.objects.filter(round=OuterRef("pk"), agrees__isnull=False).values("round")
    return Q(Exists(said.annotate(n=Count("pk")).filter(n__gte=len(Party))))


TENDER = {
    "announce": lambda today: Q(state=TenderState.PLANNED) & ~Q(method=TenderMethod.DIRECT),
    "open_bids": lambda today: Q(closes_on__lte=today),
    "award_winner": lambda today: Q(publicity_until__lt=today),
    "award_directly": lambda today: Q(method=TenderMethod.DIRECT),
}
CHANGE = {
    "approve_by_owner": lambda today: Q(level=ChangeLevel.OWNER),
    "send_to_authority": lambda today: ~Q(level=ChangeLevel.OWNER),
    "approve": lambda today: ~Q(level=ChangeLevel.BUREAU),
    "approve_by_leader": lambda today: Q(level=ChangeLevel.BUREAU),
}
PLAN_ITEM = {
    "report": lambda today: Q(plan__state=PlanState.CALL),
    "balance": lambda today: Q(state=PlanItemState.REPORTED, plan__state=PlanState.BALANCING),
}

SOURCES = (
    Source("plan", _("Annual plan"), AnnualPlan,
           steps_of(PLAN_FLOW, {"close_call": lambda today: Q(requests_until__lt=today)}),
           lambda row: str(row.year), project="", due=F("requests_until")),
    Source("plan-item", _("Request for the plan"), PlanItem, steps_of(PLAN_ITEM_FLOW, PLAN_ITEM),
           lambda row: str(row.plan.year), due=F("plan__requests_until"), related=("plan",)),
    Source("tender", _("Tender"), Tender, steps_of(TENDER_FLOW, TENDER, also=("resume",)), lambda row: row.name,
           due=Case(When(state=TenderState.ANNOUNCED, then=F("closes_on")),
                    When(state=TenderState.PUBLICITY, then=F("publicity_until")))),
    Source("contract", _("Contract"), Contract,
           steps_of(CONTRACT_FLOW, {"complete": lambda today: Q(ends_on__lte=today)}),
           lambda row: f"{row.no} {row.name}", due=F("ends_on")),
    Source("change", _("Change order"), ChangeOrder, steps_of(CHANGE_FLOW, CHANGE), lambda row: f"{row.no} {row.title}",
           project="contract__project", related=("contract",)),
    Source("progress", _("Monthly report"), ProgressReport, steps_of(REPORT_FLOW), lambda row: f"{row.month:%Y-%m}"),
    Source("payment", _("Payment"), Payment, steps_of(PAYMENT_FLOW), lambda row: row.no, project="contract__project",
           related=("contract",), outlives=True),
    Source("acceptance", _("Acceptance by the five parties"), AcceptanceRound, (
        Step("record_opinion", _("Record the opinions of the parties"), (Role.APPLICANT_CLERK,),
             lambda today: Q(passed__isnull=True) & ~all_have_spoken()),
        Step("close_round", _("Sign the result of the acceptance"), (Role.APPLICANT_LEAD,),
             lambda today: Q(passed__isnull=True) & all_have_spoken()),
    ), lambda row: gettext("Meeting %(n)s") % {"n": row.number}, due=F("held_on"), state=""),
    Source("defect", _("Defect of the acceptance"), AcceptanceDefect, (
        Step("mend", _("Mend the defect"), (Role.APPLICANT_CLERK,), lambda today: Q(fixed_on__isnull=True)),
        Step("check", _("Check the mending"), (Role.APPLICANT_LEAD,),
             lambda today: Q(fixed_on__isnull=False, checked_on__isnull=True)),
    ), lambda row: row.text, project="round__project", due=F("due_on"), state="", related=("round",)),
    Source("finding", _("Audit finding"), AuditFinding, (
        *steps_of(FINDING_FLOW, {"schedule": lambda today: Q(state=FindingState.OPEN)}, without=("confirm",)),
        Step("confirm", FINDING_FLOW["confirm"].label, (Role.AUDITOR,),
             lambda today: Q(state=FindingState.RECTIFIED) & ~Q(mode=AuditMode.INTERNAL)),
        Step("confirm_own", FINDING_FLOW["confirm"].label, (Role.APPLICANT_LEAD,),
             lambda today: Q(state=FindingState.RECTIFIED, mode=AuditMode.INTERNAL), move="confirm"),
    ), lambda row: row.text, due=F("due_on"), outlives=True),
    Source("final-account", _("Final account"), FinalAccount,
           steps_of(ACCOUNT_FLOW, {"approve_directly": lambda today: Q(item__isnull=True)}), lambda row: row.part,
           due=F("due_on"), outlives=True),
    Source("handover", _("Handover batch"), HandoverBatch, steps_of(BATCH_FLOW),
           lambda row: gettext("Batch %(n)s") % {"n": row.number},
           due=F("handed_on"), receiver="to_unit", outlives=True),
    Source("title", _("Title registration"), TitleRecord, steps_of(TITLE_FLOW, {"file": is_handed_over}), lambda row: row.asset.name,
           project="asset__project", receiver="asset__receiver", related=("asset",), outlives=True),
)  # fmt: skip
SOURCE_OF = {source.kind: source for source in SOURCES}
