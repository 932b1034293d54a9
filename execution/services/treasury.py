"""Takes in the treasury's results: each row marks one payment as paid, or is refused in words; nothing is lost.

A file may be taken in again at any time: a row that is in the books already changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import files, trace
from core.errors import DomainError
from core.models import StoredFile
from core.money import ZERO
from execution import treasury_file
from execution.findings import yuan
from execution.machines import PAYMENTS, payments
from execution.models import Payment, TreasuryImport
from execution.policies import may_import_treasury
from execution.states import PaymentState
from execution.treasury_file import ResultRow

KINDS = ("XLSX", "CSV")


class Outcome(StrEnum):
    """What came of one row."""

    PAID = "PAID"  # the payment is marked as paid
    KNOWN = "KNOWN"  # it was in the books already, exactly so
    UNKNOWN = "UNKNOWN"  # no such payment, or several
    MISMATCH = "MISMATCH"  # the amount, or an earlier treasury number, says otherwise
    REFUSED = "REFUSED"  # the payment cannot be paid now
    UNREADABLE = "UNREADABLE"


DONE = (Outcome.PAID, Outcome.KNOWN)


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    words: str = ""
    payment: Payment | None = None


def take_in(stream: IO[bytes], *, name: str, actor: Actor) -> TreasuryImport:
    """Keeps the file, looks at every row, and keeps what came of each. For finance.

    Raises NotPermitted; RuleViolation where the file as a whole is refused, and then nothing is kept of it.
    """
    insist(may_import_treasury, actor)
    file = files.store(stream, name=name, allowed=KINDS, user=actor.user)
    with files.open_stored(file) as stored:
        rows = treasury_file.read(stored.read())
    return _take_rows(file, rows, actor)


@transaction.atomic
def _take_rows(file: StoredFile, rows: list[ResultRow], actor: Actor) -> TreasuryImport:
    judged = {}
    # In the order of projects, so that two imports at once never wait for each other.
    for row, found in sorted(_matched(rows, actor), key=lambda pair: _place(pair[1])):
        judged[row.number] = _judge(row, found, actor)
    result = [_kept(row, judged[row.number]) for row in rows]
    done = TreasuryImport.objects.create(file=file, result=result, imported_by=actor.user)
    counts = {outcome.value: sum(verdict.outcome == outcome for verdict in judged.values()) for outcome in Outcome}
    trace.record(
        "execution.payment.results_taken_in", actor=actor, target=done,
        facts={"name": file.name, "sha256": file.sha256, "rows": len(rows), **{k: n for k, n in counts.items() if n}},
    )  # fmt: skip
    return done


def _matched(rows: list[ResultRow], actor: Actor) -> Iterable[tuple[ResultRow, list[Payment]]]:
    """Each row with the payments its numbers name."""
    wanted = {row.no for row in rows}
    named: dict[str, list[Payment]] = {}
    for payment in payments(actor).filter(no__in=wanted).select_related("contract").order_by("pk"):
        named.setdefault(payment.no, []).append(payment)
    for row in rows:
        yield row, [p for p in named.get(row.no, []) if not row.contract_no or p.contract.no == row.contract_no]


def _place(found: list[Payment]) -> tuple[int, int]:
    return (found[0].contract.project_id, found[0].pk) if len(found) == 1 else (0, 0)


def _judge(row: ResultRow, found: list[Payment], actor: Actor) -> Verdict:
    if row.faults:
        return Verdict(Outcome.UNREADABLE, " ".join(row.faults))
    if not found:
        return Verdict(Outcome.UNKNOWN, _("There is no payment of this number."))
    if len(found) > 1:
        return Verdict(Outcome.UNKNOWN, _("Several contracts have a payment of this number: name the contract."))
    payment = Payment.objects.get(pk=found[0].pk)
    if payment.state == PaymentState.PAID:
        return _compare(row, payment)
    if row.amount != payment.amount:
        words = _("%(paid)s yuan were paid, %(approved)s yuan are to be paid: nothing was booked.")
        facts = {"paid": yuan(row.amount or ZERO), "approved": yuan(payment.amount)}
        return Verdict(Outcome.MISMATCH, words % facts, payment)
    try:
        with transaction.atomic():
            said = {"treasury_no": row.treasury_no, "paid_on": row.paid_on}
            paid = PAYMENTS.perform(payment.pk, "pay", actor=actor, data=said)
    except ValidationError as refusal:  # the number was used in another project at the same moment
        return Verdict(Outcome.REFUSED, " ".join(refusal.messages), payment)
    except DomainError as refusal:
        payment = Payment.objects.get(pk=payment.pk)
        if payment.state == PaymentState.PAID:  # another file was faster
            return _compare(row, payment)
        return Verdict(Outcome.REFUSED, " ".join(str(problem.message) for problem in refusal.problems), payment)
    return Verdict(Outcome.PAID, "", paid)


def _compare(row: ResultRow, payment: Payment) -> Verdict:
    if (payment.treasury_no, payment.amount, payment.paid_on) == (row.treasury_no, row.amount, row.paid_on):
        return Verdict(Outcome.KNOWN, "", payment)
    words = _("Already paid under %(number)s on %(day)s with %(amount)s yuan: nothing was booked.")
    facts = {"number": payment.treasury_no, "day": payment.paid_on, "amount": yuan(payment.amount)}
    return Verdict(Outcome.MISMATCH, words % facts, payment)


def _kept(row: ResultRow, verdict: Verdict) -> dict[str, Any]:
    return trace.plain(
        {
            "row": row.number, "no": row.no, "contract_no": row.contract_no, "treasury_no": row.treasury_no,
            "amount": row.amount, "paid_on": row.paid_on, "outcome": verdict.outcome.value, "words": verdict.words,
            "payment": verdict.payment.pk if verdict.payment else None,
        }
    )  # fmt: skip


def counts(done: TreasuryImport) -> dict[str, int]:
    """Rows by what came of them."""
    found: dict[str, int] = {}
    for row in done.result:
        found[row["outcome"]] = found.get(row["outcome"], 0) + 1
    return found
