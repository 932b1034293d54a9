"""Property sets: every kind of property as a name, a value in words and, where it is one, a number."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from bim.ifc.records import PropertyRow
from bim.ifc.schema import Schema
from bim.ifc.text import text
from bim.ifc.units import Units, name_of

ROOT_ATTRIBUTES = 4  # GlobalId, OwnerHistory, Name, Description
DEEPEST = 6  # complex properties within complex properties
MOST_VALUES = 200  # of a list or a table
WORDS = {True: "true", False: "false"}


class PropertySets:
    def __init__(self, schema: Schema, units: Units) -> None:
        self._schema = schema
        self._units = units

    def rows(self, definition: Any) -> Iterator[PropertyRow]:
        """The rows of an IfcPropertySet or of a predefined one (IfcDoorLiningProperties …); none for quantities."""
        ifc_class = definition.is_a()
        set_name = text(definition.get_argument(2))
        if ifc_class == "IfcPropertySet":
            yield from self._properties(set_name, "", definition.get_argument(4) or (), 0)
        elif ifc_class != "IfcElementQuantity":
            yield from self._attributes(set_name or ifc_class, definition)

    def row_of(self, set_name: str, one: Any) -> Iterator[PropertyRow]:
        """The rows of one property: none without a value, several for a complex one."""
        yield from self._properties(set_name, "", (one,), 0)

    def _properties(self, set_name: str, prefix: str, properties: Iterable[Any], depth: int) -> Iterator[PropertyRow]:
        for one in properties:
            name = prefix + text(one.get_argument(0))
            ifc_class = one.is_a()
            if ifc_class == "IfcPropertySingleValue":
                value = one.get_argument(2)
                if value is not None:
                    yield self._valued(set_name, name, value, one.get_argument(3))
            elif ifc_class == "IfcComplexProperty":
                if depth < DEEPEST:
                    yield from self._properties(set_name, f"{name}.", one.get_argument(3) or (), depth + 1)
            else:
                said = self._said(one, ifc_class)
                if said:
                    yield PropertyRow(set_name, name, said)

    def _valued(self, set_name: str, name: str, value: Any, unit: Any) -> PropertyRow:
        measure, raw = value.is_a(), value.get_argument(0)
        if isinstance(raw, str):
            return PropertyRow(set_name, name, text(raw))
        if isinstance(raw, bool):
            return PropertyRow(set_name, name, WORDS[raw])
        if isinstance(raw, int | float) and math.isfinite(raw):
            named = name_of(unit, self._schema) if unit is not None else self._units.name_of_measure(measure)
            return PropertyRow(set_name, name, number_text(raw), float(raw), text(named))
        return PropertyRow(set_name, name, text(raw))

    def _said(self, one: Any, ifc_class: str) -> str:
        """A property that is no single value, in words."""
        if ifc_class in ("IfcPropertyEnumeratedValue", "IfcPropertyListValue"):
            return "; ".join(plain(value) for value in (one.get_argument(2) or ())[:MOST_VALUES])
        if ifc_class == "IfcPropertyBoundedValue":
            upper, lower = one.get_argument(2), one.get_argument(3)
            exact = self._schema.value(one, "SetPointValue")
            ends = f"{plain(lower) if lower else ''}…{plain(upper) if upper else ''}"
            return plain(exact) if exact is not None else (ends if ends != "…" else "")
        if ifc_class == "IfcPropertyTableValue":
            keys, values = one.get_argument(2) or (), one.get_argument(3) or ()
            pairs = list(zip(keys, values, strict=False))[:MOST_VALUES]
            return "; ".join(f"{plain(key)}={plain(value)}" for key, value in pairs)
        if ifc_class == "IfcPropertyReferenceValue":
            referred = one.get_argument(3)
            return text(self._schema.value(referred, "Name")) or referred.is_a() if referred is not None else ""
        return ""

    def _attributes(self, set_name: str, definition: Any) -> Iterator[PropertyRow]:
        """Predefined sets say their properties as attributes of the class."""
        for name, position in self._schema.positions(definition.is_a()).items():
            if position < ROOT_ATTRIBUTES:
                continue
            raw = definition.get_argument(position)
            if isinstance(raw, bool):
                yield PropertyRow(set_name, name, WORDS[raw])
            elif isinstance(raw, int | float) and math.isfinite(raw):
                yield PropertyRow(set_name, name, number_text(raw), float(raw))
            elif isinstance(raw, str) and raw:
                yield PropertyRow(set_name, name, text(raw))


def plain(value: Any) -> str:
    raw = value.get_argument(0) if hasattr(value, "get_argument") else value
    if isinstance(raw, bool):
        return WORDS[raw]
    return number_text(raw) if isinstance(raw, int | float) else text(raw)


def number_text(number: float) -> str:
    """Without a needless fraction: 3.0 is 3."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
