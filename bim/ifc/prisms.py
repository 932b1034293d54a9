"""Prisms: as triangles, and as solids that can be cut."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bim.ifc.axes import NotPlain, axes, flat_axes
from bim.ifc.curves import Measures, circle, ring_of
from bim.ifc.glb import Floats
from bim.ifc.polygons import Point, area, filled, is_convex
from bim.ifc.solids import Face, Solid, Spot

RECTANGLE, OUTLINE, HOLED = "IfcRectangleProfileDef", "IfcArbitraryClosedProfileDef", "IfcArbitraryProfileDefWithVoids"
CIRCLE = "IfcCircleProfileDef"
STRAIGHT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
LEAST_SLANT = 1e-3
# A box: four corners from below, four from above, and its sides turned outwards.
BOX = np.array(
    [(0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 0, 4), (3, 4, 7)],
    np.int32,
)  # fmt: skip


@dataclass(frozen=True)
class Prism:
    """`corners`: from below, then as many from above; `sizes`: how many the border and each hole of the profile have."""

    base: list[Point]
    sizes: list[int]
    corners: Floats
    is_box: bool
    is_inward: bool  # extruded downwards: all faces turn the other way

    def triangles(self) -> NDArray[np.int32]:
        if self.is_box:
            found = BOX
        else:
            n, lids = len(self.base), self._lids()
            sides = [
                one for here, after in self._sides() for one in ((here, after, after + n), (here, after + n, here + n))
            ]
            found = np.array(
                [(c, b, a) for a, b, c in lids] + [(a + n, b + n, c + n) for a, b, c in lids] + sides, np.int32
            )
        return found[:, ::-1] if self.is_inward else found

    def solid(self, scale: float) -> Solid:
        """Coordinates times `scale`."""
        spots: list[Spot] = [(x, y, z) for x, y, z in (self.corners * scale).tolist()]
        border = self._rings()[0]
        if len(self.sizes) == 1 and is_convex(self.base, border):
            faces = self._closed(spots, [border], self._sides())
            return Solid(faces, [faces])
        lids = [list(lid) for lid in self._lids()]
        parts = [self._closed(spots, [lid], list(zip(lid, lid[1:] + lid[:1], strict=True))) for lid in lids]
        return Solid(self._closed(spots, lids, self._sides()), parts)

    def _closed(self, spots: list[Spot], lids: list[list[int]], sides: list[tuple[int, int]]) -> list[Face]:
        n = len(self.base)
        found = [[spots[at] for at in reversed(lid)] for lid in lids]
        found += [[spots[at + n] for at in lid] for lid in lids]
        found += [[spots[here], spots[after], spots[after + n], spots[here + n]] for here, after in sides]
        return [face[::-1] for face in found] if self.is_inward else found

    def _lids(self) -> list[tuple[int, int, int]]:
        found = filled(self.base, self.sizes)
        if found is None:
            raise NotPlain
        return found

    def _rings(self) -> list[list[int]]:
        """The border turned left, the holes turned right."""
        rings, start = [], 0
        for at, size in enumerate(self.sizes):
            ring = list(range(start, start + size))
            rings.append(ring if (area(self.base, ring) > 0) == (at == 0) else ring[::-1])
            start += size
        return rings

    def _sides(self) -> list[tuple[int, int]]:
        return [pair for ring in self._rings() for pair in zip(ring, ring[1:] + ring[:1], strict=True)]


def prism_of(item: Any, measures: Measures) -> Prism:
    """An IfcExtrudedAreaSolid, in the file's unit."""
    profile, position, direction, depth = (item.get_argument(at) for at in range(4))
    x, y, z = direction.get_argument(0)
    length = (x * x + y * y + z * z) ** 0.5
    if not depth or depth <= 0 or abs(z) < LEAST_SLANT * length:
        raise NotPlain
    base, sizes = _profile(profile, measures)
    step = depth / length
    x, y, z = x * step, y * step, z * step
    corners = np.array([(*at, 0.0) for at in base] + [(a + x, b + y, z) for a, b in base])
    if position is not None:
        placed = axes(position)
        corners = corners @ placed[:3, :3].T + placed[:3, 3]
    return Prism(base, sizes, corners, profile.is_a() == RECTANGLE, z < 0)


def _profile(profile: Any, measures: Measures) -> tuple[list[Point], list[int]]:
    """The corners of the border and of the holes, and how many each of them has."""
    kind = profile.is_a()
    if profile.get_argument(0) != "AREA":
        raise NotPlain
    if kind == RECTANGLE:
        x, y = profile.get_argument(3) / 2, profile.get_argument(4) / 2
        position = profile.get_argument(2)
        a, b, c, d, e, f = flat_axes(position) if position is not None else STRAIGHT
        return [(a * u + b * v + e, c * u + d * v + f) for u, v in ((-x, -y), (x, -y), (x, y), (-x, y))], [4]
    if kind == CIRCLE:
        position = profile.get_argument(2)
        a, b, c, d, e, f = flat_axes(position) if position is not None else STRAIGHT
        ring = circle(profile.get_argument(3), measures)
        return [(a * x + b * y + e, c * x + d * y + f) for x, y in ring], [len(ring)]
    if kind not in (OUTLINE, HOLED):
        raise NotPlain
    rings = [ring_of(profile.get_argument(2), measures)]
    if kind == HOLED:
        rings += [ring_of(hole, measures) for hole in profile.get_argument(3)]
    return [point for ring in rings for point in ring], [len(ring) for ring in rings]
