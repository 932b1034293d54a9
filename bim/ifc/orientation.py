"""Triangles of a surface turned alike: exporters of loose faces turn them as they come, and a volume needs them outwards."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from bim.ifc.glb import Floats

Ints = NDArray[np.int32]
MICROMETRES = 6  # digits of coordinates that are the same place


def oriented(corners: Floats, triangles: Ints) -> Ints | None:
    """The triangles of a closed surface, all turned outwards, or all inwards; None for one that is not closed."""
    if _are_alike(triangles, len(corners)):
        return triangles
    _spots, same = np.unique(corners.round(MICROMETRES), axis=0, return_inverse=True)
    welded = same.reshape(-1)[triangles]
    if _are_alike(welded, len(corners)):
        return triangles
    if not _is_closed(welded, len(corners)):
        return None
    flipped = _to_be_flipped(corners, triangles, welded.tolist())
    made = triangles.copy()
    made[flipped] = made[flipped][:, ::-1]
    return made


def _are_alike(triangles: NDArray[np.integer], n: int) -> bool:
    """Whether every edge is there once in each direction."""
    first, second = _edges(triangles)
    there, back = np.sort(first * n + second), np.sort(second * n + first)
    return bool((there == back).all() and (there[1:] != there[:-1]).all())


def _is_closed(triangles: NDArray[np.integer], n: int) -> bool:
    """Whether every edge has two triangles."""
    first, second = _edges(triangles)
    if len(first) % 2:
        return False
    edges = np.sort(np.minimum(first, second) * n + np.maximum(first, second))
    return bool((edges[::2] == edges[1::2]).all() and (edges[1:-1:2] != edges[2::2]).all())


def _edges(triangles: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    every = triangles.astype(np.int64)
    return every.reshape(-1), every[:, [1, 2, 0]].reshape(-1)


def _to_be_flipped(corners: Floats, triangles: Ints, welded: list[list[int]]) -> list[int]:
    """Which triangles of the closed pieces look inwards."""
    neighbours = _neighbours(welded)
    volumes = _volumes(corners, triangles)
    turned: dict[int, bool] = {}
    found: list[int] = []
    for start in range(len(welded)):
        if start in turned:
            continue
        turned[start] = False
        piece = [start]
        for at in piece:  # grows while it is walked through
            for other, against in neighbours[at]:
                if other not in turned:
                    turned[other] = turned[at] != against
                    piece.append(other)
        inwards = sum(-volumes[at] if turned[at] else volumes[at] for at in piece) < 0
        found += [at for at in piece if turned[at] != inwards]
    return found


def _neighbours(welded: list[list[int]]) -> dict[int, list[tuple[int, bool]]]:
    """Triangles that share an edge, and whether they run through it in the same direction, which they should not."""
    sides: dict[tuple[int, int], tuple[int, bool]] = {}
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for at, (a, b, c) in enumerate(welded):
        for one, other in ((a, b), (b, c), (c, a)):
            side = (one, other) if one < other else (other, one)
            met = sides.pop(side, None)
            if met is None:
                sides[side] = (at, one < other)
            else:
                found[at].append((met[0], met[1] == (one < other)))
                found[met[0]].append((at, met[1] == (one < other)))
    return found


def _volumes(corners: Floats, triangles: Ints) -> list[float]:
    """Six times the volume between each triangle and the middle."""
    near = corners - corners.mean(axis=0)
    a, b, c = (near[triangles[:, corner]] for corner in range(3))
    volumes: list[float] = np.einsum("ij,ij->i", a, np.cross(b, c)).tolist()
    return volumes
