"""What is read out of a model. The traps of real files are each a test."""

import json

import pytest

from bim.ifc import rows_file
from bim.ifc.refusal import Refused
from tests.bim.reading import Read, read
from tests.support.ifc_builder import IfcBuilder
from tests.support.ifc_samples import sample


@pytest.fixture
def read_model(tmp_path):
    def done(model: IfcBuilder, change=lambda content: content) -> Read:
        path = tmp_path / "model.ifc"
        path.write_bytes(change(model.bytes()))
        return read(path, tmp_path)

    return done


def a_wall(**changes) -> IfcBuilder:
    model = IfcBuilder(**changes)
    model.element(
        "IfcWall",
        "墙",
        model.storey("一层", 3.3),
        quantities={
            "Qto_WallBaseQuantities": {
                "Length": ("length", 5000.0),
                "NetSideArea": ("area", 15.0),
                "NetVolume": ("volume", 3.0),
                "GrossWeight": ("weight", 7200.0),
                "层数": ("count", 4.0),
            }
        },
    )
    return model


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3_ADD2"])
def test_every_schema_gives_elements_storeys_and_quantities(schema, read_model):
    found = read_model(a_wall(schema=schema, unit="MILLIMETRE"))
    assert (found.header.schema, found.summary.elements, found.summary.storeys) == (schema, 1, 1)
    assert found.header.project_name == "示例项目" and found.header.author == "林知远"
    assert found.header.organisation == "设计院" and found.header.timestamp == "2026-11-23T08:00:00"
    assert found.quantity("墙", "Length")[2:] == (5.0, "m")
    assert found.quantity("墙", "NetVolume")[2:] == (3.0, "m3")
    assert found.quantity("墙", "GrossWeight")[2:] == (7200.0, "kg")
    assert found.quantity("墙", "层数")[2:] == (4.0, "")
    assert found.node("一层").elevation == pytest.approx(3.3)


def test_feet_become_metres(read_model):
    found = read_model(a_wall(unit="FOOT"))
    assert found.quantity("墙", "Length").value == pytest.approx(1524.0)
    assert found.node("一层").elevation == pytest.approx(3.3)
    assert found.header.units["LENGTHUNIT"] == "FOOT"


def test_the_milli_of_a_milli_square_metre_counts_twice(read_model):
    found = read_model(a_wall(unit="MILLIMETRE", area_prefix="MILLI"))
    assert found.quantity("墙", "NetSideArea").value == pytest.approx(15e-6)
    assert found.header.units["AREAUNIT"] == "MILLISQUARE_METRE"


def test_a_quantity_with_a_unit_of_its_own_is_read_in_that_unit(read_model):
    model = IfcBuilder(unit="MILLIMETRE")
    wall = model.element("IfcWall", "墙", model.storey("一层"))
    metre = model.add("IFCSIUNIT(*,.LENGTHUNIT.,.CENTI.,.METRE.)")
    length = model.add(f"IFCQUANTITYLENGTH('Length',$,#{metre},250.,$)")
    model.relate(wall, model.rooted("IfcElementQuantity", "Qto_WallBaseQuantities", f"$,(#{length})"))
    assert read_model(model).quantity("墙", "Length").value == pytest.approx(2.5)


def test_complex_quantities_and_properties_are_flattened_under_the_name_of_the_whole(read_model):
    model = IfcBuilder()
    wall = model.element("IfcWall", "墙", model.storey("一层"))
    inner = model.add("IFCQUANTITYAREA('Area',$,$,2.5,$)")
    layer = model.add(f"IFCPHYSICALCOMPLEXQUANTITY('面层',$,(#{inner}),'layer',$,$)")
    model.relate(wall, model.rooted("IfcElementQuantity", "层", f"$,(#{layer})"))
    value = model.add("IFCPROPERTYSINGLEVALUE('厚度',$,IFCLENGTHMEASURE(0.02),$)")
    whole = model.add(f"IFCCOMPLEXPROPERTY('做法',$,'u',(#{value}))")
    model.relate(wall, model.rooted("IfcPropertySet", "参数", f"(#{whole})"))
    found = read_model(model)
    assert found.quantity("墙", "面层.Area")[0:3] == ("层", "面层.Area", 2.5)
    (row,) = found.element("墙").properties
    assert row == ("参数", "做法.厚度", "0.02", 0.02, "METRE")


