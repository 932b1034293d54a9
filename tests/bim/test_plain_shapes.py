"""What is drawn without the kernel is what the kernel draws: place, extent, area, volume and colours."""

from math import pi
from pathlib import Path
from time import monotonic

import ifcopenshell
import numpy as np
import pytest

from bim.ifc import geometry, shapes
from bim.ifc.faces import Faces
from bim.ifc.glb import Floats, Surface
from bim.ifc.measure import measured
from bim.ifc.orientation import oriented
from bim.ifc.places import Placements
from bim.ifc.plain_shapes import PlainShapes
from bim.ifc.polygons import area, filled, filled_in_space
from bim.ifc.prisms import BOX
from bim.ifc.solids import Solid, below, volume, without
from tests.support.ifc_builder import IfcBuilder
from tests.support.ifc_samples import models, sample

RAW = "zh-raw"  # is rewritten before it is drawn
NAMES = [name for name in models() if name.endswith(".ifc") and RAW not in name] or [
    pytest.param("", marks=pytest.mark.skip(reason="no samples beside the repository"))
]
Drawn = dict[int, tuple[Surface, Floats]]


def plainly(model: ifcopenshell.file, path: Path) -> Drawn:
    products = [one for one in model.by_type("IfcProduct") if geometry._is_wanted(one)]
    return _by_product(PlainShapes(model, path, Placements(model)).shapes(products, monotonic() + 600))


def by_kernel(model: ifcopenshell.file, products: Drawn, kernel: shapes.Kernel) -> Drawn:
    return _by_product(shapes.shapes(model, list(products), kernel, monotonic() + 600))


def _by_product(found) -> Drawn:
    surfaces: dict[str, Surface] = {}
    drawn: Drawn = {}
    for shape in found:
        if shape.surface is not None:
            surfaces[shape.geometry] = shape.surface
        drawn[shape.product] = surfaces[shape.geometry], shape.matrix
    return drawn


def assert_same(ours: tuple[Surface, Floats], theirs: tuple[Surface, Floats], what: str) -> None:
    (surface, matrix), (other, placed) = ours, theirs
    assert np.abs(surface.box(matrix) - other.box(placed)).max() < 1e-3, what
    figures, expected = measured(surface).placed(matrix), measured(other).placed(placed)
    assert figures[3] == pytest.approx(expected[3], rel=2e-3), f"area of {what}"
    if not surface.is_open:
        assert figures[4] == pytest.approx(expected[4], rel=2e-3, abs=1e-6), f"volume of {what}"
    colours = [sorted({one.colours[at] for at in one.materials.tolist()}) for one in (surface, other)]
    assert np.abs(np.array(colours[0]) - np.array(colours[1])).max() < 1e-3, f"colours of {what}"


@pytest.mark.parametrize("name", NAMES)
def test_real_products_are_drawn_as_the_kernel_draws_them(name: str):
    """Of the kernels the slow one is exact; loose faces are turned alike by the quick one only."""
    path = sample(name)
    model = ifcopenshell.open(path)
    ours = plainly(model, path)
    loose = {one.id() for one in model.by_type("IfcProduct") if one.id() in ours and _is_loose(one)}
    theirs = by_kernel(model, {number: ours[number] for number in ours.keys() - loose}, geometry.THOROUGH)
    theirs |= by_kernel(model, {number: ours[number] for number in loose}, geometry.CUTTING)
    for number, one in ours.items():
        if number in theirs and theirs[number][0].has_faces:  # else lost by the kernel
            assert_same(one, theirs[number], f"#{number} {model[number].is_a()}")


def _is_loose(product: ifcopenshell.entity_instance) -> bool:
    items = [item for one in product.Representation.Representations for item in one.Items]
    for item in items:
        if item.is_a("IfcMappedItem"):
            items += item.MappingSource.MappedRepresentation.Items  # grows while it is walked through
    return any(item.is_a("IfcFaceBasedSurfaceModel") for item in items)


