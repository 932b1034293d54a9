"""Authored quantities (IfcElementQuantity: Qto_*, in IFC2X3 BaseQuantities), in SI, under the names of their authors."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from bim.ifc.records import QuantityRow
from bim.ifc.schema import Schema
from bim.ifc.text import text
from bim.ifc.units import Units, scale_of

# class → (kind of unit, SI unit)
KINDS = {
    "IfcQuantityLength": ("LENGTHUNIT", "m"),
    "IfcQuantityArea": ("AREAUNIT", "m2"),
    "IfcQuantityVolume": ("VOLUMEUNIT", "m3"),
    "IfcQuantityWeight": ("MASSUNIT", "kg"),
    "IfcQuantityTime": ("TIMEUNIT", "s"),
    "IfcQuantityCount": ("", ""),
    "IfcQuantityNumber": ("", ""),
}
DEEPEST = 6


class Quantities:
    def __init__(self, schema: Schema, units: Units) -> None:
        self._schema = schema
        self._units = units
        self.n_unusable = 0

    def rows(self, definition: Any) -> Iterator[QuantityRow]:
        """The rows of an IfcElementQuantity."""
        set_name = text(definition.get_argument(2))
        yield from self._flat(set_name, "", definition.get_argument(5) or (), 0)

    def _flat(self, set_name: str, prefix: str, quantities: Iterable[Any], depth: int) -> Iterator[QuantityRow]:
        for one in quantities:
            name = prefix + text(one.get_argument(0))
            kind = KINDS.get(one.is_a())
            if kind is None:  # IfcPhysicalComplexQuantity
                if depth < DEEPEST:
                    yield from self._flat(set_name, f"{name}.", one.get_argument(2) or (), depth + 1)
                continue
            value, unit = one.get_argument(3), one.get_argument(2)
            scale = 1.0
            if kind[0]:
                scale = self._units.scale(kind[0]) if unit is None else scale_of(unit, self._schema)
            if isinstance(value, int | float) and math.isfinite(value * scale):
                yield QuantityRow(set_name, name, value * scale, kind[1])
            else:
                self.n_unusable += 1
