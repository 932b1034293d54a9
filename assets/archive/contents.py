"""What goes into the package of a project, in a fixed order: records as JSON, every document and file, the trace."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation

from approvals.documents.kinds import DocumentKind
from approvals.models import ApprovalItem
from approvals.services.documents import content_of
from approvals.states import ItemState
from assets import handover_list
from assets.archive.records import Branches, files_of, record_of, records_of
from assets.models import FinalAccount, HandoverBatch, TitleRecord
from assets.services import book
from assets.states import BatchState
from bim.states import ModelStage
from core.models import StoredFile, TraceChain, TraceEntry
from execution.models import ChangeOrder
from projects.models import Project

PERMANENT, Y30, Y10 = "PERMANENT", "Y30", "Y10"
FAILED = (ItemState.RETURNED, ItemState.WITHDRAWN, ItemState.NOT_ACCEPTED)
DECISIONS = (DocumentKind.APPROVAL, DocumentKind.REJECTION)
LONGEST_NAME = 80
# What hangs below the rows of each section, as far as the archive keeps it.
ITEM: Branches = {
    "slots": {"versions": {}, "comments": {}}, "rounds": {}, "corrections": {"defects": {}}, "cost_lines": {},
    "opinions": {}, "experts": {}, "countersigns": {}, "pauses": {}, "recusals": {}, "objections": {}, "decisions": {},
    "documents": {},
}  # fmt: skip
PROJECT: Branches = {"stages": {}, "gate_openings": {}, "figures": {}, "suspensions": {}, "funding": {}}
CONTRACT: Branches = {"lines": {}, "supplements": {}, "settlement": {}}
REPORT: Branches = {"measurements": {}, "photos": {}}
ROUND: Branches = {"opinions": {}, "defects": {}}
ACCOUNT: Branches = {"cells": {}, "deferred_costs": {}, "tail_works": {}}
TOPIC: Branches = {"comments": {}, "viewpoints": {}}


@dataclass(frozen=True)
class Entry:
    """One file of the package: its path, what it is, how long it is kept (R-ARC-04), and its bytes or the stored file."""

    path: str
    title: str
    retention: str
    content: bytes | None = None
    file: StoredFile | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def entries_of(project: Project) -> Iterator[Entry]:
    """In official Chinese whoever asks, each path once; the trace comes last."""
    taken: set[str] = set()
    with translation.override(settings.LANGUAGE_CODE):
        for entry in _entries(project):
            yield _at_own_place(entry, taken)


def case_entries_of(item: ApprovalItem) -> Iterator[Entry]:
    """The case file of one item (R-ARC-02), in the same folders, and what the trace holds of it."""
    taken: set[str] = set()
    with translation.override(settings.LANGUAGE_CODE):
        rows = TraceEntry.objects.filter(chain__key=chain_key(item.project), item_id=item.pk).order_by("seq")
        for entry in (*_item(item), _trace_file(rows)):
            yield _at_own_place(entry, taken)


def _at_own_place(entry: Entry, taken: set[str]) -> Entry:
    """Two papers of one name stay two, also where file names know no capital letters."""
    stem, dot, ending = entry.path.rpartition(".")
    path, number = entry.path, 2
    while path.casefold() in taken:
        path, number = f"{stem}_{number}{dot}{ending}", number + 1
    taken.add(path.casefold())
    return replace(entry, path=path)


def _entries(project: Project) -> Iterator[Entry]:
    yield _json("01_project/project.json", "项目基本信息、阶段、控制数", record_of(project, PROJECT))
    items = project.items.exclude(state=ItemState.DRAFT).order_by("pk")
    for item in items:
        yield from _item(item)
    yield from _section("03_plan", "年度投资计划", project.plan_items, {"funding": {}, "adjustments": {}})
    yield from _section("03_plan", "资金下达", project.releases, {}, name="releases")
    yield from _section("04_tenders", "招标采购", project.tenders, {"objections": {}})
    yield from _section("05_contracts", "合同、补充协议、结算", project.contracts, CONTRACT)
    changes = ChangeOrder.objects.filter(contract__project=project)
    yield from _section("05_contracts", "工程变更", changes, {"lines": {}}, name="changes")
    yield from _section("06_progress", "工程进度", project.progress_reports, REPORT)
    yield from _section("06_progress", "工程节点", project.milestones, {}, name="milestones")
    for contract in project.contracts.order_by("pk"):
        yield from _section(
            "07_payments", "资金支付", contract.payments, {"funding": {}}, Y30, f"payments_{contract.pk}"
        )
    yield from _section("08_acceptance", "竣工验收", project.acceptance_rounds, ROUND)
    yield from _section("08_acceptance", "专项验收", project.special_acceptances, {}, name="special")
    yield from _section("09_audit", "审计发现问题", project.audit_findings, {})
    for account in project.final_accounts.order_by("pk"):
        yield from _account(account)
    yield from _section("11_assets", "资产卡片", project.assets, {"elements": {}})
    for batch in project.handover_batches.exclude(state=BatchState.CANCELLED).order_by("number"):
        yield from _batch(batch)
    titles = TitleRecord.objects.filter(asset__project=project)
    yield from _section("13_titles", "不动产登记", titles, {})
    yield from _models(project)
    yield from _section("15_topics", "模型协同议题", project.bcf_topics, TOPIC, Y30)
    yield _trace(project)


def _item(item: ApprovalItem) -> Iterator[Entry]:
    """A case file (R-ARC-02): what came in, what was found, what was decided, what was issued."""
    folder, keep = f"02_items/{_name(item.no)}", Y10 if item.state in FAILED else PERMANENT
    papers = Y10 if item.state in FAILED else Y30
    yield _json(f"{folder}/item.json", f"{item.no} {item.get_item_type_display()}", record_of(item, ITEM), keep)
    for document in item.documents.order_by("pk"):
        kept = keep if document.kind in DECISIONS else Y10
        name = _name(document.number or document.kind)
        facts = {"number": document.number, "issued_on": str(document.issued_on)}
        title = document.title or document.number
        yield Entry(f"{folder}/documents/{name}.pdf", title, kept, content_of(document), facts=facts)
    for slot in item.slots.order_by("position", "pk"):
        for version in slot.versions.order_by("number"):
            name = _name(f"{slot.code}_v{version.number}_{version.file.name}")
            yield Entry(f"{folder}/materials/{name}", f"{slot.code} {slot.name}", keep, file=version.file)
    for opinion in item.opinions.order_by("pk"):
        yield from _files(f"{folder}/review", "评审意见", [opinion], {}, papers)


def _section(
    folder: str, title: str, rows: Any, branches: Branches, retention: str = PERMANENT, name: str = ""
) -> Iterator[Entry]:
    """The rows as one record, then every file they name; nothing where there are none."""
    found = list(rows.order_by("pk"))
    if not found:
        return
    file = name or folder.partition("_")[2]
    yield _json(f"{folder}/{file}.json", title, records_of(found, branches), retention)
    yield from _files(f"{folder}/files", title, found, branches, retention)


def _files(
    folder: str, title: str, rows: Iterable[models.Model], branches: Branches, retention: str
) -> Iterator[Entry]:
    for row in rows:
        for holder, file in files_of(row, branches):
            name = _name(f"{holder._meta.model_name}_{holder.pk}_{file.name}")
            yield Entry(f"{folder}/{name}", f"{title} {holder}"[:200], retention, file=file)


def _account(account: FinalAccount) -> Iterator[Entry]:
    folder = f"10_final_account/{_name(account.part)}" if account.part else "10_final_account"
    yield _json(f"{folder}/account.json", "竣工财务决算", record_of(account, ACCOUNT))
    yield Entry(f"{folder}/{_name(book.file_name(account, 'pdf'))}", "竣工财务决算报表", PERMANENT, book.pdf(account))


def _batch(batch: HandoverBatch) -> Iterator[Entry]:
    folder = f"12_handover/{batch.number:02d}"
    yield _json(f"{folder}/batch.json", f"资产移交第{batch.number}批", record_of(batch, {"lines": {}}))
    yield Entry(
        f"{folder}/资产移交清单.pdf", f"资产移交清单第{batch.number}批", PERMANENT, handover_list.handover_list(batch)
    )
    yield from _files(f"{folder}/files", "移交文件", [batch], {}, PERMANENT)


def _models(project: Project) -> Iterator[Entry]:
    rows = list(project.bim_models.filter(status="ACCEPTED").order_by("pk"))
    if rows:
        yield _json("14_models/models.json", "建筑信息模型", records_of(rows))
    for row in rows:
        name = _name(f"{row.stage}_{row.discipline}_v{row.version}_{row.file.name}")
        keep = PERMANENT if row.stage == ModelStage.AS_BUILT else Y30
        yield Entry(f"14_models/{name}", str(row), keep, file=row.file)


def _trace(project: Project) -> Entry:
    """The chain of the project, entry by entry, so that everybody can compute its hashes anew."""
    return _trace_file(TraceEntry.objects.filter(chain__key=chain_key(project)).order_by("seq"))


def _trace_file(rows: models.QuerySet[TraceEntry]) -> Entry:
    lines = [_canonical(trace_line(row)) for row in rows.iterator(chunk_size=2000)]
    return Entry("16_trace/trace.jsonl", "留痕", PERMANENT, "".join(f"{line}\n" for line in lines).encode())


def chain_key(project: Project) -> str:
    return f"project:{project.pk}"


def chain_of(project: Project) -> TraceChain | None:
    return TraceChain.objects.filter(key=chain_key(project)).first()


TRACED = (
    "seq", "verb", "actor_id", "actor_name", "acting_for_id", "acting_for_name", "role", "organisation_id", "target_type",
    "target_id", "project_id", "item_id", "facts", "reason", "ip", "device", "request_id", "prev_hash", "hash",
)  # fmt: skip


def trace_line(row: TraceEntry) -> dict[str, Any]:
    """Everything the hash of the entry was made of, and the hash."""
    return {
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"), **{name: getattr(row, name) for name in TRACED}
    }  # fmt: skip


def _json(path: str, title: str, value: Any, retention: str = PERMANENT) -> Entry:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    return Entry(path, title, retention, f"{text}\n".encode())


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _name(text: str) -> str:
    """A file name every system can write: no separators, no control characters, not too long, the ending kept."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join("_" if char in '/\\:*?"<>|' or unicodedata.category(char)[0] == "C" else char for char in plain)
    plain = re.sub(r"\s+", " ", plain).strip(" .") or "_"
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return plain[:LONGEST_NAME]
