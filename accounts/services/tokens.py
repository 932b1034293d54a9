"""Gives a person the key for programs that act in their name; accounts/services/preferences.py renews and ends it."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from accounts.actor import Actor
from core import trace


@transaction.atomic
def issue(actor: Actor) -> Token:
    """The person's token; the same one until it is renewed or dropped."""
    token, created = Token.objects.get_or_create(user=actor.user)
    if created:
        trace.record("accounts.user.token_issued", actor=actor, target=actor.user)
    return token
