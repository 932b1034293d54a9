"""Monthly reports: one a month, cumulative figures that never fall, measured quantities, confirmed by the authority."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from accounts.services.notify import tell
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import ZERO, size_problems
from core.row_problems import row_problems
from core.workflow import Situation
from execution import facts as sums
from execution.machines import REPORTS
from execution.models import ContractLine, Measurement, ProgressReport
from execution.policies import may_keep_books
from execution.rules import progress as rules
from execution.services.machine import Step
from execution.states import ContractState, ReportState
from projects.models import Project
from projects.services import facts

FIELDS = (
    "month", "physical_percent", "planned_percent", "completed_investment", "image_progress", "problems", "next_steps",
)  # fmt: skip
MEASURABLE = (ContractState.EFFECTIVE, ContractState.COMPLETED)
MOST_QUANTITY = Decimal(10) ** 13


@dataclass(frozen=True)
class Measured:
    """The quantity of one contract line done in the month."""

    line_id: int
    quantity: Decimal


@transaction.atomic
def draft(
    project_id: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    measured: Sequence[Measured] = (),
    faults: Sequence[Problem] = (),
) -> ProgressReport:
    """The report of one month. `values` holds fields of FIELDS; any day of the month names it.

    Without `planned_percent` the milestones say what was planned. Raises NotPermitted, RuleViolation with every reason.
    """
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_books, actor, project)
    report = ProgressReport(project=project, created_by=actor.user)
    return _keep(report, values, measured, actor, faults, "execution.progress.drafted")


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    measured: Sequence[Measured] = (),
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> ProgressReport:
    """Corrects a report that is not submitted; `measured` replaces all measured quantities."""
    report = opened(pk, actor, expected_version)
    report.version += 1
    return _keep(report, values, measured, actor, faults, "execution.progress.amended")


def opened(pk: int, actor: Actor, expected_version: int | None = None) -> ProgressReport:
    """The report, locked, which its own clerk may still change."""
    report = REPORTS.lock(pk, actor)
    insist(may_keep_books, actor, report.project)
    if expected_version not in (None, report.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    if report.state != ReportState.DRAFT:
        raise RuleViolation([Problem("progress.fixed", _("A report that was submitted is no longer changed."))])
    return report


def _keep(
    report: ProgressReport,
    values: dict[str, Any],
    measured: Sequence[Measured],
    actor: Actor,
    faults: Sequence[Problem],
    verb: str,
) -> ProgressReport:
    for name in FIELDS:
        if name in values:
            setattr(report, name, values[name])
    if isinstance(report.month, date):
        report.month = rules.first_of(report.month)
        if report.planned_percent is None:
            report.planned_percent = planned_percent(report.project, report.month)
    lines = _lines_of(report.project, [row.line_id for row in measured])
    found = [*_row_problems(report, {fault.field for fault in faults}), *_measured_problems(report, lines, measured)]
    require(together(faults, found))
    report.save()
    report.measurements.all().delete()
    Measurement.objects.bulk_create(
        Measurement(report=report, line=line, quantity=row.quantity, amount=_worth(line, row.quantity, report))
        for row in measured
        if row.quantity and (line := lines[row.line_id])
    )
    kept = {
        "month": f"{report.month:%Y-%m}", "percent": report.physical_percent,
        "completed_investment": report.completed_investment,
        "measured": sum((row.amount for row in report.measurements.all()), ZERO),
    }  # fmt: skip
    trace.record(verb, actor=actor, target=report, project_id=report.project_id, facts=kept)
    return report


def planned_percent(project: Project, month: date) -> Decimal | None:
    """What the milestones plan for the end of the month."""
    points = [
        rules.Point(row.planned_on, row.planned_percent)
        for row in project.milestones.all()
        if row.planned_percent is not None
    ]
    return rules.planned_at(points, rules.last_of(month))


def _lines_of(project: Project, keys: Iterable[int]) -> dict[int, ContractLine]:
    rows = ContractLine.objects.filter(contract__project=project, pk__in=set(keys)).select_related("contract")
    return {row.pk: row for row in rows.prefetch_related("change_lines__change", "measurements")}


def _others(line: ContractLine, report: ProgressReport) -> list[Measurement]:
    return [row for row in line.measurements.all() if row.report_id != report.pk]


def _worth(line: ContractLine, quantity: Decimal, report: ProgressReport) -> Decimal:
    """The cumulative value with this quantity, less what the other months have been given."""
    others = _others(line, report)
    total = sum((row.quantity for row in others), quantity)
    value = rules.worth(total, sums.quantity_of(line), sums.amount_of(line), line.unit_price)
    return max(value - sum((row.amount for row in others), ZERO), ZERO)


def _row_problems(report: ProgressReport, unread: set[str]) -> Iterable[Problem]:
    found = []
    try:
        report.full_clean(exclude={"project", "created_by", "confirmed_by", *unread}, validate_constraints=False)
    except ValidationError as error:
        found = row_problems(error)
    yield from found
    bad = unread | {problem.field for problem in found}
    for name in ("physical_percent", "planned_percent"):
        share = getattr(report, name)
        if name not in bad and share is not None and not 0 <= share <= 100:
            yield Problem("progress.percent", _("Progress lies between 0 and 100 %."), name)
    if "completed_investment" not in bad and report.completed_investment < 0:
        yield Problem("progress.negative", _("The completed investment cannot be negative."), "completed_investment")
    if "month" in bad:
        return
    if report.month > clock.today():
        yield Problem("progress.future", _("This month has not begun."), "month")
    others = list(report.project.progress_reports.exclude(pk=report.pk))
    if any(row.month == report.month for row in others):
        yield Problem("progress.twice", _("There is a report of this month already."), "month")
    yield from _falling_problems(report, others, bad)


def _falling_problems(report: ProgressReport, others: Sequence[ProgressReport], bad: set[str]) -> Iterable[Problem]:
    """Cumulative figures never fall from one month to the next, wherever in the row this month stands."""
    words = {
        "physical_percent": (
            _("%(month)s reported %(value)s %% already; progress does not fall."),
            _("%(month)s reported only %(value)s %%; progress does not fall."),
        ),
        "completed_investment": (
            _("%(month)s reported %(value)s yuan already; what is completed does not fall."),
            _("%(month)s reported only %(value)s yuan; what is completed does not fall."),
        ),
    }
    for name, (below, above) in words.items():
        if name in bad:
            continue
        value = getattr(report, name)
        before = [row for row in others if row.month < report.month]
        after = [row for row in others if row.month > report.month]
        highest = max(before, key=lambda row: getattr(row, name), default=None)
        lowest = min(after, key=lambda row: getattr(row, name), default=None)
        for row, text, is_wrong in (
            (highest, below, highest is not None and value < getattr(highest, name)),
            (lowest, above, lowest is not None and value > getattr(lowest, name)),
        ):
            if row is not None and is_wrong:
                shown = {"month": f"{row.month:%Y-%m}", "value": f"{getattr(row, name):,.2f}"}
                yield Problem("progress.falls", text % shown, name)


def _measured_problems(
    report: ProgressReport, lines: dict[int, ContractLine], measured: Sequence[Measured]
) -> Iterable[Problem]:
    if len({row.line_id for row in measured}) != len(measured):
        yield Problem("progress.line_twice", _("A line of the contract is measured twice in one report."), "measured")
    if any(row.line_id not in lines for row in measured):
        yield Problem("progress.foreign_line", _("A line belongs to another project."), "measured")
    for row in measured:
        line = lines.get(row.line_id)
        if row.quantity < 0 or row.quantity >= MOST_QUANTITY:
            yield Problem("progress.quantity", _("A measured quantity is not below zero."), "measured")
        elif line is not None and row.quantity:
            yield from _line_problems(report, line, row.quantity)


def _line_problems(report: ProgressReport, line: ContractLine, quantity: Decimal) -> Iterable[Problem]:
    if line.contract.state not in MEASURABLE:
        words = _("%(contract)s is not in force: nothing is measured on it.") % {"contract": line.contract.name}
        yield Problem("progress.contract", words, "measured")
    whole = sums.quantity_of(line)
    left = whole - sum((row.quantity for row in _others(line, report)), Decimal(0))
    if quantity > left:
        words = _("%(line)s: %(whole)s contracted and changed, at most %(left)s can still be measured.")
        shown = {"line": line.name, "whole": plain(whole), "left": plain(max(left, Decimal(0)))}
        yield Problem("progress.measured", words % shown, "measured")
    else:
        yield from size_problems(_worth(line, quantity, report), "measured")


def plain(number: Decimal) -> str:
    """1,000.5 for Decimal("1000.5000")."""
    text = f"{number:,.4f}"
    return text.rstrip("0").rstrip(".")


@REPORTS.before("submit")
def keep_the_day(step: Step) -> None:
    step.row.submitted_at, step.row.returned_reason = step.at, ""
    step.facts |= _about(step.row)


@REPORTS.before("confirm")
def keep_who_confirmed(step: Step) -> None:
    step.row.confirmed_by, step.row.confirmed_at = step.actor.user, step.at
    step.facts |= _about(step.row)


@REPORTS.before("return_report")
def keep_why(step: Step) -> None:
    step.row.returned_reason, step.row.submitted_at = step.data["reason"], None
    step.facts |= _about(step.row)


def _about(report: ProgressReport) -> dict[str, Any]:
    return {"month": f"{report.month:%Y-%m}", "percent": report.physical_percent}


@REPORTS.after("return_report")
def tell_the_clerk(step: Step) -> None:
    report = step.row
    said = {"project": report.project.name, "month": f"{report.month:%Y-%m}", "text": step.data["reason"]}
    tell(report.created_by, "progress.returned", said, link=report.get_absolute_url())


@REPORTS.after("confirm")
def tell_the_project(step: Step) -> None:
    """T15 waits for 100 %."""
    project = step.row.project
    confirmed = project.progress_reports.filter(state=ReportState.CONFIRMED)
    facts.tell(project, physical_percent=max(row.physical_percent for row in confirmed))


@REPORTS.check("return_report")
def return_problems(report: ProgressReport, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    """What finance has approved rests on this report."""
    if sums.committed(report.payments.all()):
        yield Problem("progress.paid", _("Payments were approved on this report; it cannot be returned."))
