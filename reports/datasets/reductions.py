"""核减率统计表: what was declared, reviewed and approved in a period, and what the review took off (§3.5, §11)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, money
from core.trace import Who
from reports import policies
from reports.datasets import wording
from reports.datasets.reduction_sums import Sums, kept_out, summed
from reports.dimensions import DIMENSIONS, Dimension, names, ordered
from reports.filters import Filters
from reports.report import Chart, Figure, Link, Report, wan_text
from reports.table import Column, Kind, ReportTable, Value

BY = ("item_type", "unit", "class", "industry", "month", "quarter", "year", "reviewer", "funding_source", "bracket")
DETAILS = "details"

COUNT = Column("n", gettext_lazy("Number of projects"), Kind.COUNT, total=True)
DECLARED = Column("declared", gettext_lazy("Investment declared"), Kind.MONEY_WAN, total=True)
REVIEWED = Column("reviewed", gettext_lazy("Investment after review"), Kind.MONEY_WAN, total=True)
APPROVED = Column("approved", gettext_lazy("Investment approved"), Kind.MONEY_WAN, total=True)
NET = Column("net", gettext_lazy("Net reduction (increase)"), Kind.MONEY_WAN, total=True)
RATE = Column("rate", gettext_lazy("Reduction (increase) rate"), Kind.PERCENT)
N_REDUCED = Column("n_reduced", gettext_lazy("Items reduced"), Kind.COUNT, total=True)
N_INCREASED = Column("n_increased", gettext_lazy("Items increased"), Kind.COUNT, total=True)
GROSS_REDUCTION = Column("gross_reduction", gettext_lazy("Gross reduction"), Kind.MONEY_WAN, total=True)
GROSS_INCREASE = Column("gross_increase", gettext_lazy("Gross increase"), Kind.MONEY_WAN, total=True)
NET_APPROVED = Column("net_approved", gettext_lazy("Reduction to approval"), Kind.MONEY_WAN, total=True)
RATE_APPROVED = Column("rate_approved", gettext_lazy("Rate to approval"), Kind.PERCENT)
GROSS_REDUCTION_APPROVED = Column(
    "gross_reduction_approved", gettext_lazy("Gross reduction to approval"), Kind.MONEY_WAN, total=True
)
GROSS_INCREASE_APPROVED = Column(
    "gross_increase_approved", gettext_lazy("Gross increase to approval"), Kind.MONEY_WAN, total=True
)
# R-RED-06: both ways of counting, each with the other's outcome beside it.
COLUMNS = {
    "reviewed": (COUNT, DECLARED, REVIEWED, NET, RATE, N_REDUCED, N_INCREASED, GROSS_REDUCTION, GROSS_INCREASE, APPROVED,
                 NET_APPROVED, RATE_APPROVED),
    "approved": (COUNT, DECLARED, APPROVED, NET_APPROVED, RATE_APPROVED, GROSS_REDUCTION_APPROVED,
                 GROSS_INCREASE_APPROVED, REVIEWED, NET, RATE),
}  # fmt: skip


def produce(filters: Filters, actor: Who) -> Report:
    """The report as everybody gets it: on the page, as a file, by the API and from the command line."""
    dimension = DIMENSIONS[filters.by]
    found = summed(dimension, filters, actor)
    keys = ordered(dimension, {key: sums.declared for key, sums in found.items()}, filters)
    called = names(dimension, keys, filters)
    columns = _columns(dimension, filters)
    total = Sums()
    for sums in found.values():
        total.add(sums)
    out = kept_out(filters, actor)
    table = ReportTable(
        code="reduction",
        title=_("Statistics of reduction rates"),
        subtitle=_basis_text(filters),
        columns=columns,
        rows=[(called[key], *(getattr(found[key], column.key) for column in columns[1:])) for key in keys],
        totals=_totals(columns, total, filters),
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        period=wording.period(filters),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=_notes(filters, actor, out),
    )
    return Report(
        table=table,
        links=[_rows_of(filters, **dimension.filters_of(key, filters)) for key in keys],
        total_link=_rows_of(filters),
        figures=_figures(total, out, filters),
        chart=_chart(dimension, filters, [(called[key], found[key]) for key in keys]),
    )


def _columns(dimension: Dimension, filters: Filters) -> tuple[Column, ...]:
    columns = (Column(dimension.code, dimension.label), *COLUMNS[filters.basis])
    if dimension.code != "funding_source":
        return columns
    # An item is counted at every source that bears a part of it, so these columns do not add up to the items.
    return tuple(
        Column(column.key, column.label, column.kind) if column.kind is Kind.COUNT else column for column in columns
    )


def _totals(columns: tuple[Column, ...], total: Sums, filters: Filters) -> dict[str, Value]:
    """Rates from the sums (R-RED-01); by funding source there is no sum of items to show."""
    by_source = filters.by == "funding_source"
    counts = {column.key for column in columns if column.kind is Kind.COUNT and by_source}
    return {column.key: getattr(total, column.key) for column in columns[1:] if column.key not in counts}


def _rows_of(filters: Filters, **narrower: Any) -> Link:
    return Link(DETAILS, filters.query(**{"by": "", "basis": "reviewed", "sort": "", **narrower}))


def _basis_text(filters: Filters) -> str:
    if filters.basis == "approved":
        return _("From the declared to the approved investment")
    return _("From the declared to the reviewed investment")


def _notes(filters: Filters, actor: Who, out: dict[str, tuple[int, Decimal]]) -> list[str]:
    notes = [_kept_out_note(out)]
    if not filters.item_type and filters.by != "item_type":
        notes.append(
            _("A project is counted once for every stage it was reviewed in; for a rate by project choose one stage.")
        )
    elif filters.by == "item_type":
        notes.append(_("A project is counted once for every stage it was reviewed in."))
    notes.append(
        _("Reviewed: the amount the review accepted. Approved: the amount of the decision. A rate is the sum taken off "
          "divided by the sum declared, never the mean of rates.")
    )  # fmt: skip
    if filters.by == "funding_source" or filters.funding_source:
        notes.append(
            _("The amounts of an item with several funding sources are divided in proportion to them; the item is "
              "counted at each.")
        )  # fmt: skip
    return [*notes, *filter(None, [policies.scope_text(actor)])]


def _kept_out_note(out: dict[str, tuple[int, Decimal]]) -> str:
    count, amount = out.get("RETURNED", (0, Decimal(0)))
    text = _("Returned: %(count)s items, %(amount)s ×10,000 yuan, not part of the figures above.") % {
        "count": count,
        "amount": f"{money.wan(amount):,.2f}",
    }
    others = [(code, *figures) for code, figures in sorted(out.items()) if code != "RETURNED"]
    if others:
        parts = _("; ").join(
            _("%(why)s: %(count)s items, %(amount)s ×10,000 yuan")
            % {"why": wording.exclusion(code), "count": count, "amount": f"{money.wan(amount):,.2f}"}
            for code, count, amount in others
        )
        text += _(" Likewise %(parts)s.") % {"parts": parts}
    return text


def _figures(total: Sums, out: dict[str, tuple[int, Decimal]], filters: Filters) -> list[Figure]:
    is_approved = filters.basis == "approved"
    after = total.approved if is_approved else total.reviewed
    net = total.net_approved if is_approved else total.net
    rate = total.rate_approved if is_approved else total.rate
    count, amount = out.get("RETURNED", (0, Decimal(0)))
    wan = _("10,000 yuan")
    figures = [
        Figure(_("Investment declared"), total.declared, Kind.MONEY_WAN, wan),
        Figure(APPROVED.label if is_approved else REVIEWED.label, after, Kind.MONEY_WAN, wan),
        Figure(_("Net reduction (increase)"), net, Kind.MONEY_WAN, wan),
        Figure(_("Reduction (increase) rate"), rate, Kind.PERCENT),
        Figure(
            _("Returned, kept apart"), count, Kind.COUNT,
            note=_("%(amount)s ×10,000 yuan") % {"amount": f"{money.wan(amount):,.2f}"},
            link=_rows_of(filters, show="RETURNED"),
        ),
    ]  # fmt: skip
    if filters.by != "funding_source":
        figures.insert(0, Figure(_("Number of projects"), total.n, Kind.COUNT, link=_rows_of(filters)))
    return figures


def _chart(dimension: Dimension, filters: Filters, rows: list[tuple[str, Sums]]) -> Chart | None:
    if not rows:
        return None
    after = "approved" if filters.basis == "approved" else "reviewed"
    label = APPROVED.label if filters.basis == "approved" else REVIEWED.label
    most = rows if dimension.rank is not None else rows[:15]
    return Chart(
        kind="bar" if dimension.code in ("month", "quarter", "year") and len(rows) <= 12 else "bars",
        title=_chart_title(filters) % {"by": str(dimension.label)},
        unit=_("10,000 yuan"),
        labels=[name for name, _sums in most],
        series=[
            (str(DECLARED.label), [wan_text(sums.declared) for _name, sums in most]),
            (str(label), [wan_text(getattr(sums, after)) for _name, sums in most]),
        ],
    )


def _chart_title(filters: Filters) -> str:
    return _("Declared and approved by %(by)s") if filters.basis == "approved" else _("Declared and reviewed by %(by)s")