class Workshop:
    """Makes walls of other shapes than boxes."""

    def __init__(self, unit: str = "METRE") -> None:
        self.model = IfcBuilder(unit=unit)
        self.storey = self.model.storey("一层", 3.0)
        self.metre = 1 / self.model._metres

    def point(self, *at: float) -> int:
        return self.model.add(f"IFCCARTESIANPOINT(({','.join(f'{one * self.metre:.6f}' for one in at)}))")

    def direction(self, *way: float) -> int:
        return self.model.add(f"IFCDIRECTION(({','.join(f'{one:.9f}' for one in way)}))")

    def axes(self, at=(0, 0, 0), z=(0, 0, 1), x=(1, 0, 0)) -> int:
        return self.model.add(f"IFCAXIS2PLACEMENT3D(#{self.point(*at)},#{self.direction(*z)},#{self.direction(*x)})")

    def line(self, ring) -> int:
        points = [self.point(*at) for at in ring]
        return self.model.add(f"IFCPOLYLINE(({','.join(f'#{one}' for one in (*points, points[0]))}))")

    def prism(self, ring, depth: float, *holes, way=(0, 0, 1), **axes) -> int:
        inner = ",".join(f"#{self.line(hole)}" for hole in holes)
        kind = "IFCARBITRARYPROFILEDEFWITHVOIDS" if holes else "IFCARBITRARYCLOSEDPROFILEDEF"
        profile = self.model.add(f"{kind}(.AREA.,$,#{self.line(ring)}{f',({inner})' if holes else ''})")
        tall = f"{depth * self.metre:.6f}"
        return self.model.add(f"IFCEXTRUDEDAREASOLID(#{profile},#{self.axes(**axes)},#{self.direction(*way)},{tall})")

    def round_prism(self, radius: float, depth: float) -> int:
        profile = self.model.add(f"IFCCIRCLEPROFILEDEF(.AREA.,$,$,{radius * self.metre:.6f})")
        tall = f"{depth * self.metre:.6f}"
        return self.model.add(f"IFCEXTRUDEDAREASOLID(#{profile},#{self.axes()},#{self.direction(0, 0, 1)},{tall})")

    def rounded_prism(self, depth: float, agrees: bool) -> int:
        """A square with an arc for a side: bulging, or, against the sense of the circle, hollow."""
        flat = self.model.add(f"IFCAXIS2PLACEMENT2D(#{self.point(2, 1)},#{self.direction(0, 1)})")
        whole = self.model.add(f"IFCCIRCLE(#{flat},{self.metre:.6f})")
        ends = ",".join(f"(IFCPARAMETERVALUE({one}))" for one in (f"{pi:.9f}", "0."))
        arc = self.model.add(f"IFCTRIMMEDCURVE(#{whole},{ends},{'.T.' if agrees else '.F.'},.PARAMETER.)")
        points = [self.point(*at) for at in ((2, 2), (0, 2), (0, 0), (2, 0))]
        line = self.model.add(f"IFCPOLYLINE(({','.join(f'#{one}' for one in points)}))")
        parts = [self.model.add(f"IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#{one})") for one in (arc, line)]
        curve = self.model.add(f"IFCCOMPOSITECURVE((#{parts[0]},#{parts[1]}),.F.)")
        profile = self.model.add(f"IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#{curve})")
        tall = f"{depth * self.metre:.6f}"
        return self.model.add(f"IFCEXTRUDEDAREASOLID(#{profile},#{self.axes()},#{self.direction(0, 0, 1)},{tall})")

    def half_space(self, at, z, agrees=True, ring=None) -> int:
        plane = self.model.add(f"IFCPLANE(#{self.axes(at, z, (0, 1, 0) if abs(z[0]) > 0.9 else (1, 0, 0))})")
        flag = ".T." if agrees else ".F."
        if ring is None:
            return self.model.add(f"IFCHALFSPACESOLID(#{plane},{flag})")
        return self.model.add(f"IFCPOLYGONALBOUNDEDHALFSPACE(#{plane},{flag},#{self.axes()},#{self.line(ring)})")

    def clip(self, solid: int, half_space: int) -> int:
        return self.model.add(f"IFCBOOLEANCLIPPINGRESULT(.DIFFERENCE.,#{solid},#{half_space})")

    def brep(self, corners, faces) -> int:
        points = [self.point(*at) for at in corners]
        made = []
        for borders in faces:
            bounds = []
            for at, border in enumerate(borders):
                loop = self.model.add(f"IFCPOLYLOOP(({','.join(f'#{points[one]}' for one in border)}))")
                bounds.append(self.model.add(f"IFCFACE{'BOUND' if at else 'OUTERBOUND'}(#{loop},.T.)"))
            made.append(self.model.add(f"IFCFACE(({','.join(f'#{one}' for one in reversed(bounds))}))"))
        shell = self.model.add(f"IFCCLOSEDSHELL(({','.join(f'#{one}' for one in made)}))")
        return self.model.add(f"IFCFACETEDBREP(#{shell})")

    def wall(self, *items: int, name: str = "墙", kind: str = "SweptSolid", **facts) -> int:
        wall = self.model.element("IfcWall", name, self.storey, at=(12.5, -3.25, 3.0), **facts)
        shape = int(self.model._lines[wall - 1].split("#")[2].split(",")[0])
        listed = ",".join(f"#{one}" for one in items)
        body = self.model.add(f"IFCSHAPEREPRESENTATION(#{self.model._context},'Body','{kind}',({listed}))")
        self.model._lines[shape - 1] = f"IFCPRODUCTDEFINITIONSHAPE($,$,(#{body}))"
        return wall

    def hole(self, wall: int, solid: int) -> None:
        opening = self.wall(solid, name="洞")
        self.model._lines[opening - 1] = self.model._lines[opening - 1].replace("IFCWALL(", "IFCOPENINGELEMENT(")
        self.model.rooted("IfcRelVoidsElement", None, f"#{wall},#{opening}")


