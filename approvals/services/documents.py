"""Issues the official documents: facts frozen in the transaction, PDF rendered from them when first asked for."""

import io
import secrets
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from approvals import material_models
from approvals.documents.compose import compose
from approvals.documents.content import CostRow
from approvals.documents.facts import Defect, DocumentFacts, ReceivedMaterial, WaivedStep, facts_digest
from approvals.documents.kinds import DocumentKind
from approvals.documents.render import render
from approvals.models import ApprovalItem, IssuedDocument, SupervisionEvent
from approvals.services.engine import Case
from approvals.states import ItemState
from core import files, locks, trace
from core.models import StoredFile

PUBLIC_KINDS = (DocumentKind.APPROVAL,)
KEPT_WITHIN_DAYS, KEPT_AT_ONCE = 7, 20


def issue(case: Case, kind: DocumentKind) -> IssuedDocument:
    """Freezes what the document states. Its hash stands on the paper and on the public verification page."""
    item = case.item
    token = secrets.token_urlsafe(16)
    number = (
        item.document_no if kind == DocumentKind.APPROVAL else f"{item.no}-{kind.value[:2]}{item.documents.count() + 1}"
    )
    facts = facts_for(case, kind, number, f"{settings.PUBLIC_BASE_URL}/verify/{token}/")
    document = IssuedDocument.objects.create(
        item=item,
        kind=kind.value,
        number=number,
        title=compose(kind, facts).title,
        facts=trace.plain(asdict(facts)),
        facts_sha256=facts_digest(kind, facts),
        token=token,
        issued_on=case.on,
        issued_by=case.actor.user,
        is_public=kind in PUBLIC_KINDS,
    )
    case.facts.setdefault("documents", []).append(
        {"kind": kind.value, "number": number, "sha256": document.facts_sha256}
    )
    return document


def facts_for(case: Case, kind: DocumentKind, number: str, url: str) -> DocumentFacts:
    """Collects from the item what a document of this kind may state."""
    item = case.item
    issuer = (
        item.center if kind == DocumentKind.SUPPLEMENT_LETTER and case.source == "CENTER_REVIEW" else item.authority
    )
    pause = item.pauses.order_by("pk").last()
    correction = item.corrections.order_by("pk").last()
    answer_by = None
    if kind == DocumentKind.CORRECTION_NOTICE and correction:
        answer_by = correction.due_on
    elif kind == DocumentKind.SUPPLEMENT_LETTER and pause:
        answer_by = pause.expected_end_on
    return DocumentFacts(
        issuer=issuer.name,
        document_no=number,
        owner_unit=item.owner_unit.name,
        project_name=item.project.name,
        project_code=item.project.code,
        item_no=item.no,
        item_type=item.item_type,
        issued_on=case.on,
        verification_url=url,
        received_on=item.received_on,
        accepted_on=item.accepted_on,
        due_on=item.due_on,
        due_is_provisional=item.due_is_provisional,
        working_days=item.promised_days,
        decide_acceptance_by=item.acceptance_due_on,
        answer_by=answer_by,
        paused_from=pause.began_on if pause else None,
        valid_until=item.valid_until,
        declared=item.declared_amount,
        reviewed=item.reviewed_amount,
        approved=item.approved_amount,
        costs=_costs(item) if kind == DocumentKind.APPROVAL else (),
        construction_content=item.project.content_scale,
        conditions=tuple(line for line in item.outcome_reason.splitlines() if line.strip())
        if kind == DocumentKind.APPROVAL
        else (),
        waived_steps=tuple(
            WaivedStep("可行性研究报告", "政府投资条例第十三条") for code in item.waives if code == "FEASIBILITY"
        ),
        defects=_defects(correction) if kind == DocumentKind.CORRECTION_NOTICE else _asked_for(case, kind),
        materials=_materials(item) if kind in (DocumentKind.RECEIPT, DocumentKind.ACCEPTANCE_NOTICE) else (),
        reasons=tuple(line for line in item.outcome_reason.splitlines() if line.strip()),
        review_center=_center_named(item, kind),
        competent_body=str(case.data.get("competent_body", "")),
        review_body=settings.DISTRICT_NAME,
        contact=item.contact,
    )


def _center_named(item: ApprovalItem, kind: DocumentKind) -> str:
    """The review centre, in the letter that commissions it and in whatever it has really reviewed."""
    was_there = kind == DocumentKind.COMMISSION_LETTER or item.tasks.filter(step=ItemState.CENTER_REVIEW).exists()
    return item.center.name if item.center and was_there else ""


