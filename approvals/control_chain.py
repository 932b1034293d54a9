"""The chain of control figures of a project, and where a later figure exceeds an earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.rules.investment import TripleOverrun, triple_overrun
from core import money
from projects.models import ControlFigure, Project
from projects.states import FigureKind

K = FigureKind
CHAIN = (K.ROUGH, K.FEASIBILITY, K.ESTIMATE, K.ADJUSTED, K.BUDGET, K.AWARD, K.SETTLEMENT, K.FINAL)
# Which figure each kind is measured against; the first that exists.
BASE = {
    K.FEASIBILITY: (K.ROUGH,),
    K.ESTIMATE: (K.FEASIBILITY, K.ROUGH),
    K.ADJUSTED: (K.ESTIMATE,),
    K.BUDGET: (K.ADJUSTED, K.ESTIMATE),
    K.AWARD: (K.BUDGET,),
    K.SETTLEMENT: (K.BUDGET, K.ADJUSTED, K.ESTIMATE),
    K.FINAL: (K.ADJUSTED, K.ESTIMATE),
}
FLAG_OF = {K.ESTIMATE: "over_estimate", K.ADJUSTED: "over_estimate", K.BUDGET: "over_budget", K.FINAL: "over_final"}
OVERRUNS = {
    "over_estimate": _("The estimate exceeds the feasibility figure"),
    "over_budget": _("The budget exceeds the estimate"),
    "over_final": _("The final cost exceeds the budget or the estimate"),
}


@dataclass(frozen=True)
class Link:
    """One row of the chain. Amounts in yuan; `difference` and `ratio` against `base`, positive when above it."""

    kind: FigureKind
    label: Any
    amount: Decimal | None = None
    document_no: str = ""
    item_id: int | None = None
    decided_on: date | None = None
    base: Any = ""
    difference: Decimal | None = None
    ratio: Decimal | None = None
    overrun: Any = ""
    note: Any = ""
    superseded: tuple[ControlFigure, ...] = ()
    withdrawn: tuple[ControlFigure, ...] = ()


def chain_of(project: Project) -> list[Link]:
    """Every step of 匡算→估算→概算→调概→预算→中标→结算→决算, decided or not yet."""
    figures: list[ControlFigure] = []
    withdrawn: list[ControlFigure] = []
    for figure in project.figures.all():
        (withdrawn if figure.withdrawn_on else figures).append(figure)
    flags = overruns_of(project)
    links = [_link(project, kind, figures, flags) for kind in CHAIN]
    return [
        replace(link, withdrawn=tuple(figure for figure in withdrawn if figure.kind == kind))
        for kind, link in zip(CHAIN, links, strict=True)
    ]


def overruns_of(project: Project) -> TripleOverrun:
    """三超 by the newest figures of each kind (R-INV-13): the one place that says which figure is held against which."""
    feasibility = project.latest_figure(K.FEASIBILITY)
    estimate = project.latest_figure(K.ESTIMATE, K.ADJUSTED)
    budget, final = project.latest_figure(K.BUDGET), project.latest_figure(K.FINAL)
    return triple_overrun(
        feasibility=_amount(feasibility),
        estimate=_amount(estimate),
        budget=_amount(budget),
        final_account=_amount(final),
        estimate_works=_works(estimate),
        budget_works=_works(budget),
        final_works=_works(final),
    )


def _amount(figure: ControlFigure | None) -> Decimal | None:
    return figure.amount if figure else None


def _works(figure: ControlFigure | None) -> Decimal | None:
    return figure.works_amount if figure else None


def _link(project: Project, kind: FigureKind, figures: Sequence[ControlFigure], flags: TripleOverrun) -> Link:
    of_kind = [figure for figure in figures if figure.kind == kind]
    if not of_kind:
        if kind == K.ROUGH and project.rough_investment is not None:
            return Link(kind, kind.label, project.rough_investment, note=_("As registered, not decided"))
        return Link(kind, kind.label)
    newest = of_kind[-1]
    base = next((f for k in BASE.get(kind, ()) for f in reversed(figures) if f.kind == k), None)
    difference = newest.amount - base.amount if base else None
    return Link(
        kind=kind,
        label=kind.label,
        amount=newest.amount,
        document_no=newest.document_no,
        item_id=newest.item_id,
        decided_on=newest.decided_on,
        base=base.get_kind_display() if base else "",
        difference=difference,
        ratio=money.ratio(difference, base.amount) if base and difference is not None else None,
        overrun=_overrun(kind, figures, flags),
        superseded=tuple(of_kind[:-1]),
    )


def _overrun(kind: FigureKind, figures: Sequence[ControlFigure], flags: TripleOverrun) -> Any:
    """The words of the flag; the estimate's stands at the adjusted one where there is one."""
    if kind == K.ESTIMATE and any(figure.kind == K.ADJUSTED for figure in figures):
        return ""
    return OVERRUNS[FLAG_OF[kind]] if FLAG_OF.get(kind) in flags.flags else ""
