"""manage.py preview_notice FILE: which open deadlines a holiday file would move, before anybody proposes it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from approvals.services import calendar_notices
from core.calendar import YearNotice
from core.errors import DomainError


class Command(BaseCommand):
    help = "Lists the open items whose due date a holiday file (holiday-cn format) would move. Keeps nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            found = calendar_notices.shifts(YearNotice.from_json(file.read_bytes()))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        except DomainError as error:
            raise CommandError("\n".join(str(problem.message) for problem in error.problems)) from error
        self.stdout.write(_("%(count)s due dates would move.") % {"count": len(found)})
        for shift in found:
            mark = _("(provisional)") if shift.is_provisional else ""
            self.stdout.write(f"  {shift.item.no}  {shift.old} -> {shift.new} {mark}".rstrip())
