"""Settlement of contracts: submitted by the unit, its reviewed amount taken from the review (SET) that decided it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals.models import ApprovalItem
from core import locks, trace
from core.errors import Problem, StaleState, require, together
from core.money import ZERO, size_problems
from execution import closing
from execution.closing_policies import may_sign_for_the_unit
from execution.findings import WORKS_KINDS, yuan
from execution.flows.contract import UNDECIDED_CHANGES
from execution.machines import CHANGES, CONTRACTS
from execution.models import Contract, Settlement
from execution.policies import may_keep_books
from execution.rules import settlement as rules
from execution.services import contracts
from execution.services.acceptance import day_problems
from execution.states import ChangeState, ContractState
from projects.models import Project
from projects.states import MAIN_LINE, Stage

SETTLEABLE = (ContractState.EFFECTIVE, ContractState.COMPLETED)
UNPRICED = (ChangeState.APPROVED, ChangeState.IMPLEMENTED)
ACCEPTED = frozenset(MAIN_LINE[MAIN_LINE.index(Stage.SETTLEMENT) :])


@transaction.atomic
def submit(
    contract_id: int,
    *,
    actor: Actor,
    submitted: Decimal | None,
    submitted_on: date | None,
    item_id: int | None = None,
    faults: Sequence[Problem] = (),
) -> Settlement:
    """The settlement of a contract as its contractor and the unit hand it in (yuan); `item_id` the SET review it goes to.

    More than the contract is worth is let in and flagged. Raises RuleViolation with every reason.
    """
    contract = CONTRACTS.lock(contract_id, actor)
    insist(may_keep_books, actor, contract.project)
    problems = [*_contract_problems(contract), *_figure_problems(contract, submitted, submitted_on)]
    if getattr(contract, "settlement", None) is not None:
        problems.append(Problem("settlement.twice", _("The settlement of this contract is recorded already.")))
    item, found = _review(contract.project, item_id, actor)
    require(together(faults, [*problems, *found]))
    row = Settlement.objects.create(
        contract=contract, item=item, submitted=submitted, submitted_on=submitted_on, recorded_by=actor.user
    )
    _trace("submitted", actor, row)
    return row


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    submitted: Decimal | None,
    submitted_on: date | None,
    item_id: int | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Settlement:
    """Corrects a settlement whose review is not taken over yet, or says which review it goes to."""
    row = locks.found(closing.settlements(actor), pk=pk)
    contract = CONTRACTS.lock(row.contract_id, actor)
    row = locks.locked(closing.settlements(actor), pk)
    insist(may_keep_books, actor, contract.project)
    if expected_version not in (None, row.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    problems = [*_contract_problems(contract), *_figure_problems(contract, submitted, submitted_on)]
    if row.reviewed is not None:
        problems.append(Problem("settlement.reviewed", _("The reviewed amount has been taken over.")))
    item, found = _review(contract.project, item_id, actor)
    require(together(faults, [*problems, *found]))
    row.submitted, row.submitted_on, row.item = submitted, submitted_on, item
    row.version += 1
    row.save()
    _trace("amended", actor, row)
    return row


def _contract_problems(contract: Contract) -> Iterable[Problem]:
    """A contract that can be settled: in force or performed, accepted where it is works, no change still open."""
    if contract.state not in SETTLEABLE:
        label = contract.get_state_display()
        yield Problem("wrong_state", _("Not possible in the state “%(state)s”.") % {"state": label})
    if contract.kind in WORKS_KINDS and contract.project.stage not in ACCEPTED:
        yield Problem("settlement.not_accepted", _("The works have not been accepted yet."))
    states = [row.state for row in contract.changes.all()]
    undecided = sum(state in UNDECIDED_CHANGES for state in states)
    unpriced = sum(state in UNPRICED for state in states)
    if undecided:
        yield Problem("contract.open_changes", _("Change orders not decided yet: %(n)s.") % {"n": undecided})
    if unpriced:
        yield Problem("contract.unpriced_changes", _("Approved change orders not priced yet: %(n)s.") % {"n": unpriced})


def _figure_problems(contract: Contract, submitted: Decimal | None, submitted_on: date | None) -> Iterable[Problem]:
    if submitted is None:
        yield Problem("required", _("This field is required."), "submitted")
    elif submitted <= 0:
        yield Problem("settlement.nothing", _("The settlement is more than nothing."), "submitted")
    else:
        yield from size_problems(submitted, "submitted")
    yield from day_problems(submitted_on, "submitted_on", contract.signed_on)


def _review(project: Project, item_id: int | None, actor: Actor) -> tuple[ApprovalItem | None, list[Problem]]:
    if item_id is None:
        return None, []
    item = closing.reviews_of(project, actor).filter(pk=item_id).first()
    if item is None:
        return None, [Problem("settlement.item", _("The project has no such settlement review."), "item_id")]
    if item.settlements.filter(reviewed__isnull=False).exists():
        words = _("The reviewed amount of this review has been taken over already.")
        return item, [Problem("settlement.item_taken", words, "item_id")]
    return item, []


@transaction.atomic
def mark_tail_works(
    contract_id: int,
    *,
    actor: Actor,
    is_tail_works: bool,
    reason: str,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Contract:
    """The unit's lead says that a contract is settled after the project (尾工), or no longer so; T17 and T18 read it."""
    contract = CONTRACTS.lock(contract_id, actor)
    insist(may_sign_for_the_unit, actor, contract.project)
    if expected_version not in (None, contract.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    require(together(faults, _tail_problems(contract, is_tail_works, reason)))
    contract.is_tail_works = is_tail_works
    contract.version += 1
    contract.save()
    said = {"no": contract.no, "is_tail_works": is_tail_works}
    trace.record(
        "execution.contract.tail_works", actor=actor, target=contract, project_id=contract.project_id,
        reason=reason.strip(), facts=said,
    )  # fmt: skip
    contracts.tell(contract.project)
    return contract


def _tail_problems(contract: Contract, is_tail_works: bool, reason: str) -> Iterable[Problem]:
    if contract.state not in SETTLEABLE:
        label = contract.get_state_display()
        yield Problem("wrong_state", _("Not possible in the state “%(state)s”.") % {"state": label})
    if contract.is_tail_works == is_tail_works:
        yield Problem("tail_works.unchanged", _("The contract is marked so already."))
    if is_tail_works and getattr(contract, "settlement", None) is not None:
        yield Problem("settlement.twice", _("The settlement of this contract is recorded already."))
    if not reason.strip():
        yield Problem("required", _("This field is required."), "reason")


@transaction.atomic
def take_review(
    item_id: int, *, actor: Actor, shares: Mapping[int, Decimal] | None = None, faults: Sequence[Problem] = ()
) -> list[Settlement]:
    """Takes the reviewed amount of a decided SET item over into the settlements that went to it, and settles their contracts.

    `shares` says by settlement (its key) what each contract gets; it may be left out where there is only one. They add up
    to the decided amount to the fen, as the submitted ones to the declared amount. T17 or T18 may follow.
    """
    item = locks.found(ApprovalItem.objects.visible_to(actor).filter(item_type="SET"), pk=item_id)
    project = locks.locked(Project.objects.visible_to(actor), item.project_id)
    insist(may_keep_books, actor, project)
    item = locks.found(ApprovalItem.objects.visible_to(actor), pk=item_id)
    rows = locks.all_locked(Settlement.objects.filter(item=item))
    for row in rows:
        row.contract = CONTRACTS.lock(row.contract_id, actor)
    said = dict(shares or {})
    require(together(faults, _review_problems(item, rows, said)))
    approved = item.approved_amount
    parts = rules.shares_of(approved, {row.pk: row.submitted for row in rows}, said)
    for row in rows:
        row.reviewed, row.reviewed_on, row.document_no = parts[row.pk], item.decided_on, item.document_no
        row.version += 1
        row.save()
        _trace("reviewed", actor, row)
    for row in rows:
        _settle(row.contract, actor)
    return rows


def _review_problems(item: ApprovalItem, rows: Sequence[Settlement], said: Mapping[int, Decimal]) -> Iterable[Problem]:
    if not closing.is_decided(item):
        yield Problem("settlement.undecided", _("This settlement review has not been decided with an amount yet."))
        return
    if not rows:
        yield Problem("settlement.none", _("No settlement has been handed in for this review."))
        return
    if any(row.reviewed is not None for row in rows):
        words = _("The reviewed amount of this review has been taken over already.")
        yield Problem("settlement.item_taken", words)
    for row in rows:
        yield from _contract_problems(row.contract)
    submitted = sum((row.submitted for row in rows), ZERO)
    if submitted != item.declared_amount:
        shown = {"sum": yuan(submitted), "declared": yuan(item.declared_amount or ZERO)}
        words = _("The settlements add up to %(sum)s yuan, the review was declared with %(declared)s yuan.")
        yield Problem("settlement.declared", words % shown, "shares")
    yield from _share_problems(item, rows, said)


def _share_problems(item: ApprovalItem, rows: Sequence[Settlement], said: Mapping[int, Decimal]) -> Iterable[Problem]:
    if set(said) - {row.pk for row in rows}:
        yield Problem("settlement.foreign", _("A settlement does not belong to this review."), "shares")
    if any(amount < 0 for amount in said.values()):
        yield Problem("settlement.negative", _("An amount cannot be negative."), "shares")
    parts = rules.shares_of(item.approved_amount, {row.pk: row.submitted for row in rows}, said)
    if len(parts) < len(rows):
        yield Problem("settlement.share_missing", _("Say for each contract what was reviewed."), "shares")
    elif rules.difference(parts.values(), item.approved_amount):
        shown = {"sum": yuan(sum(parts.values(), ZERO)), "approved": yuan(item.approved_amount)}
        words = _("The reviewed amounts add up to %(sum)s yuan, decided were %(approved)s yuan.")
        yield Problem("settlement.shares", words % shown, "shares")


def _settle(contract: Contract, actor: Actor) -> None:
    """K03, and with it the priced changes of the contract (V09)."""
    for change in contract.changes.filter(state=ChangeState.PRICED):
        CHANGES.perform_by_system(change, "settle", actor=actor)
    CONTRACTS.perform_by_system(contract, "settle", actor=actor)


def _trace(verb: str, actor: Actor, row: Settlement) -> None:
    said = {
        "no": row.contract.no, "submitted": row.submitted, "reviewed": row.reviewed, "document_no": row.document_no,
        "item": row.item.no if row.item else None,
    }  # fmt: skip
    trace.record(
        f"execution.settlement.{verb}", actor=actor, target=row, project_id=row.contract.project_id, facts=said
    )
