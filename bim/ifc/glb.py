"""Binary glTF 2.0, written by hand: every product a node under its GlobalId, shapes shared, positions in 16 bits.

The file holds IFC's own axes (metres, Z up); the root node turns them upright for glTF (Y up) and names in its extras
the `offset` that was subtracted from every coordinate, so that models far from the origin stay exact.
"""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Colour = tuple[float, float, float, float]

MAGIC, VERSION = b"glTF", 2
JSON_CHUNK, BINARY_CHUNK = b"JSON", b"BIN\0"
SHORT, UNSIGNED_SHORT, UNSIGNED_INT, FLOAT = 5122, 5123, 5125, 5126
ARRAY, ELEMENT_ARRAY = 34962, 34963
LINES, TRIANGLES = 1, 4

STEPS = 65534  # of a 16-bit coordinate, from -32767 to 32767
COARSEST = 0.0009  # metres a step may be; larger shapes keep 32-bit floats
APART = 0.001  # metres between an opening and what it would cut, from which on it cuts nothing
NEAR = 1000.0  # metres from the origin up to which no offset is needed
UPRIGHT = [-0.7071067811865476, 0.0, 0.0, 0.7071067811865476]
STRAIGHT = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
LINE_COLOUR: Colour = (0.2, 0.2, 0.2, 1.0)


@dataclass(frozen=True)
class Surface:
    """A shape in its own coordinates (metres): corners (n, 3), triangles (m, 3), per triangle an index into colours.

    Where it has no triangles, `segments` (k, 2) are drawn as lines. `is_open`: the triangles are known to enclose nothing.
    """

    corners: Floats
    triangles: Ints
    materials: Ints
    colours: tuple[Colour, ...]
    segments: Ints
    is_open: bool = False

    @property
    def has_faces(self) -> bool:
        return bool(len(self.triangles)) and bool(np.isfinite(self.corners).all())

    @property
    def has_lines(self) -> bool:
        return bool(len(self.segments)) and bool(np.isfinite(self.corners).all())

    def looks_like(self, other: "Surface") -> bool:
        """Whether both have the same extent (1 mm) and area (1 ‰): what a wrong cut would change."""
        extents = [np.array([one.corners.min(axis=0), one.corners.max(axis=0)]) for one in (self, other)]
        return bool(np.abs(extents[0] - extents[1]).max() < 0.001) and abs(self.area - other.area) < 0.001 * self.area

    @property
    def area(self) -> float:
        a, b, c = (self.corners[self.triangles[:, corner]] for corner in range(3))
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)

    def box(self, matrix: Floats) -> Floats:
        """Lowest and highest corner, placed by `matrix`."""
        world = self.corners @ matrix[:3, :3].T + matrix[:3, 3]
        return np.array([world.min(axis=0), world.max(axis=0)])


@dataclass(frozen=True)
class Placed:
    """Where a shape went: the mesh, and how its coordinates become the shape's own: × step (of each axis) + centre."""

    mesh: int
    centre: Floats
    step: Floats
    half: Floats
    triangles: int


@dataclass(frozen=True)
class Node:
    guid: str
    shape: Placed
    matrix: Floats


@dataclass
class Strip:
    """One buffer view while it grows."""

    component: int
    width: int
    target: int
    stride: int = 0
    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, data: bytes) -> int:
        """Returns the offset at which the data begin."""
        at = self.size
        self.parts.append(data)
        self.size += len(data)
        return at


