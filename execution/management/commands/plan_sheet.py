"""manage.py plan_sheet export YEAR FILE | import YEAR FILE --user NAME: the annual plan as an Excel file, as one person."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_for
from accounts.models import User
from core.errors import DomainError
from execution.machines import plans
from execution.services.plan_export import export
from execution.services.plan_import import import_rows


class Command(BaseCommand):
    help = "Writes the annual plan of a year as an Excel file, or takes rows of one in, in the name of a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=("export", "import"))
        parser.add_argument("year", type=int)
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="person", required=True, help="user name of the person who does it")
        parser.add_argument("--post", default="", help="key of the post to act in, as GET /api/v1/me/ names it")

    def handle(self, *, act: str, year: int, file: Path, person: str, post: str, **options: Any) -> None:
        actor = _actor(person, post)
        plan = plans(actor).filter(year=year).first()
        if plan is None:
            raise CommandError(_("There is no plan of %(year)s, or this person may not see it.") % {"year": year})
        try:
            if act == "export":
                _plan, content = export(plan.pk, actor=actor)
                file.write_bytes(content)
                self.stdout.write(str(file))
            else:
                items = import_rows(plan.pk, actor=actor, content=file.read_bytes())
                self.stdout.write(f"{file}: {len(items)}")
        except DomainError as error:
            raise CommandError("\n".join(str(problem.message) for problem in error.problems)) from error
        except OSError as error:
            raise CommandError(str(error)) from error


def _actor(person: str, post: str) -> Actor:
    user = User.objects.filter(username=person, is_active=True).first()
    actor = actor_for(user, post) if user else None
    if actor is None:
        raise CommandError(_("There is nobody of that name who holds a post."))
    return actor
