"""Payments: applied for by the project unit, certified, approved by its lead and by finance within the caps of R-INV-11."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from accounts.services.notify import tell
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import ZERO, size_problems
from core.row_problems import row_problems
from core.workflow import Situation
from execution import facts, findings
from execution.machines import CONTRACTS, PAYMENTS
from execution.models import Contract, Measurement, Payment, PaymentFunding, ProgressReport
from execution.policies import may_keep_books
from execution.rules import payments as rules
from execution.services.machine import Step
from execution.services.tenders import not_before, not_in_the_future
from execution.states import ContractState, PaymentState
from projects import codes

FIELDS = ("no", "kind", "applied", "work_value", "invoice", "remark")
PAYABLE = (ContractState.EFFECTIVE, ContractState.COMPLETED, ContractState.SETTLED)
ENTERED = (PaymentState.DRAFT, PaymentState.RETURNED)
SPLIT_OPEN = (*ENTERED, PaymentState.SUPERVISION_CHECKED, PaymentState.COST_CHECKED)


@dataclass(frozen=True)
class Part:
    """What one funding source (code of the table `funding_source`) carries of a payment, in yuan."""

    source: str
    amount: Decimal


@transaction.atomic
def apply(
    contract_id: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    funding: Sequence[Part] = (),
    report_id: int | None = None,
    faults: Sequence[Problem] = (),
) -> Payment:
    """A new application under a contract. `values` holds fields of FIELDS; without `no` it gets the next number.

    The parts add up to what is applied for; where nothing is said and only one source was released, that source pays.
    Raises NotPermitted, RuleViolation with every reason.
    """
    contract = CONTRACTS.lock(contract_id, actor)
    insist(may_keep_books, actor, contract.project)
    payment = Payment(contract=contract, created_by=actor.user)
    values = {**values, "no": values.get("no") or next_no(contract)}
    return _keep(payment, values, funding, report_id, actor, faults, "execution.payment.applied")


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    funding: Sequence[Part] = (),
    report_id: int | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Payment:
    """Corrects an application that is still a draft or came back; certificates begin anew."""
    payment = _locked(pk, actor, expected_version)
    if payment.state not in ENTERED:
        raise RuleViolation(
            [Problem("payment.fixed", _("An application that is certified is corrected after it was returned."))]
        )
    payment.version += 1
    values = {**values, "no": values.get("no") or payment.no}
    return _keep(payment, values, funding, report_id, actor, faults, "execution.payment.amended")


@transaction.atomic
def split(
    pk: int,
    *,
    actor: Actor,
    funding: Sequence[Part],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Payment:
    """Says anew which sources carry the payment, until the unit has approved it. The parts add up to `payment.amount`."""
    payment = _locked(pk, actor, expected_version)
    found = list(_part_problems(funding, payment.amount, "funding" in {fault.field for fault in faults}))
    if payment.state not in SPLIT_OPEN:
        found.append(Problem("payment.fixed", _("The unit has approved this payment already.")))
    require(together(faults, found))
    payment.version += 1
    payment.save()
    _keep_parts(payment, {part.source: part.amount for part in funding})
    _record("execution.payment.split", payment, actor)
    return payment


def next_no(contract: Contract) -> str:
    """The contract's number with the next free running number."""
    taken = set(contract.payments.values_list("no", flat=True))
    n = len(taken) + 1
    while f"{contract.no[:50]}-{n:02d}" in taken:
        n += 1
    return f"{contract.no[:50]}-{n:02d}"


def measured_value(contract: Contract, report: ProgressReport) -> Decimal:
    """What the report measured on the contract's lines, in yuan."""
    rows = Measurement.objects.filter(report=report, line__contract=contract)
    return sum((row.amount for row in rows), ZERO)