class Glb:
    """Collects shapes and nodes, then writes the file."""

    def __init__(self) -> None:
        self._strips = (
            Strip(SHORT, 3, ARRAY, stride=8),
            Strip(FLOAT, 3, ARRAY, stride=12),
            Strip(UNSIGNED_INT, 1, ELEMENT_ARRAY),
            Strip(UNSIGNED_SHORT, 1, ELEMENT_ARRAY),
        )
        self._accessors: list[dict[str, Any]] = []
        self._meshes: list[dict[str, Any]] = []
        self._materials: dict[Colour, int] = {}
        self._known: dict[bytes, int] = {}
        self.nodes: list[Node] = []

    @property
    def mesh_count(self) -> int:
        return len(self._meshes)

    def shape(self, surface: Surface) -> Placed:
        """Keeps the shape; one that differs only by where it lies and how long each axis is, is kept once."""
        low, high = surface.corners.min(axis=0), surface.corners.max(axis=0)
        centre, half = (low + high) / 2, (high - low) / 2
        step = (high - low) / STEPS
        local: NDArray[Any]
        if step.max() > COARSEST:
            step, local = np.ones(3), (surface.corners - centre).astype("<f4")
        else:
            step[step == 0] = 1.0
            local = np.rint((surface.corners - centre) / step).astype("<i2")
        key = _digest(local, surface)
        if key not in self._known:
            self._known[key] = self._mesh(local, surface)
        return Placed(self._known[key], centre, step, half, len(surface.triangles))

    def node(self, guid: str, shape: Placed, matrix: Floats) -> None:
        """Draws the shape at `matrix` (4 × 4, metres) under this GlobalId."""
        self.nodes.append(Node(guid, shape, matrix))

    def _mesh(self, local: NDArray[Any], surface: Surface) -> int:
        if len(surface.triangles):
            primitives = self._surfaces(local, surface)
        else:
            primitives = [self._primitive(local, surface.segments, LINE_COLOUR, LINES)]
        self._meshes.append({"primitives": primitives})
        return len(self._meshes) - 1

    def _surfaces(self, local: NDArray[Any], surface: Surface) -> list[dict[str, Any]]:
        first = int(surface.materials[0])
        if (surface.materials == first).all():
            return [self._primitive(local, surface.triangles, surface.colours[first], TRIANGLES)]
        found = []
        for material in np.unique(surface.materials):
            triangles = surface.triangles[surface.materials == material]
            corners, renumbered = np.unique(triangles, return_inverse=True)
            found.append(
                self._primitive(
                    local[corners], renumbered.reshape(triangles.shape), surface.colours[material], TRIANGLES
                )
            )
        return found

    def _primitive(self, local: NDArray[Any], faces: NDArray[Any], colour: Colour, mode: int) -> dict[str, Any]:
        primitive = {
            "attributes": {"POSITION": self._positions(local)},
            "indices": self._indices(faces.reshape(-1), len(local)),
            "material": self._material(colour),
        }
        return primitive if mode == TRIANGLES else {**primitive, "mode": mode}

    def _positions(self, local: NDArray[Any]) -> int:
        small = local.dtype.kind == "i"
        data = local
        if small:
            data = np.zeros((len(local), 4), "<i2")
            data[:, :3] = local
        return self._accessor(
            0 if small else 1,
            data.tobytes(),
            count=len(local),
            type="VEC3",
            min=local.min(axis=0).tolist(),
            max=local.max(axis=0).tolist(),
        )

    def _indices(self, indices: NDArray[Any], corners: int) -> int:
        strip, kind = (3, "<u2") if corners < 65535 else (2, "<u4")
        return self._accessor(strip, indices.astype(kind).tobytes(), count=len(indices), type="SCALAR")

    def _accessor(self, strip: int, data: bytes, **facts: Any) -> int:
        at = self._strips[strip].add(data)
        self._accessors.append(
            {"bufferView": strip, "byteOffset": at, "componentType": self._strips[strip].component, **facts}
        )
        return len(self._accessors) - 1

    def _material(self, colour: Colour) -> int:
        rounded: Colour = tuple(round(min(max(part, 0.0), 1.0) * 255) / 255 for part in colour)  # type: ignore[assignment]
        return self._materials.setdefault(rounded, len(self._materials))

    def offset(self) -> Floats:
        """Whole metres to take off every coordinate: the middle of the model where it lies far out, else nothing."""
        if not self.nodes:
            return np.zeros(3)
        matrices, centres, _halves = self._laid_out()
        world = _moved(matrices, centres)
        middle = np.median(world, axis=0)
        return np.round(middle) if np.abs(world).max() > NEAR else np.zeros(3)

    def bounds(self) -> list[float] | None:
        """Lowest and highest x, y, z in the model's own coordinates (metres); None where nothing is drawn."""
        if not self.nodes:
            return None
        matrices, centres, halves = self._laid_out()
        world = _moved(matrices, centres)
        reach = np.einsum("nij,nj->ni", np.abs(matrices[:, :3, :3]), halves)
        return [*(world - reach).min(axis=0).tolist(), *(world + reach).max(axis=0).tolist()]

    def _laid_out(self) -> tuple[Floats, Floats, Floats]:
        return (
            np.array([node.matrix for node in self.nodes]),
            np.array([node.shape.centre for node in self.nodes]),
            np.array([node.shape.half for node in self.nodes]),
        )

    def write(self, path: Path, extras: dict[str, Any]) -> int:
        """Writes the file, `extras` on the root node beside its offset. Returns its size in bytes."""
        offset = self.offset()
        views, length = self._views()
        text = json.dumps(self._document(offset, extras, views, length), separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + (8 + length if length else 0)
        with path.open("wb") as out:
            out.write(struct.pack("<4sII", MAGIC, VERSION, total))
            out.write(struct.pack("<I4s", len(text), JSON_CHUNK) + text)
            if length:
                out.write(struct.pack("<I4s", length, BINARY_CHUNK))
                for strip in self._strips:
                    out.writelines(strip.parts)
                    out.write(b"\0" * (-strip.size % 4))
        return total

    def _views(self) -> tuple[list[dict[str, Any] | None], int]:
        """A buffer view for each strip that holds anything (None for the others), and the length of the buffer."""
        views: list[dict[str, Any] | None] = []
        at = 0
        for strip in self._strips:
            view = {"buffer": 0, "byteOffset": at, "byteLength": strip.size, "target": strip.target}
            if strip.stride:
                view["byteStride"] = strip.stride
            views.append(view if strip.size else None)
            at += strip.size + -strip.size % 4
        return views, at

    def _document(
        self, offset: Floats, extras: dict[str, Any], views: list[dict[str, Any] | None], length: int
    ) -> dict[str, Any]:
        kept = [number for number, view in enumerate(views) if view is not None]
        renumbered = {strip: number for number, strip in enumerate(kept)}
        root = {"name": "model", "rotation": UPRIGHT, "extras": {**extras, "offset": offset.tolist()}}
        nodes = [_node(node, offset) for node in self.nodes]
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "GIPLT"},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{**root, "children": list(range(1, len(nodes) + 1))} if nodes else root, *nodes],
        }
        if not nodes or not length:
            return document
        if 0 in renumbered:
            document["extensionsUsed"] = document["extensionsRequired"] = ["KHR_mesh_quantization"]
        return document | {
            "meshes": self._meshes,
            "materials": [_material(colour) for colour in self._materials],
            "accessors": [{**one, "bufferView": renumbered[one["bufferView"]]} for one in self._accessors],
            "bufferViews": [views[strip] for strip in kept],
            "buffers": [{"byteLength": length}],
        }


