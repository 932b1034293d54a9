"""Reads of acceptance, settlement and audit findings for pages and API: a project's rows, and what is open everywhere."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from approvals.models import ApprovalItem
from approvals.rules.reductions import Reduction, Totals, total
from core import calendars, locks
from core.errors import NotFound, Problem
from core.models import StoredFile
from core.rulebook import Rulebook
from execution import facts
from execution.machines import findings
from execution.models import (
    AcceptanceDefect,
    AcceptanceRound,
    AuditFinding,
    Contract,
    PartyOpinion,
    Settlement,
    SpecialAcceptance,
)
from execution.rules import acceptance as acceptance_rules
from execution.rules import settlement as settlement_rules
from execution.states import Clearance, ContractKind, ContractState, FindingState, Party
from projects.lifecycle import LIFECYCLE
from projects.models import Project
from projects.services.moves import situation

SIGNERS = {
    Party.SURVEY: ContractKind.SURVEY,
    Party.DESIGN: ContractKind.DESIGN,
    Party.CONTRACTOR: ContractKind.WORKS,
    Party.SUPERVISION: ContractKind.SUPERVISION,
}
UNSETTLED_KINDS = (ContractState.EFFECTIVE, ContractState.COMPLETED)


def rounds(actor: Actor) -> QuerySet[AcceptanceRound]:
    return AcceptanceRound.objects.filter(project__in=Project.objects.visible_to(actor))


def defects(actor: Actor) -> QuerySet[AcceptanceDefect]:
    return AcceptanceDefect.objects.filter(round__project__in=Project.objects.visible_to(actor))


def settlements(actor: Actor) -> QuerySet[Settlement]:
    return Settlement.objects.filter(contract__in=Contract.objects.visible_to(actor))


def rounds_of(project: Project) -> QuerySet[AcceptanceRound]:
    """Newest first, with opinions and defects."""
    rows = project.acceptance_rounds.select_related("closed_by").order_by("-number")
    return rows.prefetch_related("opinions__file", "defects__evidence", "defects__fixed_by", "defects__checked_by")


def open_defects(project: Project) -> QuerySet[AcceptanceDefect]:
    """Of every round: mended is not enough, somebody else has to have checked it."""
    return AcceptanceDefect.objects.filter(round__project=project, checked_on__isnull=True)


def standing_of(held: AcceptanceRound) -> acceptance_rules.Standing:
    """What keeps the round from passing, over all rounds of the project."""
    said = {row.party: row.agrees for row in held.opinions.all()}
    papers = {row.kind for row in held.project.special_acceptances.all()}
    return acceptance_rules.Standing(
        parties=tuple(Party.values),
        agreed={party for party, agrees in said.items() if agrees is True},
        rejected={party for party, agrees in said.items() if agrees is False},
        papers_missing=tuple(kind for kind in Clearance.values if kind not in papers),
        open_defects=open_defects(held.project).count(),
    )


def papers_of(project: Project) -> list[tuple[Clearance, SpecialAcceptance | None]]:
    """Every paper an acceptance rests on, with what is recorded of it."""
    kept = {row.kind: row for row in project.special_acceptances.select_related("file")}
    return [(kind, kept.get(kind)) for kind in Clearance]


def signers_of(project: Project) -> dict[str, str]:
    """Who signs for each party as the contracts say; a first guess for the form."""
    contracts = list(project.contracts.exclude(state__in=(ContractState.DRAFT, ContractState.TERMINATED)))
    found = {
        party: next((row.contractor for row in contracts if row.kind == kind), "") for party, kind in SIGNERS.items()
    }
    return {str(Party.OWNER): project.owner_unit.name, **{str(party): name for party, name in found.items()}}


def filing_of(project: Project, rules: Rulebook, today: date) -> acceptance_rules.FilingClock | None:
    """How long there is to file the acceptance that passed (15 days); None while none has."""
    held = project.acceptance_rounds.filter(passed=True).prefetch_related("opinions").first()
    if held is None:
        return None
    papers = [row.issued_on for row in project.special_acceptances.all()]
    checks = AcceptanceDefect.objects.filter(round__project=project).values_list("checked_on", flat=True)
    passed = acceptance_rules.passed_on(
        [held.held_on, *(row.signed_on for row in held.opinions.all()), *papers, *checks]
    )
    due = acceptance_rules.filing_due(passed, rules.days("acceptance.filing_days"))
    due = calendars.current().provisional().roll_forward(due)
    return acceptance_rules.filing_clock(passed, due, _filed_on(project), today, rules.days("acceptance.filing_yellow"))


def _filed_on(project: Project) -> date | None:
    """The day the filing that stands, or is under way, was received."""
    rows = project.items.filter(item_type="ACC", received_on__isnull=False)
    lost = ("NOT_ACCEPTED", "REJECTED", "RETURNED", "WITHDRAWN", "REVOKED")
    return rows.exclude(state__in=lost).order_by("received_on").values_list("received_on", flat=True).first()


@dataclass(frozen=True)
class SettlementLine:
    """One contract in the table of settlements; yuan."""

    contract: Contract
    value: Decimal
    committed: Decimal
    settlement: Settlement | None
    reduction: Reduction | None
    flags: list[str]
    clock: settlement_rules.ReviewClock | None


@dataclass(frozen=True)
class SettlementTable:
    """`reduction` adds up only what has both figures (R-RED-01), `submitted`, `value` and `committed` (what is paid or
    approved) everything."""

    lines: list[SettlementLine]
    value: Decimal
    submitted: Decimal
    reviewed: Decimal
    reduction: Totals
    committed: Decimal
    unsettled: int


def settlement_table(project: Project, rules: Rulebook, today: date) -> SettlementTable:
    """Every contract that was in force, its declared and reviewed price, what the review took off."""
    rows = project.contracts.exclude(state__in=(ContractState.DRAFT, ContractState.TERMINATED))
    rows = rows.select_related("settlement__item").prefetch_related("supplements", "changes__lines", "payments")
    lines = [_line(row, rules, today) for row in rows.order_by("pk")]
    kept = [line.settlement for line in lines if line.settlement is not None]
    zero = Decimal("0.00")
    return SettlementTable(
        lines=lines,
        value=sum((line.value for line in lines), zero),
        submitted=sum((row.submitted for row in kept), zero),
        reviewed=sum((row.reviewed for row in kept if row.reviewed is not None), zero),
        reduction=total(line.reduction for line in lines if line.reduction is not None),
        committed=sum((line.committed for line in lines), zero),
        unsettled=sum(line.contract.state in UNSETTLED_KINDS and not line.contract.is_tail_works for line in lines),
    )


def _line(contract: Contract, rules: Rulebook, today: date) -> SettlementLine:
    value, committed = facts.contract_value(contract), facts.committed(contract.payments.all())
    row = getattr(contract, "settlement", None)
    if row is None:
        return SettlementLine(contract, value, committed, None, None, [], None)
    figures = settlement_rules.Figures(value, row.submitted, row.reviewed, committed)
    reduction = Reduction(row.submitted, row.reviewed) if row.reviewed is not None else None
    found = [flag.value for flag in settlement_rules.flags(figures)]
    return SettlementLine(contract, value, committed, row, reduction, found, review_clock_of(row, rules, today))


def review_clock_of(row: Settlement, rules: Rulebook, today: date) -> settlement_rules.ReviewClock:
    """财建〔2004〕369号: from the day the review was accepted, else from the day it was handed in."""
    begun = row.submitted_on
    if row.item is not None and row.item.accepted_on is not None:
        begun = max(begun, row.item.accepted_on)
    days = rules.days(f"settlement.days_{settlement_rules.bracket_of(row.submitted)}")
    return settlement_rules.review_clock(begun, days, row.reviewed_on, today, rules.days("settlement.days_yellow"))


def reviews_of(project: Project, actor: Actor) -> QuerySet[ApprovalItem]:
    """The settlement reviews of the project a settlement may belong to, as far as this person may see them."""
    lost = ("NOT_ACCEPTED", "REJECTED", "RETURNED", "WITHDRAWN", "EXPIRED", "REVOKED")
    rows = ApprovalItem.objects.visible_to(actor).filter(project=project, item_type="SET")
    return rows.exclude(state__in=lost).order_by("pk")


def audits_of(project: Project, actor: Actor) -> QuerySet[ApprovalItem]:
    """The audits (AUD) of the project this person may see."""
    return ApprovalItem.objects.visible_to(actor).filter(project=project, item_type="AUD").order_by("pk")


def is_decided(item: ApprovalItem) -> bool:
    return item.state in ("ISSUED", "ARCHIVED") and item.approved_amount is not None


def findings_of(project: Project) -> QuerySet[AuditFinding]:
    rows = project.audit_findings.select_related("item", "recorded_by", "rectified_by", "confirmed_by", "evidence")
    return rows.order_by("number")


def open_findings(project: Project) -> int:
    """What T19 waits for: neither scheduled nor rectified."""
    return project.audit_findings.filter(state=FindingState.OPEN).count()


def waiting_findings(actor: Actor, *, late: bool, today: date) -> QuerySet[AuditFinding]:
    """Findings of every project this person sees that are not confirmed yet; `late` only those whose day is over."""
    rows = findings(actor).exclude(state=FindingState.CONFIRMED).select_related("project__owner_unit")
    waits = Q(state__in=(FindingState.OPEN, FindingState.SCHEDULED), due_on__lt=today)
    return rows.filter(waits) if late else rows


def waiting_defects(actor: Actor, *, late: bool, today: date) -> QuerySet[AcceptanceDefect]:
    """Defects of every project this person sees that nobody has checked yet."""
    rows = defects(actor).filter(checked_on__isnull=True).select_related("round__project__owner_unit")
    return rows.filter(fixed_on__isnull=True, due_on__lt=today) if late else rows


def what_keeps(project: Project, move: str, today: date) -> list[Problem]:
    """Everything a move of the project by itself (T16 to T19) still waits for; nothing where it is not its turn."""
    if project.stage not in LIFECYCLE[move].sources:
        return []
    return LIFECYCLE.problems(project, move, situation(today))


def file_of(kind: str, pk: int, actor: Actor) -> StoredFile:
    """The paper or photo of a row this person sees. `kind`: opinion, paper, defect, finding. NotFound without one."""
    projects = Project.objects.visible_to(actor)
    rows = {
        "opinion": (PartyOpinion.objects.filter(round__project__in=projects), "file"),
        "paper": (SpecialAcceptance.objects.filter(project__in=projects), "file"),
        "defect": (defects(actor), "evidence"),
        "finding": (findings(actor), "evidence"),
    }
    if kind in rows:
        held, name = rows[kind]
        file = getattr(locks.found(held.select_related(name), pk=pk), name)
        if file is not None:
            return file
    raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
