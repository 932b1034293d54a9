"""A model's shapes as one compact GLB: all products that have any, and by name and reason those that have none.

The fast kernel goes first. Where it makes nothing, the thorough one tries; where there is no surface, curves are drawn
as lines. What then still has no node is listed.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import ifcopenshell

from bim.ifc import booleans, places
from bim.ifc.glb import Floats, Glb, Placed, Surface, are_apart
from bim.ifc.measure import Measured, measured
from bim.ifc.plain_shapes import PlainShapes
from bim.ifc.shapes import Kernel, Lost, Shape, shapes

HIDDEN = ("IfcSpace", "IfcOpeningElement")  # would hide what they stand for: room air and holes

# Manifold cuts openings ten times as fast as the others but clips with half spaces wrongly: see `clipped`.
CUTTING = Kernel("hybrid-cgal-simple-manifold-opencascade", seconds=60.0)
CLIPPING = Kernel("hybrid-cgal-simple-opencascade", seconds=60.0)
UNCUT = Kernel("hybrid-cgal-simple-opencascade", seconds=60.0, cuts=False)
THOROUGH = Kernel("opencascade", seconds=30.0)
CURVES = Kernel("opencascade", seconds=30.0, curves=True)
UNCUT_BY_MANIFOLD = Kernel("hybrid-cgal-simple-manifold-opencascade", seconds=60.0, cuts=False)
FLAT = ("IfcCurve", "IfcSegment", "IfcTextLiteral", "IfcPoint", "IfcGeometricCurveSet", "IfcAnnotationFillArea")
SECONDS = 1800.0  # for the whole model; what is not there by then is listed
SECONDS_BETWEEN_WORDS = 0.5

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Missing:
    """A product with a representation that has no node. `reason`: EMPTY, NO_BODY, TEXT, TIMEOUT, CRASHED or GIVEN_UP."""

    guid: str
    ifc_class: str
    name: str
    reason: str


@dataclass
class Summary:
    """What came of a conversion. Lengths in metres; `offset` is what the GLB leaves out of every coordinate."""

    products: int = 0
    shown: int = 0
    missing: list[Missing] = field(default_factory=list)
    triangles: int = 0
    meshes: int = 0
    bytes: int = 0
    bbox: list[float] | None = None
    offset: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    seconds: float = 0.0
    places: dict[str, list[float]] = field(default_factory=dict)
    shapes: dict[str, list[float]] = field(default_factory=dict)


def convert(path: Path, out: Path, *, seconds: float = SECONDS, progress: Progress | None = None) -> Summary:
    """Writes the GLB of the prepared STEP file. Raises OSError and what ifcopenshell raises for a damaged file."""
    start = monotonic()
    model = ifcopenshell.open(path)
    conversion = _Conversion(model, path, deadline=start + seconds, progress=progress)
    conversion.run()
    glb = conversion.glb
    summary = Summary(
        products=len(conversion.wanted),
        shown=len(conversion.shown),
        missing=list(conversion.missing()),
        triangles=sum(node.shape.triangles for node in glb.nodes),
        meshes=glb.mesh_count,
        bbox=glb.bounds(),
        offset=glb.offset().tolist(),
        places=places.of_products(model, conversion.placements, conversion.places, HIDDEN),
        shapes=conversion.measures,
    )
    summary.bytes = glb.write(out, {"unit": "m", "bbox": summary.bbox})
    summary.seconds = round(monotonic() - start, 2)
    return summary


@dataclass(frozen=True)
class Whole:
    """A shape with its surface, also where it shares that with others."""

    shape: Shape
    surface: Surface


class _Conversion:
    """The passes over the products, and what each of them left behind."""

    def __init__(self, model: Any, path: Path, deadline: float, progress: Progress | None) -> None:
        self.model, self.path, self.deadline, self.progress = model, path, deadline, progress
        self.placements = places.Placements(model)
        self.glb = Glb()
        self.wanted = {product.id(): product for product in model.by_type("IfcProduct") if _is_wanted(product)}
        self.shown: set[int] = set()
        self.flat = {number for number, product in self.wanted.items() if _is_flat(product)}
        self.lost: dict[int, str] = {}
        self.places: dict[int, Floats] = {}
        self.measures: dict[str, list[float]] = {}  # by GlobalId: see `Measured.placed`
        self._said = monotonic()

    def run(self) -> None:
        clipped = booleans.clipped(self.model)
        bodies = [product for product in self.wanted if product not in self.flat]
        self._draw_plain(bodies)
        self._draw([product for product in self._left(bodies) if product not in clipped], CUTTING)
        self._draw_clipped([product for product in self._left(bodies) if product in clipped])
        self._draw_uncut(self._left(bodies))
        self._draw(self._left(bodies), THOROUGH)
        self._draw(self._left(self.wanted), CURVES)

    def _left(self, products: Iterable[int]) -> list[int]:
        return [product for product in products if product not in self.shown]

    def _draw_plain(self, products: list[int]) -> None:
        """Flat faces and prisms, which need no kernel."""
        kept: dict[str, tuple[Placed, Measured | None]] = {}
        plain = PlainShapes(self.model, self.path, self.placements)
        for shape in plain.shapes([self.wanted[product] for product in products], self.deadline):
            if shape.surface is not None and shape.surface.has_faces:
                kept[shape.geometry] = self._kept(shape.surface)
            if shape.geometry in kept:
                self.places[shape.product] = plain.origin(shape.product)
                self._show(shape, kept[shape.geometry])
            self._say()

    def _draw(self, products: list[int], kernel: Kernel) -> None:
        placed: dict[str, tuple[Placed, Measured | None] | None] = {}
        for shape in shapes(self.model, products, kernel, self.deadline):
            if isinstance(shape, Lost):
                self.lost[shape.product] = shape.reason
                continue
            if shape.surface is not None:
                visible = shape.surface.has_faces or (kernel.curves and shape.surface.has_lines)
                placed[shape.geometry] = self._kept(shape.surface) if visible else None
            self._show(shape, placed[shape.geometry])
            self._say()

    def _draw_clipped(self, products: list[int]) -> None:
        """Those without openings as the slower kernel clips them; manifold may cut the others if it clips them alike."""
        right = self._surfaces(set(products), UNCUT)
        holed = {product for product in right if booleans.openings(self.wanted[product])}
        for product in sorted(right.keys() - holed):
            self._show(right[product].shape, self._kept(right[product].surface))
        doubtful = self._surfaces(holed, UNCUT_BY_MANIFOLD)
        sure = {product for product, one in doubtful.items() if right[product].surface.looks_like(one.surface)}
        self._draw([product for product in products if product in sure], CUTTING)
        self._draw(self._left(products), CLIPPING)

    def _draw_uncut(self, products: list[int]) -> None:
        """Draws whole what the fast kernel lost although its openings lie beside it and cut nothing."""
        openings = {product: booleans.openings(self.wanted[product]) for product in products}
        openings = {product: holes for product, holes in openings.items() if holes}
        whole = self._surfaces({number for product, holes in openings.items() for number in (product, *holes)}, UNCUT)
        boxes = {product: one.surface.box(one.shape.matrix) for product, one in whole.items()}
        for product, holes in openings.items():
            if product in boxes and all(hole in boxes and are_apart(boxes[product], boxes[hole]) for hole in holes):
                self._show(whole[product].shape, self._kept(whole[product].surface))

    def _surfaces(self, products: set[int], kernel: Kernel) -> dict[int, Whole]:
        """The shapes of a few products with their surfaces, not drawn yet."""
        surfaces: dict[str, Surface] = {}
        found: dict[int, Whole] = {}
        for shape in shapes(self.model, sorted(products), kernel, self.deadline):
            if isinstance(shape, Lost):
                continue
            surface = surfaces.setdefault(shape.geometry, shape.surface) if shape.surface else surfaces[shape.geometry]
            if surface.has_faces:
                found[shape.product] = Whole(shape, surface)
        return found

    def _kept(self, surface: Surface) -> tuple[Placed, Measured | None]:
        return self.glb.shape(surface), measured(surface)

    def _show(self, shape: Shape, kept: tuple[Placed, Measured | None] | None) -> None:
        if kept is not None and shape.product not in self.shown:
            placed, figures = kept
            guid = self.wanted[shape.product].GlobalId
            self.shown.add(shape.product)
            self.places.setdefault(shape.product, shape.matrix[:3, 3])
            self.glb.node(guid, placed, shape.matrix)
            if figures is not None:
                self.measures[guid] = figures.placed(shape.matrix)

    def _say(self) -> None:
        if self.progress and monotonic() - self._said > SECONDS_BETWEEN_WORDS:
            self._said = monotonic()
            self.progress(len(self.shown), len(self.wanted), "drawing")

    def missing(self) -> Iterable[Missing]:
        for number, product in self.wanted.items():
            if number not in self.shown:
                yield Missing(product.GlobalId, product.is_a(), product.Name or "", self._reason(number, product))

    def _reason(self, number: int, product: Any) -> str:
        if number in self.lost:
            return self.lost[number]
        items = _items(product)
        if items and all(item.is_a("IfcTextLiteral") for item in items):
            return "TEXT"
        return "EMPTY" if items else "NO_BODY"


def _is_wanted(product: Any) -> bool:
    return product.Representation is not None and not any(product.is_a(hidden) for hidden in HIDDEN)


def _is_flat(product: Any) -> bool:
    """Whether all it has are lines, points and texts, as alignments and annotations have."""
    return all(any(item.is_a(kind) for kind in FLAT) for item in _items(product))


def _items(product: Any) -> list[Any]:
    return [item for one in product.Representation.Representations or () for item in one.Items or ()]


def write(
    path: Path, out: Path, facts: Path, *, seconds: float = SECONDS, progress: Progress | None = None
) -> dict[str, Any]:
    """Writes the GLB, and beside it what is missing, where every product stands and what its shape measures. Returns the figures."""
    summary = convert(path, out, seconds=seconds, progress=progress)
    figures = asdict(summary)
    kept = {name: figures.pop(name) for name in ("missing", "places", "shapes")}
    facts.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    return {**figures, "missing": len(kept["missing"])}
