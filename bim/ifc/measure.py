"""What a shape is, whatever its triangles and its own axes: where its surface has its middle, area, volume and spread.

Two tools, or two versions of one, cut the same wall into other triangles around another origin; these figures stay.
"""

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
        stretch = abs(float(np.linalg.det(turn)))
        figures = [*middle.tolist(), self.area * stretch ** (2 / 3), self.volume * stretch, *spread.diagonal().tolist()]
        figures += [float(spread[0, 1]), float(spread[0, 2]), float(spread[1, 2])]
        return [round(value, 8) + 0.0 for value in figures]


def measured(surface: Surface) -> Measured | None:
    """Of the faces; of lines where there are no faces (their length stands for the area). None where there is nothing."""
    near = surface.corners.mean(axis=0) if len(surface.corners) else np.zeros(3)
    corners = surface.corners - near
    faces = surface.triangles if len(surface.triangles) else surface.segments
    if not len(faces):
        return None
    points = corners[faces]
    if len(surface.triangles):
        across = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
        weights = np.linalg.norm(across, axis=1) / 2
        volume = float(abs(np.einsum("ij,ij->i", points[:, 0], across).sum()) / 6)
    else:
        weights, volume = np.linalg.norm(points[:, 1] - points[:, 0], axis=1), 0.0
    whole = float(weights.sum())
    if not np.isfinite(whole) or whole <= 0:
        return None
    middle = np.einsum("n,ni->i", weights, points.mean(axis=1)) / whole
    points = points - middle
    total = points.sum(axis=1)
    n = points.shape[1]  # of corners: the exact moment of a flat triangle, or of a line
    squares = np.einsum("n,nki,nkj->ij", weights, points, points) + np.einsum("n,ni,nj->ij", weights, total, total)
    return Measured(middle + near, whole, volume, squares / (whole * n * (n + 1)))
