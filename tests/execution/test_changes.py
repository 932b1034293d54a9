"""Change orders as stories: who decides, what the books say afterwards, what may no longer be taken away."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Message
from approvals.message_wording import words_of
from core import clock
from core.errors import NotPermitted
from execution import facts
from execution.models import ChangeOrder, Contract, ContractLine, Forecast, Measurement, ProgressReport
from execution.services import changes
from execution.services.changes import Line
from tests.support import works
from tests.support.cast import Cast, make_cast
from tests.support.stories import refused

pytestmark = pytest.mark.django_db
VALUES = {"no": "BG-1", "kind": "DESIGN_CHANGE", "title": "变更", "reason": "原因"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """8,600,000 yuan: ten per cent of it are 860,000."""
    return works.in_force(cast)


def line_of(contract: Contract, name: str) -> ContractLine:
    """As it stands now."""
    return Contract.objects.get(pk=contract.pk).lines.get(name=name)


def test_each_level_has_its_own_way(cast: Cast, contract: Contract) -> None:
    small = works.agreed(cast, works.a_change(cast, contract, "300000.00"))
    assert small.level == "OWNER"
    with refused("change.level"):
        works.do(small, "send_to_authority", cast.lei)
    assert works.do(small, "approve_by_owner", cast.lei).approved_on == clock.today()
    large = works.agreed(cast, works.a_change(cast, contract, "500000.00"))
    assert large.level == "SECTION"
    with refused("change.level"):
        works.do(large, "approve_by_owner", cast.lei)
    works.do(large, "send_to_authority", cast.lei)
    with pytest.raises(NotPermitted):
        works.do(large, "approve", cast.lei, document_no="1号")
    assert works.do(large, "approve", cast.xu, document_no="鹏发财〔2026〕9号").document_no == "鹏发财〔2026〕9号"
    great = works.agreed(cast, works.a_change(cast, contract, "2000000.00"))
    assert great.level == "BUREAU"
    works.do(great, "send_to_authority", cast.lei)
    with refused("change.level"):
        works.do(great, "approve", cast.xu, document_no="2号")
    assert works.do(great, "approve_by_leader", cast.zhao, document_no="3号").state == "APPROVED"


def test_the_level_is_judged_again_when_others_were_approved_meanwhile(cast: Cast, contract: Contract) -> None:
    """Two changes of 5.2 % each: whichever comes second goes to the authority, even after the unit has agreed."""
    first = works.agreed(cast, works.a_change(cast, contract, "450000.00"))
    second = works.agreed(cast, works.a_change(cast, contract, "450000.00"))
    assert (first.level, second.level) == ("OWNER", "OWNER")
    works.do(first, "approve_by_owner", cast.lei)
    with refused("change.level"):
        works.do(second, "approve_by_owner", cast.lei)
    assert works.do(second, "send_to_authority", cast.lei).level == "SECTION"
    works.do(second, "approve", cast.xu, document_no="1号")
    third = works.a_change(cast, contract, "-1000.00")
    assert third.level == "SECTION", "above ten per cent even the smallest change goes up, deductions too"


def test_at_exactly_ten_per_cent_the_unit_still_decides(cast: Cast, contract: Contract) -> None:
    works.approved(cast, works.a_change(cast, contract, "460000.00"))
    assert works.a_change(cast, contract, "400000.00").level == "OWNER"
    assert works.a_change(cast, contract, "400000.01").level == "SECTION"


def test_approved_quantities_may_be_measured_and_new_lines_exist(cast: Cast, contract: Contract) -> None:
    doors = line_of(contract, "防火门")
    lines = [works.changed("-10", doors), Line("雨棚", "1.3", Decimal(2), Decimal("30000"), unit="座")]
    change = changes.propose(contract.pk, actor=cast.lin, values=VALUES, lines=lines)
    assert change.estimated == Decimal("40000.00")
    assert facts.quantity_of(line_of(contract, "防火门")) == 50
    works.approved(cast, change)
    doors, canopy = line_of(contract, "防火门"), line_of(contract, "雨棚")
    assert (facts.quantity_of(doors), facts.amount_of(doors)) == (40, Decimal("80000.00"))
    assert (facts.quantity_of(canopy), facts.amount_of(canopy)) == (2, Decimal("60000.00"))
    assert sum(facts.amount_of(line) for line in contract.lines.all()) == facts.contract_value(
        works.the_contract(contract.project)
    )


def test_the_forecast_follows_the_approval_and_the_pricing(cast: Cast, contract: Contract) -> None:
    change = works.approved(cast, works.a_change(cast, contract, "100000.00"))
    newest = Forecast.objects.filter(project=contract.project, cost_code="1.1").last()
    assert newest is not None
    assert newest.amount == Decimal("8600000.00")  # 8,500,000 are contracted on that line
    Forecast.objects.create(
        project=contract.project, cost_code="1.1", amount=Decimal("9000000.00"), made_on=clock.today()
    )
    works.do(change, "carry_out", cast.lin, done_on=clock.today())
    works.do(change, "price", cast.lin, priced="80000.00")
    newest = Forecast.objects.filter(project=contract.project, cost_code="1.1").last()
    assert newest is not None
    assert newest.amount == Decimal("8980000.00")
    assert facts.changed_by_code(ChangeOrder.objects.get(pk=change.pk)) == {"1.1": Decimal("80000.00")}


def test_a_price_cannot_outgrow_the_level_that_approved_it(cast: Cast, contract: Contract) -> None:
    change = works.approved(cast, works.a_change(cast, contract, "490000.00"))
    works.do(change, "carry_out", cast.lin, done_on=clock.today())
    with refused("change.priced_above"):
        works.do(change, "price", cast.lin, priced="500000.00")
    assert works.do(change, "price", cast.lin, priced="499999.99").priced == Decimal("499999.99")


def test_what_is_measured_is_not_taken_away(cast: Cast, contract: Contract) -> None:
    doors = line_of(contract, "防火门")
    report = ProgressReport.objects.create(
        project=contract.project, month=clock.today().replace(day=1), physical_percent=Decimal(10),
        completed_investment=Decimal(1), created_by=cast.lin.user,
    )  # fmt: skip
    Measurement.objects.create(line=doors, report=report, quantity=Decimal(45), amount=Decimal(90000))
    change = changes.propose(contract.pk, actor=cast.lin, values=VALUES, lines=[works.changed("-6", doors)])
    change = works.agreed(cast, change)
    with refused("change.measured"):
        works.do(change, "approve_by_owner", cast.lei)


def test_a_change_of_substance_goes_back_to_the_original_approver(cast: Cast, contract: Contract) -> None:
    change = works.a_change(cast, contract, is_substantive=True)
    signed = {"signed_by": "总监", "signed_on": clock.today()}
    works.do(change, "supervision_agrees", cast.lin, **signed)
    works.do(change, "designer_agrees", cast.lin, **signed)
    with refused("change.substantive"):
        works.do(change, "owner_agrees", cast.lei)
    assert works.do(change, "reject", cast.lei, reason="另行报批").rejection == "另行报批"


def test_signatures_are_kept_with_their_days(cast: Cast, contract: Contract) -> None:
    change = works.a_change(cast, contract)
    today = clock.today()
    for wrong in (today + timedelta(days=1), today - timedelta(days=1)):
        with refused("date.future" if wrong > today else "date.too_early"):
            works.do(change, "supervision_agrees", cast.lin, signed_by="王工", signed_on=wrong)
    change = works.do(change, "supervision_agrees", cast.lin, signed_by="王工", signed_on=today, opinion="同意")
    assert change.signatures == [
        {"move": "supervision_agrees", "signed_by": "王工", "signed_on": str(today), "opinion": "同意"}
    ]


def test_everything_wrong_with_a_proposal_is_said_at_once(cast: Cast, contract: Contract) -> None:
    other = works.in_force(cast)
    foreign, doors = other.lines.first(), line_of(contract, "防火门")
    works.a_change(cast, contract, no="BG-1")
    lines = [
        works.changed("1", foreign),
        works.changed("-51", doors),
        works.changed("1", doors),
        Line("", "", Decimal(-1), Decimal(5), Decimal("7.00")),
    ]
    with refused(
        "invalid", "change.twice", "change.foreign_line", "change.line_twice", "change.below_nothing",
        "change.line_name", "change.nothing_to_take", "change.product",
    ):  # fmt: skip
        changes.propose(contract.pk, actor=cast.lin, values={**VALUES, "kind": "WISH"}, lines=lines)
    with refused("change.contract", "change.no_lines"):
        draft = works.a_contract(cast)
        changes.propose(draft.pk, actor=cast.lin, values=VALUES, lines=[])


def test_a_change_somebody_agreed_to_is_fixed(cast: Cast, contract: Contract) -> None:
    change = works.a_change(cast, contract)
    lines = [Line("雨棚", "1.1", Decimal(1), Decimal(600_000))]
    amended = changes.amend(change.pk, actor=cast.lin, values={"title": "加大"}, lines=lines)
    assert (amended.title, amended.estimated, amended.level) == ("加大", Decimal("600000.00"), "SECTION")
    works.do(change, "supervision_agrees", cast.lin, signed_by="王工", signed_on=clock.today())
    with refused("change.fixed"):
        changes.amend(change.pk, actor=cast.lin, values={}, lines=lines)


def test_only_those_of_the_table_may(cast: Cast, contract: Contract) -> None:
    change: Any = works.a_change(cast, contract)
    for person in ("lei", "xu", "zhao", "fang", "su"):
        with pytest.raises(NotPermitted):
            changes.propose(contract.pk, actor=cast.actors[person], values=VALUES, lines=[])
        with pytest.raises(NotPermitted):
            works.do(change, "supervision_agrees", cast.actors[person])


def test_who_decides_finds_it_among_the_messages_and_the_unit_the_answer(cast: Cast, contract: Contract) -> None:
    section = works.a_change(cast, contract, "500000.00", title="基坑加深")
    works.do(works.agreed(cast, section), "send_to_authority", cast.lei)
    told = Message.objects.filter(code="change.waiting")
    assert {row.user.username for row in told} == {"xu"}, "the chief of the investment authority alone"
    assert told.get().link == section.get_absolute_url()
    assert "基坑加深" in words_of(told.get())
    works.do(section, "refuse", cast.xu, reason="依据不足")
    answer = Message.objects.get(code="change.decided")
    assert (answer.user, answer.facts["state"]) == (cast.lin.user, "REJECTED")
    great = works.approved(cast, works.a_change(cast, contract, "2000000.00"))
    assert {row.user.username for row in Message.objects.filter(code="change.waiting")} == {"xu", "zhao"}
    assert "已批准" in words_of(Message.objects.filter(code="change.decided").latest("pk"))
    assert great.state == "APPROVED"