def are_apart(one: Floats, other: Floats) -> bool:
    """Whether two boxes (lowest and highest corner) leave a gap."""
    return bool(((one[0] > other[1] + APART) | (other[0] > one[1] + APART)).any())


def _digest(local: NDArray[Any], surface: Surface) -> bytes:
    known = hashlib.blake2b(local.tobytes(), digest_size=16)
    for part in (surface.triangles, surface.materials, surface.segments):
        known.update(part.tobytes())
    known.update(repr((local.dtype.kind, surface.colours)).encode())
    return known.digest()


def _moved(matrices: Floats, points: Floats) -> Floats:
    return np.einsum("nij,nj->ni", matrices[:, :3, :3], points) + matrices[:, :3, 3]


def _node(node: Node, offset: Floats) -> dict[str, Any]:
    """The node with the placement and the 16-bit step in one transformation, as short as it can be said."""
    turn, shape = node.matrix[:3, :3], node.shape
    at = [round(value, 6) for value in (turn @ shape.centre + node.matrix[:3, 3] - offset).tolist()]
    written: dict[str, Any] = {"name": node.guid, "mesh": shape.mesh, "extras": {"guid": node.guid}}
    rotation = _rotation(turn)
    if rotation is None:
        columns = (turn * shape.step).T.tolist()
        return written | {"matrix": [*(value for column in columns for value in (*map(_short, column), 0.0)), *at, 1.0]}
    if any(at):
        written["translation"] = at
    if rotation != [0.0, 0.0, 0.0, 1.0]:
        written["rotation"] = rotation
    if (shape.step != 1.0).any():
        written["scale"] = [_short(value) for value in shape.step.tolist()]
    return written


def _short(value: float) -> float:
    return float(f"{value:.10g}")


def _rotation(turn: Floats) -> list[float] | None:
    """The turn as a quaternion x, y, z, w; None where it also mirrors, stretches or shears."""
    rows = turn.tolist()
    if rows == STRAIGHT:
        return [0.0, 0.0, 0.0, 1.0]
    (a, b, c), (d, e, f), (g, h, i) = rows
    lengths = (a * a + b * b + c * c, d * d + e * e + f * f, g * g + h * h + i * i)
    angles = (a * d + b * e + c * f, a * g + b * h + c * i, d * g + e * h + f * i)
    if max(abs(one - 1) for one in lengths) > 1e-9 or max(map(abs, angles)) > 1e-9:
        return None
    if a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) < 0:
        return None
    # Shepperd: begin with the largest component, or the others lose their digits.
    parts = [1 + a - e - i, 1 - a + e - i, 1 - a - e + i, 1 + a + e + i]
    largest = parts.index(max(parts))
    products = (
        (parts[0], b + d, c + g, h - f),
        (b + d, parts[1], f + h, c - g),
        (c + g, f + h, parts[2], d - b),
        (h - f, c - g, d - b, parts[3]),
    )[largest]
    length = sum(value * value for value in products) ** 0.5
    return [round(value / length, 9) + 0.0 for value in products]


def _material(colour: Colour) -> dict[str, Any]:
    red, green, blue, opacity = colour
    factor = [round(_linear(part), 5) for part in (red, green, blue)] + [round(opacity, 3)]
    material = {
        "name": "".join(f"{round(part * 255):02x}" for part in colour),
        "pbrMetallicRoughness": {"baseColorFactor": factor, "metallicFactor": 0.0, "roughnessFactor": 0.9},
        "doubleSided": True,
    }
    return {**material, "alphaMode": "BLEND"} if opacity < 1 else material


def _linear(part: float) -> float:
    """IFC's colours are meant for a screen (sRGB); glTF wants light."""
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
