"""Signatures under opinions. What is signed is hashed; when it changes afterwards, the signature is voided and kept."""

import hashlib
import json
from datetime import datetime

from accounts.models import User
from approvals.models import ApprovalItem, Countersign, Opinion, Task
from approvals.services.engine import Case
from approvals.states import ItemState
from core import clock

# What the expert group, or the window that puts off a paper, signs is not the amounts.
NOT_OF_AMOUNTS = ("EXPERT_GROUP", "DEFICIENCY", "SEND_BACK")


def content_hash(item: ApprovalItem) -> str:
    """SHA-256 over the amounts a signature stands for."""
    lines = [
        [line.code, line.name, str(line.declared), str(line.reviewed), line.reason_class, line.reason]
        for line in sorted(item.cost_lines.all(), key=lambda line: line.position)
    ]
    said = {"declared": str(item.declared_amount), "lines": lines}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sign(case: Case, kind: str, text: str, *, conclusion: str = "") -> Opinion:
    """Keeps an opinion with both names where a substitute signs."""
    return Opinion.objects.create(
        item=case.item,
        kind=kind,
        state=case.source,
        author=case.user,
        acting_for=case.actor.principal,
        text=text,
        conclusion=conclusion,
        signed_at=case.at,
        signed_content=content_hash(case.item),
    )


def void(item: ApprovalItem, kind: str, at: datetime, reason: str) -> int:
    """Voids the valid signatures of a kind; they stay readable."""
    return item.opinions.filter(kind=kind, voided_at__isnull=True).update(voided_at=at, void_reason=reason)


def void_outdated(item: ApprovalItem, at: datetime) -> int:
    """After an edit: voids every signature whose content is no longer what was signed; countersigners are asked again."""
    now = content_hash(item)
    opinions = item.opinions.filter(voided_at__isnull=True).exclude(signed_content=now).exclude(kind__in=NOT_OF_AMOUNTS)
    if item.state == ItemState.CENTER_REVIEW:
        for row in opinions.filter(kind="CENTER"):
            _lay_again(item, "SIGN_OPINION", row.acting_for or row.author, at)
    voided = opinions.update(voided_at=at, void_reason="edited")
    outdated = item.countersigns.filter(answered_at__isnull=False, voided_at__isnull=True).exclude(signed_content=now)
    for answer in outdated:
        answer.voided_at = at
        answer.save()
        _ask_again(answer)
        voided += 1
    return voided


def _ask_again(row: Countersign) -> None:
    Countersign.objects.create(
        item=row.item,
        kind=row.kind,
        state=row.state,
        asked_by=row.asked_by,
        asked_of=row.asked_of,
        question=row.question,
        asked_at=row.voided_at,
    )
    _lay_again(row.item, "COUNTERSIGN", row.asked_of, row.voided_at)


def _lay_again(item: ApprovalItem, kind: str, person: User, at: datetime) -> None:
    """What was signed lies on the signer's desk once more; the earlier stay keeps its dates."""
    earlier = item.tasks.filter(kind=kind, user=person).last()
    if earlier is None or item.tasks.filter(kind=kind, user=person, left_at__isnull=True).exists():
        return
    Task.objects.create(
        item=item,
        kind=kind,
        role=earlier.role,
        organisation=earlier.organisation,
        user=person,
        entered_on=clock.date_of(at),
        entered_at=at,
        sort_on=None if item.is_paused else item.due_on,
    )
