"""Who may do what beside the moves: the project unit keeps its books; what others may is in the tables of moves."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import Role
from core.errors import Problem
from projects.policies import covers_projects, is_own
from projects.states import TERMINAL


def may_keep_books(actor: Actor, project: Any) -> Problem | None:
    """Contracts, reports, changes and payments are entered by the clerk of the project's own unit while it lives."""
    refusal = has_role(actor, Role.APPLICANT_CLERK) or covers_projects(actor)
    if refusal is None and not is_own(actor, project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    if refusal is None and project.stage in TERMINAL:
        return Problem("project.ended", _("The project has ended."))
    return refusal
