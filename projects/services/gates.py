"""Facts pushed down by decisions: opening and closing the gates a project's guards read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.read_once import forget, read_once
from core.trace import Who
from core.workflow import Situation
from projects.models import ControlFigure, GateOpening, Project
from projects.services import moves
from projects.states import FigureKind, Gate, Stage

FIGURE_OF_GATE = {
    Gate.PROPOSAL_APPROVED: FigureKind.ROUGH,
    Gate.FEASIBILITY_APPROVED: FigureKind.FEASIBILITY,
    Gate.ESTIMATE_APPROVED: FigureKind.ESTIMATE,
    Gate.ADJUSTMENT_DECIDED: FigureKind.ADJUSTED,
    Gate.BUDGET_REVIEWED: FigureKind.BUDGET,
    Gate.AWARDED: FigureKind.AWARD,
    Gate.SETTLED: FigureKind.SETTLEMENT,
    Gate.FINAL_ACCOUNT_APPROVED: FigureKind.FINAL,
}


@dataclass(frozen=True)
class Ruling:
    """What a decision says to the project. Amounts in yuan; `works_amount` is the 工程费用 branch alone."""

    item_id: int
    document_no: str
    on: date
    outcome: str = "ISSUED"
    amount: Decimal | None = None
    works_amount: Decimal | None = None
    valid_until: date | None = None
    waives: tuple[str, ...] = ()


def open_gate(project: Project, gate: Gate, ruling: Ruling, *, actor: Who, now: Situation | None = None) -> None:
    """Records the opening, keeps the control figure, and makes the moves that now become possible.

    The caller holds the project's lock.
    """
    GateOpening.objects.create(
        project=project,
        gate=gate,
        item_id=ruling.item_id,
        document_no=ruling.document_no,
        amount=ruling.amount,
        waives=list(ruling.waives),
        outcome=ruling.outcome,
        opened_on=ruling.on,
        valid_until=ruling.valid_until,
    )
    if ruling.amount is not None and gate in FIGURE_OF_GATE and ruling.outcome == "ISSUED":
        _add_figure(project, FIGURE_OF_GATE[gate], ruling)
    if gate == Gate.PROPOSAL_APPROVED and Stage.FEASIBILITY in ruling.waives and project.stage == Stage.PROPOSAL:
        moves.waive_feasibility_by_approval(project, document_no=ruling.document_no, actor=actor)
    forget(project, "gate_openings", "figures")
    read_once(project, "gate_openings")
    moves.run_automatic(project, actor=actor, now=now)
    forget(project, "gate_openings")


def _add_figure(project: Project, kind: FigureKind, ruling: Ruling) -> ControlFigure:
    latest = project.figures.order_by("-version").first()
    return ControlFigure.objects.create(
        project=project,
        version=latest.version + 1 if latest else 1,
        kind=kind,
        amount=ruling.amount,
        works_amount=ruling.works_amount,
        decided_on=ruling.on,
        document_no=ruling.document_no,
        item_id=ruling.item_id,
    )
