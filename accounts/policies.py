"""Who may do what with people and posts; and the one way to insist on a policy."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import ADMINISTRATORS, Role
from core.errors import NotPermitted, Problem

Policy = Callable[..., Problem | None]


def insist(policy: Policy, actor: Actor, *args: Any) -> None:
    """Raises NotPermitted with the policy's reason, if it has one."""
    problem = policy(actor, *args)
    if problem is not None:
        raise NotPermitted(problem)


def has_role(actor: Actor, *roles: str) -> Problem | None:
    if actor.role in roles:
        return None
    names = _(", ").join(str(Role(role).label) for role in roles)
    return Problem("role", _("Only %(roles)s may do this.") % {"roles": names})


def may_do_business(actor: Actor) -> Problem | None:
    """The three administrators hold no business data rights (R-SOD-04)."""
    if actor.role in ADMINISTRATORS:
        return Problem("role.administrator", _("Administrators have no access to business data."))
    return None
