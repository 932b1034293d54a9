"""manage.py produce_report CODE --from … --to … --by … --format … --output FILE: a report without a person at a screen."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from core.trace import SYSTEM
from reports import renderers, services
from reports.catalog import REPORTS, report_type
from reports.filters import WORDS, Filters

OPTIONS = (
    "item_type", "unit", "class", "industry", "reviewer", "officer", "funding_source", "brackets", "bracket", "outcome",
    "show", "year", "project", "sort",
)  # fmt: skip


class Command(BaseCommand):
    help = "Produces a report: what was reduced, how long it took, what became of plans, payments and projects."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", choices=sorted(REPORTS))
        parser.add_argument("--from", dest="since", help="first day, such as 2016-07-01 (default: from the beginning)")
        parser.add_argument("--to", dest="until", help="last day (default: today)")
        parser.add_argument("--by", default="", help="what a row is: item_type, unit, class, month, …")
        parser.add_argument("--basis", default="", help="reviewed (default) or approved")
        parser.add_argument("--format", choices=sorted(renderers.FORMATS), default="csv")
        parser.add_argument("--output", type=Path, help="the file to write (default: standard output)")
        for name in OPTIONS:
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help="only these rows")

    def handle(self, *, report: str, format: str, output: Path | None, **options: Any) -> None:
        words = {WORDS.get(name, name): value for name, value in options.items()}
        try:
            filters = Filters.parse(words, report_type(report).by)
            export = services.produce(report, filters, format, SYSTEM)
        except DomainError as error:
            raise CommandError("\n".join(str(problem.message) for problem in error.problems)) from error
        if output is None:
            self._to_stdout(export.content)
        else:
            output.write_bytes(export.content)
            self.stderr.write(f"{output}: {export.rows}")

    def _to_stdout(self, content: bytes) -> None:
        """Bytes as they are; a stream that was replaced by one of text gets text."""
        stream = getattr(self.stdout, "buffer", None)
        if stream is None:
            self.stdout.write(content.decode("utf-8-sig", errors="replace"), ending="")
        else:
            stream.write(content)
            stream.flush()
