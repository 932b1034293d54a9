"""Clipping by half spaces: plain ones, and those bounded by a polygon that reaches beyond what is cut off."""

from typing import Any

import numpy as np

from bim.ifc.axes import NotPlain, axes
from bim.ifc.curves import closed_polyline
from bim.ifc.glb import Floats
from bim.ifc.polygons import Point, is_convex
from bim.ifc.solids import NEAR, Face, Plane, Solid, below, minus, within

PLAIN, BOUNDED = "IfcHalfSpaceSolid", "IfcPolygonalBoundedHalfSpace"


def clipped(solid: Solid, half_space: Any, scale: float) -> Solid:
    """The solid (metres) without the half space (the file's unit, `scale` metres)."""
    kind = half_space.is_a()
    if kind not in (PLAIN, BOUNDED):
        raise NotPlain
    kept, lost = _planes(half_space, scale)
    if kind == PLAIN or all(_is_covered(within(part, [lost]), half_space, scale) for part in solid.parts):
        return below(solid, kept)
    return minus(solid, within(_column(solid, half_space, scale), [lost]))


def _planes(half_space: Any, scale: float) -> tuple[Plane, Plane]:
    """Under the one lies what is kept, under the other what is lost."""
    surface, agrees = half_space.get_argument(0), half_space.get_argument(1)
    if surface.is_a() != "IfcPlane" or not isinstance(agrees, bool):
        raise NotPlain
    placed = axes(surface.get_argument(0))
    a, b, c = placed[:3, 2].tolist()
    d = float(placed[:3, 2] @ placed[:3, 3]) * scale
    up, down = (a, b, c, d), (-a, -b, -c, -d)
    return (down, up) if agrees else (up, down)  # it agrees where the plane's normal points out of the half space


def _is_covered(lost: list[Face], half_space: Any, scale: float) -> bool:
    """Whether the polygon, extruded without end, holds all of what is cut off."""
    if not lost:
        return True
    ring, flat = _ring(half_space), _seen(lost, half_space, scale)
    return all(_lies_in(flat, one, other, scale) for one, other in zip(ring, ring[1:] + ring[:1], strict=True))


def _column(solid: Solid, half_space: Any, scale: float) -> list[Face]:
    """The polygon extruded beyond the solid."""
    heights = _seen(solid.faces, half_space, scale)[:, 2]
    low, high = float(heights.min()) - 1 / scale, float(heights.max()) + 1 / scale
    ring = _ring(half_space)
    n = len(ring)
    placed = axes(half_space.get_argument(2))
    spots = np.array([(x, y, low) for x, y in ring] + [(x, y, high) for x, y in ring])
    corners = [(x, y, z) for x, y, z in ((spots @ placed[:3, :3].T + placed[:3, 3]) * scale).tolist()]
    sides = [[corners[at], corners[(at + 1) % n], corners[(at + 1) % n + n], corners[at + n]] for at in range(n)]
    return [corners[n - 1 :: -1], corners[n:], *sides]


def _ring(half_space: Any) -> list[Point]:
    """Turned left."""
    ring = closed_polyline(half_space.get_argument(3))
    for one in (ring, ring[::-1]):
        if is_convex(one, list(range(len(one)))):
            return one
    raise NotPlain


def _seen(faces: list[Face], half_space: Any, scale: float) -> Floats:
    """All corners (n, 3) in the axes of the polygon, in the file's unit."""
    inwards = np.linalg.inv(axes(half_space.get_argument(2)))
    spots = np.array([spot for face in faces for spot in face]) / scale
    seen: Floats = spots @ inwards[:3, :3].T + inwards[:3, 3]
    return seen


def _lies_in(spots: Floats, one: Point, other: Point, scale: float) -> bool:
    """Whether all lie left of an edge."""
    x, y = other[0] - one[0], other[1] - one[1]
    left = (x * (spots[:, 1] - one[1]) - y * (spots[:, 0] - one[0])) / (x * x + y * y) ** 0.5
    return bool(left.min() * scale >= -NEAR)
