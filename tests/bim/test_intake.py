"""What somebody sent: taken apart, rewritten where the standard wants it, refused with a reason a person understands."""

import os
import random
import struct
import zipfile

import pytest

from bim.ifc import encoding, intake, process
from bim.ifc.refusal import Refused
from tests.bim.reading import read
from tests.support.ifc_builder import IfcBuilder
from tests.support.ifc_samples import sample


def a_model(**changes) -> IfcBuilder:
    model = IfcBuilder(**changes)
    storey = model.storey("一层")
    for number in range(3):
        model.element(
            "IfcWall", f"墙-{number:03}", storey, material="混凝土 C30", psets={"参数": {"编号": f"甲{number}"}}
        )
    return model


def reasons_for(content: bytes, tmp_path, name: str = "model.ifc") -> list[str]:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read(path, tmp_path)
    return [reason.code for reason in refusal.value.reasons]


def zipped(tmp_path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED):
    path = tmp_path / "model.ifczip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\r\n  \r\n", "file.empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "file.binary"),
        (b"\x00\x01\x02\x03" * 50, "file.binary"),
        (b"hello, this is no model", "file.not_ifc"),
        (b'<?xml version="1.0"?><ifcXML/>', "file.xml"),
        ("ISO-10303-21;".encode("utf-16"), "encoding.utf16"),
        (b"ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n", "header.no_schema"),
    ],
)
def test_what_is_no_model_is_refused_by_what_it_is(content, code, tmp_path):
    assert reasons_for(content, tmp_path) == [code]


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.99])
def test_a_truncated_file_is_refused_although_the_parser_would_open_it(keep, tmp_path):
    whole = a_model().bytes()
    assert reasons_for(whole[: int(len(whole) * keep)], tmp_path) == ["file.truncated"]


@pytest.mark.parametrize("schema", ["IFC2X2_FINAL", "IFC4X3_RC2", "IFC5", "CONFIG_CONTROL_DESIGN"])
def test_another_schema_is_named_and_refused_before_the_file_is_opened(schema, tmp_path):
    path = tmp_path / "model.ifc"
    path.write_bytes(a_model().bytes().replace(b"('IFC4')", f"('{schema}')".encode()))
    with pytest.raises(Refused) as refusal:
        intake.prepare(path, tmp_path)
    assert refusal.value.reasons[0].code == "schema.unsupported"
    assert refusal.value.reasons[0].facts["schema"] == schema


@pytest.mark.parametrize(
    ("named", "read_as"), [("IFC4X3", "IFC4X3_ADD2"), ("IFC4X3_ADD1", "IFC4X3_ADD2"), ("ifc4", "IFC4")]
)
def test_other_names_of_an_accepted_schema_are_read_as_that_schema(named, read_as, tmp_path):
    path = tmp_path / "model.ifc"
    path.write_bytes(a_model(schema="IFC4X3_ADD2").bytes().replace(b"('IFC4X3_ADD2')", f"('{named}')".encode()))
    prepared = intake.prepare(path, tmp_path)
    assert prepared.schema == read_as
    assert read(path, tmp_path).summary.elements == 3


@pytest.mark.parametrize("raw", ["step", "utf-8", "gb18030"])
def test_chinese_comes_out_as_chinese_whatever_bytes_it_is_written_in(raw, tmp_path):
    path = a_model().write(tmp_path / "model.ifc", raw)
    found = read(path, tmp_path)
    assert [row.name for row in found.elements] == ["墙-000", "墙-001", "墙-002"]
    assert found.elements[0].materials == ("混凝土 C30",)
    assert [(row.set_name, row.name, row.value) for row in found.elements[1].properties] == [("参数", "编号", "甲1")]
    assert found.header.encoding == {"step": "ascii"}.get(raw, raw)
    assert ("encoding.rewritten" in found.warned()) is (raw != "step")


@pytest.mark.parametrize("name", ["zh-building-architecture", "zh-raw-utf8", "zh-raw-gb18030"])
def test_the_three_real_encodings_give_the_same_names(name, tmp_path):
    found = read(sample(f"chinese/{name}.ifc"), tmp_path)
    plain = read(sample("chinese/zh-building-architecture.ifc"), tmp_path)
    assert [(row.guid, row.name, row.materials) for row in found.elements] == [
        (row.guid, row.name, row.materials) for row in plain.elements
    ]
    assert any("\u4e00" <= letter <= "\u9fff" for row in found.elements for letter in row.name)


