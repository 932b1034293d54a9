"""manage.py check_quantities ITEM_NO: the quantities of the estimate beside those of the project's models."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from approvals.model_quantities import LineRow, compare
from approvals.models import ApprovalItem
from approvals.quantity_wording import light_words
from core import clock, rulebook


class Command(BaseCommand):
    help = "Prints the cost lines of an item beside the quantities of its models, with their lights. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("item_no")

    def handle(self, *, item_no: str, **options: Any) -> None:
        item = ApprovalItem.objects.filter(no=item_no).first()
        if item is None:
            raise CommandError(_("There is no item %(no)s.") % {"no": item_no})
        compared = compare(item, rulebook.on(clock.today()))
        for model in compared.models:
            self.stdout.write(f"# {model}")
        for row in compared.rows:
            if row.line.is_leaf:
                self.stdout.write(_said(row))
        for ifc_class, count in compared.unlinked:
            self.stdout.write(f"- {ifc_class} {count}")


def _said(row: LineRow) -> str:
    apart = "" if row.difference is None else f"{row.difference * 100:+.2f} %"
    figures = (row.line.quantity, row.model)
    said = "  ".join("—" if figure is None else f"{figure:,.4f}".rstrip("0").rstrip(".") for figure in figures)
    return f"{row.line.code}  {row.line.name}  {said} {row.line.unit}  {apart}  {row.light} {light_words(row)}".rstrip()
