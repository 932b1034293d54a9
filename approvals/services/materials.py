"""Materials: versions, reasons for not applying, comments, answers to defects."""

from collections.abc import Sequence
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals import policies
from approvals.models import ApprovalItem, CorrectionDefect, MaterialComment, MaterialSlot, MaterialVersion
from approvals.services import edit, engine
from approvals.services.desk import finish
from approvals.states import ItemState
from core import clock, files, locks
from core.errors import Problem, StaleState, require
from core.models import StoredFile

UPLOADABLE = (ItemState.DRAFT, ItemState.PRE_REVIEW_RETURNED, ItemState.CORRECTION, ItemState.SUPPLEMENT)


def store_file(slot: MaterialSlot, stream: IO[bytes], *, name: str, actor: Actor) -> StoredFile:
    """Checks and keeps the bytes; outside the item's lock, because large files take their time."""
    requirement = slot.requirement
    kinds = requirement.kinds if requirement else ("PDF",)
    return files.store(stream, name=name, allowed=kinds, user=actor.user)


@transaction.atomic
def upload(item_id: int, slot_id: int, stream: IO[bytes], *, name: str, actor: Actor) -> MaterialVersion:
    """A new version of one material. Older versions stay readable (R-FILE-01)."""
    item, slot = _slot(item_id, slot_id, actor)
    insist(policies.may_edit_declaration, actor, item)
    require(upload_problems(item, slot))
    return attach(item, slot, store_file(slot, stream, name=name, actor=actor), actor=actor)


def attach(item: ApprovalItem, slot: MaterialSlot, file: StoredFile, *, actor: Actor) -> MaterialVersion:
    """Makes a stored file the slot's newest version. The caller holds the item's lock."""
    latest = slot.current
    version = MaterialVersion.objects.create(
        slot=slot,
        number=latest.number + 1 if latest else 1,
        file=file,
        uploaded_by=actor.user,
        uploaded_at=clock.now(),
    )
    # A bill of quantities beside the model does not take back why there is no model.
    if slot.not_applicable_reason and not (slot.requirement and slot.requirement.model_stage):
        slot.not_applicable_reason = ""
        slot.save(update_fields=["not_applicable_reason"])
    engine.save(item)
    edit.record(
        item,
        "material_uploaded",
        actor,
        {"code": slot.code, "version": version.number, "sha256": file.sha256, "name": file.name},
    )
    _close_deficiency(item, actor)
    return version


def upload_problems(item: ApprovalItem, slot: MaterialSlot) -> list[Problem]:
    if item.state in UPLOADABLE or (
        slot.deferred_until and slot.current is None and (item.is_open or item.state == ItemState.ISSUED)
    ):
        return []
    message = _("In the state “%(state)s” no material can be uploaded.")
    return [Problem("wrong_state", message % {"state": item.get_state_display()}, "file")]


def _close_deficiency(item: ApprovalItem, actor: Actor) -> None:
    open_slots = [s for s in item.slots.prefetch_related("versions") if s.deferred_until and s.current is None]
    if open_slots:
        return
    for task in item.tasks.filter(kind="SUPPLY_DEFICIENCY", left_at__isnull=True):
        finish(task, actor.user, engine.situation(), clock.now())


@transaction.atomic
def mark_not_applicable(
    item_id: int, slot_id: int, *, actor: Actor, reason: str, faults: Sequence[Problem] = ()
) -> MaterialSlot:
    """Says why a conditional material does not apply; an empty reason takes it back. With `faults` nothing is written."""
    item, slot = _slot(item_id, slot_id, actor)
    insist(policies.may_edit_declaration, actor, item)
    problems = [*faults, *edit.state_problems(item)]
    if slot.necessity == "M" and not (slot.requirement and slot.requirement.gates):
        problems.append(Problem("materials.mandatory", _("This material is mandatory."), "reason"))
    require(problems)
    slot.not_applicable_reason = reason.strip()
    slot.save()
    engine.save(item)
    edit.record(item, "material_not_applicable", actor, {"code": slot.code}, reason=slot.not_applicable_reason)
    return slot


@transaction.atomic
def comment(
    item_id: int,
    slot_id: int,
    *,
    actor: Actor,
    verdict: str,
    text: str = "",
    page: int | None = None,
    expected_file: int | None = None,
) -> MaterialComment:
    """A remark on the current version (R-FILE-02); OK marks it as in order.

    `expected_file` is the number of the version that was read, 0 for none: raises StaleState when another has come since.
    """
    item, slot = _slot(item_id, slot_id, actor)
    insist(policies.may_comment, actor, item)
    if expected_file is not None and expected_file != (slot.current.number if slot.current else 0):
        raise StaleState(
            Problem("stale", _("Another file has been uploaded since you read this one: look at it first."))
        )
    problems = []
    if not item.is_open:
        problems.append(Problem("wrong_state", _("The item has ended."), "verdict"))
    if verdict not in MaterialComment.Verdict.values:
        problems.append(Problem("comment.verdict", _("Unknown verdict."), "verdict"))
    if verdict != MaterialComment.Verdict.OK and not text.strip():
        problems.append(Problem("comment.empty", _("Say what is wrong."), "text"))
    require(problems)
    current = slot.current
    row = MaterialComment.objects.create(
        slot=slot, version=current, page=page, verdict=verdict, text=text.strip(), author=actor.user, at=clock.now()
    )
    slot.pre_review_ok_version = current.number if current and verdict == "OK" else None
    if verdict != MaterialComment.Verdict.NOTE:
        slot.save(update_fields=["pre_review_ok_version"])
    engine.save(item)
    edit.record(
        item, "material_commented", actor,
        {"code": slot.code, "version": current.number if current else None, "verdict": verdict, "page": page}, text,
    )  # fmt: skip
    return row


@transaction.atomic
def answer_defect(item_id: int, defect_id: int, *, actor: Actor, answer: str) -> CorrectionDefect:
    """The unit says how a defect was corrected."""
    item = engine.lock_item(item_id, actor, None)
    insist(policies.may_edit_declaration, actor, item)
    defect = locks.found(CorrectionDefect.objects.all(), pk=defect_id, correction__item=item)
    problems = []
    if item.state != ItemState.CORRECTION or defect.correction.closed_on:
        problems.append(Problem("wrong_state", _("There is no correction to answer now.")))
    if not answer.strip():
        problems.append(Problem("required", _("Say how the defect was corrected."), "answer"))
    require(problems)
    defect.answer, defect.answered_at = answer.strip(), clock.now()
    defect.save()
    engine.save(item)
    edit.record(item, "defect_answered", actor, {"defect": defect.text, "answer": defect.answer})
    return defect


def _slot(item_id: int, slot_id: int, actor: Actor) -> tuple[ApprovalItem, MaterialSlot]:
    item = engine.lock_item(item_id, actor, None)
    slot = locks.found(MaterialSlot.objects.all(), pk=slot_id, item=item)
    slot.item = item
    return item, slot
