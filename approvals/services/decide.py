"""The decision: approval with document number, reduction and gate in one transaction; rejection; return."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from approvals.documents.kinds import DocumentKind
from approvals.finding_wording import as_problem
from approvals.findings import WORKS, branch_of, findings_of
from approvals.models import ApprovalItem, Decision, IssuedDocument
from approvals.services import case_clock, documents, engine, ledger, numbering, signatures
from approvals.services.engine import Case, after, before
from approvals.states import Step, TenPercentDecision
from core.errors import Problem, require
from projects.services import gates, index
from projects.services.gates import Ruling
from projects.services.moves import close_openings
from projects.states import Gate

# The rules compare with the project's figures and gates; the cost lines are signed, printed and handed to the project.
engine.READS["approve"] = ("cost_lines", "project__figures", "project__gate_openings")


@before("decide_ten_percent")
def keep_ten_percent_decision(case: Case) -> None:
    case.item.ten_percent_decision = case.data["decision"]


@after("decide_ten_percent")
def tell_the_project_of_the_demand(case: Case) -> None:
    """Opens T09 to the project while a new feasibility study is demanded (R-INV-02)."""
    item = case.item
    close_openings(item.project, Gate.NEW_FEASIBILITY_DEMANDED, case.on, item_id=item.pk)
    if item.ten_percent_decision == TenPercentDecision.REQUIRE_NEW_FS:
        ruling = Ruling(item_id=item.pk, document_no="", on=case.on, outcome=item.ten_percent_decision)
        gates.open_gate(item.project, Gate.NEW_FEASIBILITY_DEMANDED, ruling, actor=case.actor)


@before("approve")
def settle(case: Case) -> None:
    """Fixes the approved amount, checks the investment rules, gives the number, stops the clock."""
    item = case.item
    if item.type.money:
        item.approved_amount = case.data.get("approved_amount", _default_amount(item))
        if item.approved_amount is None or item.approved_amount <= 0:
            case.refuse("amount.missing", _("The approved amount is missing."), "approved_amount")
        if item.reviewed_amount not in (None, item.approved_amount) and not case.data.get("opinion"):
            message = _("The approved amount differs from the reviewed one: say why in the remarks.")
            case.refuse("amount.unexplained", message, "opinion")
    if case.data.get("waives") and item.item_type != "PR":
        case.refuse("waives.not_here", _("Only the approval of a proposal may waive the feasibility study."), "waives")
    _check_rules(case)
    item.decided_on = case.on
    item.waives = case.data.get("waives", [])
    item.valid_until = _valid_until(case)
    item.document_no = numbering.next_number(item.authority, case.on.year)
    item.outcome_reason = case.data.get("opinion", "")
    case_clock.stop(case)
    case.facts.update(
        document_no=item.document_no,
        declared=item.declared_amount,
        reviewed=item.reviewed_amount,
        approved=item.approved_amount,
        used_days=item.used_days,
    )


def _default_amount(item: ApprovalItem) -> Decimal | None:
    """As reviewed; what is only filed (no first review) as declared."""
    if item.reviewed_amount is None and Step.FIRST not in item.type.steps:
        return item.declared_amount
    return item.reviewed_amount


def _check_rules(case: Case) -> None:
    """R-INV: blocking findings refuse the approval unless an authority document and a reason are given."""
    found = findings_of(case.item, case.now, approved=case.item.approved_amount)
    case.facts["findings"] = [[f.code, f.severity, f.rule] for f in found]
    blocking = [as_problem(finding, "override_document") for finding in found if finding.blocks]
    lacking = list(_lacking_for_override(case)) if blocking else []
    if lacking:
        require([*blocking, *lacking])


def _lacking_for_override(case: Case) -> Iterator[Problem]:
    """What a deviation from a blocking rule still needs, each told at its own field."""
    if not case.data.get("override_document"):
        message = _("To approve all the same, name the authority document for the deviation.")
        yield Problem("override.document_missing", message, "override_document")
    if not case.data.get("override_reason"):
        message = _("To approve all the same, state the reason for the deviation.")
        yield Problem("override.reason_missing", message, "override_reason")


def _valid_until(case: Case) -> date | None:
    """R-LC-05: so many calendar months; None where no rule limits the approval."""
    months = case.now.rules.row("validity.months", case.item.item_type)
    if not case.item.type.expires or months is None:
        return None
    year, month = divmod(case.on.year * 12 + case.on.month - 1 + int(months.value), 12)
    return date(year, month + 1, min(case.on.day, monthrange(year, month + 1)[1]))


@after("approve")
def issue(case: Case) -> None:
    item = case.item
    signatures.sign(case, "DETERMINATION", case.data.get("opinion", ""))
    decision = _decide(case, Decision.Outcome.ISSUED, documents.issue(case, DocumentKind.APPROVAL))
    ledger.post(decision)
    index.add_document_no(item.project, item.document_no)
    if item.type.gate and not item.is_early_involvement:
        _tell_the_project(case, "ISSUED")


def _tell_the_project(case: Case, outcome: str) -> None:
    item = case.item
    project = item.project
    version = project.version
    ruling = Ruling(
        item_id=item.pk,
        document_no=item.document_no,
        on=case.on,
        outcome=outcome,
        amount=item.approved_amount if outcome == "ISSUED" and item.type.money else None,
        works_amount=works_part(item) if outcome == "ISSUED" else None,
        valid_until=item.valid_until,
        waives=tuple(item.waives),
    )
    gates.open_gate(project, item.type.gate, ruling, actor=case.actor, now=case.now)
    case.facts["project_stage"] = project.stage
    case.facts["project_moved"] = project.version != version


def works_part(item: ApprovalItem) -> Decimal | None:
    """The reviewed sum of branch 1 (工程费用), or None where the item has no cost tree."""
    lines = [line for line in item.cost_lines.all() if line.is_leaf]
    works = [line for line in lines if branch_of(line) == WORKS]
    if not works:
        return None
    return sum((line.reviewed or Decimal(0) for line in works), Decimal("0.00"))


@before("reject")
def write_reasons(case: Case) -> None:
    item = case.item
    item.outcome_reason, item.decided_on = case.data["reason"], case.on
    case_clock.stop(case)


@after("reject")
def issue_rejection(case: Case) -> None:
    signatures.sign(case, "DETERMINATION", case.data["reason"], conclusion="REJECTED")
    ledger.post(_decide(case, Decision.Outcome.REJECTED, documents.issue(case, DocumentKind.REJECTION)))
    close_adjustment(case)


@before("return_item")
def write_return(case: Case) -> None:
    item = case.item
    item.outcome_reason, item.return_class, item.decided_on = case.data["reason"], case.data["return_class"], case.on
    case_clock.stop(case)


@after("return_item", "lapse_supplement")
def issue_return(case: Case) -> None:
    """退文: counted, its amounts kept apart from every sum (R-RED-04)."""
    ledger.post(_decide(case, Decision.Outcome.RETURNED, documents.issue(case, DocumentKind.RETURN_LETTER)))
    close_adjustment(case)


def close_adjustment(case: Case) -> None:
    """T14: an adjustment that ended without approval lowers the project's flag all the same."""
    if case.item.type.needs_adjustment_flag and case.item.project.is_estimate_adjusting:
        _tell_the_project(case, case.item.state)


def _decide(case: Case, outcome: str, document: IssuedDocument) -> Decision:
    return Decision.objects.create(
        item=case.item,
        outcome=outcome,
        decided_on=case.on,
        decided_at=case.at,
        decided_by=case.actor.user,
        acting_for=case.actor.principal,
        document=document,
        text=case.item.outcome_reason,
        override_document=case.data.get("override_document", ""),
        override_reason=case.data.get("override_reason", ""),
        findings=case.facts.get("findings", []),
        rule_version=case.now.works.version,
    )
