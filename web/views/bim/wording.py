"""The units and the georeference of a model in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

UNIT_KINDS = {
    "LENGTHUNIT": _("Length"),
    "AREAUNIT": _("Area"),
    "VOLUMEUNIT": _("Volume"),
    "MASSUNIT": _("Mass"),
    "TIMEUNIT": _("Time"),
    "PLANEANGLEUNIT": _("Angle"),
}
UNITS = {
    "METRE": "m",
    "MILLIMETRE": "mm",
    "CENTIMETRE": "cm",
    "KILOMETRE": "km",
    "SQUARE_METRE": "m²",
    "CUBIC_METRE": "m³",
    "KILOGRAM": "kg",
    "GRAM": "g",
    "SECOND": "s",
    "RADIAN": "rad",
    "DEGREE": "°",
    "FOOT": _("foot"),
    "INCH": _("inch"),
    "SQUARE FOOT": _("square foot"),
    "CUBIC FOOT": _("cubic foot"),
}
GEOREFERENCE = {
    "crs": _("Coordinate reference system"),
    "datum": _("Geodetic datum"),
    "projection": _("Map projection"),
    "eastings": _("Easting"),
    "northings": _("Northing"),
    "height": _("Height of the origin"),
    "x_axis_abscissa": _("X axis, abscissa"),
    "x_axis_ordinate": _("X axis, ordinate"),
    "scale": _("Scale"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "elevation": _("Elevation"),
}


def said_time(written: str) -> str:
    """The time in the header of the file, 2026-11-23T08:00:00 as 2026-11-23 08:00; what is no time stays as it is."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return written
    return f"{moment:%Y-%m-%d %H:%M}"


def unit_lines(units: Mapping[str, str]) -> list[tuple[Any, Any]]:
    """(kind, unit) of what people ask about, in a fixed order."""
    return [
        (label, UNITS.get(units[kind].upper(), units[kind])) for kind, label in UNIT_KINDS.items() if units.get(kind)
    ]


def georeference_lines(found: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """(what, value) of every value that is known, the reference system first; an unknown name is shown as it is."""
    names = [*(name for name in GEOREFERENCE if name in found), *(name for name in found if name not in GEOREFERENCE)]
    return [(GEOREFERENCE.get(name, name), _value(found[name])) for name in names if found[name] not in (None, "")]


def _value(value: Any) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
