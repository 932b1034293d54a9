"""Where an attribute stands in a class, and which class descends from which: the three schemas as small tables.

Reading by position is six times as fast as by name, and the tables (`schemas/*.json`, see `schema_tables`) spare most
models the parser's library, which takes longer to load than a small model to read.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLES = Path(__file__).with_name("schemas")


class Schema:
    """Positions of attributes and lines of classes of one schema, each looked up once. Names in any case."""

    def __init__(self, identifier: str) -> None:
        table = json.loads((TABLES / f"{identifier}.json").read_text("ascii"))
        self._entities: dict[str, tuple[str, str, list[str]]] = {
            row[0].upper(): (row[0], row[1].upper(), row[2]) for row in table["entities"]
        }
        self._types: dict[str, str] = {name.upper(): name for name in table["types"]}
        self._children: dict[str, list[str]] = defaultdict(list)
        self._positions: dict[str, dict[str, int]] = {}
        self._lines: dict[str, frozenset[str]] = {}

    def positions(self, ifc_class: str) -> dict[str, int]:
        found = self._positions.get(ifc_class)
        if found is None:
            names = [name for one in reversed(list(self._ancestry(ifc_class))) for name in self._entities[one][2]]
            names = names or (["wrappedValue"] if ifc_class.upper() in self._types else [])
            found = self._positions[ifc_class] = {name: position for position, name in enumerate(names)}
        return found

    def is_a(self, ifc_class: str, *ancestors: str) -> bool:
        """Whether the class is, or descends from, one of those."""
        line = self._lines.get(ifc_class)
        if line is None:
            line = self._lines[ifc_class] = frozenset(self._entities[one][0] for one in self._ancestry(ifc_class))
        return not line.isdisjoint(ancestors)

    def value(self, entity: Any, attribute: str) -> Any:
        """The attribute, or None if this class has none of that name."""
        position = self.positions(entity.is_a()).get(attribute)
        return None if position is None else entity.get_argument(position)

    def has(self, name: str) -> bool:
        return name.upper() in self._entities or name.upper() in self._types

    def entity_named(self, name: str) -> str | None:
        """IFCWALL → IfcWall"""
        found = self._entities.get(name.upper())
        return found[0] if found else None

    def type_named(self, name: str) -> str | None:
        """IFCLABEL → IfcLabel"""
        return self._types.get(name.upper())

    def descendants(self, ifc_class: str) -> list[str]:
        """The class and all that descend from it, each before its own descendants."""
        if not self._children:
            for name, parent, _attributes in self._entities.values():
                self._children[parent].append(name)
        return [ifc_class, *(name for child in self._children[ifc_class.upper()] for name in self.descendants(child))]

    def instances(self, model: Any, ifc_class: str) -> tuple[Any, ...]:
        """All of that class, nothing for a class this schema does not know."""
        return tuple(model.by_type(ifc_class)) if self.has(ifc_class) else ()

    def _ancestry(self, ifc_class: str) -> Iterator[str]:
        """The class and those it descends from, in capitals."""
        name = ifc_class.upper()
        while name in self._entities:
            yield name
            name = self._entities[name][1]
