"""Withdrawal, extension, reminders, explanations, archiving, expiry, revocation."""

from django.utils.translation import gettext as _

from approvals.models import Nudge, SupervisionEvent
from approvals.services import case_clock, desk, ledger
from approvals.services.decide import close_adjustment
from approvals.services.engine import Case, after, before
from projects.services.moves import close_openings, withdraw_figures


@before("withdraw", "withdraw_with_project", "lapse")
def keep_the_letter(case: Case) -> None:
    case.item.outcome_reason = case.data.get("reason", "")


@after("withdraw", "withdraw_with_project", "lapse")
def clear_every_desk(case: Case) -> None:
    for task in case.item.tasks.filter(left_at__isnull=True):
        desk.finish(task, case.actor.user, case.now, case.at)
    correction = case.item.corrections.filter(closed_on__isnull=True).last()
    if correction:
        correction.closed_on = case.on
        correction.save()
    close_adjustment(case)


@before("extend")
def lengthen(case: Case) -> None:
    """R-TL-04: once, at most so many days, the unit is told why."""
    longest = case.now.rules.days("limit.extension_max", case.item.item_type)
    if case.data["days"] > longest:
        case.refuse("extension.too_long", _("At most %(days)s working days.") % {"days": longest}, "days")
    case.item.extension_days = case.data["days"]
    case.item.extension_reason = case.data["reason"]


@after("extend")
def move_the_deadline(case: Case) -> None:
    case_clock.refresh(case.item, case.now)


@after("nudge")
def keep_the_reminder(case: Case) -> None:
    Nudge.objects.create(item=case.item, by=case.user, on=case.on, text=case.data.get("text", ""))


@after("explain_overdue")
def keep_explanation(case: Case) -> None:
    SupervisionEvent.objects.filter(item=case.item, level="RED", explained_at__isnull=True).update(
        explanation=case.data["explanation"], explained_at=case.at
    )
    desk.close(case.item, "EXPLAIN_OVERDUE", case)


@before("archive")
def note_archiving(case: Case) -> None:
    case.item.archived_on = case.on


@after("expire")
def shut_the_gate(case: Case) -> None:
    """R-LC-05: the approval no longer opens anything."""
    item = case.item
    if item.type.gate:
        close_openings(item.project, item.type.gate, case.on, item_id=item.pk)
    withdraw_figures(item.project, item.pk, case.on)


@after("revoke")
def take_back(case: Case) -> None:
    """The gate shuts and the reduction leaves the sums."""
    shut_the_gate(case)
    item = case.item
    item.documents.filter(kind="APPROVAL").update(voided_on=case.on)
    for row in item.reductions.filter(is_counted=True):
        ledger.reverse(row, "REVOKED")
