"""What keeps a project from its next stage, and on whose desk that lies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import APPLICANTS, Role
from approvals.catalog import ITEM_TYPES, ItemType
from approvals.guards import is_to_be_given_anew
from approvals.models import ApprovalItem, Task
from approvals.states import WITH_THE_UNIT
from core.workflow import Situation
from projects import selectors
from projects.models import Project
from projects.policies import may_amend
from projects.states import Gate


@dataclass(frozen=True)
class NextStep:
    """One thing that must happen: what, by whom, how far it is, and where to go to do it."""

    what: Any
    who: str
    progress: str = ""
    done: bool = False
    url: str = ""
    link: str = ""


def next_steps(project: Project, items: Sequence[ApprovalItem], actor: Actor, now: Situation) -> list[NextStep]:
    """The approvals the next stage needs, then the moves that need a person."""
    ways = selectors.ways_forward(project, now)
    return [*_approvals(project, items, actor, now), *_moves(project, ways, actor)] if ways else []


def _approvals(project: Project, items: Sequence[ApprovalItem], actor: Actor, now: Situation) -> Iterable[NextStep]:
    optional = Gate.RESERVE_ADMITTED if project.meeting_minute else None
    for kind in ITEM_TYPES.values():
        if actor.item_types and kind.code not in actor.item_types:
            continue
        if not (project.stage in kind.stages or is_to_be_given_anew(project, kind.gate)) or kind.gate in (
            None,
            optional,
            Gate.ADJUSTMENT_DECIDED,
        ):
            continue
        done = project.has_gate(kind.gate, now.on)
        mine = [item for item in items if item.item_type == kind.code]
        running = next((item for item in mine if item.is_open), None)
        if done:
            yield NextStep(kind.label, "", progress=_decided(project, kind), done=True)
        elif running:
            url = reverse(_page_of(running, actor), args=[running.pk])
            yield NextStep(kind.label, _desk_of(running), running.get_state_display(), url=url, link=running.no)
        else:
            url, link = _to_declare(project, kind, actor)
            yield NextStep(kind.label, _unit(project), _("Not declared yet"), url=url, link=link)


def _page_of(item: ApprovalItem, actor: Actor) -> str:
    """What the unit still has to fill in opens where it is filled in."""
    return "web:item_edit" if item.state in WITH_THE_UNIT and actor.role in APPLICANTS else "web:item"


def _decided(project: Project, kind: ItemType) -> str:
    openings = [row for row in project.gate_openings.all() if row.gate == kind.gate and row.closed_on is None]
    return openings[-1].document_no if openings else ""


def _to_declare(project: Project, kind: ItemType, actor: Actor) -> tuple[str, str]:
    if actor.role != Role.APPLICANT_CLERK:
        return "", ""
    return f"{reverse('web:item_new', args=[project.pk])}?type={kind.code}", _("Declare")


def _desk_of(item: ApprovalItem) -> str:
    """The post the item lies with, never the person (R-PERM-02)."""
    tasks = [task for task in item.tasks.all() if task.kind == Task.Kind.STEP and task.left_at is None]
    if not tasks:
        return str(item.owner_unit)
    house = tasks[0].organisation or item.authority
    return f"{house} · {Role(tasks[0].role).label}"


def _unit(project: Project) -> str:
    return f"{project.owner_unit} · {Role.APPLICANT_CLERK.label}"


def _moves(project: Project, ways: Iterable[Any], actor: Actor) -> Iterable[NextStep]:
    for way in ways:
        rest = [problem for problem in way.problems if problem.code not in ("gate.closed", "approval.lost")]
        if any(problem.code == "code.missing" for problem in rest):
            may_enter = may_amend(actor, project) is None
            url = reverse("web:project_edit", args=[project.pk]) if may_enter else ""
            yield NextStep(_("Enter the project code"), _unit(project), url=url, link=_("Enter") if url else "")
            rest = [problem for problem in rest if problem.code != "code.missing"]
        for problem in rest:
            yield NextStep(problem.message, _unit(project))
        if not way.move.by_system:
            roles = "、".join(str(Role(role).label) for role in way.move.roles)
            waits = _("Waits for the steps above") if way.problems else _("Possible now")
            yield NextStep(way.move.label, f"{project.owner_unit} · {roles}", waits)
