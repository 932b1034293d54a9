"""BCF packages for tests: a topic with everything in it, hand-made packages, and the published schemas."""

import io
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import xmlschema

from bim.bcf import records as r

SCHEMAS = Path(__file__).resolve().parents[1] / "fixtures" / "bcf"
SCHEMA_OF = {
    "bcf.version": "version.xsd",
    "project.bcfp": "project.xsd",
    "extensions.xml": "extensions.xsd",
    "documents.xml": "documents.xsd",
}
GUID = "11111111-2222-4333-8444-{:012d}"
WALL, DOOR = "2O2Fr$t4X7Zf8NOew3FLOH", "1hqIFTRjfV6AWq_bMtnZwI"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def picture(width: int = 4, height: int = 3, colour: bytes = b"\x20\x60\xa0") -> bytes:
    """A real PNG."""

    def chunk(tag: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    rows = b"".join(b"\x00" + colour * width for _row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def full_view() -> r.View:
    """Every part a view can have, one camera."""
    return r.View(
        cameras=(r.Camera(r.PERSPECTIVE, (1.5, -2.25, 3.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), 50.0, None, 1.6),),
        selection=(r.Component(WALL, "Our system", "tool-1"), r.Component(DOOR)),
        has_visibility=True,
        default_visibility=False,
        exceptions=(r.Component(WALL),),
        hints={"spaces": False, "space_boundaries": False, "openings": True},
        colouring=(r.Colouring("FF8800", (r.Component(DOOR),)), r.Colouring("8000FF00", (r.Component(WALL),))),
        lines=(r.Line((0.0, 0.0, 0.0), (1.0, 2.0, 3.0)),),
        clipping_planes=(r.ClippingPlane((0.0, 0.0, 2.8), (0.0, 0.0, 1.0)),),
        bitmaps=(r.Bitmap("png", "plan.png", (0.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 1.0, 0.0), 4.5),),
    )


def flat_view() -> r.View:
    camera = r.Camera(r.ORTHOGONAL, (0.0, 0.0, 30.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0), None, 25.0, 1.25)
    return r.View(cameras=(camera,))


def full_topic(number: int = 1) -> r.Topic:
    """A topic that uses every field there is; Chinese, markup characters and line ends in its texts."""
    seen, flat = GUID.format(number * 100 + 1), GUID.format(number * 100 + 2)
    return r.Topic(
        guid=GUID.format(number),
        title="门与墙碰撞 <A&B>",
        created_at=NOON,
        author="张三 · 某局",
        topic_type="Clash",
        topic_status="Open",
        priority="High",
        index=number,
        labels=("建筑", "结构"),
        modified_at=NOON.replace(hour=5),
        modified_author="李四",
        due_at=NOON.replace(day=20),
        assigned_to="王五",
        stage="施工图",
        description="第一行\n第二行 & 更多",
        server_assigned_id=f"P-{number}",
        reference_links=("https://example.org/a?b=1&c=2",),
        snippet=r.Snippet("IfcFragment", "part.ifc", "https://example.org/schema.exp"),
        header=(
            r.HeaderFile("A.ifc", NOON, "../A.ifc", "3LIQL2UvjC6xkGKOQxhhVW", "0LIQL2UvjC6xkGKOQxhhVW", False),
            r.HeaderFile("B.ifc", None, "https://example.org/B.ifc"),
        ),
        documents=(
            r.DocumentReference(GUID.format(number * 100 + 3), "说明", url="https://example.org/d.pdf"),
            r.DocumentReference(GUID.format(number * 100 + 4), "图纸", path="图纸.pdf", name="图纸.pdf"),
        ),
        related=(GUID.format(999),),
        comments=(
            r.Comment(GUID.format(number * 100 + 5), NOON, "李四", "请核对。", seen),
            r.Comment(GUID.format(number * 100 + 6), NOON, "王五", "已改。", "", NOON.replace(hour=6), "王五"),
        ),
        viewpoints=(
            r.Viewpoint(seen, full_view(), r.Snapshot("first.png", "png", picture()), 0, "first.bcfv"),
            r.Viewpoint(flat, flat_view(), r.Snapshot("second.jpg", "jpg", b"\xff\xd8\xff\xe0 rest"), 1, "second.bcfv"),
        ),
        files={
            "part.ifc": b"#1=IFCWALL();",
            "../A.ifc": b"ISO-10303-21;",
            "图纸.pdf": b"%PDF-1.7",
            "plan.png": picture(2, 2),
            "loose.txt": b"named by nothing",
        },
    )


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def minimal(version: str = "2.1", guid: str = GUID.format(1), inside: str = "", about: str = "") -> dict[str, str]:
    """The files of a package of one topic; `inside` goes into the topic, `about` in front of the markup's root."""
    return {
        "bcf.version": f'<Version VersionId="{version}"/>',
        f"{guid}/markup.bcf": f'<?xml version="1.0"?>{about}<Markup><Topic Guid="{guid}" TopicType="A" TopicStatus="B">'
        f"<Title>T</Title><CreationDate>2026-03-02T04:00:00Z</CreationDate><CreationAuthor>a</CreationAuthor>{inside}"
        "</Topic></Markup>",
    }


@cache
def _schema(version: str, name: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / version / name), allow="local", defuse="always")


def schema_errors(content: bytes, version: str) -> list[str]:
    """What the published schemas say against the package; empty where they agree."""
    errors = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            schema = SCHEMA_OF.get(name) or {"bcf": "markup.xsd", "bcfv": "visinfo.xsd"}.get(name.rpartition(".")[2])
            if schema:
                found = _schema(version, schema).iter_errors(archive.read(name).decode())
                errors += [f"{name}: {error.path} {error.reason}" for error in found]
    return errors
