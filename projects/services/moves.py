"""The only way a project changes stage: one recipe for every arrow of projects/lifecycle.py."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition

from accounts.actor import Actor
from core import calendars, clock, locks, rulebook, trace
from core.errors import NotPermitted, Problem, RuleViolation, StaleState
from core.inputs import clean_inputs
from core.read_once import forget
from core.trace import Who
from core.workflow import Situation
from projects.lifecycle import LIFECYCLE
from projects.models import Project
from projects.policies import may_move
from projects.services import stages
from projects.states import Gate, Stage


@dataclass
class Passage:
    """One move being made: what a consequence may read and what it may add to the trace."""

    project: Project
    actor: Who
    on: date
    at: datetime
    data: dict[str, Any]
    source: str
    facts: dict[str, Any] = field(default_factory=dict)


def situation(on: date) -> Situation:
    return Situation(on=on, works=calendars.current(), rules=rulebook.on(on))


@transaction.atomic
def perform(
    project_id: int,
    name: str,
    *,
    actor: Actor,
    data: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> Project:
    """Makes one move for a person. Raises NotPermitted, RuleViolation with all reasons, StaleState, NotFound."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    if name not in LIFECYCLE:
        raise RuleViolation([Problem("unknown_move", _("There is no such move."))])
    if expected_version is not None and expected_version != project.version:
        raise StaleState(Problem("stale", _("Somebody else has changed this project. Please look at it again.")))
    refusal = may_move(actor, project, LIFECYCLE[name])
    if refusal:
        raise NotPermitted(refusal)
    values, problems = clean_inputs(LIFECYCLE[name], data or {})
    today = clock.today()
    problems += LIFECYCLE.problems(project, name, situation(today))
    if problems:
        raise RuleViolation(problems)
    _make(project, name, actor, values)
    if name == "resume":
        run_automatic(project)  # what was decided while it stood still
    return project


def run_automatic(project: Project, *, actor: Who = trace.SYSTEM, now: Situation | None = None) -> None:
    """Makes every move that needs no person and whose guards are satisfied, until none is left."""
    now = now or situation(clock.today())
    while ready := [
        move.name
        for move in LIFECYCLE.from_state(project.stage)
        if move.by_system and not LIFECYCLE.problems(project, move.name, now)
    ]:
        _make(project, ready[0], actor, {})


def waive_feasibility_by_approval(project: Project, *, document_no: str, actor: Who) -> None:
    """T05 as the consequence of a proposal approval that waives the feasibility study (R-LC-10)."""
    data = {"ground": "WAIVED_BY_APPROVAL", "document": document_no, "reason": _("Waived by the proposal approval.")}
    _make(project, "pass_proposal_waive_feasibility", actor, data)


def _make(project: Project, name: str, actor: Who, data: dict[str, Any]) -> Project:
    passage = Passage(project, actor, clock.today(), clock.now(), data, source=project.stage)
    target = CHOOSES_TARGET[name](passage) if name in CHOOSES_TARGET else None
    getattr(project, name)(target) if target else getattr(project, name)()
    CONSEQUENCES.get(name, _no_consequence)(passage)
    if project.stage != passage.source:
        stages.follow(project, passage.source, passage.on, waived=WAIVES.get(name, {}), data=data)
    project.touch()
    try:
        with transaction.atomic():
            project.save()
    except ConcurrentTransition as error:
        raise StaleState(Problem("stale", _("Somebody else has changed this project."))) from error
    except IntegrityError:
        project.validate_constraints()
        raise
    trace.record(
        LIFECYCLE.verb(name),
        actor=actor,
        target=project,
        project_id=project.pk,
        at=passage.at,
        reason=str(data.get("reason", "")),
        facts={"from": passage.source, "to": project.stage, **data, **passage.facts},
    )
    return project


def _no_consequence(passage: Passage) -> None:
    pass


