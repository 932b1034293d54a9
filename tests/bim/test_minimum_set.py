"""The minimum set of DOMAIN §10: each check passes, fails and does not apply, on models as they are read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bim.ifc import checks
from bim.ifc.checks.facts import Element, ModelFacts, Place
from tests.bim.reading import read
from tests.support.handed_in import a_school, a_sound_school, an_equipped_school
from tests.support.ifc_builder import IfcBuilder

CODE = "2018-440300-47-01-123456"
CARD = {
    "AssetTag": "A-1",
    "Manufacturer": "甲",
    "ModelReference": "X1",
    "SerialNumber": "S1",
    "WarrantyEndDate": "2030-01-01",
}
NAMES = {
    "code": ("AssetTag",),
    "manufacturer": ("Manufacturer",),
    "model": ("ModelReference",),
    "serial": ("SerialNumber",),
}
NAMES |= {"warranty_end": ("WarrantyEndDate",)}


@pytest.fixture
def facts(tmp_path: Path) -> Callable[..., ModelFacts]:
    """What the reader says of a model, as the checks see it."""

    def of(
        model: IfcBuilder, stage: str = "PRELIMINARY", discipline: str = "ARCHITECTURE", code: str = CODE
    ) -> ModelFacts:
        said = read(model.write(tmp_path / "m.ifc"), tmp_path)
        places = tuple(
            Place(
                row.guid, row.ifc_class, row.name, row.long_name,
                {f"{one.set_name}.{one.name}": one.value for one in row.properties},
                {one.name: one.value for one in row.quantities},
            )
            for row in said.spatial
        )  # fmt: skip
        elements = tuple(
            Element(
                row.guid, row.ifc_class, row.name, bool(row.type_guid or row.type_name), bool(row.classifications),
                "; ".join(row.materials), {one.name: one.value for one in row.properties},
            )
            for row in said.elements if row.is_element
        )  # fmt: skip
        kinds = frozenset({"IfcPump", "IfcTransportElement"})
        return ModelFacts(stage, discipline, code, said.header.georeference, places, elements, kinds, NAMES)

    return of


def verdicts(model: ModelFacts) -> dict[str, tuple[str, int, int]]:
    return {one.check.code: (one.verdict, one.n_applicable, len(one.failures)) for one in checks.judge(model)}


def failing(model: ModelFacts, code: str) -> list[tuple[str, str, str]]:
    judged = next(one for one in checks.judge(model) if one.check.code == code)
    return [(one.name, one.code, one.detail) for one in judged.failures]


def test_a_sound_model_passes_everything_that_applies(facts) -> None:
    assert verdicts(facts(a_sound_school(CODE))) == {
        "project_code": ("PASSED", 1, 0),
        "georeference": ("PASSED", 1, 0),
        "storeys": ("PASSED", 1, 0),
        "spaces": ("PASSED", 1, 0),
        "element_types": ("PASSED", 4, 0),
        "classification": ("PASSED", 4, 0),
        "material_grade": ("PASSED", 2, 0),
        "fire_rating": ("PASSED", 2, 0),
        "equipment": ("NOT_APPLICABLE", 0, 0),
    }


def test_a_concept_model_is_asked_where_it_stands_and_what_it_holds_only(facts) -> None:
    asked = {
        code
        for code, (verdict, _n, _f) in verdicts(facts(a_school(), "CONCEPT")).items()
        if verdict != "NOT_APPLICABLE"
    }
    assert asked == {"project_code", "georeference", "storeys", "spaces"}


def test_the_project_code_may_stand_in_name_long_name_or_a_property(facts) -> None:
    assert failing(facts(a_sound_school()), "project_code") == [("示例项目", "no_project_code", CODE)]
    assert not failing(facts(a_sound_school(f"学校 {CODE.lower()}")), "project_code")
    assert verdicts(facts(a_sound_school(), code=""))["project_code"][0] == "NOT_APPLICABLE"


def test_a_model_without_a_place_on_earth_fails(facts) -> None:
    assert failing(facts(IfcBuilder()), "georeference") == [("", "no_georeference", "")]
    assert not list(failing(facts(a_sound_school()), "georeference"))
    in_sets = Place(
        "g", "IfcSite", properties={"ePset_MapConversion.Eastings": "1", "ePSet_MapConversion.Northings": "2"}
    )
    assert verdicts(ModelFacts("CONCEPT", "ROAD", "", {}, (in_sets,)))["georeference"][0] == "PASSED"
    assert verdicts(ModelFacts("CONCEPT", "ROAD", "", {"latitude": 22.5}))["georeference"][0] == "FAILED"
    assert (
        verdicts(ModelFacts("CONCEPT", "ROAD", "", {"latitude": 22.5, "longitude": 0.0}))["georeference"][0] == "PASSED"
    )


def test_storeys_have_names_and_buildings_have_storeys(facts) -> None:
    nameless = IfcBuilder()
    nameless.storey("一层")
    nameless.storey(None, 3.0)
    assert [code for _name, code, _detail in failing(facts(nameless), "storeys")] == ["no_name"]
    flat = IfcBuilder()
    flat.element("IfcWall", "墙", flat.building)
    assert failing(facts(flat), "storeys") == [("主楼", "no_storeys", "")]
    road = ModelFacts("CONCEPT", "ROAD", "", {}, (Place("g", "IfcRoad", "路"),), (Element("e", "IfcCourse"),))
    assert verdicts(road)["storeys"][0] == "NOT_APPLICABLE"


def test_a_room_lacks_what_it_lacks(facts) -> None:
    house = IfcBuilder()
    ground = house.storey("一层")
    house.space(None, ground)
    house.space("102", ground, "办公", quantities={"Qto_SpaceBaseQuantities": {"NetFloorArea": ("area", 20.0)}})
    house.space("103", ground, "库房", quantities={"BaseQuantities": {"NetFloorArea": ("area", 0.0)}})
    assert failing(facts(house), "spaces") == [
        ("", "space_incomplete", "number, function, NetFloorArea"),
        ("103", "space_incomplete", "NetFloorArea"),
    ]
    assert verdicts(facts(IfcBuilder()))["spaces"][0] == "NOT_APPLICABLE"


def test_elements_without_type_or_classification_are_named_holes_are_not(facts) -> None:
    house = a_sound_school(CODE)
    ground = house.storey("二层", 3.0)
    wall = house.element("IfcWall", "白墙", ground)
    house.opening(wall)
    found = facts(house)
    assert failing(found, "element_types") == [("白墙", "no_type", "")]
    assert failing(found, "classification") == [("白墙", "no_classification", "")]


@pytest.mark.parametrize(
    ("material", "has_grade"),
    [
        ("C30混凝土", True), ("钢筋混凝土 C25/30", True), ("现浇混凝土-C40", True), ("MU10 烧结砖", True), ("Q355B", True),
        ("HRB400E", True), ("M7.5 砂浆", True), ("S355JR", True), ("GL24h", True),
        ("混凝土", False), ("Concrete", False), ("", False), ("Brick", False), ("ABC30", False), ("C3000", False),
    ],
)  # fmt: skip
def test_a_grade_is_told_from_a_mere_name(material: str, has_grade: bool) -> None:
    column = Element("g", "IfcColumn", "柱", material=material)
    verdict = verdicts(ModelFacts("DRAWINGS", "STRUCTURE", "", elements=(column,)))["material_grade"][0]
    assert verdict == ("PASSED" if has_grade else "FAILED")


@pytest.mark.parametrize(
    ("ifc_class", "said", "discipline", "is_asked"),
    [
        ("IfcWall", "true", "ARCHITECTURE", True),
        ("IfcWallStandardCase", "true", "ARCHITECTURE", True),
        ("IfcWall", "", "ARCHITECTURE", False),
        ("IfcWall", "", "STRUCTURE", True),
        ("IfcWall", "false", "STRUCTURE", False),
        ("IfcColumn", "", "ARCHITECTURE", True),
        ("IfcColumn", "false", "STRUCTURE", False),
        ("IfcBeam", "true", "STRUCTURE", False),
    ],
)
def test_only_what_bears_loads_needs_a_grade(ifc_class: str, said: str, discipline: str, is_asked: bool) -> None:
    element = Element("g", ifc_class, properties={"LoadBearing": said} if said else {})
    found = verdicts(ModelFacts("DRAWINGS", discipline, "", elements=(element,)))["material_grade"]
    assert found == (("FAILED", 1, 1) if is_asked else ("NOT_APPLICABLE", 0, 0))
    graded = Element("g", ifc_class, properties={"LoadBearing": said, "StrengthClass": "C30"})
    assert not failing(ModelFacts("DRAWINGS", discipline, "", elements=(graded,)), "material_grade")


def test_doors_and_walls_say_how_long_they_withstand_fire(facts) -> None:
    found = facts(a_school())
    assert {name for name, _code, _detail in failing(found, "fire_rating")} == {"门-1", "门-2"}
    assert verdicts(ModelFacts("PRELIMINARY", "ROAD", "", elements=(Element("g", "IfcCourse"),)))["fire_rating"][0] == (
        "NOT_APPLICABLE"
    )


def test_equipment_has_its_card_once_it_is_built(facts) -> None:
    found = facts(an_equipped_school(), "AS_BUILT")
    missing = {name: detail for name, _code, detail in failing(found, "equipment")}
    assert missing["电梯1"] == "manufacturer, model"
    assert missing["水泵1"] == "manufacturer, model, serial, warranty_end"
    assert verdicts(facts(an_equipped_school(), "CONSTRUCTION"))["equipment"][0] == "NOT_APPLICABLE"
    whole = Element("g", "IfcPump", "泵", properties=CARD)
    as_built = ModelFacts(
        "AS_BUILT", "HVAC", "", elements=(whole,), equipment=frozenset({"IfcPump"}), asset_names=NAMES
    )
    assert verdicts(as_built)["equipment"] == ("PASSED", 1, 0)


def test_an_empty_model_passes_nothing_it_was_not_asked(facts) -> None:
    found = verdicts(ModelFacts("AS_BUILT", "COMBINED", CODE))
    assert found["project_code"][0] == found["georeference"][0] == "FAILED"
    assert {verdict for code, (verdict, _n, _f) in found.items() if code not in ("project_code", "georeference")} == {
        "NOT_APPLICABLE"
    }
