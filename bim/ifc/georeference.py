"""Where on earth the model says it stands."""

import math
from typing import Any

from bim.ifc.records import Value
from bim.ifc.schema import Schema
from bim.ifc.text import text
from bim.ifc.units import Units, scale_of

LENGTHS = {"Eastings": "eastings", "Northings": "northings", "OrthogonalHeight": "height"}
NUMBERS = {
    "XAxisAbscissa": "x_axis_abscissa",
    "XAxisOrdinate": "x_axis_ordinate",
    "Scale": "scale",
}


def georeference_of(model: Any, schema: Schema, units: Units) -> dict[str, Value]:
    """CRS and map conversion, lengths in metres; latitude and longitude of the site in degrees; {} for neither.

    Keys: crs, datum, projection, eastings, northings, height, x_axis_abscissa, x_axis_ordinate, scale, latitude,
    longitude, elevation (m).
    """
    found: dict[str, Value] = {}
    conversions = schema.instances(model, "IfcMapConversion")
    if conversions:
        crs = schema.value(conversions[0], "TargetCRS")
        map_unit = schema.value(crs, "MapUnit") if crs is not None else None
        metres = units.scale("LENGTHUNIT") if map_unit is None else scale_of(map_unit, schema)
        for attribute, key in {**LENGTHS, **NUMBERS}.items():
            number = schema.value(conversions[0], attribute)
            if isinstance(number, int | float) and math.isfinite(number * metres):
                found[key] = number * metres if attribute in LENGTHS else float(number)
        for attribute, key in (("Name", "crs"), ("GeodeticDatum", "datum"), ("MapProjection", "projection")):
            said = text(schema.value(crs, attribute)) if crs is not None else ""
            if said:
                found[key] = said
    sites = model.by_type("IfcSite")
    if sites:
        for attribute, key in (("RefLatitude", "latitude"), ("RefLongitude", "longitude")):
            degrees = _degrees(schema.value(sites[0], attribute))
            if degrees is not None:
                found[key] = degrees
        height = schema.value(sites[0], "RefElevation")
        if found and isinstance(height, int | float) and math.isfinite(height * units.scale("LENGTHUNIT")):
            found["elevation"] = height * units.scale("LENGTHUNIT")
    return found


def _degrees(parts: Any) -> float | None:
    """Degrees, minutes, seconds and millionths of a second, all with the same sign."""
    if not isinstance(parts, tuple) or not parts or not all(isinstance(part, int) for part in parts):
        return None
    padded = [*parts, 0, 0, 0][:4]
    return round(padded[0] + padded[1] / 60 + padded[2] / 3600 + padded[3] / 3.6e9, 9)
