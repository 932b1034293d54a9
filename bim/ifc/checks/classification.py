"""Every element has a classification code, its own or its type's."""

from collections.abc import Iterator

from bim.ifc.checks.facts import Check, Finding, ModelFacts, found


def judge(model: ModelFacts) -> Iterator[Finding]:
    for element in model.elements:
        if element.is_material:
            yield found(element, "" if element.is_classified else "no_classification")


CHECK = Check("classification", "PRELIMINARY", judge)
