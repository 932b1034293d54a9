"""Receives files: every upload is hostile until its name, size and content have been looked at."""

import hashlib
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Problem, RuleViolation
from core.models import StoredFile

MB = 1024 * 1024


@dataclass(frozen=True)
class FileKind:
    """What a kind of file is called, how it begins, how large it may be (MB)."""

    code: str
    extensions: tuple[str, ...]
    mime: str
    max_mb: int
    magic: tuple[bytes, ...] = ()


KINDS = {
    kind.code: kind
    for kind in (
        FileKind("PDF", (".pdf",), "application/pdf", 100, (b"%PDF-",)),
        FileKind("OFD", (".ofd",), "application/ofd", 100, (b"PK\x03\x04",)),
        FileKind(
            "DOCX",
            (".docx",),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            50,
            (b"PK\x03\x04",),
        ),
        FileKind(
            "XLSX",
            (".xlsx",),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            50,
            (b"PK\x03\x04",),
        ),
        FileKind("DWG", (".dwg",), "image/vnd.dwg", 200, (b"AC10",)),
        FileKind("JPEG", (".jpg", ".jpeg"), "image/jpeg", 30, (b"\xff\xd8\xff",)),
        FileKind("PNG", (".png",), "image/png", 30, (b"\x89PNG\r\n\x1a\n",)),
        FileKind("CSV", (".csv",), "text/csv; charset=utf-8", 50),
        FileKind("JSON", (".json",), "application/json", 50),
        FileKind("XML", (".xml",), "application/xml", 50, (b"<?xml", b"\xef\xbb\xbf<?xml", b"<")),
        FileKind("IFC", (".ifc",), "application/x-step", 300, (b"ISO-10303-21",)),
        FileKind("GLB", (".glb",), "model/gltf-binary", 1000, (b"glTF",)),
        # Building models have a reader of their own, which looks at the content and says what is wrong with it.
        FileKind("IFC_MODEL", (".ifc",), "application/x-step", 300),
        FileKind("IFCZIP", (".ifczip",), "application/x-ifczip", 300, (b"PK\x03\x04",)),
        FileKind("IDS", (".ids", ".xml"), "application/xml", 4),
        # Made by the system itself, never uploaded: what is inside has been looked at one by one.
        FileKind("ARCHIVE", (".zip",), "application/zip", 8000),
        FileKind("BCF", (".bcf", ".bcfzip"), "application/x-bcf", 50, (b"PK\x03\x04",)),
    )
}


def store(stream: IO[bytes], *, name: str, allowed: tuple[str, ...], user: Any) -> StoredFile:
    """Checks and keeps the bytes under their SHA-256. Raises RuleViolation with every reason it refuses them."""
    safe = safe_name(name)
    kind = kind_of(safe, allowed)
    temporary = _temporary_path()
    sha, size = _copy(stream, temporary, kind.max_mb * MB)
    try:
        problems = list(content_problems(temporary, kind, size))
        if problems:
            raise RuleViolation(problems)
        final = path_of(sha)
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(final)
    finally:
        temporary.unlink(missing_ok=True)
    return StoredFile.objects.create(
        sha256=sha, size=size, mime=kind.mime, name=safe, path=f"{sha[:2]}/{sha}", uploaded_by=user
    )


def safe_name(name: str) -> str:
    """The last part of the name without control characters, normalised, at most 200 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069<>:\"|?*]", "", last).strip(" .")
    stem, dot, extension = cleaned.rpartition(".")
    return f"{stem[:190]}{dot}{extension[:9]}" if stem else cleaned[:200] or "file"


def kind_of(name: str, allowed: tuple[str, ...]) -> FileKind:
    """The kind this name claims, if it is one of the allowed kinds."""
    extension = Path(name).suffix.lower()
    for code in allowed:
        if extension in KINDS[code].extensions:
            return KINDS[code]
    accepted = "、".join(e for code in allowed for e in KINDS[code].extensions)
    raise RuleViolation(
        [
            Problem(
                "file.kind",
                _("“%(name)s” is not accepted here. Accepted: %(accepted)s.") % {"name": name, "accepted": accepted},
                "file",
            )
        ]
    )


def content_problems(path: Path, kind: FileKind, size: int) -> Iterator[Problem]:
    if size == 0:
        yield Problem("file.empty", _("The file is empty."), "file")
        return
    with path.open("rb") as stream:
        head = stream.read(64)
    if kind.magic and not any(head.startswith(magic) for magic in kind.magic):
        yield Problem(
            "file.content", _("The content is not what the name says (%(kind)s).") % {"kind": kind.code}, "file"
        )
        return
    if kind.magic == (b"PK\x03\x04",):
        yield from _package_problems(path)


def _package_problems(path: Path) -> Iterator[Problem]:
    """Macros, bombs and broken archives inside office and OFD packages."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        yield Problem("file.damaged", _("The file is damaged."), "file")
        return
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        yield Problem("file.macros", _("The file contains macros."), "file")
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > 20_000 or unpacked > 1000 * MB or unpacked > 200 * max(path.stat().st_size, 10_000):
        yield Problem("file.bomb", _("The file unpacks to far more than it should."), "file")


def _copy(stream: IO[bytes], target: Path, limit: int) -> tuple[str, int]:
    sha, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while block := stream.read(MB):
            size += len(block)
            if size > limit:
                out.close()
                target.unlink()
                raise RuleViolation(
                    [Problem("file.size", _("The file is larger than %(mb)s MB.") % {"mb": limit // MB}, "file")]
                )
            sha.update(block)
            out.write(block)
    return sha.hexdigest(), size


def new_file() -> Path:
    """A place for a file the system is about to write; the caller keeps it, or removes it."""
    return _temporary_path()


def keep(path: Path, *, name: str, kind: str, user: Any) -> StoredFile:
    """Keeps a file the system wrote itself at `new_file()`, under its SHA-256."""
    sha, size = hash_of(path), path.stat().st_size
    final = path_of(sha)
    final.parent.mkdir(parents=True, exist_ok=True)
    path.replace(final)
    return StoredFile.objects.create(
        sha256=sha, size=size, mime=KINDS[kind].mime, name=safe_name(name), path=f"{sha[:2]}/{sha}", uploaded_by=user
    )


def _temporary_path() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / uuid.uuid4().hex


def path_of(sha: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha[:2] / sha


def open_stored(file: StoredFile) -> BufferedReader:
    return path_of(file.sha256).open("rb")


def hash_of(path: Path) -> str:
    """The SHA-256 of the bytes that lie there now."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_intact(file: StoredFile) -> bool:
    """Whether the bytes on disk still have the hash that was recorded."""
    try:
        with open_stored(file) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    except OSError:
        return False
