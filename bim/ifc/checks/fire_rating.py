"""Doors and walls say how long they withstand fire; "none" is an answer, silence is not."""

from collections.abc import Iterator

from bim.ifc.checks.facts import Check, Finding, ModelFacts, found

NAMES = ("FireRating", "耐火极限", "防火等级")


def judge(model: ModelFacts) -> Iterator[Finding]:
    for element in model.of("IfcDoor", "IfcWall"):
        has_rating = any(element.properties.get(name, "").strip() for name in NAMES)
        yield found(element, "" if has_rating else "no_fire_rating")


CHECK = Check("fire_rating", "PRELIMINARY", judge)
