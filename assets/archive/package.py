"""The package as a ZIP: the same state of a project gives the same bytes, and `sha256sum -c SHA256SUMS` verifies it."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

from approvals.models import ApprovalItem
from assets.archive.contents import PERMANENT, Entry, case_entries_of, chain_of, entries_of
from assets.archive.required import Requirement
from core import files
from core.errors import Problem, RuleViolation
from projects.models import Project

MANIFEST, METADATA, README = "SHA256SUMS", "metadata.json", "README.txt"
FORMAT, CASE_FORMAT = "GIPLT archive package 1", "GIPLT case file 1"
EPOCH = (1980, 1, 1, 0, 0, 0)
MB = 1024 * 1024
# Packed already: packing them once more costs time and saves nothing.
PACKED = (".pdf", ".ofd", ".docx", ".xlsx", ".jpg", ".jpeg", ".png", ".zip", ".ifczip", ".bcf", ".bcfzip")
WORDS = """本档案包可用标准 SHA-256 工具独立核验，无需本系统：

    unzip 档案包.zip -d 档案 && cd 档案 && sha256sum -c SHA256SUMS

SHA256SUMS   每个文件的 SHA-256 校验值
metadata.json 档号、项目、保管期限、文件目录、缺件说明
16_trace/     留痕记录，逐条以前一条的哈希相连

This package can be verified by anybody with a standard SHA-256 tool, without the system it was made by:

    unzip package.zip -d archive && cd archive && sha256sum -c SHA256SUMS
"""


@dataclass(frozen=True)
class Written:
    """What was written: how many files, the SHA-256 of the manifest, how high the trace stood."""

    entries: int
    manifest_sha256: str
    trace_height: int


@dataclass
class _Writing:
    package: zipfile.ZipFile
    sums: list[tuple[str, str]] = field(default_factory=list)

    def add(self, path: str, source: IO[bytes] | bytes) -> tuple[str, int]:
        """Writes one file; returns its SHA-256 and size."""
        info = zipfile.ZipInfo(path, EPOCH)
        info.create_system, info.external_attr = 3, 0o100644 << 16
        info.compress_type = zipfile.ZIP_STORED if path.lower().endswith(PACKED) else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with self.package.open(info, "w", force_zip64=True) as target:
            for block in _blocks(source):
                digest.update(block)
                size += len(block)
                target.write(block)
        self.sums.append((path, digest.hexdigest()))
        return digest.hexdigest(), size


def write(
    target: IO[bytes], project: Project, *, no: str, retention: str, gaps: list[Requirement], gaps_reason: str = ""
) -> Written:
    """Writes the package. Raises RuleViolation naming every stored file that is not what was uploaded."""
    chain = chain_of(project)
    about = {
        "format": FORMAT, "no": no, "retention": retention, "project": _said_of(project),
        "trace": {"chain": chain.key, "height": chain.height, "head_hash": chain.head_hash} if chain else None,
        "gaps": [{"code": gap.code, "detail": gap.detail} for gap in gaps], "gaps_reason": gaps_reason,
    }  # fmt: skip
    return _write(target, entries_of(project), about, chain.height if chain else 0)


def write_case(target: IO[bytes], item: ApprovalItem, *, no: str, retention: str) -> Written:
    """The case file of one item (R-ARC-05: one package per item). Raises RuleViolation like `write`."""
    about = {
        "format": CASE_FORMAT, "no": no, "retention": retention, "project": _said_of(item.project),
        "item": {"id": item.pk, "no": item.no, "type": item.item_type, "state": item.state, "document_no": item.document_no},
    }  # fmt: skip
    return _write(target, case_entries_of(item), about, 0)


def _said_of(project: Project) -> dict[str, Any]:
    return {
        "id": project.pk, "code": project.code, "name": project.name, "stage": project.stage,
        "unit": str(project.owner_unit),
    }  # fmt: skip


def _write(target: IO[bytes], entries: Iterable[Entry], about: dict[str, Any], height: int) -> Written:
    """The entries, what is said of them, and the manifest over all."""
    listed: list[dict[str, Any]] = []
    damaged: list[str] = []
    with zipfile.ZipFile(target, "w", allowZip64=True) as package:
        writing = _Writing(package)
        for entry in entries:
            found = _add(writing, entry)
            if found is None:
                damaged.append(entry.title)
            else:
                listed.append(found)
        if damaged:
            words = _("Stored files are not what was uploaded: %(files)s.")
            raise RuleViolation([Problem("archive.damaged", words % {"files": "、".join(damaged[:5])})])
        said = {**about, "files": listed}
        writing.add(METADATA, json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode())
        writing.add(README, WORDS.encode())
        manifest = "".join(f"{digest}  {path}\n" for path, digest in sorted(writing.sums)).encode()
        _Writing(package).add(MANIFEST, manifest)
    return Written(len(writing.sums), hashlib.sha256(manifest).hexdigest(), height)


def _add(writing: _Writing, entry: Entry) -> dict[str, Any] | None:
    """What the metadata say of the file; None where the stored bytes are gone or changed."""
    if entry.file is not None:
        try:
            with files.open_stored(entry.file) as stream:
                digest, size = writing.add(entry.path, stream)
        except OSError:
            return None
        if digest != entry.file.sha256:
            return None
    else:
        digest, size = writing.add(entry.path, entry.content or b"")
    said = {"path": entry.path, "title": entry.title, "retention": entry.retention, "sha256": digest, "size": size}
    uploaded = {"uploaded_at": str(entry.file.uploaded_at), "name": entry.file.name} if entry.file else {}
    return said | uploaded | entry.facts


def _blocks(source: IO[bytes] | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    while block := source.read(MB):
        yield block


__all__ = ["MANIFEST", "METADATA", "PERMANENT", "README", "Written", "write", "write_case"]
