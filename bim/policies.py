"""Who may do what with a building model."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import APPLICANTS, CENTRE, Role
from bim.models import BimModel
from core.errors import Problem
from projects.models import Project
from projects.policies import covers_projects, is_own

TOPIC_ROLES = (
    Role.APPLICANT_CLERK,
    Role.APPLICANT_LEAD,
    Role.CASE_OFFICER,
    Role.SECTION_CHIEF,
    *sorted(CENTRE),
    Role.EXPERT,
    Role.CO_REVIEW_FIRM,
)


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


def may_work_on_topics(actor: Actor, project: Project) -> Problem | None:
    """Who raises, answers and settles issues on a project's models: its own unit, and whoever reviews it."""
    refusal = has_role(actor, *TOPIC_ROLES)
    if refusal is None and actor.role in APPLICANTS and not is_own(actor, project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    return refusal or covers_projects(actor)


REQUIREMENT_KEEPERS = (Role.CASE_OFFICER, Role.SECTION_CHIEF, Role.CENTER_LEAD)
CHECKERS = (*REQUIREMENT_KEEPERS, Role.WINDOW, Role.CENTER_REVIEWER)


def may_keep_requirements(actor: Actor) -> Problem | None:
    """Who hands in information requirements, makes them required or retires them. Everybody reads them."""
    return has_role(actor, *REQUIREMENT_KEEPERS) or covers_projects(actor)


def may_run_checks(actor: Actor, model: BimModel) -> Problem | None:
    """The clerk of the project's own unit, and whoever examines its declarations."""
    if actor.role == Role.APPLICANT_CLERK:
        return may_upload(actor, model.project)
    return has_role(actor, Role.APPLICANT_CLERK, *CHECKERS)


def may_pair(actor: Actor, model: BimModel) -> Problem | None:
    """Who answers for the models says which element became which."""
    return may_upload(actor, model.project)