def _locked(pk: int, actor: Actor, expected_version: int | None) -> Payment:
    payment = PAYMENTS.lock(pk, actor)
    insist(may_keep_books, actor, payment.contract.project)
    if expected_version not in (None, payment.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    return payment


def _keep(
    payment: Payment,
    values: dict[str, Any],
    funding: Sequence[Part],
    report_id: int | None,
    actor: Actor,
    faults: Sequence[Problem],
    verb: str,
) -> Payment:
    contract = payment.contract
    reports = ProgressReport.objects.filter(project_id=contract.project_id)
    payment.report = locks.found(reports, pk=report_id) if report_id else None
    for name in FIELDS:
        if name in values:
            setattr(payment, name, values[name])
    if payment.work_value is None and payment.report is not None:
        payment.work_value = measured_value(contract, payment.report) or None
    payment.amount, payment.certified, payment.checked = payment.applied, None, None
    funding = funding or _only_source(payment)
    unread = {fault.field for fault in faults}
    found = [*_row_problems(payment, unread), *_part_problems(funding, payment.applied, bool(unread))]
    require(together(faults, found))
    payment.save()
    _keep_parts(payment, {part.source: part.amount for part in funding})
    _record(verb, payment, actor)
    return payment


def _only_source(payment: Payment) -> Sequence[Part]:
    sources = set(payment.contract.project.releases.values_list("source", flat=True))
    return [Part(sources.pop(), payment.applied)] if len(sources) == 1 and payment.applied else []


def _keep_parts(payment: Payment, parts: dict[str, Decimal]) -> None:
    payment.funding.all().delete()
    PaymentFunding.objects.bulk_create(
        PaymentFunding(payment=payment, source=source, amount=amount) for source, amount in parts.items()
    )


def _record(verb: str, payment: Payment, actor: Actor) -> None:
    kept = {
        "no": payment.no, "contract": payment.contract.no, "kind": payment.kind, "amount": payment.amount,
        "funding": {row.source: row.amount for row in payment.funding.all()},
    }  # fmt: skip
    trace.record(verb, actor=actor, target=payment, project_id=payment.contract.project_id, facts=kept)


def _row_problems(payment: Payment, unread: set[str]) -> Iterable[Problem]:
    contract = payment.contract
    if contract.state not in PAYABLE:
        yield Problem("payment.contract", _("The contract is not in force."))
    found = []
    try:
        payment.full_clean(
            exclude={"contract", "created_by", "amount", "report", "trail", *unread}, validate_constraints=False
        )
    except ValidationError as error:
        found = row_problems(error)
    yield from found
    bad = unread | {problem.field for problem in found}
    if "no" not in bad and contract.payments.filter(no=payment.no).exclude(pk=payment.pk).exists():
        yield Problem("payment.twice", _("This contract already has a payment of this number."), "no")
    if "applied" in bad or payment.applied is None:
        return
    if payment.applied <= 0:
        yield Problem("payment.nothing", _("The amount applied for is more than nothing."), "applied")
    value = None if "work_value" in bad else payment.work_value
    if value is not None and value < 0:
        yield Problem("payment.work_value", _("The value of the work cannot be negative."), "work_value")
        return
    room = None if value is None else facts.work_room(payment)
    if room is not None and payment.applied > room:
        yield findings.work_problem(room)


def _part_problems(funding: Sequence[Part], total: Decimal | None, is_unread: bool) -> Iterable[Problem]:
    known = codes.labels("funding_source")
    unknown = sorted({part.source for part in funding if part.source not in known})
    if unknown:
        words = _("Unknown funding source: %(codes)s.") % {"codes": "、".join(unknown)}
        yield Problem("payment.source", words, "funding")
    if len({part.source for part in funding}) != len(funding):
        yield Problem("payment.source_twice", _("A funding source is named twice."), "funding")
    if any(part.amount <= 0 for part in funding):
        yield Problem("payment.part", _("Every part is more than nothing."), "funding")
    for part in funding:
        yield from size_problems(part.amount, "funding")
    parts = sum((part.amount for part in funding), ZERO)
    if funding and total is not None and not is_unread and parts != total:
        words = _("The funding sources add up to %(parts)s yuan, not to %(total)s yuan.")
        yield Problem("payment.funding", words % {"parts": f"{parts:,.2f}", "total": f"{total:,.2f}"}, "funding")


@PAYMENTS.check("certify")
def certificate_problems(payment: Payment, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from _checked_problems(said, "certified", payment.applied, _("At most %(most)s yuan were applied for."))
    yield from not_in_the_future(said, ("signed_on",), now.on)


@PAYMENTS.check("check_cost")
def cost_check_problems(payment: Payment, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    most = payment.certified if payment.certified is not None else payment.applied
    yield from _checked_problems(said, "checked", most, _("At most %(most)s yuan were certified."))
    yield from not_in_the_future(said, ("signed_on",), now.on)


def _checked_problems(said: dict[str, Any], name: str, most: Decimal, words: str) -> Iterable[Problem]:
    amount = said.get(name)
    if amount is not None and amount > most:
        yield Problem("payment.above_previous", words % {"most": f"{most:,.2f}"}, name)
    elif amount is not None and amount <= 0:
        yield Problem("payment.nothing", _("Where nothing is to be paid, the application is returned."), name)


@PAYMENTS.check("pay")
def treasury_problems(payment: Payment, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    number = said.get("treasury_no")
    other = Payment.objects.filter(treasury_no=number).exclude(pk=payment.pk).first() if number else None
    if other is not None:
        words = _("Payment %(no)s bears this treasury number already.") % {"no": other.no}
        yield Problem("payment.treasury_no", words, "treasury_no")
    yield from not_in_the_future(said, ("paid_on",), now.on)
    yield from not_before(said, "paid_on", payment.approved_on, _("The payment was approved on %(day)s."))


@PAYMENTS.before("certify")
@PAYMENTS.before("check_cost")
def cut_to_the_certificate(step: Step) -> None:
    """What is to be paid is what was certified; the sources follow in proportion, to the fen."""
    payment, name = step.row, {"certify": "certified", "check_cost": "checked"}[step.move.name]
    amount = step.data[name]
    setattr(payment, name, amount)
    if amount != payment.amount:
        payment.amount = amount
        parts = {row.source: row.amount for row in payment.funding.all()}
        _keep_parts(payment, rules.scaled(parts, amount))
    _leave_trail(step, amount=amount, signed_by=step.data["signed_by"], signed_on=step.data.get("signed_on", ""))


@PAYMENTS.before("approve_by_owner")
def keep_the_units_word(step: Step) -> None:
    _leave_trail(step, amount=step.row.amount)


@PAYMENTS.before("approve_by_finance")
def keep_the_approval(step: Step) -> None:
    step.row.approved_on = step.on
    step.facts |= {"no": step.row.no, "amount": step.row.amount}
    _leave_trail(step, amount=step.row.amount)


@PAYMENTS.before("pay")
def keep_the_treasurys_result(step: Step) -> None:
    step.row.treasury_no, step.row.paid_on = step.data["treasury_no"], step.data["paid_on"]
    step.facts |= {"no": step.row.no, "amount": step.row.amount}
    _leave_trail(step, amount=step.row.amount, document=step.row.treasury_no, signed_on=step.row.paid_on)


@PAYMENTS.before("return_payment")
@PAYMENTS.before("withdraw")
def begin_anew(step: Step) -> None:
    """What was certified and approved stays in the trail only."""
    step.row.certified = step.row.checked = step.row.approved_on = None
    _leave_trail(step, reason=step.data["reason"])


@PAYMENTS.after("return_payment")
@PAYMENTS.after("pay")
def tell_the_clerk(step: Step) -> None:
    """Whoever applied finds among the messages that it came back or was paid."""
    payment, name = step.row, {"return_payment": "returned", "pay": "paid"}[step.move.name]
    said = {
        "project": payment.contract.project.name, "no": payment.no, "amount": f"{payment.amount:,.2f}",
        "text": step.data.get("reason", ""),
    }  # fmt: skip
    tell(payment.created_by, f"payment.{name}", said, link=payment.get_absolute_url())


def _leave_trail(step: Step, **said: Any) -> None:
    by = step.actor.user.full_name if step.actor.user else ""
    entry = {"move": step.move.name, "by": by, "on": clock.today(), **{k: v for k, v in said.items() if v != ""}}
    step.row.trail = [*step.row.trail, trace.plain(entry)]
