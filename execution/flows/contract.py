"""Contracts: in force once signed, priced lines adding up, free of pre-financing clauses (R-INV-16)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from execution.states import ChangeState, PaymentState, TenderState
from execution.states import ContractState as C

CLERK, LEAD = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,)
REASON = Input("reason", _("Reason"))
UNDECIDED_CHANGES = (
    ChangeState.PROPOSED, ChangeState.SUPERVISION, ChangeState.DESIGN, ChangeState.OWNER, ChangeState.AUTHORITY,
)  # fmt: skip


def lines_add_up(contract: Any, situation: Situation) -> Iterator[Problem]:
    lines = list(contract.lines.all())
    total = sum((line.amount for line in lines), Decimal(0))
    if not lines:
        yield Problem("contract.no_lines", gettext("The contract has no priced lines."), "lines")
    elif total != contract.price:
        yield Problem(
            "contract.lines",
            gettext("The lines add up to %(total)s, the price is %(price)s yuan.")
            % {"total": f"{total:,.2f}", "price": f"{contract.price:,.2f}"},
            "lines",
        )


def is_signed(contract: Any, situation: Situation) -> Iterator[Problem]:
    if contract.signed_on is None:
        yield Problem("contract.unsigned", gettext("The day of signing is missing."), "signed_on")
    elif contract.signed_on > situation.on:
        yield Problem("contract.future", gettext("The day of signing lies in the future."), "signed_on")


def is_free_of_prefinancing(contract: Any, situation: Situation) -> Iterator[Problem]:
    if not contract.no_prefinancing:
        yield Problem(
            "contract.prefinancing",
            gettext("Confirm that no clause makes the contractor pre-finance the works."),
            "no_prefinancing",
        )


def price_keeps_the_award(contract: Any, situation: Situation) -> Iterator[Problem]:
    """R-INV-09: Σ contracts of a tender ≤ award, award ≤ ceiling."""
    tender = contract.tender
    if tender is None or tender.award is None:
        return
    standing = [
        row for row in tender.contracts.all() if row.pk != contract.pk and row.state not in (C.DRAFT, C.TERMINATED)
    ]
    others = sum((row.price for row in standing), Decimal(0))
    if others + contract.price > tender.award:
        yield Problem(
            "contract.above_award",
            gettext("The contracts of this tender exceed its award of %(award)s yuan.")
            % {"award": f"{tender.award:,.2f}"},
            "price",
        )


def tender_was_awarded(contract: Any, situation: Situation) -> Iterator[Problem]:
    """To the one named in the notice, and before the contract was signed."""
    tender = contract.tender
    if tender is None:
        return
    if tender.state not in (TenderState.AWARDED, TenderState.CONTRACTED):
        yield Problem("contract.not_awarded", gettext("The tender of this contract is not awarded."), "tender")
        return
    if contract.contractor.strip() != tender.winner.strip():
        words = gettext("The tender was awarded to %(winner)s.") % {"winner": tender.winner}
        yield Problem("contract.not_the_winner", words, "contractor")
    if contract.signed_on and tender.notified_on and contract.signed_on < tender.notified_on:
        words = gettext("The notice of award is of %(day)s; the contract cannot be signed before.")
        yield Problem("contract.before_notice", words % {"day": tender.notified_on}, "signed_on")


def works_are_done(contract: Any, situation: Situation) -> Iterator[Problem]:
    """Nothing that is still being decided may change a contract that is performed."""
    open_changes = [row for row in contract.changes.all() if row.state in UNDECIDED_CHANGES]
    if open_changes:
        yield Problem(
            "contract.open_changes", gettext("Change orders not decided yet: %(n)s.") % {"n": len(open_changes)}
        )


def payments_are_finished(contract: Any, situation: Situation) -> Iterator[Problem]:
    waiting = [row for row in contract.payments.all() if row.state not in (PaymentState.PAID, PaymentState.RETURNED)]
    if waiting:
        yield Problem("contract.open_payments", gettext("Payments under way: %(n)s.") % {"n": len(waiting)})


CONTRACT_FLOW = Workflow(
    "state",
    "execution.contract",
    Move("K01", "take_effect", _("Put into force"), (C.DRAFT,), C.EFFECTIVE, LEAD,
         (is_signed, lines_add_up, is_free_of_prefinancing, tender_was_awarded, price_keeps_the_award), primary=True, irreversible=True),
    Move("K02", "complete", _("Record the performance"), (C.EFFECTIVE,), C.COMPLETED, CLERK, (works_are_done,),
         (Input("completed_on", _("Completed on"), "date"),), primary=True),
    Move("K03", "settle", _("Contract settled"), (C.COMPLETED, C.EFFECTIVE), C.SETTLED, ()),
    Move("K04", "close", _("Close the contract"), (C.SETTLED,), C.CLOSED, CLERK, (payments_are_finished,)),
    Move("K05", "terminate", _("Terminate the contract"), (C.EFFECTIVE, C.COMPLETED), C.TERMINATED, LEAD,
         (payments_are_finished,), (REASON,), irreversible=True),
)  # fmt: skip