def test_characters_beyond_the_basic_plane_survive(tmp_path):
    model = IfcBuilder()
    model.element("IfcWall", "𠮷墙𰻞", model.storey("一层"))
    found = read(model.write(tmp_path / "model.ifc", "utf-8"), tmp_path)
    assert found.elements[0].name == "𠮷墙𰻞"


def test_a_character_cut_by_the_edge_of_a_block_survives(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "BLOCK", 7)
    found = read(a_model().write(tmp_path / "model.ifc", "gb18030"), tmp_path)
    assert found.elements[2].name == "墙-002"


@pytest.mark.parametrize("raw", ["latin-1", "big5"])
def test_bytes_of_no_known_encoding_are_refused_with_their_line(raw, tmp_path):
    text = IfcBuilder(project="P", site="S", building="B").text()
    name = "Außenwände Süd, Höhe über Gelände" if raw == "latin-1" else "牆"
    content = text.replace("'S'", f"'{name}'").replace("林知远", "x").replace("设计院", "y").encode(raw) + b""
    if raw == "big5":
        content = content.replace("牆".encode("big5"), b"\xff\xff")
    line = content[: next(i for i, byte in enumerate(content) if byte > 127)].count(b"\n") + 1
    path = tmp_path / "model.ifc"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read(path, tmp_path)
    assert [(reason.code, reason.facts) for reason in refusal.value.reasons] == [("encoding.unknown", {"line": line})]


def test_a_byte_order_mark_and_white_space_before_the_start_do_no_harm(tmp_path):
    path = tmp_path / "model.ifc"
    path.write_bytes(b"\xef\xbb\xbf\r\n " + a_model().bytes())
    assert read(path, tmp_path).summary.elements == 3


def test_an_archive_is_unpacked_wherever_in_it_the_model_lies(tmp_path):
    path = zipped(
        tmp_path, {"../../evil/model.IFC": a_model().bytes(), "__MACOSX/._model.ifc": b"x", "readme.txt": b"x"}
    )
    assert read(path, tmp_path).summary.elements == 3
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["model.ifczip", "unpacked.ifc"]


@pytest.mark.parametrize(
    ("entries", "code"),
    [({"a.txt": b"x"}, "zip.no_model"), ({"a.ifc": b"x", "b.ifc": b"y"}, "zip.several")],
)
def test_an_archive_holds_one_model(entries, code, tmp_path):
    path = zipped(tmp_path, entries)
    assert reasons_for(path.read_bytes(), tmp_path) == [code]


def test_a_bomb_is_refused_without_unpacking_it(tmp_path):
    path = zipped(tmp_path, {"model.ifc": b" " * 50_000_000})
    assert path.stat().st_size < 100_000
    assert reasons_for(path.read_bytes(), tmp_path) == ["zip.bomb"]


def test_an_archive_that_lies_about_its_size_stops_at_the_limit(tmp_path):
    path = zipped(tmp_path, {"model.ifc": b" " * 50_000_000})
    content = path.read_bytes()
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(mark) + offset
        content = content[:place] + struct.pack("<I", 1000) + content[place + 4 :]
    assert reasons_for(content, tmp_path)[0] in ("zip.bomb", "zip.damaged")
    unpacked = tmp_path / "unpacked.ifc"
    assert not unpacked.exists() or unpacked.stat().st_size < 10_000_000


