"""Who may do what beside the moves: the project unit keeps its books; what others may is in the tables of moves."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.policies import has_role
from accounts.roles import APPLICANTS, EXPORTS_REPORTS, Role
from core.errors import Problem
from core.workflow import Move
from execution.states import PaymentState
from projects.policies import covers_projects, is_own
from projects.states import TERMINAL

# The matrix of DOMAIN §13, row "Contract/Payment", gives these no sight of how money is spent.
NO_BOOKS = frozenset({Role.WINDOW, Role.EXPERT, Role.CO_REVIEW_FIRM})


def reads_books(actor: Actor) -> bool:
    """Whether the amounts of contracts and payments are part of this role's work."""
    return actor.role not in NO_BOOKS


def may_read_payments(actor: Actor) -> Problem | None:
    """DOMAIN §13, row "Contract/Payment": not part of the work of the window, of experts and of co-reviewers."""
    if reads_books(actor):
        return None
    return Problem("payment.role", _("Payments are not part of the work of your post."))


def may_read_books(actor: Actor) -> Problem | None:
    """The same row of the matrix, for contracts, changes and what is reckoned from them."""
    if reads_books(actor):
        return None
    return Problem("books.role", _("Contracts and payments are not part of the work of your post."))


def may_keep_books(actor: Actor, project: Any) -> Problem | None:
    """Contracts, reports, changes and payments are entered by the clerk of the project's own unit while it lives."""
    refusal = has_role(actor, Role.APPLICANT_CLERK) or covers_projects(actor)
    if refusal is None and not is_own(actor, project):
        return Problem("not_own", _("Only the project's own unit may do this."))
    if refusal is None and project.stage in TERMINAL:
        return Problem("project.ended", _("The project has ended."))
    return refusal


def may_decide_change(actor: Actor, change: Any, move: Move) -> Problem | None:
    """Changes above the unit's limit are decided in the investment authority, not by chiefs of other houses."""
    if actor.role in APPLICANTS or actor.organisation.kind == Organisation.Kind.INVESTMENT_AUTHORITY:
        return None
    return Problem("not_the_authority", _("Only the investment authority decides this."))


def may_move_payment(actor: Actor, payment: Any, move: Move) -> Problem | None:
    """What finance has approved is taken back by finance, not by the unit."""
    if move.name == "return_payment" and actor.role in APPLICANTS and payment.state == PaymentState.FINANCE_APPROVED:
        return Problem("payment.with_finance", _("Finance has approved this payment; only finance can return it."))
    return None


def may_confirm_progress(actor: Actor, report: Any, move: Move) -> Problem | None:
    """Monthly reports are confirmed in the investment authority."""
    if actor.role in APPLICANTS or actor.organisation.kind == Organisation.Kind.INVESTMENT_AUTHORITY:
        return None
    return Problem("not_the_authority", _("Only the investment authority decides this."))


def may_import_treasury(actor: Actor) -> Problem | None:
    return has_role(actor, Role.FINANCE_OFFICER) or covers_projects(actor)


def may_take_sheet(actor: Actor, project: Any) -> Problem | None:
    """The cost control table as a file: its own unit, and who takes reports as files (DOMAIN §13, row "Reports")."""
    if actor.role in EXPORTS_REPORTS or (actor.role in APPLICANTS and is_own(actor, project)):
        return None
    return Problem(
        "control.export_role", _("Your role may look at this table and print it, but not take it as a file.")
    )
