"""Who may do what beside the moves: the clerk of the project's own unit compiles the final account."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import ADMINISTRATORS, Role
from core.errors import Problem
from projects.policies import covers_projects, is_own
from projects.states import Stage


def may_compile(actor: Actor, project: Any) -> Problem | None:
    """Also for a project that was terminated: what it spent is accounted for all the same (R-FA-06)."""
    refusal = has_role(actor, Role.APPLICANT_CLERK) or covers_projects(actor)
    if refusal is None and not is_own(actor, project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    if refusal is None and project.stage in (Stage.CLOSED, Stage.REVOKED):
        return Problem("project.ended", _("The project has ended."))
    return refusal


# DOMAIN §13: experts, firms, the review centre and inspectors have no part in final accounts.
BLIND = frozenset(
    {
        Role.EXPERT, Role.CO_REVIEW_FIRM, Role.CENTER_REVIEWER, Role.CENTER_LEAD, Role.INSPECTOR, Role.COMPETENT_DEPT,
        Role.PLAN_OFFICER,
    }
)  # fmt: skip


def may_read_account(actor: Actor) -> Problem | None:
    if actor.role in BLIND or actor.role in ADMINISTRATORS:
        return Problem("role", _("Final accounts are not part of this post."))
    return None