BAR = [(0, 0), (5, 0), (5, 0.3), (0, 0.3)]
MITRED = [(0, 0), (5, 0), (4.7, 0.3), (0.3, 0.3)]
BENT = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 3), (0, 3)]
HOLED = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]
WINDOW = [(1, -1), (2, -1), (2, 1), (1, 1)]
EVERYWHERE = [(-9, -9), (9, -9), (9, 9), (-9, 9)]
PYRAMID = [(0, 0, 0), (4, 0, 0), (4, 4, 0), (0, 4, 0), (2, 2, 3)]


def solids(shop: Workshop):
    """Name → the item of a wall."""
    return {
        "bar": lambda: shop.prism(BAR, 3),
        "bar downwards": lambda: shop.prism(BAR, 3, way=(0, 0, -1)),
        "slanted": lambda: shop.prism(BAR, 3, way=(0.3, 0.1, 0.9)),
        "border turned right": lambda: shop.prism(BENT[::-1], 3),
        "bent": lambda: shop.prism(BENT, 3, at=(1, 2, 3), z=(0.3, 0.2, 0.8), x=(0.9, 0, -0.4)),
        "with a shaft": lambda: shop.prism(BENT, 2, HOLED, [(1.5, 0.2), (1.5, 0.8), (3.5, 0.5)]),
        "gable": lambda: shop.clip(shop.prism(BAR, 3), shop.half_space((0, 0, 2), (0.4, 0, 1), agrees=False)),
        "gable on both sides": lambda: shop.clip(
            shop.clip(shop.prism(BAR, 4), shop.half_space((2.5, 0, 3), (0.5, 0, 1), agrees=False)),
            shop.half_space((2.5, 0, 3), (-0.5, 0, 1), agrees=False),
        ),
        "bent and clipped": lambda: shop.clip(shop.prism(BENT, 3), shop.half_space((0, 0, 1), (-0.2, 0.3, -1))),
        "clipped everywhere": lambda: shop.clip(
            shop.prism(BAR, 3), shop.half_space((0, 0, 2), (0, 0.2, -1), ring=EVERYWHERE)
        ),
        "clipped in a part": lambda: shop.clip(
            shop.prism(BAR, 3), shop.half_space((0, 0, 2), (0, 0, -1), ring=[(1, -1), (2.5, -1), (2.5, 1), (1, 1)])
        ),
        "pyramid": lambda: shop.brep(PYRAMID, [[[3, 2, 1, 0]], [[0, 1, 4]], [[1, 2, 4]], [[2, 3, 4]], [[3, 0, 4]]]),
    }  # fmt: skip


@pytest.mark.parametrize("unit", ["METRE", "MILLIMETRE"])
@pytest.mark.parametrize("name", solids(Workshop()))
def test_made_solids_are_drawn_as_the_slow_kernel_draws_them(name: str, unit: str, tmp_path: Path):
    shop = Workshop(unit)
    wall = shop.wall(solids(shop)[name]())
    path = shop.model.write(tmp_path / "model.ifc")
    model = ifcopenshell.open(path)
    ours = plainly(model, path)
    assert ours.keys() == {wall}, "drawn without the kernel"
    assert_same(ours[wall], by_kernel(model, ours, geometry.THOROUGH)[wall], name)


