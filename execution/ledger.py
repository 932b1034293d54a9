"""The payments ledger: every payment a person may see, newest first, with filters, rows and sums.

`entries(actor, LedgerFilter(...))` is a queryset for paging or streaming; `row_of(payment)` is one row of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from accounts.actor import Actor
from core.money import ZERO
from execution.machines import payments
from execution.models import Payment
from execution.states import PaymentState


@dataclass(frozen=True)
class LedgerFilter:
    """What is looked for; empty means everything. The days bound the day of payment."""

    project: int | None = None
    contract: int | None = None
    kind: str = ""
    states: tuple[str, ...] = ()
    source: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True)
class LedgerRow:
    """One payment; yuan. `sources` maps funding source codes to their parts, which add up to `amount`."""

    id: int
    project_id: int
    project_code: str
    project: str
    contract_no: str
    contract: str
    contractor: str
    no: str
    kind: str
    state: str
    work_value: Decimal | None
    applied: Decimal
    certified: Decimal | None
    checked: Decimal | None
    amount: Decimal
    approved_on: date | None
    treasury_no: str
    paid_on: date | None
    sources: dict[str, Decimal] = field(default_factory=dict)


def entries(actor: Actor, wanted: LedgerFilter | None = None) -> QuerySet[Payment]:
    """Newest first. What is withdrawn or returned is in it as well, with its state."""
    wanted = wanted or LedgerFilter()
    rows = payments(actor).select_related("contract__project").prefetch_related("funding")
    exact = {
        "contract__project_id": wanted.project, "contract_id": wanted.contract, "kind": wanted.kind,
        "funding__source": wanted.source, "paid_on__gte": wanted.since, "paid_on__lte": wanted.until,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.words:
        told = Q(no__icontains=wanted.words) | Q(treasury_no__icontains=wanted.words)
        rows = rows.filter(told | Q(contract__name__icontains=wanted.words) | Q(contract__no__icontains=wanted.words))
    return rows.order_by("-pk")


def row_of(payment: Payment) -> LedgerRow:
    contract = payment.contract
    return LedgerRow(
        payment.pk, contract.project_id, contract.project.code, contract.project.name, contract.no, contract.name,
        contract.contractor, payment.no, payment.kind, payment.state, payment.work_value, payment.applied,
        payment.certified, payment.checked, payment.amount, payment.approved_on, payment.treasury_no, payment.paid_on,
        {row.source: row.amount for row in payment.funding.all()},
    )  # fmt: skip


def totals(rows: QuerySet[Payment]) -> dict[str, Decimal]:
    """Yuan over all the rows: applied, committed (approved by finance or paid), paid."""
    plain = rows.order_by()
    sums = plain.aggregate(
        applied=Sum("applied"),
        committed=Sum("amount", filter=Q(state__in=(PaymentState.FINANCE_APPROVED, PaymentState.PAID))),
        paid=Sum("amount", filter=Q(state=PaymentState.PAID)),
    )
    return {name: value if value is not None else ZERO for name, value in sums.items()}


def paid_by_month(rows: Iterable[Payment]) -> dict[date, Decimal]:
    """Yuan paid in each month (its first day), for curves."""
    sums: dict[date, Decimal] = {}
    for row in rows:
        if row.state == PaymentState.PAID and row.paid_on:
            month = row.paid_on.replace(day=1)
            sums[month] = sums.get(month, ZERO) + row.amount
    return dict(sorted(sums.items()))
