"""BCF packages: what is read is written again, in both versions, as the published schemas demand; hostile ones are refused."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest

from bim.bcf import package, reader, writer
from bim.bcf import records as r
from bim.bcf.refusal import BcfRefused
from tests.support import ifc_samples
from tests.support.bcf_files import GUID, NOON, flat_view, full_topic, full_view, minimal, schema_errors, zipped


def _read(content: bytes) -> r.Package:
    return reader.read(io.BytesIO(content))


def _again(topic: r.Topic, version: str) -> r.Topic:
    found = _read(writer.write([topic], version))
    assert found.faults == ()
    return found.topics[0]


@pytest.mark.parametrize("version", r.VERSIONS)
def test_a_topic_with_everything_in_it_follows_the_published_schema(version):
    project = r.Project(GUID.format(7), "某学校")
    assert schema_errors(writer.write([full_topic(1), full_topic(2)], version, project), version) == []


@pytest.mark.parametrize("version", r.VERSIONS)
def test_a_topic_with_the_least_in_it_follows_the_published_schema(version):
    bare = r.Topic(GUID.format(1), "", NOON, "")
    unseen = r.Viewpoint(GUID.format(2), r.View(selection=(r.Component("not a guid"),)))
    empty = r.Comment(GUID.format(3), NOON, "", " ")
    odd = r.View(
        cameras=(r.Camera(r.PERSPECTIVE, (0, 0, 0), (1, 0, 0), (0, 0, 1), 120.0),),
        colouring=(r.Colouring("red", (r.Component(),)), r.Colouring("00FF00")),
    )
    full = replace(bare, comments=(empty,), viewpoints=(unseen, r.Viewpoint(GUID.format(4), odd)), labels=("", " "))
    for topic in (bare, full):
        assert schema_errors(writer.write([topic], version), version) == []


def test_a_topic_in_2_1_comes_back_as_it_went_but_for_what_2_1_has_no_place_for():
    came, went = _again(full_topic(), "2.1"), full_topic()
    first, second = went.viewpoints
    narrower = [
        replace(first, view=replace(first.view, cameras=(replace(first.view.cameras[0], aspect_ratio=None),))),
        replace(second, view=replace(second.view, cameras=(replace(second.view.cameras[0], aspect_ratio=None),))),
    ]
    assert came == replace(went, server_assigned_id="", viewpoints=tuple(narrower))


def test_a_topic_in_3_0_comes_back_as_it_went_with_its_document_shared():
    came, went = _again(full_topic(), "3.0"), full_topic()
    shared = came.documents[1]
    assert came.files[shared.path] == b"%PDF-1.7"
    assert shared == replace(
        went.documents[1], path=f"../documents/{shared.document_guid}", document_guid=shared.document_guid
    )
    files = {name: content for name, content in went.files.items() if name != "图纸.pdf"} | {shared.path: b"%PDF-1.7"}
    assert came == replace(went, documents=(went.documents[0], shared), files=files)


def test_a_topic_survives_the_way_to_the_other_version_and_back():
    """Only what 2.1 cannot say (server id, aspect ratio) is lost on the way, and its document moves."""
    back = _again(_again(_again(full_topic(), "3.0"), "2.1"), "3.0")
    direct = _again(full_topic(), "3.0")
    ratio_free = [
        replace(v, view=replace(v.view, cameras=tuple(replace(c, aspect_ratio=1.0) for c in v.view.cameras)))
        for v in direct.viewpoints
    ]
    assert replace(back, documents=(), files={}) == replace(
        direct, documents=(), files={}, server_assigned_id="", viewpoints=tuple(ratio_free)
    )
    assert sorted(back.files.values()) == sorted(direct.files.values())
    assert [row.name for row in back.documents] == [row.name for row in direct.documents]


def test_the_same_topics_give_the_same_bytes():
    assert writer.write([full_topic()], "3.0") == writer.write([full_topic()], "3.0")


def test_two_topics_may_mean_different_files_by_one_name():
    one, other = full_topic(1), full_topic(2)
    other = replace(other, files=other.files | {"../A.ifc": b"another model"})
    for version in r.VERSIONS:
        first, second = _read(writer.write([one, other], version)).topics
        assert first.files[first.header[0].reference] == b"ISO-10303-21;"
        assert second.files[second.header[0].reference] == b"another model"


def test_2_1_bounds_the_angle_of_view_and_3_0_keeps_it():
    wide = r.View(cameras=(r.Camera(r.PERSPECTIVE, (0, 0, 0), (1, 0, 0), (0, 0, 1), 75.0, None, 2.0),))
    topic = replace(full_topic(), viewpoints=(r.Viewpoint(GUID.format(5), wide),))
    angles = {v: _again(topic, v).viewpoints[0].view.cameras[0].field_of_view for v in r.VERSIONS}
    assert angles == {"2.1": 60.0, "3.0": 75.0}


def test_both_cameras_of_a_2_1_viewpoint_are_kept():
    both = replace(full_view(), cameras=(*full_view().cameras, *flat_view().cameras))
    topic = replace(full_topic(), viewpoints=(r.Viewpoint(GUID.format(5), both),))
    assert [c.kind for c in _again(topic, "2.1").viewpoints[0].view.cameras] == [r.PERSPECTIVE, r.ORTHOGONAL]
    assert [c.kind for c in _again(topic, "3.0").viewpoints[0].view.cameras] == [r.PERSPECTIVE]


def test_the_extensions_of_3_0_name_every_value_in_use_and_those_that_were_allowed():
    allowed = r.Extensions(types=("Remark",), statuses=("Open", "Closed"))
    found = _read(writer.write([full_topic()], "3.0", None, allowed)).extensions
    assert found.types == ("Remark", "Clash")
    assert found.statuses == ("Open", "Closed")
    assert found.labels == ("建筑", "结构")


def test_characters_that_no_xml_may_hold_are_left_out():
    topic = replace(full_topic(), title="a\x00b\x0bc\ud800d", description="x\x1by")
    for version in r.VERSIONS:
        came = _again(topic, version)
        assert (came.title, came.description) == ("abcd", "xy")


@pytest.mark.parametrize("name", ["PerspectiveCamera.v2.1.bcf", "Labels.v3.0.bcf"])
@pytest.mark.parametrize("version", r.VERSIONS)
def test_files_of_other_tools_round_trip(name, version):
    source = ifc_samples.sample(f"bcf/{name}").read_bytes()
    first = _read(source)
    assert first.faults == ()
    written = writer.write(first.topics, version, first.project, first.extensions)
    assert schema_errors(written, version) == []
    if first.version == version:
        assert _read(written).topics == first.topics
        assert _read(written).project == first.project


def test_a_file_of_another_tool_is_read_as_it_says():
    topic = _read(ifc_samples.sample("bcf/PerspectiveCamera.v2.1.bcf").read_bytes()).topics[0]
    camera = topic.viewpoints[0].view.cameras[0]
    assert (topic.title, topic.author, topic.index) == ("Perspective Camera", "dangl@iabi.eu", 0)
    assert camera.position == (19.1479514688529, -22.614447888675, 18.3473354318386)
    assert topic.header[0].date == datetime.fromisoformat("2014-02-25T11:50:32")
    assert topic.files["../Estructura.ifc"].startswith(b"ISO-10303-21")
    assert topic.viewpoints[0].snapshot.content.startswith(b"\x89PNG")


# Hostile and broken files


def _refusal(content: bytes) -> str:
    with pytest.raises(BcfRefused) as refused:
        _read(content)
    return refused.value.code


def _fault(files: dict[str, str], bounds=None) -> list[str]:
    found = reader.read(io.BytesIO(zipped(files)), bounds)
    return [fault.code for fault in found.faults]


def test_what_is_no_package_is_refused():
    assert _refusal(b"") == "bcf.damaged"
    assert _refusal(b"PK\x03\x04 but no more") == "bcf.damaged"
    assert _refusal(zipped({"readme.txt": "hello"})) == "bcf.no_version"
    assert _refusal(zipped(minimal("2.0"))) == "bcf.version"


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/passwd", "a/../../b", "..\\evil.txt", "C:/x", "a\nb"])
def test_names_that_lead_outside_are_refused(name):
    assert _refusal(zipped(minimal() | {name: "x"})) == "bcf.path"


def test_references_that_lead_outside_are_named_and_not_followed():
    inside = "<DocumentReference><ReferencedDocument>../../../etc/passwd</ReferencedDocument></DocumentReference>"
    found = _read(zipped(minimal(inside=inside)))
    assert [fault.code for fault in found.faults] == ["topic.reference"]
    assert found.topics[0].files == {}


def test_a_document_type_is_refused_in_every_encoding():
    bomb = '<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert _fault(minimal(about=bomb)) == ["bcf.doctype"]
    external = '<!DOCTYPE m SYSTEM "file:///etc/passwd">'
    files = minimal()
    name = f"{GUID.format(1)}/markup.bcf"
    text = f'<?xml version="1.0" encoding="UTF-16"?>{external}<Markup/>'
    assert _fault(files | {name: text.encode("utf-16")}) == ["bcf.doctype"]
    assert _refusal(zipped(files | {"bcf.version": f'{external}<Version VersionId="2.1"/>'})) == "bcf.doctype"


def test_bombs_are_refused():
    assert _refusal(zipped(minimal() | {"big.txt": b"\0" * 30_000_000})) == "bcf.bomb"
    many = minimal() | {f"f{at}": "" for at in range(11)}
    with pytest.raises(BcfRefused, match=r"bcf\.entries"):
        reader.read(io.BytesIO(zipped(many)), package.Bounds(entries=10))
    deep = minimal(inside="<x>" * 50 + "</x>" * 50)
    assert _fault(deep) == ["bcf.xml_large"]
    assert _fault(minimal(inside="y" * 5000), package.Bounds(xml=2000)) == ["bcf.entry_large"]


def test_an_encrypted_or_strangely_packed_package_is_refused():
    content = bytearray(zipped(minimal()))
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    assert _refusal(bytes(content)) == "bcf.encrypted"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("bcf.version", "x")
    assert _refusal(out.getvalue()) == "bcf.method"


def test_one_bad_topic_does_not_spoil_the_others():
    good, bad = GUID.format(1), GUID.format(2)
    files = minimal(guid=good) | {f"{bad}/markup.bcf": "<Markup><Topic Guid='x'/></Markup>", "3/markup.bcf": "<Mark"}
    found = _read(zipped(files))
    assert [topic.guid for topic in found.topics] == [good]
    assert [(fault.code, fault.where) for fault in found.faults] == [("topic.guid", bad), ("bcf.xml", "3")]


def test_what_no_version_of_bcf_knows_is_named():
    assert _fault(minimal(inside="<Cost>5</Cost>")) == ["topic.unknown_parts"]


def test_numbers_that_are_none_spoil_their_viewpoint_only():
    guid = GUID.format(1)
    files = minimal()
    text = files[f"{guid}/markup.bcf"]
    seen = f'<Viewpoints Guid="{GUID.format(2)}"><Viewpoint>v.bcfv</Viewpoint><Snapshot>s.png</Snapshot></Viewpoints>'
    files[f"{guid}/markup.bcf"] = text.replace("</Markup>", f"{seen}</Markup>")
    point = "<X>NaN</X><Y>0</Y><Z>0</Z>"
    files[f"{guid}/v.bcfv"] = (
        f"<VisualizationInfo><PerspectiveCamera><CameraViewPoint>{point}</CameraViewPoint></PerspectiveCamera>"
        "</VisualizationInfo>"
    )
    files[f"{guid}/s.png"] = "<html>no picture</html>"
    found = _read(zipped(files))
    assert sorted(fault.code for fault in found.faults) == ["snapshot.no_picture", "viewpoint.unreadable"]
    viewpoint = found.topics[0].viewpoints[0]
    assert (viewpoint.view, viewpoint.snapshot) == (None, None)
    assert set(found.topics[0].files) == {"v.bcfv", "s.png"}
