"""What is told of a project's life, stage by stage. Money in yuan."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from approvals.control_chain import Link
from approvals.next_steps import NextStep
from assets.models import FinalAccount
from core.money import ZERO
from execution import facts
from execution.models import Contract, Tender
from execution.states import ContractState, PaymentState
from projects.models import Project
from reports.waiting import Entry

NOT_IN_FORCE = (ContractState.DRAFT, ContractState.TERMINATED)


@dataclass(frozen=True)
class Decided:
    """One decision of a stage. `item_id` only where this person may open the item."""

    label: Any
    document_no: str
    on: date | None
    outcome: Any
    declared: Decimal | None = None
    approved: Decimal | None = None
    item_id: int | None = None
    stands: bool = True


@dataclass(frozen=True)
class Sum:
    """A figure of a stage: yuan in `amount`, or words."""

    label: Any
    amount: Decimal | None = None
    words: str = ""


@dataclass(frozen=True)
class Paper:
    """A file of a stage. `kind` and `pk` say where it is read: document, contract, archive."""

    title: str
    kind: str
    pk: int
    number: str = ""
    on: date | None = None


@dataclass(frozen=True)
class StageLife:
    """One stage. `days` are calendar days; `steps` and `waits` only of the present stage."""

    code: str
    label: Any
    status: str
    status_label: Any
    entered_on: date | None = None
    left_on: date | None = None
    days: int | None = None
    is_here: bool = False
    ground: Any = ""
    reason: str = ""
    decisions: list[Decided] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    steps: list[NextStep] = field(default_factory=list)


@dataclass(frozen=True)
class Release:
    """Funds of an annual plan made available (the parallel line of the plan)."""

    year: int
    amount: Decimal
    document_no: str
    on: date


@dataclass(frozen=True)
class Turn:
    """A decision on the course of the whole project: suspended, resumed, terminated, revoked, reopened."""

    label: Any
    on: date
    document_no: str
    reason: str


@dataclass(frozen=True)
class Life:
    """Everything the stage page and its API show. `remains`: what is left to do for a project that was terminated."""

    project: Project
    stages: list[StageLife]
    chain: list[Link]
    overruns: tuple[str, ...]
    releases: list[Release]
    waits: list[Entry]
    turns: list[Turn]
    remains: list[NextStep]

    @property
    def here(self) -> StageLife | None:
        return next((stage for stage in self.stages if stage.is_here), None)


@dataclass(frozen=True)
class Works:
    """What contracts, works and assets hold of the project; empty for those whose work it is not."""

    tenders: list[Tender] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    accounts: list[FinalAccount] = field(default_factory=list)

    @property
    def approved_account(self) -> Decimal | None:
        """What finance approved: of the whole project, or of the single projects together (R-FA-08)."""
        approved = [row for row in self.accounts if row.approved_total is not None]
        counted = [row for row in approved if not row.part] or approved
        return sum((row.approved_total for row in counted if row.approved_total is not None), ZERO) if counted else None

    @property
    def in_force(self) -> list[Contract]:
        return [row for row in self.contracts if row.state not in NOT_IN_FORCE]

    @property
    def value(self) -> Decimal:
        return sum((facts.contract_value(row) for row in self.in_force), ZERO)

    @property
    def paid(self) -> Decimal:
        rows = (payment for row in self.contracts for payment in row.payments.all())
        return sum((row.amount for row in rows if row.state == PaymentState.PAID), ZERO)

    def settlements(self) -> list[Any]:
        return [row.settlement for row in self.contracts if hasattr(row, "settlement")]
