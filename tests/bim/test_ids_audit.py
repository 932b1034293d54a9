"""IDS files that are themselves wrong: named faults instead of checks that pass or fail everything."""

from pathlib import Path

import pytest
from django.utils import translation

from bim import ids_faults
from bim.ids_library import SHIPPED
from bim.ifc.ids_audit import audit
from bim.ifc.refusal import Refused
from tests.support.ifc_samples import sample

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><ids xmlns="http://standards.buildingsmart.org/IDS" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema"><info><title>T</title></info><specifications>'
)
TAIL = "</specifications></ids>"
WALL = "<entity><name><simpleValue>IFCWALL</simpleValue></name></entity>"
NAMED = "<attribute><name><simpleValue>Name</simpleValue></name></attribute>"


def ids(
    applies: str = WALL, asks: str = NAMED, *, versions: str = "IFC4", occurs: str = "", requirements: str = ""
) -> str:
    occurs = occurs or 'minOccurs="0" maxOccurs="unbounded"'
    body = requirements or (f"<requirements>{asks}</requirements>" if asks else "")
    return (
        f'{HEAD}<specification name="S" ifcVersion="{versions}"><applicability {occurs}>{applies}</applicability>'
        f"{body}</specification>{TAIL}"
    )


def entity(name: str, predefined: str = "") -> str:
    kind = f"<predefinedType><simpleValue>{predefined}</simpleValue></predefinedType>" if predefined else ""
    return f"<entity><name><simpleValue>{name}</simpleValue></name>{kind}</entity>"


def attribute(name: str, value: str = "") -> str:
    inside = f"<value>{value}</value>" if value else ""
    return f"<attribute><name><simpleValue>{name}</simpleValue></name>{inside}</attribute>"


def prop(set_name: str, name: str, data_type: str = "IFCLABEL", value: str = "", more: str = "") -> str:
    inside = f"<value>{value}</value>" if value else ""
    return (
        f'<property dataType="{data_type}"{more}><propertySet><simpleValue>{set_name}</simpleValue></propertySet>'
        f"<baseName><simpleValue>{name}</simpleValue></baseName>{inside}</property>"
    )


def simple(text: str) -> str:
    return f"<simpleValue>{text}</simpleValue>"


def restricted(base: str, *facets: tuple[str, str]) -> str:
    return (
        f'<xs:restriction base="xs:{base}">'
        + "".join(f'<xs:{k} value="{v}"/>' for k, v in facets)
        + "</xs:restriction>"
    )


@pytest.fixture
def faults(tmp_path: Path):
    def of(text: str | bytes) -> set[str]:
        path = tmp_path / "a.ids"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            audit(path)
        except Refused as refusal:
            return {reason.code for reason in refusal.reasons}
        return set()

    return of


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.ids")), ids=lambda path: path.stem)
def test_every_shipped_file_is_valid(path: Path) -> None:
    title, n_specifications = audit(path)
    assert title
    assert n_specifications


def test_the_official_example_is_valid() -> None:
    assert audit(sample("ids/IDS_wooden-windows.ids")) == ("Wooden Windows", 6)


