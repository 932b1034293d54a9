"""Who makes the annual plan, who asks to be in it, who reads it (DOMAIN §13, row "Annual plan")."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.policies import has_role
from accounts.roles import APPLICANTS, Role
from core.errors import Problem
from core.workflow import Move
from execution.policies import may_keep_books
from projects.policies import covers_projects

# Units their own requests, the authority and who looks after it everything.
READS_PLANS = APPLICANTS | {
    Role.CASE_OFFICER, Role.SECTION_CHIEF, Role.DETERMINER, Role.DIRECTOR, Role.PLAN_OFFICER, Role.FINANCE_OFFICER,
    Role.AUDITOR, Role.SUPERVISOR, Role.LEADER_VIEW,
}  # fmt: skip


def reads_plans(actor: Actor) -> bool:
    """Not within a delegation that covers some kinds of items only (R-PERM-03)."""
    return actor.role in READS_PLANS and not actor.item_types


def is_the_authority(actor: Actor, row: Any = None, move: Move | None = None) -> Problem | None:
    """The plan is made in the investment authority, not by people of the same post in other houses."""
    if actor.role in APPLICANTS or actor.organisation.kind == Organisation.Kind.INVESTMENT_AUTHORITY:
        return None
    return Problem("not_the_authority", _("Only the investment authority decides this."))


def may_plan(actor: Actor) -> Problem | None:
    """Calls, envelopes, balancing, releases: the plan officer."""
    return has_role(actor, Role.PLAN_OFFICER) or covers_projects(actor) or is_the_authority(actor)


def may_adjust_plan(actor: Actor) -> Problem | None:
    """A plan that was approved is changed by who approved it."""
    return has_role(actor, Role.DETERMINER) or covers_projects(actor) or is_the_authority(actor)


def may_request(actor: Actor, project: Any) -> Problem | None:
    """The clerk of the project's own unit asks for next year's money, while the project lives."""
    return may_keep_books(actor, project)


def may_import(actor: Actor) -> Problem | None:
    """A unit its requests, the plan officer the balancing."""
    refusal = has_role(actor, Role.APPLICANT_CLERK, Role.PLAN_OFFICER) or covers_projects(actor)
    return refusal or is_the_authority(actor)


def may_simulate(actor: Actor) -> Problem | None:
    """Whoever reads whole plans."""
    if reads_plans(actor) and actor.role not in APPLICANTS:
        return None
    return Problem("role", _("Only readers of whole plans may do this."))
