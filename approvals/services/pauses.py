"""Pauses: proposed, signed twice, begun, ended, lapsed."""

from accounts.roles import Role
from approvals.documents.kinds import DocumentKind
from approvals.models import Pause
from approvals.pause_guards import proposed_pause
from approvals.services import case_clock, desk, documents
from approvals.services.desk import Desk
from approvals.services.engine import Case, after, before
from approvals.states import ItemState, ReturnReason


@after("propose_pause")
def lay_before_the_signers(case: Case) -> None:
    item = case.item
    Pause.objects.create(
        item=item,
        reason=case.data["pause_reason"],
        letter=case.data["letter"],
        expected_days=case.data["expected_days"],
        proposed_by=case.user,
        proposed_for=case.actor.principal,
        proposed_at=case.at,
    )
    in_centre = item.state == ItemState.CENTER_REVIEW
    head = Desk(Role.CENTER_LEAD, item.center) if in_centre else Desk(Role.SECTION_CHIEF, item.authority)
    desk.put(case, "SIGN_PAUSE_FIRST", head)
    desk.put(case, "SIGN_PAUSE_SECOND", Desk(Role.DETERMINER, item.authority))


@after("sign_pause_first")
def sign_first(case: Case) -> None:
    pause = proposed_pause(case.item)
    pause.first_signed_by, pause.first_signed_for, pause.first_signed_at = case.user, case.actor.principal, case.at
    pause.save()
    desk.close(case.item, "SIGN_PAUSE_FIRST", case)


@after("sign_pause_second")
def sign_second(case: Case) -> None:
    pause = proposed_pause(case.item)
    pause.second_signed_by, pause.second_signed_for, pause.second_signed_at = case.user, case.actor.principal, case.at
    pause.save()
    desk.close(case.item, "SIGN_PAUSE_SECOND", case)


@after("cancel_pause")
def cancel(case: Case) -> None:
    pause = proposed_pause(case.item)
    pause.cancelled_at = case.at
    pause.save()
    desk.close(case.item, "SIGN_PAUSE_FIRST", case)
    desk.close(case.item, "SIGN_PAUSE_SECOND", case)


@before("request_supplement")
def remember_where(case: Case) -> None:
    case.item.held_state = case.source


@after("request_supplement")
def send_the_letter(case: Case) -> None:
    """The clock follows the state; the unit is told in writing why and how long."""
    documents.issue(case, DocumentKind.SUPPLEMENT_LETTER)


@before("supply")
def go_back(case: Case) -> None:
    case.target, case.item.held_state = case.item.held_state, ""


@before("lapse_supplement")
def give_up(case: Case) -> None:
    case.item.held_state = ""
    case.item.decided_on = case.on
    case.item.return_class = ReturnReason.SUPPLEMENT_LAPSED
    case.item.outcome_reason = str(ReturnReason.SUPPLEMENT_LAPSED.label)
    case_clock.stop(case)
