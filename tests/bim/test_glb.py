"""The GLB of a model: every product with a representation is drawn or listed, exact, small and readable by others."""

import json
import os
from pathlib import Path

import ifcopenshell
import ifcopenshell.geom
import numpy as np
import pytest

from bim.ifc import geometry, process, shapes
from bim.ifc.glb import Glb, Surface
from tests.support import glb_reader
from tests.support.glb_reader import GlbFile
from tests.support.ifc_builder import IfcBuilder
from tests.support.ifc_samples import sample


@pytest.fixture
def converted(tmp_path: Path):
    """Converts a built model; returns the summary and the file as another program reads it."""

    def done(model: IfcBuilder) -> tuple[geometry.Summary, GlbFile]:
        summary = geometry.convert(model.write(tmp_path / "model.ifc"), tmp_path / "model.glb")
        return summary, GlbFile(tmp_path / "model.glb")

    return done


def guid_of(model: IfcBuilder, number: int) -> str:
    return ifcopenshell.file.from_string(model.text())[number].GlobalId


def test_a_wall_is_drawn_with_its_own_measures_and_place(converted):
    model = IfcBuilder(unit="MILLIMETRE")
    ground = model.storey("一层")
    model.element("IfcWall", "墙", ground, at=(10, 20, 3), size=(5, 0.2, 3))
    summary, glb = converted(model)
    (node,) = glb.nodes
    drawn = glb.drawn(node)
    assert node["name"] == node["extras"]["guid"]
    assert glb_reader.volume(drawn.triangles) == pytest.approx(5 * 0.2 * 3, rel=1e-6)
    low, high = glb_reader.extent(drawn.triangles)
    assert low == pytest.approx((10, 20, 3), abs=1e-3)
    assert high == pytest.approx((15, 20.2, 6), abs=1e-3)
    assert (summary.products, summary.shown, summary.missing) == (1, 1, [])
    assert summary.bbox == pytest.approx([10, 20, 3, 15, 20.2, 6], abs=1e-3)
    assert summary.places[node["name"]] == pytest.approx([10, 20, 3], abs=1e-6)


def test_the_root_turns_the_model_upright(converted):
    model = IfcBuilder()
    model.element("IfcColumn", "柱", model.storey("一层"), size=(0.5, 0.5, 7))
    _summary, glb = converted(model)
    turned = glb_reader.matrix_of(glb.root)
    up = [row[2] for row in turned[:3]]
    assert up == pytest.approx([0, 1, 0], abs=1e-9)


def test_the_same_shape_is_kept_once_however_often_and_large_it_stands(converted):
    model = IfcBuilder()
    ground = model.storey("一层")
    for number in range(30):
        model.element("IfcColumn", f"柱{number}", ground, at=(number * 1.7, number * 0.3, 0), size=(0.4, 0.4, 3))
    thick = model.element("IfcColumn", "粗柱", ground, at=(0, 9, 0), size=(0.8, 0.4, 6))
    cut = model.element("IfcColumn", "缺口柱", ground, at=(5, 9, 0), size=(0.8, 0.4, 6))
    hole = model.element("IfcOpeningElement", "洞", None, at=(5, 9, 2), size=(0.4, 0.4, 1))
    model.rooted("IfcRelVoidsElement", None, f"#{cut},#{hole}")
    summary, glb = converted(model)
    assert len(glb.nodes) == 32
    assert summary.meshes == len(glb.json["meshes"]) == 2, "one box for all columns, and the one with a hole"
    nodes = glb.by_guid()
    assert glb_reader.volume(glb.drawn(nodes[guid_of(model, thick)]).triangles) == pytest.approx(
        0.8 * 0.4 * 6, rel=1e-6
    )
    assert glb_reader.volume(glb.drawn(nodes[guid_of(model, cut)]).triangles) == pytest.approx(
        0.8 * 0.4 * 6 - 0.4 * 0.4 * 1, rel=1e-3
    )


def test_far_from_the_origin_a_millimetre_is_still_a_millimetre(converted):
    model = IfcBuilder(unit="MILLIMETRE")
    ground = model.storey("一层")
    far = (507_123.456, 2_491_987.654, 23.001)
    model.element("IfcWall", "墙", ground, at=far, size=(5, 0.2, 3))
    model.element("IfcWall", "墙2", ground, at=(far[0] + 40, far[1], far[2]), size=(5, 0.2, 3))
    summary, glb = converted(model)
    offset = glb.root["extras"]["offset"]
    assert offset == summary.offset and all(value == int(value) for value in offset)
    low, high = glb_reader.extent(glb.drawn(glb.nodes[0]).triangles)
    # What the browser computes with: 32-bit floats, which at the true place would err by decimetres.
    assert [np.float32(value) for value in low] == pytest.approx([far[i] - offset[i] for i in range(3)], abs=1e-3)
    assert high[0] + offset[0] == pytest.approx(far[0] + 5, abs=1e-3)
    assert max(map(abs, low)) < 100


