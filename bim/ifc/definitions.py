"""What property sets and quantity sets say, each different property read once."""

from itertools import chain
from operator import attrgetter
from typing import Any

from bim.ifc.property_sets import PropertySets
from bim.ifc.quantities import Quantities
from bim.ifc.records import PropertyRow
from bim.ifc.schema import Schema
from bim.ifc.spatial import Facts
from bim.ifc.step_text import StepText, numbers_in
from bim.ifc.step_values import string
from bim.ifc.text import text
from bim.ifc.units import Units

Rows = tuple[PropertyRow, ...]
NAME = attrgetter("name")


class Definitions:
    """Facts per definition (#…); those that several things share are kept."""

    def __init__(self, model: Any, schema: Schema, units: Units, words: StepText | None, shared: set[int]) -> None:
        self._model = model
        written = words or StepText()
        self._sets, self._words = written.sets, written.singles.get
        self._shared = shared
        self._properties = PropertySets(schema, units)
        self.quantities = Quantities(schema, units)
        self._kept: dict[int, Facts] = {}
        self._names: dict[bytes, str] = {}
        self._contents: dict[tuple[Any, ...], Facts] = {}
        self._known: dict[str, dict[bytes | None, Rows]] = {}

    def facts(self, number: int) -> Facts:
        if number not in self._shared:
            return self._read(number)
        if number not in self._kept:
            self._kept[number] = self._read(number)
        return self._kept[number]

    def _read(self, number: int) -> Facts:
        if number in self._sets:
            return self._as_written(*self._sets[number])
        definition = self._model.by_id(number)
        if definition.is_a() == "IfcElementQuantity":
            return (), _once(tuple(self.quantities.rows(definition)))
        return _once(tuple(self._properties.rows(definition))), ()

    def _as_written(self, name: bytes, members: bytes) -> Facts:
        """The rows of a set: sets with equal words say the same, and so do equal words within sets of the same name."""
        numbers = numbers_in(members)
        words = tuple(map(self._words, numbers))
        known = self._contents.get((name, words))
        if known is not None:
            return known
        rows = _once(tuple(chain.from_iterable(map(self._rows, [self._name(name)] * len(words), numbers, words))))
        if None not in words:  # only single values are known by their words
            self._contents[name, words] = rows, ()
        return rows, ()

    def _name(self, name: bytes) -> str:
        if name not in self._names:
            self._names[name] = text(None if name == b"$" else string(name))
        return self._names[name]

    def _rows(self, set_name: str, number: int, words: bytes | None) -> Rows:
        known = self._known.setdefault(set_name, {})
        if words is not None and words in known:
            return known[words]
        rows = tuple(self._properties.row_of(set_name, self._model.by_id(number)))
        if words is not None:
            known[words] = rows
        return rows


def _once(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of two rows with the same name in one set the later one counts."""
    if len(set(map(NAME, rows))) == len(rows):
        return rows
    return tuple({row.name: row for row in rows}.values())
