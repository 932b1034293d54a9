"""Who may do what with a project."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import APPLICANTS, Role
from core.errors import Problem
from core.workflow import Move


def is_own(actor: Actor, project: Any) -> bool:
    return actor.organisation_id in (project.owner_unit_id, project.construction_unit_id)


def covers_projects(actor: Actor) -> Problem | None:
    """A delegation limited to some kinds of items reaches these items, not the project they belong to (R-PERM-03)."""
    if actor.item_types:
        return Problem("delegation.scope", _("Your delegation covers some kinds of items, not the project itself."))
    return None


def may_register(actor: Actor) -> Problem | None:
    return has_role(actor, Role.APPLICANT_CLERK) or covers_projects(actor)


def may_amend(actor: Actor, project: Any) -> Problem | None:
    """The clerk of the unit corrects the basics until the project has ended."""
    refusal = has_role(actor, Role.APPLICANT_CLERK)
    if refusal is None and not is_own(actor, project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    return refusal or covers_projects(actor)


def may_move(actor: Actor, project: Any, move: Move) -> Problem | None:
    """The roles of the table; a unit's roles only on its own projects."""
    if move.by_system:
        return Problem("system_only", _("This happens by itself when its conditions are met."))
    refusal = has_role(actor, *move.roles)
    if refusal is None and actor.role in APPLICANTS and not is_own(actor, project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    return refusal or covers_projects(actor)


def may_set_audit_mode(actor: Actor) -> Problem | None:
    """The annual audit plan says which projects are audited, and how (R-LC-07); the audit office keeps it."""
    return has_role(actor, Role.AUDITOR) or covers_projects(actor)