def test_accessors_say_their_true_bounds_and_views_lie_in_the_buffer(converted):
    model = IfcBuilder()
    ground = model.storey("一层")
    model.element("IfcWall", "墙", ground, size=(5, 0.2, 3))
    model.element("IfcSlab", "地形", ground, size=(900, 700, 1))
    _summary, glb = converted(model)
    (buffer,) = glb.json["buffers"]
    assert buffer["byteLength"] == len(glb.binary)
    for view in glb.json["bufferViews"]:
        assert view["byteOffset"] % 4 == 0 and view["byteOffset"] + view["byteLength"] <= len(glb.binary)
    for number, accessor in enumerate(glb.json["accessors"]):
        rows = glb.values(number)
        if accessor["type"] == "VEC3":
            assert accessor["min"] == [min(column) for column in zip(*rows, strict=True)]
            assert accessor["max"] == [max(column) for column in zip(*rows, strict=True)]
    kinds = {accessor["componentType"] for accessor in glb.json["accessors"] if accessor["type"] == "VEC3"}
    assert kinds == {5122, 5126}, "small shapes in 16 bits, large ones in floats"
    assert glb.json["extensionsRequired"] == ["KHR_mesh_quantization"]


def test_rooms_and_holes_are_not_drawn_and_not_missed(converted):
    model = IfcBuilder()
    ground = model.storey("一层")
    wall = model.element("IfcWall", "墙", ground, size=(5, 0.2, 3))
    model.element("IfcSpace", "101", ground, size=(4, 4, 3))
    hole = model.element("IfcOpeningElement", "洞", None, at=(1, 0, 1), size=(1, 0.2, 1))
    model.rooted("IfcRelVoidsElement", None, f"#{wall},#{hole}")
    summary, glb = converted(model)
    (node,) = glb.nodes
    assert summary.missing == [] and summary.products == 1
    assert glb_reader.volume(glb.drawn(node).triangles) == pytest.approx(5 * 0.2 * 3 - 1 * 0.2 * 1, rel=1e-3)


def test_what_cannot_be_drawn_is_listed_by_name_and_reason(converted):
    model = IfcBuilder()
    ground = model.storey("一层")
    model.element("IfcWall", "墙", ground)
    empty = model.element("IfcWall", "无形", ground)
    text = model.element("IfcWall", "文字", ground)
    broken, written = (_without_shape(model, number) for number in (empty, text))
    body = model.add(f"IFCSHAPEREPRESENTATION(#{model._context},'Body','Brep',(#{_hollow_brep(model)}))")
    model._lines[broken - 1] = f"IFCPRODUCTDEFINITIONSHAPE($,$,(#{body}))"
    literal = model.add(f"IFCTEXTLITERAL('A',#{model._axes},.RIGHT.)")
    note = model.add(f"IFCSHAPEREPRESENTATION(#{model._context},'Annotation','Annotation2D',(#{literal}))")
    model._lines[written - 1] = f"IFCPRODUCTDEFINITIONSHAPE($,$,(#{note}))"
    summary, glb = converted(model)
    assert len(glb.nodes) == summary.shown == 1
    assert {(one.name, one.ifc_class, one.reason) for one in summary.missing} == {
        ("无形", "IfcWall", "EMPTY"),
        ("文字", "IfcWall", "TEXT"),
    }
    assert summary.products == summary.shown + len(summary.missing)


def _without_shape(model: IfcBuilder, element: int) -> int:
    """The number of the element's IfcProductDefinitionShape, to be replaced."""
    line = model._lines[element - 1]
    return int(line.split("#")[2].split(",")[0])


def _hollow_brep(model: IfcBuilder) -> int:
    shell = model.add("IFCCLOSEDSHELL(())")
    return model.add(f"IFCFACETEDBREP(#{shell})")


