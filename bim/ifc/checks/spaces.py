"""Every room has a number, a function and a net floor area."""

from collections.abc import Iterator

from bim.ifc.checks.facts import Check, Finding, ModelFacts, Place, found

FUNCTIONS = ("Category", "OccupancyType", "Function", "功能", "房间功能", "用途")


def judge(model: ModelFacts) -> Iterator[Finding]:
    for space in model.places:
        if space.ifc_class == "IfcSpace":
            missing = list(_missing(space))
            yield found(space, "space_incomplete" if missing else "", ", ".join(missing))


def _missing(space: Place) -> Iterator[str]:
    if not space.name.strip():
        yield "number"
    has_function = any(name.rpartition(".")[2] in FUNCTIONS and value for name, value in space.properties.items())
    if not space.long_name.strip() and not has_function:
        yield "function"
    if not space.quantities.get("NetFloorArea", 0) > 0:
        yield "NetFloorArea"


CHECK = Check("spaces", "CONCEPT", judge)
