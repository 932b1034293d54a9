"""Unpacks an .ifczip ourselves: one model, counted while it grows, under a name of our own (no traversal, no bomb)."""

import zipfile
import zlib
from pathlib import Path

from bim.ifc.refusal import refused

BLOCK = 1024 * 1024
RATIO = 200  # STEP text packs to a tenth, repetitive text to a fortieth
SMALLEST = 10_000  # bytes: below, the ratio says nothing
METHODS = {zipfile.ZIP_STORED: "stored", zipfile.ZIP_DEFLATED: "Deflate"}
OTHER_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ"}
ENCRYPTED = 0x1


def unpack(path: Path, target: Path, limit: int) -> None:
    """Writes the only model of the archive to `target`, at most `limit` bytes. Refused with the reason otherwise."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = _only_model(archive.infolist())
            ceiling = min(limit, RATIO * max(path.stat().st_size, SMALLEST))
            if entry.file_size > ceiling:
                raise refused("zip.bomb", mb=ceiling // BLOCK)
            with archive.open(entry) as source, target.open("wb") as out:
                written = 0
                while block := source.read(BLOCK):
                    written += len(block)
                    if written > ceiling:
                        raise refused("zip.bomb", mb=ceiling // BLOCK)
                    out.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise refused("zip.damaged") from error


def _only_model(entries: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    models = [entry for entry in entries if entry.filename.lower().endswith(".ifc") and not entry.is_dir()]
    models = [entry for entry in models if "__macosx/" not in entry.filename.lower()]
    if not models:
        raise refused("zip.no_model")
    if len(models) > 1:
        raise refused("zip.several", count=len(models))
    entry = models[0]
    if entry.flag_bits & ENCRYPTED:
        raise refused("zip.encrypted")
    if entry.compress_type not in METHODS:
        raise refused("zip.method", method=OTHER_METHODS.get(entry.compress_type, str(entry.compress_type)))
    return entry