@pytest.mark.parametrize("unit", ["METRE", "MILLIMETRE"])
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda shop: shop.round_prism(0.4, 3), 3 * pi * 0.16),
        (lambda shop: shop.rounded_prism(3, agrees=True), 3 * (4 + pi / 2)),
        (lambda shop: shop.rounded_prism(3, agrees=False), 3 * (4 - pi / 2)),
    ],
    ids=["round", "bulging", "hollow"],
)
def test_round_solids_are_as_near_to_the_truth_as_the_kernel_draws_them(make, expected, unit: str, tmp_path: Path):
    shop = Workshop(unit)
    wall = shop.wall(make(shop))
    path = shop.model.write(tmp_path / "model.ifc")
    model = ifcopenshell.open(path)
    ours = plainly(model, path)
    (surface, matrix), (other, placed) = ours[wall], by_kernel(model, ours, geometry.THOROUGH)[wall]
    assert measured(surface).volume == pytest.approx(expected, rel=4e-3)
    assert abs(measured(surface).volume - expected) < abs(measured(other).volume - expected) + 1e-6
    assert np.abs(surface.box(matrix) - other.box(placed)).max() < 0.012


@pytest.mark.parametrize(
    ("ring", "holes"),
    [
        (BAR, [WINDOW]),
        (BAR, [WINDOW, [(3, -1), (3.5, -1), (3.5, 0.1), (3, 0.1)]]),
        (BAR, [[(1, 0), (2, 0), (2, 0.3), (1, 0.3)]]),
        (BAR, [[(1, 0.05), (2, 0.05), (2, 0.25), (1, 0.25)]]),
        (BAR, [[(-1, -1), (1, -1), (1, 1), (-1, 1)]]),
        (BAR, [[(1, -1), (2, 1), (1.5, 1.2), (0.5, -0.8)]]),
        (MITRED, [WINDOW]),
        (BENT, [[(0.2, 0.1), (1.7, 0.3), (0.7, 0.9)]]),
        (BENT, [[(0.2, 0.2), (1.7, 0.3), (0.9, 0.9)]]),
        (BAR, [WINDOW, [(1.2, -0.5), (2, -0.5), (2, 0.5), (1.2, 0.5)]]),
        (BAR, [[(7, 0), (8, 0), (8, 1), (7, 1)]]),
    ],
    ids=[
        "window",
        "niche",
        "flush",
        "hollow",
        "end",
        "slanting",
        "mitred",
        "bent",
        "along a seam",
        "one in another",
        "beside",
    ],
)
def test_openings_are_cut_as_the_slow_kernel_cuts_them(ring, holes, tmp_path: Path):
    shop = Workshop("MILLIMETRE")
    wall = shop.wall(shop.prism(ring, 3))
    for hole in holes:
        shop.hole(wall, shop.prism(hole, 1.2, at=(0, 0, 0.9)))
    path = shop.model.write(tmp_path / "model.ifc")
    model = ifcopenshell.open(path)
    ours = plainly(model, path)
    assert ours.keys() == {wall}
    assert_same(ours[wall], by_kernel(model, ours, geometry.THOROUGH)[wall], "wall")


def test_openings_of_a_clipped_wall_are_cut_too(tmp_path: Path):
    shop = Workshop()
    wall = shop.wall(shop.clip(shop.prism(BAR, 3), shop.half_space((0, 0, 2), (0.4, 0, 1), agrees=False)))
    shop.hole(wall, shop.prism(WINDOW, 2, at=(0, 0, 0.9)))
    path = shop.model.write(tmp_path / "model.ifc")
    model = ifcopenshell.open(path)
    ours = plainly(model, path)
    assert ours.keys() == {wall}
    assert_same(ours[wall], by_kernel(model, ours, geometry.THOROUGH)[wall], "wall")


def test_the_openings_of_a_whole_are_cut_out_of_its_parts(tmp_path: Path):
    shop = Workshop()
    whole, part = shop.wall(shop.prism(BAR, 3)), shop.wall(shop.prism(BAR, 3), name="层")
    shop.model.rooted("IfcRelAggregates", None, f"#{whole},(#{part})")
    shop.hole(whole, shop.prism(WINDOW, 1))
    path = shop.model.write(tmp_path / "model.ifc")
    model = ifcopenshell.open(path)
    ours = plainly(model, path)
    assert ours.keys() == {whole, part}
    theirs = by_kernel(model, ours, geometry.THOROUGH)
    for number in (whole, part):
        assert_same(ours[number], theirs[number], f"#{number}")


def _touching(shop: Workshop) -> None:
    wall = shop.wall(shop.prism(BAR, 3))
    shop.hole(wall, shop.prism(WINDOW, 1))
    shop.hole(wall, shop.prism([(1.5, -1), (3, -1), (3, 1), (1.5, 1)], 1))


def _oval(shop: Workshop) -> None:
    profile = shop.model.add("IFCELLIPSEPROFILEDEF(.AREA.,$,$,1.,2.)")
    shop.wall(shop.model.add(f"IFCEXTRUDEDAREASOLID(#{profile},#{shop.axes()},#{shop.direction(0, 0, 1)},3.)"))


