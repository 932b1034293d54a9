"""The flat faces of a file as triangles, read from its text: what exporters write most of, and the kernel is slow with.

Triangles, and polygons a fan fills exactly, are made all at once; the others one by one. What is not plainly written has
no triangles here, and the kernel draws it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from bim.ifc.glb import Floats
from bim.ifc.polygons import filled_in_space

Numbers = NDArray[np.int64]
BLOCK = 1024 * 1024
SECONDS = 30.0
PER_MILLION = 1e-6  # how exactly the triangles have to fill a polygon, of its area
LINE = re.compile(
    rb"\n#(\d++) ?= ?IFC(?:CARTESIANPOINT ?\(\(([^,)]++,[^,)]++,[^,)]++)\)\)|POLYLOOP ?\(\(([#\d, ]++)\)\)|"
    rb"FACE(?:(?:OUTER)?BOUND ?\(#(\d++), ?\.([TF])\.\)| ?\(\(([#\d, ]++)\)\))|"
    rb"(?:CLOSEDSHELL|OPENSHELL|CONNECTEDFACESET) ?\(\(([#\d, ]++)\)\));"
)


@dataclass
class Lists:
    """Numbered lists of numbers, one behind the other."""

    ids: Numbers
    values: Numbers
    starts: Numbers = field(init=False)

    def __init__(self, ids: list[bytes], written: list[bytes]) -> None:
        self.ids = _integers(ids)
        self.values = _integers([b",".join(written).replace(b"#", b"")])
        lengths = np.array([one.count(b"#") for one in written], np.int64)
        self.starts = np.concatenate([[0], np.cumsum(lengths)])

    def of(self, position: int) -> Numbers:
        return self.values[self.starts[position] : self.starts[position + 1]]

    @property
    def lengths(self) -> Numbers:
        return np.diff(self.starts)


class Faces:
    """All of a file. Coordinates in its own unit."""

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        """`seconds` of processor time for faces that have to be taken one by one."""
        self._until = process_time() + seconds
        columns: tuple[list[bytes], ...] = tuple([] for _column in range(9))
        points, coordinates, loops, corners, bounds, bounded, turned, faces, edges = columns
        shells: list[bytes] = []
        members: list[bytes] = []
        for block in _blocks(path):
            for number, point, loop, bound_of, sense, face, shell in LINE.findall(block):
                if point:
                    points.append(number)
                    coordinates.append(point)
                elif loop:
                    loops.append(number)
                    corners.append(loop)
                elif bound_of:
                    bounds.append(number)
                    bounded.append(bound_of)
                    turned.append(sense)
                elif face:
                    faces.append(number)
                    edges.append(face)
                else:
                    shells.append(number)
                    members.append(shell)
        self._point_ids, order = _sorted(_integers(points))
        self.corners: Floats = np.fromstring(b",".join(coordinates).decode(), sep=",").reshape(-1, 3)[order]
        self._loops, self._faces = Lists(loops, corners), Lists(faces, edges)
        self._loops.values = _places(self._loops.values, self._point_ids)
        bound_ids, order = _sorted(_integers(bounds))
        loop_ids, loop_order = _sorted(self._loops.ids)
        of_loop = _places(_integers(bounded)[order], loop_ids)
        self._bound_loop = np.where(of_loop < 0, -1, loop_order[of_loop]) if len(loop_order) else of_loop
        self._bound_turned = np.array([sense == b"F" for sense in turned], bool)[order]
        self._faces.values = _places(self._faces.values, bound_ids)
        self._face_ids, self._face_order = _sorted(self._faces.ids)
        self._shells = dict(zip(map(int, shells), members, strict=True))
        self._fill()

    def _fill(self) -> None:
        """Triangles of all faces with one simple border, in the order of the faces."""
        single = np.flatnonzero(self._faces.lengths == 1)
        bound = self._faces.values[self._faces.starts[single]]
        loop = np.where(bound < 0, -1, self._bound_loop[bound]) if len(self._bound_loop) else bound
        single, bound, loop = (one[loop >= 0] for one in (single, bound, loop))
        sizes = self._loops.lengths[loop]
        triangles, owners = [np.zeros((0, 3), np.int64)], [np.zeros(0, np.int64)]
        for size in np.unique(sizes[sizes >= 3]).tolist():
            here = sizes == size
            rows = self._loops.values[self._loops.starts[loop[here]][:, None] + np.arange(size)]
            rows = np.where(self._bound_turned[bound[here]][:, None], rows[:, ::-1], rows)
            fits = (rows >= 0).all(axis=1)
            fan = np.stack([np.stack([rows[:, 0], rows[:, at], rows[:, at + 1]], 1) for at in range(1, size - 1)], 1)
            fits &= self._fills(fan) if size > 3 else True
            triangles.append(fan[fits].reshape(-1, 3))
            owners.append(single[here][fits].repeat(size - 2))
        owner = np.concatenate(owners)
        order = np.argsort(owner, kind="stable")
        self._triangles = np.concatenate(triangles)[order]
        counts = np.bincount(owner, minlength=len(self._faces.ids))
        self._triangle_starts = np.concatenate([[0], np.cumsum(counts)])

    def _fills(self, fan: Numbers) -> NDArray[np.bool_]:
        """Whether the triangles of each polygon (n, k, 3) lie flat and do not overlap: their areas add up to its own."""
        first, second, third = (self.corners[fan[:, :, corner]] for corner in range(3))
        across = crossed(second - first, third - first)
        each = np.sqrt((across * across).sum(axis=2)).sum(axis=1)
        whole = np.sqrt((across.sum(axis=1) ** 2).sum(axis=1))
        return np.asarray(np.abs(each - whole) <= PER_MILLION * whole)

    def of_shell(self, number: int) -> Numbers | None:
        """The triangles (n, 3) of a shell, as places in `corners`; None where one of its faces has none."""
        members = self._shells.get(number)
        if members is None:
            return None
        places = _places(_integers([members.replace(b"#", b"")]), self._face_ids)
        if (places < 0).any():
            return None
        faces = self._face_order[places]
        starts, ends = self._triangle_starts[faces], self._triangle_starts[faces + 1]
        parts = [self._triangles[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        for at in np.flatnonzero(starts == ends).tolist():
            own = self._one_by_one(int(faces[at]))
            if own is None:
                return None
            parts[at] = own
        return np.concatenate(parts) if parts else None

    def _one_by_one(self, face: int) -> Numbers | None:
        """The triangles of a face with a bent border, or with holes."""
        bounds = self._faces.of(face)
        if (bounds < 0).any() or process_time() > self._until:
            return None
        loops = self._bound_loop[bounds]
        if (loops < 0).any():
            return None
        borders = [self._loops.of(loop) for loop in loops.tolist()]
        if any((border < 0).any() or len(border) < 3 for border in borders):
            return None
        borders = [
            border[::-1] if turned else border
            for border, turned in zip(borders, self._bound_turned[bounds].tolist(), strict=True)
        ]
        borders.sort(key=lambda border: -float(np.ptp(self.corners[border], axis=0).sum()))  # holes may be named first
        every = np.concatenate(borders)
        spots = [(x, y, z) for x, y, z in self.corners[every].tolist()]
        found = filled_in_space(spots, [len(border) for border in borders])
        return None if found is None else every[np.array(found)]


def crossed(a: Floats, b: Floats) -> Floats:
    """The cross products of the last axis; much quicker than numpy's own for few rows."""
    made = np.empty_like(a)
    made[..., 0] = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    made[..., 1] = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    made[..., 2] = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return made


def _blocks(path: Path) -> Iterator[bytes]:
    rest = b"\n"
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            whole, feed, rest = (rest + block).rpartition(b"\n")
            yield whole
            rest = feed + rest
    yield rest


def _integers(written: list[bytes]) -> Numbers:
    return np.fromstring(b",".join(written).decode(), np.int64, sep=",")


def _sorted(ids: Numbers) -> tuple[Numbers, Numbers]:
    order = np.argsort(ids, kind="stable")
    return ids[order], order


def _places(wanted: Numbers, ids: Numbers) -> Numbers:
    """Where each number stands among the sorted ones; -1 where it does not."""
    if not len(ids):
        return np.full(len(wanted), -1)
    found = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[found] == wanted, found, -1)
