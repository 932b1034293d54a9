"""Axes and transformations of a file as matrices; what is not plainly said raises NotPlain, and a library reads it."""

from typing import Any

import numpy as np

from bim.ifc.glb import Floats


class NotPlain(Exception):
    """Left to the kernel, or to the library."""


def flat_axes(placement: Any) -> tuple[float, float, float, float, float, float]:
    """Turn (a b / c d) and origin of an IfcAxis2Placement2D."""
    u, v = placement.get_argument(0).get_argument(0)
    said = placement.get_argument(1)
    x, y = said.get_argument(0)[:2] if said is not None else (1.0, 0.0)
    length = (x * x + y * y) ** 0.5
    if not length:
        raise NotPlain
    return x / length, -y / length, y / length, x / length, u, v


def axes(placement: Any) -> Floats:
    """The matrix (4, 4) of an IfcAxis2Placement3D, in the file's unit."""
    if placement.is_a() != "IfcAxis2Placement3D":
        raise NotPlain
    location, axis, reference = (placement.get_argument(at) for at in range(3))
    made = np.eye(4)
    at = location.get_argument(0)
    made[: len(at), 3] = at
    if axis is None and reference is None:
        return made
    z = axis.get_argument(0) if axis is not None else (0.0, 0.0, 1.0)
    x = reference.get_argument(0) if reference is not None else (1.0, 0.0, 0.0)
    made[:3, :3] = turned(z, x)
    return made


def turned(z: Any, x: Any) -> Floats:
    """Columns: x made square to z, y, z; all of length one."""
    zx, zy, zz = _unit(z)
    xx, xy, xz = _unit(x)
    along = xx * zx + xy * zy + xz * zz
    xx, xy, xz = _unit((xx - along * zx, xy - along * zy, xz - along * zz))
    return np.array([(xx, zy * xz - zz * xy, zx), (xy, zz * xx - zx * xz, zy), (xz, zx * xy - zy * xx, zz)])


def _unit(direction: Any) -> tuple[float, float, float]:
    x, y, z = direction if len(direction) == 3 else (*direction, 0.0)
    length = (x * x + y * y + z * z) ** 0.5
    if length < 1e-9:
        raise NotPlain
    return x / length, y / length, z / length


def operator(said: Any) -> Floats:
    """The matrix of an IfcCartesianTransformationOperator3D, in the file's unit; without scales of its own axes."""
    if said.is_a() != "IfcCartesianTransformationOperator3D":
        raise NotPlain
    one, two, origin, scale, three = (said.get_argument(at) for at in range(5))
    made = np.eye(4)
    at = origin.get_argument(0)
    made[: len(at), 3] = at
    if one is not None or two is not None or three is not None:
        made[:3, :3] = _operated(*(None if axis is None else axis.get_argument(0) for axis in (one, two, three)))
    if scale is not None:
        made[:3, :3] *= scale
    return made


def _operated(one: Any, two: Any, three: Any) -> Floats:
    """As the standard has it: the third axis leads, the first is made square to it, the second to both."""
    z = _unit(three if three is not None else (0.0, 0.0, 1.0))
    made = turned(z, one if one is not None else (1.0, 0.0, 0.0))
    if two is not None and float(made[:, 1] @ np.array(_unit(two))) < 0:
        made[:, 1] *= -1
    return made
