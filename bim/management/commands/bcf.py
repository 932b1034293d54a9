"""manage.py bcf import FILE … | export FILE …: topics of a project in and out, as one person who may do so."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_for
from accounts.models import User
from bim.bcf.records import VERSIONS
from bim.services import topic_files
from core.errors import DomainError


class Command(BaseCommand):
    help = "Imports a BCF 2.1 or 3.0 file into a project, or exports the project's topics as one."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        for name in ("import", "export"):
            act = acts.add_parser(name)
            act.add_argument("file", type=Path)
            act.add_argument("--project", type=int, required=True, help="id of the project")
            act.add_argument("--as", dest="person", required=True, help="user name of the person who does it")
            act.add_argument("--post", default="", help="key of the post to act in, as GET /api/v1/me/ names it")
        acts.choices["export"].add_argument("--bcf", choices=VERSIONS, default="3.0", help="version of BCF")

    def handle(self, *, act: str, file: Path, project: int, person: str, post: str, **options: Any) -> None:
        actor = _actor(person, post)
        try:
            if act == "import":
                self._take(file, project, actor)
            else:
                content, _name = topic_files.export(project, options["bcf"], actor=actor)
                file.write_bytes(content)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _take(self, file: Path, project: int, actor: Actor) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        with file.open("rb") as stream:
            report = topic_files.take(project, stream, name=file.name, actor=actor)
        for row in report.topics:
            self.stdout.write(f"{row.outcome_label}: {row.number} {row.title} (+{row.comments_added})")
        for where, words in report.faults:
            self.stdout.write(self.style.WARNING(f"{where}: {words}"))


def _actor(person: str, post: str) -> Actor:
    user = User.objects.filter(username=person, is_active=True).first()
    actor = actor_for(user, post) if user else None
    if actor is None:
        raise CommandError(_("There is nobody of that name who holds a post."))
    return actor
