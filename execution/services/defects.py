"""Defects found at an acceptance: recorded with a due date, mended with evidence, checked by another person (§8.4)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from accounts.services import notify
from core import clock, trace
from core.errors import Problem, require, together
from execution.closing_policies import may_check_defect
from execution.models import AcceptanceDefect
from execution.policies import may_keep_books
from execution.services.acceptance import day_problems, locked_defect, locked_round
from execution.services.evidence import Upload, kept


@transaction.atomic
def record(
    round_id: int,
    *,
    actor: Actor,
    text: str,
    due_on: date | None,
    place: str = "",
    faults: Sequence[Problem] = (),
) -> AcceptanceDefect:
    """A defect found in an open round, to be mended by `due_on`. Raises RuleViolation with every reason."""
    held = locked_round(round_id, actor)
    insist(may_keep_books, actor, held.project)
    problems = [] if held.is_open else [Problem("acceptance.closed", _("This round is closed."))]
    if not text.strip():
        problems.append(Problem("required", _("This field is required."), "text"))
    if due_on is None:
        problems.append(Problem("required", _("This field is required."), "due_on"))
    elif due_on < held.held_on:
        words = _("Not before %(day)s.") % {"day": held.held_on}
        problems.append(Problem("date.too_early", words, "due_on"))
    require(together(faults, problems))
    row = AcceptanceDefect.objects.create(
        round=held, text=text.strip(), place=place.strip()[:200], due_on=due_on, recorded_by=actor.user
    )
    _trace("recorded", actor, row, row.text, due_on=row.due_on, place=row.place)
    return row


@transaction.atomic
def mend(
    pk: int,
    *,
    actor: Actor,
    fixed_on: date | None,
    note: str,
    file: Upload | None,
    faults: Sequence[Problem] = (),
) -> AcceptanceDefect:
    """What was done about it, with a photo or paper as evidence; until it is checked it may be reported anew."""
    row = locked_defect(pk, actor)
    insist(may_keep_books, actor, row.round.project)
    problems = [] if row.is_open else [Problem("defect.checked", _("This has been checked already."))]
    if not note.strip():
        problems.append(Problem("required", _("This field is required."), "note"))
    problems += day_problems(fixed_on, "fixed_on", row.round.held_on)
    evidence = kept(file, actor, together(faults, problems))
    row.fixed_on, row.fixed_note, row.fixed_by, row.evidence = fixed_on, note.strip(), actor.user, evidence
    row.returned_note = ""
    row.save()
    _trace("mended", actor, row, row.fixed_note, fixed_on=fixed_on, sha256=evidence.sha256 if evidence else "")
    return row


@transaction.atomic
def check(
    pk: int, *, actor: Actor, accepted: bool | None, note: str = "", faults: Sequence[Problem] = ()
) -> AcceptanceDefect:
    """Another person looks at the mending: accepted, or sent back with the reason."""
    row = locked_defect(pk, actor)
    insist(may_check_defect, actor, row)
    problems = [] if row.is_open else [Problem("defect.checked", _("This has been checked already."))]
    if row.fixed_on is None:
        problems.append(Problem("defect.not_mended", _("No mending has been reported.")))
    if accepted is None:
        problems.append(Problem("required", _("This field is required."), "accepted"))
    if accepted is False and not note.strip():
        problems.append(Problem("required", _("This field is required."), "note"))
    require(together(faults, problems))
    if accepted:
        row.checked_on, row.checked_by = clock.today(), actor.user
    else:
        told = {"project": row.round.project.name, "text": row.text[:80]}
        notify.tell(row.fixed_by, "defect.returned", told, link=row.get_absolute_url())
        row.fixed_on, row.fixed_by, row.returned_note = None, None, note.strip()
    row.save()
    _trace("checked" if accepted else "sent_back", actor, row, note.strip())
    return row


def _trace(verb: str, actor: Actor, row: AcceptanceDefect, reason: str, **said: object) -> None:
    held = row.round
    facts = {"round": held.number, "defect": row.text[:200], **said}
    trace.record(
        f"execution.defect.{verb}", actor=actor, target=row, project_id=held.project_id, reason=reason, facts=facts
    )
