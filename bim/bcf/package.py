"""The ZIP around a BCF file: opened with bounds on everything, nothing is ever written to disk."""

import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO

from bim.bcf.refusal import BcfRefused

MB = 1024 * 1024
ACCEPTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


@dataclass(frozen=True)
class Bounds:
    """What a package may hold: entries, unpacked bytes of all, of one entry, of one XML file; packing ratio."""

    entries: int = 20_000
    total: int = 200 * MB
    entry: int = 100 * MB
    xml: int = 20 * MB
    ratio: int = 300


@dataclass(frozen=True)
class Entries:
    """The files of the package by their names, forward slashes only."""

    archive: zipfile.ZipFile
    by_name: dict[str, zipfile.ZipInfo]
    bounds: Bounds = field(default_factory=Bounds)

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The bytes of one entry. Raises BcfRefused."""
        most = limit or self.bounds.entry
        info = self.by_name[name]
        if info.file_size > most:
            raise BcfRefused("bcf.entry_large", name=name, mb=most // MB)
        try:
            with self.archive.open(info) as stream:
                content = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise BcfRefused("bcf.damaged") from error
        if len(content) > most:
            raise BcfRefused("bcf.entry_large", name=name, mb=most // MB)
        return content

    def xml(self, name: str) -> bytes:
        return self.read(name, self.bounds.xml)


def opened(stream: IO[bytes], bounds: Bounds | None = None) -> Entries:
    """The package's entries. Raises BcfRefused: damaged, encrypted, a bomb, names that lead outside."""
    limits = bounds or Bounds()
    try:
        archive = zipfile.ZipFile(stream)
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise BcfRefused("bcf.damaged") from error
    if len(infos) > limits.entries:
        raise BcfRefused("bcf.entries", most=limits.entries)
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if unpacked > limits.total or unpacked > limits.ratio * max(packed, 10_000):
        raise BcfRefused("bcf.bomb", mb=limits.total // MB)
    by_name: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if info.flag_bits & ENCRYPTED:
            raise BcfRefused("bcf.encrypted")
        if info.compress_type not in ACCEPTED:
            raise BcfRefused("bcf.method")
        name = info.filename.replace("\\", "/")
        if leads_outside(name):
            raise BcfRefused("bcf.path", name=name[:100])
        if name.endswith("/"):
            continue
        if name in by_name:
            raise BcfRefused("bcf.twice", name=name[:100])
        by_name[name] = info
    return Entries(archive, by_name, limits)


def leads_outside(name: str) -> bool:
    """An absolute name, a drive, a step upwards, or characters no file name has."""
    parts = name.split("/")
    return not name or name.startswith("/") or ".." in parts or ":" in parts[0] or any(ord(c) < 32 for c in name)


def resolved(folder: str, reference: str) -> str | None:
    """The entry a reference from the topic's folder means, or None where it leads out of the package."""
    text = reference.replace("\\", "/")
    if not text or "://" in text or text.startswith("/"):
        return None
    path = posixpath.normpath(posixpath.join(folder, text))
    return None if path == "." or leads_outside(path) else path
