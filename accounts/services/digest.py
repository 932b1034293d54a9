"""Notices by e-mail: at once for those who want that, else one mail a day. Wording comes from the caller.

Safe with two running: a notice is claimed by setting `mailed_at` where it was empty, before anything is sent, and a
day's digest is claimed under the person's lock. What cannot be delivered is given back and tried again.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Message, User
from core import clock

Wording = Callable[[Message], str]
DIGEST_FROM_HOUR = 8
OLDEST = timedelta(days=7)
LINES = 40
log = logging.getLogger(__name__)


@dataclass
class Mailed:
    """How many mails went out, and how many could not be delivered."""

    at_once: int = 0
    digests: int = 0
    failed: int = 0


def send_due(words: Wording) -> Mailed:
    """Everything that is to be mailed now."""
    done = Mailed()
    for message in list(_pending(User.MailChoice.AT_ONCE).select_related("user").order_by("pk")):
        if _claim(message):
            done.at_once += _deliver(message.user, [message], words, done)
    if clock.now().astimezone(clock.CHINA).hour >= DIGEST_FROM_HOUR:
        waiting = _pending(User.MailChoice.DAILY).order_by("user_id").values_list("user_id", flat=True).distinct()
        for user_id in list(waiting):
            claimed = _claim_digest(user_id)
            if claimed:
                done.digests += _deliver(claimed[0].user, claimed, words, done)
    return done


def _pending(choice: str) -> QuerySet[Message]:
    """Unread, not mailed, not too old, of active people with an address who chose this."""
    return Message.objects.filter(
        mailed_at__isnull=True,
        read_at__isnull=True,
        created_at__gte=clock.now() - OLDEST,
        user__mail_choice=choice,
        user__is_active=True,
    ).exclude(user__email="")


def _claim(message: Message) -> bool:
    """True for exactly one of those who try."""
    return Message.objects.filter(pk=message.pk, mailed_at__isnull=True).update(mailed_at=clock.now()) == 1


@transaction.atomic
def _claim_digest(user_id: int) -> list[Message]:
    """Today's notices of one person, claimed; none if a mail has gone out today."""
    User.objects.select_for_update().get(pk=user_id)
    now = clock.now()
    if Message.objects.filter(user=user_id, mailed_at__gte=_midnight(now)).exists():
        return []
    mine = list(
        _pending(User.MailChoice.DAILY).filter(user=user_id).select_related("user").order_by("-is_urgent", "-pk")
    )
    Message.objects.filter(pk__in=[message.pk for message in mine]).update(mailed_at=now)
    return mine


def _midnight(now: datetime) -> datetime:
    return now.astimezone(clock.CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def _deliver(user: User, messages: list[Message], words: Wording, done: Mailed) -> int:
    """1 if the mail went out; gives the notices back if it did not."""
    with translation.override(user.language):
        subject, body = compose(messages, words)
    try:
        return mail.send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])
    except OSError as error:  # SMTPException is one too
        log.warning("mail to user %s: %s", user.pk, error)
        Message.objects.filter(pk__in=[message.pk for message in messages]).update(mailed_at=None)
        done.failed += 1
        return 0


def compose(messages: list[Message], words: Wording) -> tuple[str, str]:
    """Subject and text in the language that is active. The subject names no project: mail is read by others too.

    What would read the same twice (a file that climbed two rungs since yesterday) is said once.
    """
    messages = list({(words(message), message.link): message for message in reversed(messages)}.values())[::-1]
    count = len(messages)
    subject = ngettext("%(n)s notice for you", "%(n)s notices for you", count) % {"n": count}
    lines = list(_lines(messages[:LINES], words))
    if count > LINES:
        lines.append(_("… and %(n)s more.") % {"n": count - LINES})
    lines += ["", _("Log in to see them: %(url)s") % {"url": f"{settings.PUBLIC_BASE_URL}/me/messages/"}]
    lines.append(_("You can change how you are told in “My account”."))
    return f"[{settings.DISTRICT_NAME}] {subject}", "\n".join(lines)


def _lines(messages: Iterable[Message], words: Wording) -> Iterable[str]:
    for message in messages:
        mark = _("Urgent") + " · " if message.is_urgent else ""
        yield f"- {mark}{words(message)}"
        if message.link:
            yield f"  {settings.PUBLIC_BASE_URL}{message.link}"
