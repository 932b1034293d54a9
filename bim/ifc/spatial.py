"""The spatial tree: project, site, building, storey, space; road, bridge, part; and where an element hangs in it."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from bim.ifc.records import PropertyRow, QuantityRow, SpatialRow
from bim.ifc.relations import Relations
from bim.ifc.schema import Schema
from bim.ifc.text import text
from bim.ifc.units import Units

Facts = tuple[tuple[PropertyRow, ...], tuple[QuantityRow, ...]]
LEVELS = ("IfcBuildingStorey",)
PARTS = ("IfcFacilityPart",)  # infrastructure has no storeys: its parts stand in for them


class SpatialTree:
    def __init__(self, model: Any, schema: Schema, relations: Relations) -> None:
        self._schema = schema
        self._relations = relations
        base = "IfcSpatialElement" if schema.has("IfcSpatialElement") else "IfcSpatialStructureElement"
        nodes = [*model.by_type("IfcProject"), *model.by_type(base)]
        self.nodes: dict[int, Any] = {node.id(): node for node in nodes}
        self._guids = {key: text(node.get_argument(0)) for key, node in self.nodes.items()}
        self._classes = {key: node.is_a() for key, node in self.nodes.items()}
        self._places: dict[int, tuple[str, str]] = {}

    def rows(self, units: Units, facts: Callable[[Any], Facts]) -> Iterator[SpatialRow]:
        """Depth first from the project, storeys from below, others in the order of the file; elevations in metres.

        What hangs nowhere comes last, without a parent.
        """
        children: dict[int, list[int]] = defaultdict(list)
        for key in sorted(self.nodes, key=self._order):
            children[self._parent(key)].append(key)
        seen: set[int] = set()
        for root in [
            *children[0],
            *self.nodes,
        ]:  # nodes in a circle hang under no root: one of them begins its own tree
            waiting = [root]
            while waiting:
                key = waiting.pop()
                if key in seen:
                    continue
                seen.add(key)
                parent = self._parent(key)
                yield self._row(key, parent if parent in seen else 0, units, facts)
                waiting.extend(reversed(children[key]))

    def _order(self, key: int) -> tuple[float, int]:
        elevation = self._schema.value(self.nodes[key], "Elevation")
        return (elevation if isinstance(elevation, int | float) else math.inf, key)

    def _parent(self, key: int) -> int:
        whole = self._relations.whole.get(key) or self._relations.containers.get(key, 0)
        return whole if whole in self.nodes and whole != key else 0

    def _row(self, key: int, parent: int, units: Units, facts: Callable[[Any], Facts]) -> SpatialRow:
        node = self.nodes[key]
        elevation = self._schema.value(node, "Elevation")
        properties, quantities = facts(node)
        return SpatialRow(
            guid=self._guids[key],
            ifc_class=self._classes[key],
            name=text(node.get_argument(2)),
            long_name=text(self._schema.value(node, "LongName")),
            elevation=_metres(elevation, units),
            parent=self._guids.get(parent, ""),
            properties=properties,
            quantities=quantities,
        )

    def place(self, element: int) -> tuple[str, str]:
        """GlobalIds of the node the element is in (perhaps by way of what it is part of) and of its level."""
        relations, key = self._relations, element
        for _step in range(50):
            container = relations.containers.get(key)
            if container is None and key in self.nodes:
                container = key
            if container is not None:
                if container not in self._places:
                    self._places[container] = (self._guids.get(container, ""), self._level(container))
                return self._places[container]
            if key not in relations.whole:
                break
            key = relations.whole[key]
        return "", ""

    def _level(self, key: int) -> str:
        """The storey at or above the node, else the nearest part of a facility."""
        part, seen = "", set()
        while key and key not in seen:
            seen.add(key)
            ifc_class = self._classes.get(key, "")
            if ifc_class and self._schema.is_a(ifc_class, *LEVELS):
                return self._guids[key]
            if ifc_class and not part and self._schema.is_a(ifc_class, *PARTS):
                part = self._guids[key]
            key = self._parent(key)
        return part


def _metres(elevation: Any, units: Units) -> float | None:
    if not isinstance(elevation, int | float):
        return None
    metres = elevation * units.scale("LENGTHUNIT")
    return metres if math.isfinite(metres) else None