def test_deflate64_and_passwords_are_refused_by_name(tmp_path):
    plain = zipped(tmp_path, {"model.ifc": a_model().bytes()}).read_bytes()
    changed = bytearray(plain)
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", changed, plain.index(mark) + offset, 9)
    assert reasons_for(bytes(changed), tmp_path) == ["zip.method"]
    locked = bytearray(plain)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", locked, plain.index(mark) + offset, 1)
    assert reasons_for(bytes(locked), tmp_path) == ["zip.encrypted"]
    assert reasons_for(plain[: len(plain) // 2], tmp_path) == ["zip.damaged"]


def test_a_file_whose_header_names_the_wrong_schema_is_refused_and_not_read_in_part(tmp_path):
    model = IfcBuilder(schema="IFC4X3_ADD2")
    road = model.facility("IfcRoad", "环城路")
    model.element("IfcCourse", "面层", road)
    content = model.bytes().replace(b"('IFC4X3_ADD2')", b"('IFC2X3')")
    assert reasons_for(content, tmp_path) == ["entity.unknown"]


def test_lost_products_are_noticed(tmp_path):
    whole = a_model().bytes()
    middle = whole.index(b"IFCWALL(") - 30
    assert reasons_for(whole[:middle] + b"\x01((((('''" + whole[middle:], tmp_path)[0] in (
        "model.damaged",
        "parse.failed",
    )


def test_repeated_global_ids_are_refused_naming_them(tmp_path):
    model = IfcBuilder()
    storey = model.storey("一层")
    for name in ("甲", "乙"):
        model.element("IfcWall", name, storey, guid="2O2Fr$t4X7Zf8NOew3FLOH")
    path = model.write(tmp_path / "model.ifc")
    with pytest.raises(Refused) as refusal:
        read(path, tmp_path)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.facts["count"]) == ("guid.repeated", 1)
    assert "2O2Fr$t4X7Zf8NOew3FLOH" in reason.facts["guids"][0]


def test_a_model_without_anything_in_it_is_refused_as_empty(tmp_path):
    head, data, _rest = a_model().bytes().partition(b"DATA;")
    assert reasons_for(head + data + b"\nENDSEC;\nEND-ISO-10303-21;\n", tmp_path) == ["model.empty"]


@pytest.mark.parametrize("seed", range(40))
def test_mutated_files_end_in_rows_or_in_a_reason_never_in_another_error(seed, tmp_path):
    """Bytes changed, pieces cut out or doubled at random; what the reading process makes of it, in one process."""
    rng = random.Random(seed)
    content = bytearray(a_model().bytes())
    for _change in range(rng.randint(1, 6)):
        place, length = rng.randrange(300, len(content)), rng.randint(1, 40)
        kind = rng.choice(("flip", "cut", "double", "junk"))
        if kind == "flip":
            content[place] = rng.randrange(256)
        elif kind == "cut":
            del content[place : place + length]
        elif kind == "double":
            content[place:place] = content[place : place + length]
        else:
            content[place:place] = bytes(rng.choices(b"#'()$*,;=.0\\X2\x00\xff", k=length))
    path = tmp_path / "model.ifc"
    path.write_bytes(bytes(content))
    try:
        assert read(path, tmp_path).summary.products >= 1
    except Refused as refusal:
        assert refusal.reasons[0].code
    except RuntimeError:
        pass  # the parser's own error while reading lazily: the reading process makes a reason of it


LIMITS = process.Limits(memory_mb=1500, cpu_seconds=60, wall_seconds=60)


def test_the_process_hands_over_what_it_read_and_how_far_it_is(tmp_path):
    heard = []
    path = a_model().write(tmp_path / "model.ifc")
    result = process.run(
        process.worker("extract", path, "--out", tmp_path / "rows"),
        limits=LIMITS,
        on_progress=lambda *said: heard.append(said),
    )
    assert result.ok, result.stderr
    assert result.summary["elements"] == 3
    assert heard[-1][2] == "reading"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["model.ifc", "rows"]


def test_a_process_that_hangs_is_killed_at_its_time(tmp_path):
    limits = process.Limits(memory_mb=1500, cpu_seconds=60, wall_seconds=1)
    result = process.run(["sleep", "60"], limits=limits)
    assert [reason.code for reason in result.reasons] == ["limit.time"]
    assert result.seconds < 10


def test_a_process_that_computes_without_end_is_killed_at_its_processor_time():
    limits = process.Limits(memory_mb=1500, cpu_seconds=1, wall_seconds=60)
    result = process.run([process.sys.executable, "-c", "while True: pass"], limits=limits)
    assert [reason.code for reason in result.reasons] == ["limit.time"]


def test_a_process_that_takes_too_much_memory_ends_in_that_reason():
    limits = process.Limits(memory_mb=300, cpu_seconds=30, wall_seconds=60)
    result = process.run([process.sys.executable, "-c", "x = bytearray(10**9)"], limits=limits)
    assert [reason.code for reason in result.reasons] == ["limit.memory"]


def test_a_process_that_crashes_ends_in_a_reason():
    result = process.run([process.sys.executable, "-c", "import os; os.abort()"], limits=LIMITS)
    assert [reason.code for reason in result.reasons] == ["reader.crashed"]


def test_cancelling_kills_the_process_and_its_children_at_once(tmp_path):
    mark = tmp_path / "pid"
    looping = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    result = process.run([process.sys.executable, "-c", looping], limits=LIMITS, cancelled=mark.exists)
    assert result.cancelled and result.seconds < 20
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text() or "0") or 2**22, 0)


def test_the_process_gets_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for readers")
    code = "import os, json; print(json.dumps({'summary': {'names': sorted(os.environ)}}))"
    result = process.run([process.sys.executable, "-c", code], limits=LIMITS)
    assert "SECRET_KEY" not in result.summary["names"]
    assert "DATABASE_URL" not in result.summary["names"]
