"""时效统计表: how many items came in and were closed, in how many working days, within the promise or not (§11)."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.trace import Who
from reports import policies
from reports.datasets import item_times, wording
from reports.datasets.item_times import days, share
from reports.dimensions import DIMENSIONS, Dimension, names, ordered
from reports.filters import Filters
from reports.report import Chart, Figure, Link, Report
from reports.table import Column, Kind, ReportTable, Value

BY = ("item_type", "unit", "officer", "class", "industry", "month", "quarter", "year")
DETAILS = "times"
WORKDAYS = gettext_lazy("working days")

COLUMNS = (
    Column("n_accepted", gettext_lazy("Items accepted"), Kind.COUNT, total=True),
    Column("n_decided", gettext_lazy("Items closed"), Kind.COUNT, total=True),
    Column("n_in_time", gettext_lazy("Items in time"), Kind.COUNT, total=True),
    Column("n_late", gettext_lazy("Items overdue"), Kind.COUNT, total=True),
    Column("in_time", gettext_lazy("Share in time"), Kind.PERCENT),
    Column("mean_used", gettext_lazy("Mean time"), Kind.DAYS, unit=WORKDAYS),
    Column("mean_promised", gettext_lazy("Mean promise"), Kind.DAYS, unit=WORKDAYS),
    Column("used_share", gettext_lazy("Time / promise"), Kind.PERCENT),
    Column("shortest", gettext_lazy("Shortest"), Kind.DAYS),
    Column("p50", gettext_lazy("P50"), Kind.DAYS),
    Column("p90", gettext_lazy("P90"), Kind.DAYS),
    Column("mean_paused", gettext_lazy("Mean pause"), Kind.DAYS),
    Column("n_yellow", gettext_lazy("Yellow lights"), Kind.COUNT, total=True),
    Column("n_red", gettext_lazy("Red lights"), Kind.COUNT, total=True),
    Column("corrected", gettext_lazy("Correction rate"), Kind.PERCENT),
    Column("at_once", gettext_lazy("First-time pass rate"), Kind.PERCENT),
)


def produce(filters: Filters, actor: Who) -> Report:
    """Intake is counted on the day of acceptance, what was closed on the day of the decision (R-ST-04)."""
    dimension = DIMENSIONS[filters.by]
    field = item_times.FIELDS[filters.by]
    intake = item_times.intake_frame(item_times.accepted(filters, actor), field or "accepted_on")
    closed = item_times.decided_frame(item_times.decided(filters, actor), field or "decided_on")
    for frame in (intake, closed):
        frame["key"] = [dimension.fold(key) for key in _plain(frame["key"])]
    keys = _keys(dimension, intake, closed, filters)
    called = names(dimension, keys, filters)
    rows = {key: figures(intake[_is(intake, key)], closed[_is(closed, key)]) for key in keys}
    total = figures(intake, closed)
    columns = (Column(dimension.code, label_of(dimension)), *COLUMNS)
    table = ReportTable(
        code="timeliness",
        title=_("Statistics of time limits"),
        columns=columns,
        rows=[{dimension.code: called[key], **rows[key]} for key in keys],
        totals=total,
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        period=wording.period(filters),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=_notes(actor),
    )
    return Report(
        table=table,
        links=[_items_of(filters, **dimension.filters_of(key, filters)) for key in keys],
        total_link=_items_of(filters),
        figures=_figures(total, filters),
        chart=_chart(dimension, [(called[key], rows[key]) for key in keys]),
    )


def label_of(dimension: Dimension) -> Any:
    """Here not only reviews are counted, so the types are those of items."""
    return _("Item type") if dimension.code == "item_type" else dimension.label


def _plain(values: pd.Series) -> Iterable[Any]:
    """Keys as Python has them: a missing person is None, an id an int."""
    return [None if value is None or value != value else value for value in values]


def _is(frame: pd.DataFrame, key: Any) -> pd.Series:
    return frame["key"].isna() if key is None else frame["key"] == key


def _keys(dimension: Dimension, intake: pd.DataFrame, closed: pd.DataFrame, filters: Filters) -> list[Any]:
    counts: dict[Any, int] = {}
    for frame in (intake, closed):
        for key in _plain(frame["key"]):
            counts[key] = counts.get(key, 0) + 1
    return ordered(dimension, counts, filters)


def figures(intake: pd.DataFrame, closed: pd.DataFrame) -> dict[str, Value]:
    """One row: counts, shares and working days of these items. Means and percentiles are of the closed ones."""
    used, n_late = closed["used"], int(closed["late"].sum())
    median, ninth = used.quantile([1 / 2, 9 / 10]) if len(used) else (None, None)
    return {
        "n_accepted": len(intake),
        "n_decided": len(closed),
        "n_in_time": len(closed) - n_late,
        "n_late": n_late,
        "in_time": share(len(closed) - n_late, len(closed)),
        "mean_used": days(used.mean()),
        "mean_promised": days(closed["promised"].mean()),
        "used_share": share(used.sum(), closed["promised"].sum()),
        "shortest": int(used.min()) if len(used) else None,
        "p50": days(median),
        "p90": days(ninth),
        "mean_paused": days(closed["paused"].mean()),
        "n_yellow": int(closed["yellow"].sum()),
        "n_red": n_late,
        "corrected": share(intake["corrected"].sum(), len(intake)),
        "at_once": share(intake["at_once"].sum(), len(intake)),
    }


def _items_of(filters: Filters, **narrower: Any) -> Link:
    return Link(DETAILS, filters.query(**{"by": "", "sort": "", "show": "decided", **narrower}))


def _notes(actor: Who) -> list[str]:
    notes = [
        _("Accepted, correction rate and first-time pass rate: by day of acceptance. All else: by day of decision."),
        _("Working days without the day of acceptance and without pauses; in time means within promise and extension. "
          "Time / promise is the sum of days used divided by the sum of days promised."),
        _("Lights as they stood on the day of the decision. Early involvement runs under no time limit and is not counted."),
    ]  # fmt: skip
    return [*notes, *filter(None, [policies.scope_text(actor)])]


def _figures(total: dict[str, Value], filters: Filters) -> list[Figure]:
    return [
        Figure(_("Items accepted"), total["n_accepted"], Kind.COUNT, link=_items_of(filters, show="accepted")),
        Figure(_("Items closed"), total["n_decided"], Kind.COUNT, link=_items_of(filters)),
        Figure(_("Share in time"), total["in_time"], Kind.PERCENT),
        Figure(_("Mean time"), total["mean_used"], Kind.DAYS, WORKDAYS),
        Figure(_("Time / promise"), total["used_share"], Kind.PERCENT),
        Figure(_("Items overdue"), total["n_late"], Kind.COUNT),
    ]


def _chart(dimension: Dimension, rows: list[tuple[str, dict[str, Value]]]) -> Chart | None:
    rows = [row for row in rows if row[1]["mean_used"] is not None][: None if dimension.rank else 15]
    if not rows:
        return None
    return Chart(
        kind="bars",
        title=_("Mean time and mean promise by %(by)s") % {"by": str(label_of(dimension))},
        unit=str(WORKDAYS),
        labels=[name for name, _row in rows],
        series=[
            (_("Mean time"), [str(row["mean_used"]) for _name, row in rows]),
            (_("Mean promise"), [str(row["mean_promised"]) for _name, row in rows]),
        ],
    )
