"""manage.py load_holidays FILE: proposes the holiday notice of a year and says which days it changes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import calendars
from core.calendar import CalendarDay, YearNotice, changed_days
from core.errors import DomainError
from core.services import holidays
from core.trace import SYSTEM


class Command(BaseCommand):
    help = "Checks a holiday file (holiday-cn format), lists the days it changes and proposes it for approval."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and list only, keep nothing")

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            notice = YearNotice.from_json(file.read_bytes())
            self._report(notice)
            if dry_run:
                self.stdout.write(_("Dry run: nothing was kept."))
                return
            row = holidays.propose_notice(notice, actor=SYSTEM)
        except OSError as error:
            raise CommandError(_("%(file)s cannot be read: %(error)s") % {"file": file, "error": error}) from error
        except DomainError as error:
            raise CommandError("\n".join(str(problem.message) for problem in error.problems)) from error
        text = _("Proposed as version %(version)s for %(year)s; it takes effect when the deputy director approves it.")
        self.stdout.write(self.style.SUCCESS(text % {"version": row.version, "year": row.year}))

    def _report(self, notice: YearNotice) -> None:
        before = calendars.current()
        if not before.first_year <= notice.year <= before.last_year + 1:
            return  # the proposal is refused with this reason
        changes = changed_days(before, calendars.with_notice(notice))
        self.stdout.write(_("%(year)s: %(count)s days change.") % {"year": notice.year, "count": len(changes)})
        for change in changes:
            self.stdout.write(f"  {change.date} {change.date:%a}  {_words(change.was)} -> {_words(change.becomes)}")


def _words(day: CalendarDay) -> str:
    state = _("working day") if day.is_workday else _("day off")
    return f"{state} ({day.name})" if day.name else state
