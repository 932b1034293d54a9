"""People, organisations and interests as the system administrator keeps them: every change leaves a trace entry."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from accounts.actor import Actor
from accounts.models import User
from accounts.policies import has_role, insist
from accounts.roles import Role
from core import trace
from core.errors import Problem

SECRET = frozenset({"password", "password1", "password2", "usable_password"})


def may_keep(actor: Actor) -> Problem | None:
    return has_role(actor, Role.SYS_ADMIN)


@transaction.atomic
def keep(row: models.Model, *, actor: Actor, changed: Iterable[str]) -> None:
    """Saves a new or changed row. The trace keeps what changed, before and after, but never a password."""
    insist(may_keep, actor)
    before = type(row)._base_manager.filter(pk=row.pk).first() if row.pk else None
    row.save()
    names = [name for name in changed if name not in SECRET and any(f.name == name for f in row._meta.fields)]
    facts: dict[str, Any] = {"name": str(row)}
    facts["changes"] = {name: [_said(before, name), _said(row, name)] for name in names}
    what = "changed" if before else "added"
    trace.record(f"accounts.{row._meta.model_name}.{what}", actor=actor, target=row, facts=facts)


def _said(row: models.Model | None, name: str) -> str | None:
    value = None if row is None else getattr(row, name)
    return None if value is None else str(value)


def note_password(user: User, *, actor: Actor) -> None:
    """Somebody else set this person's password. Must run inside the transaction that did it."""
    insist(may_keep, actor)
    trace.record("accounts.user.password_set", actor=actor, target=user, facts={"name": str(user)})
