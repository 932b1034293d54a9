"""Gives a person the key for programs that act in their name, and takes it back."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from accounts.actor import Actor
from core import trace


@transaction.atomic
def issue(actor: Actor) -> Token:
    """The person's token; the same one until it is revoked."""
    token, created = Token.objects.get_or_create(user=actor.user)
    if created:
        trace.record("accounts.token.issued", actor=actor, target=actor.user)
    return token


@transaction.atomic
def revoke(actor: Actor) -> None:
    """From now on nobody signs in with the person's token."""
    removed, _rows = Token.objects.filter(user=actor.user).delete()
    if removed:
        trace.record("accounts.token.revoked", actor=actor, target=actor.user)
