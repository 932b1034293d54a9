"""未结未决台账: projects accepted but not settled, settled but without an approved final account; by when, how late (§11)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, IntegerField, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from approvals.rules import deadlines
from approvals.services.moves import situation
from assets.models import FinalAccount
from core import clock
from core.money import ZERO
from core.trace import Who
from core.workflow import Situation
from execution.models import Contract
from execution.states import ContractState
from projects.models import Project
from projects.states import Stage
from reports import policies
from reports.datasets import wording
from reports.datasets.subtotals import newest, sum_of
from reports.filters import NOT_STATED, Filters
from reports.report import Figure, Link, Report
from reports.table import Column, Kind, ReportTable

UNSETTLED, UNDECIDED = "UNSETTLED", "UNDECIDED"
STAGES = {UNSETTLED: (Stage.SETTLEMENT,), UNDECIDED: (Stage.FINAL_AUDIT, Stage.FINAL_ACCOUNT)}
WORDS = {
    UNSETTLED: gettext_lazy("Accepted, not settled"),
    UNDECIDED: gettext_lazy("Settled, final account not approved"),
}
OPEN_CONTRACTS = (ContractState.EFFECTIVE, ContractState.COMPLETED)
COLUMNS = (
    Column("number", gettext_lazy("No."), Kind.COUNT),
    Column("project", gettext_lazy("Project name")),
    Column("code", gettext_lazy("Project code")),
    Column("unit", gettext_lazy("Unit in charge")),
    Column("kind", gettext_lazy("What is open")),
    Column("stage", gettext_lazy("Stage")),
    Column("accepted_on", gettext_lazy("Works accepted on"), Kind.DATE),
    Column("unsettled", gettext_lazy("Contracts not settled"), Kind.COUNT, total=True),
    Column("unsettled_price", gettext_lazy("Price of contracts not settled"), Kind.MONEY_YUAN, total=True),
    Column("due_on", pgettext_lazy("final account", "To be done by"), Kind.DATE),
    Column("cap_on", gettext_lazy("At the latest by"), Kind.DATE),
    Column("late", gettext_lazy("Days late"), Kind.DAYS, unit=gettext_lazy("calendar days")),
)
ORDER = ("accepted_on",)


def produce(filters: Filters, actor: Who, window: slice | None = None) -> Report:
    """All rows, the longest waiting first, or with a window one page of them."""
    now = situation()
    rows = rows_of(filters, actor)
    counts = {kind: Count("pk", filter=_where(kind)) for kind in STAGES}
    total = rows.order_by().aggregate(n=Count("pk"), **counts)
    contracts = _open_contracts().filter(project__in=rows.values("pk")).aggregate(n=Count("pk"))
    ordered = _in_order(rows, filters.sort)
    page = list(ordered[window] if window else ordered)
    start = (window.start or 0) if window else 0
    columns = COLUMNS if window is None else tuple(Column(c.key, c.label, c.kind, c.unit) for c in COLUMNS)
    table = ReportTable(
        code="open_accounts",
        title=_("Unsettled and undecided projects"),
        columns=columns,
        rows=list(_lines(page, start, now)),
        totals={"unsettled": contracts["n"], "unsettled_price": _price_of(rows)},
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=[
            _("Due: the final account three calendar months after completion, with the extension that was granted, at the latest one year after the acceptance; a settlement belongs before it. Days late are calendar days up to today."),
            *filter(None, [policies.projects_text(actor)]),
        ],
    )  # fmt: skip
    figures = [
        Figure(WORDS[kind], total[kind], Kind.COUNT, link=Link("open_accounts", filters.query(show=kind)))
        for kind in STAGES
    ]
    return Report(
        table=table, links=[Link(url=row.get_absolute_url()) for row in page], figures=figures, n_rows=total["n"]
    )


def _where(kind: str) -> Q:
    """In that stage, or suspended in it."""
    return Q(stage__in=STAGES[kind]) | Q(stage=Stage.SUSPENDED, resume_stage__in=STAGES[kind])


def _open_contracts() -> QuerySet[Contract]:
    return Contract.objects.filter(state__in=OPEN_CONTRACTS, is_tail_works=False)


def _price_of(rows: QuerySet[Project]) -> Any:
    from_contracts = _open_contracts().filter(project__in=rows.values("pk"))
    return from_contracts.aggregate(total=Sum("price"))["total"] or ZERO


def rows_of(filters: Filters, actor: Who) -> QuerySet[Project]:
    kinds = [filters.show] if filters.show in STAGES else list(STAGES)
    wanted = Q()
    for kind in kinds:
        wanted |= _where(kind)
    rows = policies.projects_of(actor).filter(wanted)
    if filters.unit and filters.unit != NOT_STATED:
        rows = rows.filter(owner_unit=int(filters.unit))
    if filters.project_class:
        rows = rows.filter(project_class="" if filters.project_class == NOT_STATED else filters.project_class)
    return rows


def _in_order(rows: QuerySet, sort: str) -> QuerySet:
    accounts = FinalAccount.objects.filter(project=OuterRef("pk"))
    rows = rows.select_related("owner_unit").annotate(
        completed_on=newest(accounts, "completed_on", "pk", output=DateField()),
        extension=newest(accounts, "extension_months", "pk", output=IntegerField()),
        unsettled_price=sum_of(_open_contracts(), "project", "price"),
        unsettled=Count("contracts", filter=Q(contracts__state__in=OPEN_CONTRACTS, contracts__is_tail_works=False)),
    )
    if sort == "-accepted_on":
        return rows.order_by(F("accepted_on").desc(nulls_last=True), "-pk")
    return rows.order_by(F("accepted_on").asc(nulls_last=True), "pk")


def due_of(project: Any, now: Situation) -> tuple[date | None, date | None]:
    """R-TL-09: when the final account is due, and the last day whatever was extended; None before the acceptance."""
    completed = project.completed_on or project.accepted_on
    if completed is None:
        return None, None
    months = deadlines.FINAL_ACCOUNT_MONTHS + (project.extension or 0)
    due = deadlines.months_after(completed, months, now.works).on
    if project.accepted_on is None:
        return due, None
    cap = deadlines.final_account_cap(project.accepted_on, now.works).on
    return min(due, cap), cap


def _lines(projects: list[Any], start: int, now: Situation) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(projects, start=start + 1):
        stage = row.resume_stage if row.is_suspended else row.stage
        kind = UNSETTLED if stage in STAGES[UNSETTLED] else UNDECIDED
        due, cap = due_of(row, now)
        yield (
            number,
            row.name,
            row.code,
            row.owner_unit.name,
            WORDS[kind],
            row.get_stage_display(),
            row.accepted_on,
            row.unsettled,
            row.unsettled_price,
            due,
            cap,
            max((now.on - due).days, 0) if due else None,
        )
