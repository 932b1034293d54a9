"""A model read from its text: answers what the parser's model is asked here, by the same names.

Entities are taken apart when somebody asks them. What is asked for and is not there, or not plainly written, raises Odd.
"""

import re
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bim.ifc import step_text
from bim.ifc.schema import Schema
from bim.ifc.step_text import REST, StepText
from bim.ifc.step_values import Odd, pieces, value

# The attributes of the header's entities (ISO 10303-21), by the parser's names.
HEADER = {
    "file_description": ("description", "implementation_level"),
    "file_name": (
        "name",
        "time_stamp",
        "author",
        "organization",
        "preprocessor_version",
        "originating_system",
        "authorization",
    ),
}
# Strings, which stay, and comments and spaces, which go.
BETWEEN = re.compile(rb"('[^']*+')|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|\s++")


class Entity:
    """One entity of the file; its attributes are read when the first of them is asked for."""

    __slots__ = ("_class", "_model", "_number", "_pieces", "_said")

    def __init__(self, model: "StepModel", number: int, ifc_class: str, said: bytes) -> None:
        self._model, self._number, self._class, self._said = model, number, ifc_class, said
        self._pieces: list[bytes] | None = None

    def id(self) -> int:
        return self._number

    def is_a(self) -> str:
        return self._class

    def get_argument(self, position: int) -> Any:
        if self._pieces is None:
            self._pieces = self._apart()
        piece = self._pieces[position]
        return None if piece == b"$" else value(piece, self._model.by_id, self._model.schema.type_named)

    def _apart(self) -> list[bytes]:
        found = pieces(self._said)
        if len(found) != len(self._model.schema.positions(self._class)):
            raise Odd
        return found


class StepModel:
    """`text` holds the properties as written; they become entities only where somebody asks for them by number."""

    def __init__(self, path: Path, schema: Schema, identifier: str) -> None:
        self.schema, self.schema_identifier = schema, identifier
        self.text: StepText = step_text.read(path, schema)
        self.header = _header(self.text.head)
        self._entities: dict[int, Entity] = {}
        self._by_class: dict[str, list[Entity]] = defaultdict(list)
        names = {said: self._named(said) for said in {said for said, _inside in self.text.others.values()}}
        for number, (said, inside) in sorted(self.text.others.items()):
            name = names[said]
            entity = self._entities[number] = Entity(self, number, name, inside)
            self._by_class[name].append(entity)
        self.text.others.clear()
        if "IfcRelDefinesByProperties" in self._by_class:  # several sets at once: their order among the others counts
            raise Odd
        if not self.text.owned.keys() <= self._entities.keys():
            raise Odd

    def _named(self, said: bytes) -> str:
        name = self.schema.entity_named("IFC" + said.decode())
        if name is None:
            raise Odd
        return name

    def by_type(self, ifc_class: str) -> list[Entity]:
        """Class by class, in the order of their numbers, like the parser."""
        names = self.schema.descendants(ifc_class)
        return [entity for name in names for entity in self._by_class.get(name, ())]

    def by_id(self, number: int) -> Entity:
        found = self._entities.get(number)
        return self._of_properties(number) if found is None else found

    def _of_properties(self, number: int) -> Entity:
        if number in self.text.sets:
            return Entity(self, number, "IfcPropertySet", b"")
        if number in self.text.singles:
            return Entity(self, number, "IfcPropertySingleValue", self.text.singles[number])
        raise Odd


def _header(head: bytes) -> Any:
    written = BETWEEN.sub(lambda found: found.group(1) or b"", head)
    return SimpleNamespace(**{name: _said(written, name, attributes) for name, attributes in HEADER.items()})


def _said(head: bytes, name: str, attributes: tuple[str, ...]) -> Any:
    found = re.search(rb";" + name.upper().encode() + rb"\((" + REST + rb");", head)
    said = pieces(found.group(1)) if found else []
    if len(said) != len(attributes):
        raise Odd
    values = [value(piece, _nothing, _nothing) for piece in said]
    return SimpleNamespace(**dict(zip(attributes, values, strict=True)))


def _nothing(asked: Any) -> Any:
    raise Odd
