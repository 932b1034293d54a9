"""Is this file an XLSX workbook that may be opened? Looks at the zip package only, before any cell is read."""

from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

MEGABYTE = 1024 * 1024
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
READ_ERRORS = (BadZipFile, EOFError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Limits:
    """How much a cost workbook may be."""

    megabytes: int = 10
    unpacked_megabytes: int = 60
    parts: int = 500
    rows: int = 5_000
    columns: int = 60
    text: int = 500


LIMITS = Limits()


def refusal(content: bytes, limits: Limits = LIMITS) -> str:
    """The code of the reason not to open the file, or "".

    `book.too_big`, `book.encrypted`, `book.not_xlsx`, `book.bomb`, `book.macros`, `book.external_links`.
    """
    if len(content) > limits.megabytes * MEGABYTE:
        return "book.too_big"
    if content.startswith(OLE_SIGNATURE):
        return "book.encrypted"
    try:
        with ZipFile(BytesIO(content)) as package:
            return _refusal(package, limits)
    except READ_ERRORS:
        return "book.not_xlsx"


def _refusal(package: ZipFile, limits: Limits) -> str:
    parts = package.infolist()
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked_megabytes * MEGABYTE:
        return "book.bomb"
    names = {part.filename.lower() for part in parts}
    if len(names) != len(parts) or "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        return "book.not_xlsx"
    if any(part.flag_bits & 1 for part in parts):
        return "book.encrypted"
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        return "book.macros"
    if any("/externallinks/" in name for name in names):
        return "book.external_links"
    if any(_declares_entities(package, part) for part in parts if _is_xml(part)):
        return "book.not_xlsx"
    kinds = package.read("[Content_Types].xml").lower()
    return "book.macros" if b"macroenabled" in kinds else ""


def _is_xml(part: ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels", ".vml"))


def _declares_entities(package: ZipFile, part: ZipInfo) -> bool:
    """No office program writes a DOCTYPE; it is how entity bombs and references to other files come in.

    Bytes of zero would mean UTF-16 or UTF-32, in which a DOCTYPE could hide; office programs write UTF-8.
    """
    text = package.read(part)
    return b"<!DOCTYPE" in text or b"\0" in text
