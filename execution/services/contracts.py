"""Contracts: entered by the project unit, put into force by its lead, changed only by supplements and change orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals.rules.investment import reaches
from core import clock, locks, rulebook, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import quantise, size_problems
from core.row_problems import row_problems
from core.workflow import Situation
from execution import facts as sums
from execution import findings
from execution.machines import CONTRACTS, TENDERS
from execution.models import Contract, ContractLine, Supplement, Tender
from execution.policies import may_keep_books
from execution.services.machine import Step, situation
from execution.states import ChangeLevel, ContractKind, ContractState, TenderState
from projects.models import Project
from projects.services import facts

FIELDS = (
    "no", "name", "kind", "contractor", "contractor_code", "price_type", "price", "retention_rate", "advance_rate",
    "no_prefinancing", "payment_terms", "signed_on", "starts_on", "ends_on", "warranty_until", "is_tail_works",
)  # fmt: skip
MOST_QUANTITY = Decimal(10) ** 13
IN_FORCE = (ContractState.EFFECTIVE, ContractState.COMPLETED, ContractState.SETTLED, ContractState.CLOSED)
INFORMATION_SYSTEM = "IT"  # code of the table `project_class`
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


@transaction.atomic
def discard(pk: int, *, actor: Actor) -> None:
    """Takes a draft back that was entered by mistake or twice; it would stay unsettled for ever (T17)."""
    contract = CONTRACTS.lock(pk, actor)
    insist(may_keep_books, actor, contract.project)
    if contract.state != ContractState.DRAFT:
        raise RuleViolation(
            [Problem("contract.fixed", _("A contract in force is changed by supplements and change orders."))]
        )
    project, kept = contract.project, {"no": contract.no, "name": contract.name, "price": contract.price}
    trace.record("execution.contract.discarded", actor=actor, target=contract, project_id=project.pk, facts=kept)
    contract.delete()
    tell(project)


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
    found = []
    try:
        contract.full_clean(exclude={"project", "tender", "created_by", *unread}, validate_constraints=False)
    except ValidationError as error:
        found += row_problems(error)
    bad = unread | {problem.field for problem in found}
    if "price" not in bad and contract.price <= 0:
        found.append(Problem("contract.price", _("The price is more than nothing."), "price"))
    if "no" not in bad and contract.project.contracts.filter(no=contract.no).exclude(pk=contract.pk).exists():
        found.append(Problem("contract.twice", _("The project already has a contract of this number."), "no"))
    for name in ("retention_rate", "advance_rate"):
        if name not in bad and not 0 <= getattr(contract, name) <= 100:
            found.append(Problem("contract.rate", _("A share lies between 0 and 100 %."), name))
    if "retention_rate" not in bad:
        found += retention_problems(contract)
    return [*found, *_day_problems(contract)]


def _day_problems(contract: Contract) -> list[Problem]:
    if contract.starts_on and contract.ends_on and contract.ends_on < contract.starts_on:
        return [Problem("date.too_early", _("The end lies before the start."), "ends_on")]
    return []


def retention_problems(contract: Contract) -> list[Problem]:
    """The retention of a works contract is capped by the rule in force on the day of signing."""
    row = rulebook.on(contract.signed_on or clock.today()).row("contract.retention_max")
    if row is None or contract.kind != ContractKind.WORKS or contract.retention_rate is None:
        return []
    if not reaches(contract.retention_rate, row.value * 100, row.comparison):
        return []
    words = _("The retention of a works contract is at most %(most)s %%.") % {"most": f"{row.value * 100:.0f}"}
    return [Problem("contract.retention", words, "retention_rate")]


def _line_problems(contract: Contract, lines: Sequence[Line]) -> list[Problem]:
    known = cost_codes(contract.project)
    unknown = sorted({line.cost_code for line in lines if known and line.cost_code not in known})
    found = []
    if unknown:
        words = _("Not in the approved cost tree of the project: %(codes)s.") % {"codes": "、".join(unknown)}
        found.append(Problem("contract.cost_code", words, "lines"))
    if any(not line.name.strip() or not line.cost_code.strip() for line in lines):
        found.append(Problem("contract.line_name", _("Every line needs a name and a cost line."), "lines"))
    if any(line.amount < 0 or line.quantity < 0 or (line.unit_price or 0) < 0 for line in lines):
        found.append(Problem("contract.line_negative", _("A line's amount cannot be negative."), "lines"))
    for line in lines:
        found += size_problems(line.amount, "lines")
        if line.quantity >= MOST_QUANTITY or (line.unit_price or 0) >= MOST_QUANTITY:
            found.append(Problem("contract.line_too_large", _("A quantity or unit price is too large."), "lines"))
        elif line.unit_price is not None and quantise(line.quantity * line.unit_price) != line.amount:
            words = _("%(line)s: quantity times unit price is not the amount.") % {"line": line.name}
            found.append(Problem("contract.line_product", words, "lines"))
    return found


def cost_codes(project: Project) -> dict[str, str]:
    """Code → name of the leaves of the project's newest approved estimate and budget; empty where it has neither."""
    decided = list(
        project.items.filter(item_type__in=("EST", "ADJ", "BUD", "FS"), state__in=("ISSUED", "ARCHIVED")).order_by(
            "-decided_on", "-pk"
        )
    )
    # A budget often knows only the works: what it leaves out is found in the estimate.
    newest = [
        next((item for item in decided if item.item_type in kinds), None)
        for kinds in (("EST", "ADJ"), ("BUD",), ("FS",))
    ]
    bases = [item for item in newest[:2] if item] or [item for item in newest[2:] if item]
    rows = [row for item in bases for row in item.cost_lines.filter(is_leaf=True)]
    return dict(sorted((row.code, row.name) for row in rows))


