"""Reads of final accounts for pages and API: one account with its forms, what does not balance, its deadline, its approval."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.policies import insist
from assets import deadlines, findings, holdings
from assets.deadlines import Term
from assets.findings import Finding
from assets.models import FinalAccount
from assets.policies import may_read_account
from assets.rules.approval import Compared, compared
from assets.rules.forms_balance import returned_by_source
from assets.rules.forms_books import Holdings, books_of
from assets.rules.forms_reckoning import Forms
from assets.states import AccountState
from core.locks import found
from core.money import ZERO
from core.workflow import Situation
from execution.services.machine import situation
from projects.models import Project


@dataclass(frozen=True)
class Returned:
    """What goes back to one source: its part of the reduction (R-FA-07)."""

    source: str
    received: Decimal
    amount: Decimal


class Shown:
    """One account as it stands; everything is read once."""

    def __init__(self, account: FinalAccount, now: Situation | None = None) -> None:
        self.account = account
        self.now = now or situation()

    @cached_property
    def held(self) -> Holdings:
        return holdings.holdings_of(self.account)

    @cached_property
    def forms(self) -> Forms:
        return Forms(books_of(self.held), holdings.written_of(self.account))

    @cached_property
    def findings(self) -> list[Finding]:
        return findings.balance_findings(self.account, self.now.rules, self.forms)

    @cached_property
    def term(self) -> Term:
        return deadlines.term_of(self.account, self.now)

    @cached_property
    def total(self) -> Decimal:
        return self.forms.amount("01.total.actual")

    @property
    def reduction(self) -> Decimal | None:
        """Yuan cut by the approval; None before it."""
        return self.total - self.account.approved_total if self.account.approved_total is not None else None

    @property
    def returned(self) -> list[Returned]:
        """R-FA-07: the reduction, by those who paid."""
        if not self.reduction or self.reduction < 0:
            return []
        received = {fund.code: fund.received for fund in self.held.funds}
        parts = returned_by_source(self.reduction, received)
        return [Returned(fund.label, fund.received, parts[fund.code]) for fund in self.held.funds if parts[fund.code]]

    @property
    def reviewed(self) -> list[Compared]:
        """批准概算, 送审 and 审定 line by line (建竣决审01); nobody sees them before the approval."""
        account = self.account
        if account.state != AccountState.APPROVED or account.item is None:
            return []
        lines = [
            (line.code, line.name, line.declared or ZERO, line.reviewed, line.reason)
            for line in account.item.cost_lines.all()
            if line.is_leaf
        ]
        return compared(lines, self.held.approved, holdings.estimated_by_line(account.project))

    @property
    def estimate_note(self) -> str:
        """Why the heads of the estimate come to less than its total."""
        return self.held.texts.get("total.note", "")

    @property
    def surplus(self) -> Decimal:
        """R-FA-05: what was made available above the cost, as approved or as it stands."""
        cost = self.account.approved_total if self.account.approved_total is not None else self.total
        return self.forms.amount("03.total.received") - cost

    @property
    def surplus_due(self) -> date | None:
        return deadlines.surplus_due(self.account, self.now) if self.surplus > ZERO else None

    @property
    def unspread(self) -> Decimal:
        """Deferred costs of form 06 that the assets do not bear yet."""
        return self.forms.amount("06.total.amount") - self.forms.amount("06.allocated.amount")


def project_of(actor: Actor, pk: int) -> Project:
    insist(may_read_account, actor)
    return found(Project.objects.visible_to(actor).select_related("owner_unit"), pk=pk)


def accounts_of(project: Project) -> QuerySet[FinalAccount]:
    """The whole project's first, then those of single projects."""
    return project.final_accounts.select_related("item").order_by("part", "pk")


def account_of(actor: Actor, pk: int) -> FinalAccount:
    insist(may_read_account, actor)
    rows = FinalAccount.objects.visible_to(actor).select_related(
        "project__owner_unit", "project__competent_dept", "item"
    )
    return found(rows.prefetch_related("cells", "deferred_costs", "tail_works", "project__figures"), pk=pk)


def singles_without_account(project: Project) -> list[str]:
    """R-FA-08: single projects that may still file an account of their own."""
    named = set(project.assets.exclude(single_project="").values_list("single_project", flat=True))
    return sorted(named - {row.part for row in project.final_accounts.all()})
