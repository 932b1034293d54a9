"""`manage.py demo` (make demo): replays the 87 items without a server, prints the reduction table and where the projects
stand that came to different ends."""

import csv
import os
import subprocess
import sys
import tempfile
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from approvals.services import ledger
from core import trace
from demonstration import replay, standing
from web.management.progress import Bar

FROM, TO = date(2016, 7, 1), date(2017, 6, 15)


class Command(BaseCommand):
    help = "Loads the demo data into a scratch database (or the one DATABASE_URL names) and prints what they show."

    def handle(self, *args: Any, **options: Any) -> None:
        if "DATABASE_URL" not in os.environ:
            self._in_a_scratch_database()
            return
        call_command("migrate", verbosity=0, interactive=False)
        if not replay.is_loaded():
            replay.load(Bar(self.stderr, "Replaying the demonstration"))
        self._print_table()

    def _in_a_scratch_database(self) -> None:
        with tempfile.TemporaryDirectory(prefix="giplt-demo-") as folder:
            scratch = {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3"}
            done = subprocess.run([sys.executable, *sys.argv], env={**os.environ, **scratch}, check=False)
        if done.returncode:
            sys.exit(done.returncode)

    def _print_table(self) -> None:
        content = StringIO()
        call_command(
            "produce_report", "reduction", f"--from={FROM}", f"--to={TO}", "--by=item_type", "--format=csv",
            stdout=content,
        )  # fmt: skip
        for row in csv.reader(StringIO(content.getvalue())):
            self.stdout.write(" · ".join(_grouped(cell) for cell in row[:6]))
        for end in standing.ends():
            self.stdout.write(" · ".join(end))
        checked = trace.verify()
        self.stdout.write(f"trace: {checked.checked} entries, {checked.broken or 'unbroken'}")
        self.stdout.write(f"summary against decisions: {len(ledger.rebuild())} differences")


def _grouped(cell: str) -> str:
    """265919.00 → 265,919.00; 25.16% → 25.16 %; words as they are."""
    if cell.endswith("%"):
        return f"{cell[:-1]} %"
    return f"{Decimal(cell):,}" if cell.replace(".", "", 1).replace("-", "", 1).isdigit() else cell
