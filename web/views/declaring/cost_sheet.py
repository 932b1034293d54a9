"""The cost lines as a workbook: a template to fill in, an export, and the import with every error at its cell."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from approvals.costing import tree, xlsx
from approvals.costing.amounts import Unit
from approvals.costing.xlsx import LIMITS
from approvals.models import ApprovalItem
from approvals.services import costs
from core.errors import RuleViolation
from core.services.exports import note_export
from web.access import signed_in
from web.forms.declaration import UNITS, CostGrid, declared_lines, unit_of
from web.views.declaring import cost_grid, wizard

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@signed_in
def costs_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The empty standard tree to fill in; `?unit=wan` or `yuan`."""
    item = wizard.declaration(request.actor, pk)
    return _workbook(xlsx.template(_unit(request.GET, item)), "template")


@require_POST
@signed_in
def costs_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines as they stand, in `unit` wan or yuan; the trace keeps that they were taken."""
    item = wizard.declaration(request.actor, pk)
    lines = _lines(item)
    title = f"{item.project.name} {item.get_item_type_display()}"
    content = xlsx.export(lines, _unit(request.POST, item), title)
    note_export(
        "approvals.item.cost_lines_exported", content, actor=request.actor, rows=len(lines), filters={"no": item.no},
        project_id=item.project_id, item_id=item.pk,
    )  # fmt: skip
    return _workbook(content, item.no)


def _unit(said: QueryDict, item: ApprovalItem) -> Unit:
    wanted = said.get("unit", "")
    return UNITS[wanted if wanted in UNITS else unit_of(item.type)]


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="costs-{name}.xlsx"'
    return response


def _lines(item: ApprovalItem) -> list[tree.CostLine]:
    return [
        tree.CostLine(row.code, row.name, row.declared, None, row.unit, row.quantity, "", row.standard_code)
        for row in item.cost_lines.all()
    ]


@require_POST
@signed_in
def costs_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the lines of the workbook, or none of them: then every error is told with its cell."""
    item = wizard.declaration(request.actor, pk)
    upload = request.FILES.get("file")
    content = upload.read(LIMITS.megabytes * 1024 * 1024 + 1) if upload else b""
    book = xlsx.read_book(content)
    lines, faults = declared_lines(book.lines) if book.is_good else [], [error.as_problem() for error in book.errors]
    try:
        costs.declare_lines(pk, actor=request.actor, lines=lines, faults=faults)
    except RuleViolation as refusal:
        rules = tuple(problem for problem in refusal.problems if problem not in faults)
        name = upload.name if upload else ""
        return _refused(request, item, book_errors=book.errors, book_name=name, problems=rules)
    messages.success(request, _("%(n)s lines were taken from the workbook.") % {"n": len(book.lines)})
    for warning in book.warnings[:20]:
        messages.warning(request, f"{warning.cell} {warning.message}".strip())
    return wizard.to_step(item, wizard.COSTS)


def _refused(request: HttpRequest, item: ApprovalItem, **why: object) -> HttpResponse:
    context = cost_grid.grid_shown(item, CostGrid.stored(item), **why)
    return wizard.answer(request, item, wizard.COSTS, context, status=422)
