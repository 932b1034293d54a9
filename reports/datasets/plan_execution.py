"""年度计划执行表: one line per project in a year's plan – planned, adjusted, released, done, paid, with their rates (R-ST-01)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, TextField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core import clock
from core.money import ZERO, ratio
from core.trace import Who
from execution.models import FundRelease, Payment, PlanAdjustment, PlanItem, PlanItemFunding, ProgressReport
from execution.states import PaymentState, PlanItemState, ReportState
from projects import codes
from projects.states import Stage
from reports import policies
from reports.datasets import wording
from reports.datasets.subtotals import less, money, newest, plus, sum_of, totals
from reports.filters import NOT_STATED, Filters
from reports.report import Figure, Link, Report
from reports.table import Column, Kind, ReportTable

IN_PLAN = (PlanItemState.BALANCED, PlanItemState.APPROVED, PlanItemState.RELEASED, PlanItemState.CLOSED)
COLUMNS = (
    Column("number", gettext_lazy("No."), Kind.COUNT),
    Column("project", gettext_lazy("Project name")),
    Column("code", gettext_lazy("Project code")),
    Column("unit", gettext_lazy("Project unit")),
    Column("category", gettext_lazy("Plan category")),
    Column("investment", gettext_lazy("Total investment"), Kind.MONEY_WAN, total=True),
    Column("released_so_far", gettext_lazy("Released so far"), Kind.MONEY_WAN, total=True),
    Column("planned", gettext_lazy("Plan of the year"), Kind.MONEY_WAN, total=True),
    Column("adjusted", gettext_lazy("Plan as adjusted"), Kind.MONEY_WAN, total=True),
    Column("released", gettext_lazy("Released in the year"), Kind.MONEY_WAN, total=True),
    Column("done", gettext_lazy("Investment completed in the year"), Kind.MONEY_WAN, total=True),
    Column("paid", gettext_lazy("Paid in the year"), Kind.MONEY_WAN, total=True),
    Column("release_rate", gettext_lazy("Released / planned"), Kind.PERCENT),
    Column("done_rate", gettext_lazy("Completed / planned"), Kind.PERCENT),
    Column("paid_released", gettext_lazy("Paid / released"), Kind.PERCENT),
    Column("paid_planned", gettext_lazy("Paid / planned"), Kind.PERCENT),
    Column("progress", pgettext_lazy("report", "Image progress")),
    Column("problems", gettext_lazy("Problems")),
    Column("warning", gettext_lazy("Warning")),
)
SUMS = ("investment", "released_so_far", "planned", "adjusted", "released", "done", "paid")
ORDER = {name: F(name) for name in SUMS}


def produce(filters: Filters, actor: Who, window: slice | None = None) -> Report:
    """All rows of the year (without one: this year), or with a window one page of them under the totals of all."""
    year = int(filters.year) if filters.year else clock.today().year
    rows = rows_of(year, filters, actor)
    total = totals(rows, *SUMS)
    page = list(_in_order(rows, filters.sort)[window] if window else _in_order(rows, filters.sort))
    start = (window.start or 0) if window else 0
    columns = COLUMNS if window is None else tuple(Column(c.key, c.label, c.kind, c.unit) for c in COLUMNS)
    sums = {name: total[name] for name in SUMS}
    table = ReportTable(
        code="plan_execution",
        title=_("Execution of the annual plan"),
        subtitle=_("Plan of %(year)s") % {"year": year},
        columns=columns,
        rows=list(_lines(page, start)),
        totals={**sums, **rates(sums)},
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=[
            _("Completed investment is what the monthly reports say was built, not what was paid."),
            _("Planned means the plan as adjusted in the year. Released and paid are those of the year; “released so far” holds the earlier years too."),
            *filter(None, [policies.projects_text(actor)]),
        ],
    )  # fmt: skip
    links = [Link("estimate_execution", {"project": str(item.project_id)}) for item in page]
    return Report(table=table, links=links, figures=_figures(total), n_rows=total["n"])


def rows_of(year: int, filters: Filters, actor: Who) -> QuerySet[PlanItem]:
    """The items of the year's plan with every figure of the table, in yuan."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    reports = ProgressReport.objects.filter(project=OuterRef("project")).exclude(state=ReportState.DRAFT)
    to_date, before = reports.filter(month__lte=last), reports.filter(month__lt=first)
    payments = Payment.objects.filter(state=PaymentState.PAID, paid_on__range=(first, last))
    earlier = FundRelease.objects.filter(released_on__lte=last)
    items = PlanItem.objects.filter(plan__year=year, state__in=IN_PLAN, project__in=policies.projects_of(actor))
    return items.filter(**_wanted(filters)).annotate(
        investment=F("total_investment"),
        planned=sum_of(PlanItemFunding.objects.all(), "item", "planned"),
        moved=sum_of(PlanAdjustment.objects.all(), "item"),
        adjusted=plus(F("planned"), F("moved")),
        released=sum_of(FundRelease.objects.filter(released_on__range=(first, last)), "item"),
        released_so_far=sum_of(earlier, "project", of="project"),
        built=Coalesce(newest(to_date, "completed_investment", "-month"), money(ZERO)),
        built_before=Coalesce(newest(before, "completed_investment", "-month"), money(ZERO)),
        done=less(F("built"), F("built_before")),
        paid=sum_of(payments, "contract__project", of="project"),
        physical=newest(to_date, "physical_percent", "-month", output=DecimalField()),
        expected=newest(to_date, "planned_percent", "-month", output=DecimalField()),
        image=newest(to_date, "image_progress", "-month", output=TextField()),
        trouble=newest(to_date, "problems", "-month", output=TextField()),
    )


