"""From the bytes somebody sent to a file that may be opened, or the reason why not. Nothing here trusts the name."""

import re
from dataclasses import dataclass
from pathlib import Path

from bim.ifc import archive, encoding
from bim.ifc.refusal import refused

MB = 1024 * 1024
MAX_BYTES = 300 * MB
MAX_UNPACKED_BYTES = 600 * MB
HEAD_BYTES = 1 * MB
TAIL_BYTES = 64 * 1024
START = b"ISO-10303-21"
END = re.compile(rb"END-ISO-10303-21\s*;[\s\x00]*\Z")
STRING = rb"'((?:[^']|''){0,200})'"  # bounded, or a hostile header would keep the search busy for minutes
FILE_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(\s*" + STRING, re.IGNORECASE)
BINARY_MARKS = (b"\x89HDF", b"SQLite format 3", b"\x7fELF", b"MZ", b"%PDF", b"AC10", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")

# What the reader knows, and what the same schema is also called in file headers.
SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3_ADD2")
OTHER_NAMES = {
    "IFC2X3_FINAL": "IFC2X3",
    "IFC2X3_TC1": "IFC2X3",
    "IFC4_ADD1": "IFC4",
    "IFC4_ADD2": "IFC4",
    "IFC4_ADD2_TC1": "IFC4",
    "IFC4X3": "IFC4X3_ADD2",
    "IFC4X3_TC1": "IFC4X3_ADD2",
    "IFC4X3_ADD1": "IFC4X3_ADD2",
}


@dataclass(frozen=True)
class Prepared:
    """A STEP file in ASCII that the reader may open. `schema` is one of SCHEMAS, `named` what the header says."""

    path: Path
    schema: str
    named: str
    encoding: str
    size: int


def prepare(path: Path, folder: Path) -> Prepared:
    """Unpacks, checks and if need be rewrites the file, into `folder`. Raises Refused; leaves `path` as it is."""
    size = path.stat().st_size
    if size == 0:
        raise refused("file.empty")
    if size > MAX_BYTES:
        raise refused("file.too_large", mb=MAX_BYTES // MB)
    with path.open("rb") as stream:
        is_archive = stream.read(4) == b"PK\x03\x04"
    if is_archive:
        unpacked = folder / "unpacked.ifc"
        archive.unpack(path, unpacked, MAX_UNPACKED_BYTES)
        path, size = unpacked, unpacked.stat().st_size
    return _checked(path, folder, size)


def _checked(path: Path, folder: Path, size: int) -> Prepared:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(max(0, size - TAIL_BYTES))
        tail = stream.read()
    start = _start_of(head)
    named = _schema_named(head)
    schema = OTHER_NAMES.get(named, named)
    if schema not in SCHEMAS:
        raise refused("schema.unsupported", schema=named[:40], accepted="IFC2X3, IFC4, IFC4X3")
    if not END.search(tail):
        raise refused("file.truncated")
    found = encoding.encoding_of(path)
    if found != "ascii":
        rewritten = folder / "ascii.ifc"
        encoding.transcode(path, rewritten, "utf-8-sig" if found == "utf-8" else found)
        path, start = rewritten, 0
    if start or schema != named:
        path = _with_plain_head(path, folder / "plain.ifc", start, named, schema)
    return Prepared(path=path, schema=schema, named=named, encoding=found, size=size)


def _start_of(head: bytes) -> int:
    """Where STEP begins: after a byte order mark and white space, else a reason."""
    if not head.strip(b"\x00 \t\r\n"):
        raise refused("file.empty")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused("encoding.utf16")
    text = head.removeprefix(encoding.UTF8_MARK).lstrip()
    if text.startswith(START):
        if b"\x00" in head:
            raise refused("file.binary")
        return len(head) - len(text)
    if text.startswith((b"<?xml", b"<ifc")):
        raise refused("file.xml")
    if b"\x00" in head[:4096] or head.startswith(BINARY_MARKS):
        raise refused("file.binary")
    raise refused("file.not_ifc")


def _schema_named(head: bytes) -> str:
    header, ended, _rest = _without_comments(head).partition(b"ENDSEC")
    found = FILE_SCHEMA.search(header)
    if not ended or not found:
        raise refused("header.no_schema")
    return found.group(1).decode("ascii", "replace").strip().upper().split("{")[0].strip()


def _without_comments(head: bytes) -> bytes:
    """One pass: a pattern would begin again at every opening mark."""
    parts, rest = [], head
    while True:
        before, opened, inside = rest.partition(b"/*")
        parts.append(before)
        _comment, closed, rest = inside.partition(b"*/")
        if not opened or not closed:
            return b"".join(parts)


def _with_plain_head(path: Path, target: Path, start: int, named: str, schema: str) -> Path:
    """A copy that begins with the mark of STEP and names its schema as the reader knows it."""
    with path.open("rb") as source, target.open("wb") as out:
        source.seek(start)
        head = source.read(HEAD_BYTES)
        found = FILE_SCHEMA.search(head)
        if found and schema != named:
            head = head[: found.start(1)] + schema.encode() + head[found.end(1) :]
        out.write(head)
        while block := source.read(MB):
            out.write(block)
    return target
