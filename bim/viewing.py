"""What the viewer and its accessible twin read: the trees, lists of elements, and everything known of one element."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bim.class_names import class_name
from bim.models import BimElement, BimModel, SpatialNode
from core.errors import NotFound, Problem

# Why a product with a representation has no shape in the viewer (bim/ifc/geometry.py).
MISSING = {
    "EMPTY": _("its shape is empty"),
    "NO_BODY": _("it has no body, only other representations"),
    "TIMEOUT": _("its shape took too long to work out"),
    "CRASHED": _("its shape could not be worked out"),
    "GIVEN_UP": _("there was no time left for its shape"),
    "TEXT": _("it is only text"),
}
PARTS_SHOWN = 100


def tree_of(model: BimModel) -> dict[str, Any]:
    """The model's spatial tree and elements as short rows, for the browser to build both trees from.

    classes [[IfcClass, name]], types [name], nodes [[guid, class, name, parent, elevation]],
    elements [[guid, class, node, type, name, tag]]; class, type, node and parent are positions, -1 for none.
    """
    classes, types = _Numbered(), _Numbered()
    nodes: list[list[Any]] = []
    at: dict[int, int] = {}
    rows = SpatialNode.objects.filter(model=model).order_by("position")
    for pk, parent, guid, ifc_class, name, long_name, elevation in rows.values_list(
        "pk", "parent_id", "guid", "ifc_class", "name", "long_name", "elevation"
    ):
        at[pk] = len(nodes)
        nodes.append([guid, classes[ifc_class], _full(name, long_name), parent, elevation])
    for node in nodes:
        node[3] = at.get(node[3], -1)
    elements = [
        [guid, classes[ifc_class], at.get(spatial or storey or 0, -1), types[type_name] if type_name else -1, name, tag]
        for guid, ifc_class, spatial, storey, type_name, name, tag in BimElement.objects.filter(model=model)
        .order_by("pk")
        .values_list("guid", "ifc_class", "spatial_id", "storey_id", "type_name", "name", "tag")
    ]
    return {
        "classes": [[name, class_name(name)] for name in classes],
        "types": list(types),
        "nodes": nodes,
        "elements": elements,
    }


class _Numbered(dict[str, int]):
    """Gives every text a number the first time it is asked for."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


def _full(name: str, long_name: str) -> str:
    return f"{name} {long_name}" if long_name and long_name not in name else name


def elements_of(model: BimModel, said: Mapping[str, str]) -> QuerySet[BimElement]:
    """The model's elements, narrowed by `place` (guid; all below it too), `kind` (class), `q` (part of name, type or tag; a whole guid)."""
    rows = BimElement.objects.filter(model=model).select_related("storey", "spatial").order_by("pk")
    if kind := said.get("kind", "").strip():
        rows = rows.filter(ifc_class=kind)
    if place := said.get("place", "").strip():
        rows = rows.filter(spatial__in=_below(model, place))
    if text := said.get("q", "").strip():
        fits = Q(name__icontains=text) | Q(type_name__icontains=text) | Q(tag__icontains=text) | Q(guid=text)
        rows = rows.filter(fits)
    return rows


def _below(model: BimModel, guid: str) -> set[int]:
    """The keys of the node and of every node below it."""
    children: dict[int | None, list[int]] = {}
    found: list[int] = []
    for pk, parent, one in SpatialNode.objects.filter(model=model).values_list("pk", "parent_id", "guid"):
        children.setdefault(parent, []).append(pk)
        if one == guid:
            found.append(pk)
    for pk in found:
        found += children.get(pk, [])
    return set(found)


@dataclass
class Place:
    """A node of the spatial tree with the number of elements in it and below, and its depth from the root."""

    guid: str
    ifc_class: str
    name: str
    elevation: float | None
    depth: int
    parent: str = ""
    count: int = 0

    @property
    def class_label(self) -> str:
        return class_name(self.ifc_class)


def unfolded(places: list[Place], here: Place | None) -> list[Place]:
    """The tree as a page shows it: rooms only below the place one looks at, or beside the room one looks at."""
    open_at = {here.guid, here.parent} if here else set()
    return [place for place in places if place.ifc_class != "IfcSpace" or place.parent in open_at]


def places_of(model: BimModel) -> list[Place]:
    """The spatial tree from the top down, in the order of the file."""
    nodes = list(SpatialNode.objects.filter(model=model).order_by("position").defer("properties", "quantities"))
    held = Counter(BimElement.objects.filter(model=model).order_by().values_list("spatial_id", flat=True))
    children: dict[int | None, list[SpatialNode]] = {}
    for node in nodes:
        children.setdefault(node.parent_id, []).append(node)

    def laid(parent: SpatialNode | None, depth: int) -> list[Place]:
        out: list[Place] = []
        for node in children.get(parent.pk if parent else None, []):
            below = laid(node, depth + 1)
            above = parent.guid if parent else ""
            place = Place(node.guid, node.ifc_class, _full(node.name, node.long_name), node.elevation, depth, above)
            place.count = held[node.pk] + sum(one.count for one in below if one.depth == depth + 1)
            out += [place, *below]
        return out

    return laid(None, 0)


