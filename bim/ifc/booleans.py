"""Which products are cut: by half spaces and other solids in their own representation, or by openings."""

from typing import Any

UPWARDS = ("IfcRepresentationItem", "IfcRepresentation", "IfcRepresentationMap", "IfcProductRepresentation")


def clipped(model: Any) -> set[int]:
    """The products (STEP ids) with a boolean result in their shape or in that of one of their openings."""
    found: set[int] = set()
    seen: set[int] = set()
    waiting = list(model.by_type("IfcBooleanResult"))
    while waiting:
        for user in model.get_inverse(waiting.pop()):
            if user.id() in seen:
                continue
            seen.add(user.id())
            if user.is_a("IfcProduct"):
                found.add(user.id())
                found.update(relation.RelatingBuildingElement.id() for relation in getattr(user, "VoidsElements", ()))
            elif any(user.is_a(kind) for kind in UPWARDS):
                waiting.append(user)
    return found


def openings(product: Any) -> list[int]:
    """The openings (STEP ids) that are to be cut out of the product."""
    return [relation.RelatedOpeningElement.id() for relation in getattr(product, "HasOpenings", ())]
