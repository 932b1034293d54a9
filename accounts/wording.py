"""What a notice about people and posts says, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Role


def role_label(code: str) -> str:
    """The role's name; the code itself where it is not a role; the system and the public are none."""
    outside = {"SYSTEM": _("System"), "PUBLIC": _("The public")}
    return str(Role(code).label) if code in Role.values else outside.get(code, code)


def proposed(facts: dict[str, Any]) -> str:
    values = {"name": facts.get("name", ""), "role": role_label(facts.get("role", ""))}
    return _("%(name)s asks you to stand in for them as %(role)s.") % values


def accepted(facts: dict[str, Any]) -> str:
    return _("%(name)s accepted to stand in for you.") % {"name": facts.get("name", "")}


def declined(facts: dict[str, Any]) -> str:
    return _("%(name)s declined to stand in for you.") % {"name": facts.get("name", "")}


def revoked(facts: dict[str, Any]) -> str:
    values = {"name": facts.get("name", ""), "role": role_label(facts.get("role", ""))}
    return _("%(name)s took the post %(role)s back; you no longer stand in for them.") % values


def post_given(facts: dict[str, Any]) -> str:
    values = {"role": role_label(facts.get("role", "")), "organisation": facts.get("organisation", "")}
    return _("You hold a new post: %(role)s, %(organisation)s.") % values


def post_ended(facts: dict[str, Any]) -> str:
    values = {"role": role_label(facts.get("role", "")), "until": facts.get("until", "")}
    return _("Your post %(role)s ends on %(until)s.") % values


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "delegation.proposed": proposed,
    "delegation.accepted": accepted,
    "delegation.declined": declined,
    "delegation.revoked": revoked,
    "post.given": post_given,
    "post.ended": post_ended,
}
