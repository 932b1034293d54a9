"""The model says where on earth it stands: a coordinate system with a conversion, or the site's latitude and longitude."""

from collections.abc import Iterator

from bim.ifc.checks.facts import FAILED, PASSED, Check, Finding, ModelFacts

CONVERSION = ("eastings", "northings", "crs")
DEGREES = ("latitude", "longitude")


def judge(model: ModelFacts) -> Iterator[Finding]:
    where = model.georeference
    has_place = any(all(where.get(key) not in (None, "") for key in keys) for keys in (CONVERSION, DEGREES))
    yield Finding(PASSED) if has_place or _in_sets(model) else Finding(FAILED, code="no_georeference")


def _in_sets(model: ModelFacts) -> bool:
    """IFC2X3 keeps the conversion in a property set of the site or the project (ePSet_MapConversion)."""
    for place in model.places:
        names = {name.casefold() for name, value in place.properties.items() if value}
        if {"epset_mapconversion.eastings", "epset_mapconversion.northings"} <= names:
            return True
    return False


CHECK = Check("georeference", "CONCEPT", judge)
