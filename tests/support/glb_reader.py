"""Reads a binary glTF by the letter of its specification, knowing nothing of how ours is written."""

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMATS = {5120: ("b", 1), 5121: ("B", 1), 5122: ("h", 2), 5123: ("H", 2), 5125: ("I", 4), 5126: ("f", 4)}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
Matrix = list[list[float]]
Point = tuple[float, float, float]


@dataclass
class Drawn:
    """What one node draws: triangles (or lines) in the coordinates of the root node's children, offset not added."""

    node: dict[str, Any]
    triangles: list[tuple[Point, Point, Point]]
    segments: list[tuple[Point, Point]]


class GlbFile:
    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        magic, version, length = struct.unpack_from("<4sII", data)
        assert (magic, version, length) == (b"glTF", 2, len(data))
        size, kind = struct.unpack_from("<I4s", data, 12)
        assert kind == b"JSON" and size % 4 == 0
        self.json: dict[str, Any] = json.loads(data[20 : 20 + size])
        self.binary = b""
        if 20 + size < len(data):
            binary_size, binary_kind = struct.unpack_from("<I4s", data, 20 + size)
            assert binary_kind == b"BIN\0" and 28 + size + binary_size == len(data)
            self.binary = data[28 + size :]

    @property
    def root(self) -> dict[str, Any]:
        (number,) = self.json["scenes"][self.json["scene"]]["nodes"]
        return self.json["nodes"][number]

    @property
    def nodes(self) -> list[dict[str, Any]]:
        return [self.json["nodes"][number] for number in self.root.get("children", [])]

    def values(self, accessor: int) -> list[tuple[float, ...]]:
        one = self.json["accessors"][accessor]
        view = self.json["bufferViews"][one["bufferView"]]
        code, size = FORMATS[one["componentType"]]
        width = WIDTHS[one["type"]]
        stride = view.get("byteStride", size * width)
        start = view.get("byteOffset", 0) + one.get("byteOffset", 0)
        end = start + stride * (one["count"] - 1) + size * width
        assert end <= view.get("byteOffset", 0) + view["byteLength"] <= len(self.binary)
        assert start % 4 == 0 or size < 4, "accessors are aligned to their component"
        return [struct.unpack_from(f"<{width}{code}", self.binary, start + stride * row) for row in range(one["count"])]

    def drawn(self, node: dict[str, Any]) -> Drawn:
        matrix = matrix_of(node)
        found = Drawn(node, [], [])
        for primitive in self.json["meshes"][node["mesh"]]["primitives"]:
            corners = [_moved(matrix, corner) for corner in self.values(primitive["attributes"]["POSITION"])]
            order = [corners[int(index)] for (index,) in self.values(primitive["indices"])]
            if primitive.get("mode", 4) == 4:
                found.triangles += list(zip(order[::3], order[1::3], order[2::3], strict=True))
            else:
                found.segments += list(zip(order[::2], order[1::2], strict=True))
        return found

    def by_guid(self) -> dict[str, dict[str, Any]]:
        return {node["extras"]["guid"]: node for node in self.nodes}


def matrix_of(node: dict[str, Any]) -> Matrix:
    """Translation × rotation × scale, or the matrix, row by row."""
    if "matrix" in node:
        return [[node["matrix"][4 * column + row] for column in range(4)] for row in range(4)]
    x, y, z, w = node.get("rotation", (0, 0, 0, 1))
    length = math.hypot(x, y, z, w)
    x, y, z, w = x / length, y / length, z / length, w / length
    turn = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    scale, at = node.get("scale", (1, 1, 1)), node.get("translation", (0, 0, 0))
    return [[*(turn[row][column] * scale[column] for column in range(3)), at[row]] for row in range(3)] + [[0, 0, 0, 1]]


def volume(triangles: list[tuple[Point, Point, Point]]) -> float:
    """What a closed surface encloses (divergence theorem)."""
    total = 0.0
    for (ax, ay, az), (bx, by, bz), (cx, cy, cz) in triangles:
        total += ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx)
    return abs(total) / 6


def area(triangles: list[tuple[Point, Point, Point]]) -> float:
    total = 0.0
    for a, b, c in triangles:
        u, v = [q - p for p, q in zip(a, b, strict=True)], [q - p for p, q in zip(a, c, strict=True)]
        total += math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2
    return total


def extent(triangles: list[tuple[Point, ...]]) -> tuple[Point, Point]:
    corners = [corner for triangle in triangles for corner in triangle]
    low = tuple(min(corner[axis] for corner in corners) for axis in range(3))
    high = tuple(max(corner[axis] for corner in corners) for axis in range(3))
    return low, high  # type: ignore[return-value]


def _moved(matrix: Matrix, point: tuple[float, ...]) -> Point:
    x, y, z = (sum(row[axis] * point[axis] for axis in range(3)) + row[3] for row in matrix[:3])
    return x, y, z
