"""How what is different is worded: the page, the files and the API show the same words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bim.class_names import class_name
from bim.comparing import Versions
from bim.models import ComparisonRow, ComparisonRun
from bim.models.comparison import ChangeKind, GeometryCompared, PairedBy, RowState
from core import clock
from reports.table import Column, Kind, ReportTable

CHANGES_SHOWN = 6  # of one row on the page
MOST_ROWS = 200_000
SIGNS = {"m2": "m²", "m3": "m³"}
WHAT = {
    "volume": gettext_lazy("Volume of the shape"),
    "area": gettext_lazy("Surface of the shape"),
    "form": gettext_lazy("Form"),
    "Name": gettext_lazy("Name"),
    "Tag": gettext_lazy("Tag"),
}


@dataclass(frozen=True)
class ChangeLine:
    """One difference in words. `delta` has its sign and unit, `percent` its sign."""

    kind: str
    label: str
    name: str
    old: str
    new: str
    delta: str
    percent: str
    unit: str


def state_label(state: str) -> str:
    return str(RowState(state).label)


def change_lines(row: ComparisonRow) -> list[ChangeLine]:
    return [_line(change) for change in row.changes]


def _line(change: list[Any]) -> ChangeLine:
    kind, name, old, new, delta, percent, unit = change
    sign = SIGNS.get(unit, unit)
    is_shape = kind in (ChangeKind.GEOMETRY, ChangeKind.NAME)
    return ChangeLine(
        kind=kind,
        label=str(ChangeKind(kind).label),
        name=str(WHAT.get(name, name)) if is_shape else name,
        old=class_name(old) if kind == ChangeKind.CLASS else old,
        new=class_name(new) if kind == ChangeKind.CLASS else new,
        delta=_delta(kind, delta, sign),
        percent="" if percent is None else f"{_signed(percent, 2)} %",
        unit=sign,
    )


def _delta(kind: str, delta: float | None, sign: str) -> str:
    """How far a thing has moved has no sign."""
    if delta is None:
        return ""
    return f"{delta:,.3f} m" if kind == ChangeKind.MOVED else f"{_signed(delta)} {sign}".strip()


def _signed(value: float, digits: int = 6) -> str:
    text = f"{value:+,.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("+0", "-0", "+", "-") else text


def table_of(pair: Versions, run: ComparisonRun, rows: QuerySet[ComparisonRow], made_by: str) -> ReportTable:
    """One line per change; elements without one have a line of their own."""
    columns = (
        Column("state", _("What happened")),
        Column("ifc_class", pgettext("IFC", "Class")),
        Column("name", pgettext("of a thing", "Name")),
        Column("type_name", pgettext("IFC", "Type")),
        Column("storey", pgettext("IFC", "Storey")),
        Column("kind", _("Kind of change")),
        Column("what", _("What changed")),
        Column("old", _("Before")),
        Column("new", _("After")),
        Column("delta", _("Difference"), Kind.DECIMAL),
        Column("unit", _("Unit")),
        Column("geometry", _("Geometry")),
        Column("by", _("Paired by")),
        Column("old_guid", _("GlobalId in the older version")),
        Column("new_guid", _("GlobalId in the newer version")),
    )
    notes = []
    if run.counts["geometry"].get(GeometryCompared.NOT_COMPARED):
        notes.append(_("Geometry marked as not compared may have changed."))
    return ReportTable(
        code=f"comparison_{pair.old.pk}_{pair.new.pk}",
        title=f"{pair.new.project.name} {_('Comparison of models')}",
        subtitle=f"{pair.old} → {pair.new}",
        columns=columns,
        rows=[line for row in rows[:MOST_ROWS].iterator(chunk_size=2000) for line in _lines(row)],
        generated_at=clock.now(),
        generated_by=made_by,
        notes=notes,
    )


def _lines(row: ComparisonRow) -> list[tuple[Any, ...]]:
    element = (state_label(row.state), class_name(row.ifc_class), row.name, row.type_name, row.storey)
    end = (
        str(GeometryCompared(row.geometry).label) if row.geometry else "",
        str(PairedBy(row.paired_by).label) if row.paired_by else "",
        row.old_guid,
        row.new_guid,
    )
    if not row.changes:
        return [(*element, "", "", "", "", None, "", *end)]
    return [
        (*element, line.label, line.name, line.old, line.new, _exact(change[4]), line.unit, *end)
        for line, change in zip(change_lines(row), row.changes, strict=True)
    ]


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}")
