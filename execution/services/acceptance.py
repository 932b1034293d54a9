"""Acceptance by the five parties: rounds, opinions, the papers it rests on, its defects; passed or failed by the lead."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, locks, trace
from core.errors import Problem, StaleState, require, together
from execution import closing
from execution.closing_policies import may_sign_for_the_unit
from execution.models import AcceptanceDefect, AcceptanceRound, PartyOpinion, SpecialAcceptance
from execution.policies import may_keep_books
from execution.services.evidence import Upload, kept
from execution.states import Clearance, Party
from projects.models import Project
from projects.services import facts
from projects.services import moves as project_moves
from projects.states import Stage

# What the law always asks for; the others may be not needed, with a reason.
ALWAYS_NEEDED = (Clearance.QUALITY, Clearance.ARCHIVES, Clearance.WARRANTY)


@transaction.atomic
def open_round(
    project_id: int, *, actor: Actor, held_on: date | None, faults: Sequence[Problem] = ()
) -> AcceptanceRound:
    """The next meeting of the five parties. Raises RuleViolation with every reason."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_books, actor, project)
    require(together(faults, _opening_problems(project, held_on)))
    number = (project.acceptance_rounds.aggregate(last=Max("number"))["last"] or 0) + 1
    row = AcceptanceRound.objects.create(project=project, number=number, held_on=held_on, created_by=actor.user)
    _trace("opened", actor, row, {"round": number, "held_on": held_on})
    return row


def _opening_problems(project: Project, held_on: date | None) -> Iterable[Problem]:
    if project.stage != Stage.ACCEPTANCE:
        words = _("Acceptance rounds are held in the stage of acceptance; the project is in “%(stage)s”.")
        yield Problem("acceptance.stage", words % {"stage": project.get_stage_display()})
    rounds = list(project.acceptance_rounds.all())
    if any(row.is_open for row in rounds):
        yield Problem("acceptance.round_open", _("A round is still open."))
    if any(row.passed for row in rounds):
        yield Problem("acceptance.passed", _("The works have been accepted."))
    open_defects = closing.open_defects(project).count()
    if open_defects:
        words = _("Defects of the earlier round not mended and checked: %(n)s.")
        yield Problem("acceptance.defects_open", words % {"n": open_defects})
    yield from day_problems(held_on, "held_on", max((row.held_on for row in rounds), default=None))


@transaction.atomic
def record_opinion(
    round_id: int,
    party: str,
    *,
    actor: Actor,
    organisation: str,
    person: str,
    agrees: bool | None,
    signed_on: date | None,
    opinion: str = "",
    file: Upload | None = None,
    faults: Sequence[Problem] = (),
) -> PartyOpinion:
    """What one of the five parties signed, with the signed paper. While the round is open it may be said anew.

    `party` is a code of Party. Said anew without a file, the file that is there stays.
    """
    held = locked_round(round_id, actor)
    insist(may_keep_books, actor, held.project)
    before = held.opinions.filter(party=party).first()
    problems = [
        *_still_open(held),
        *([] if party in Party.values else [Problem("party.unknown", _("There is no such party."), "party")]),
        *_filled(organisation=organisation, person=person),
        *([Problem("required", _("This field is required."), "agrees")] if agrees is None else []),
        *day_problems(signed_on, "signed_on", held.held_on),
    ]
    if agrees is False and not opinion.strip():
        problems.append(Problem("opinion.reason", _("A party that does not agree says why."), "opinion"))
    paper = kept(file, actor, together(faults, problems), required=before is None or before.file_id is None)
    row = before or PartyOpinion(round=held, party=party)
    row.organisation, row.person, row.agrees = organisation.strip(), person.strip(), agrees
    row.opinion, row.signed_on, row.recorded_by = opinion.strip(), signed_on, actor.user
    row.file = paper or row.file
    row.save()
    said = {"round": held.number, "party": Party(party).value, "person": row.person, "agrees": agrees}
    _trace("opinion_recorded", actor, held, said | _fingerprint(row.file), reason=row.opinion)
    return row