def _wanted(filters: Filters) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for value, name in ((filters.project_class, "project__project_class"), (filters.industry, "project__industry")):
        if value:
            found[name] = "" if value == NOT_STATED else value
    for value, name in ((filters.unit, "project__owner_unit"), (filters.project, "project")):
        if value and value != NOT_STATED:
            found[name] = int(value)
    return found


def _in_order(rows: QuerySet, sort: str) -> QuerySet:
    rows = rows.select_related("project__owner_unit")
    chosen = ORDER.get(sort.removeprefix("-"))
    if chosen is None:
        return rows.order_by("category", "pk")
    return rows.order_by(chosen.desc() if sort.startswith("-") else chosen.asc(), "pk")


def rates(sums: Any) -> dict[str, Decimal | None]:
    """R-ST-01: both rates of payment, each by its own base."""
    return {
        "release_rate": ratio(sums["released"], sums["adjusted"]),
        "done_rate": ratio(sums["done"], sums["adjusted"]),
        "paid_released": ratio(sums["paid"], sums["released"]),
        "paid_planned": ratio(sums["paid"], sums["adjusted"]),
    }


def _lines(items: list[Any], start: int) -> Iterator[dict[str, Any]]:
    categories = codes.labels("plan_category")
    for number, item in enumerate(items, start=start + 1):
        sums = {name: getattr(item, name) for name in SUMS}
        yield {
            "number": number,
            "project": item.project.name,
            "code": item.project.code,
            "unit": item.project.owner_unit.name,
            "category": categories.get(item.category, item.category),
            **sums,
            **rates(sums),
            "progress": _progress(item),
            "problems": item.trouble or "",
            "warning": _("; ").join(warnings(item)),
        }


def _progress(item: Any) -> str:
    if item.physical is None:
        return ""
    return f"{item.physical.normalize():f} % {item.image or ''}".strip()


def warnings(item: Any) -> list[str]:
    """What somebody should look at: nothing released, works not reported or behind, more paid than released."""
    found = []
    if item.adjusted > 0 and item.released <= 0:
        found.append(_("Nothing released"))
    if item.paid > item.released:
        found.append(_("More paid than released in the year"))
    if item.project.stage == Stage.CONSTRUCTION and item.physical is None:
        found.append(_("No report of the works"))
    elif item.expected is not None and item.physical is not None and item.physical < item.expected:
        found.append(_("Works behind the plan"))
    if item.project.is_suspended:
        found.append(_("Suspended"))
    return found


def _figures(total: dict[str, Any]) -> list[Figure]:
    wan = _("10,000 yuan")
    shown = rates(total)
    return [
        Figure(pgettext("report", "Projects"), total["n"], Kind.COUNT),
        Figure(_("Plan as adjusted"), total["adjusted"], Kind.MONEY_WAN, wan),
        Figure(_("Released / planned"), shown["release_rate"], Kind.PERCENT),
        Figure(_("Completed / planned"), shown["done_rate"], Kind.PERCENT),
        Figure(_("Paid / released"), shown["paid_released"], Kind.PERCENT),
        Figure(_("Paid / planned"), shown["paid_planned"], Kind.PERCENT),
    ]
