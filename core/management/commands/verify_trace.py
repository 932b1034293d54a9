"""manage.py verify_trace: recomputes every chain of the trace; exit status 1 names the first entry that does not fit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import trace


class Command(BaseCommand):
    help = "Recomputes the hash chains of the trace and prints the number of entries checked."

    def handle(self, **options: Any) -> None:
        found = trace.verify()
        if found.broken:
            text = _("The trace is broken at %(place)s, after %(count)s entries.")
            raise CommandError(text % {"place": found.broken, "count": found.checked})
        self.stdout.write(_("Seal over all chains (keep it elsewhere): %(seal)s") % {"seal": trace.seal()})
        self.stdout.write(
            self.style.SUCCESS(_("%(count)s entries checked, every one fits.") % {"count": found.checked})
        )
