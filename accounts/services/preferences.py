"""What people set for themselves: language, e-mail, password, the token of their programs, what they have read."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from accounts.actor import Actor
from accounts.models import Message, User
from core import clock, trace
from core.errors import Problem, require


def set_language(user: User, language: str) -> None:
    """The pages and mails of this person are in that language from now on."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def save(*, actor: Actor, mail_choice: str, language: str, email: str) -> User:
    """Keeps how this person is told of things."""
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    before = (user.mail_choice, user.language, user.email)
    user.mail_choice, user.language, user.email = mail_choice, language, email
    require(_problems(user))
    user.save(update_fields=["mail_choice", "language", "email"])
    facts = {"from": before, "to": (mail_choice, language, email)}
    trace.record("accounts.user.preferences", actor=actor, target=user, facts=facts)
    return user


def _problems(user: User) -> list[Problem]:
    try:
        user.clean_fields(exclude={f.name for f in user._meta.fields} - {"mail_choice", "language", "email"})
    except ValidationError as error:
        return [Problem("invalid", text, field) for field, texts in error.message_dict.items() for text in texts]
    if user.mail_choice != User.MailChoice.NEVER and not user.email:
        return [Problem("mail.no_address", _("Without an address no e-mail can be sent."), "email")]
    return []


@transaction.atomic
def change_password(*, actor: Actor, old: str, new: str, again: str) -> User:
    """Needs the old password; the new one must be strong enough (settings.AUTH_PASSWORD_VALIDATORS)."""
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    require(_password_problems(user, old, new, again))
    user.set_password(new)
    user.save(update_fields=["password"])
    trace.record("accounts.user.password_changed", actor=actor, target=user)
    return user


def _password_problems(user: User, old: str, new: str, again: str) -> list[Problem]:
    found = []
    if not user.check_password(old):
        found.append(Problem("password.old", _("The old password is not right."), "old"))
    if new != again:
        found.append(Problem("password.differs", _("The two new passwords differ."), "again"))
    try:
        validate_password(new, user)
    except ValidationError as error:
        found += [Problem("password.weak", text, "new") for text in error.messages]
    return found


@transaction.atomic
def renew_token(*, actor: Actor) -> str:
    """A new token for this person's programs; the old one stops working at once. Shown once, by the caller."""
    Token.objects.filter(user=actor.user).delete()
    token = Token.objects.create(user=actor.user)
    trace.record("accounts.user.token_renewed", actor=actor, target=actor.user)
    return token.key


@transaction.atomic
def drop_token(*, actor: Actor) -> None:
    """Ends the access of this person's programs."""
    Token.objects.filter(user=actor.user).delete()
    trace.record("accounts.user.token_dropped", actor=actor, target=actor.user)


def mark_read(user: User, *message_ids: int) -> int:
    """Marks these notices as read (all of the person's without ids); says how many were unread."""
    unread = Message.objects.filter(user=user, read_at__isnull=True)
    return (unread.filter(pk__in=message_ids) if message_ids else unread).update(read_at=clock.now())
