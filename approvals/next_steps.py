"""What keeps a project from its next stage, and on whose desk that lies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import Role
from approvals.catalog import ITEM_TYPES, ItemType
from approvals.guards import is_to_be_given_anew
from approvals.models import ApprovalItem, Task
from core.workflow import Situation
from projects import selectors
from projects.lifecycle import LIFECYCLE
from projects.models import Project
from projects.states import Gate

# Whose turn it is where a fact of contracts, works or assets is missing; all others are the unit's clerk's.
TURN_OF = {
    "funds.missing": Role.PLAN_OFFICER,
    "findings.open": Role.APPLICANT_LEAD,
    "title.pending": Role.RECEIVER,
}


@dataclass(frozen=True)
class NextStep:
    """One thing that must happen: what, by whom, how far it is, and what it is about.

    `item`: an item under way; `declares`: the kind of item to be declared; `problem`: the code of what is missing;
    `move`: the name of the project's move.
    """

    what: Any
    who: str
    progress: str = ""
    done: bool = False
    item: ApprovalItem | None = None
    declares: str = ""
    problem: str = ""
    move: str = ""


def next_steps(project: Project, items: Sequence[ApprovalItem], actor: Actor, now: Situation) -> list[NextStep]:
    """The approvals the next stage needs, then the moves that need a person. A suspended project waits for being resumed."""
    if project.is_suspended:
        return [_resumption(project)]
    ways = selectors.ways_forward(project, now)
    return [*_approvals(project, items, actor, now), *_moves(project, ways)] if ways else []


def _resumption(project: Project) -> NextStep:
    """T25: who decided that it stands still decides that it goes on."""
    move = LIFECYCLE["resume"]
    who = "、".join(str(Role(role).label) for role in move.roles)
    standing = [row for row in project.suspensions.all() if row.ended_on is None]
    words = _("suspended since %(day)s by %(document)s")
    told = words % {"day": standing[-1].began_on, "document": standing[-1].authority_document} if standing else ""
    return NextStep(_("The project is suspended; it goes on once it is resumed"), who, told, move=move.name)


def _approvals(project: Project, items: Sequence[ApprovalItem], actor: Actor, now: Situation) -> Iterable[NextStep]:
    optional = Gate.RESERVE_ADMITTED if project.meeting_minute else None
    for kind in ITEM_TYPES.values():
        if actor.item_types and kind.code not in actor.item_types:
            continue
        if not (project.stage in kind.stages or is_to_be_given_anew(project, kind.gate)):
            continue
        if kind.gate in (None, optional) or (is_adjustment(kind) and not project.is_estimate_adjusting):
            continue
        # An adjustment decided earlier does not decide the one that is open.
        done = project.has_gate(kind.gate, now.on) and not is_adjustment(kind)
        mine = [item for item in items if item.item_type == kind.code]
        running = next((item for item in mine if item.is_open), None)
        if done:
            yield NextStep(kind.label, "", progress=_decided(project, kind), done=True)
        elif running:
            yield NextStep(kind.label, _desk_of(running), running.get_state_display(), item=running)
        else:
            yield NextStep(kind.label, _unit(project), _("Not declared yet"), declares=kind.code)


def is_adjustment(kind: ItemType) -> bool:
    return kind.gate == Gate.ADJUSTMENT_DECIDED


def _decided(project: Project, kind: ItemType) -> str:
    openings = [row for row in project.gate_openings.all() if row.gate == kind.gate and row.closed_on is None]
    return openings[-1].document_no if openings else ""


def _desk_of(item: ApprovalItem) -> str:
    """The post the item lies with, never the person (R-PERM-02)."""
    tasks = [task for task in item.tasks.all() if task.kind == Task.Kind.STEP and task.left_at is None]
    if not tasks:
        return str(item.owner_unit)
    house = tasks[0].organisation or item.authority
    return f"{house} · {Role(tasks[0].role).label}"


def _unit(project: Project, role: Role = Role.APPLICANT_CLERK) -> str:
    return f"{project.owner_unit} · {role.label}"


def _turn(project: Project, code: str) -> str:
    role = TURN_OF.get(code, Role.APPLICANT_CLERK)
    if role == Role.RECEIVER and project.user_unit:
        return f"{project.user_unit} · {role.label}"
    return str(role.label) if role in (Role.PLAN_OFFICER, Role.RECEIVER) else _unit(project, role)


def _moves(project: Project, ways: Iterable[Any]) -> Iterable[NextStep]:
    for way in ways:
        for problem in way.problems:
            if problem.code == "code.missing":
                yield NextStep(_("Enter the project code"), _unit(project), problem=problem.code)
            elif problem.code not in ("gate.closed", "approval.lost", "adjustment.open"):
                yield NextStep(problem.message, _turn(project, problem.code), problem=problem.code)
        if not way.move.by_system:
            roles = "、".join(str(Role(role).label) for role in way.move.roles)
            waits = _("Waits for the steps above") if way.problems else _("Possible now")
            yield NextStep(way.move.label, f"{project.owner_unit} · {roles}", waits, move=way.move.name)
