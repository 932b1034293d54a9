"""Solids with flat faces, cut by half spaces and by convex holes: arithmetic on convex pieces, without a kernel.

A solid is its outer faces, each a convex polygon turned outwards, and convex parts that fill it. What is cut is checked by
its volume: where that is not what it has to be, nothing is returned and the kernel cuts.
"""

from collections.abc import Iterable
from itertools import pairwise
from math import atan2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bim.ifc.axes import NotPlain
from bim.ifc.glb import Floats

Spot = tuple[float, float, float]
Face = list[Spot]
Plane = tuple[float, float, float, float]  # unit normal, distance from the origin

NEAR = 1e-5  # metres: what lies as near to a plane lies on it
DIGITS = 6
PER_MILLION = 1e-6


class Solid(NamedTuple):
    faces: list[Face]
    parts: list[list[Face]]


def plane_of(face: Face) -> Plane | None:
    """None for a face without an area."""
    x0, y0, z0 = face[0]
    a = b = c = 0.0
    xp, yp, zp = face[-1][0] - x0, face[-1][1] - y0, face[-1][2] - z0
    for spot in face:
        x, y, z = spot[0] - x0, spot[1] - y0, spot[2] - z0
        a += yp * z - zp * y
        b += zp * x - xp * z
        c += xp * y - yp * x
        xp, yp, zp = x, y, z
    length = (a * a + b * b + c * c) ** 0.5
    if length < NEAR * NEAR:
        return None
    a, b, c = a / length, b / length, c / length
    return a, b, c, a * x0 + b * y0 + c * z0


def planes_of(part: list[Face]) -> list[Plane]:
    return [plane for face in part if (plane := plane_of(face)) is not None]


def split(face: Face, plane: Plane) -> tuple[Face | None, Face | None]:
    """What lies below the plane (or on it), and what above."""
    a, b, c, d = plane
    heights = [a * x + b * y + c * z - d for x, y, z in face]
    if max(heights) <= NEAR:
        return face, None
    if min(heights) >= -NEAR:
        return None, face
    below: Face = []
    above: Face = []
    before, last = face[-1], heights[-1]
    for spot, height in zip(face, heights, strict=True):
        if (last > NEAR and height < -NEAR) or (last < -NEAR and height > NEAR):
            share = last / (last - height)
            x, y, z = before
            met = (x + share * (spot[0] - x), y + share * (spot[1] - y), z + share * (spot[2] - z))
            below.append(met)
            above.append(met)
        if height <= NEAR:
            below.append(spot)
        if height >= -NEAR:
            above.append(spot)
        before, last = spot, height
    return below, above


def below(solid: Solid, plane: Plane) -> Solid:
    """What is left of the solid under the plane."""
    faces = [kept for face in solid.faces if (kept := split(face, plane)[0]) is not None]
    parts = []
    for part in solid.parts:
        kept_faces, cap = _part_below(part, plane)
        if kept_faces:
            parts.append(kept_faces)
        if cap:
            faces.append(cap)
    return Solid(faces, parts)


def _part_below(part: list[Face], plane: Plane) -> tuple[list[Face], Face | None]:
    """A convex part under the plane, and the face the plane gives it."""
    pairs = [split(face, plane) for face in part]
    kept = [lower for lower, _upper in pairs if lower is not None]
    if all(upper is None for _lower, upper in pairs):
        return part, None
    if not kept or all(lower is None or _lies_in(lower, plane) for lower, _upper in pairs):
        return [], None
    cap = _cap(kept, plane)
    return ([*kept, cap], cap) if cap else (kept, None)


def _lies_in(face: Face, plane: Plane) -> bool:
    a, b, c, d = plane
    return all(abs(a * x + b * y + c * z - d) <= NEAR for x, y, z in face)


def _cap(faces: list[Face], plane: Plane) -> Face | None:
    a, b, c, d = plane
    rim = {
        (round(x, DIGITS), round(y, DIGITS), round(z, DIGITS)): (x, y, z)
        for face in faces
        for x, y, z in face
        if abs(a * x + b * y + c * z - d) <= NEAR
    }
    if len(rim) < 3:
        return None
    spots = list(rim.values())
    (ox, oy, oz), (px, py, pz) = (sum(axis) / len(spots) for axis in zip(*spots, strict=True)), spots[0]
    ux, uy, uz = px - ox, py - oy, pz - oz
    vx, vy, vz = b * uz - c * uy, c * ux - a * uz, a * uy - b * ux

    def turn(spot: Spot) -> float:
        x, y, z = spot[0] - ox, spot[1] - oy, spot[2] - oz
        return atan2(x * vx + y * vy + z * vz, x * ux + y * uy + z * uz)

    return sorted(spots, key=turn)


def within(part: list[Face], planes: Iterable[Plane]) -> list[Face]:
    """What of a convex part lies below all planes."""
    for plane in planes:
        part, _cap_of_it = _part_below(part, plane)
        if not part:
            break
    return part


def volume(faces: Iterable[Face]) -> float:
    total = 0.0
    for face in faces:
        (ax, ay, az), (bx, by, bz) = face[0], face[1]
        for cx, cy, cz in face[2:]:
            total += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)
            bx, by, bz = cx, cy, cz
    return total / 6


