"""支付台账: every payment that is approved or made, with where its contract stood after it (§11)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core import clock
from core.money import ZERO, MoneyField, ratio
from core.trace import Who
from execution import facts
from execution.models import Payment, PaymentFunding
from execution.states import PaymentState
from projects import codes
from reports import policies
from reports.datasets import wording
from reports.datasets.subtotals import money
from reports.filters import NOT_STATED, Filters
from reports.report import Figure, Link, Report
from reports.table import Column, Kind, ReportTable

COLUMNS = (
    Column("number", gettext_lazy("No."), Kind.COUNT),
    Column("contract", gettext_lazy("Contract")),
    Column("project", gettext_lazy("Project name")),
    Column("contractor", gettext_lazy("Contractor")),
    Column("price", gettext_lazy("Contract price"), Kind.MONEY_YUAN),
    Column("changes", gettext_lazy("Changes and supplements"), Kind.MONEY_YUAN),
    Column("settlement", gettext_lazy("Settlement price"), Kind.MONEY_YUAN),
    Column("payable", gettext_lazy("Payable so far"), Kind.MONEY_YUAN),
    Column("paid", gettext_lazy("Paid so far"), Kind.MONEY_YUAN),
    Column("rate", gettext_lazy("Share paid"), Kind.PERCENT),
    Column("amount", gettext_lazy("This payment"), Kind.MONEY_YUAN, total=True),
    Column("paid_on", gettext_lazy("Paid on"), Kind.DATE),
    Column("state", pgettext_lazy("report", "State")),
    Column("invoice", gettext_lazy("Invoice")),
    Column("treasury_no", gettext_lazy("Treasury payment number")),
    Column("sources", gettext_lazy("Funding sources")),
)
ORDER = {"amount": F("shown"), "paid_on": F("paid_on"), "price": F("contract__price")}


def produce(filters: Filters, actor: Who, window: slice | None = None) -> Report:
    """All rows, oldest first, or with a window one page of them under the totals of all."""
    rows = rows_of(filters, actor)
    total = _total(rows)
    ordered = _in_order(rows, filters.sort)
    page = list(ordered[window] if window else ordered)
    start = (window.start or 0) if window else 0
    columns = COLUMNS if window is None else tuple(Column(c.key, c.label, c.kind, c.unit) for c in COLUMNS)
    table = ReportTable(
        code="payments",
        title=_("Payments ledger"),
        columns=columns,
        rows=list(_lines(page, start)),
        totals={"amount": total["shown"]},
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        period=wording.period(filters),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=_notes(filters, actor),
    )
    unit = _("10,000 yuan")
    return Report(
        table=table,
        links=[Link(url=row.contract.get_absolute_url()) for row in page],
        figures=[
            Figure(pgettext("report", "Payments"), total["n"], Kind.COUNT),
            Figure(_("Approved and paid"), total["shown"], Kind.MONEY_WAN, unit),
            Figure(_("Paid by the treasury"), total["paid"], Kind.MONEY_WAN, unit),
        ],
        n_rows=total["n"],
    )


def rows_of(filters: Filters, actor: Who) -> QuerySet[Payment]:
    """Payments that finance approved or the treasury made, by day of payment, before it of approval."""
    rows = Payment.objects.filter(state__in=facts.COMMITTED, contract__project__in=policies.projects_of(actor))
    rows = rows.filter(**_wanted(filters)).annotate(day=Coalesce("paid_on", "approved_on"))
    if filters.since:
        rows = rows.filter(day__gte=filters.since)
    if filters.until:
        rows = rows.filter(day__lte=filters.until)
    share: Any = F("amount")
    if filters.funding_source not in ("", NOT_STATED):
        rows = rows.filter(funding__source=filters.funding_source)  # one row a source and payment: nothing is doubled
        parts = PaymentFunding.objects.filter(payment=OuterRef("pk"), source=filters.funding_source)
        share = Subquery(parts.values("amount")[:1], output_field=MoneyField())
    return rows.annotate(shown=share, payable=_so_far(facts.COMMITTED), paid_so_far=_so_far((PaymentState.PAID,)))


def _wanted(filters: Filters) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for value, name in (
        (filters.unit, "contract__project__owner_unit"), (filters.project, "contract__project"),
    ):  # fmt: skip
        if value and value != NOT_STATED:
            found[name] = int(value)
    if filters.project_class:
        kind = filters.project_class
        found["contract__project__project_class"] = "" if kind == NOT_STATED else kind
    return found


def _so_far(states: tuple[str, ...]) -> Coalesce:
    """Σ of the contract's payments of these states up to and with the row asked about."""
    rows = Payment.objects.filter(contract=OuterRef("contract"), state__in=states)
    rows = rows.annotate(when=Coalesce("paid_on", "approved_on"))
    rows = rows.filter(Q(when__lt=OuterRef("day")) | Q(when=OuterRef("day"), pk__lte=OuterRef("pk")))
    summed = rows.order_by().values("contract").annotate(summed=Sum("amount")).values("summed")
    return Coalesce(Subquery(summed, output_field=MoneyField()), money(ZERO))


def _total(rows: QuerySet[Payment]) -> dict[str, Any]:
    found = rows.order_by().aggregate(
        n=Count("pk"), all_shown=Sum("shown"), all_paid=Sum("shown", filter=Q(state=PaymentState.PAID))
    )
    return {"n": found["n"], "shown": found["all_shown"] or ZERO, "paid": found["all_paid"] or ZERO}


def _in_order(rows: QuerySet, sort: str) -> QuerySet:
    rows = rows.select_related("contract__project", "contract__settlement")
    rows = rows.prefetch_related("contract__supplements", "contract__changes", "funding")
    chosen = ORDER.get(sort.removeprefix("-"))
    if chosen is None:
        return rows.order_by("day", "pk")
    return rows.order_by(chosen.desc(nulls_last=True) if sort.startswith("-") else chosen.asc(nulls_last=True), "pk")


def _lines(payments: list[Any], start: int) -> Iterator[tuple[Any, ...]]:
    names = codes.labels("funding_source")
    for number, row in enumerate(payments, start=start + 1):
        contract = row.contract
        value, settled = facts.contract_value(contract), facts.settled_value(contract)
        yield (
            number,
            f"{contract.no} {contract.name}",
            contract.project.name,
            contract.contractor,
            contract.price,
            value - contract.price,
            settled,
            row.payable,
            row.paid_so_far,
            ratio(row.paid_so_far, value if settled is None else settled),
            row.shown,
            row.paid_on,
            row.get_state_display(),
            row.invoice,
            row.treasury_no,
            "、".join(f"{names.get(part.source, part.source)} {part.amount:,.2f}" for part in row.funding.all()),
        )


def _notes(filters: Filters, actor: Who) -> list[str]:
    notes = [
        _(
            "Payable: what finance has approved, this payment included. Share paid: of the settlement price, before it of the contract price with changes and supplements."
        ),
    ]
    if filters.funding_source not in ("", NOT_STATED):
        notes.append(_("“This payment” is the share of this funding source."))
    return [*notes, *filter(None, [policies.projects_text(actor)])]
