"""The unit's own moves: presenting for signature, pre-review, submitting, answering a correction."""

from django.utils.translation import gettext as _

from accounts.roles import Role
from approvals import material_models
from approvals.documents.kinds import DocumentKind
from approvals.models import MaterialSlot, SubmissionRound
from approvals.rules import deadlines
from approvals.services import desk, documents
from approvals.services.accept import put_off
from approvals.services.desk import Desk
from approvals.services.engine import Case, after, before


@after("present_for_signature")
def lay_before_the_lead(case: Case) -> None:
    desk.close(case.item, "SIGN_DECLARATION", case)
    desk.put(case, "SIGN_DECLARATION", Desk(Role.APPLICANT_LEAD, case.item.owner_unit))


@before("pass_pre_review")
def note_pre_review(case: Case) -> None:
    """R-FILE-03: keeps the hash of each file, to compare with what is submitted."""
    case.item.pre_review_passed_at = case.at
    case.facts["files"] = _contents(case)


@before("submit", "resubmit")
def receive(case: Case) -> None:
    """A new round; the acceptance clock starts (R-TL-03)."""
    item = case.item
    item.round_count += 1
    item.received_on = case.on
    limit = case.now.rules.days("limit.acceptance", item.item_type)
    item.acceptance_due_on = deadlines.due(case.on, limit, (), case.now.works).on
    case.facts.update(round=item.round_count, declared=item.declared_amount)


@after("submit", "resubmit")
def keep_the_round(case: Case) -> None:
    item = case.item
    correction = item.corrections.filter(closed_on__isnull=True).last()
    if correction:
        correction.closed_on = case.on
        correction.save()
    contents = _contents(case)
    SubmissionRound.objects.create(
        item=item,
        number=item.round_count,
        submitted_on=case.on,
        submitted_at=case.at,
        signed_by=case.user,
        signed_for=case.actor.principal,
        declared_amount=str(item.declared_amount or ""),
        contents=contents,
        differs_from_pre_review=_differences(case),
    )
    case.facts["files"] = contents
    documents.issue(case, DocumentKind.RECEIPT)


def _contents(case: Case) -> list[dict[str, object]]:
    slots = list(case.item.slots.prefetch_related("versions__file"))
    uploaded: list[dict[str, object]] = [
        {"code": slot.code, "version": slot.current.number, "sha256": slot.current.file.sha256}
        for slot in slots
        if slot.current
    ]
    return [*uploaded, *(part for slot in slots for part in material_models.contents_of(slot))]


def _differences(case: Case) -> list[str]:
    """Codes of the materials whose current version is not the one marked in order at the pre-review."""
    if case.item.pre_review_passed_at is None:
        return []
    return [
        slot.code
        for slot in case.item.slots.all()
        if slot.current and slot.pre_review_ok_version != slot.current.number
    ]


@before("request_correction")
def read_the_defects(case: Case) -> None:
    """All defects are told once (R-TL-03); telling others later needs a supervisor's consent and is noted."""
    item = case.item
    if item.corrections.exists() and not case.data.get("consent"):
        case.refuse(
            "correction.again",
            _("Defects are told once: a further correction needs the supervisor's consent."),
            "consent",
        )


@after("request_correction")
def issue_the_correction(case: Case) -> None:
    item = case.item
    due = deadlines.due(case.on, case.now.rules.days("limit.correction", item.item_type), (), case.now.works)
    correction = item.corrections.create(
        round_number=item.round_count,
        issued_on=case.on,
        issued_by=case.user,
        due_on=due.on,
        consent=case.data.get("consent", ""),
    )
    slots = {slot.code: slot for slot in MaterialSlot.objects.filter(item=item)}
    for line in case.data["defects"]:
        code, colon, text = line.replace("：", ":").partition(":")
        slot = slots.get(code.strip()) if colon else None
        correction.defects.create(slot=slot, text=text.strip() if slot and text.strip() else line)
    put_off(item, [], None)
    documents.issue(case, DocumentKind.CORRECTION_NOTICE)
    if item.corrections.count() > 1:
        documents.note_event(case, "REPEATED_CORRECTION", "YELLOW", f"correction:{correction.pk}")
