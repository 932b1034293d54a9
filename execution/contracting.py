"""Reads of tenders, contracts and change orders for pages and API: a project's lists, one row with all it shows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, rulebook
from core.locks import found
from core.money import quantise
from core.rulebook import Rulebook
from execution import facts
from execution.machines import changes, tenders
from execution.models import ChangeOrder, Contract, Tender
from execution.policies import may_read_books
from execution.rules import tender as tender_rules
from execution.services.tenders import periods_of
from execution.states import ContractState, TenderState
from projects.models import Project

VALUED = ("supplements", "changes__lines")


@dataclass(frozen=True)
class Value:
    """What a contract is worth and what of it is spoken for; yuan."""

    price: Decimal
    supplements: Decimal
    changes: Decimal
    committed: Decimal

    @property
    def total(self) -> Decimal:
        return self.price + self.supplements + self.changes


def value_of(contract: Contract) -> Value:
    total = facts.contract_value(contract)
    supplements = sum((row.amount for row in contract.supplements.all()), Decimal("0.00"))
    return Value(
        contract.price, supplements, total - contract.price - supplements, facts.committed(contract.payments.all())
    )


def project_of(actor: Actor, pk: int) -> Project:
    return found(Project.objects.visible_to(actor).select_related("owner_unit"), pk=pk)


def books_of(actor: Actor, pk: int) -> Project:
    """The project whose contracts, changes and costs are read. Raises NotFound, NotPermitted."""
    project = project_of(actor, pk)
    insist(may_read_books, actor)
    return project


def tenders_of(project: Project) -> QuerySet[Tender]:
    """The project is one the actor may see."""
    return project.tenders.prefetch_related("objections", "contracts").order_by("pk")


def contracts_of(project: Project) -> QuerySet[Contract]:
    return project.contracts.select_related("tender").prefetch_related(*VALUED, "payments").order_by("pk")


def changes_of(project: Project) -> QuerySet[ChangeOrder]:
    return ChangeOrder.objects.filter(contract__project=project).select_related("contract").order_by("-pk")


def tender_of(actor: Actor, pk: int) -> Tender:
    rows = tenders(actor).select_related("project__owner_unit")
    return found(rows.prefetch_related("objections__recorded_by", "contracts", "project__figures"), pk=pk)


def contract_of(actor: Actor, pk: int) -> Contract:
    rows = Contract.objects.visible_to(actor).select_related("project__owner_unit", "tender", "file")
    return found(
        rows.prefetch_related(
            "lines__change_lines__change",
            "lines__measurements",
            *VALUED,
            "payments",
            "tender__contracts",
            "supplements__file",
        ),
        pk=pk,
    )


def change_of(actor: Actor, pk: int) -> ChangeOrder:
    rows = changes(actor).select_related("contract__project__owner_unit", "proposed_by")
    return found(
        rows.prefetch_related(
            "lines__line__change_lines__change", "lines__line__measurements", "contract__payments",
            "contract__supplements", "contract__changes__lines",
        ),
        pk=pk,
    )  # fmt: skip


def rules_today() -> Rulebook:
    """Read once for a whole list."""
    return rulebook.on(clock.today())


def contract_clock(
    tender: Tender, rules: Rulebook, contract: Contract | None = None
) -> tender_rules.ContractClock | None:
    """Thirty days from the notice: while the tender waits for its contract, or for the contract given; None else."""
    if tender.notified_on is None:
        return None
    if contract is not None:
        signed = contract.signed_on
    elif tender.state == TenderState.AWARDED:
        signed = None
    else:
        signed = _signed_on(tender)
        if signed is None:
            return None
    return tender_rules.contract_clock(tender.notified_on, signed, clock.today(), periods_of(rules))


def _signed_on(tender: Tender) -> date | None:
    days = [
        row.signed_on
        for row in tender.contracts.all()
        if row.signed_on and row.state not in (ContractState.DRAFT, ContractState.TERMINATED)
    ]
    return max(days, default=None)


def contract_warnings(contract: Contract, rules: Rulebook) -> list[str]:
    """Codes of what a reader should see at once: untendered, late_signing, overdue, prefinancing, changed_much."""
    found_ = ["untendered"] if is_untendered(contract, rules) else []
    if contract.tender and contract.state != ContractState.TERMINATED:
        due = contract_clock(contract.tender, rules, contract)
        if due and due.light == "RED":
            found_.append("late_signing")
    if contract.state == ContractState.EFFECTIVE and contract.ends_on and contract.ends_on < clock.today():
        found_.append("overdue")
    if not contract.no_prefinancing:
        found_.append("prefinancing")
    if is_changed_much(contract, rules):
        found_.append("changed_much")
    return found_


def is_untendered(contract: Contract, rules: Rulebook) -> bool:
    """A contract so large that a tender must be held, with neither a tender nor a direct award on record."""
    if contract.tender_id is not None or contract.state == ContractState.TERMINATED:
        return False
    code = tender_rules.MUST_BE_TENDERED.get(contract.kind)
    row = rules.row(code) if code else None
    return row is not None and tender_rules.reaches(contract.price, row.value, row.comparison)


def share_changed(contract: Contract) -> Decimal:
    """All approved changes and supplements without sign, as a share of the price."""
    total = sum((abs(amount) for amount in facts.changes_of_price(contract)), Decimal(0))
    return (total / contract.price).quantize(Decimal("0.0001")) if contract.price else Decimal(0)


def is_changed_much(contract: Contract, rules: Rulebook) -> bool:
    """R-INV-14: from here on every change is decided one level higher."""
    row = rules.row("R-INV-14.share")
    changed = share_changed(contract)
    return row is not None and changed > 0 and tender_rules.reaches(changed, row.value, row.comparison)


def lines_shown(contract: Contract) -> list[dict[str, Any]]:
    """Each line with what was contracted, changed and measured so far."""
    return [
        {
            "line": line,
            "quantity": facts.quantity_of(line),
            "changed": facts.quantity_of(line) - line.quantity,
            "amount": facts.amount_of(line),
            "measured": facts.measured_of(line),
        }
        for line in contract.lines.all()
    ]


def product(quantity: Decimal, unit_price: Decimal | None, amount: Decimal | None) -> Decimal:
    """Yuan of a line: as given, else quantity × unit price, else nothing."""
    if amount is not None:
        return amount
    return quantise(quantity * unit_price) if unit_price is not None else Decimal("0.00")
