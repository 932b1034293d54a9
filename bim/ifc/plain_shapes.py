"""Shapes drawn without the kernel, where nothing but plain arithmetic is needed: flat faces, and prisms.

Only what is exactly what it looks like is drawn here: one body, no curves but arcs, cut by planes and convex openings only. The
kernel draws the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import numpy as np
from ifcopenshell.util.unit import calculate_unit_scale

from bim.ifc.axes import NotPlain, axes, operator
from bim.ifc.curves import Measures
from bim.ifc.faces import Faces
from bim.ifc.glb import Colour, Floats, Surface, are_apart
from bim.ifc.half_spaces import clipped
from bim.ifc.orientation import oriented
from bim.ifc.places import Placements
from bim.ifc.prisms import Prism, prism_of
from bim.ifc.shapes import Ints, Shape
from bim.ifc.solids import Face, Solid, checked, moved, triangles_of, without
from bim.ifc.styles import GREY, Styles

BODY = "Body"
NO_BODIES = ("Axis", "Plan", "FootPrint", "Box", "Annotation", "WalkingLine", "Boundary", "CoG", "SurveyPoints")
SHELLS = {
    "IfcFacetedBrep": 0,
    "IfcFaceBasedSurfaceModel": 0,
    "IfcShellBasedSurfaceModel": 0,
}  # where they say their faces
PRISM, MAPPED = "IfcExtrudedAreaSolid", "IfcMappedItem"
CUT = ("IfcBooleanClippingResult", "IfcBooleanResult")
DEEPEST = 20  # clippings of clippings
NO_SEGMENTS = np.zeros((0, 2), np.int32)
Drawn = tuple[Floats, Ints, bool]  # corners, triangles, whether they leave it open


class Placed(NamedTuple):
    """A surface, a name for it, and where it stands (metres)."""

    surface: Surface
    name: str
    matrix: Floats

    def corners(self, inwards: Floats) -> Floats:
        """In the coordinates of another shape, whose matrix was inverted."""
        matrix = inwards @ self.matrix
        return self.surface.corners @ matrix[:3, :3].T + matrix[:3, 3]


class PlainShapes:
    def __init__(self, model: Any, path: Path, placements: Placements) -> None:
        self._path, self._placements, self._scale = path, placements, placements.scale
        self._measures = Measures(placements.scale, calculate_unit_scale(model, "PLANEANGLEUNIT"))
        self._styles = Styles(model)
        self._openings = _openings(model)
        self._prisms: dict[int, Prism] = {}
        self._holes: dict[int, Placed | None] = {}
        self._solids: dict[str, Any] = {}
        self._origins: dict[int, Floats] = {}
        self._known: dict[tuple[int, Colour | None], Surface | None] = {}

    @cached_property
    def _faces(self) -> Faces:
        return Faces(self._path)

    def shapes(self, products: Iterable[Any], deadline: float) -> Iterator[Shape]:
        """The shapes of the plain ones of these products, until the deadline (of `monotonic`)."""
        told: set[str] = set()
        for product in products:
            if monotonic() > deadline:
                return
            try:
                surface, name, matrix = self._shape(product)
            except Exception:  # whatever an odd file leads to: the kernel has the last word
                continue
            yield Shape(product.id(), matrix, name, None if name in told else surface)
            told.add(name)

    def _shape(self, product: Any) -> Placed:
        matrix = self._placements.of(product)
        if matrix is None:
            raise NotPlain
        surface, name, turn = self._surface(_body(product), self._styles.of_product(product))
        self._origins[product.id()] = matrix[:3, 3]
        found = Placed(surface, name, matrix if turn is None else matrix @ turn)
        openings = self._openings.get(product.id())
        return found if openings is None else self._cut(found, openings, product.id())

    def _cut(self, whole: Placed, openings: list[Any], number: int) -> Placed:
        """The shape without its openings: a solid without convex ones, or one that they do not meet at all."""
        holes = [self._opening(one) for one in openings]
        box = whole.surface.box(whole.matrix)
        holes = [hole for hole in holes if not are_apart(box, hole.surface.box(hole.matrix))]
        if not holes:
            return whole
        inwards = np.linalg.inv(whole.matrix)
        cut = without(
            self._solid_named(whole.name),
            [self._hole(hole, np.asarray(inwards @ hole.matrix, np.float64)) for hole in holes],
        )
        if not cut:
            raise NotPlain
        corners, triangles = triangles_of(cut)
        surface = Surface(corners, triangles, np.zeros(len(triangles), np.int32), whole.surface.colours, NO_SEGMENTS)
        return Placed(surface, f"cut-{number}", whole.matrix)

    def _hole(self, hole: Placed, matrix: Floats) -> list[Face]:
        (part,) = self._solid_named(hole.name).parts
        return moved(part, matrix)

    def _solid_named(self, name: str) -> Solid:
        """The one item of a body, as a solid in metres."""
        item = self._solids.get(name)
        if item is None:
            raise NotPlain
        return self._solid(item)

    def _solid(self, item: Any, deep: int = 0) -> Solid:
        kind = item.is_a()
        if kind == PRISM:
            return self._prism(item).solid(self._scale)
        if kind not in CUT or item.get_argument(0) != "DIFFERENCE" or deep > DEEPEST:
            raise NotPlain
        return clipped(self._solid(item.get_argument(1), deep + 1), item.get_argument(2), self._scale)

    def _opening(self, opening: Any) -> Placed:
        key = opening.id()
        if key not in self._holes:
            self._holes[key] = None
            matrix = self._placements.of(opening)
            surface, name, turn = self._surface(_body(opening), GREY)
            if matrix is not None:
                self._holes[key] = Placed(surface, name, matrix if turn is None else matrix @ turn)
        hole = self._holes[key]
        if hole is None:
            raise NotPlain
        return hole

    def origin(self, product: int) -> Floats:
        """Where a product that was drawn stands."""
        return self._origins[product]

    def _surface(self, body: Any, default: Colour | None) -> tuple[Surface, str, Floats | None]:
        """The surface, a name for it, and how it is turned where it is a copy of another."""
        items, turn = body.get_argument(3), None
        if len(items) == 1 and items[0].is_a() == MAPPED and not self._styles.says(items[0]):
            turn = self._mapping(items[0])
            body = items[0].get_argument(0).get_argument(1)
        key = (body.id(), default)
        if key not in self._known:
            self._known[key] = None  # for the next copy of what cannot be drawn here
            self._known[key] = self._made(body, default)
            if len(body.get_argument(3)) == 1:
                self._solids[f"plain-{key}"] = body.get_argument(3)[0]
        surface = self._known[key]
        if surface is None:
            raise NotPlain
        return surface, f"plain-{key}", turn

    def _made(self, body: Any, default: Colour | None) -> Surface:
        corners: list[Floats] = []
        triangles: list[Ints] = []
        materials: list[int] = []
        colours: dict[Colour, int] = {}
        begin, is_open = 0, False
        for item in body.get_argument(3):
            points, faces, leaves_open = self._item(item)
            is_open = is_open or leaves_open
            colour = self._styles.of_item(item) or default
            if colour is None:
                raise NotPlain
            corners.append(points)
            triangles.append(faces + begin)
            materials += [colours.setdefault(colour, len(colours))] * len(faces)
            begin += len(points)
        if not begin:
            raise NotPlain
        return Surface(
            np.concatenate(corners),
            np.concatenate(triangles).astype(np.int32),
            np.array(materials, np.int32),
            tuple(colours),
            NO_SEGMENTS,
            is_open,
        )

    def _item(self, item: Any) -> Drawn:
        kind = item.is_a()
        if kind in SHELLS:
            return self._shells(item, kind)
        if kind == PRISM:
            prism = self._prism(item)
            return prism.corners * self._scale, prism.triangles(), False
        corners, triangles = triangles_of(checked(self._solid(item)).faces)
        return corners, triangles, False

    def _prism(self, item: Any) -> Prism:
        number = item.id()
        if number not in self._prisms:
            self._prisms[number] = prism_of(item, self._measures)
        return self._prisms[number]

    def _shells(self, item: Any, kind: str) -> Drawn:
        said = item.get_argument(SHELLS[kind])
        shells = said if isinstance(said, tuple) else (said,)
        parts = [part for part in (self._faces.of_shell(shell.id()) for shell in shells) if part is not None]
        if not parts or len(parts) < len(shells):
            raise NotPlain
        used, triangles = np.unique(np.concatenate(parts), return_inverse=True)
        corners = self._faces.corners[used] * self._scale
        loose = triangles.reshape(-1, 3).astype(np.int32)
        turned = oriented(corners, loose)
        return (corners, loose, True) if turned is None else (corners, turned, False)

    def _mapping(self, item: Any) -> Floats:
        """How a copy is turned and moved: target after the inverse of the origin, lengths in metres."""
        source, target = item.get_argument(0), item.get_argument(1)
        turn = operator(target)
        origin = axes(source.get_argument(0))
        if not np.array_equal(origin, np.eye(4)):
            turn = turn @ np.linalg.inv(origin)
        turn[:3, 3] *= self._scale
        return turn


def _openings(model: Any) -> dict[int, list[Any]]:
    """What is to be cut out of each product: out of its own, and of what it is part of."""
    found: dict[int, list[Any]] = defaultdict(list)
    for relation in model.by_type("IfcRelVoidsElement"):
        found[relation.get_argument(4).id()].append(relation.get_argument(5))
    if not found:
        return found
    parts: dict[int, list[int]] = defaultdict(list)
    for relation in model.by_type("IfcRelAggregates"):
        parts[relation.get_argument(4).id()] += [one.id() for one in relation.get_argument(5)]
    inherited: dict[int, list[Any]] = defaultdict(list)
    for whole, openings in found.items():
        seen, waiting = {whole}, list(parts.get(whole, ()))
        while waiting:
            part = waiting.pop()
            if part not in seen:
                seen.add(part)
                inherited[part] += openings
                waiting += parts.get(part, ())
    for part, openings in inherited.items():
        found[part] = [*found.get(part, ()), *openings]
    return found


def _body(product: Any) -> Any:
    """The one body a product has."""
    found = [one for one in product.get_argument(6).get_argument(2) if one.get_argument(1) not in NO_BODIES]
    if len(found) != 1 or found[0].get_argument(1) != BODY:
        raise NotPlain  # there may be a choice
    return found[0]