def test_base_quantities_of_ifc2x3_keep_the_name_of_their_authors(read_model):
    model = IfcBuilder(schema="IFC2X3")
    model.element(
        "IfcWall", "墙", model.storey("一层"), quantities={"BaseQuantities": {"GrossVolume": ("volume", 2.0)}}
    )
    (row,) = read_model(model).summary.quantities
    assert row == {"set": "BaseQuantities", "name": "GrossVolume", "unit": "m3", "sum": 2.0, "count": 1}


def test_every_kind_of_property_comes_out_in_words_and_where_it_is_one_as_a_number(read_model):
    model = IfcBuilder(unit="MILLIMETRE")
    wall = model.element("IfcWall", "墙", model.storey("一层"))
    lines = [
        "IFCPROPERTYSINGLEVALUE('文字',$,IFCLABEL('C30; P6'),$)",
        "IFCPROPERTYSINGLEVALUE('是',$,IFCBOOLEAN(.T.),$)",
        "IFCPROPERTYSINGLEVALUE('未知',$,IFCLOGICAL(.U.),$)",
        "IFCPROPERTYSINGLEVALUE('整数',$,IFCINTEGER(7),$)",
        "IFCPROPERTYSINGLEVALUE('长度',$,IFCLENGTHMEASURE(200.),$)",
        "IFCPROPERTYSINGLEVALUE('空',$,$,$)",
        "IFCPROPERTYENUMERATEDVALUE('状态',$,(IFCLABEL('新建'),IFCLABEL('改建')),$)",
        "IFCPROPERTYBOUNDEDVALUE('范围',$,IFCREAL(9.),IFCREAL(2.5),$,$)",
        "IFCPROPERTYLISTVALUE('清单',$,(IFCINTEGER(1),IFCINTEGER(2)),$)",
        "IFCPROPERTYTABLEVALUE('表',$,(IFCINTEGER(1)),(IFCREAL(0.5)),$,$,$,$)",
    ]
    numbers = [model.add(line) for line in lines]
    listed = ",".join(f"#{number}" for number in numbers)
    model.relate(wall, model.rooted("IfcPropertySet", "参数", f"({listed})"))
    found = read_model(model)
    assert {row.name: (row.value, row.number, row.unit) for row in found.element("墙").properties} == {
        "文字": ("C30; P6", None, ""),
        "是": ("true", None, ""),
        "未知": ("UNKNOWN", None, ""),
        "整数": ("7", 7.0, ""),
        "长度": ("200", 200.0, "MILLIMETRE"),
        "状态": ("新建; 改建", None, ""),
        "范围": ("2.5…9", None, ""),
        "清单": ("1; 2", None, ""),
        "表": ("1=0.5", None, ""),
    }


def test_predefined_sets_of_doors_say_their_properties_as_attributes(read_model):
    model = IfcBuilder(schema="IFC2X3", unit="MILLIMETRE")
    door = model.element("IfcDoor", "门", model.storey("一层"))
    tail = "70.,45.,$,$,$,$,12.5,$,$,$,$"
    model.relate(door, model.rooted("IfcDoorLiningProperties", None, tail))
    found = read_model(model)
    assert {(row.set_name, row.name): row.number for row in found.element("门").properties} == {
        ("IfcDoorLiningProperties", "LiningDepth"): 70.0,
        ("IfcDoorLiningProperties", "LiningThickness"): 45.0,
        ("IfcDoorLiningProperties", "LiningOffset"): 12.5,
    }


def test_an_own_property_overrules_the_one_of_the_type_and_leaves_the_others(read_model):
    model = IfcBuilder()
    storey = model.storey("一层")
    of_type = {"Pset_WallCommon": {"FireRating": "1h", "Reference": "W200"}}
    own = {"Pset_WallCommon": {"FireRating": "2h"}}
    model.element("IfcWall", "甲", storey, type_name="外墙", type_psets=of_type, psets=own)
    model.element("IfcWall", "乙", storey, type_name="外墙")
    found = read_model(model)
    assert found.properties("甲") == {"FireRating": "2h", "Reference": "W200"}
    assert found.properties("乙") == {"FireRating": "1h", "Reference": "W200"}
    assert found.element("甲").type_name == "外墙" and found.element("甲").type_guid == found.element("乙").type_guid


