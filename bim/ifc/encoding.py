"""Bytes beyond ASCII in a STEP file: which encoding they are, and the same text in the encoding STEP knows (\\X2\\…\\X0\\).

ISO 10303-21 allows ASCII only; the parser silently drops everything else (墙-011 becomes -011), so files with raw UTF-8
or GB18030 are rewritten before it sees them.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from bim.ifc.refusal import refused

BLOCK = 1024 * 1024
UTF8_MARK = codecs.BOM_UTF8
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
PAIRS = re.compile(rb"[\x81-\xfe](?:[\x30-\x39][\x81-\xfe][\x30-\x39]|[\x40-\x7e\x80-\xfe])")


def encoding_of(path: Path) -> str:
    """ascii, utf-8 or gb18030; Refused with the line of the first byte that fits none of them."""
    if all(block.isascii() for block in blocks(path)):
        return "ascii"
    if _first_bad_byte(path, "utf-8") is None:
        return "utf-8"
    bad = _first_bad_byte(path, "gb18030")
    if bad is None and _reads_as_chinese(path):
        return "gb18030"
    raise refused("encoding.unknown", line=_line_of_first_foreign_byte(path))


def transcode(path: Path, target: Path, encoding: str) -> None:
    """Writes the file with every run of other characters as \\X2\\…\\X0\\ (\\X4\\ beyond the basic plane)."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with target.open("wb") as out:
        for block in blocks(path):
            out.write(_stepped(decoder.decode(block)))
        out.write(_stepped(decoder.decode(b"", final=True)))


def blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def _stepped(text: str) -> bytes:
    return (text if text.isascii() else BEYOND_ASCII.sub(_directive, text)).encode("ascii")


def _directive(found: re.Match[str]) -> str:
    text = found.group()
    if all(ord(character) < 0x10000 for character in text):
        return f"\\X2\\{text.encode('utf-16-be').hex().upper()}\\X0\\"
    return f"\\X4\\{text.encode('utf-32-be').hex().upper()}\\X0\\"


def _first_bad_byte(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    try:
        for block in blocks(path):
            decoder.decode(block)
            offset += len(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return offset + error.start
    return None


def _reads_as_chinese(path: Path) -> bool:
    """Western text in Latin-1 mostly decodes as GB18030 too, but to rare characters whose second byte is a letter."""
    plain = odd = 0
    for block in blocks(path):
        for pair in PAIRS.findall(block):
            if len(pair) == 2 and 0xA1 <= pair[0] <= 0xF7 and pair[1] >= 0xA1:
                plain += 1
            else:
                odd += 1
    return plain > odd


def _line_of_first_foreign_byte(path: Path) -> int:
    line = 1
    for block in blocks(path):
        if block.isascii():
            line += block.count(b"\n")
            continue
        first = next(position for position, byte in enumerate(block) if byte > 0x7F)
        return line + block.count(b"\n", 0, first)
    return line
