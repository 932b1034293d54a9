"""概算执行表: each cost line of a project from the approved estimate to the forecast at completion (§11, R-INV-04)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import clock, rulebook
from core.errors import NotFound, Problem
from core.trace import Who
from execution.control import ESTIMATES, Control, control_of, controls_of
from execution.rules.control import UNBROKEN, Lamp, Sums
from projects.models import ControlFigure, Project
from reports import policies
from reports.datasets import wording
from reports.filters import NOT_STATED, Filters
from reports.report import Figure, Link, Report
from reports.table import Column, Kind, ReportTable

AMOUNTS = (
    Column("estimate", gettext_lazy("Approved estimate"), Kind.MONEY_YUAN),
    Column("budget", gettext_lazy("Budget"), Kind.MONEY_YUAN),
    Column("contract", gettext_lazy("Contract"), Kind.MONEY_YUAN),
    Column("change", pgettext_lazy("cost control", "Change"), Kind.MONEY_YUAN),
    Column("settlement", gettext_lazy("Settlement"), Kind.MONEY_YUAN),
    Column("paid", gettext_lazy("Paid"), Kind.MONEY_YUAN),
    Column("forecast", gettext_lazy("Forecast at completion"), Kind.MONEY_YUAN),
    Column("difference", pgettext_lazy("cost control", "Difference"), Kind.MONEY_YUAN),
    Column("ratio", gettext_lazy("Difference %"), Kind.PERCENT),
)
# The light stands before the figures: who looks at a wide table sees it without looking for it.
LIGHT = Column("light", gettext_lazy("Light"))
COLUMNS = (
    Column("name", pgettext_lazy("cost control", "Cost line")),
    Column("code", gettext_lazy("Code")),
    LIGHT,
    *AMOUNTS,
)
BY_PROJECT = (
    Column("number", gettext_lazy("No."), Kind.COUNT),
    Column("name", gettext_lazy("Project name")),
    Column("code", gettext_lazy("Project code")),
    LIGHT,
    *AMOUNTS,
)
CHUNK = 200
LIGHTS = {
    Lamp.GREEN: gettext_lazy("Within the estimate"),
    Lamp.YELLOW: gettext_lazy("Close to the estimate"),
    Lamp.RED: gettext_lazy("Will overrun"),
    Lamp.GREY: gettext_lazy("Nothing bought yet"),
}
# Two ideographic spaces a level: visible in a spreadsheet, on paper and in a text file.
INDENT = "\u3000"


def name_of(shown: Control, code: str) -> str:
    if code == UNBROKEN:
        return _("Not broken down by cost line")
    return shown.names.get(code) or code


def light_of(lamp: Lamp | None) -> str:
    return str(LIGHTS[lamp]) if lamp else ""


def amounts(sums: Sums) -> dict[str, Any]:
    return {column.key: getattr(sums, column.key) for column in AMOUNTS}


def table_of(shown: Control, actor: Who) -> ReportTable:
    """One project's table. The total is the sum of the top lines; a heading holds what stands below it."""
    sheet = shown.sheet
    return ReportTable(
        code="estimate_execution",
        title=_("Execution of the estimate"),
        subtitle=shown.project.name,
        columns=COLUMNS,
        rows=[
            {
                "code": line.code,
                "name": INDENT * line.level + name_of(shown, line.code),
                **amounts(line.sums),
                "light": light_of(line.lamp),
            }
            for line in sheet.lines
        ],
        totals={**amounts(sheet.total), "light": light_of(sheet.lamp)},
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        cutoff=wording.cutoff(),
        notes=notes(shown),
    )


def produce(filters: Filters, actor: Who, window: slice | None = None) -> Report:
    """With a project: its table. Without one: a line a project, of those with an approved estimate, page by page."""
    if filters.project and filters.project != NOT_STATED:
        return _of_project(filters, actor, window)
    rows = _projects(filters, actor)
    page = list(rows[window] if window else rows)
    start = (window.start or 0) if window else 0
    table = ReportTable(
        code="estimate_execution",
        title=_("Execution of the estimate"),
        subtitle=_("One line a project"),
        columns=BY_PROJECT,
        rows=[
            {
                "number": number,
                "name": shown.project.name,
                "code": shown.project.code,
                **amounts(shown.sheet.total),
                "light": light_of(shown.sheet.lamp),
            }
            for number, shown in enumerate(_controls(page), start=start + 1)
        ],
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=[*how_split(), *filter(None, [policies.projects_text(actor)])],
    )
    links = [Link("estimate_execution", filters.query(project=str(project.pk), sort="")) for project in page]
    return Report(table=table, links=links, n_rows=rows.count())


def _controls(projects: list[Project]) -> Iterator[Control]:
    """A thousand projects are not held in memory with all their books."""
    book = rulebook.on(clock.today())
    for start in range(0, len(projects), CHUNK):
        yield from controls_of(projects[start : start + CHUNK], book)


def _projects(filters: Filters, actor: Who) -> QuerySet[Project]:
    estimates = ControlFigure.objects.filter(project=OuterRef("pk"), kind__in=ESTIMATES, withdrawn_on=None)
    rows = policies.projects_of(actor).filter(Exists(estimates))
    if filters.unit and filters.unit != NOT_STATED:
        rows = rows.filter(owner_unit=int(filters.unit))
    if filters.project_class:
        rows = rows.filter(project_class="" if filters.project_class == NOT_STATED else filters.project_class)
    return rows.order_by("-pk")


def _of_project(filters: Filters, actor: Who, window: slice | None) -> Report:
    """The lines of one project; its total stands under every page."""
    project = policies.projects_of(actor).filter(pk=int(filters.project)).first()
    if project is None:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    shown = control_of(project)
    whole = table_of(shown, actor)
    table = replace(whole, rows=whole.rows[window]) if window else whole
    total = shown.sheet.total
    unit = _("10,000 yuan")
    return Report(
        table=table,
        links=[Link(url=reverse("web:control", args=[project.pk]))] * len(table.rows),
        figures=[
            Figure(_("Approved estimate"), total.estimate, Kind.MONEY_WAN, unit),
            Figure(_("Contracts and changes"), total.contract + total.change, Kind.MONEY_WAN, unit),
            Figure(_("Paid"), total.paid, Kind.MONEY_WAN, unit),
            Figure(_("Forecast at completion"), total.forecast, Kind.MONEY_WAN, unit),
            Figure(
                _("Difference to the estimate"),
                total.difference,
                Kind.MONEY_WAN,
                unit,
                note=light_of(shown.sheet.lamp),
            ),
        ],
        n_rows=len(whole.rows),
    )


def how_split() -> list[str]:
    """What a reader must know of figures that no row states."""
    return [
        _("Payments and settlements are split over the cost lines by the shares of each contract's value, to the fen."),
        _(
            "Without a forecast, a line is expected to cost what its contracts are worth; without a contract, its budget or estimate; the contingency counts once something is bought from it."
        ),
    ]


def notes(shown: Control) -> list[str]:
    if shown.final is not None:
        final = _(
            "The final account is approved: the forecast is the final cost under %(no)s; what no contract explains of it stands on a line of its own."
        )
        return [how_split()[0], final % {"no": shown.final.document_no}]
    if not shown.sheet.is_partial:
        return how_split()
    partial = _("The estimate is not broken down: what is neither contracted nor foreseen is not in the forecast.")
    return [*how_split(), partial]
