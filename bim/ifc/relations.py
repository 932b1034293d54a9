"""The IfcRel* entities turned around once: from an entity's id to what is said of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bim.ifc.schema import Schema
from bim.ifc.step_text import StepText


@dataclass
class Relations:
    """Ids are the numbers of the file (#…). `whole` holds the aggregating, nesting, voided or filled entity."""

    property_sets: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    shared_sets: set[int] = field(default_factory=set)
    types: dict[int, Any] = field(default_factory=dict)
    whole: dict[int, int] = field(default_factory=dict)
    containers: dict[int, int] = field(default_factory=dict)
    materials: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    classifications: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))


def invert(model: Any, schema: Schema, words: StepText | None) -> Relations:
    """One pass over the relations. In all three schemas both ends stand at positions 4 and 5 (IfcRel* beneath IfcRoot)."""
    found = Relations()
    if words is None:
        _definitions(model, found)
    else:
        found.property_sets, found.shared_sets = words.owned, words.shared
    _types(model, found)
    for parts_first, ifc_class in (
        (False, "IfcRelAggregates"),
        (False, "IfcRelNests"),
        (False, "IfcRelVoidsElement"),
        (False, "IfcRelFillsElement"),
        (False, "IfcRelAdheresToElement"),
        (False, "IfcRelProjectsElement"),
        (True, "IfcRelContainedInSpatialStructure"),
    ):
        target = found.containers if parts_first else found.whole
        for relation in schema.instances(model, ifc_class):
            one, other = relation.get_argument(4), relation.get_argument(5)
            wholes, parts = (other, one) if parts_first else (one, other)
            if wholes is None:
                continue
            whole = wholes.id()
            for part in _many(parts):
                target.setdefault(part.id(), whole)
    for relation in model.by_type("IfcRelAssociatesMaterial"):
        _append(found.materials, relation)
    for relation in model.by_type("IfcRelAssociatesClassification"):
        _append(found.classifications, relation)
    return found


def _definitions(model: Any, found: Relations) -> None:
    for relation in model.by_type("IfcRelDefinesByProperties"):
        objects, definition = _many(relation.get_argument(4)), relation.get_argument(5)
        for one in _sets(definition):
            if len(objects) > 1:
                found.shared_sets.add(one.id())
            for related in objects:
                found.property_sets[related.id()].append(one.id())


def _sets(definition: Any) -> tuple[Any, ...]:
    """IFC4 may give several sets at once, wrapped in an IfcPropertySetDefinitionSet."""
    if definition is None:
        return ()
    if definition.is_a() == "IfcPropertySetDefinitionSet":
        return _many(definition.get_argument(0))
    return (definition,)


def _types(model: Any, found: Relations) -> None:
    for relation in model.by_type("IfcRelDefinesByType"):
        type_object = relation.get_argument(5)
        if type_object is not None:
            for related in _many(relation.get_argument(4)):
                found.types.setdefault(related.id(), type_object)


def _append(target: dict[int, list[Any]], relation: Any) -> None:
    said = relation.get_argument(5)
    if said is not None:
        for related in _many(relation.get_argument(4)):
            target[related.id()].append(said)


def _many(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)
