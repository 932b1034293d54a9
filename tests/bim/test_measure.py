"""What a shape measures does not depend on its triangles, its own axes or where they begin."""

import numpy as np
import pytest

from bim.ifc.glb import Surface
from bim.ifc.measure import measured
from tests.support.drawn_models import box


def turned(degrees: float, x: float = 0.0) -> np.ndarray:
    angle = np.radians(degrees)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix[0, 3] = x
    return matrix


def test_a_box_has_the_area_volume_and_middle_one_computes_by_hand():
    figures = measured(box(4.0, 0.2, 3.0)).placed(turned(0, 10.0))
    assert figures[:3] == pytest.approx([12.0, 0.1, 1.5])
    assert figures[3:5] == pytest.approx([2 * (4 * 0.2 + 4 * 3 + 0.2 * 3), 4 * 0.2 * 3])


def test_finer_triangles_and_another_origin_change_nothing():
    plain = box(4.0, 0.2, 3.0)
    a, b, c = (
        plain.corners[plain.triangles[:, 0]],
        plain.corners[plain.triangles[:, 1]],
        plain.corners[plain.triangles[:, 2]],
    )
    middle = (a + b) / 2
    corners = np.concatenate([a, b, c, middle]) - [500.0, 7.0, 0.0]
    n = len(a)
    at = np.arange(n)
    finer = np.concatenate([np.stack([at, at + 3 * n, at + 2 * n], 1), np.stack([at + 3 * n, at + n, at + 2 * n], 1)])
    surface = Surface(corners, finer.astype(np.int32), np.zeros(2 * n, np.int32), plain.colours, plain.segments)
    back = np.eye(4)
    back[:3, 3] = [500.0, 7.0, 0.0]
    assert measured(surface).placed(back) == pytest.approx(measured(plain).placed(np.eye(4)), abs=1e-6)


def test_a_turned_shape_spreads_elsewhere_and_a_shape_drawn_turned_spreads_the_same():
    plain = box(4.0, 0.2, 3.0)
    turn = turned(90)
    drawn = Surface(plain.corners @ turn[:3, :3].T, plain.triangles, plain.materials, plain.colours, plain.segments)
    assert measured(drawn).placed(np.eye(4)) == pytest.approx(measured(plain).placed(turn), abs=1e-7)
    assert measured(plain).placed(turn)[5:] != pytest.approx(measured(plain).placed(np.eye(4))[5:], abs=1e-3)


def test_lines_are_measured_by_their_length_and_nothing_by_nothing():
    line = Surface(
        np.array([[0.0, 0, 0], [3.0, 4.0, 0]]), np.zeros((0, 3), np.int32), np.zeros(0, np.int32), (),
        np.array([[0, 1]], np.int32),
    )  # fmt: skip
    assert measured(line).placed(np.eye(4))[:5] == pytest.approx([1.5, 2.0, 0.0, 5.0, 0.0])
    assert measured(Surface(line.corners, line.triangles, line.materials, (), line.segments[:0])) is None