def test_curves_without_a_surface_are_drawn_as_lines(converted):
    model = IfcBuilder()
    ground = model.storey("一层")
    axis = model.element("IfcBuildingElementProxy", "轴线", ground, at=(1, 2, 0))
    shape = _without_shape(model, axis)
    points = [model.add(f"IFCCARTESIANPOINT(({x}.,0.,0.))") for x in (0, 8)]
    line = model.add(f"IFCPOLYLINE((#{points[0]},#{points[1]}))")
    curve = model.add(f"IFCSHAPEREPRESENTATION(#{model._context},'Axis','Curve3D',(#{line}))")
    model._lines[shape - 1] = f"IFCPRODUCTDEFINITIONSHAPE($,$,(#{curve}))"
    summary, glb = converted(model)
    (segment,) = glb.drawn(glb.nodes[0]).segments
    assert summary.missing == []
    assert sorted(segment) == [pytest.approx((1, 2, 0), abs=1e-3), pytest.approx((9, 2, 0), abs=1e-3)]


def test_a_model_without_shapes_is_a_readable_file_with_no_nodes(converted):
    model = IfcBuilder()
    model.element("IfcWall", "墙", model.storey("一层"), size=None)
    summary, glb = converted(model)
    assert (summary.products, glb.nodes, glb.binary) == (0, [], b"")
    assert summary.places, "where products stand is known all the same"


def test_colours_become_one_material_each_and_glass_stays_transparent(tmp_path: Path):
    glb = Glb()
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
    window = Surface(
        corners,
        np.array([[0, 1, 2], [0, 2, 3]], np.int32),
        np.array([0, 1], np.int32),
        ((1.0, 0.0, 0.0, 1.0), (0.5, 0.5, 1.0, 0.25)),
        np.zeros((0, 2), np.int32),
    )
    glb.node("a", glb.shape(window), np.eye(4))
    glb.write(tmp_path / "window.glb", {})
    read = GlbFile(tmp_path / "window.glb")
    red, glass = read.json["materials"]
    assert red["pbrMetallicRoughness"]["baseColorFactor"] == [1.0, 0.0, 0.0, 1.0] and "alphaMode" not in red
    assert glass["alphaMode"] == "BLEND" and glass["pbrMetallicRoughness"]["baseColorFactor"][3] == pytest.approx(
        0.25, abs=0.01
    )
    assert [one["material"] for one in read.json["meshes"][0]["primitives"]] == [0, 1]
    assert glb_reader.area(read.drawn(read.nodes[0]).triangles) == pytest.approx(1, rel=1e-4)


@pytest.mark.parametrize("turn", ["quarter", "slanted", "mirrored"])
def test_a_turned_or_mirrored_placement_keeps_every_corner(tmp_path: Path, turn: str):
    angle = {"quarter": np.pi / 2, "slanted": 0.3, "mirrored": 1.1}[turn]
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = np.array([[cosine, -sine, 0, 7], [sine, cosine, 0, -3], [0, 0, 1, 2], [0, 0, 0, 1]], float)
    if turn == "slanted":
        matrix[:3, :3] = matrix[:3, :3] @ np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])
    if turn == "mirrored":
        matrix[:3, 0] *= -1
    corners = np.array([[0, 0, 0], [4, 0, 0], [0, 2, 0], [0, 0, 1]], float) + 0.37
    triangles = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32)
    solid = Surface(corners, triangles, np.zeros(4, np.int32), ((1, 1, 1, 1),), np.zeros((0, 2), np.int32))
    glb = Glb()
    glb.node("a", glb.shape(solid), matrix)
    glb.write(tmp_path / "solid.glb", {})
    read = GlbFile(tmp_path / "solid.glb")
    assert ("matrix" in read.nodes[0]) == (turn == "mirrored")
    expected = corners @ matrix[:3, :3].T + matrix[:3, 3]
    found = read.drawn(read.nodes[0]).triangles
    for triangle, numbers in zip(found, triangles, strict=True):
        for corner, number in zip(triangle, numbers, strict=True):
            assert corner == pytest.approx(expected[number].tolist(), abs=1e-4)


