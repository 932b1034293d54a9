"""Who may do what with a building model."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import Role
from bim.models import BimModel
from core.errors import Problem
from projects.models import Project
from projects.policies import is_own


def may_upload(actor: Actor, project: Project) -> Problem | None:
    """The clerk of the project's own unit hands in models, and answers for them."""
    refusal = has_role(actor, Role.APPLICANT_CLERK)
    if refusal is None and not is_own(actor, project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    return refusal


def may_cancel(actor: Actor, model: BimModel) -> Problem | None:
    """Who may hand a model in may stop its check."""
    return may_upload(actor, model.project)


def may_check_again(actor: Actor, model: BimModel) -> Problem | None:
    """Who may hand a model in may have it read once more."""
    return may_upload(actor, model.project)
