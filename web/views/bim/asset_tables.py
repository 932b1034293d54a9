"""The asset draft as tables: the page, the files and their trace show the same rows."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bim.asset_draft import Draft
from bim.class_names import class_name
from bim.models import BimModel
from core import clock
from reports.table import Column, Kind, ReportTable

SQUARE_METRES = "m²"
HUNDREDTH = Decimal("0.01")
KINDS = {
    "STRUCTURE": gettext_lazy("Real estate"),
    "EQUIPMENT": gettext_lazy("Equipment"),
    "OTHER_FIXED": gettext_lazy("Furniture and other"),
}
CLASSES = {
    "FIXED": pgettext_lazy("asset class", "Fixed asset"),
    "PUBLIC_INFRA": pgettext_lazy("asset class", "Public infrastructure"),
}
SHEETS = {
    "assets": gettext_lazy("Assets"),
    "facilities": gettext_lazy("Facilities"),
    "floors": gettext_lazy("Floors"),
    "spaces": gettext_lazy("Spaces"),
    "types": gettext_lazy("Types"),
    "components": gettext_lazy("Components"),
}
Sheet = tuple[tuple[Column, ...], list[tuple[Any, ...]]]


def table_of(draft: Draft, sheet: str, model: BimModel, made_by: str) -> ReportTable:
    """One sheet of the draft; KeyError for a sheet there is none of."""
    columns, rows = MAKERS[sheet](draft)
    notes = [_("Proposed from the model, to be checked before the handover. Values are added in the asset register.")]
    return ReportTable(
        code=f"asset_draft{'' if sheet == 'assets' else f'_{sheet}'}_v{model.version}",
        title=f"{model.project.name} {_('Asset draft')} · {SHEETS[sheet]}",
        subtitle=f"{model} SHA-256 {model.sha256[:12]}",
        columns=columns,
        rows=rows,
        generated_at=clock.now(),
        generated_by=made_by,
        notes=notes,
    )


def _assets(draft: Draft) -> Sheet:
    columns = (
        Column("key", _("Key")),
        Column("code", _("Asset code")),
        Column("name", _("Asset name")),
        Column("kind", _("Proposed kind")),
        Column("accounting_class", _("Proposed accounting class")),
        Column("gbt14885", _("GB/T 14885 code")),
        Column("specification", _("Specification")),
        Column("maker", _("Maker")),
        Column("serials", _("Serial numbers")),
        Column("quantity", _("Quantity"), Kind.COUNT),
        Column("unit", _("Unit")),
        Column("area", _("Floor area"), Kind.DECIMAL, SQUARE_METRES),
        Column("place", _("Place")),
        Column("in_service", _("In service since")),
        Column("warranty_end", _("Warranty until")),
        Column("parts", _("Parts of the structure"), Kind.COUNT),
        Column("guids", "GlobalId"),
    )
    rows = [
        (
            one.key, one.code, one.name, str(KINDS.get(one.kind, one.kind)),
            str(CLASSES.get(one.accounting_class, one.accounting_class)), one.gbt14885, one.specification, one.maker,
            one.serials, one.quantity, one.unit, _area(one.area), one.place, one.in_service, one.warranty_end,
            one.parts or None, " ".join(one.guids),
        )
        for one in draft.assets
    ]  # fmt: skip
    return columns, rows


def _facilities(draft: Draft) -> Sheet:
    columns = (
        Column("name", pgettext("of a thing", "Name")),
        Column("ifc_class", _("Class")),
        Column("area", _("Floor area"), Kind.DECIMAL, SQUARE_METRES),
        Column("parts", _("Parts of the structure"), Kind.COUNT),
        Column("guid", "GlobalId"),
    )
    return columns, [
        (facts.name, class_name(facts.ifc_class), _area(area), parts, facts.guid)
        for facts, area, parts in draft.facilities
    ]


def _floors(draft: Draft) -> Sheet:
    columns = (
        Column("name", pgettext("of a thing", "Name")),
        Column("facility", _("Facility")),
        Column("elevation", _("Elevation"), Kind.DECIMAL, "m"),
        Column("guid", "GlobalId"),
    )
    return columns, [(one.name, one.facility, _area(one.elevation), one.guid) for one in draft.floors]


def _spaces(draft: Draft) -> Sheet:
    columns = (
        Column("number", _("Room number")),
        Column("function", _("Function")),
        Column("floor", _("Floor")),
        Column("area", _("Net floor area"), Kind.DECIMAL, SQUARE_METRES),
        Column("guid", "GlobalId"),
    )
    return columns, [(one.number, one.function, one.floor, _area(one.area), one.guid) for one in draft.spaces]


def _types(draft: Draft) -> Sheet:
    columns = (
        Column("name", _("Type")),
        Column("ifc_class", _("Class")),
        Column("maker", _("Maker")),
        Column("model", _("Specification")),
        Column("count", _("Count"), Kind.COUNT),
        Column("guid", "GlobalId"),
    )
    return columns, [
        (one.name, class_name(one.ifc_class), one.maker, one.model, one.count, one.guid) for one in draft.kinds
    ]


def _components(draft: Draft) -> Sheet:
    columns = (
        Column("name", pgettext("of a thing", "Name")),
        Column("ifc_class", _("Class")),
        Column("type", _("Type")),
        Column("floor", _("Floor")),
        Column("space", _("Space")),
        Column("code", _("Asset code")),
        Column("serial", _("Serial number")),
        Column("warranty_end", _("Warranty until")),
        Column("guid", "GlobalId"),
    )
    rows = [
        (
            one.name, class_name(one.ifc_class), one.type_name, one.floor, one.space, one.said.get("code", ""),
            one.said.get("serial", ""), one.said.get("warranty_end", ""), one.guid,
        )
        for one in draft.components
    ]  # fmt: skip
    return columns, rows


def _area(value: float | None) -> Decimal | None:
    """A measure with two decimals; money is never one."""
    return None if value is None else Decimal(str(value)).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


MAKERS: dict[str, Callable[[Draft], Sheet]] = {
    "assets": _assets,
    "facilities": _facilities,
    "floors": _floors,
    "spaces": _spaces,
    "types": _types,
    "components": _components,
}
