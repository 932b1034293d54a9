"""Makes the archive package of a project, or verifies one that lies somewhere on the disk."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assets.archive import verifying
from assets.services import archive
from core import files
from core.errors import DomainError
from projects.models import Project


class Command(BaseCommand):
    help = "archive_package PROJECT --out FILE makes the package of a project that has ended (its key or code); archive_package --verify FILE looks whether a package is whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", nargs="?", help="key or code of the project")
        parser.add_argument("--out", type=Path, help="where to put the package")
        parser.add_argument("--verify", type=Path, metavar="FILE", help="verify this package instead")
        parser.add_argument("--gaps-reason", default="", help="why it is made although something is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            self._verify(options["verify"])
        elif options["project"] and options["out"]:
            self._make(options["project"], options["out"], options["gaps_reason"])
        else:
            raise CommandError("Give a project and --out FILE, or --verify FILE.")

    def _make(self, named: str, target: Path, gaps_reason: str) -> None:
        rows = Project.objects.filter(code=named)
        project = rows.first() or (Project.objects.filter(pk=int(named)).first() if named.isdecimal() else None)
        if project is None:
            raise CommandError(f"There is no project {named}.")
        try:
            row = archive.make_by_system(project.pk, gaps_reason=gaps_reason)
        except DomainError as refusal:
            raise CommandError("\n".join(str(problem.message) for problem in refusal.problems)) from refusal
        shutil.copyfile(files.path_of(row.file.sha256), target)
        self.stdout.write(f"{row.no}  {row.entries} files  {row.file.sha256}  {target}")

    def _verify(self, path: Path) -> None:
        verdict = verifying.verify(path)
        if not verdict.is_whole:
            raise CommandError("\n".join(verdict.faults))
        self.stdout.write(
            f"whole: {verdict.files} files, {verdict.trace} trace entries, manifest {verdict.manifest_sha256}"
        )
