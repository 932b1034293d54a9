"""The window: acceptance, acceptance with deficiency, silence, refusal."""

import re
from datetime import date

from django.utils.translation import gettext as _

from accounts.roles import Role
from approvals.documents.kinds import DocumentKind
from approvals.guards import deferrable
from approvals.models import ApprovalItem
from approvals.services import desk, documents, signatures
from approvals.services.desk import Desk
from approvals.services.engine import Case, after, before
from core.errors import Problem, require


@before("accept", "accept_with_deficiency")
def start_the_clock(case: Case) -> None:
    """Day 0 is the day of acceptance (R-TL-02)."""
    _promise(case)
    case.item.accepted_on = case.on


@before("deem_accepted")
def start_the_clock_from_receipt(case: Case) -> None:
    """Silence counts as acceptance from the day of receipt (R-TL-03)."""
    _promise(case)
    case.item.accepted_on = case.item.received_on
    case.item.is_deemed_accepted = True


def _promise(case: Case) -> None:
    case.item.promised_days = case.now.rules.days("limit.item", case.item.item_type)
    case.facts["promised_days"] = case.item.promised_days


@after("accept")
def notify_acceptance(case: Case) -> None:
    documents.issue(case, DocumentKind.ACCEPTANCE_NOTICE)


@after("deem_accepted")
def note_the_silence(case: Case) -> None:
    documents.issue(case, DocumentKind.ACCEPTANCE_NOTICE)
    documents.note_event(case, "DEEMED_ACCEPTED", "RED", f"deemed:{case.item.round_count}")


@before("propose_deficiency")
def check_what_is_missing(case: Case) -> None:
    """容缺: only non-key materials without a file, by a day to come."""
    problems = []
    if case.data["due"] <= case.on:
        problems.append(Problem("deficiency.due", _("The date must lie in the future."), "due"))
    minor = {slot.code for slot in deferrable(case.item)}
    for code in _codes(case):
        if code not in minor:
            message = _("%(code)s is a key material, is already here, or is not on the list.")
            problems.append(Problem("deficiency.key", message % {"code": code}, "materials"))
    require(problems)


def _codes(case: Case) -> list[str]:
    return re.findall(r"[A-Za-z0-9]+", case.data["materials"].upper())


@after("propose_deficiency")
def ask_the_chief(case: Case) -> None:
    """The window signs what it proposes, with the unit's promise; the chief is the second person."""
    put_off(case.item, _codes(case), case.data["due"])
    signatures.void(case.item, "DEFICIENCY", case.at, "proposed anew")
    signatures.sign(case, "DEFICIENCY", case.data["promise"])
    desk.close(case.item, "SIGN_DEFICIENCY", case)
    desk.put(case, "SIGN_DEFICIENCY", Desk(Role.SECTION_CHIEF, case.item.authority))


def put_off(item: ApprovalItem, codes: list[str], until: date | None) -> None:
    """These materials may follow until that day; what was put off before and is not named any more may not."""
    item.slots.filter(deferred_until__isnull=False).exclude(code__in=codes).update(deferred_until=None)
    item.slots.filter(code__in=codes).update(deferred_until=until)


@after("accept_with_deficiency")
def hand_out_the_deficiency(case: Case) -> None:
    notify_acceptance(case)
    signatures.sign(case, "DEFICIENCY", "")
    deferred = list(case.item.slots.filter(deferred_until__isnull=False))
    case.facts["deferred"] = {slot.code: slot.deferred_until for slot in deferred}
    task = desk.put(case, "SUPPLY_DEFICIENCY", Desk(Role.APPLICANT_CLERK, case.item.owner_unit))
    task.due_on = task.sort_on = max(slot.deferred_until for slot in deferred)
    task.save()


@before("refuse_acceptance")
def say_why_not(case: Case) -> None:
    case.item.outcome_reason = case.data["reason"]


@after("refuse_acceptance")
def issue_the_refusal(case: Case) -> None:
    documents.issue(case, DocumentKind.NOT_ACCEPTED)
