"""Holiday notices: proposed by the system administrator, in force once the deputy director approves (DOMAIN §13).

Whoever keeps dates computed from the calendar calls `approve_notice` and recomputes them in the same transaction.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import calendars, clock, locks
from core.calendar import InvalidNotice, YearNotice, changed_days
from core.errors import NotPermitted, Problem, require
from core.models import CalendarNotice
from core.trace import Who, record

PROPOSERS = frozenset({"SYS_ADMIN", "SYSTEM"})
APPROVERS = frozenset({"DETERMINER"})


def propose_file(content: bytes, *, actor: Who) -> CalendarNotice:
    """The same from a file; what is wrong with the file and what with its year is told at once."""
    _insist_may_propose(actor)
    try:
        notice = YearNotice.from_json(content)
    except InvalidNotice as invalid:
        gap = _gap_problems(invalid.year) if invalid.year is not None else ()
        raise InvalidNotice([*invalid.problems, *gap], invalid.year) from invalid
    return propose_notice(notice, actor=actor)


@transaction.atomic
def propose_notice(notice: YearNotice, *, actor: Who) -> CalendarNotice:
    """Keeps the notice as the next version of its year; nothing changes until it is approved."""
    _insist_may_propose(actor)
    require([*_gap_problems(notice.year), *_repetition_problems(notice)])
    newest = CalendarNotice.objects.filter(year=notice.year).aggregate(version=Max("version"))["version"]
    row = CalendarNotice.objects.create(
        year=notice.year,
        version=(newest or 0) + 1,
        days=notice.as_json()["days"],
        papers=list(notice.papers),
        sha256=notice.sha256,
        proposed_by=actor.user,
        proposed_at=clock.now(),
    )
    record("calendar.notice.proposed", actor=actor, target=row, facts=_facts(row))
    return row


@transaction.atomic
def approve_notice(notice_id: int, *, actor: Who) -> CalendarNotice:
    """Puts the notice in force and its predecessor out of force. Needs another person than the proposer."""
    row = locks.locked(CalendarNotice.objects.all(), notice_id)
    if actor.role not in APPROVERS or actor.user is None:
        raise NotPermitted(Problem("calendar.may_not_approve", _("Only the deputy director may approve a notice.")))
    if row.proposed_by_id in {person.pk for person in (actor.user, actor.principal) if person is not None}:
        raise NotPermitted(Problem("calendar.own_proposal", _("The proposer may not approve.")))
    require([*_approval_problems(row), *_gap_problems(row.year)])
    before = calendars.current()
    CalendarNotice.objects.filter(year=row.year, effective=True).update(effective=False)
    row.effective = True
    row.approved_by = actor.user
    row.approved_at = clock.now()
    row.save(update_fields=["effective", "approved_by", "approved_at"])
    after = calendars.current()
    facts = _facts(row) | {
        "calendar_before": before.version,
        "calendar_after": after.version,
        "days_changed": [change.date for change in changed_days(before, after)],
    }
    record("calendar.notice.approved", actor=actor, target=row, facts=facts)
    return row


def _insist_may_propose(actor: Who) -> None:
    if actor.role not in PROPOSERS:
        raise NotPermitted(Problem("calendar.may_not_propose", _("Only a system administrator may propose a notice.")))


def _facts(row: CalendarNotice) -> dict[str, object]:
    return {"year": row.year, "version": row.version, "sha256": row.sha256, "papers": row.papers}


def _gap_problems(year: int) -> Iterable[Problem]:
    works = calendars.current()
    if not works.first_year <= year <= works.last_year + 1:
        text = _("The calendar runs from %(first)s to %(last)s; a notice must belong to it or to the year after.")
        yield Problem("calendar.gap", text % {"first": works.first_year, "last": works.last_year}, "year")


def _repetition_problems(notice: YearNotice) -> Iterable[Problem]:
    in_force = {known.year: known.sha256 for known in calendars.current().notices}
    if in_force.get(notice.year) == notice.sha256:
        yield Problem("calendar.unchanged", _("This notice is already in force."))
    elif CalendarNotice.objects.filter(year=notice.year, sha256=notice.sha256, approved_at__isnull=True).exists():
        yield Problem("calendar.already_proposed", _("This notice has already been proposed and awaits approval."))


def _approval_problems(row: CalendarNotice) -> Iterable[Problem]:
    if row.approved_at is not None:
        yield Problem("calendar.already_approved", _("This notice has already been approved."))
    elif CalendarNotice.objects.filter(year=row.year, effective=True, version__gt=row.version).exists():
        yield Problem("calendar.superseded", _("A newer notice for this year is already in force."))
