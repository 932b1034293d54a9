"""manage.py send_mail: only the e-mail part of `tick`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.services import digest
from approvals.message_wording import words_of


class Command(BaseCommand):
    help = "Sends notices by e-mail: at once, or as one digest a day, as people chose. Safe to repeat."

    def handle(self, **options: Any) -> None:
        said = _("Mails at once: %(at_once)s. Daily digests: %(digests)s. Not delivered: %(failed)s.")
        self.stdout.write(said % vars(digest.send_due(words_of)))
