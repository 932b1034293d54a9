"""manage.py tick: what time does, old sums folded, mail sent. Run it every minute; two at once do no harm."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.services import digest
from approvals.message_wording import move_label, words_of
from approvals.services import documents, ledger_fold, tick
from core import clock


class Command(BaseCommand):
    help = "Timed transitions, lights, escalation and warnings; then e-mail. Safe to repeat and to run twice at once."

    def handle(self, **options: Any) -> None:
        report = tick.run()
        for name, count in sorted(report.transitions.items()):
            self.stdout.write(f"{move_label(name)}: {count}")
        done = _("Due dates computed again: %(dates)s. Events noted: %(events)s. Notices: %(notices)s.")
        values = {"dates": report.recomputed, "events": report.events, "notices": report.notices}
        self.stdout.write(done % values)
        documents.keep_new(clock.today())
        if folded := ledger_fold.fold():
            self.stdout.write(_("Reduction summary shortened by %(rows)s rows.") % {"rows": folded})
        mailed = digest.send_due(words_of)
        said = _("Mails at once: %(at_once)s. Daily digests: %(digests)s. Not delivered: %(failed)s.")
        self.stdout.write(said % vars(mailed))
