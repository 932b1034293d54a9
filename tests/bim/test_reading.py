"""The two ways of reading say the same: from the text, and with the parser, which has the last word."""

import contextlib
import subprocess
import sys
from pathlib import Path
from time import process_time

import ifcopenshell
import pytest
from ifcopenshell import ifcopenshell_wrapper

from bim.ifc import intake, parsing, process, reading, rows_file
from bim.ifc.intake import SCHEMAS, Prepared
from bim.ifc.schema import Schema
from bim.ifc.schema_tables import table_of
from bim.ifc.step_values import Odd, pieces, string, value
from tests.support.ifc_builder import IfcBuilder
from tests.support.ifc_samples import models, sample

NAMES = models() or [pytest.param("", marks=pytest.mark.skip(reason="no samples beside the repository"))]
ODD_SAMPLES = ("schependomlaan/ROOT-kanaalplaatvloer.ifczip",)  # entities over several lines


def unheard(done: int, total: int) -> None:
    """Nobody watches."""


def by_text(prepared: Prepared) -> list:
    return list(reading.rows_of_text(prepared, unheard))


def by_parser(prepared: Prepared) -> list:
    return list(parsing.rows(prepared, unheard))


def a_house(schema: str = "IFC4") -> IfcBuilder:
    """Everything the reader asks for, and strings that are hard to take apart."""
    house = IfcBuilder(schema=schema, unit="MILLIMETRE")
    storey = house.storey("一层", 3.3)
    room = house.space("101", storey, "会议室")
    words = {"编号": "甲'1", "层": 3, "是": True, "说明": "a);\\b ''", "号": "#12=IFCWALL($);", "/*": "*/", "长": 0.25}
    for number in range(4):
        wall = house.element(
            "IfcWall",
            f"墙{number}'",
            storey if number else room,
            tag=str(number),
            psets={"参数": words, "共同": {"标准": "GB", "序": number}},
            quantities={"Qto": {"NetVolume": ("volume", 3.0 + number), "Length": ("length", 5000.0)}},
            material=["砖", "砂浆"],
            classification=("GB/T 51269", "14-10.20.03", "外墙"),
            type_name="外墙",
            type_psets={"参数": {"编号": "型", "耐火": "1h"}},
        )
        house.opening(wall, house.element("IfcDoor", f"门{number}", None, size=(1, 0.1, 2)))
    return house


@pytest.fixture
def prepared(tmp_path: Path):
    def done(content: bytes) -> Prepared:
        path = tmp_path / "model.ifc"
        path.write_bytes(content)
        return intake.prepare(path, tmp_path)

    return done


@pytest.mark.parametrize("name", NAMES)
def test_a_real_file_says_the_same_from_its_text_as_by_the_parser(name: str, tmp_path: Path):
    found = intake.prepare(sample(name), tmp_path)
    if name in ODD_SAMPLES:
        with pytest.raises(Odd):
            by_text(found)
    else:
        assert by_text(found) == by_parser(found)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_made_model_says_the_same_from_its_text_as_by_the_parser(schema: str, prepared):
    found = prepared(a_house(schema).bytes())
    rows = by_text(found)
    assert rows == by_parser(found)
    assert ("参数", "说明", "a);\\b ''") in {row[:3] for one in rows[1:-1] for row in one.properties}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b";\n#", b";\n\n#"),
        lambda text: text.replace(b"=IFC", b"= IFC"),
        lambda text: text + b"\n\n",
        lambda text: text.replace(b"HEADER;\n", b"HEADER;\n/* made 'by' hand; */\n").replace(b"('2;1'", b"( '2;1' "),
    ],
    ids=["carriage returns", "empty lines", "spaces", "end", "comment in the header"],
)
def test_other_habits_of_writing_are_read_from_the_text_too(change, prepared):
    found = prepared(change(a_house().bytes()))
    assert by_text(found) == by_parser(found)


