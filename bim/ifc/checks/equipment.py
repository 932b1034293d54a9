"""As built, every piece of equipment has an asset tag, a maker, a model, a serial number and a warranty."""

from collections.abc import Iterator

from bim.ifc.checks.facts import Check, Element, Finding, ModelFacts, found

WANTED = ("code", "manufacturer", "model", "serial", "warranty_end")
ALSO = {"warranty_end": ("WarrantyPeriod", "保修期", "质保期")}


def judge(model: ModelFacts) -> Iterator[Finding]:
    for element in model.elements:
        if element.ifc_class in model.equipment:
            missing = [fact for fact in WANTED if not _said(model, element, fact)]
            yield found(element, "equipment_incomplete" if missing else "", ", ".join(missing))


def _said(model: ModelFacts, element: Element, fact: str) -> str:
    names = (*model.asset_names.get(fact, ()), *ALSO.get(fact, ()))
    return next((element.properties[name] for name in names if element.properties.get(name, "").strip()), "")


CHECK = Check("equipment", "AS_BUILT", judge)
