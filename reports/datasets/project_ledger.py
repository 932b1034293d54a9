"""项目总台账: every project with all that is known of it, one line each (§11)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, QuerySet, TextField, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.actor import Actor
from approvals.models import ApprovalItem
from approvals.models.item import UNSUBMITTED
from approvals.services import case_clock
from approvals.services.moves import situation
from approvals.states import OPEN
from assets.models import TitleRecord
from assets.states import BatchState, TitleState
from core import clock
from core.money import ZERO, wan
from core.trace import Who
from core.workflow import Situation
from execution import facts
from execution.models import FundRelease, Payment, ProgressReport
from execution.services.contracts import IN_FORCE
from execution.states import PaymentState, ReportState
from projects import codes
from projects.models import ControlFigure, Project
from projects.states import FigureKind, Gate
from reports import policies
from reports.datasets import wording
from reports.datasets.subtotals import money, newest, sum_of, totals
from reports.filters import NOT_STATED, Filters
from reports.report import Figure, Link, Report
from reports.table import Column, Kind, ReportTable

T, M, D = Kind.TEXT, Kind.MONEY_WAN, Kind.DATE
COLUMNS = (
    Column("number", gettext_lazy("No."), Kind.COUNT),
    Column("project", gettext_lazy("Project name")),
    Column("key", gettext_lazy("System number")),
    Column("code", gettext_lazy("Project code")),
    Column("construction_unit", gettext_lazy("Construction unit")),
    Column("user_unit", gettext_lazy("User unit")),
    Column("competent_dept", gettext_lazy("Competent department")),
    Column("subdistrict", gettext_lazy("Subdistrict")),
    Column("class", gettext_lazy("Project class")),
    Column("industry", gettext_lazy("Industry")),
    Column("nature", gettext_lazy("Construction nature")),
    Column("content", gettext_lazy("Content and scale")),
    Column("rough", pgettext_lazy("ledger", "Rough figure"), M, total=True),
    Column("feasibility", pgettext_lazy("ledger", "Investment estimate"), M, total=True),
    Column("estimate", pgettext_lazy("ledger", "Approved estimate"), M, total=True),
    Column("adjusted", pgettext_lazy("ledger", "Adjusted estimate"), M, total=True),
    Column("final", pgettext_lazy("ledger", "Final cost"), M, total=True),
    Column("funding", gettext_lazy("Funding sources")),
    Column("stage", gettext_lazy("Current stage")),
    Column("item", gettext_lazy("Current item")),
    Column("light", gettext_lazy("Light")),
    Column("proposal_doc", gettext_lazy("Proposal approved by")),
    Column("feasibility_doc", gettext_lazy("Feasibility approved by")),
    Column("estimate_doc", gettext_lazy("Estimate approved by")),
    Column("started_on", gettext_lazy("Works started on"), D),
    Column("planned_completion", gettext_lazy("Planned completion"), D),
    Column("accepted_on", gettext_lazy("Actual completion"), D),
    Column("progress", pgettext_lazy("report", "Image progress")),
    Column("released", gettext_lazy("Released so far"), M, total=True),
    Column("done", gettext_lazy("Completed so far"), M, total=True),
    Column("paid", gettext_lazy("Paid so far"), M, total=True),
    Column("settlement", gettext_lazy("State of settlement")),
    Column("account", gettext_lazy("State of the final account")),
    Column("handover", gettext_lazy("State of handover")),
    Column("title", gettext_lazy("State of title registration")),
    Column("problems", gettext_lazy("Problems")),
    Column("responsible", gettext_lazy("Responsible")),
    Column("changed_on", gettext_lazy("Updated on"), D),
)
FIGURES = {
    "rough": FigureKind.ROUGH, "feasibility": FigureKind.FEASIBILITY, "estimate": FigureKind.ESTIMATE,
    "adjusted": FigureKind.ADJUSTED, "final": FigureKind.FINAL,
}  # fmt: skip
DOCUMENTS = {
    "proposal_doc": (FigureKind.ROUGH, Gate.PROPOSAL_APPROVED),
    "feasibility_doc": (FigureKind.FEASIBILITY, Gate.FEASIBILITY_APPROVED),
    "estimate_doc": (FigureKind.ESTIMATE, Gate.ESTIMATE_APPROVED),
}
SUMS = (*FIGURES, "released", "done", "paid")
ORDER = {name: F(f"of_{name}") for name in SUMS} | {"changed_on": F("changed_at")}
LIGHTS = {
    "GREEN": gettext_lazy("On time"), "YELLOW": gettext_lazy("Due soon"), "RED": gettext_lazy("Overdue"),
    "BLUE": gettext_lazy("Paused"),
}  # fmt: skip
CHUNK = 500


def produce(filters: Filters, actor: Who, window: slice | None = None) -> Report:
    """All rows, the newest project first, or with a window one page of them under the totals of all."""
    rows = rows_of(filters, actor)
    total = totals(rows, *(f"of_{name}" for name in SUMS))
    ordered = _in_order(rows, filters.sort)
    page = list(ordered[window] if window else ordered)
    start = (window.start or 0) if window else 0
    columns = COLUMNS if window is None else tuple(Column(c.key, c.label, c.kind, c.unit) for c in COLUMNS)
    table = ReportTable(
        code="project_ledger",
        title=_("Ledger of all projects"),
        columns=columns,
        rows=list(_lines(page, start, actor)),
        totals={name: total[f"of_{name}"] for name in SUMS},
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=list(filter(None, [policies.projects_text(actor)])),
    )
    unit = _("10,000 yuan")
    return Report(
        table=table,
        links=[Link(url=row.get_absolute_url()) for row in page],
        figures=[
            Figure(pgettext("report", "Projects"), total["n"], Kind.COUNT),
            Figure(_("Released so far"), total["of_released"], M, unit),
            Figure(_("Completed so far"), total["of_done"], M, unit),
            Figure(_("Paid so far"), total["of_paid"], M, unit),
        ],
        n_rows=total["n"],
    )


def rows_of(filters: Filters, actor: Who) -> QuerySet[Project]:
    """The projects with every amount of the table as `of_…`, in yuan."""
    rows = policies.projects_of(actor).filter(**_wanted(filters))
    figures = ControlFigure.objects.filter(project=OuterRef("pk"), withdrawn_on=None)
    reports = ProgressReport.objects.filter(project=OuterRef("pk")).exclude(state=ReportState.DRAFT)
    paid = Payment.objects.filter(state=PaymentState.PAID)
    decided: dict[str, Any] = {
        f"of_{name}": newest(figures.filter(kind=kind), "amount", "-version") for name, kind in FIGURES.items()
    }
    decided["of_rough"] = Coalesce(decided["of_rough"], F("rough_investment"))
    return rows.annotate(
        **decided,
        of_released=sum_of(FundRelease.objects.all(), "project"),
        of_done=Coalesce(newest(reports, "completed_investment", "-month"), money(ZERO)),
        of_paid=sum_of(paid, "contract__project"),
        physical=newest(reports, "physical_percent", "-month", output=DecimalField()),
        image=newest(reports, "image_progress", "-month", output=TextField()),
        trouble=newest(reports, "problems", "-month", output=TextField()),
    )


def _wanted(filters: Filters) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for value, name in ((filters.project_class, "project_class"), (filters.industry, "industry")):
        if value:
            found[name] = "" if value == NOT_STATED else value
    for value, name in ((filters.unit, "owner_unit"), (filters.project, "pk")):
        if value and value != NOT_STATED:
            found[name] = int(value)
    if filters.funding_source not in ("", NOT_STATED):
        found["funding__source"] = filters.funding_source  # a source stands once in a project
    return found


def _in_order(rows: QuerySet, sort: str) -> QuerySet:
    rows = rows.select_related("owner_unit", "construction_unit", "user_unit", "competent_dept", "registered_by")
    chosen = ORDER.get(sort.removeprefix("-"))
    if chosen is None:
        return rows.order_by("-pk")
    ordered = chosen.desc(nulls_last=True) if sort.startswith("-") else chosen.asc(nulls_last=True)
    return rows.order_by(ordered, "-pk")


def _lines(projects: list[Any], start: int, actor: Who) -> Iterator[dict[str, Any]]:
    """Chunk by chunk, so that an export asks as often per five hundred rows as a page does for fifty."""
    labels, now = codes.all_labels(), situation()
    for at in range(0, len(projects), CHUNK):
        chunk = projects[at : at + CHUNK]
        beside = _Beside(chunk, actor)
        for number, project in enumerate(chunk, start=start + at + 1):
            yield {"number": number, **_line(project, beside, labels, now)}


class _Beside:
    """What stands in other tables about these projects."""

    def __init__(self, projects: list[Project], actor: Who) -> None:
        prefetch_related_objects(
            projects, "figures", "gate_openings", "funding", "contracts", "final_accounts", "handover_batches"
        )
        self.items = self._current_items(projects, actor)
        self.titles: dict[int, dict[str, int]] = {}
        found = TitleRecord.objects.filter(asset__project__in=projects).order_by()
        for key, state, n in found.values_list("asset__project", "state").annotate(n=Count("pk")):
            self.titles.setdefault(key, {})[state] = n

    def _current_items(self, projects: list[Project], actor: Who) -> dict[int, ApprovalItem]:
        if isinstance(actor, Actor):
            seen = ApprovalItem.objects.visible_to(actor)
        else:
            seen = ApprovalItem.objects.exclude(state__in=UNSUBMITTED)
        rows = seen.filter(project__in=projects, state__in=OPEN).order_by("pk")
        return {
            row.project_id: row
            for row in rows.select_related("project").prefetch_related("pauses", "project__suspensions")
        }


def _line(project: Any, beside: _Beside, labels: dict[str, dict[str, str]], now: Situation) -> dict[str, Any]:
    item = beside.items.get(project.pk)
    light = str(case_clock.light_of(item, now)) if item else ""
    return {
        "project": project.name,
        "key": str(project.pk),
        "code": project.code,
        "construction_unit": str(project.construction_unit or project.owner_unit),
        "user_unit": str(project.user_unit or ""),
        "competent_dept": str(project.competent_dept or ""),
        "subdistrict": labels["subdistrict"].get(project.subdistrict, project.subdistrict),
        "class": labels["project_class"].get(project.project_class, project.project_class),
        "industry": labels["industry"].get(project.industry, project.industry),
        "nature": labels["construction_nature"].get(project.construction_nature, project.construction_nature),
        "content": project.content_scale,
        **{name: getattr(project, f"of_{name}") for name in SUMS},
        "funding": "、".join(
            f"{labels['funding_source'].get(part.source, part.source)} {wan(part.amount):,}"
            for part in project.funding.all()
        ),
        "stage": project.get_stage_display(),
        "item": f"{item.type.label} {item.no}" if item else "",
        "light": str(LIGHTS.get(light, "")),
        **{name: _document(project, kind, gate) for name, (kind, gate) in DOCUMENTS.items()},
        "started_on": project.started_on,
        "planned_completion": project.planned_completion,
        "accepted_on": project.accepted_on,
        "progress": _progress(project),
        "settlement": _settlement(project),
        "account": _account(project),
        "handover": _handover(project),
        "title": _title(project, beside.titles.get(project.pk, {})),
        "problems": project.trouble or "",
        "responsible": project.registered_by.full_name,
        "changed_on": clock.date_of(project.changed_at),
    }


def _document(project: Project, kind: str, gate: str) -> str:
    """Number and day of the approval: the newest figure's, or of an approval without an amount."""
    figure = project.latest_figure(kind)
    if figure is not None:
        return f"{figure.document_no} {figure.decided_on}".strip()
    standing = [row for row in project.gate_openings.all() if row.gate == gate and row.closed_on is None]
    return f"{standing[-1].document_no} {standing[-1].opened_on}".strip() if standing else ""


