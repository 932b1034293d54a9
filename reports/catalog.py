"""Every report there is: what it is called, what makes it, by what its rows may be, which filters it knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import NotFound, Problem
from reports.datasets import (
    details,
    estimate_execution,
    open_accounts,
    payments,
    performance,
    plan_execution,
    project_ledger,
    reductions,
    timeliness,
    times,
)
from reports.report import Report


@dataclass(frozen=True)
class ReportType:
    """`by`: the dimensions its rows may have, the usual one first. `pages`: long, shown page by page.

    `sorts`: the columns it can be ordered by, None for all. `asks` names the filters beside the period, in the order of the page.
    `dated`: whether it asks for a period at all; what stands today has none. `weight`: as how many plain rows one of its rows
    counts when it is decided whether a file is made in the background.
    """

    code: str
    title: Any
    description: Any
    produce: Callable[..., Report]
    by: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    sorts: tuple[str, ...] | None = None
    pages: bool = False
    dated: bool = True
    weight: int = 1


ABOUT_REDUCTIONS = ("item_type", "unit", "class", "industry", "reviewer", "funding_source")
ABOUT_TIMES = ("item_type", "unit", "class", "industry", "officer", "outcome")
_ALL = (
    ReportType(
        "reduction",
        gettext_lazy("Statistics of reduction rates"),
        gettext_lazy("What was declared, reviewed and approved in a period, and what the review took off."),
        reductions.produce,
        by=reductions.BY,
        asks=("by", "basis", "brackets", *ABOUT_REDUCTIONS),
    ),
    ReportType(
        "timeliness",
        gettext_lazy("Statistics of time limits"),
        gettext_lazy("How many items were closed in time, and how many working days they took."),
        timeliness.produce,
        by=timeliness.BY,
        asks=("by", *ABOUT_TIMES),
    ),
    ReportType(
        "performance",
        gettext_lazy("Work of each reviewer"),
        gettext_lazy("Items, amounts, days and delays of every reviewer."),
        performance.produce,
        asks=("item_type", "unit"),
    ),
    ReportType(
        "details",
        gettext_lazy("Details of reviewed projects"),
        gettext_lazy("The decided items behind the reduction report, one line each."),
        details.produce,
        asks=(*ABOUT_REDUCTIONS, "show"),
        sorts=tuple(details.ORDER),
        pages=True,
    ),
    ReportType(
        "times",
        gettext_lazy("Time taken, item by item"),
        gettext_lazy("The items behind the timeliness report, one line each."),
        times.produce,
        asks=(*ABOUT_TIMES, "intake"),
        sorts=tuple(times.ORDER),
        pages=True,
    ),
    ReportType(
        "plan_execution",
        gettext_lazy("Execution of the annual plan"),
        gettext_lazy("What a year's plan gave each project, what was released, built and paid of it."),
        plan_execution.produce,
        asks=("year", "unit", "class", "industry"),
        sorts=tuple(plan_execution.ORDER),
        pages=True,
        dated=False,
    ),
    ReportType(
        "payments",
        gettext_lazy("Payments ledger"),
        gettext_lazy("Every payment approved or made, and where its contract stood after it."),
        payments.produce,
        asks=("project", "unit", "class", "funding_source"),
        sorts=tuple(payments.ORDER),
        pages=True,
    ),
    ReportType(
        "estimate_execution",
        gettext_lazy("Execution of the estimate"),
        gettext_lazy(
            "Estimate, budget, contract, payment and forecast: a line a project, or of one project a line a cost item."
        ),
        estimate_execution.produce,
        asks=("project", "unit", "class"),
        sorts=(),
        pages=True,
        dated=False,
        weight=25,
    ),
    ReportType(
        "project_ledger",
        gettext_lazy("Ledger of all projects"),
        gettext_lazy("All that is known of every project, one line each."),
        project_ledger.produce,
        asks=("unit", "class", "industry", "funding_source"),
        sorts=tuple(project_ledger.ORDER),
        pages=True,
        dated=False,
        weight=10,
    ),
    ReportType(
        "open_accounts",
        gettext_lazy("Unsettled and undecided projects"),
        gettext_lazy("Accepted but not settled, settled but without an approved final account: by when, and how late."),
        open_accounts.produce,
        asks=("unit", "class", "open"),
        sorts=open_accounts.ORDER,
        pages=True,
        dated=False,
    ),
)
REPORTS = {report.code: report for report in _ALL}


def report_type(code: str) -> ReportType:
    """The report of that name, or NotFound."""
    if code not in REPORTS:
        raise NotFound(Problem("report.unknown", _("There is no report of this name.")))
    return REPORTS[code]
