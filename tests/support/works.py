"""Projects that are being bought and built: tender, contract, change, released funds, all by the services.

`in_procurement(cast)` → project; `contracted(cast)` → contract in force; `building(cast)` → project in CONSTRUCTION with
a works contract in force and funds released.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from core import clock
from execution.models import ChangeOrder, Contract, Tender
from execution.services import changes, contracts, tenders
from execution.services.changes import Line as ChangedLine
from execution.services.contracts import Line
from execution.services.moves import MACHINES
from projects.models import Project
from projects.services import moves as project_moves
from projects.services.gates import Ruling, open_gate
from projects.services.register import TakenOverFigure, register
from projects.states import FigureKind, Gate
from tests.support.cast import Cast
from tests.support.lives import BASICS
from tests.support.plan_money import released

NUMBERS = count(1)
WINNER = "鹏湾建设集团有限公司"
BIDDERS = [WINNER, "南屿建工有限公司", "环湾工程有限公司", "第二名"]
BUDGET = Decimal("10000000.00")
SAID = {
    "signed_by": "总监 王工",
    "document_no": "鹏发财〔2026〕88号",
    "reason": "原因",
}


def do(row: Any, name: str, actor: Any, **data: Any) -> Any:
    """One move of a tender, contract, change, report, payment, plan … Returns the row as it stands."""
    kind = next(kind for kind, machine in MACHINES.items() if isinstance(row, machine.model))
    return MACHINES[kind].perform(row.pk, name, actor=actor, data=data)


def taken_over(cast: Cast, stage: str = "PROCUREMENT", budget: Decimal | None = BUDGET, **basics: Any) -> Project:
    """A running project of Lin's unit that enters the system at a stage, with an estimate and a reviewed budget (yuan)."""
    number = next(NUMBERS)
    values = {**BASICS, "name": f"在建工程{number}", "code": f"2611-440399-04-01-{number + 700000:06d}", **basics}
    day = clock.today() - timedelta(days=200)
    figures = [TakenOverFigure(FigureKind.ESTIMATE, Decimal("12000000.00"), day, "鹏发改〔2025〕1号")]
    if budget is not None:
        figures.append(TakenOverFigure(FigureKind.BUDGET, budget, day + timedelta(days=30), "鹏评审〔2025〕2号"))
    return register(
        actor=cast.lin, basics=values, taken_over_at=stage, taken_over_reason="原有批复", taken_over_figures=figures
    )


def in_procurement(cast: Cast, **basics: Any) -> Project:
    return taken_over(cast, "PROCUREMENT", **basics)


def a_tender(cast: Cast, project: Project | None = None, **values: Any) -> Tender:
    """Planned, not announced. The ceiling is 9,000,000 yuan unless said."""
    project = project or in_procurement(cast)
    said = {"name": "施工总承包", "kind": "WORKS", "method": "OPEN", "ceiling": Decimal("9000000.00"), **values}
    return tenders.record(project.pk, actor=cast.lin, values=said)


def awarded(cast: Cast, tender: Tender | None = None, award: str = "8600000.00", begins: date | None = None) -> Tender:
    """Announced, opened, published and awarded on days that keep the law; it ends today unless `begins` says otherwise."""
    tender = tender or a_tender(cast)
    first = begins or clock.today() - timedelta(days=30)

    def on(days: int) -> date:
        return first + timedelta(days=days)

    for days, name, actor, said in (
        (0, "announce", cast.lin, {"announced_on": on(0), "closes_on": on(20)}),
        (20, "open_bids", cast.lin, {"opened_on": on(20), "bidders": BIDDERS}),
        (22, "publish_candidates", cast.lin, {"reported_on": on(21), "publicity_from": on(22), "publicity_until": on(25),
                                              "candidates": [WINNER, "南屿建工有限公司", "环湾工程有限公司"]}),
        (28, "award_winner", cast.lei, {"winner": WINNER, "award": award, "notified_on": on(28)}),
    ):  # fmt: skip
        with clock.at(on(days)):
            tender = do(tender, name, actor, **said)
    return tender