WALL = b"=IFCWALL("


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b";\n#", b"; #"),
        lambda text: text.replace(WALL, b"=\nIFCWALL("),
        lambda text: text.replace(WALL, b"=/* a wall */IFCWALL("),
        lambda text: text.replace(WALL, b"=IFCWALLE(", 1),
        lambda text: text.replace(WALL, b"=IFCWALL($,", 1),
        lambda text: text.replace(b"IFCMATERIALLIST((#", b"IFCMATERIALLIST((#99", 1),
        lambda text: text.replace(b"IFCRELDEFINESBYPROPERTIES('", b"IFCRELDEFINESBYPROPERTIES(\"", 1),
        lambda text: text.replace(b"IFCBOOLEAN(.T.)", b"IFCBOOLE(.T.)"),
        lambda text: text.replace(b"'GB'", b"'G\\B'", 1),
        lambda text: text.replace(b"'GB'", b"'G\tB'", 1),
        lambda text: text.replace(b"IFCLABEL('GB'),$)", b"IFCLABEL('GB'),#9999)", 1),
        lambda text: text.replace(b"(0.,0.,1.));", b"(0.,0.,1.);", 1),
        lambda text: text.replace(b".MILLI.", b".MILI.", 1),
    ],
    ids=[
        "several on a line", "over two lines", "comment", "unknown class", "one attribute too many", "reference to nothing",
        "no string", "unknown type", "unknown directive", "control character", "unit that is not there",
        "bracket lost among shapes", "prefix that is not there",
    ],
)  # fmt: skip
def test_what_is_not_plainly_written_is_left_to_the_parser(change, prepared, tmp_path: Path):
    content = a_house().bytes()
    changed = change(content)
    assert changed != content
    found = prepared(changed)
    with pytest.raises((Odd, AttributeError, KeyError)):
        by_text(found)
    outcomes = []
    for way in (
        lambda: reading.write(found, tmp_path / "rows", unheard) and list(rows_file.read(tmp_path / "rows")),
        lambda: by_parser(found),
    ):
        try:
            outcomes.append(way())
        except Exception as error:
            outcomes.append([repr(error)[:80]])
    assert outcomes[0] == outcomes[1]


