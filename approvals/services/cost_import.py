"""Declares the cost lines of a workbook: all of it, or nothing with every error at its cell."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from approvals.costing.tree import CostLine
from approvals.costing.xlsx_read import CellError, read_book
from approvals.models import ApprovalItem
from approvals.models import CostLine as CostLineRow
from approvals.services.costs import DeclaredLine, declare_lines, parent_of
from core.errors import Problem


def import_lines(
    item_id: int, *, actor: Actor, content: bytes, expected_version: int | None = None
) -> tuple[ApprovalItem, tuple[CellError, ...]]:
    """Replaces the declared lines by those of the workbook; returns its warnings too. Raises RuleViolation per cell."""
    book = read_book(content)
    lines = declared(book.lines) if book.is_good else []
    faults = [*(error.as_problem() for error in book.errors), *_length_problems(lines)]
    item = declare_lines(item_id, actor=actor, lines=lines, expected_version=expected_version, faults=faults)
    return item, book.warnings


def declared(lines: tuple[CostLine, ...]) -> list[DeclaredLine]:
    """The lines as the service takes them. Headings carry no amount of their own: the book has been compared already."""
    plain = [
        DeclaredLine(line.code, line.name, line.declared, unit=line.unit, quantity=line.quantity) for line in lines
    ]
    headings = {parent_of(line.code, plain) for line in plain}
    return [
        DeclaredLine(line.code, line.name, None if line.code in headings else line.declared, unit=line.unit,
                     quantity=line.quantity)
        for line in plain
    ]  # fmt: skip


def _length_problems(lines: list[DeclaredLine]) -> list[Problem]:
    """What is longer than the grid can keep."""
    longest = {field.name: field.max_length for field in CostLineRow._meta.fields}
    return [
        Problem("cell.too_long", _("%(code)s: the text is too long.") % {"code": line.code}, f"line.{line.code}")
        for line in lines
        for name in ("code", "name", "unit")
        if len(getattr(line, name)) > longest[name]
    ]
