"""Every storey has a name, and a building has storeys. Roads, bridges and sites have none."""

from collections.abc import Iterator

from bim.ifc.checks.facts import FAILED, NOT_APPLICABLE, Check, Finding, ModelFacts, found


def judge(model: ModelFacts) -> Iterator[Finding]:
    storeys = [place for place in model.places if place.ifc_class == "IfcBuildingStorey"]
    for storey in storeys:
        yield found(storey, "" if storey.name.strip() or storey.long_name.strip() else "no_name")
    if storeys:
        return
    building = next((place for place in model.places if place.ifc_class == "IfcBuilding"), None)
    if building is None or not model.elements:
        yield Finding(NOT_APPLICABLE, code="no_storeys_needed")
    else:
        yield Finding(FAILED, building.guid, building.ifc_class, building.name, "no_storeys")


CHECK = Check("storeys", "CONCEPT", judge)