def _costs(item: ApprovalItem) -> tuple[CostRow, ...]:
    lines = list(item.cost_lines.order_by("position"))

    def below(code: str, name: str) -> Decimal:
        leaves = [line for line in lines if line.is_leaf and (line.code == code or line.code.startswith(f"{code}."))]
        return sum((getattr(line, name) or Decimal(0) for line in leaves), Decimal("0.00"))

    return tuple(
        CostRow(line.code, line.name, below(line.code, "declared"), below(line.code, "reviewed")) for line in lines
    )


def _defects(correction: Any) -> tuple[Defect, ...]:
    rows = correction.defects.select_related("slot") if correction else ()
    return tuple(Defect(defect.slot.name if defect.slot else "", defect.text) for defect in rows)


def _asked_for(case: Case, kind: DocumentKind) -> tuple[Defect, ...]:
    if kind != DocumentKind.SUPPLEMENT_LETTER:
        return ()
    pause = case.item.pauses.order_by("pk").last()
    letter = case.data.get("work_plan") or (pause.letter if pause else "")
    return tuple(Defect("", line.strip()) for line in letter.splitlines() if line.strip())


def _materials(item: ApprovalItem) -> tuple[ReceivedMaterial, ...]:
    slots = list(item.slots.prefetch_related("versions__file"))
    uploaded = [
        ReceivedMaterial(slot.code, slot.name, slot.current.number, slot.current.file.sha256)
        for slot in slots
        if slot.current
    ]
    models = [
        ReceivedMaterial(slot.code, f"{slot.name}（{model}）", model.version, model.sha256)
        for slot in slots
        for model, _standing in material_models.models_of(slot)
    ]
    return tuple(sorted([*uploaded, *models], key=lambda row: row.code))


@transaction.atomic
def rendered(document_id: int) -> StoredFile:
    """The PDF, rendered from the frozen facts once and kept. The same facts always give the same bytes."""
    document = locks.locked(IssuedDocument.objects.all(), document_id)
    if document.file_id and files.is_intact(document.file):
        return document.file
    document.file = files.store(
        io.BytesIO(_render(document)), name=file_name(document), allowed=("PDF",), user=document.issued_by
    )
    document.save(update_fields=["file"])
    return document.file


def keep_new(today: date) -> int:
    """Renders and keeps the documents of the last days that nobody has kept yet, a few at a time; says how many."""
    fresh = IssuedDocument.objects.filter(file__isnull=True, issued_on__gte=today - timedelta(days=KEPT_WITHIN_DAYS))
    waiting = list(fresh.order_by("pk").values_list("pk", flat=True)[:KEPT_AT_ONCE])
    for pk in waiting:
        rendered(pk)
    return len(waiting)


def content_of(document: IssuedDocument) -> bytes:
    """The bytes of the PDF for readers, who write nothing: the kept ones, or the same ones rendered again."""
    if document.file_id and files.is_intact(document.file):
        with files.open_stored(document.file) as stream:
            return stream.read()
    return _render(document)


def file_name(document: IssuedDocument) -> str:
    return f"{document.number or document.kind}.pdf"


def _render(document: IssuedDocument) -> bytes:
    return render(compose(DocumentKind(document.kind), _thaw(document.facts)))


DATES = (
    "issued_on",
    "received_on",
    "accepted_on",
    "due_on",
    "decide_acceptance_by",
    "answer_by",
    "paused_from",
    "valid_until",
)
TEXTS = ("conditions", "basis", "reasons")


def _thaw(facts: dict[str, Any]) -> DocumentFacts:
    """The frozen JSON as facts again."""
    values = dict(facts)
    for name in DATES:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    for name in ("declared", "reviewed", "approved"):
        values[name] = Decimal(values[name]) if values.get(name) is not None else None
    for name in TEXTS:
        values[name] = tuple(values.get(name) or ())
    values["costs"] = tuple(_thaw_cost(row) for row in values.get("costs") or ())
    values["cost_total"] = _thaw_cost(values["cost_total"]) if values.get("cost_total") else None
    values["amounts"] = ()
    values["defects"] = tuple(Defect(**row) for row in values.get("defects") or ())
    values["materials"] = tuple(ReceivedMaterial(**row) for row in values.get("materials") or ())
    values["waived_steps"] = tuple(WaivedStep(**row) for row in values.get("waived_steps") or ())
    return DocumentFacts(**values)


def _thaw_cost(row: dict[str, Any]) -> CostRow:
    amounts = {name: Decimal(row[name]) if row[name] is not None else None for name in ("declared", "approved")}
    return CostRow(row["code"], row["name"], amounts["declared"], amounts["approved"], row.get("note", ""))


def note_event(case: Case, cause: str, level: str, key: str, *, person: User | None = None) -> SupervisionEvent:
    """Notes something for supervision, once per key."""
    event, _created = SupervisionEvent.objects.get_or_create(
        once_key=f"item:{case.item.pk}:{key}",
        defaults={"item": case.item, "cause": cause, "level": level, "noted_on": case.on, "person": person},
    )
    return event
