"""Who may do what with asset cards, handovers, titles and the archive, beside the roles in the tables of moves."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import APPLICANTS, Role
from assets.models.asset import SEE_NO_ASSETS
from assets.policies import may_compile
from core.errors import Problem
from core.workflow import Move
from projects.policies import covers_projects
from projects.states import TERMINAL


def reads_assets(actor: Actor) -> bool:
    return actor.role not in SEE_NO_ASSETS


def may_read_assets(actor: Actor) -> Problem | None:
    return None if reads_assets(actor) else Problem("role", _("Asset handover is not part of this post."))


def may_keep_cards(actor: Actor, project: Any) -> Problem | None:
    """Cards and batches are kept by the clerk of the project's own unit, who compiles the account as well."""
    return may_compile(actor, project)


def may_sign_batch(actor: Actor, batch: Any, move: Move) -> Problem | None:
    """Each house signs for itself, and nobody signs for both: the check is per person (R-SOD-02, R-PERM-03)."""
    if actor.role == Role.RECEIVER and actor.organisation_id != batch.to_unit_id:
        return Problem("not_the_receiver", _("Only the receiving unit of this batch may do this."))
    signed = {batch.signed_over_by_id, batch.signed_over_for_id} if move.name in ("receive", "confirm") else set()
    if move.name == "confirm":
        signed |= {batch.received_by_id, batch.received_for_id}
    if signed & actor.persons:
        return Problem("sod.signed", _("You have signed this handover for another house already."))
    return None


def may_register_title(actor: Actor, title: Any, move: Move) -> Problem | None:
    """The house that holds the asset brings it to the registry."""
    if actor.role == Role.RECEIVER and actor.organisation_id != title.asset.receiver_id:
        return Problem("not_the_receiver", _("Only the unit that received the asset may do this."))
    return None


def may_attach_to_batch(actor: Actor, batch: Any) -> Problem | None:
    """Both houses bring papers: the project unit while it prepares, the receiver while it looks at the batch."""
    if actor.role == Role.RECEIVER:
        if actor.organisation_id != batch.to_unit_id:
            return Problem("not_the_receiver", _("Only the receiving unit of this batch may do this."))
        return covers_projects(actor)
    return may_compile(actor, batch.project)


def may_attach_to_title(actor: Actor, title: Any) -> Problem | None:
    refusal = has_role(actor, Role.RECEIVER) or covers_projects(actor)
    if refusal is None and actor.organisation_id != title.asset.receiver_id:
        return Problem("not_the_receiver", _("Only the unit that received the asset may do this."))
    return refusal


def may_archive(actor: Actor, project: Any) -> Problem | None:
    """The archivist makes the package of a project that has ended."""
    refusal = has_role(actor, Role.ARCHIVIST) or covers_projects(actor)
    if refusal is None and project.stage not in TERMINAL:
        return Problem("archive.running", _("The package is made when the project has ended."))
    return refusal


def may_take_archive(actor: Actor, project: Any) -> Problem | None:
    """Who holds the archive, who oversees, and the project's own unit take the package away as a file."""
    if actor.role in (Role.ARCHIVIST, Role.AUDITOR, Role.SUPERVISOR, Role.DIRECTOR):
        return covers_projects(actor)
    if actor.role in APPLICANTS and actor.organisation_id in (project.owner_unit_id, project.construction_unit_id):
        return covers_projects(actor)
    return Problem("role", _("Only the archive, the overseers and the project's own unit take the package."))


def may_take_case(actor: Actor, item: Any) -> Problem | None:
    """A case file holds what reviewers wrote among themselves: only the archive and the overseers take it (R-PERM-02)."""
    if actor.role in (Role.ARCHIVIST, Role.AUDITOR, Role.SUPERVISOR, Role.DIRECTOR):
        return covers_projects(actor)
    return Problem("role", _("Only the archive and the overseers take the case file of an item."))
