"""Who may do what at the end of the works (DOMAIN §13): acceptance, settlement and audit findings."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import APPLICANTS, Role
from core.errors import Problem
from core.workflow import Move
from projects.policies import covers_projects, is_own
from projects.states import AuditMode


def may_sign_for_the_unit(actor: Actor, project: Any) -> Problem | None:
    """The unit organises the acceptance and answers for its contracts; its lead signs."""
    refusal = has_role(actor, Role.APPLICANT_LEAD) or covers_projects(actor)
    if refusal is None and not is_own(actor, project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    return refusal


def may_check_defect(actor: Actor, defect: Any) -> Problem | None:
    """Somebody of the unit, but not the person who reported the mending (§8.4)."""
    refusal = has_role(actor, *sorted(APPLICANTS)) or covers_projects(actor)
    if refusal is None and not is_own(actor, defect.round.project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    if refusal is None and defect.fixed_by_id in actor.persons:
        return Problem("same_person", _("Another person than the one who reported it has to check it."))
    return refusal


def may_record_finding(actor: Actor, project: Any) -> Problem | None:
    """Auditors; where the unit audits itself (R-LC-07) its own clerk as well."""
    if actor.role == Role.APPLICANT_CLERK and project.audit_mode == AuditMode.INTERNAL:
        refusal = None if is_own(actor, project) else Problem("not_own", _("Only the project's own unit may do this."))
        return refusal or covers_projects(actor)
    return has_role(actor, Role.AUDITOR) or covers_projects(actor)


def may_move_finding(actor: Actor, finding: Any, move: Move) -> Problem | None:
    """Confirming and sending back: auditors, in an internal audit the unit's lead; never the one who rectified."""
    if move.name not in ("confirm", "send_back"):
        return None
    if actor.role in APPLICANTS and finding.mode != AuditMode.INTERNAL:
        return has_role(actor, Role.AUDITOR)
    if finding.rectified_by_id in actor.persons:
        return Problem("same_person", _("Another person than the one who reported it has to check it."))
    return None
