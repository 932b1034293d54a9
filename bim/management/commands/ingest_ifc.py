"""manage.py ingest_ifc FILE [--json]: reads a model as an upload would be, without a project, and prints what is in it."""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bim import reasons
from bim.ifc import process, rows_file
from bim.ifc.records import Header, Reason
from bim.services import workroom


class Command(BaseCommand):
    help = "Reads an IFC file (.ifc, .ifczip) under the limits of uploads and prints what is in it; keeps nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        with tempfile.TemporaryDirectory(prefix="ingest-", dir=workroom.folder()) as folder:
            out = Path(folder) / "rows.jsonl"
            result = process.run(
                process.worker("extract", file.resolve(), "--out", out), limits=workroom.reading_limits()
            )
            if not result.ok:
                self._refuse(result.reasons, options["json"])
            header = next(rows_file.read(out))
        found = described(header, result.summary, result.seconds)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self._say(found)

    def _refuse(self, why: list[Reason], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"reasons": [spoken(reason) for reason in why]}, ensure_ascii=False, indent=1))
        raise CommandError("\n".join(reasons.said(reason) for reason in why))

    def _say(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"{found['schema']}  {found['application']}  {found['project']['name']}")
        self.stdout.write(
            _("%(elements)s elements, %(storeys)s storeys, %(properties)s properties")
            % {name: found[name] for name in ("elements", "storeys", "properties")}
        )
        for ifc_class, count in found["by_class"].items():
            self.stdout.write(f"  {count:>8}  {ifc_class}")
        for row in found["quantities"]:
            self.stdout.write(
                f"  {row['sum']:>16.3f} {row['unit'] or '1':<3} {row['set']}.{row['name']} ({row['count']})"
            )
        for warning in found["warnings"]:
            self.stdout.write(self.style.WARNING(warning["message"]))


def described(header: Header, summary: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What the command prints. Quantities are sums per set, name and SI unit."""
    said = asdict(header)
    project = {key: said.pop(f"project_{key}") for key in ("guid", "name", "long_name")}
    return {
        **said,
        "project": project,
        "elements": summary["elements"],
        "storeys": summary["storeys"],
        "products": summary["products"],
        "by_class": summary["by_class"],
        "properties": summary["n_properties"],
        "quantities": summary["quantities"],
        "warnings": [spoken(Reason(**warning)) for warning in summary["warnings"]],
        "seconds": round(seconds, 3),
    }


def spoken(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "message": reasons.said(reason), "facts": reason.facts}
