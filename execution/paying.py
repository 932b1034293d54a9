"""Reads of payments for pages and API: a project's list, what may still be paid, one payment with its papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.policies import insist
from core.locks import found
from core.money import ZERO
from core.rulebook import Rulebook
from execution import contracting, facts
from execution.findings import source_label
from execution.machines import payments
from execution.models import Contract, Payment, TreasuryImport
from execution.policies import may_import_treasury, may_read_payments
from execution.rules.payments import contract_limit
from execution.states import ContractState, PaymentKind, PaymentState, ReportState
from projects.models import Project


@dataclass(frozen=True)
class SourceRow:
    """One funding source of a project, yuan: released, committed (approved by finance or paid), of that paid."""

    source: str
    released: Decimal
    committed: Decimal
    paid: Decimal

    @property
    def label(self) -> str:
        return source_label(self.source)

    @property
    def room(self) -> Decimal:
        return self.released - self.committed


@dataclass(frozen=True)
class ContractRow:
    """One contract, yuan: `basis` the settled price or the value now, `limit` what of it may be paid by now (R-INV-11)."""

    contract: Contract
    basis: Decimal
    cap: Decimal
    limit: Decimal
    committed: Decimal
    paid: Decimal

    @property
    def room(self) -> Decimal:
        return max(self.limit - self.committed, ZERO)

    @property
    def share(self) -> Decimal:
        """Committed of the basis, 0…1."""
        return self.committed / self.basis if self.basis else Decimal(0)

    @property
    def paid_share(self) -> Decimal:
        return self.paid / self.basis if self.basis else Decimal(0)


@dataclass(frozen=True)
class ProjectStanding:
    """What was released to a project, what of it is spoken for, contract by contract; yuan."""

    sources: tuple[SourceRow, ...]
    contracts: tuple[ContractRow, ...]

    @cached_property
    def released(self) -> Decimal:
        return sum((row.released for row in self.sources), ZERO)

    @cached_property
    def committed(self) -> Decimal:
        return sum((row.committed for row in self.contracts), ZERO)

    @cached_property
    def paid(self) -> Decimal:
        return sum((row.paid for row in self.contracts), ZERO)

    @property
    def room(self) -> Decimal:
        return self.released - self.committed


def standing(project: Project, rules: Rulebook) -> ProjectStanding:
    """In a fixed number of queries, however many contracts and payments there are."""
    contracts = list(
        project.contracts.exclude(state=ContractState.DRAFT)
        .select_related("settlement")
        .prefetch_related("payments__funding", "supplements", "changes")
        .order_by("pk")
    )
    done = [row for contract in contracts for row in contract.payments.all() if row.state in facts.COMMITTED]
    released = facts.by_source(project.releases.all())
    committed = facts.by_source(part for row in done for part in row.funding.all())
    paid = facts.by_source(part for row in done if row.state == PaymentState.PAID for part in row.funding.all())
    return ProjectStanding(
        sources=tuple(
            SourceRow(code, released.get(code, ZERO), committed.get(code, ZERO), paid.get(code, ZERO))
            for code in sorted({*released, *committed})
        ),
        contracts=tuple(_contract_row(contract, rules) for contract in contracts),
    )


def _contract_row(contract: Contract, rules: Rulebook) -> ContractRow:
    settled = facts.settled_value(contract)
    basis = settled if settled is not None else facts.contract_value(contract)
    cap = facts.cap_of(contract, PaymentKind.PROGRESS, settled is not None, rules)
    rows = list(contract.payments.all())
    return ContractRow(
        contract, basis, cap, contract_limit(basis, cap), facts.committed(rows),
        facts.committed(row for row in rows if row.state == PaymentState.PAID),
    )  # fmt: skip


def project_of(actor: Actor, pk: int) -> Project:
    """The project whose payments are read. Raises NotFound, NotPermitted."""
    project = contracting.project_of(actor, pk)
    insist(may_read_payments, actor)
    return project


def payments_of(project: Project) -> QuerySet[Payment]:
    """Newest first; the project is one the actor may see."""
    rows = Payment.objects.filter(contract__project=project).select_related("contract", "report")
    return rows.prefetch_related("funding").order_by("-pk")


def payment_of(actor: Actor, pk: int) -> Payment:
    rows = payments(actor).select_related("contract__project__owner_unit", "report", "created_by")
    return found(
        rows.prefetch_related("funding", "report__photos", "contract__payments", "contract__supplements", "contract__changes"),
        pk=pk,
    )  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What the caps of R-INV-11 leave for one payment; yuan, never negative."""

    released: Decimal
    project_room: Decimal
    basis: Decimal
    cap: Decimal
    limit: Decimal
    contract_room: Decimal

    @property
    def room(self) -> Decimal:
        return min(self.project_room, self.contract_room)


def limits_of(payment: Payment, rules: Rulebook) -> Limits:
    """As they stand without this payment."""
    now = facts.standing_of(payment, rules)
    limit = contract_limit(now.contract_basis, now.cap)
    return Limits(
        now.project_released, max(now.project_released - now.project_committed, ZERO), now.contract_basis, now.cap,
        limit, max(limit - now.contract_committed, ZERO),
    )  # fmt: skip


def payable_sources(project: Project) -> list[tuple[str, str, Decimal]]:
    """Code, label and released yuan of the sources a payment may be split over."""
    released = facts.by_source(project.releases.all())
    return [(code, source_label(code), amount) for code, amount in sorted(released.items())]


def reports_to_rest_on(project: Project) -> Iterable[tuple[int, str]]:
    """Submitted monthly reports, newest first: key and month."""
    rows = project.progress_reports.exclude(state=ReportState.DRAFT).order_by("-month")
    return [(row.pk, f"{row.month:%Y-%m} · {row.physical_percent} %") for row in rows]


def is_below_floor(payment: Payment, rules: Rulebook) -> bool:
    """Public owners pay at least 80 % of the work done (财建〔2022〕183号): told, not blocked."""
    floor = rules.row("payment.floor")
    if payment.kind != PaymentKind.PROGRESS or not payment.work_value or floor is None:
        return False
    return payment.amount < payment.work_value * floor.value


def imports(actor: Actor) -> QuerySet[TreasuryImport]:
    """The files finance has taken in; they name payments of every project, so nobody else reads them."""
    rows = TreasuryImport.objects.select_related("file", "imported_by").order_by("-pk")
    return rows if may_import_treasury(actor) is None else rows.none()