def without(solid: Solid, holes: list[list[Face]]) -> list[Face] | None:
    """The faces of the solid without convex holes, each apart from the others or within another.

    None where that cannot be told exactly.
    """
    faces = solid.faces
    left = whole = volume(faces)
    parts = [planes_of(part) for part in solid.parts]
    walls: list[Face] = []
    cut: list[tuple[list[Face], list[Plane]]] = []
    for hole in holes:
        pieces = [hole]
        for other, sides in cut:
            if not _lie_apart(hole, other):
                pieces = [rest for piece in pieces for rest in _divided(piece, sides)]
        taken = sum(volume(within(piece, planes)) for piece in pieces for planes in parts)
        if taken <= PER_MILLION * whole:
            continue
        if pieces != [hole]:
            return None
        left -= taken
        sides = planes_of(hole)
        cut.append((hole, sides))
        faces = _outside(faces, sides)
        for side, plane in zip(hole, sides, strict=True):
            walls += [kept[::-1] for planes in parts if (kept := _against(side, plane, planes)) is not None]
    found = faces + walls
    return found if abs(volume(found) - left) <= PER_MILLION * whole and _is_closed(found) else None


def minus(solid: Solid, hole: list[Face]) -> Solid:
    """The solid without a convex hole, its parts divided along the planes of the hole. Raises NotPlain."""
    faces = without(solid, [hole])
    if not faces:
        raise NotPlain
    planes = planes_of(hole)
    return Solid(faces, [piece for part in solid.parts for piece in _divided(part, planes)])


def _divided(part: list[Face], planes: list[Plane]) -> list[list[Face]]:
    """Convex pieces of a convex part that fill it, but for what lies under all planes."""
    found = []
    for plane in planes:
        a, b, c, d = plane
        over, _cap_of_it = _part_below(part, (-a, -b, -c, -d))
        part, _cap_of_it = _part_below(part, plane)
        if over:
            found.append(over)
        if not part:
            break
    return found


def _is_closed(faces: list[Face]) -> bool:
    """Whether the areas of all faces, as vectors, come to nothing: a missing one would be left over."""
    total, every = [0.0, 0.0, 0.0], 0.0
    for face in faces:
        x0, y0, z0 = face[0]
        for (bx, by, bz), (cx, cy, cz) in pairwise(face[1:]):
            bx, by, bz, cx, cy, cz = bx - x0, by - y0, bz - z0, cx - x0, cy - y0, cz - z0
            across = (by * cz - bz * cy, bz * cx - bx * cz, bx * cy - by * cx)
            total = [one + other for one, other in zip(total, across, strict=True)]
            every += abs(across[0]) + abs(across[1]) + abs(across[2])
    return max(map(abs, total)) <= NEAR * every


def _outside(faces: list[Face], planes: list[Plane]) -> list[Face]:
    found: list[Face] = []
    for face in faces:
        rest: Face | None = face
        pieces: list[Face] = []
        for plane in planes:
            if rest is None:
                break
            rest, over = split(rest, plane)
            if over is not None:
                pieces.append(over)
        found += pieces if rest is not None else [face]  # one that the hole does not touch stays in one piece
    return found


def _against(side: Face, outwards: Plane, planes: list[Plane]) -> Face | None:
    """Where a side of a hole has a convex part behind it."""
    rest: Face | None = side
    for plane in planes:
        if rest is None:
            break
        if _lies_in(rest, plane):
            if plane[0] * outwards[0] + plane[1] * outwards[1] + plane[2] * outwards[2] > 0:
                return None  # the part lies before it
            continue
        rest = split(rest, plane)[0]
    return rest if rest is not None and len(rest) > 2 else None


def _lie_apart(one: list[Face], other: list[Face]) -> bool:
    first, second = (np.array([spot for face in hole for spot in face]) for hole in (one, other))
    gap = np.maximum(first.min(axis=0) - second.max(axis=0), second.min(axis=0) - first.max(axis=0))
    return bool(gap.max() > NEAR)


def moved(part: list[Face], matrix: Floats) -> list[Face]:
    found = []
    for face in part:
        spots = np.array(face) @ matrix[:3, :3].T + matrix[:3, 3]
        found.append([(x, y, z) for x, y, z in spots.tolist()])
    return found


def checked(solid: Solid) -> Solid:
    """Raises NotPlain where the faces do not enclose what the parts fill."""
    filling = sum(volume(part) for part in solid.parts)
    if filling <= 0 or abs(volume(solid.faces) - filling) > PER_MILLION * filling or not _is_closed(solid.faces):
        raise NotPlain
    return solid


def triangles_of(faces: list[Face]) -> tuple[Floats, NDArray[np.int32]]:
    """Corners and triangles of convex faces."""
    known: dict[Spot, int] = {}
    found: list[tuple[int, int, int]] = []
    for face in faces:
        numbers = [known.setdefault(spot, len(known)) for spot in face]
        found += [(numbers[0], one, other) for one, other in pairwise(numbers[1:])]
    found = [one for one in found if len(set(one)) == 3]
    return np.array(list(known), float).reshape(-1, 3), np.array(found, np.int32).reshape(-1, 3)
