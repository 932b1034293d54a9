"""What keeps a project from its next stage, with the page where each step is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import APPLICANTS, Role
from approvals import next_steps as steps
from approvals.models import ApprovalItem
from approvals.next_steps import NextStep
from approvals.states import WITH_THE_UNIT
from core.workflow import Situation
from projects.models import Project
from projects.policies import may_amend
from web.rooms import room_url

# In which room what a project still lacks is brought.
ROOM_OF = {
    "contract.missing": "contracts",
    "funds.missing": "project_plan",
    "progress.incomplete": "progress",
    "acceptance.open": "acceptance",
    "settlement.open": "settlements",
    "findings.open": "audit",
    "handover.missing": "handover",
    "handover.difference": "handover",
    "title.pending": "titles",
    "account.terminated": "final_account",
}


@dataclass(frozen=True)
class Way:
    """A step, and the link to where it is done; empty where this person has no such page."""

    step: NextStep
    url: str = ""
    link: str = ""


def next_steps(project: Project, items: Sequence[ApprovalItem], actor: Actor, now: Situation) -> list[Way]:
    return [way_of(project, step, actor) for step in steps.next_steps(project, items, actor, now)]


def way_of(project: Project, step: NextStep, actor: Actor) -> Way:
    if step.item:
        # What the unit still has to fill in opens where it is filled in.
        mine = step.item.state in WITH_THE_UNIT and actor.role in APPLICANTS
        return Way(step, reverse("web:item_edit" if mine else "web:item", args=[step.item.pk]), step.item.no)
    if step.declares and actor.role == Role.APPLICANT_CLERK:
        return Way(step, f"{reverse('web:item_new', args=[project.pk])}?type={step.declares}", _("Declare"))
    if step.problem == "code.missing" and may_amend(actor, project) is None:
        return Way(step, reverse("web:project_edit", args=[project.pk]), _("Enter"))
    url = room_url(ROOM_OF.get(step.problem, ""), actor, project)
    return Way(step, url, _("Open") if url else "")
