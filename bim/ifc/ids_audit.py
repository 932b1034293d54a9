"""Whether an IDS file is fit to check by: the published schema, then the rules that a schema cannot say.

    title, n = audit(path)        # or Refused with every fault: code, facts, and the specification it stands in

IfcTester takes files that name entities, attributes or types which no schema knows, or values nothing can have, and
then passes or fails every model. Such a file is refused here, with its faults.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

from bim.ifc import ids_schemas as known
from bim.ifc.ids_reading import IDS, XS, specifications, title_of, tree_of
from bim.ifc.ids_values import Value, faults_of, faults_with_type, value_of
from bim.ifc.records import Reason
from bim.ifc.refusal import Refused

MOST_FAULTS = 100
FACETS = ("entity", "partOf", "classification", "attribute", "property", "material")
RESERVED = ("pset_", "qto_")
# What a relation can lead to; None: anything.
WHOLES = {
    "IFCRELASSIGNSTOGROUP": "IfcGroup",
    "IFCRELVOIDSELEMENT IFCRELFILLSELEMENT": "IfcElement",
    "IFCRELAGGREGATES": "IfcObjectDefinition",
    "IFCRELNESTS": "IfcObjectDefinition",
    "IFCRELCONTAINEDINSPATIALSTRUCTURE": "IfcObject",
}


def audit(path: Path) -> tuple[str, int]:
    """The title and the number of specifications. Raises Refused with the faults."""
    root = tree_of(path)
    found = specifications(root)
    faults: list[Reason] = []
    for specification in found:
        name = specification.get("name", "").strip()
        for fault in faults_of_specification(specification):
            one = Reason(fault.code, {**fault.facts, "specification": name[:100]})
            if one not in faults:
                faults.append(one)
    if not title_of(root):
        faults.append(Reason("ids.no_title"))
    if faults:
        raise Refused(*faults[:MOST_FAULTS])
    return title_of(root), len(found)


def faults_of_specification(specification: ElementTree.Element) -> Iterator[Reason]:
    versions = tuple(specification.get("ifcVersion", "").split())
    applicability = specification.find(f"{IDS}applicability")
    requirements = specification.find(f"{IDS}requirements")
    if not specification.get("name", "").strip():
        yield Reason("ids.no_name")
    if not versions:
        yield Reason("ids.no_version")
    if applicability is None or not len(applicability):
        yield Reason("ids.applies_to_nothing")
        return
    yield from _faults_of_occurrence(applicability, requirements)
    entities = _entities(applicability.find(f"{IDS}entity"), versions)
    for clause in (applicability, requirements):
        for facet in clause if clause is not None else ():
            yield from _faults_of_facet(facet, versions, entities)
    if requirements is not None:
        yield from _faults_of_agreement(applicability, requirements)


def _faults_of_occurrence(
    applicability: ElementTree.Element, requirements: ElementTree.Element | None
) -> Iterator[Reason]:
    """Required (1, unbounded), optional (0, unbounded) or prohibited (0, 0); what else may be written means nothing."""
    least, most = applicability.get("minOccurs", "1"), applicability.get("maxOccurs", "1")
    if (least, most) not in (("1", "unbounded"), ("0", "unbounded"), ("0", "0")):
        yield Reason("ids.occurrence", {"least": least[:20], "most": most[:20]})
    has_requirements = requirements is not None and len(requirements) > 0
    if least == "0" and most == "unbounded" and not has_requirements:
        yield Reason("ids.asks_nothing")
    if requirements is not None and not has_requirements:
        yield Reason("ids.requirements_empty")
    if most == "0" and has_requirements:
        yield Reason("ids.prohibited_with_requirements")


def _entities(facet: ElementTree.Element | None, versions: tuple[str, ...]) -> dict[str, list[str]]:
    """Schema → the entities the facet may mean; empty without a facet: everything."""
    value = value_of(facet.find(f"{IDS}name")) if facet is not None else None
    if value is None:
        return {}
    return {version: _meant(value, version) for version in versions}


def _meant(value: Value, version: str) -> list[str]:
    names = value.named()
    every = frozenset(known.declared(version))
    return [name for name in names if name in every] if names is not None else value.picks(every)


def _faults_of_facet(
    facet: ElementTree.Element, versions: tuple[str, ...], entities: dict[str, list[str]]
) -> Iterator[Reason]:
    kind = str(facet.tag).removeprefix(IDS)
    for part in facet.iter():
        if part.find(f"{IDS}simpleValue") is not None or part.find(f"{XS}restriction") is not None:
            value = value_of(part)
            yield from faults_of(value) if value is not None else ()
    if kind == "entity":
        yield from _faults_of_entity(facet, versions)
    elif kind == "partOf":
        yield from _faults_of_part(facet, versions)
    elif kind == "attribute":
        yield from _faults_of_attribute(facet, versions, entities)
    elif kind == "property":
        yield from _faults_of_property(facet, versions)
    if facet.get("cardinality") == "optional" and kind in ("attribute", "classification", "material", "property"):
        yield from _faults_of_optional(facet, kind)


def _faults_of_entity(facet: ElementTree.Element, versions: tuple[str, ...]) -> Iterator[Reason]:
    name, predefined = value_of(facet.find(f"{IDS}name")), value_of(facet.find(f"{IDS}predefinedType"))
    if name is None:
        return
    if name.base != "string" and not name.is_simple:
        yield Reason("ids.base_type", {"base": name.base, "name": "name", "type": "string"})
    for version in versions:
        for one in name.named() or ():
            if known.entity(version, one) is None:
                yield Reason("ids.entity", {"name": one[:100], "schema": version})
        meant = _meant(name, version)
        if name.named() is None and not meant:
            yield Reason("ids.entity_pattern", {"name": _told(name), "schema": version})
        if predefined is not None and meant:
            yield from _faults_of_predefined(predefined, meant, version)


def _faults_of_predefined(value: Value, entities: list[str], version: str) -> Iterator[Reason]:
    sets = {name: known.predefined_types(version, name) for name in entities}
    with_types = frozenset().union(*(types for types in sets.values() if types))
    if not with_types:
        yield Reason("ids.no_predefined", {"name": "、".join(entities[:3]), "schema": version})
        return
    for one in value.named() or ():
        if one not in with_types:
            facts = {"value": one[:100], "name": "、".join(entities[:3]), "schema": version}
            yield Reason("ids.predefined", facts)
    if value.named() is None and not value.picks(with_types):
        yield Reason("ids.predefined", {"value": _told(value), "name": "、".join(entities[:3]), "schema": version})


def _faults_of_part(facet: ElementTree.Element, versions: tuple[str, ...]) -> Iterator[Reason]:
    entity = facet.find(f"{IDS}entity")
    if entity is None:
        return
    yield from _faults_of_entity(entity, versions)
    whole = WHOLES.get(facet.get("relation", ""))
    name = value_of(entity.find(f"{IDS}name"))
    if whole is None or name is None:
        return
    for version in versions:
        meant = _meant(name, version)
        if meant and not any(known.entity(version, one)._is(whole) for one in meant):
            relation = facet.get("relation", "")
            yield Reason("ids.relation", {"relation": relation, "name": "、".join(meant[:3]), "schema": version})


def _faults_of_attribute(
    facet: ElementTree.Element, versions: tuple[str, ...], entities: dict[str, list[str]]
) -> Iterator[Reason]:
    name, value = value_of(facet.find(f"{IDS}name")), value_of(facet.find(f"{IDS}value"))
    if name is None:
        return
    for version in versions:
        of_any = known.attributes_of_any(version)
        kinds: dict[str, set[str]] = {}
        for entity in entities.get(version, ()):
            for attribute, basic in known.attributes(version, entity).items():
                kinds.setdefault(attribute, set()).add(basic)
        here = kinds if entities.get(version) else {one: set(basics) for one, basics in of_any.items()}
        names = name.named()
        for one in names or ():
            if one not in of_any:
                yield Reason("ids.attribute", {"name": one[:100], "schema": version})
            elif one not in here:
                of = "、".join(entities[version][:3])
                yield Reason("ids.attribute_of", {"name": one, "entity": of, "schema": version})
        meant = [one for one in names if one in here] if names is not None else name.picks(frozenset(here))
        if names is None and not meant:
            yield Reason("ids.attribute", {"name": _told(name), "schema": version})
        if value is not None and meant:
            yield from _faults_of_value(value, sorted({basic for one in meant for basic in here[one]}), meant[0])


def _faults_of_value(value: Value, basics: list[str], name: str) -> Iterator[Reason]:
    """A value has to suit at least one of the types it may meet."""
    by_type = [list(faults_with_type(value, basic, name)) for basic in basics]
    if by_type and all(by_type):
        yield from by_type[0]


def _faults_of_property(facet: ElementTree.Element, versions: tuple[str, ...]) -> Iterator[Reason]:
    data_type, value = facet.get("dataType"), value_of(facet.find(f"{IDS}value"))
    set_name, name = value_of(facet.find(f"{IDS}propertySet")), value_of(facet.find(f"{IDS}baseName"))
    shown = _told(name) if name is not None else ""
    for version in versions:
        if data_type is not None:
            basic = known.data_type(version, data_type)
            if basic is None:
                yield Reason("ids.data_type", {"name": data_type[:100], "schema": version})
            elif value is not None:
                yield from faults_with_type(value, basic, shown)
        for one in (set_name.named() or ()) if set_name is not None else ():
            if one.lower().startswith(RESERVED):
                yield from _faults_of_standard_set(one, name, version)


def _faults_of_standard_set(set_name: str, name: Value | None, version: str) -> Iterator[Reason]:
    """The prefixes Pset_ and Qto_ are reserved for the published sets and their properties."""
    if set_name not in known.standard_sets(version):
        yield Reason("ids.reserved", {"name": set_name[:100], "schema": version})
        return
    properties = known.standard_properties(version, set_name)
    for one in (name.named() or ()) if name is not None else ():
        if properties and one not in properties:
            yield Reason("ids.property", {"name": one[:100], "set": set_name, "schema": version})


def _faults_of_optional(facet: ElementTree.Element, kind: str) -> Iterator[Reason]:
    """ "Optional" says what to be if it is there: without a value there is nothing to be."""
    if facet.find(f"{IDS}value") is not None:
        return
    if kind == "property" and facet.get("dataType") is not None:
        return
    if kind == "classification":
        return  # the system is demanded
    yield Reason("ids.optional_without_value", {"facet": kind})


def _faults_of_agreement(applicability: ElementTree.Element, requirements: ElementTree.Element) -> Iterator[Reason]:
    """A requirement on the entity must not contradict what it applies to."""
    chosen = value_of(applicability.find(f"{IDS}entity/{IDS}name"))
    wanted = value_of(requirements.find(f"{IDS}entity/{IDS}name"))
    if chosen is None or wanted is None:
        return
    here, there = chosen.named(), wanted.named()
    if here is not None and there is not None and not set(here) & set(there):
        yield Reason("ids.contradiction", {"name": "、".join(here[:3]), "wanted": "、".join(there[:3])})


def _told(value: Value) -> str:
    names = value.named()
    return ("、".join(names) if names is not None else " ".join(text for _kind, text in value.facets))[:100]
