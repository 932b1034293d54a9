"""manage.py import_treasury FILE --as PERSON: takes in the treasury's results and says what came of each row."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_for
from accounts.models import User
from core.errors import DomainError
from execution.services import treasury


class Command(BaseCommand):
    help = "Takes in a file of the treasury's results (XLSX or CSV); exit status 1 where a row was not booked."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="person", required=True, help="user name of the finance officer who does it")
        parser.add_argument("--post", default="", help="key of the post to act in, as GET /api/v1/me/ names it")

    def handle(self, *, file: Path, person: str, post: str, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        try:
            with file.open("rb") as stream:
                done = treasury.take_in(stream, name=file.name, actor=_actor(person, post))
        except DomainError as refusal:
            raise CommandError("\n".join(str(problem.message) for problem in refusal.problems)) from refusal
        for row in done.result:
            line = f"{row['row']}: {row['no']} {row['amount'] or ''} {row['outcome']} {row['words']}".rstrip()
            good = row["outcome"] in treasury.DONE
            self.stdout.write(line if good else self.style.WARNING(line))
        open_rows = sum(row["outcome"] not in treasury.DONE for row in done.result)
        if open_rows:
            raise CommandError(_("Rows not booked: %(n)s.") % {"n": open_rows})


def _actor(person: str, post: str) -> Actor:
    user = User.objects.filter(username=person, is_active=True).first()
    actor = actor_for(user, post) if user else None
    if actor is None:
        raise CommandError(_("There is nobody of that name who holds a post."))
    return actor
