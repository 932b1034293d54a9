"""Products that are no spatial nodes: walls, doors, pipes, courses, alignments … with everything said of them."""

from collections.abc import Iterator
from typing import Any, TypeVar

from bim.ifc.classifications import Classifications
from bim.ifc.definitions import Definitions
from bim.ifc.materials import Materials
from bim.ifc.records import ElementRow, PropertyRow, QuantityRow
from bim.ifc.relations import Relations
from bim.ifc.schema import Schema
from bim.ifc.spatial import Facts, SpatialTree
from bim.ifc.text import text

# Positions that are the same in every schema.
GLOBAL_ID, NAME, OBJECT_TYPE, REPRESENTATION, TYPE_SETS = 0, 2, 4, 6, 5
Row = TypeVar("Row", bound=PropertyRow | QuantityRow)
UNTYPED = ("", "NOTDEFINED", "USERDEFINED")


class Elements:
    """Reads products one by one, so that only one is in memory at a time."""

    def __init__(self, schema: Schema, relations: Relations, tree: SpatialTree, definitions: Definitions) -> None:
        self._schema = schema
        self._relations = relations
        self._tree = tree
        self._materials = Materials(schema)
        self._classifications = Classifications(schema)
        self._definitions = definitions
        self._type_facts: dict[int, list[Facts]] = {}
        self._type_predefined: dict[int, str] = {}
        self._hosts: dict[int, str] = {}

    def rows(self, model: Any, products: list[Any]) -> Iterator[ElementRow]:
        for product in products:
            if product.id() not in self._tree.nodes:
                yield self._row(model, product)

    def _row(self, model: Any, product: Any) -> ElementRow:
        key, ifc_class, relations = product.id(), product.is_a(), self._relations
        positions = self._schema.positions(ifc_class)
        type_object = relations.types.get(key)
        properties, quantities = self.facts(product)
        spatial, storey = self._tree.place(key)
        tag, predefined = positions.get("Tag"), positions.get("PredefinedType")
        return ElementRow(
            guid=text(product.get_argument(GLOBAL_ID)),
            ifc_class=ifc_class,
            is_element=self._schema.is_a(ifc_class, "IfcElement"),
            has_shape=product.get_argument(REPRESENTATION) is not None,
            predefined_type=self._predefined(product, predefined, type_object),
            name=text(product.get_argument(NAME)),
            tag=text(product.get_argument(tag)) if tag is not None else "",
            type_name=text(type_object.get_argument(NAME) if type_object is not None else None)
            or text(product.get_argument(OBJECT_TYPE)),
            type_guid=text(type_object.get_argument(GLOBAL_ID)) if type_object is not None else "",
            spatial=spatial,
            storey=storey,
            host=self._host(model, key),
            materials=self._said(relations.materials, key, type_object, self._materials.names),
            classifications=self._all_said(key, type_object),
            properties=properties,
            quantities=quantities,
        )

    def facts(self, thing: Any) -> Facts:
        """Properties and quantities: the type's, each overruled by the element's own of the same set and name."""
        key = thing.id()
        own = [self._definitions.facts(number) for number in self._relations.property_sets.get(key, ())]
        type_object = self._relations.types.get(key)
        inherited = self._of_type(type_object) if type_object is not None else []
        return (
            _overruled([facts[0] for facts in inherited], [facts[0] for facts in own]),
            _overruled([facts[1] for facts in inherited], [facts[1] for facts in own]),
        )

    def _of_type(self, type_object: Any) -> list[Facts]:
        key = type_object.id()
        if key not in self._type_facts:
            sets = type_object.get_argument(TYPE_SETS) or ()
            self._type_facts[key] = [self._definitions.facts(one.id()) for one in sets]
        return self._type_facts[key]

    def _predefined(self, product: Any, position: int | None, type_object: Any) -> str:
        """The element's own kind, else its type's; a user's word for USERDEFINED."""
        said = text(product.get_argument(position)) if position is not None else ""
        if said == "USERDEFINED":
            return text(product.get_argument(OBJECT_TYPE)) or said
        if said in UNTYPED and type_object is not None:
            return self._predefined_of(type_object) or said
        return said

    def _predefined_of(self, type_object: Any) -> str:
        key = type_object.id()
        if key not in self._type_predefined:
            said = text(self._schema.value(type_object, "PredefinedType"))
            if said == "USERDEFINED":
                said = text(self._schema.value(type_object, "ElementType")) or said
            self._type_predefined[key] = said
        return self._type_predefined[key]

    def _host(self, model: Any, key: int) -> str:
        """What it is part of; for a door or window the wall, not the opening in it."""
        whole = self._relations.whole.get(key)
        if whole is None or whole in self._tree.nodes:
            return ""
        if whole not in self._hosts:
            entity = model.by_id(whole)
            wall = self._relations.whole.get(whole) if entity.is_a() == "IfcOpeningElement" else None
            self._hosts[whole] = text((entity if wall is None else model.by_id(wall)).get_argument(GLOBAL_ID))
        return self._hosts[whole]

    def _said(self, told: dict[int, list[Any]], key: int, type_object: Any, read: Any) -> Any:
        """What is said of the element itself, else of its type."""
        return read(told.get(key) or (told.get(type_object.id()) if type_object is not None else None) or [])

    def _all_said(self, key: int, type_object: Any) -> tuple[tuple[str, str, str], ...]:
        told = self._relations.classifications
        of_type = told.get(type_object.id(), []) if type_object is not None else []
        return self._classifications.rows([*told.get(key, []), *of_type])


def _overruled(inherited: list[tuple[Row, ...]], own: list[tuple[Row, ...]]) -> tuple[Row, ...]:
    """All rows of the sets; where two have the same set and name, the later one counts, and own ones are the last."""
    sets = [rows for rows in (*inherited, *own) if rows]
    if len({rows[0].set_name for rows in sets}) == len(sets):
        return tuple(row for rows in sets for row in rows)
    merged: dict[tuple[str, str], Row] = {(row.set_name, row.name): row for rows in sets for row in rows}
    return tuple(merged.values())