@pytest.mark.parametrize(
    "text",
    [
        ids(),
        ids(occurs='maxOccurs="unbounded"'),
        ids(versions="IFC2X3 IFC4 IFC4X3_ADD2", asks=entity("IFCWALL", "SOLIDWALL"), applies=entity("IFCWALL")).replace(
            "SOLIDWALL", "STANDARD"
        ),
        ids(entity("IFCWALL", "USERDEFINED")),
        ids(asks=prop("Pset_WallCommon", "LoadBearing", "IFCBOOLEAN", simple("true"))),
        ids(asks=prop("Pset_WallCommon", "ThermalTransmittance", "IFCREAL", restricted("double", ("maxInclusive", "0.5")))),
        ids(asks=prop("我的属性", "编号", "IFCLABEL", restricted("string", ("pattern", "[A-Z]{2}[0-9]+")))),
        ids(asks="", occurs='minOccurs="0" maxOccurs="0"'),
        ids(asks="", occurs='minOccurs="1" maxOccurs="unbounded"'),
        ids(entity("IFCSTAIRFLIGHT"), attribute("NumberOfRisers", simple("12"))),
        ids(f'<entity><name>{restricted("string", ("enumeration", "IFCWALL"), ("enumeration", "IFCSLAB"))}</name></entity>'),
    ],
)  # fmt: skip
def test_what_the_standard_allows_is_taken(faults, text: str) -> None:
    assert faults(text) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ids(entity("IFCRABBIT")), "ids.entity"),
        (ids(entity("IfcWall")), "ids.entity"),
        (ids(entity("IFCROAD")), "ids.entity"),
        (ids(f'<entity><name>{restricted("string", ("pattern", "IFCRABBIT.*"))}</name></entity>'), "ids.entity_pattern"),
        (ids(entity("IFCWALL", "RABBITWALL")), "ids.predefined"),
        (ids(entity("IFCWALL", "standard")), "ids.predefined"),
        (ids(entity("IFCPROJECT", "STANDARD")), "ids.no_predefined"),
        (ids(asks=f'<partOf relation="IFCRELASSIGNSTOGROUP">{entity("IFCINVENTORY", "BUNNARY")}</partOf>'), "ids.predefined"),
        (ids(asks=f'<partOf relation="IFCRELASSIGNSTOGROUP">{entity("IFCWALL")}</partOf>'), "ids.relation"),
        (ids(asks=attribute("Rabbit")), "ids.attribute"),
        (ids(asks=attribute("IsTypedBy")), "ids.attribute"),
        (ids(asks=attribute("Elevation")), "ids.attribute_of"),
        (ids(asks=attribute("OwnerHistory", simple("x"))), "ids.value_of_object"),
        (ids(entity("IFCSTAIRFLIGHT"), attribute("NumberOfRisers", simple("12.5"))), "ids.value_type"),
        (ids(entity("IFCSTAIRFLIGHT"), attribute("NumberOfRisers", restricted("string", ("pattern", "1.")))), "ids.base_type"),
        (ids(asks=attribute("Name", restricted("double", ("minInclusive", "1")))), "ids.base_type"),
        (ids(asks=prop("P", "N", "IFCRABBIT")), "ids.data_type"),
        (ids(asks=prop("P", "N", "IFCBOOLEAN", simple("TRUE"))), "ids.value_type"),
        (ids(asks=prop("P", "N", "IFCREAL", simple("42,3"))), "ids.value_type"),
        (ids(asks=prop("P", "N", "IFCREAL", restricted("string", ("enumeration", "1")))), "ids.base_type"),
        (ids(asks=prop("Pset_Rabbit", "N")), "ids.reserved"),
        (ids(asks=prop("Pset_WallCommon", "Rabbit")), "ids.property"),
        (ids(asks=attribute("Name", restricted("string", ("pattern", "[a-")))), "ids.pattern"),
        (ids(asks=attribute("Name", restricted("string", ("pattern", "(a+)+b")))), "ids.pattern_costly"),
        (ids(asks=prop("P", "N", "IFCREAL", restricted("double", ("pattern", "1.*")))), "ids.facet_base"),
        (ids(asks=attribute("Name", restricted("string", ("minInclusive", "3")))), "ids.facet_base"),
        (ids(asks=prop("P", "N", "IFCREAL", restricted("double", ("minInclusive", "5"), ("maxInclusive", "3")))), "ids.range"),
        (ids(asks=prop("P", "N", "IFCREAL", restricted("double"))), "ids.restriction_empty"),
        (ids(asks=attribute("Name", simple(""))), "ids.value_empty"),
        (ids(""), "ids.applies_to_nothing"),
        (ids(asks=""), "ids.asks_nothing"),
        (ids(occurs='minOccurs="2" maxOccurs="5"'), "ids.occurrence"),
        (ids(occurs='minOccurs="0" maxOccurs="0"'), "ids.prohibited_with_requirements"),
        (ids(asks=entity("IFCSLAB")), "ids.contradiction"),
        (ids(asks='<material cardinality="optional"/>'), "ids.optional_without_value"),
        (ids(versions="IFC5"), "ids.schema"),
        (ids(asks="<rabbit/>"), "ids.schema"),
        (ids(asks='<property cardinality="sometimes"><propertySet><simpleValue>P</simpleValue></propertySet></property>'), "ids.schema"),
        (ids().replace("<title>T</title>", "<title> </title>"), "ids.no_title"),
        (ids().replace('name="S"', 'name=" "'), "ids.no_name"),
    ],
)  # fmt: skip
def test_what_nobody_can_meet_or_no_schema_knows_is_a_fault(faults, text: str, code: str) -> None:
    assert code in faults(text)


def test_every_fault_is_told_at_once_with_its_specification(tmp_path: Path) -> None:
    path = tmp_path / "a.ids"
    path.write_text(ids(entity("IFCRABBIT"), attribute("Rabbit") + prop("Pset_Rabbit", "N")))
    with pytest.raises(Refused) as refusal:
        audit(path)
    assert {"ids.entity", "ids.attribute", "ids.reserved"} <= {reason.code for reason in refusal.value.reasons}
    assert all(reason.facts["specification"] == "S" for reason in refusal.value.reasons)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ids.not_xml"),
        (b"\x00\x01\x02", "ids.not_xml"),
        (b"<ids", "ids.not_xml"),
        (b"<rabbit/>", "ids.not_ids"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "ids.doctype"),
        (b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', "ids.doctype"),
        (b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>', "ids.doctype"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "ids.doctype"),
        (b"<a>" * 5000 + b"</a>" * 5000, "ids.too_deep"),
        (b"<a>" + b"<b/>" * 250_000 + b"</a>", "ids.too_deep"),
        (b"<a>" + b" " * 5_000_000 + b"</a>", "ids.too_large"),
        (b'<?xml version="1.0" encoding="rabbit"?><a/>', "ids.not_xml"),
    ],
)  # fmt: skip
def test_hostile_files_end_in_a_reason(faults, content: bytes, code: str) -> None:
    assert faults(content) == {code}


WALL_TWICE = ids().replace("<applicability", "<applicabilty").replace("</applicability>", "</applicabilty>")


@pytest.mark.parametrize(
    "text, said",
    [
        (WALL_TWICE, "此处不允许出现“applicabilty”，应为 applicability"),
        (ids().replace(' ifcVersion="IFC4"', ""), "缺少属性“ifcVersion”"),
        (ids(versions="IFC9"), "属性“ifcVersion”的值“IFC9”无效"),
        (f"{HEAD}{TAIL}", "“specifications”内容不完整，缺少 specification"),
        (HEAD, "文件在第1行第"),
        (ids().replace("</specification>", ""), "起止标签不配对"),
        (ids().replace("<name>", "<name><b/>", 1), "（原文："),
    ],
)
def test_what_the_schema_says_is_said_in_chinese_and_quoted(tmp_path, text, said):
    file = tmp_path / "bad.ids"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        audit(file)
    with translation.override("zh-hans"):
        words = [ids_faults.said(reason) for reason in refusal.value.reasons]
    assert any(said in one for one in words)
    for one, reason in zip(words, refusal.value.reasons, strict=True):
        assert f"（原文：{reason.facts['detail']}）" in one
