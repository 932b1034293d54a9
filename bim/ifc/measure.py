"""What a shape is, whatever its triangles and its own axes: where its surface has its middle, area, volume and spread.

Two tools, or two versions of one, cut the same wall into other triangles around another origin; these figures stay.
"""

import math
from dataclasses import dataclass

import numpy as np

from bim.ifc.glb import Floats, Surface


@dataclass(frozen=True)
class Measured:
    """In the shape's own coordinates (metres). `spread` is the surface's second moment around its middle, per area (m²)."""

    middle: Floats
    area: float
    volume: float
    spread: Floats

    def placed(self, matrix: Floats) -> list[float]:
        """Middle x, y, z; area, volume; spread xx, yy, zz, xy, xz, yz: in the axes of the model."""
        turn = matrix[:3, :3]
        middle, spread = turn @ self.middle + matrix[:3, 3], turn @ self.spread @ turn.T
        (a, b, c), (d, e, f), (g, h, i) = turn.tolist()
        stretch = abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))
        figures = [*middle.tolist(), self.area * stretch ** (2 / 3), self.volume * stretch, *spread.diagonal().tolist()]
        figures += [float(spread[0, 1]), float(spread[0, 2]), float(spread[1, 2])]
        return [round(value, 8) + 0.0 for value in figures]


def measured(surface: Surface) -> Measured | None:
    """Of the faces; of lines where there are no faces (their length stands for the area). None where there is nothing."""
    near = surface.corners.mean(axis=0) if len(surface.corners) else np.zeros(3)
    has_faces = bool(len(surface.triangles))
    faces = surface.triangles if has_faces else surface.segments
    if not len(faces):
        return None
    points = (surface.corners - near)[faces]
    first, second = points[:, 0], points[:, 1]
    if has_faces:
        across = _across(second - first, points[:, 2] - first)
        weights = np.sqrt((across * across).sum(axis=1)) / 2
        volume = 0.0 if surface.is_open else abs(float((first * across).sum())) / 6
    else:
        along = second - first
        weights, volume = np.sqrt((along * along).sum(axis=1)), 0.0
    whole = float(weights.sum())
    if not math.isfinite(whole) or whole <= 0:
        return None
    n = points.shape[1]  # of corners: the exact moment of a flat triangle, or of a line
    total = points.sum(axis=1)
    middle = weights @ total / (n * whole)
    points, total = points - middle, total - n * middle
    corners, shares = points.reshape(-1, 3), weights.repeat(n)[:, None]
    squares = (corners * shares).T @ corners + (total * weights[:, None]).T @ total
    return Measured(middle + near, whole, volume, squares / (whole * n * (n + 1)))


def _across(a: Floats, b: Floats) -> Floats:
    """The cross products, row by row; for the few rows of most shapes much quicker than numpy's own."""
    crossed = np.empty_like(a)
    crossed[:, 0] = a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1]
    crossed[:, 1] = a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2]
    crossed[:, 2] = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return crossed