def _progress(project: Any) -> str:
    if project.physical is None:
        return ""
    return f"{project.physical.normalize():f} % {project.image or ''}".strip()


def _settlement(project: Project) -> str:
    """How many of the contracts that were in force are settled."""
    rows = [row for row in project.contracts.all() if row.state in IN_FORCE]
    if not rows:
        return ""
    settled = sum(row.state in facts.SETTLED for row in rows)
    if settled == len(rows):
        return pgettext("ledger", "Settled")
    return _("%(n)s of %(all)s settled") % {"n": settled, "all": len(rows)}


def _account(project: Any) -> str:
    rows = list(project.final_accounts.all())
    return rows[-1].get_state_display() if rows else ""


def _handover(project: Any) -> str:
    rows = [row for row in project.handover_batches.all() if row.state != BatchState.CANCELLED]
    return rows[-1].get_state_display() if rows else ""


def _title(project: Project, states: dict[str, int]) -> str:
    if not project.needs_title:
        return str(TitleState.NOT_REQUIRED.label)
    wanted = sum(n for state, n in states.items() if state != TitleState.NOT_REQUIRED)
    if not wanted:
        return ""
    return _("%(n)s of %(all)s registered") % {"n": states.get(TitleState.REGISTERED, 0), "all": wanted}
