"""Amendments of the rule rows: proposed by the system administrator, approved by the deputy director (DOMAIN §13).

A row is never edited: the amendment supersedes it from a future day on, and what was decided before keeps its rule.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, locks, rulebook
from core.errors import NotPermitted, Problem, require
from core.models import RuleAmendment
from core.rulebook import RuleRow
from core.trace import Who, record

PROPOSERS = frozenset({"SYS_ADMIN"})
APPROVERS = frozenset({"DETERMINER"})


@transaction.atomic
def propose_amendment(
    *, actor: Who, code: str, value: Decimal, effective_from: date, basis: str, item_type: str = "", step: str = ""
) -> RuleAmendment:
    """Keeps the new value of a known rule; nothing changes until it is approved and its day has come."""
    if actor.role not in PROPOSERS:
        raise NotPermitted(Problem("rules.may_not_propose", _("Only a system administrator may propose a change.")))
    present = rulebook.on(effective_from).row(code, item_type, step)
    require(_proposal_problems(present, value, effective_from, basis))
    row = RuleAmendment(
        code=code,
        item_type=item_type,
        step=step,
        value=value,
        comparison=present.comparison,
        severity=present.severity,
        effective_from=effective_from,
        basis=basis.strip(),
        proposed_by=actor.user,
        proposed_at=clock.now(),
    )
    row.full_clean(exclude=["approved_by", "approved_at"])
    row.save()
    record("rules.amendment.proposed", actor=actor, target=row, facts=_facts(row) | {"was": present.value})
    return row


def _proposal_problems(present: RuleRow | None, value: Decimal, start: date, basis: str) -> Iterable[Problem]:
    if present is None:
        yield Problem("rules.unknown", _("There is no such rule to change."), "code")
    elif present.value == value:
        yield Problem("rules.unchanged", _("This is the value in force on that day already."), "value")
    if value < 0:
        yield Problem("rules.negative", _("A limit cannot be negative."), "value")
    if not basis.strip():
        yield Problem("rules.no_basis", _("Name the text the new value rests on."), "basis")
    yield from _day_problems(start)


def _day_problems(start: date) -> Iterable[Problem]:
    if start <= clock.today():
        yield Problem("rules.not_future", _("A change takes effect on a future day."), "effective_from")


@transaction.atomic
def approve_amendment(amendment_id: int, *, actor: Who) -> RuleAmendment:
    """The rule changes on its day. Needs another person than the proposer, and a day that is still to come."""
    row = locks.locked(RuleAmendment.objects.all(), amendment_id)
    if actor.role not in APPROVERS or actor.user is None:
        raise NotPermitted(Problem("rules.may_not_approve", _("Only the deputy director may approve a change.")))
    if row.proposed_by_id in {person.pk for person in (actor.user, actor.principal) if person is not None}:
        raise NotPermitted(Problem("rules.own_proposal", _("The proposer may not approve.")))
    require(_approval_problems(row))
    row.approved_by, row.approved_at = actor.user, clock.now()
    row.save(update_fields=["approved_by", "approved_at"])
    record("rules.amendment.approved", actor=actor, target=row, facts=_facts(row))
    return row


def _approval_problems(row: RuleAmendment) -> Iterable[Problem]:
    if row.approved_at is not None:
        yield Problem("rules.already_approved", _("This change has already been approved."))
    yield from _day_problems(row.effective_from)


def _facts(row: RuleAmendment) -> dict[str, object]:
    return {
        "code": row.code,
        "item_type": row.item_type,
        "step": row.step,
        "value": row.value,
        "effective_from": row.effective_from,
        "basis": row.basis,
    }
