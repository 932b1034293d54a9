"""Every element has a type."""

from collections.abc import Iterator

from bim.ifc.checks.facts import Check, Finding, ModelFacts, found


def judge(model: ModelFacts) -> Iterator[Finding]:
    for element in model.elements:
        if element.is_material:
            yield found(element, "" if element.has_type else "no_type")


CHECK = Check("element_types", "PRELIMINARY", judge)