def test_several_sets_given_at_once_are_all_read(read_model):
    model = IfcBuilder()
    wall = model.element("IfcWall", "墙", model.storey("一层"))
    sets = []
    for name in ("甲", "乙"):
        value = model.add(f"IFCPROPERTYSINGLEVALUE('{name}',$,IFCLABEL('x'),$)")
        sets.append(model.rooted("IfcPropertySet", name, f"(#{value})"))
    both = f"IFCPROPERTYSETDEFINITIONSET((#{sets[0]},#{sets[1]}))"
    model.rooted("IfcRelDefinesByProperties", None, f"(#{wall}),{both}")
    assert read_model(model).properties("墙") == {"甲": "x", "乙": "x"}


def test_kind_and_class_come_from_the_element_or_its_type(read_model):
    model = IfcBuilder()
    storey = model.storey("一层")
    model.element("IfcSlab", "板", storey, predefined_type="FLOOR")
    model.element("IfcColumn", "柱", storey, predefined_type="USERDEFINED", object_type="异形柱")
    found = read_model(model)
    assert (found.element("板").predefined_type, found.element("柱").predefined_type) == ("FLOOR", "异形柱")
    assert found.summary.by_class == {"IfcColumn": 1, "IfcSlab": 1}


def test_layers_and_lists_of_materials_are_followed_and_the_types_material_stands_in(read_model):
    model = IfcBuilder()
    storey = model.storey("一层")
    wall = model.element("IfcWall", "层墙", storey)
    names = [model.add(f"IFCMATERIAL('{name}',$,$)") for name in ("砂浆", "C30", "砂浆")]
    layers = [model.add(f"IFCMATERIALLAYER(#{name},0.1,$,$,$,$,$)") for name in names]
    listed = ",".join(f"#{layer}" for layer in layers)
    usage = model.add(
        f"IFCMATERIALLAYERSETUSAGE(#{model.add(f'IFCMATERIALLAYERSET(({listed}),$,$)')},.AXIS2.,.POSITIVE.,0.,$)"
    )
    model.rooted("IfcRelAssociatesMaterial", None, f"(#{wall}),#{usage}")
    model.element("IfcWall", "型墙", storey, type_name="砌体墙")
    kind = model.type("IfcWall", "砌体墙")
    model.rooted("IfcRelAssociatesMaterial", None, f"(#{kind}),#{names[1]}")
    model.element("IfcWall", "列墙", storey, material=["砖", "砂浆"])
    found = read_model(model)
    assert found.element("层墙").materials == ("砂浆", "C30")
    assert found.element("型墙").materials == ("C30",)
    assert found.element("列墙").materials == ("砖", "砂浆")


def test_classifications_of_element_and_type_both_count(read_model):
    model = IfcBuilder()
    storey = model.storey("一层")
    said = ("GB/T 51269", "14-10.20.03", "外墙")
    model.element("IfcWall", "墙", storey, classification=said, type_name="外墙 200")
    system = model.add("IFCCLASSIFICATION('',$,$,'Uniclass',$,$,$)")
    parent = model.add(f"IFCCLASSIFICATIONREFERENCE($,'EF','Elements',#{system},$,$)")
    reference = model.add(f"IFCCLASSIFICATIONREFERENCE($,'EF_25','Walls',#{parent},$,$)")
    kind = model.type("IfcWall", "外墙 200")
    model.rooted("IfcRelAssociatesClassification", None, f"(#{kind}),#{reference}")
    assert read_model(model).element("墙").classifications == (said, ("Uniclass", "EF_25", "Walls"))


def test_furniture_in_a_room_belongs_to_the_rooms_storey(read_model):
    model = IfcBuilder()
    room = model.space("101", model.storey("一层"), "会议室")
    model.element("IfcFurniture", "桌", room)
    found = read_model(model)
    assert found.element("桌").spatial == found.node("101").guid
    assert found.element("桌").storey == found.node("一层").guid


def test_parts_of_an_assembly_are_where_the_whole_is(read_model):
    model = IfcBuilder()
    stair = model.element("IfcStair", "楼梯", model.storey("一层"), size=None)
    flight = model.element("IfcStairFlight", "梯段", part_of=stair)
    model.element("IfcRailing", "栏杆", part_of=flight)
    found = read_model(model)
    assert found.element("栏杆").storey == found.node("一层").guid
    assert found.element("栏杆").host == found.element("梯段").guid
    assert (found.element("楼梯").has_shape, found.element("梯段").has_shape) == (False, True)


def test_storeys_stand_in_the_tree_from_below_to_above(read_model):
    model = IfcBuilderWithWall()
    for name, elevation in (("三层", 7.2), ("地下一层", -3.6), ("二层", 3.6)):
        model.storey(name, elevation)
    storeys = [row.name for row in read_model(model).spatial if row.ifc_class == "IfcBuildingStorey"]
    assert storeys == ["地下一层", "一层", "二层", "三层"]


