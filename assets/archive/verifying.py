"""Verifies a package as anybody could: every file against the manifest, nothing more and nothing less, the chain of the trace."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from assets.archive.package import CASE_FORMAT, MANIFEST, METADATA
from core.models import TraceEntry
from core.trace import digest

TRACE = "16_trace/trace.jsonl"
MB = 1024 * 1024
LARGEST_TEXT = 500 * MB


@dataclass(frozen=True)
class Verdict:
    """`faults` in words, empty when the package is whole; how many files and trace entries were looked at."""

    faults: tuple[str, ...]
    files: int = 0
    trace: int = 0
    manifest_sha256: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.faults


def verify(path: Path, *, manifest_sha256: str = "") -> Verdict:
    """Looks at the file alone. With `manifest_sha256` (as recorded when it was made) an exchanged manifest shows as well."""
    try:
        with zipfile.ZipFile(path) as package:
            return _verify(package, manifest_sha256)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError, EOFError):
        return Verdict((_("The file is damaged: it cannot be unpacked."),))


def _verify(package: zipfile.ZipFile, recorded: str) -> Verdict:
    names = [info.filename for info in package.infolist()]
    if MANIFEST not in names or METADATA not in names:
        return Verdict((_("The file is no archive package: it has no manifest."),))
    manifest = package.read(MANIFEST)
    found = hashlib.sha256(manifest).hexdigest()
    sums = dict(_sums(manifest.decode()))
    faults = []
    if recorded and found != recorded:
        faults.append(_("The manifest is not the one that was recorded."))
    if len(names) != len(set(names)):
        faults.append(_("A file is there twice."))
    for name in sorted(set(names) - {*sums, MANIFEST}):
        faults.append(_("Not in the manifest: %(name)s") % {"name": name})
    for name, expected in sorted(sums.items()):
        if name not in names:
            faults.append(_("Missing: %(name)s") % {"name": name})
        elif _hash(package, name) != expected:
            faults.append(_("Changed: %(name)s") % {"name": name})
    trace = 0
    if not faults:
        about = json.loads(package.read(METADATA))
        if about.get("format") == CASE_FORMAT:
            trace, broken = _extract(package)
        else:
            trace, broken = _trace(package, about.get("trace"))
        faults += [broken] if broken else []
    return Verdict(tuple(faults), len(sums), trace, found)


def _sums(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        expected, gap, name = line[:64], line[64:66], line[66:]
        if len(expected) != 64 or gap != "  " or not name:
            raise ValueError(line)
        yield name, expected


def _hash(package: zipfile.ZipFile, name: str) -> str:
    found = hashlib.sha256()
    try:
        with package.open(name) as stream:
            for block in _blocks(stream):
                found.update(block)
    except (zipfile.BadZipFile, EOFError, OSError):
        return ""
    return found.hexdigest()


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(MB):
        yield block


def _extract(package: zipfile.ZipFile) -> tuple[int, str]:
    """A case file holds some entries of a chain: each has the hash of what it says, the older ones first."""
    count = last = 0
    with package.open(TRACE) as stream:
        for count, line in enumerate(stream, 1):
            said = json.loads(line)
            entry = TraceEntry(at=datetime.fromisoformat(said.pop("at")), **said)
            if entry.seq <= last or digest(entry) != entry.hash:
                return count, _("The trace is broken at entry %(n)s.") % {"n": entry.seq}
            last = entry.seq
    return count, ""


def _trace(package: zipfile.ZipFile, head: dict[str, Any] | None) -> tuple[int, str]:
    """How many entries fit together, and where the chain breaks, if it does."""
    seq, previous = 0, "0" * 64
    with package.open(TRACE) as stream:
        for line in stream:
            said = json.loads(line)
            entry = TraceEntry(at=datetime.fromisoformat(said.pop("at")), **said)
            seq += 1
            if entry.seq != seq or entry.prev_hash != previous or digest(entry) != entry.hash:
                return seq, _("The trace is broken at entry %(n)s.") % {"n": seq}
            previous = entry.hash
    if head and (seq, previous) != (head["height"], head["head_hash"]):
        return seq, _("The trace ends before its head.")
    return seq, ""