def test_a_product_that_breaks_the_kernel_costs_only_itself(tmp_path: Path, monkeypatch):
    """The kernel is made to die at one product and to spin at another; both are named, all others are drawn."""
    model = IfcBuilder()
    ground = model.storey("一层")
    for number in range(12):
        model.element("IfcWall", f"墙{number}", ground, at=(0, number, 0), size=(1 + number / 10, 0.2, 3))
    honest = shapes._shape

    def spiteful(element, known):
        if element.name == "墙3":
            os._exit(9)
        if element.name == "墙7":
            while True:
                pass
        return honest(element, known)

    monkeypatch.setattr(shapes, "_shape", spiteful)
    monkeypatch.setattr(
        geometry._Conversion, "_draw_plain", lambda self, products: None
    )  # the kernel draws these walls
    monkeypatch.setattr(shapes, "STARTING_SECONDS", 1.0)
    quick = shapes.Kernel("hybrid-cgal-simple-opencascade", seconds=0.5)
    for name in ("CUTTING", "THOROUGH", "CURVES"):
        monkeypatch.setattr(geometry, name, quick)
    summary = geometry.convert(model.write(tmp_path / "model.ifc"), tmp_path / "model.glb")
    assert {(one.name, one.reason) for one in summary.missing} == {("墙3", "CRASHED"), ("墙7", "TIMEOUT")}
    assert len(GlbFile(tmp_path / "model.glb").nodes) == 10


def test_what_is_not_drawn_in_time_is_listed(tmp_path: Path):
    model = IfcBuilder()
    model.element("IfcWall", "墙", model.storey("一层"))
    summary = geometry.convert(model.write(tmp_path / "model.ifc"), tmp_path / "model.glb", seconds=0)
    assert [(one.name, one.reason) for one in summary.missing] == [("墙", "GIVEN_UP")]


def test_the_worker_writes_the_file_and_the_facts_and_leaves_no_process_behind(tmp_path: Path):
    model = IfcBuilder()
    model.element("IfcWall", "墙", model.storey("一层"), at=(1, 2, 3))
    path = model.write(tmp_path / "model.ifc", encoding="gb18030")
    heard: list[str] = []
    result = process.run(
        process.worker("geometry", path, "--out", tmp_path / "model.glb", "--facts", tmp_path / "facts.json"),
        limits=process.Limits(),
        on_progress=lambda done, total, phase: heard.append(phase),
    )
    assert result.ok, result
    assert result.summary["shown"] == 1 and result.summary["bytes"] == (tmp_path / "model.glb").stat().st_size
    facts = json.loads((tmp_path / "facts.json").read_text())
    assert facts["missing"] == [] and list(facts["places"].values()).count([1.0, 2.0, 3.0]) == 1
    assert "checking" in heard


SAMPLES = (
    "duplex/Duplex_A_20110907.ifc",
    "fzk-haus/AC20-FZK-Haus.ifc",
    "samplehouse/SampleHouse4.ifc",
    "pcert/Infra-Bridge.IFC4X3.ifc",
    "revit/LargeBuilding.ifc",
)


@pytest.mark.parametrize("name", SAMPLES)
def test_real_models_look_as_the_default_kernel_draws_them_and_nothing_is_missing(name: str, tmp_path: Path):
    path = sample(name)
    summary = geometry.convert(path, tmp_path / "model.glb")
    nodes = GlbFile(tmp_path / "model.glb")
    ours = nodes.by_guid()
    model = ifcopenshell.open(path)
    wanted = {
        one.GlobalId
        for one in model.by_type("IfcProduct")
        if one.Representation and not one.is_a("IfcSpace") and not one.is_a("IfcOpeningElement")
    }
    assert wanted == ours.keys() | {one.guid for one in summary.missing}
    theirs = _by_default_kernel(model)
    assert theirs.keys() <= ours.keys(), "the default kernel draws more"
    for guid, (low, high, size) in theirs.items():
        triangles = nodes.drawn(ours[guid]).triangles
        extents = glb_reader.extent(triangles)
        assert np.abs(np.array(extents) - [low, high]).max() < 0.012, guid
        assert glb_reader.area(triangles) == pytest.approx(size, rel=0.012, abs=1e-3), guid


def _by_default_kernel(model: ifcopenshell.file) -> dict[str, tuple[np.ndarray, np.ndarray, float]]:
    """Lowest and highest corner and area of everything the default iterator draws."""
    settings = ifcopenshell.geom.settings()
    settings.set("use-world-coords", True)
    found = {}
    iterator = ifcopenshell.geom.iterator(settings, model, 1, exclude=["IfcSpace", "IfcOpeningElement"])
    for element in iterator:
        corners = np.array(element.geometry.verts).reshape(-1, 3)
        a, b, c = (corners[np.array(element.geometry.faces).reshape(-1, 3)[:, axis]] for axis in range(3))
        size = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
        found[element.guid] = (corners.min(axis=0), corners.max(axis=0), size)
    return found
