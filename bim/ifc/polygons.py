"""Flat polygons, bent or with holes, as triangles: ears cut off one after the other."""

from collections.abc import Sequence

Point = tuple[float, float]
Spot = tuple[float, float, float]
Triangle = tuple[int, int, int]
MOST = 200  # corners; above, the kernel is quicker
FLATNESS = 1e-4  # how far a corner may lie off the plane, of the polygon's size
PER_MILLION = 1e-6


def filled_in_space(corners: list[Spot], sizes: list[int]) -> list[Triangle] | None:
    """Triangles of the border (the first `sizes[0]` corners) without its holes (the others), turned like the border.

    None where that is not exactly possible.
    """
    x0, y0, z0 = corners[0]
    centred = [(x - x0, y - y0, z - z0) for x, y, z in corners]
    a, b, c = _normal(centred[: sizes[0]])
    length = (a * a + b * b + c * c) ** 0.5
    reach = max(max(abs(x), abs(y), abs(z)) for x, y, z in centred)
    if not length or max(abs(x * a + y * b + z * c) for x, y, z in centred) > FLATNESS * length * reach:
        return None
    if abs(c) >= abs(a) and abs(c) >= abs(b):
        points = [(x, y) if c > 0 else (y, x) for x, y, _z in centred]
    elif abs(a) >= abs(b):
        points = [(y, z) if a > 0 else (z, y) for _x, y, z in centred]
    else:
        points = [(z, x) if b > 0 else (x, z) for x, _y, z in centred]
    return filled(points, sizes)


def _normal(ring: list[Spot]) -> Spot:
    """Twice the area across each axis."""
    a = b = c = 0.0
    x0, y0, z0 = ring[-1]
    for x, y, z in ring:
        a += y0 * z - z0 * y
        b += z0 * x - x0 * z
        c += x0 * y - y0 * x
        x0, y0, z0 = x, y, z
    return a, b, c


def filled(points: list[Point], sizes: list[int]) -> list[Triangle] | None:
    """The same in the plane; every triangle turns left, whichever way the border does."""
    if len(points) > MOST or min(sizes) < 3:
        return None
    rings, start = [], 0
    for at, size in enumerate(sizes):
        ring = list(range(start, start + size))
        rings.append(ring if (at == 0) == (area(points, ring) > 0) else ring[::-1])
        start += size
    border = rings[0]
    if len(rings) == 1 and is_convex(points, border):
        return [(border[0], border[at], border[at + 1]) for at in range(1, len(border) - 1)]
    for hole in sorted(rings[1:], key=lambda ring: -max(points[at][0] for at in ring)):
        joined = _joined(points, border, hole)
        if joined is None:
            return None
        border = joined
    found = _ears(points, border)
    if found is None:
        return None
    whole = sum(area(points, ring) for ring in rings)
    filling = sum(abs(area(points, one)) for one in found)
    return found if abs(filling - whole) <= PER_MILLION * whole else None


def is_convex(points: list[Point], ring: list[int]) -> bool:
    """Whether it turns left everywhere, and all in all once."""
    changes, rising = 0, points[ring[0]][0] >= points[ring[-1]][0]
    before, here = points[ring[-2]], points[ring[-1]]
    for at in ring:
        after = points[at]
        if _turn(before, here, after) < 0:
            return False
        if after[0] != here[0] and (after[0] > here[0]) != rising:
            rising = not rising
            changes += 1
        before, here = here, after
    return changes <= 2


def area(points: list[Point], ring: Sequence[int]) -> float:
    """Positive where it turns left."""
    total = 0.0
    x0, y0 = points[ring[-1]]
    for at in ring:
        x1, y1 = points[at]
        total += x0 * y1 - x1 * y0
        x0, y0 = x1, y1
    return total / 2


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _joined(points: list[Point], border: list[int], hole: list[int]) -> list[int] | None:
    """The border led around the hole, by a bridge that crosses neither."""
    start = max(range(len(hole)), key=lambda at: points[hole[at]][0])
    hole = hole[start:] + hole[:start]
    tip = points[hole[0]]
    near = sorted(
        range(len(border)),
        key=lambda at: (points[border[at]][0] - tip[0]) ** 2 + (points[border[at]][1] - tip[1]) ** 2,
    )
    edges = [*zip(border, border[1:] + border[:1], strict=True), *zip(hole, hole[1:] + hole[:1], strict=True)]
    for at in near:
        end = points[border[at]]
        if not any(_cross(tip, end, points[one], points[other]) for one, other in edges) and _opens(
            points, border, at, tip
        ):
            return border[: at + 1] + hole + [hole[0]] + border[at:]
    return None


def _opens(points: list[Point], border: list[int], at: int, tip: Point) -> bool:
    """Whether the bridge to `tip` begins within the corner, not outside of it."""
    here, before, after = points[border[at]], points[border[at - 1]], points[border[(at + 1) % len(border)]]
    left, right = _turn(here, after, tip) > 0, _turn(before, here, tip) > 0
    return (left and right) if _turn(before, here, after) > 0 else (left or right)


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two lines meet elsewhere than at a common end."""
    if a in (c, d) or b in (c, d):
        shared = a if a in (c, d) else b
        far, other = (b if shared == a else a), (d if shared == c else c)
        along = (far[0] - shared[0]) * (other[0] - shared[0]) + (far[1] - shared[1]) * (other[1] - shared[1])
        return _turn(shared, far, other) == 0 and along > 0
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


def _ears(points: list[Point], border: list[int]) -> list[Triangle] | None:
    ring = list(border)
    found: list[Triangle] = []
    at, idle = 0, 0
    while len(ring) > 3:
        at %= len(ring)
        before, here, after = ring[at - 1], ring[at], ring[(at + 1) % len(ring)]
        turn = _turn(points[before], points[here], points[after])
        if turn == 0 and points[before] != points[after]:
            del ring[at]  # lies on a straight line
            idle = 0
            continue
        if turn > 0 and _is_ear(points, ring, at):
            found.append((before, here, after))
            del ring[at]
            idle = 0
            at += 1
            continue
        at += 1
        idle += 1
        if idle > len(ring):
            return None
    found.append((ring[0], ring[1], ring[2]))
    return found


def _is_ear(points: list[Point], ring: list[int], at: int) -> bool:
    a, b, c = points[ring[at - 1]], points[ring[at]], points[ring[(at + 1) % len(ring)]]
    for other in ring:
        p = points[other]
        if p in (a, b, c):
            continue
        if _turn(a, b, p) >= 0 and _turn(b, c, p) >= 0 and _turn(c, a, p) >= 0:
            return False
    return True
