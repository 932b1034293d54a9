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

from bim.ifc.glb import Glb, Placed
from bim.ifc.shapes import Kernel, Lost, Shape, shapes

HIDDEN = ("IfcSpace", "IfcOpeningElement")  # would hide what they stand for: room air and holes
FAST = Kernel("hybrid-cgal-simple-opencascade", seconds=60.0)
THOROUGH = Kernel("opencascade", seconds=30.0)
CURVES = Kernel("opencascade", seconds=30.0, dimensionality=2)
BODIES = {"Body", "Facetation", "Surface", "Tessellation", None}
SECONDS = 1800.0  # for the whole model; what is not there by then is listed
SECONDS_BETWEEN_WORDS = 0.5

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Missing:
    """A product with a representation that has no node. `reason`: EMPTY, NO_BODY, TIMEOUT or CRASHED."""

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
    places: dict[str, tuple[float, float, float]] = field(default_factory=dict)


def convert(path: Path, out: Path, *, seconds: float = SECONDS, progress: Progress | None = None) -> Summary:
    """Writes the GLB of the prepared STEP file. Raises OSError and what ifcopenshell raises for a damaged file."""
    start = monotonic()
    model = ifcopenshell.open(path)
    conversion = _Conversion(model, deadline=start + seconds, progress=progress)
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
    )
    summary.bytes = glb.write(out, {"unit": "m", "bbox": summary.bbox})
    summary.seconds = round(monotonic() - start, 2)
    return summary


class _Conversion:
    """The passes over the products, and what each of them left behind."""

    def __init__(self, model: Any, deadline: float, progress: Progress | None) -> None:
        self.model, self.deadline, self.progress = model, deadline, progress
        self.glb = Glb()
        self.wanted = {product.id(): product for product in model.by_type("IfcProduct") if _is_wanted(product)}
        self.shown: set[int] = set()
        self.lost: dict[int, str] = {}
        self._said = monotonic()

    def run(self) -> None:
        for kernel in (FAST, THOROUGH, CURVES):
            left = [product for product in self.wanted if product not in self.shown]
            if left:
                self._pass(left, kernel)

    def _pass(self, products: Iterable[int], kernel: Kernel) -> None:
        placed: dict[str, Placed | None] = {}
        for shape in shapes(self.model, products, kernel, self.deadline):
            if isinstance(shape, Lost):
                self.lost[shape.product] = shape.reason
                continue
            self._show(shape, placed)
            self._say()

    def _show(self, shape: Shape, placed: dict[str, Placed | None]) -> None:
        if shape.surface is not None:
            placed[shape.geometry] = self.glb.shape(shape.surface) if shape.surface.is_visible else None
        found = placed[shape.geometry]
        if found is not None and shape.product in self.wanted and shape.product not in self.shown:
            self.shown.add(shape.product)
            self.glb.node(self.wanted[shape.product].GlobalId, found, shape.matrix)

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
        named = {one.RepresentationIdentifier for one in product.Representation.Representations}
        return "EMPTY" if named & BODIES or not named else "NO_BODY"


def _is_wanted(product: Any) -> bool:
    return product.Representation is not None and not any(product.is_a(hidden) for hidden in HIDDEN)


def write(path: Path, out: Path, facts: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Writes the GLB, and beside it what is missing and where every product stands. Returns the figures."""
    summary = convert(path, out, progress=progress)
    figures = asdict(summary)
    kept = {"missing": figures.pop("missing"), "places": figures.pop("places")}
    facts.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    return {**figures, "missing": len(kept["missing"])}
