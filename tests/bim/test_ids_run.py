"""Runs of IDS files against real and small models, compared with IfcTester's own judgement of the fully opened file."""

import json
from pathlib import Path
from typing import Any

import ifcopenshell
import pytest
from ifctester import ids as ifctester_ids

from bim.ids_library import SHIPPED
from bim.ifc import ids_run
from tests.bim.test_ids_audit import WALL, attribute, entity, ids, prop, restricted, simple
from tests.support.handed_in import a_school
from tests.support.ifc_builder import IfcBuilder
from tests.support.ifc_samples import sample

MODELS = (
    "ids/IDS_wooden-windows_IFC.ifc",
    "fzk-haus/AC20-FZK-Haus.ifc",
    "pcert/Building-Architecture.IFC4X3.ifc",
    "duplex/Duplex_A_20110907.ifc",
)
FILES = ("preliminary-architecture", "drawings-structure", "as-built", "concept")


def told(model: Path, files: list[Path], out: Path) -> list[dict[str, Any]]:
    summary = ids_run.check(model, files, out, lambda done, total: None)
    assert summary["faults"] == {}
    return [json.loads(line) for line in out.read_text().splitlines()]


def of(tmp_path: Path, text: str, model: IfcBuilder) -> list[tuple[str, int, int]]:
    """(verdict, applicable, failed) of each requirement."""
    path = tmp_path / "a.ids"
    path.write_text(text, encoding="utf-8")
    rows = told(model.write(tmp_path / "m.ifc"), [path], tmp_path / "out.jsonl")
    return [(row["verdict"], row["n_applicable"], row["n_failed"]) for row in rows]


@pytest.mark.parametrize("name", MODELS)
def test_real_models_get_the_verdicts_that_ifctester_gives_the_whole_file(name: str, tmp_path: Path) -> None:
    model = sample(name)
    files = [SHIPPED / f"{file}.ids" for file in FILES] + [sample("ids/IDS_wooden-windows.ids")]
    rows = told(model, files, tmp_path / "out.jsonl")
    whole = ifcopenshell.open(model)
    for number, file in enumerate(files):
        judge = ifctester_ids.open(str(file))
        judge.validate(whole, should_filter_version=True)
        mine = iter([row for row in rows if row["ids"] == number])
        meant = {one.name for one in judge.specifications if one.is_ifc_version}
        for specification in judge.specifications:
            for facet in specification.requirements:
                row = next(mine)
                where = (name, file.stem, specification.name)
                if specification.is_ifc_version:
                    counted = (len(specification.applicable_entities), len(facet.failures))
                    assert (row["n_applicable"], row["n_failed"]) == counted, where
                else:
                    is_variant = specification.name in meant
                    assert row["verdict"] == ("NOT_APPLICABLE" if is_variant else "NOT_CHECKED"), where
        assert next(mine, None) is None


def test_the_wooden_windows_example_fails_where_it_is_known_to(tmp_path: Path) -> None:
    rows = told(
        sample("ids/IDS_wooden-windows_IFC.ifc"), [sample("ids/IDS_wooden-windows.ids")], tmp_path / "out.jsonl"
    )
    failed: dict[str, int] = {}
    for row in rows:
        failed[row["specification"]] = failed.get(row["specification"], 0) + row["n_failed"]
    assert failed == {
        "subTypeExample": 6,
        "Stijlen en Dorpels": 12,
        "Deur": 0,
        "Raam": 4,
        "Raam met glas": 0,
        "Paneel": 0,
    }


def test_required_optional_and_prohibited_specifications(tmp_path: Path) -> None:
    school, roofs, doors = a_school(), entity("IFCROOF"), entity("IFCDOOR")
    required, prohibited = 'minOccurs="1" maxOccurs="unbounded"', 'minOccurs="0" maxOccurs="0"'
    assert of(tmp_path, ids(roofs), school) == [("NOT_APPLICABLE", 0, 0)]
    assert of(tmp_path, ids(roofs, occurs=required), school) == [("FAILED", 0, 0)]
    assert of(tmp_path, ids(roofs, "", occurs=prohibited), school) == [("PASSED", 0, 0)]
    assert of(tmp_path, ids(doors, "", occurs=prohibited), school) == [("FAILED", 2, 2)]
    assert of(tmp_path, ids(doors, "", occurs=required), school) == [("PASSED", 2, 0)]


def test_a_specification_for_another_schema_is_not_checked_unless_it_has_a_variant(tmp_path: Path) -> None:
    old = ids(versions="IFC2X3")
    assert of(tmp_path, old, a_school()) == [("NOT_CHECKED", 0, 0)]
    both = old.replace("</specifications>", ids().partition("<specifications>")[2].partition("</specifications>")[0]
                       + "</specifications>")  # fmt: skip
    assert of(tmp_path, both, a_school()) == [("NOT_APPLICABLE", 0, 0), ("PASSED", 8, 0)]


def test_alternatives_of_patterns_and_lists_of_values(tmp_path: Path) -> None:
    names = restricted("string", ("pattern", "外墙-1.*"), ("pattern", "内墙.*"))
    assert of(tmp_path, ids(asks=attribute("Name", names)), a_school()) == [("FAILED", 8, 4)]
    ratings = restricted("string", ("enumeration", "2.0h"), ("enumeration", "3.0h"))
    asked = prop("Pset_WallCommon", "FireRating", "IFCLABEL", ratings)
    assert of(tmp_path, ids(asks=asked), a_school()) == [("PASSED", 8, 0)]


def test_what_lies_in_the_shapes_is_asked_of_the_whole_file(tmp_path: Path) -> None:
    bare = IfcBuilder()
    bare.element("IfcWall", "有形", bare.building)
    bare.element("IfcWall", "无形", bare.building, size=None)
    assert of(tmp_path, ids(WALL, attribute("Representation")), bare) == [("FAILED", 2, 1)]


def test_units_are_those_of_the_standard_not_of_the_file(tmp_path: Path) -> None:
    house = IfcBuilder(unit="MILLIMETRE")
    house.element(
        "IfcWall",
        "墙",
        house.building,
        quantities={"Qto_WallBaseQuantities": {"Length": ("length", 5000.0), "NetVolume": ("volume", 3.0)}},
    )
    exactly = prop("Qto_WallBaseQuantities", "Length", "IFCLENGTHMEASURE", simple("5"))
    assert of(tmp_path, ids(asks=exactly), house) == [("PASSED", 1, 0)]


def test_a_facet_that_stumbles_leaves_the_requirement_unchecked(tmp_path: Path, monkeypatch) -> None:
    def stumbles(*_said: object) -> None:
        raise AssertionError("a property like no other")

    monkeypatch.setattr("ifctester.facet.Property.__call__", stumbles)
    text = ids(asks=prop("Pset_WallCommon", "FireRating"))
    assert of(tmp_path, text, a_school()) == [("NOT_CHECKED", 8, 0)]


def test_an_invalid_file_among_others_is_told_and_the_others_are_checked(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ids", tmp_path / "bad.ids"
    good.write_text(ids())
    bad.write_text(ids(entity("IFCRABBIT")))
    out = tmp_path / "out.jsonl"
    summary = ids_run.check(a_school().write(tmp_path / "m.ifc"), [bad, good], out, lambda done, total: None)
    assert [fault["code"] for fault in summary["faults"]["0"]] == ["ids.entity"]
    assert {json.loads(line)["ids"] for line in out.read_text().splitlines()} == {1}