def lines_of(price: Decimal) -> list[Line]:
    """Three priced lines that add up: concrete by quantity, doors by quantity, and a lump sum for the rest."""
    concrete = Line("C30 混凝土", "1.1", Decimal("500000.00"), "m³", Decimal(1000), Decimal(500), "010101")
    doors = Line("防火门", "1.2", Decimal("100000.00"), "樘", Decimal(50), Decimal(2000), "010801")
    return [concrete, doors, Line("其他工程", "1.1", price - Decimal("600000.00"))]


def a_contract(
    cast: Cast, project: Project | None = None, tender: Tender | None = None, price: str = "8600000.00", **values: Any
) -> Contract:
    """A draft whose lines add up; with a tender it is its winner's."""
    project = tender.project if tender else project or in_procurement(cast)
    amount = Decimal(price)
    said = {
        "no": f"HT-{next(NUMBERS)}", "name": "施工合同", "kind": "WORKS", "contractor": WINNER, "price_type": "UNIT_PRICE",
        "price": amount, "retention_rate": Decimal(3), "advance_rate": Decimal(10), "no_prefinancing": True,
        "signed_on": clock.today(), "starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=365), **values,
    }  # fmt: skip
    return contracts.draft(
        project.pk, actor=cast.lin, values=said, lines=lines_of(amount), tender_id=tender.pk if tender else None
    )


def in_force(cast: Cast, contract: Contract | None = None, **values: Any) -> Contract:
    return do(contract or a_contract(cast, **values), "take_effect", cast.lei)


def contracted(cast: Cast, project: Project | None = None, **values: Any) -> Contract:
    """Tendered, awarded, signed, in force."""
    return in_force(cast, a_contract(cast, tender=awarded(cast, a_tender(cast, project)), **values))


def building(cast: Cast, funds: str = "9000000.00", **basics: Any) -> Project:
    """In CONSTRUCTION, with a works contract of 8,600,000 yuan in force and funds released."""
    project = in_procurement(cast, **basics)
    contracted(cast, project)
    project = released(cast, project, funds)
    for gate in (Gate.AWARDED, Gate.START_PERMITTED):
        open_gate(project, gate, Ruling(1, "鹏发财〔2026〕1号", clock.today()), actor=cast.zhao)
    project_moves.perform(project.pk, "award", actor=cast.lin)
    return project_moves.perform(project.pk, "start_construction", actor=cast.lei)


def the_contract(project: Project) -> Contract:
    return project.contracts.get()


def changed(quantity: str, line: Any, price: str | None = None) -> ChangedLine:
    """A change of a contract line's quantity at its own unit price, or at another."""
    unit_price = Decimal(price) if price is not None else line.unit_price
    return ChangedLine(line.name, line.cost_code, Decimal(quantity), unit_price, line_id=line.pk)


def a_change(cast: Cast, contract: Contract | None = None, amount: str = "100000.00", **values: Any) -> ChangeOrder:
    """Proposed: one new line of that amount (yuan)."""
    contract = contract or in_force(cast)
    said = {
        "no": f"BG-{next(NUMBERS)}",
        "kind": "DESIGN_CHANGE",
        "title": "增加雨棚",
        "reason": "使用单位要求",
        **values,
    }
    line = ChangedLine("雨棚", "1.1", Decimal(1), Decimal(amount), unit="项") if not amount.startswith("-") else (
        ChangedLine("其他工程", "1.1", Decimal(0), Decimal(0), Decimal(amount), line_id=contract.lines.last().pk)
    )  # fmt: skip
    return changes.propose(contract.pk, actor=cast.lin, values=said, lines=[line])


def agreed(cast: Cast, change: ChangeOrder) -> ChangeOrder:
    """Signed by supervisor engineer, designer and the unit; not yet approved."""
    signed = {"signed_by": "总监 王工", "signed_on": clock.today()}
    do(change, "supervision_agrees", cast.lin, **signed)
    do(change, "designer_agrees", cast.lin, **signed)
    return do(change, "owner_agrees", cast.lei)


def approved(cast: Cast, change: ChangeOrder) -> ChangeOrder:
    """By whoever decides at its level."""
    change = agreed(cast, change)
    if change.level == "OWNER":
        return do(change, "approve_by_owner", cast.lei)
    do(change, "send_to_authority", cast.lei)
    if change.level == "SECTION":
        return do(change, "approve", cast.xu, document_no=SAID["document_no"])
    return do(change, "approve_by_leader", cast.zhao, document_no=SAID["document_no"])
