"""manage.py rebuild_reductions: recomputes every reduction from the decisions and compares it with what is stored."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from approvals.services import ledger

SHOWN = 20


class Command(BaseCommand):
    help = "Recomputes reductions and their summary from the decisions; exit status 1 if anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="correct what differs, by appended corrections")

    def handle(self, *, repair: bool, **options: Any) -> None:
        differences = ledger.rebuild(repair=repair)
        for difference in differences[:SHOWN]:
            self.stdout.write(f"{difference.where}: {difference.stored} -> {difference.expected}")
        text = _("%(count)s differences") % {"count": len(differences)}
        if not differences:
            self.stdout.write(self.style.SUCCESS(text))
        elif repair:
            left = len(ledger.rebuild())
            self.stdout.write(
                _("%(count)s differences repaired, %(left)s left") % {"count": len(differences), "left": left}
            )
            if left:
                raise CommandError(_("%(count)s differences") % {"count": left})
        else:
            raise CommandError(text)