@transaction.atomic
def clear(
    project_id: int,
    kind: str,
    *,
    actor: Actor,
    authority: str = "",
    document_no: str = "",
    issued_on: date | None = None,
    not_needed: str = "",
    file: Upload | None = None,
    faults: Sequence[Problem] = (),
) -> SpecialAcceptance:
    """One of the papers the acceptance rests on (Clearance): issued, or `not_needed` with the reason. May be corrected
    until a round has passed."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_books, actor, project)
    before = project.special_acceptances.filter(kind=kind).first()
    reason = not_needed.strip()
    problems = list(_clearance_problems(project, kind, authority, document_no, issued_on, reason))
    has_paper = before is not None and before.file_id is not None
    paper = kept(file, actor, together(faults, problems), required=not reason and not has_paper)
    row = before or SpecialAcceptance(project=project, kind=kind)
    row.authority, row.document_no = ("", "") if reason else (authority.strip(), document_no.strip())
    row.issued_on, row.not_needed = (None, reason) if reason else (issued_on, "")
    row.file = None if reason else paper or row.file
    row.recorded_by, row.recorded_at = actor.user, clock.now()
    row.save()
    said = {"clearance": row.kind, "document_no": row.document_no, "issued_on": row.issued_on}
    trace.record(
        "execution.acceptance.cleared", actor=actor, target=project, project_id=project.pk, reason=reason,
        facts=said | _fingerprint(row.file),
    )  # fmt: skip
    return row


def _clearance_problems(
    project: Project, kind: str, authority: str, document_no: str, issued_on: date | None, reason: str
) -> Iterable[Problem]:
    if kind not in Clearance.values:
        yield Problem("clearance.unknown", _("There is no such paper."), "kind")
    if project.stage not in (Stage.CONSTRUCTION, Stage.ACCEPTANCE):
        words = _("Not possible in the stage “%(stage)s”.") % {"stage": project.get_stage_display()}
        yield Problem("acceptance.stage", words)
    if any(row.passed for row in project.acceptance_rounds.all()):
        yield Problem("acceptance.passed", _("The works have been accepted."))
    if reason:
        if kind in ALWAYS_NEEDED:
            yield Problem("clearance.needed", _("No project can do without this paper."), "not_needed")
        return
    yield from _filled(authority=authority, document_no=document_no)
    yield from day_problems(issued_on, "issued_on", None)


@transaction.atomic
def pass_round(
    round_id: int,
    *,
    actor: Actor,
    conclusion: str = "",
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> AcceptanceRound:
    """The lead signs that the works are accepted: all five agree, nothing is open, no paper is missing (T16 waits for it)."""
    held = _to_close(round_id, actor, expected_version)
    require(together(faults, [*_still_open(held), *passing_problems(held)]))
    _close(held, actor, conclusion, passed=True)
    facts.tell(held.project, actor=actor, acceptance_passed=True)
    return held


@transaction.atomic
def fail_round(
    round_id: int,
    *,
    actor: Actor,
    conclusion: str,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> AcceptanceRound:
    """The lead signs that the works are not accepted, because a party rejects; the project goes back to construction (T15b)."""
    held = _to_close(round_id, actor, expected_version)
    problems = [*_still_open(held), *_filled(conclusion=conclusion)]
    if held.is_open and not closing.standing_of(held).against:
        problems.append(Problem("acceptance.nobody_rejects", _("No party has rejected the works.")))
    require(together(faults, problems))
    _close(held, actor, conclusion, passed=False)
    facts.tell(held.project, actor=actor, acceptance_passed=False)
    if held.project.stage == Stage.ACCEPTANCE:
        project_moves.perform(held.project_id, "fail_acceptance", actor=actor, data={"defects": conclusion})
    return held


def passing_problems(held: AcceptanceRound) -> Iterable[Problem]:
    """Everything that keeps an open round from passing."""
    standing = closing.standing_of(held)
    if standing.silent:
        shown = "、".join(str(Party(code).label) for code in standing.silent)
        yield Problem("acceptance.silent", _("No opinion yet: %(parties)s.") % {"parties": shown})
    if standing.against:
        shown = "、".join(str(Party(code).label) for code in standing.against)
        yield Problem("acceptance.rejected", _("Do not agree: %(parties)s.") % {"parties": shown})
    if standing.open_defects:
        words = _("Defects not mended and checked: %(n)s.") % {"n": standing.open_defects}
        yield Problem("acceptance.defects_open", words)
    if standing.papers_missing:
        shown = "、".join(str(Clearance(code).label) for code in standing.papers_missing)
        yield Problem("acceptance.papers", _("Missing: %(papers)s.") % {"papers": shown})


def _to_close(round_id: int, actor: Actor, expected_version: int | None) -> AcceptanceRound:
    held = locked_round(round_id, actor)
    insist(may_sign_for_the_unit, actor, held.project)
    if expected_version not in (None, held.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    return held


def _close(held: AcceptanceRound, actor: Actor, conclusion: str, *, passed: bool) -> None:
    held.passed, held.conclusion = passed, conclusion.strip()
    held.closed_at, held.closed_by = clock.now(), actor.user
    held.version += 1
    held.save()
    _trace("passed" if passed else "failed", actor, held, {"round": held.number}, reason=held.conclusion)


def locked_round(pk: int, actor: Actor) -> AcceptanceRound:
    """The round, its project locked before it."""
    row = locks.found(closing.rounds(actor), pk=pk)
    project = locks.locked(Project.objects.visible_to(actor), row.project_id)
    row = locks.locked(closing.rounds(actor), pk)
    row.project = project
    return row


def locked_defect(pk: int, actor: Actor) -> AcceptanceDefect:
    """The defect, its project and its round locked before it."""
    row = locks.found(closing.defects(actor), pk=pk)
    held = locked_round(row.round_id, actor)
    row = locks.locked(closing.defects(actor), pk)
    row.round = held
    return row


def _still_open(held: AcceptanceRound) -> Iterable[Problem]:
    if not held.is_open:
        yield Problem("acceptance.closed", _("This round is closed."))


def _filled(**texts: str) -> Iterable[Problem]:
    for name, text in texts.items():
        if not text.strip():
            yield Problem("required", _("This field is required."), name)


def day_problems(day: date | None, name: str, earliest: date | None) -> Iterable[Problem]:
    """A day that is said, is not in the future and not before what it follows."""
    if day is None:
        yield Problem("required", _("This field is required."), name)
    elif day > clock.today():
        yield Problem("date.future", _("This day lies in the future."), name)
    elif earliest is not None and day < earliest:
        yield Problem("date.too_early", _("Not before %(day)s.") % {"day": earliest}, name)


def _fingerprint(file: Any) -> dict[str, str]:
    return {"sha256": file.sha256} if file is not None else {}


def _trace(verb: str, actor: Actor, held: AcceptanceRound, said: dict[str, Any], reason: str = "") -> None:
    trace.record(
        f"execution.acceptance.{verb}", actor=actor, target=held, project_id=held.project_id, reason=reason, facts=said
    )
