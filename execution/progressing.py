"""Reads of the works for pages and API: monthly reports, the curve of progress, lines to measure, milestones, forecasts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.actor import Actor
from core import clock
from core.locks import found
from core.money import ZERO
from core.rulebook import Rulebook
from execution import facts
from execution.machines import reports
from execution.models import ContractLine, ProgressPhoto, ProgressReport
from execution.rules import progress as rules
from execution.rules.control import in_order
from execution.services.contracts import cost_codes
from execution.services.progress import MEASURABLE, planned_percent
from execution.states import ContractState, ReportState
from projects.models import Project


@dataclass(frozen=True)
class Timeliness:
    """When a month's report is due and whether it came, or comes, too late; `days` over the limit."""

    due_on: date
    is_late: bool
    days: int


def reports_of(project: Project) -> QuerySet[ProgressReport]:
    """Newest month first; the project is one the actor may see."""
    return project.progress_reports.prefetch_related("photos", "measurements").order_by("-month")


def report_of(actor: Actor, pk: int) -> ProgressReport:
    rows = reports(actor).select_related("project__owner_unit", "created_by", "confirmed_by")
    return found(rows.prefetch_related("photos__file", "payments__contract", "measurements__line__contract"), pk=pk)


def photo_of(actor: Actor, pk: int) -> ProgressPhoto:
    return found(ProgressPhoto.objects.filter(report__in=reports(actor)).select_related("file", "report"), pk=pk)


def timeliness(month: date, submitted_on: date | None, book: Rulebook) -> Timeliness:
    due = rules.due_on(month, book.days("progress.due_day"))
    over = ((submitted_on or clock.today()) - due).days
    return Timeliness(due, over > 0, max(over, 0))


def timeliness_of(report: ProgressReport, book: Rulebook) -> Timeliness:
    submitted = clock.date_of(report.submitted_at) if report.submitted_at else None
    return timeliness(report.month, submitted, book)


def light_of(report: ProgressReport, book: Rulebook) -> str:
    """GREEN, YELLOW or RED by the points the works are behind their plan."""
    behind = rules.lag(report.planned_percent, report.physical_percent)
    return rules.light(behind, book.value("progress.lag_yellow") * 100, book.value("progress.lag_red") * 100)


def missing_months(project: Project) -> list[date]:
    """Months over since the works began, without a submitted report; the oldest first, at most 24.

    The works begin with the first report, or where there is none with the first works contract in force.
    """
    rows = list(project.progress_reports.all())
    begins = min((row.month for row in rows), default=None) or _first_works(project)
    if begins is None or project.stage != "CONSTRUCTION":
        return []
    there = {row.month for row in rows if row.state != ReportState.DRAFT}
    found_, month, this_month = [], rules.first_of(begins), rules.first_of(clock.today())
    while month < this_month:
        if month not in there:
            found_.append(month)
        month = rules.next_month(month)
    return found_[-24:]


def _first_works(project: Project) -> date | None:
    rows = project.contracts.filter(kind="WORKS").exclude(state=ContractState.DRAFT)
    return min((row.starts_on or row.signed_on for row in rows if row.starts_on or row.signed_on), default=None)


def measurable_lines(project: Project, report: ProgressReport | None = None) -> list[dict[str, Any]]:
    """Every line of a contract in force: whole quantity, measured by the other months, by this report, and what is left."""
    lines = (
        ContractLine.objects.filter(contract__project=project, contract__state__in=MEASURABLE)
        .select_related("contract")
        .prefetch_related("change_lines__change", "measurements")
        .order_by("contract_id", "position")
    )
    shown = []
    for line in lines:
        own = [row for row in line.measurements.all() if report is not None and row.report_id == report.pk]
        others = sum((row.quantity for row in line.measurements.all() if row not in own), Decimal(0))
        whole = facts.quantity_of(line)
        shown.append(
            {
                "line": line, "contract": line.contract, "whole": whole, "before": others, "left": whole - others,
                "quantity": own[0].quantity if own else None, "amount": own[0].amount if own else None,
            }
        )  # fmt: skip
    return shown


def measured_total(report: ProgressReport) -> Decimal:
    """Yuan of everything the report measured."""
    return sum((row.amount for row in report.measurements.all()), ZERO)


def curve(project: Project) -> list[dict[str, Any]]:
    """Month by month: planned and physical percent, completed investment; the oldest first."""
    rows = project.progress_reports.order_by("month")
    return [
        {
            "month": row.month, "planned": row.planned_percent, "physical": row.physical_percent,
            "completed": row.completed_investment, "state": row.state,
        }
        for row in rows
    ]  # fmt: skip


def suggested(project: Project) -> dict[str, Any]:
    """What a new report begins with: the month after the last one, its cumulative figures, what the milestones plan."""
    last = project.progress_reports.order_by("-month").first()
    this_month = rules.first_of(clock.today())
    month = min(rules.next_month(last.month), this_month) if last else this_month
    return {
        "month": month,
        "physical_percent": last.physical_percent if last else None,
        "completed_investment": last.completed_investment if last else None,
        "planned_percent": planned_percent(project, month),
    }


def forecast_rows(project: Project) -> list[dict[str, Any]]:
    """Every cost line with its approved amount, what is contracted on it, and the newest forecast with its reason."""
    names = cost_codes(project)
    contracted: dict[str, Decimal] = {}
    in_force = project.contracts.exclude(state__in=(ContractState.DRAFT, ContractState.TERMINATED))
    for contract in in_force.prefetch_related("lines", "supplements", "changes__lines"):
        for code, amount in facts.contracted_by_code(contract).items():
            contracted[code] = contracted.get(code, ZERO) + amount
    latest = {row.cost_code: row for row in project.forecasts.select_related("made_by").order_by("pk")}
    codes = sorted({*names, *(code for code in contracted if code), *latest}, key=in_order)
    return [
        {
            "code": code,
            "name": names.get(code, ""),
            "contracted": contracted.get(code, ZERO),
            "forecast": latest.get(code),
        }
        for code in codes
    ]


def confirmed_percent(project: Project) -> Decimal:
    rows = project.progress_reports.filter(state=ReportState.CONFIRMED)
    return max((row.physical_percent for row in rows), default=Decimal(0))
