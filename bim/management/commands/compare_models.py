"""manage.py compare_models OLD NEW [--json]: compares two stored models by their numbers and prints what is different."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bim.comparing import Versions
from bim.models import BimModel
from bim.models.comparison import RowState
from bim.services import compare
from bim.states import ModelStatus


class Command(BaseCommand):
    help = "Compares two accepted models by number and prints what was added, removed and changed; keeps nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("old", type=int)
        parser.add_argument("new", type=int)
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, old: int, new: int, **options: Any) -> None:
        pair = Versions(_model(old), _model(new))
        rows, counts = compare.found_in(pair)
        different = [row for row in rows if row.state != RowState.UNCHANGED]
        if options["json"]:
            document = {"old": old, "new": new, "counts": counts, "rows": [_plain(row) for row in different]}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{pair.old} → {pair.new}")
        for state, count in counts["states"].items():
            self.stdout.write(f"{count:>8}  {RowState(state).label}")
        for row in different:
            said = "; ".join(f"{change[0]} {change[1]} {change[2]} → {change[3]}".strip() for change in row.changes[:3])
            self.stdout.write(f"{row.state:<12} {row.ifc_class} {row.name} {row.old_guid or row.new_guid}  {said}")


def _model(number: int) -> BimModel:
    model = BimModel.objects.filter(pk=number, status=ModelStatus.ACCEPTED).select_related("geometry").first()
    if model is None:
        raise CommandError(_("There is no accepted model %(number)s.") % {"number": number})
    return model


def _plain(row: Any) -> dict[str, Any]:
    names = ("state", "paired_by", "old_guid", "new_guid", "ifc_class", "name", "type_name", "storey", "geometry")
    return {**{name: str(getattr(row, name)) for name in names}, "changes": row.changes, "candidates": row.candidates}
