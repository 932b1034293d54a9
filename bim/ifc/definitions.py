"""What property sets and quantity sets say, each different property parsed once."""

from itertools import chain
from operator import attrgetter
from typing import Any

from bim.ifc.property_sets import PropertySets
from bim.ifc.quantities import Quantities
from bim.ifc.records import PropertyRow
from bim.ifc.schema import Schema
from bim.ifc.spatial import Facts
from bim.ifc.text import text
from bim.ifc.text_index import TextIndex, numbers_in
from bim.ifc.units import Units

Rows = tuple[PropertyRow, ...]
NAME = attrgetter("name")


class Definitions:
    """Facts per definition (#…); those that several things share are kept."""

    def __init__(self, model: Any, schema: Schema, units: Units, index: TextIndex | None, shared: set[int]) -> None:
        self._model = model
        self._index = index or TextIndex()
        self._words = self._index.singles.get
        self._shared = shared
        self._properties = PropertySets(schema, units)
        self.quantities = Quantities(schema, units)
        self._kept: dict[int, Facts] = {}
        self._names: dict[bytes, str] = {}
        self._known: dict[str, dict[bytes | None, Rows]] = {}

    def facts(self, number: int) -> Facts:
        if number not in self._shared:
            return self._read(number)
        if number not in self._kept:
            self._kept[number] = self._read(number)
        return self._kept[number]

    def _read(self, number: int) -> Facts:
        if number in self._index.sets:
            return _once(self._indexed(number)), ()
        definition = self._model.by_id(number)
        if definition.is_a() == "IfcElementQuantity":
            return (), _once(tuple(self.quantities.rows(definition)))
        return _once(tuple(self._properties.rows(definition))), ()

    def _indexed(self, number: int) -> Rows:
        """The rows of a set: equal words of a property within sets of the same name are one and the same row."""
        name, members = self._index.sets[number]
        set_name = self._names.get(name)
        if set_name is None:
            set_name = self._names[name] = text(self._model.by_id(number).get_argument(2))
        known = self._known.setdefault(set_name, {})
        numbers = numbers_in(members)
        try:
            return tuple(chain.from_iterable(map(known.__getitem__, map(self._words, numbers))))
        except KeyError:  # words that were not seen before, or another kind of property
            return tuple(chain.from_iterable([self._rows(set_name, number, known) for number in numbers]))

    def _rows(self, set_name: str, number: int, known: dict[bytes | None, Rows]) -> Rows:
        words = self._words(number)
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
