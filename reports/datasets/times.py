"""事项时效明细: the items behind a figure of the timeliness report, one line each (R-ST-05)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import ApprovalItem
from core import clock
from core.trace import Who
from reports import policies
from reports.datasets import item_times, wording
from reports.filters import Filters
from reports.report import Link, Report
from reports.table import Column, Kind, ReportTable

WORKDAYS = gettext_lazy("working days")
COLUMNS = (
    Column("number", gettext_lazy("No."), Kind.COUNT),
    Column("item", gettext_lazy("Item")),
    Column("project", gettext_lazy("Project name")),
    Column("stage", gettext_lazy("Item type")),
    Column("unit", gettext_lazy("Project unit")),
    Column("officer", gettext_lazy("Case officer")),
    Column("accepted_on", gettext_lazy("Accepted on"), Kind.DATE),
    Column("decided_on", gettext_lazy("Decided on"), Kind.DATE),
    Column("outcome", gettext_lazy("State")),
    Column("promised", gettext_lazy("Promise"), Kind.DAYS, unit=WORKDAYS),
    Column("extension", gettext_lazy("Extension"), Kind.DAYS),
    Column("used", gettext_lazy("Used"), Kind.DAYS),
    Column("paused", gettext_lazy("Paused"), Kind.DAYS),
    Column("rounds", gettext_lazy("Rounds submitted"), Kind.COUNT, total=True),
    Column("remark", gettext_lazy("Remark")),
)
ORDER: dict[str, Any] = {
    "accepted_on": F("accepted_on"), "decided_on": F("decided_on"), "used": F("used_days"), "paused": F("paused_days"),
    "promised": F("promised_days"), "rounds": F("round_count"),
}  # fmt: skip


def produce(filters: Filters, actor: Who, window: slice | None = None) -> Report:
    """The decided items of the period, or with `show=accepted` the intake; all rows, or one page of them."""
    of_period = item_times.accepted if filters.show == "accepted" else item_times.decided
    rows = _in_order(of_period(filters, actor), filters.sort)
    page = list(rows[window] if window else rows)
    start = (window.start or 0) if window else 0
    columns = COLUMNS if window is None else tuple(Column(c.key, c.label, c.kind, c.unit) for c in COLUMNS)
    rounds = rows.order_by().values_list("round_count", flat=True)
    table = ReportTable(
        code="times",
        title=_("Time taken, item by item"),
        subtitle=_("Accepted in the period") if filters.show == "accepted" else _("Decided in the period"),
        columns=columns,
        rows=list(_lines(page, start)),
        totals={"rounds": sum(rounds)},
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        period=wording.period(filters),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=list(filter(None, [policies.scope_text(actor)])),
    )
    return Report(table=table, links=[Link(url=item.get_absolute_url()) for item in page], n_rows=len(rounds))


def _in_order(rows: QuerySet, sort: str) -> QuerySet:
    rows = rows.select_related("project", "owner_unit", "first_reviewer")
    chosen = ORDER.get(sort.removeprefix("-"))
    if chosen is None:
        return rows.order_by("accepted_on", "pk")
    ordered = chosen.desc(nulls_last=True) if sort.startswith("-") else chosen.asc(nulls_last=True)
    return rows.order_by(ordered, "pk")


def _lines(items: list[ApprovalItem], start: int) -> Iterator[tuple[Any, ...]]:
    for number, item in enumerate(items, start=start + 1):
        yield (
            number,
            item.no,
            item.project.name,
            str(item.type.label),
            item.owner_unit.name,
            item.first_reviewer.full_name if item.first_reviewer else "",
            item.accepted_on,
            item.decided_on,
            item.get_state_display(),
            item.promised_days,
            item.extension_days,
            item.used_days,
            item.paused_days,
            item.round_count,
            _remark(item),
        )


def _remark(item: ApprovalItem) -> str:
    if item.used_days is None:
        return ""
    over = item.used_days - (item.promised_days or 0) - item.extension_days
    return _("%(days)s working days late") % {"days": over} if over > 0 else ""
