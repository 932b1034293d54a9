"""Writes and verifies the trace. One service call leaves at least one entry (R-TRC-01)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import models, transaction

from core import clock, request
from core.models import TraceChain, TraceEntry

GENERAL_CHAIN = "general"


class Who(Protocol):
    """What the trace needs to know of an actor; accounts.actor.Actor is one."""

    @property
    def user(self) -> Any: ...
    @property
    def principal(self) -> Any: ...
    @property
    def role(self) -> str: ...
    @property
    def organisation_id(self) -> int | None: ...


@dataclass(frozen=True)
class SystemActor:
    """Acts when no person does: timed transitions, consequences of a decision."""

    user: None = None
    principal: None = None
    role: str = "SYSTEM"
    organisation_id: int | None = None
    organisation: None = None
    holder: None = None
    persons: frozenset[int] = frozenset()


SYSTEM = SystemActor()


def record(
    verb: str,
    *,
    actor: Who,
    target: models.Model | None = None,
    facts: dict[str, Any] | None = None,
    reason: str = "",
    at: datetime | None = None,
    project_id: int | None = None,
    item_id: int | None = None,
) -> TraceEntry:
    """Appends one entry to the chain of its project, or to the general one. Must run inside a transaction."""
    origin = request.origin()
    entry = TraceEntry(
        at=(at or clock.now()).astimezone(UTC),
        verb=verb,
        actor=actor.user,
        actor_name=actor.user.full_name if actor.user else "",
        acting_for=actor.principal,
        acting_for_name=actor.principal.full_name if actor.principal else "",
        role=actor.role,
        organisation_id=actor.organisation_id,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        project_id=project_id,
        item_id=item_id,
        facts=plain(facts or {}),
        reason=reason,
        ip=origin.ip,
        device=origin.device,
        request_id=origin.request_id,
    )
    return _append(entry, f"project:{project_id}" if project_id else GENERAL_CHAIN)


def _append(entry: TraceEntry, key: str) -> TraceEntry:
    with transaction.atomic():
        chain = TraceChain.objects.select_for_update().filter(key=key).first()
        if chain is None:
            TraceChain.objects.get_or_create(key=key)
            chain = TraceChain.objects.select_for_update().get(key=key)
        entry.chain, entry.seq, entry.prev_hash = chain, chain.height + 1, chain.head_hash
        entry.hash = digest(entry)
        entry.save(force_insert=True)
        TraceChain.objects.filter(pk=chain.pk).update(height=entry.seq, head_hash=entry.hash)
    return entry


def digest(entry: TraceEntry) -> str:
    """SHA-256 over the previous hash and the canonical JSON of everything the entry says."""
    said = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "verb": entry.verb,
        "actor": entry.actor_id,
        "actor_name": entry.actor_name,
        "acting_for": entry.acting_for_id,
        "acting_for_name": entry.acting_for_name,
        "role": entry.role,
        "organisation": entry.organisation_id,
        "target_type": entry.target_type,
        "target": entry.target_id,
        "project": entry.project_id,
        "item": entry.item_id,
        "facts": entry.facts,
        "reason": entry.reason,
        "ip": entry.ip,
        "device": entry.device,
        "request": entry.request_id,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((entry.prev_hash + text).encode()).hexdigest()


def plain(value: Any) -> Any:
    """Facts as JSON keeps them: amounts and dates as strings, so that reading them back gives the same hash."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


@dataclass(frozen=True)
class Verification:
    """How many entries were read, and the first one that does not fit, if any."""

    checked: int
    broken: str = ""


def seal() -> str:
    """One hash over the heads of all chains: kept outside, it shows a trace rewritten together with its heads."""
    heads = TraceChain.objects.order_by("key").values_list("key", "height", "head_hash")
    return hashlib.sha256(json.dumps([list(head) for head in heads], ensure_ascii=False).encode()).hexdigest()


def verify() -> Verification:
    """Recomputes every chain. A changed, removed or inserted entry, or a cut-off tail, is named."""
    checked = 0
    for chain in TraceChain.objects.order_by("pk").iterator():
        seq, previous = 0, "0" * 64
        for entry in _entries(chain):
            checked += 1
            seq += 1
            if entry.seq != seq or entry.prev_hash != previous or digest(entry) != entry.hash:
                return Verification(checked, f"{chain.key}#{entry.seq} (entry {entry.pk})")
            previous = entry.hash
        if (seq, previous) != (chain.height, chain.head_hash):
            return Verification(checked, f"{chain.key}#{chain.height} (missing)")
    orphan = TraceEntry.objects.exclude(chain__in=TraceChain.objects.all()).first()
    return Verification(checked, f"entry {orphan.pk} without a chain" if orphan else "")


def _entries(chain: TraceChain) -> Iterator[TraceEntry]:
    return TraceEntry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000)