@dataclass(frozen=True)
class Fact:
    name: str
    value: str
    unit: str = ""


@dataclass(frozen=True)
class FactSet:
    """One property set or quantity set."""

    name: str
    facts: list[Fact]


@dataclass
class ElementFacts:
    """Everything known of one element, or of a room, storey or other node. `place` leads from the project down to it."""

    guid: str
    ifc_class: str
    name: str
    is_spatial: bool = False
    predefined_type: str = ""
    type_name: str = ""
    tag: str = ""
    material: str = ""
    elevation: float | None = None
    missing: str = ""
    host: BimElement | None = None
    place: list[SpatialNode] = field(default_factory=list)
    parts: list[BimElement] = field(default_factory=list)
    classifications: list[Any] = field(default_factory=list)
    properties: list[FactSet] = field(default_factory=list)
    quantities: list[FactSet] = field(default_factory=list)

    @property
    def class_label(self) -> str:
        return class_name(self.ifc_class)


def facts_of(model: BimModel, guid: str) -> ElementFacts:
    """Raises NotFound where the model has neither an element nor a spatial node of this GlobalId."""
    if not guid.isprintable():
        raise NotFound(_unknown())
    found = (
        BimElement.objects.filter(model=model, guid=guid)
        .prefetch_related("properties", "quantities", "classifications")
        .first()
    )
    if found is not None:
        return _of_element(model, found)
    node = SpatialNode.objects.filter(model=model, guid=guid).first()
    if node is None:
        raise NotFound(_unknown())
    return _of_node(model, node)


def _unknown() -> Problem:
    return Problem("not_found", str(_("The model has no element with this GlobalId.")))


def _of_element(model: BimModel, row: BimElement) -> ElementFacts:
    parts = BimElement.objects.filter(model=model, host=row.guid).order_by("pk")
    return ElementFacts(
        guid=row.guid,
        ifc_class=row.ifc_class,
        name=row.name,
        predefined_type=row.predefined_type,
        type_name=row.type_name,
        tag=row.tag,
        material=row.material,
        missing=missing_reasons(model).get(row.guid, ""),
        host=BimElement.objects.filter(model=model, guid=row.host).first() if row.host else None,
        place=_above(model, row.spatial_id or row.storey_id),
        parts=list(parts[:PARTS_SHOWN]),
        classifications=list(row.classifications.all()),
        properties=_sets((one.set_name, one.name, one.value, one.unit) for one in row.properties.all()),
        quantities=_sets((one.set_name, one.name, figure(one.value), one.unit) for one in row.quantities.all()),
    )


def _of_node(model: BimModel, node: SpatialNode) -> ElementFacts:
    return ElementFacts(
        guid=node.guid,
        ifc_class=node.ifc_class,
        name=_full(node.name, node.long_name),
        is_spatial=True,
        elevation=node.elevation,
        missing=missing_reasons(model).get(node.guid, ""),
        place=_above(model, node.parent_id),
        properties=_sets((group, name, value, unit) for group, name, value, _number, unit in node.properties),
        quantities=_sets((group, name, figure(value), unit) for group, name, value, unit in node.quantities),
    )


def _above(model: BimModel, pk: int | None) -> list[SpatialNode]:
    """The node and what lies above it, the project first."""
    if pk is None:
        return []
    nodes = SpatialNode.objects.filter(model=model).only("pk", "parent_id", "guid", "name", "long_name", "ifc_class")
    by_pk = {node.pk: node for node in nodes.exclude(ifc_class="IfcSpace")}
    chain: list[SpatialNode] = []
    here: SpatialNode | None = by_pk.get(pk) or nodes.get(pk=pk)
    while here is not None and here not in chain:
        chain.insert(0, here)
        here = by_pk.get(here.parent_id or 0)
    return chain


def _sets(rows: Iterable[tuple[str, str, str, str]]) -> list[FactSet]:
    sets: dict[str, list[Fact]] = {}
    for set_name, name, value, unit in rows:
        sets.setdefault(set_name, []).append(Fact(name, value, UNITS.get(unit, unit)))
    return [FactSet(name, facts) for name, facts in sorted(sets.items())]


UNITS = {"m2": "m²", "m3": "m³"}


def figure(value: float) -> str:
    """A measure for people: thousands separated, at most four decimals, no idle zeros."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def missing_reasons(model: BimModel) -> dict[str, str]:
    """guid → why the viewer cannot show it."""
    return {one["guid"]: str(MISSING.get(one["reason"], one["reason"])) for one in model.geometry_missing}


@dataclass(frozen=True)
class Unseen:
    """A product that has a representation but no shape in the viewer."""

    guid: str
    class_label: str
    name: str
    why: str


def unseen_of(model: BimModel) -> list[Unseen]:
    reasons = missing_reasons(model)
    return [
        Unseen(one["guid"], class_name(one["ifc_class"]), one["name"], reasons[one["guid"]])
        for one in model.geometry_missing
    ]