def _give_reserve_number(passage: Passage) -> None:
    passage.project.reserve_no = f"CB-{passage.on.year}-{passage.project.pk:05d}"


def _record_award(passage: Passage) -> None:
    """The contract's record: which filings it rests on."""
    awards = passage.project.gate_openings.filter(gate=Gate.AWARDED, closed_on=None, recorded_on=None)
    passage.facts["documents"] = [row.document_no for row in awards]
    awards.update(recorded_on=passage.on)


def _note_start(passage: Passage) -> None:
    passage.project.started_on = passage.on


def _note_acceptance(passage: Passage) -> None:
    passage.project.accepted_on = passage.on


def _raise_adjustment_flag(passage: Passage) -> None:
    passage.project.is_estimate_adjusting = True


def _lower_adjustment_flag(passage: Passage) -> None:
    passage.project.is_estimate_adjusting = False
    close_openings(passage.project, Gate.ADJUSTMENT_DECIDED, passage.on)


def _reopen_feasibility(passage: Passage) -> None:
    close_openings(passage.project, Gate.FEASIBILITY_APPROVED, passage.on)
    close_openings(passage.project, Gate.NEW_FEASIBILITY_DEMANDED, passage.on)


def _reopen_final_account(passage: Passage) -> None:
    for gate in (Gate.FINAL_ACCOUNT_APPROVED, Gate.HANDED_OVER, Gate.TITLED):
        close_openings(passage.project, gate, passage.on)


def _begin_suspension(passage: Passage) -> None:
    project = passage.project
    project.resume_stage = passage.source
    project.suspensions.create(
        began_on=passage.on, reason=passage.data["reason"], authority_document=passage.data["document"]
    )


def _end_suspension(passage: Passage) -> None:
    passage.project.resume_stage = ""
    passage.project.suspensions.filter(ended_on__isnull=True).update(ended_on=passage.on)


def _forget_resume(passage: Passage) -> None:
    _end_suspension(passage)


def close_openings(project: Project, gate: Gate, on: date, item_id: int | None = None) -> None:
    """The decision behind a gate no longer stands: expired, revoked, superseded or used up."""
    openings = project.gate_openings.filter(gate=gate, closed_on__isnull=True)
    if item_id is not None:
        openings = openings.filter(item_id=item_id)
    openings.update(closed_on=on)
    forget(project, "gate_openings")


def withdraw_figures(project: Project, item_id: int, on: date) -> None:
    """The amounts an expired or revoked approval set control nothing any more (R-INV-01)."""
    project.figures.filter(item_id=item_id, withdrawn_on__isnull=True).update(withdrawn_on=on)
    forget(project, "figures")


CONSEQUENCES: dict[str, Callable[[Passage], None]] = {
    "admit_to_reserve": _give_reserve_number,
    "award": _record_award,
    "start_construction": _note_start,
    "open_estimate_adjustment": _raise_adjustment_flag,
    "close_estimate_adjustment": _lower_adjustment_flag,
    "reopen_feasibility": _reopen_feasibility,
    "pass_acceptance": _note_acceptance,
    "reopen": _reopen_final_account,
    "suspend": _begin_suspension,
    "resume": _end_suspension,
    "terminate": _forget_resume,
}
CHOOSES_TARGET: dict[str, Callable[[Passage], str]] = {"resume": lambda passage: passage.project.resume_stage}

# Which stages a move waives or skips by rule, beside passing the one it leaves.
WAIVES: dict[str, dict[str, str]] = {
    "pass_proposal_waive_feasibility": {Stage.FEASIBILITY: "WAIVED"},
    "direct_to_feasibility": {Stage.PROPOSAL: "WAIVED"},
    "waive_budget": {Stage.BUDGET: "WAIVED"},
    "pass_settlement_no_audit": {Stage.FINAL_AUDIT: "SKIPPED_BY_RULE"},
    "complete_handover_no_title": {Stage.TITLE_REGISTRATION: "SKIPPED_BY_RULE"},
}
