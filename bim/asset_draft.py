"""The asset draft of an as-built model (COBie-like): facilities, floors, spaces, types, components, and the assets."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Count

from bim.models import BimElement, BimModel, BimProperty, SpatialNode
from bim.rules.assets import Asset, Facts, Table, assets_of

SHIPPED = Path(__file__).resolve().parent.parent / "fixtures" / "bim" / "asset_classes.json"
FLOORS, SPACES = "IfcBuildingStorey", ("IfcSpace", "IfcSpatialZone")
AREAS = ("NetFloorArea", "GrossFloorArea", "NetArea", "GrossArea")
BLOCK = 2000


@dataclass(frozen=True)
class Floor:
    """A storey: elevation in metres above the origin of the model."""

    guid: str
    name: str
    facility: str
    elevation: float | None


@dataclass(frozen=True)
class Space:
    """A room: number, function, net floor area in m² as authored."""

    guid: str
    number: str
    function: str
    floor: str
    area: float | None


@dataclass(frozen=True)
class Kind:
    """A type of equipment and how many pieces of it there are."""

    guid: str
    ifc_class: str
    name: str
    maker: str
    model: str
    count: int


@dataclass(frozen=True)
class Draft:
    """Everything in the order of the spatial tree; `components` are the pieces of equipment."""

    facilities: list[tuple[Facts, float | None, int]] = field(default_factory=list)
    floors: list[Floor] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    components: list[Facts] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Any]:
    """The table of fixtures/bim/asset_classes.json."""
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def draft(model: BimModel) -> Draft:
    """Reads the tree and the equipment of one model; every other element counts as a part of its facility."""
    table = Table.of(shipped())
    tree = _Tree(SpatialNode.objects.filter(model=model).order_by("position"), table)
    components = _components(model, table, tree)
    facilities = tree.facilities(_parts(model, table, tree))
    return Draft(
        facilities,
        tree.floors(),
        tree.spaces(),
        _kinds(components),
        components,
        assets_of(facilities, components, table),
    )


class _Tree:
    """The spatial nodes of one model, and what each stands in."""

    def __init__(self, nodes: Iterable[SpatialNode], table: Table) -> None:
        self.nodes = {node.pk: node for node in nodes}
        self.table = table
        known = [node for node in self.nodes.values() if node.ifc_class in table.facilities]
        # A model of the ground alone has no building: its site is what is handed over.
        self.roots = known or [node for node in self.nodes.values() if node.ifc_class == "IfcSite"]
        self._root_keys = {node.pk for node in self.roots}

    def facility_of(self, key: int | None) -> SpatialNode | None:
        return self._above(key, lambda node: node.pk in self._root_keys)

    def floor_of(self, key: int | None) -> SpatialNode | None:
        return self._above(key, lambda node: node.ifc_class == FLOORS)

    def space_of(self, key: int | None) -> SpatialNode | None:
        return self._above(key, lambda node: node.ifc_class in SPACES)

    def _above(self, key: int | None, fits: Any) -> SpatialNode | None:
        seen: set[int] = set()
        while key in self.nodes and key not in seen:
            seen.add(key)
            node = self.nodes[key]
            if fits(node):
                return node
            key = node.parent_id
        return None

    def floors(self) -> list[Floor]:
        return [
            Floor(node.guid, named(node), named(self.facility_of(node.pk)), node.elevation)
            for node in self.nodes.values()
            if node.ifc_class == FLOORS
        ]

    def spaces(self) -> list[Space]:
        return [
            Space(node.guid, node.name, node.long_name, named(self.floor_of(node.pk)), area_of(node))
            for node in self.nodes.values()
            if node.ifc_class in SPACES
        ]

    def facilities(self, parts: Mapping[int, int]) -> list[tuple[Facts, float | None, int]]:
        """Each with its authored floor area, else the sum of its rooms', and the number of its parts."""
        rooms: dict[int, float] = defaultdict(float)
        for node in self.nodes.values():
            root, area = self.facility_of(node.pk), area_of(node)
            if node.ifc_class in SPACES and root is not None and area is not None:
                rooms[root.pk] += area
        return [
            (
                Facts(node.guid, node.ifc_class, named(node), said=_said_by_node(node)),
                area_of(node, ("GrossFloorArea", "NetFloorArea", "GrossArea")) or rooms.get(node.pk),
                parts.get(node.pk, 0),
            )
            for node in self.roots
        ]


def named(node: SpatialNode | None) -> str:
    return "" if node is None else node.long_name or node.name


def area_of(node: SpatialNode, wanted: tuple[str, ...] = AREAS) -> float | None:
    """The authored area in m²; None where the model says none."""
    found = {name: value for _set, name, value, *_unit in node.quantities}
    return next((float(found[name]) for name in wanted if name in found), None)


def _said_by_node(node: SpatialNode) -> dict[str, str]:
    return _chosen((name, value) for _set, name, value, *_rest in node.properties)


def _chosen(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """What matters for an asset card, by its name here; the table says what properties may be called."""
    found = {name: str(value).strip() for name, value in pairs if str(value).strip()}
    wanted = shipped()["properties"]
    chosen = {key: next((found[name] for name in names if name in found), "") for key, names in wanted.items()}
    return {key: value for key, value in chosen.items() if value}


def _components(model: BimModel, table: Table, tree: _Tree) -> list[Facts]:
    rows = list(
        BimElement.objects.filter(model=model, is_element=True, ifc_class__in=list(table.equipment))
        .order_by("pk")
        .values_list("pk", "guid", "ifc_class", "name", "type_name", "type_guid", "spatial_id", "storey_id")
    )
    said = _said_by_elements([row[0] for row in rows])
    return [
        Facts(
            guid,
            ifc_class,
            name,
            type_name,
            type_guid,
            named(tree.nodes.get(storey) or tree.floor_of(spatial)),
            named(tree.space_of(spatial)),
            named(tree.facility_of(spatial)),
            said.get(pk, {}),
        )
        for pk, guid, ifc_class, name, type_name, type_guid, spatial, storey in rows
    ]


def _said_by_elements(ids: list[int]) -> dict[int, dict[str, str]]:
    names = [name for several in shipped()["properties"].values() for name in several]
    pairs: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for start in range(0, len(ids), BLOCK):
        rows = BimProperty.objects.filter(element__in=ids[start : start + BLOCK], name__in=names).order_by("pk")
        for element, name, value in rows.values_list("element_id", "name", "value"):
            pairs[element].append((name, value))
    return {element: _chosen(said) for element, said in pairs.items()}


def _parts(model: BimModel, table: Table, tree: _Tree) -> dict[int, int]:
    """How many elements that are no equipment stand in each facility."""
    counted: Counter[int] = Counter()
    rows = BimElement.objects.filter(model=model, is_element=True).exclude(ifc_class__in=list(table.equipment))
    for spatial, count in rows.order_by().values_list("spatial").annotate(n=Count("pk")):
        root = tree.facility_of(spatial)
        if root is not None:
            counted[root.pk] += count
    return dict(counted)


def _kinds(components: list[Facts]) -> list[Kind]:
    groups: dict[tuple[str, str], list[Facts]] = {}
    for one in components:
        if one.type_guid or one.type_name:
            groups.setdefault((one.ifc_class, one.type_guid or one.type_name), []).append(one)
    return [
        Kind(
            first.type_guid,
            first.ifc_class,
            first.type_name,
            next((one.said["manufacturer"] for one in members if "manufacturer" in one.said), ""),
            next((one.said["model"] for one in members if "model" in one.said), ""),
            len(members),
        )
        for members in groups.values()
        for first in members[:1]
    ]