def test_infrastructure_without_storeys_counts_by_its_parts(read_model):
    model = IfcBuilder(schema="IFC4X3_ADD2")
    bridge = model.facility("IfcBridge", "人行天桥")
    part = model.facility_part("IfcBridgePart", "上部结构", bridge)
    model.element("IfcBeam", "主梁", part)
    road = model.facility("IfcRoad", "环城路")
    model.element("IfcCourse", "面层", road)
    found = read_model(model)
    assert found.summary.storeys == 0
    assert found.element("主梁").storey == found.node("上部结构").guid
    assert (found.element("面层").storey, found.element("面层").spatial) == ("", found.node("环城路").guid)
    assert [row.name for row in found.spatial] == ["示例项目", "场地", "主楼", "人行天桥", "上部结构", "环城路"]


def test_an_alignment_is_a_product_but_no_element(tmp_path):
    found = read(sample("alignment/linear_placement_present.ifc"), tmp_path)
    assert (found.summary.elements, found.summary.products) == (0, 436)
    assert found.elements and not any(row.is_element for row in found.elements)


def test_circles_in_the_tree_of_parts_end(read_model):
    model = IfcBuilder()
    storey = model.storey("一层")
    one = model.element("IfcWall", "甲", size=None)
    other = model.element("IfcWall", "乙", size=None, part_of=one)
    model.rooted("IfcRelAggregates", None, f"#{other},(#{one})")
    model.rooted("IfcRelAggregates", None, f"#{storey},(#{model.building})")
    found = read_model(model)
    assert found.summary.products == 5 and found.element("甲").spatial == ""
    assert len({row.guid for row in found.spatial}) == len(found.spatial) == 4


def test_a_map_conversion_is_given_in_metres(read_model):
    found = read_model(IfcBuilderWithWall(unit="MILLIMETRE", georeference=("EPSG:4547", 506000.5, 2496000.25, 12.0)))
    place = found.header.georeference
    assert (place["crs"], place["eastings"], place["northings"], place["height"]) == (
        "EPSG:4547",
        pytest.approx(506000.5),
        pytest.approx(2496000.25),
        pytest.approx(12.0),
    )


def IfcBuilderWithWall(**changes) -> IfcBuilder:  # noqa: N802
    model = IfcBuilder(**changes)
    model.element("IfcWall", "墙", model.storey("一层"))
    return model


def test_control_characters_and_halves_of_characters_do_not_reach_the_tables(read_model):
    def spoilt(content: bytes) -> bytes:
        return content.replace(b"'\\X2\\5899\\X0\\'", b"'\\X2\\D800\\X0\\a\\X\\01b'")

    assert [row.name for row in read_model(IfcBuilderWithWall(), spoilt).elements] == ["ab"]


def test_names_beyond_reason_are_cut(read_model):
    model = IfcBuilder()
    model.element("IfcWall", "x" * 50_000, model.storey("一层"))
    assert len(read_model(model).elements[0].name) == 10_000


def test_a_number_used_twice_is_refused(read_model):
    model = IfcBuilderWithWall()
    value = model.add("IFCPROPERTYSINGLEVALUE('a',$,IFCLABEL('x'),$)")
    for name in ("甲", "乙"):
        model.rooted("IfcPropertySet", name, f"(#{value})")

    def doubled(content: bytes) -> bytes:
        numbers = [line.split(b"=")[0] for line in content.splitlines() if b"=IFCPROPERTYSET(" in line]
        return content.replace(numbers[1] + b"=", numbers[0] + b"=")

    with pytest.raises(Refused) as refusal:
        read_model(model, doubled)
    assert [reason.code for reason in refusal.value.reasons] == ["number.repeated"]


def test_rows_go_through_the_file_unchanged(read_model, tmp_path):
    model = a_wall()
    model.element(
        "IfcDoor", "门", model.building, psets={"参数": {"层": 3}}, material="木", classification=("a", "b", "c")
    )
    found = read_model(model)
    rows = [found.header, *found.spatial, *found.elements, found.summary]
    rows_file.write(rows, tmp_path / "rows.jsonl")
    assert list(rows_file.read(tmp_path / "rows.jsonl")) == rows
    assert all(json.loads(line) for line in (tmp_path / "rows.jsonl").read_text("ascii").splitlines())
