"""Reads of the cost control view (概算执行表): the sheet of one project or of many at once, its S-curve, its adjustment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from accounts.actor import Actor
from approvals.models import ApprovalItem, CostLine
from approvals.services.moves import situation
from core import clock, rulebook
from core.models import TraceEntry
from core.money import ZERO, ratio
from core.rulebook import Rulebook
from core.workflow import Offer
from execution import facts
from execution.models import Contract, Forecast
from execution.rules import control as rules
from execution.rules.curve import Curve, curve, end_of
from execution.states import ContractState, PaymentState, ReportState
from projects import selectors
from projects.lifecycle import LIFECYCLE
from projects.models import ControlFigure, Project
from projects.states import FigureKind

BOUGHT = "bought_contracts"
ESTIMATES = (FigureKind.ESTIMATE, FigureKind.ADJUSTED)
ADJUSTING = ("open_estimate_adjustment", "close_estimate_adjustment")
ENDED_ITEMS = ("NOT_ACCEPTED", "REJECTED", "RETURNED", "WITHDRAWN", "REVOKED", "EXPIRED")


@dataclass(frozen=True)
class Control:
    """The table of one project. `names` says what each code is called; figures as signed, None where not decided."""

    project: Project
    sheet: rules.Sheet
    names: Mapping[str, str]
    estimate: ControlFigure | None
    original: ControlFigure | None
    budget: ControlFigure | None
    final: ControlFigure | None = None


@dataclass(frozen=True)
class Adjustment:
    """Where the project stands with its estimate: an open adjustment, why, and who may open one.

    `share` is forecast / original estimate; `needs_audit`: above R-INV-06 the audit comes first.
    """

    is_open: bool
    reason: str
    opened_on: date | None
    item: ApprovalItem | None
    offers: tuple[Offer, ...]
    share: Decimal | None
    needs_audit: bool


def lamps(book: Rulebook) -> rules.Lamps:
    red, yellow = book.row("R-INV-04.red"), book.row("R-INV-04.yellow")
    if red is None or yellow is None:
        raise KeyError("R-INV-04")
    return rules.Lamps(red, yellow)


def control_of(project: Project, book: Rulebook | None = None) -> Control:
    return controls_of([project], book)[0]


def controls_of(projects: Sequence[Project], book: Rulebook | None = None) -> list[Control]:
    """The tables of several projects, in the same number of queries as for one."""
    shown = lamps(book or rulebook.on(clock.today()))
    in_force = Contract.objects.exclude(state=ContractState.DRAFT).select_related("settlement").order_by("pk")
    prefetch_related_objects(
        list(projects),
        "figures",
        Prefetch("forecasts", Forecast.objects.order_by("pk")),
        Prefetch(
            "contracts",
            in_force.prefetch_related("lines", "supplements", "changes__lines", "payments"),
            to_attr=BOUGHT,
        ),
    )
    figures = {project.pk: _figures(project) for project in projects}
    items = {figure.item_id for found in figures.values() for figure in found if figure and figure.item_id}
    lines: dict[int, list[CostLine]] = defaultdict(list)
    for row in CostLine.objects.filter(item_id__in=items).order_by("item_id", "position") if items else ():
        lines[row.item_id].append(row)
    return [_control(project, *figures[project.pk], lines, shown) for project in projects]


def _figures(project: Project) -> tuple[ControlFigure | None, ControlFigure | None, ControlFigure | None]:
    """The estimate in force (R-INV-01), the original one, the reviewed budget."""
    return (
        project.latest_figure(*ESTIMATES),
        project.latest_figure(FigureKind.ESTIMATE),
        project.latest_figure(FigureKind.BUDGET),
    )


def _control(
    project: Project,
    estimate: ControlFigure | None,
    original: ControlFigure | None,
    budget: ControlFigure | None,
    lines: Mapping[int, list[CostLine]],
    shown: rules.Lamps,
) -> Control:
    of_estimate = lines.get(estimate.item_id or 0, []) if estimate else []
    of_budget = lines.get(budget.item_id or 0, []) if budget else []
    books = rules.Books(
        estimate=_leaves(of_estimate),
        budget=_leaves(of_budget),
        estimate_total=estimate.amount if estimate else None,
        budget_total=budget.amount if budget else None,
        contracts=[bought(contract) for contract in getattr(project, BOUGHT)],
        forecasts={row.cost_code: rules.Foreseen(row.amount, row.made_on) for row in project.forecasts.all()},
        headings=[row.code for row in (*of_estimate, *of_budget) if not row.is_leaf],
    )
    final = project.latest_figure(FigureKind.FINAL)
    if final is not None:
        books = replace(books, final_total=final.amount)
    names = {row.code: row.name for row in (*of_budget, *of_estimate)}
    for contract in getattr(project, BOUGHT):
        for line in contract.lines.all():
            names.setdefault(line.cost_code, line.name)
    return Control(project, rules.sheet(books, shown), names, estimate, original, budget, final)


def _leaves(rows: Sequence[CostLine]) -> dict[str, Decimal]:
    """What was approved: as reviewed, as declared where the review left no amount."""
    amounts = ((row.code, row.declared if row.reviewed is None else row.reviewed) for row in rows if row.is_leaf)
    return {code: amount for code, amount in amounts if amount is not None}


def bought(contract: Any) -> rules.Bought:
    """A contract as the rules see it; what its lines leave of its price stands on no line."""
    price: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in contract.lines.all():
        price[line.cost_code] += line.amount
    if rest := contract.price - sum(price.values(), ZERO):
        price[rules.UNBROKEN] += rest
    for row in contract.supplements.all():
        price[row.cost_code] += row.amount
    changes: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for change in facts.counted_changes(contract):
        for code, amount in facts.changed_by_code(change).items():
            changes[code] += amount
    settlement = getattr(contract, "settlement", None)
    return rules.Bought(
        price=dict(price),
        changes=dict(changes),
        paid=sum((row.amount for row in contract.payments.all() if row.state == PaymentState.PAID), ZERO),
        settled=settlement.reviewed if settlement else None,
        settled_on=settlement.reviewed_on if settlement else None,
        is_ended=contract.state == ContractState.TERMINATED,
    )


def paid_by_code(contract: Any) -> dict[str, Decimal]:
    """What was paid under a contract, split over its cost lines; Σ is what was paid, to the fen."""
    row = bought(contract)
    return rules.shared(row.paid, rules.value_of(row))


def curve_of(shown: Control) -> Curve:
    """Plan, progress, releases and payments by month. Reports count from the day they are submitted."""
    project = shown.project
    reports = [row for row in project.progress_reports.all() if row.state != ReportState.DRAFT]
    marks = [
        (row.planned_on, row.planned_percent) for row in project.milestones.all() if row.planned_percent is not None
    ]
    if not marks:
        marks = [(end_of(row.month), row.planned_percent) for row in reports if row.planned_percent is not None]
    payments = (row for contract in getattr(project, BOUGHT) for row in contract.payments.all())
    starts = [contract.starts_on for contract in getattr(project, BOUGHT) if contract.starts_on]
    return curve(
        marks=marks,
        starts_on=project.started_on or min(starts, default=project.planned_start),
        whole=shown.estimate.amount if shown.estimate else None,
        reports=[(row.month, row.completed_investment) for row in reports],
        releases=[(row.released_on, row.amount) for row in project.releases.all()],
        payments=[(row.paid_on, row.amount) for row in payments if row.state == PaymentState.PAID and row.paid_on],
        today=clock.today(),
    )


def adjustment_of(shown: Control, actor: Actor) -> Adjustment:
    """T13 and T14 as this person finds them; the reasons and the source of funds are asked by R-INV-05 when it is declared."""
    project, now = shown.project, situation()
    opened = None
    item = None
    if project.is_estimate_adjusting:
        verb = LIFECYCLE.verb("open_estimate_adjustment")
        opened = TraceEntry.objects.filter(project_id=project.pk, verb=verb).order_by("-pk").first()
        items = ApprovalItem.objects.visible_to(actor).filter(project=project, item_type="ADJ")
        item = items.exclude(state__in=ENDED_ITEMS).order_by("-pk").first()
    audit = now.rules.row("R-INV-06")
    base = shown.original.amount if shown.original else ZERO
    forecast = shown.sheet.total.forecast
    return Adjustment(
        is_open=project.is_estimate_adjusting,
        reason=opened.reason or str(opened.facts.get("reason", "")) if opened else "",
        opened_on=clock.date_of(opened.at) if opened else None,
        item=item,
        offers=tuple(offer for offer in selectors.offers(project, actor, now) if offer.move.name in ADJUSTING),
        share=ratio(forecast, base),
        needs_audit=bool(base and audit and rules.is_above(forecast, base, audit)),
    )
