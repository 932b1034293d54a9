"""Who may do what beside the moves: the clerk of the project's own unit compiles the final account."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import Role
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