@transaction.atomic
def supplement(
    pk: int,
    *,
    actor: Actor,
    no: str,
    amount: Decimal | None,
    signed_on: date | None,
    reason: str,
    cost_code: str = "",
    faults: Sequence[Problem] = (),
) -> Supplement:
    """A supplementary agreement: a signed change of the price, in yuan. Raises RuleViolation with every reason.

    R-INV-14: it changes the price no further than the unit itself may decide; beyond that a change order does, and the
    supplement that puts it on paper has the amount nothing.
    """
    contract = CONTRACTS.lock(pk, actor)
    insist(may_keep_books, actor, contract.project)
    row = Supplement(
        contract=contract, no=no.strip(), amount=amount, signed_on=signed_on, reason=reason.strip(),
        cost_code=cost_code.strip(), recorded_by=actor.user,
    )  # fmt: skip
    require(together(faults, _supplement_problems(contract, row, faults)))
    row.save()
    trace.record(
        "execution.contract.supplemented", actor=actor, target=contract, project_id=contract.project_id,
        reason=row.reason, facts={"no": row.no, "amount": row.amount, "signed_on": row.signed_on},
    )  # fmt: skip
    return row


def _supplement_problems(contract: Contract, row: Supplement, faults: Sequence[Problem]) -> Iterable[Problem]:
    unread = {fault.field for fault in faults}
    if contract.state not in (ContractState.EFFECTIVE, ContractState.COMPLETED):
        yield Problem("contract.not_in_force", _("Only a contract in force can be supplemented."))
    try:
        row.full_clean(exclude={"contract", "recorded_by", *unread}, validate_constraints=False)
    except ValidationError as error:
        yield from row_problems(error)
    if row.no and contract.supplements.filter(no=row.no).exists():
        yield Problem("supplement.twice", _("This contract already has a supplement of this number."), "no")
    if row.signed_on and row.signed_on > clock.today():
        yield Problem("supplement.future", _("The day of signing lies in the future."), "signed_on")
    elif row.signed_on and contract.signed_on and row.signed_on < contract.signed_on:
        words = _("The contract itself was signed on %(day)s.") % {"day": contract.signed_on}
        yield Problem("date.too_early", words, "signed_on")
    known = cost_codes(contract.project)
    if known and row.cost_code not in known:
        words = _("Not in the approved cost tree of the project: %(codes)s.") % {"codes": row.cost_code or "—"}
        yield Problem("supplement.cost_code", words, "cost_code")
    if row.amount is not None:
        yield from size_problems(row.amount, "amount")
        left, done = sums.contract_value(contract) + row.amount, sums.committed(contract.payments.all())
        if left < done or left <= 0:
            yield findings.paid_problem(left, done)
        yield from _level_problems(contract, row.amount)


def _level_problems(contract: Contract, amount: Decimal) -> Iterable[Problem]:
    if amount and sums.judgement_beside(contract, amount, situation().rules).level != ChangeLevel.OWNER:
        words = _("A change of the price of this size is decided by the authority: propose a change order.")
        yield Problem("supplement.level", words, "amount")


@CONTRACTS.check("complete")
def completion_problems(contract: Contract, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    day = said.get("completed_on")
    if day and day > now.on:
        yield Problem("date.future", _("This day lies in the future."), "completed_on")
    if day and contract.signed_on and day < contract.signed_on:
        words = _("The contract itself was signed on %(day)s.") % {"day": contract.signed_on}
        yield Problem("date.too_early", words, "completed_on")


@CONTRACTS.before("complete")
def keep_the_day(step: Step) -> None:
    step.row.completed_on = step.data["completed_on"]


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


def carries_the_works(kind: str, project_class: str) -> bool:
    """Whether work can begin on it (T12). An information system is bought and set up, nobody builds it."""
    return kind == ContractKind.WORKS or (kind == ContractKind.EQUIPMENT and project_class == INFORMATION_SYSTEM)


def tell(project: Project) -> None:
    """What the project's own guards read of its contracts."""
    rows = list(project.contracts.all())
    works = sum(carries_the_works(row.kind, project.project_class) and row.state in IN_FORCE for row in rows)
    unsettled = sum(row.state in UNSETTLED and not row.is_tail_works for row in rows)
    facts.tell(project, works_contracts=works, unsettled_contracts=unsettled)
