"""Contracts: entered by the project unit, put into force by its lead, changed only by supplements and change orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import size_problems
from core.row_problems import row_problems
from execution.machines import CONTRACTS, TENDERS
from execution.models import Contract, ContractLine, Supplement, Tender
from execution.policies import may_keep_books
from execution.services.machine import Step
from execution.states import ContractKind, ContractState, TenderState
from projects.models import Project
from projects.services import facts

FIELDS = (
    "no", "name", "kind", "contractor", "contractor_code", "price_type", "price", "retention_rate", "advance_rate",
    "no_prefinancing", "payment_terms", "signed_on", "starts_on", "ends_on", "warranty_until", "is_tail_works",
)  # fmt: skip
IN_FORCE = (ContractState.EFFECTIVE, ContractState.COMPLETED, ContractState.SETTLED, ContractState.CLOSED)
UNSETTLED = (ContractState.DRAFT, ContractState.EFFECTIVE, ContractState.COMPLETED)


@dataclass(frozen=True)
class Line:
    """One priced line; `amount` in yuan, `cost_code` the line of the project's cost tree it belongs to."""

    name: str
    cost_code: str
    amount: Decimal
    unit: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    code: str = ""


@transaction.atomic
def draft(
    project_id: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    lines: Sequence[Line] = (),
    tender_id: int | None = None,
    faults: Sequence[Problem] = (),
) -> Contract:
    """A new contract, not yet in force. `values` holds fields of FIELDS. Raises RuleViolation with every reason."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_books, actor, project)
    contract = Contract(project=project, created_by=actor.user, tender=_tender(project, tender_id))
    return _keep(contract, values, lines, actor, faults, "execution.contract.drafted")


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    lines: Sequence[Line] = (),
    tender_id: int | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Contract:
    """Corrects a contract that is not in force yet; afterwards only supplements and change orders change it."""
    contract = CONTRACTS.lock(pk, actor)
    insist(may_keep_books, actor, contract.project)
    if expected_version not in (None, contract.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    if contract.state != ContractState.DRAFT:
        raise RuleViolation(
            [Problem("contract.fixed", _("A contract in force is changed by supplements and change orders."))]
        )
    contract.tender = _tender(contract.project, tender_id)
    contract.version += 1
    return _keep(contract, values, lines, actor, faults, "execution.contract.amended")


def _tender(project: Project, tender_id: int | None) -> Tender | None:
    return locks.found(Tender.objects.filter(project=project), pk=tender_id) if tender_id else None


def _keep(
    contract: Contract,
    values: dict[str, Any],
    lines: Sequence[Line],
    actor: Actor,
    faults: Sequence[Problem],
    verb: str,
) -> Contract:
    for name in FIELDS:
        if name in values:
            setattr(contract, name, values[name])
    require(together(faults, [*_row_problems(contract, faults), *_line_problems(contract, lines)]))
    contract.save()
    contract.lines.all().delete()
    ContractLine.objects.bulk_create(
        ContractLine(contract=contract, position=position, **vars(line)) for position, line in enumerate(lines, 1)
    )
    kept = {
        "no": contract.no,
        "name": contract.name,
        "price": contract.price,
        "lines": len(lines),
        "contractor": contract.contractor,
    }
    trace.record(verb, actor=actor, target=contract, project_id=contract.project_id, facts=kept)
    return contract


def _row_problems(contract: Contract, faults: Sequence[Problem]) -> list[Problem]:
    unread = {fault.field for fault in faults}
    found = list(size_problems(contract.price, "price")) if contract.price is not None else []
    try:
        contract.full_clean(exclude={"project", "tender", "created_by", *unread})
    except ValidationError as error:
        found += row_problems(error)
    return found


def _line_problems(contract: Contract, lines: Sequence[Line]) -> list[Problem]:
    known = cost_codes(contract.project)
    unknown = sorted({line.cost_code for line in lines if known and line.cost_code not in known})
    found = []
    if unknown:
        words = _("Not in the approved cost tree of the project: %(codes)s.") % {"codes": "、".join(unknown)}
        found.append(Problem("contract.cost_code", words, "lines"))
    if any(line.amount < 0 for line in lines):
        found.append(Problem("contract.line_negative", _("A line's amount cannot be negative."), "lines"))
    return found


def cost_codes(project: Project) -> dict[str, str]:
    """Code → name of the leaves of the project's newest approved estimate or budget; empty where it has none."""
    from_items = (
        row
        for item in project.items.filter(
            item_type__in=("EST", "ADJ", "BUD", "FS"), state__in=("ISSUED", "ARCHIVED")
        ).order_by("-decided_on", "-pk")[:1]
        for row in item.cost_lines.all()
    )
    return {row.code: row.name for row in from_items}


@transaction.atomic
def supplement(
    pk: int, *, actor: Actor, no: str, amount: Decimal, signed_on: date, reason: str, cost_code: str = ""
) -> Supplement:
    """A supplementary agreement: a signed change of the price, in yuan."""
    contract = CONTRACTS.lock(pk, actor)
    insist(may_keep_books, actor, contract.project)
    problems = []
    if contract.state not in (ContractState.EFFECTIVE, ContractState.COMPLETED):
        problems.append(Problem("contract.not_in_force", _("Only a contract in force can be supplemented.")))
    if not no or not reason:
        problems.append(
            Problem(
                "supplement.incomplete", _("A supplement needs a number and a reason."), "no" if not no else "reason"
            )
        )
    if signed_on > clock.today():
        problems.append(Problem("supplement.future", _("The day of signing lies in the future."), "signed_on"))
    if contract.supplements.filter(no=no).exists():
        problems.append(Problem("supplement.twice", _("This contract already has a supplement of this number."), "no"))
    require([*problems, *size_problems(abs(amount), "amount")])
    row = Supplement.objects.create(
        contract=contract,
        no=no,
        amount=amount,
        signed_on=signed_on,
        reason=reason,
        cost_code=cost_code,
        recorded_by=actor.user,
    )
    trace.record(
        "execution.contract.supplemented", actor=actor, target=contract, project_id=contract.project_id, reason=reason,
        facts={"no": no, "amount": amount, "signed_on": signed_on},
    )  # fmt: skip
    return row


@CONTRACTS.after("take_effect")
def tell_the_project(step: Step) -> None:
    """T12 waits for a works contract; the tender it came from is finished with it."""
    contract = step.row
    step.facts |= {"no": contract.no, "price": contract.price}
    if contract.tender and contract.tender.state == TenderState.AWARDED:
        TENDERS.perform_by_system(contract.tender, "contract_signed", actor=step.actor)
    tell(contract.project)


@CONTRACTS.after("terminate")
@CONTRACTS.after("settle")
def tell_again(step: Step) -> None:
    tell(step.row.project)


def tell(project: Project) -> None:
    """What the project's own guards read of its contracts."""
    rows = list(project.contracts.all())
    works = sum(row.kind == ContractKind.WORKS and row.state in IN_FORCE for row in rows)
    unsettled = sum(row.state in UNSETTLED and not row.is_tail_works for row in rows)
    facts.tell(project, works_contracts=works, unsettled_contracts=unsettled)
