"""Every state × move × role of tenders, contracts and change orders, against rows written down here from DOMAIN §2.6a."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.errors import DomainError
from execution.machines import CHANGES, CONTRACTS, MACHINES, TENDERS
from execution.services.machine import Machine
from execution.states import ChangeState, ContractState, TenderState
from tests.support import works
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

# number, move, sources, targets, roles, what keeps it from happening in a bare row of each source ("-": nothing)
TENDER_ROWS = """
B01  announce              PLANNED,FAILED   ANNOUNCED  APPLICANT_CLERK  -
B02  open_bids             ANNOUNCED        OPENED     APPLICANT_CLERK  tender.not_closed
B03  publish_candidates    OPENED           PUBLICITY  APPLICANT_CLERK  -
B04  award_winner          PUBLICITY        AWARDED    APPLICANT_LEAD   tender.publicity
B04b award_directly        PLANNED          AWARDED    APPLICANT_LEAD   tender.not_direct
B05  contract_signed       AWARDED          CONTRACTED S                -
B06  fail                  ANNOUNCED,OPENED,PUBLICITY,COMPLAINT  FAILED  APPLICANT_LEAD  -
B07  suspend_by_complaint  ANNOUNCED,OPENED,PUBLICITY  COMPLAINT  APPLICANT_CLERK  -
B08  resume                COMPLAINT        ANNOUNCED,OPENED,PUBLICITY  APPLICANT_CLERK  -
"""
CONTRACT_ROWS = """
K01  take_effect  DRAFT                EFFECTIVE   APPLICANT_LEAD   -
K02  complete     EFFECTIVE            COMPLETED   APPLICANT_CLERK  -
K03  settle       COMPLETED,EFFECTIVE  SETTLED     S                -
K04  close        SETTLED              CLOSED      APPLICANT_CLERK  -
K05  terminate    EFFECTIVE,COMPLETED  TERMINATED  APPLICANT_LEAD   -
"""
CHANGE_ROWS = """
V01  supervision_agrees  PROPOSED     SUPERVISION  APPLICANT_CLERK  -
V02  designer_agrees     SUPERVISION  DESIGN       APPLICANT_CLERK  -
V03  owner_agrees        DESIGN       OWNER        APPLICANT_LEAD   -
V04  approve_by_owner    OWNER        APPROVED     APPLICANT_LEAD   -
V05  send_to_authority   OWNER        AUTHORITY    APPLICANT_LEAD   change.level
V06  approve             AUTHORITY    APPROVED     SECTION_CHIEF    -
V06b approve_by_leader   AUTHORITY    APPROVED     DETERMINER       -
V07  carry_out           APPROVED     IMPLEMENTED  APPLICANT_CLERK  -
V08  price               IMPLEMENTED  PRICED       APPLICANT_CLERK  -
V09  settle              PRICED       SETTLED      S                -
V10  reject              PROPOSED,SUPERVISION,DESIGN,OWNER  REJECTED  APPLICANT_LEAD  -
V10b refuse              AUTHORITY    REJECTED     SECTION_CHIEF,DETERMINER  -
"""
WHO = {"APPLICANT_LEAD": "lei", "APPLICANT_CLERK": "lin", "DETERMINER": "zhao", "SECTION_CHIEF": "xu"}
# Of the right role, but of another unit, or of a house that is not the investment authority.
STRANGE = {"sun": "not_own", "song": "not_own"} | dict.fromkeys(("fxu", "fzhao", "cxu", "czhao"), "not_the_authority")
ROWS = {"tender": TENDER_ROWS, "contract": CONTRACT_ROWS, "change": CHANGE_ROWS}
STATES = {"tender": TenderState, "contract": ContractState, "change": ChangeState}


def table(kind: str) -> dict[str, tuple[str, set[str], set[str], set[str], str]]:
    rows = (line.split() for line in ROWS[kind].strip().splitlines())
    return {
        row[1]: (row[0], set(row[2].split(",")), set(row[3].split(",")), set() if row[4] == "S" else set(row[4].split(",")), row[5])
        for row in rows
    }  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def said(name: str) -> dict[str, Any]:
    """What each move asks for, as it does on a good day."""
    today = clock.today()
    return {
        "announced_on": today, "closes_on": today + timedelta(days=20), "opened_on": today, "reported_on": today,
        "bidders": works.BIDDERS,
        "publicity_from": today, "publicity_until": today + timedelta(days=2), "candidates": [works.WINNER],
        "winner": works.WINNER, "award": "8000000.00", "notified_on": today, "completed_on": today, "done_on": today,
        "signed_by": "总监", "signed_on": today, "priced": "90000.00", "document_no": "鹏发财〔2026〕88号", "reason": "原因",
    }  # fmt: skip


def a_tender(cast: Cast, state: str) -> Any:
    row, first = works.a_tender(cast), clock.today() - timedelta(days=20)
    if state in ("AWARDED", "CONTRACTED"):
        row = works.awarded(cast, row)
        return TENDERS.perform_by_system(row, "contract_signed") if state == "CONTRACTED" else row
    if state == "PLANNED":
        return row
    # Those that still wait for their bids close today or later; the others were announced twenty days ago.
    with clock.at(clock.today() if state in ("ANNOUNCED", "FAILED", "COMPLAINT") else first):
        begun = {**said("announce"), "announced_on": clock.today(), "closes_on": clock.today() + timedelta(days=20)}
        row = works.do(row, "announce", cast.lin, announced_on=begun["announced_on"], closes_on=begun["closes_on"])
    if state in ("OPENED", "PUBLICITY"):
        row = works.do(row, "open_bids", cast.lin, opened_on=clock.today(), bidders=works.BIDDERS)
    if state == "PUBLICITY":
        names = ("reported_on", "publicity_from", "publicity_until", "candidates")
        row = works.do(row, "publish_candidates", cast.lin, **{name: said("")[name] for name in names})
    if state == "FAILED":
        row = works.do(row, "fail", cast.lei, reason="不足三家")
    if state == "COMPLAINT":
        row = works.do(row, "suspend_by_complaint", cast.lin, reason="投诉")
    return row


def a_contract(cast: Cast, state: str) -> Any:
    row = works.a_contract(cast)
    if state != "DRAFT":
        row = works.do(row, "take_effect", cast.lei)
    if state == "COMPLETED":
        row = works.do(row, "complete", cast.lin, completed_on=clock.today())
    if state in ("SETTLED", "CLOSED"):
        row = CONTRACTS.perform_by_system(row, "settle")
    if state == "CLOSED":
        row = works.do(row, "close", cast.lin)
    if state == "TERMINATED":
        row = works.do(row, "terminate", cast.lei, reason="解除")
    return row


def a_change(cast: Cast, state: str) -> Any:
    row = works.a_change(cast, amount="600000.00" if state == "AUTHORITY" else "100000.00")
    way = ("supervision_agrees", "designer_agrees", "owner_agrees", "approve_by_owner", "carry_out", "price")
    stands = ("SUPERVISION", "DESIGN", "OWNER", "APPROVED", "IMPLEMENTED", "PRICED")
    if state == "REJECTED":
        return works.do(row, "reject", cast.lei, reason="不再需要")
    if state == "PROPOSED":
        return row
    if state == "AUTHORITY":
        return works.do(works.agreed(cast, row), "send_to_authority", cast.lei)
    for name, stand in zip(way, stands, strict=True):
        move = CHANGES.flow[name]
        data = {wanted.name: said("")[wanted.name] for wanted in move.inputs if wanted.name in said("")}
        row = works.do(row, name, cast.actors[WHO[min(move.roles)]], **data)
        if stand == state:
            return row
    return CHANGES.perform_by_system(row, "settle")


MAKERS: dict[str, Callable[[Cast, str], Any]] = {"tender": a_tender, "contract": a_contract, "change": a_change}
CELLS = [(kind, state) for kind, states in STATES.items() for state in states.values]


@pytest.mark.parametrize("kind", ROWS)
def test_the_table_of_moves_is_the_one_of_the_specification(kind: str) -> None:
    flow = MACHINES[kind].flow
    mine = {move.name: (move.number, set(move.sources), set(move.targets), set(move.roles)) for move in flow}
    assert mine == {name: row[:4] for name, row in table(kind).items()}


@pytest.mark.parametrize("kind", MACHINES)
def test_no_column_hides_a_move(kind: str) -> None:
    """A field named like a move would take its place on the row."""
    model, flow = MACHINES[kind].model, MACHINES[kind].flow
    columns = {field.name for field in model._meta.get_fields()}
    assert not columns & {move.name for move in flow}


@pytest.mark.parametrize(("kind", "state"), CELLS)
def test_every_move_of_every_role_in(kind: str, state: str, cast: Cast) -> None:
    machine: Machine = MACHINES[kind]
    wrong = []
    row = MAKERS[kind](cast, state)
    assert row.state == state
    for name, (_n, sources, _targets, roles, _keeps) in table(kind).items():
        for person, actor in cast.actors.items():
            refusal = machine.refusal(actor, row, machine.flow[name])
            code = refusal.code if refusal else "-"
            want = "system_only" if not roles else "role" if actor.role not in roles else STRANGE.get(person, "-")
            if code != want:
                wrong.append((name, person, want, code))
            offered = name in [offer.move.name for offer in machine.offers(row, actor)]
            if offered != (state in sources and actor.role in roles):
                wrong.append((name, person, "offered", offered))
    # Now for real, each in a row of its own: the first one refused leaves the row as it was.
    for name, (_n, sources, targets, roles, keeps) in table(kind).items():
        if not roles:
            continue
        data = {
            wanted.name: said(name)[wanted.name] for wanted in machine.flow[name].inputs if wanted.name in said(name)
        }
        fresh = MAKERS[kind](cast, state) if state in sources and keeps == "-" else row
        outcome = performed(machine, fresh, name, cast.actors[WHO[min(roles)]], data)
        expected = "wrong_state" if state not in sources else keeps
        if expected == "-" and outcome not in targets:
            wrong.append((name, "target", targets, outcome))
        elif expected != "-" and outcome.split(",")[0] != expected:
            wrong.append((name, "perform", expected, outcome))
    assert not wrong, "\n".join(map(str, wrong))


def performed(machine: Machine, row: Any, name: str, actor: Any, data: dict[str, Any]) -> str:
    """The state it reaches, or the codes of the refusal."""
    try:
        return machine.perform(row.pk, name, actor=actor, data=data).state
    except DomainError as error:
        return ",".join(problem.code for problem in error.problems)
