"""What the schemas named by an IDS file know: entities, attributes, predefined types, data types. Names in any case."""

from functools import cache
from typing import Any, Literal

import ifcopenshell
import ifcopenshell.util.pset

SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3_ADD2")
# How a value of a basic type may be restricted, and how it is written.
BASES = {
    "string": ("string", "normalizedString", "token", "date", "dateTime", "time", "duration"),
    "real": ("double", "decimal", "float"),
    "number": ("double", "decimal", "float"),
    "integer": ("integer", "int", "long"),
    "boolean": ("boolean",),
    "logical": ("boolean", "string"),
}
TEMPLATES: dict[str, Literal["IFC2X3", "IFC4", "IFC4X3"]] = {
    "IFC2X3": "IFC2X3",
    "IFC4": "IFC4",
    "IFC4X3_ADD2": "IFC4X3",
}
OBJECT = "object"  # an attribute that holds an entity: present or not, nothing to compare
COLLECTION = "collection"


@cache
def schema(name: str) -> Any:
    return ifcopenshell.ifcopenshell_wrapper.schema_by_name(name)


@cache
def entity(version: str, name: str) -> Any:
    """The entity's declaration, None if the schema has none of this name (given in upper case)."""
    return declared(version).get(name)


@cache
def declared(version: str) -> dict[str, Any]:
    """Every entity of the schema, by its name in upper case."""
    return {one.name().upper(): one for one in schema(version).entities()}


@cache
def attributes(version: str, name: str) -> dict[str, str]:
    """Attribute → basic type of an entity and of everything beneath it; derived and inverse ones are left out."""
    found: dict[str, str] = {}
    declaration = entity(version, name)
    if declaration is None:
        return found
    for attribute, is_derived in zip(declaration.all_attributes(), declaration.derived(), strict=True):
        if not is_derived:
            found[attribute.name()] = _basic(attribute.type_of_attribute())
    return found


@cache
def attributes_of_any(version: str) -> dict[str, frozenset[str]]:
    """Attribute → its basic types, of every entity of the schema."""
    found: dict[str, set[str]] = {}
    for name in declared(version):
        for attribute, basic in attributes(version, name).items():
            found.setdefault(attribute, set()).add(basic)
    return {name: frozenset(kinds) for name, kinds in found.items()}


@cache
def predefined_types(version: str, name: str) -> frozenset[str] | None:
    """The values of PredefinedType, of the entity's own and of its type's; None where there is no such attribute."""
    found: set[str] = set()
    known = False
    for one in (name, f"{name}TYPE"):
        declaration = entity(version, one)
        for attribute in declaration.all_attributes() if declaration is not None else ():
            if attribute.name() == "PredefinedType":
                known = True
                found |= set(attribute.type_of_attribute().declared_type().as_enumeration_type().enumeration_items())
    return frozenset(found) if known else None


@cache
def data_type(version: str, name: str) -> str | None:
    """The basic type of a defined type or enumeration (IFCLABEL → string); None if the schema does not know it."""
    declaration = _every(version).get(name)
    if declaration is None:
        return None
    if declaration.as_enumeration_type() is not None:
        return "string"
    defined = declaration.as_type_declaration()
    return _basic(defined.declared_type()) if defined is not None else None


@cache
def _every(version: str) -> dict[str, Any]:
    return {one.name().upper(): one for one in schema(version).declarations()}


@cache
def _book(version: str) -> Any:
    return ifcopenshell.util.pset.PsetQto(TEMPLATES[version])


@cache
def standard_sets(version: str) -> frozenset[str]:
    """The property and quantity sets that the standard publishes for the schema."""
    book = _book(version)
    return frozenset(
        str(template.Name)
        for file in book.templates
        for template in file.by_type("IfcPropertySetTemplate")
        if template.Name
    )


@cache
def standard_properties(version: str, set_name: str) -> frozenset[str]:
    template = _book(version).get_by_name(set_name)
    return frozenset(str(one.Name) for one in template.HasPropertyTemplates or ()) if template else frozenset()


def _basic(kind: Any) -> str:
    simple = kind.as_simple_type() if hasattr(kind, "as_simple_type") else None
    if simple is not None:
        return str(simple.declared_type())
    if getattr(kind, "as_aggregation_type", lambda: None)() is not None:
        return COLLECTION
    named = kind.as_named_type() if hasattr(kind, "as_named_type") else None
    declared = named.declared_type() if named is not None else kind
    if declared.as_enumeration_type() is not None:
        return "string"
    if declared.as_type_declaration() is not None:
        return _basic(declared.as_type_declaration().declared_type())
    return OBJECT
