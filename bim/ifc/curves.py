"""Closed flat curves as rings of corners: polylines, circles, and curves made of lines and arcs."""

from itertools import pairwise
from math import acos, atan2, ceil, cos, hypot, pi, sin
from typing import Any, NamedTuple

from bim.ifc.axes import NotPlain, flat_axes
from bim.ifc.polygons import Point

DEVIATION = 0.0005  # metres between an arc and the lines that stand for it
WIDEST = pi / 12  # radians one line may stand for
SAME = 1e-5  # metres


class Measures(NamedTuple):
    """Metres of the file's unit of length, radians of its unit of angles."""

    metres: float
    radians: float


def ring_of(curve: Any, measures: Measures) -> list[Point]:
    """The corners, the first one not repeated at the end."""
    if curve.is_a() == "IfcPolyline":
        return closed_polyline(curve)
    if curve.is_a() != "IfcCompositeCurve":
        raise NotPlain
    points: list[Point] = []
    for segment in curve.get_argument(0):
        piece = _piece(segment.get_argument(2), measures)
        if not segment.get_argument(1):
            piece.reverse()
        if points and _distance(points[-1], piece[0]) * measures.metres > SAME:
            raise NotPlain
        points += piece[1:] if points else piece
    if len(points) < 4 or _distance(points[0], points[-1]) * measures.metres > SAME:
        raise NotPlain
    return points[:-1]


def closed_polyline(curve: Any) -> list[Point]:
    if curve.is_a() != "IfcPolyline":
        raise NotPlain
    points = _polyline(curve)
    if len(points) < 4 or points[0] != points[-1]:
        raise NotPlain
    return points[:-1]


def circle(radius: float, measures: Measures) -> list[Point]:
    """Around the origin, turned left."""
    steps = max(8, _steps(2 * pi, radius * measures.metres))
    return [(radius * cos(2 * pi * at / steps), radius * sin(2 * pi * at / steps)) for at in range(steps)]


def _piece(curve: Any, measures: Measures) -> list[Point]:
    if curve.is_a() == "IfcPolyline":
        return _polyline(curve)
    if curve.is_a() == "IfcTrimmedCurve" and curve.get_argument(0).is_a() == "IfcCircle":
        return _arc(curve, measures)
    raise NotPlain


def _polyline(curve: Any) -> list[Point]:
    points: list[Point] = [point.get_argument(0) for point in curve.get_argument(0)]
    if any(len(point) != 2 for point in points) or any(one == other for one, other in pairwise(points)):
        raise NotPlain
    return points


def _arc(curve: Any, measures: Measures) -> list[Point]:
    """From the first trim to the second: to the left where it agrees with the circle's sense, else to the right."""
    placement, radius = curve.get_argument(0).get_argument(0), curve.get_argument(0).get_argument(1)
    if placement.is_a() != "IfcAxis2Placement2D" or radius <= 0:
        raise NotPlain
    a, b, c, d, e, f = flat_axes(placement)
    begin, end = (_angle(curve.get_argument(at), (a, b, c, d, e, f), measures) for at in (1, 2))
    turn = (end - begin) % (2 * pi) if curve.get_argument(3) else -((begin - end) % (2 * pi))
    if abs(turn) < 1e-6:
        raise NotPlain
    steps = _steps(abs(turn), radius * measures.metres)
    angles = [begin + turn * at / steps for at in range(steps + 1)]
    around = [(radius * cos(angle), radius * sin(angle)) for angle in angles]
    return [(a * x + b * y + e, c * x + d * y + f) for x, y in around]


def _angle(trims: Any, axes: tuple[float, ...], measures: Measures) -> float:
    a, b, c, d, e, f = axes
    for trim in trims:
        if trim.is_a() == "IfcParameterValue":
            return float(trim.get_argument(0)) * measures.radians
    x, y = trims[0].get_argument(0)
    return atan2(b * (x - e) + d * (y - f), a * (x - e) + c * (y - f))


def _steps(turn: float, metres: float) -> int:
    """How many lines an arc of that radius needs."""
    widest = 2 * acos(1 - DEVIATION / metres) if metres > DEVIATION else WIDEST
    return ceil(turn / min(widest, WIDEST))


def _distance(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