def test_the_parser_is_not_even_loaded_for_a_plain_file(tmp_path: Path):
    path = a_house().write(tmp_path / "model.ifc")
    code = (
        "import sys; from pathlib import Path; from bim.ifc import intake, reading\n"
        f"prepared = intake.prepare(Path({str(path)!r}), Path({str(tmp_path)!r}))\n"
        f"reading.write(prepared, Path({str(tmp_path / 'rows')!r}), lambda done, total: None)\n"
        "print(sorted({'ifcopenshell', 'numpy', 'django'} & sys.modules.keys()))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=process.ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_lists_of_typed_lists_are_passed_over(prepared):
    curve = b"\n#900001=IFCINDEXEDPOLYCURVE(#1,(IFCLINEINDEX((1,2)),IFCARCINDEX((2,3,1))),.F.);\nENDSEC;\nEND-ISO"
    found = prepared(a_house().bytes().replace(b"\nENDSEC;\nEND-ISO", curve))
    assert by_text(found) == by_parser(found)


@pytest.mark.parametrize("identifier", SCHEMAS)
def test_the_tables_of_a_schema_are_those_of_the_library(identifier: str):
    """`python -m bim.ifc.schema_tables` writes them anew."""
    schema = Schema(identifier)
    library = ifcopenshell_wrapper.schema_by_name(identifier)
    for declaration in library.entities():
        line, ancestor = [], declaration
        while ancestor:
            line.append(ancestor.name())
            ancestor = ancestor.supertype()
        name = declaration.name()
        assert list(schema.positions(name)) == [one.name() for one in declaration.all_attributes()]
        assert all(schema.is_a(name, one) for one in line) and not schema.is_a(name, "IfcNothing")
        assert (schema.entity_named(name.upper()), schema.type_named(name)) == (name, None)
    assert set(schema.descendants("IfcProduct")) == {
        one.name() for one in library.entities() if schema.is_a(one.name(), "IfcProduct")
    }
    assert {one for one in table_of(identifier)["types"] if schema.type_named(one.upper()) != one} == set()


STRINGS = (
    "plain", "it''s", "a\\\\b", "\\X2\\5899\\X0\\-011", "\\X2\\00E40058\\X0\\''\\X2\\5899\\X0\\", "\\X4\\0001F600\\X0\\",
    "\\X\\E4", "\\S\\d", "", "''''", "(#1,$);",
)  # fmt: skip
VALUES = ("1.", "-1.5E-05", "3", "$", "*", ".T.", ".F.", ".U.", "'a,b'", "IFCLABEL('x')", "IFCREAL(1.)")


@pytest.mark.parametrize("written", STRINGS)
def test_strings_are_read_as_the_parser_reads_them(written: str):
    theirs = _parsed(f"IFCPROPERTYSINGLEVALUE('{written}',$,$,$)").get_argument(0)
    assert string(f"'{written}'".encode()) == theirs


def test_characters_beyond_the_basic_plane_are_read_as_pairs_too_which_the_parser_drops():
    assert string(b"'\\X2\\D83DDE00\\X0\\'") == "\U0001f600"


@pytest.mark.parametrize("written", VALUES)
def test_values_are_read_as_the_parser_reads_them(written: str):
    theirs = _parsed(f"IFCPROPERTYSINGLEVALUE('a',$,{written},$)").get_argument(2)
    ours = value(written.encode(), lambda number: number, Schema("IFC4").type_named)
    if hasattr(theirs, "get_argument"):
        assert (ours.is_a(), ours.get_argument(0)) == (theirs.is_a(), theirs.get_argument(0))
    else:
        assert (ours, type(ours)) == (theirs, type(theirs))


@pytest.mark.parametrize("written", [b"1_0", b"nan", b"#", b"#x", b".", b"IFCLABEL", b"(1", b"1,2", b"\x01", b""])
def test_other_values_are_odd(written: bytes):
    with pytest.raises((Odd, ValueError)):
        value(written, lambda number: number, Schema("IFC4").type_named)


def test_attributes_are_told_apart_however_deep_lists_are():
    assert pieces(b"'a,''(b',(#1,(2.,3.)),$,*,.T.,IFCLABEL('x,)'))") == [
        b"'a,''(b'", b"(#1,(2.,3.))", b"$", b"*", b".T.", b"IFCLABEL('x,)')",
    ]  # fmt: skip
    assert pieces(b")") == []
    for odd in (b"1,,2)", b"1,2", b"1,)", b"(1))2)", b"'a'b)", b" 'a')"):
        with pytest.raises(Odd):
            pieces(odd)


def _parsed(entity: str) -> ifcopenshell.entity_instance:
    text = a_house().text().replace("DATA;\n", f"DATA;\n#9999={entity};\n")
    return ifcopenshell.file.from_string(text)[9999]


@pytest.mark.parametrize("junk", [b"\n", b" ", b"/*", b"'", b"#1=IFCWALL(", b"\n#1=IFCWALL('", b"\n#", b"(", b"1"])
@pytest.mark.parametrize("where", ["head", "data"])
def test_what_is_hostile_is_left_soon(junk: bytes, where: str, prepared):
    """A run of anything that an expression could begin to search again and again."""
    content = a_house().bytes()
    mark = b"HEADER;\n" if where == "head" else b"DATA;\n"
    spoilt = prepared(content)
    spoilt.path.write_bytes(content.replace(mark, mark + junk * (400_000 // len(junk)), 1))
    began = process_time()
    with contextlib.suppress(Odd):
        by_text(spoilt)
    assert process_time() - began < 3