def _hourglass(shop: Workshop) -> None:
    shop.wall(shop.prism([(0, 0), (2, 2), (2, 0), (0, 2)], 3))


def _flat(shop: Workshop) -> None:
    shop.wall(shop.prism(BAR, 3, way=(1, 0, 0)))


@pytest.mark.parametrize("make", [_touching, _oval, _hourglass, _flat])
def test_what_is_not_plain_is_left_to_the_kernel(make, tmp_path: Path):
    shop = Workshop()
    make(shop)
    path = shop.model.write(tmp_path / "model.ifc")
    assert plainly(ifcopenshell.open(path), path) == {}


def test_polygons_are_filled_exactly_and_turn_left():
    ring = [(float(x), float(y)) for x, y in BENT]
    for sizes, points in (([6], ring), ([6], ring[::-1]), ([6, 4], ring + HOLED)):
        found = filled(points, sizes)
        assert all(area(points, one) > 0 for one in found)
        assert sum(area(points, one) for one in found) == pytest.approx(6 - (0.36 if len(sizes) > 1 else 0))
    assert filled([(0, 0), (2, 2), (2, 0), (0, 2)], [4]) is None, "crosses itself"
    assert filled_in_space([(0, 0, 0), (1, 0, 0), (1, 1, 0.5), (0, 1, 0)], [4]) is None, "is not flat"


def test_loose_triangles_of_a_closed_surface_are_turned_alike():
    corners = np.array([(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))], float)
    mixed = BOX.copy()
    mixed[::3] = mixed[::3][:, ::-1]
    found = oriented(corners, mixed)
    assert abs(_volume(corners, mixed)) < 1 - 1e-9 and _volume(corners, found) == pytest.approx(1)
    assert oriented(corners, BOX) is BOX
    assert oriented(corners, BOX[:-1]) is None, "is open"


def _volume(corners: Floats, triangles) -> float:
    a, b, c = (corners[triangles[:, at]] for at in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


def test_a_cube_is_cut_by_planes_and_by_cubes():
    cube = _cube((0, 0, 0), (2, 2, 2))
    half = below(cube, (0.0, 0.0, 1.0, 0.5))
    assert volume(half.faces) == volume(half.parts[0]) == pytest.approx(2)
    assert below(cube, (0.0, 0.0, 1.0, -1.0)).parts == []
    corner = without(cube, [_cube((1, 1, 1), (3, 3, 3)).faces])
    assert volume(corner) == pytest.approx(7)
    assert without(cube, [_cube((2, 0, 0), (3, 2, 2)).faces]) == cube.faces, "lies beside it"
    overlapping = [_cube((0, 0, 0), (1, 1, 1)).faces, _cube((0.5, 0, 0), (1.5, 1, 1)).faces]
    assert without(cube, overlapping) is None


def _cube(low, high) -> Solid:
    corners = [
        (x, y, z)
        for z in (low[2], high[2])
        for x, y in ((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]))
    ]
    sides = [(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    faces = [[corners[at] for at in side] for side in sides]
    return Solid(faces, [faces])


def test_faces_that_refer_to_nothing_have_no_triangles(tmp_path: Path):
    path = tmp_path / "faces.ifc"
    path.write_text(
        "\n#1=IFCCARTESIANPOINT((0.,0.,0.));\n#2=IFCCARTESIANPOINT((1.,0.,0.));\n#3=IFCCARTESIANPOINT((0.,1.,0.));"
        "\n#4=IFCPOLYLOOP((#1,#2,#3));\n#5=IFCPOLYLOOP((#1,#2,#99));\n#6=IFCFACEOUTERBOUND(#4,.T.);"
        "\n#7=IFCFACEOUTERBOUND(#5,.T.);\n#8=IFCFACEOUTERBOUND(#98,.T.);\n#9=IFCFACE((#6));\n#10=IFCFACE((#7));"
        "\n#11=IFCFACE((#8));\n#12=IFCOPENSHELL((#9));\n#13=IFCOPENSHELL((#9,#10));\n#14=IFCOPENSHELL((#11));"
        "\n#15=IFCOPENSHELL((#97));\n"
    )
    faces = Faces(path)
    assert faces.of_shell(12).tolist() == [[0, 1, 2]]
    assert [faces.of_shell(number) for number in (13, 14, 15, 96)] == [None] * 4


def test_a_file_without_faces_has_none(tmp_path: Path):
    path = IfcBuilder().write(tmp_path / "model.ifc")
    assert Faces(path).of_shell(1) is None
