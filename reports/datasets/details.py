"""评审项目明细: the decided items behind a figure of the reduction report, one line each (R-ST-05)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import ExpressionWrapper, F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.catalog import ITEM_TYPES
from approvals.models import Reduction
from core import clock
from core.money import MoneyField
from core.trace import Who
from reports import policies
from reports.datasets import wording
from reports.datasets.reduction_sums import Splitter, Sums, shown_rows, splitter
from reports.filters import NOT_STATED, Filters
from reports.report import Figure, Link, Report
from reports.table import Column, Kind, ReportTable

COLUMNS = (
    Column("number", gettext_lazy("No."), Kind.COUNT),
    Column("project", gettext_lazy("Project name")),
    Column("code", gettext_lazy("Project code")),
    Column("unit", gettext_lazy("Construction unit")),
    Column("stage", gettext_lazy("Stage")),
    Column("declared", gettext_lazy("Declared"), Kind.MONEY_WAN, total=True),
    Column("reviewed", gettext_lazy("Reviewed"), Kind.MONEY_WAN, total=True),
    Column("net", gettext_lazy("Reduction (increase)"), Kind.MONEY_WAN, total=True),
    Column("rate", gettext_lazy("Reduction rate"), Kind.PERCENT),
    Column("approved", gettext_lazy("Amount approved"), Kind.MONEY_WAN, total=True),
    Column("reviewer", gettext_lazy("Responsible")),
    Column("accepted_on", gettext_lazy("Accepted on"), Kind.DATE),
    Column("decided_on", gettext_lazy("Issued on"), Kind.DATE),
    Column("document_no", gettext_lazy("Document number")),
    Column("remark", gettext_lazy("Remark")),
)
CUT = ExpressionWrapper(F("declared") - F("reviewed"), output_field=MoneyField())
ORDER: dict[str, Any] = {
    "declared": F("declared"), "reviewed": F("reviewed"), "approved": F("approved"), "net": CUT,
    "decided_on": F("decided_on"), "accepted_on": F("item__accepted_on"),
}  # fmt: skip


def produce(filters: Filters, actor: Who, window: slice | None = None) -> Report:
    """All rows, or with a window one page of them under the totals of all."""
    split = splitter(filters)
    rows = _in_order(shown_rows(filters, actor), filters.sort)
    total = _total(rows, split)
    page = list(rows[window] if window else rows)
    start = (window.start or 0) if window else 0
    columns = COLUMNS if window is None else tuple(Column(c.key, c.label, c.kind, c.unit) for c in COLUMNS)
    table = ReportTable(
        code="details",
        title=_("Details of reviewed projects"),
        subtitle=wording.shown(filters.show),
        columns=columns,
        rows=list(_lines(page, split, start)),
        totals={
            "declared": total.declared, "reviewed": total.reviewed, "net": total.net, "rate": total.rate,
            "approved": total.approved,
        },
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        period=wording.period(filters),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=_notes(filters, actor),
    )  # fmt: skip
    return Report(
        table=table,
        links=[Link(url=row.item.get_absolute_url()) for row in page],
        figures=_figures(total),
        n_rows=total.n,
    )


def _in_order(rows: QuerySet, sort: str) -> QuerySet:
    rows = rows.select_related("item__owner_unit", "project__construction_unit", "reviewer")
    chosen = ORDER.get(sort.removeprefix("-"))
    if chosen is None:
        return rows.order_by("decided_on", "pk")
    return rows.order_by(chosen.desc() if sort.startswith("-") else chosen.asc(), "pk")


def _total(rows: QuerySet, split: Splitter) -> Sums:
    total = Sums()
    amounts = rows.order_by().values_list("project_id", "declared", "reviewed", "approved")
    for row in amounts.iterator(chunk_size=5000):
        for _source, sums in split(*row):
            total.add(sums)
    return total


def _lines(rows: list[Reduction], split: Splitter, start: int) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows, start=start + 1):
        shares = [sums for _source, sums in split(row.project_id, row.declared, row.reviewed, row.approved)]
        sums = shares[0]
        for other in shares[1:]:
            sums.add(other)
        yield (
            number,
            row.project.name,
            row.project.code,
            str(row.project.construction_unit or row.item.owner_unit),
            str(ITEM_TYPES[row.item_type].label),
            sums.declared,
            sums.reviewed,
            sums.net,
            sums.rate,
            sums.approved,
            row.reviewer.full_name if row.reviewer else "",
            row.item.accepted_on,
            row.decided_on,
            row.item.document_no,
            _remark(row),
        )


def _remark(row: Reduction) -> str:
    if not row.is_counted:
        return wording.exclusion(row.exclusion)
    if row.reviewed > row.declared:
        return _("Increase")
    return _("Unchanged") if row.reviewed == row.declared else ""


def _notes(filters: Filters, actor: Who) -> list[str]:
    notes = []
    if filters.funding_source not in ("", NOT_STATED):
        notes.append(_("The amounts are the share of this funding source."))
    if filters.show in ("RETURNED", "excluded"):
        notes.append(_("These items are not part of any reduction figure."))
    return [*notes, *filter(None, [policies.scope_text(actor)])]


def _figures(total: Sums) -> list[Figure]:
    wan = _("10,000 yuan")
    return [
        Figure(_("Number of items"), total.n, Kind.COUNT),
        Figure(_("Investment declared"), total.declared, Kind.MONEY_WAN, wan),
        Figure(_("Investment after review"), total.reviewed, Kind.MONEY_WAN, wan),
        Figure(_("Net reduction (increase)"), total.net, Kind.MONEY_WAN, wan),
        Figure(_("Reduction (increase) rate"), total.rate, Kind.PERCENT),
    ]
