"""manage.py final_account_book PROJECT --output FILE: the book of a final account, as PDF or XLSX after the file's name."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assets.accounting import Shown
from assets.models import FinalAccount
from assets.services import book
from core.errors import DomainError


class Command(BaseCommand):
    help = "Writes the book of a project's final account: cover, narrative and forms 01-08, as .pdf or .xlsx."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="key or code of the project")
        parser.add_argument("--part", default="", help="the single project, where it has an account of its own")
        parser.add_argument("--output", type=Path, required=True, help="the file to write; its ending says the format")

    def handle(self, *, project: str, part: str, output: Path, **options: Any) -> None:
        accounts = FinalAccount.objects.filter(part=part).select_related("project__owner_unit")
        found = accounts.filter(project__code=project).first()
        if found is None and project.isdecimal():
            found = accounts.filter(project=int(project)).first()
        if found is None:
            raise CommandError(f"There is no final account of {project} {part}".rstrip() + ".")
        try:
            made = book.export_by_system(found, output.suffix.removeprefix(".").lower())
        except DomainError as error:
            raise CommandError("\n".join(str(problem.message) for problem in error.problems)) from error
        output.write_bytes(made.content)
        unbalanced = len(Shown(found).findings)
        self.stdout.write(f"{output}: {len(made.content)} bytes, pairs of cells that do not agree: {unbalanced}")
