"""Contracts as stories: lines that add up, the award, retention, pre-financing, supplements, what the project is told."""

from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal

import pytest

from core import clock
from core.errors import NotFound, NotPermitted, StaleState
from core.models import TraceEntry
from execution import contracting, facts
from execution.models import Contract
from execution.services import contracts
from execution.services.contracts import Line
from projects.models import Project
from tests.support import lives, works
from tests.support.cast import Cast, make_cast
from tests.support.stories import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def fresh(contract: Contract) -> Contract:
    return Contract.objects.get(pk=contract.pk)


def test_a_contract_in_force_tells_its_project_and_ends_its_tender(cast: Cast) -> None:
    tender = works.awarded(cast)
    contract = works.a_contract(cast, tender=tender)
    project = Project.objects.get(pk=contract.project_id)
    assert (project.told.works_contracts, project.told.unsettled_contracts) == (0, 0)
    contract = works.in_force(cast, contract)
    tender.refresh_from_db()
    project = Project.objects.get(pk=contract.project_id)
    assert (contract.state, tender.state) == ("EFFECTIVE", "CONTRACTED")
    assert (project.told.works_contracts, project.told.unsettled_contracts) == (1, 1)
    works.do(contract, "terminate", cast.lei, reason="解除")
    assert Project.objects.get(pk=contract.project_id).told.works_contracts == 0


def test_everything_that_keeps_a_contract_from_force_is_said_at_once(cast: Cast) -> None:
    tender = works.awarded(cast)
    contract = works.a_contract(
        cast, tender=tender, price="8600000.01", contractor="别的公司", no_prefinancing=False,
        signed_on=clock.today() - timedelta(days=90),
    )  # fmt: skip
    contract.lines.filter(position=3).update(name="其他")
    contracts.amend(
        contract.pk, actor=cast.lin, values={}, lines=works.lines_of(Decimal("8600000.00")), tender_id=tender.pk
    )
    with refused(
        "contract.lines", "contract.prefinancing", "contract.not_the_winner", "contract.before_notice",
        "contract.above_award",
    ):  # fmt: skip
        works.do(contract, "take_effect", cast.lei)


def test_the_contracts_of_one_tender_keep_together_to_its_award(cast: Cast) -> None:
    tender = works.awarded(cast)
    first = works.in_force(cast, works.a_contract(cast, tender=tender, price="8000000.00"))
    second = works.a_contract(cast, tender=tender, price="600000.01")
    with refused("contract.above_award"):
        works.do(second, "take_effect", cast.lei)
    exact = works.a_contract(cast, tender=tender, price="600000.00")
    assert works.in_force(cast, exact).state == "EFFECTIVE"
    works.do(first, "terminate", cast.lei, reason="解除")
    assert works.in_force(cast, second).state == "EFFECTIVE", "a terminated contract frees its award"


@pytest.mark.parametrize(
    ("rate", "kind", "codes"), [("3", "WORKS", []), ("3.01", "WORKS", ["contract.retention"]), ("5", "DESIGN", [])]
)
def test_the_retention_of_works_is_capped(cast: Cast, rate: str, kind: str, codes: list[str]) -> None:
    with refused(*codes) if codes else nullcontext():
        works.a_contract(cast, retention_rate=Decimal(rate), kind=kind)


def test_every_fault_of_a_draft_comes_at_once(cast: Cast) -> None:
    project = works.in_procurement(cast)
    works.a_contract(cast, project, no="HT-X")
    today = clock.today()
    values = {
        "no": "HT-X", "name": "", "kind": "WORKS", "contractor": "甲", "price_type": "LUMP_SUM", "price": Decimal(0),
        "retention_rate": Decimal(4), "starts_on": today, "ends_on": today - timedelta(days=1),
    }  # fmt: skip
    lines = [Line("", "1.1", Decimal("-1.00")), Line("门", "1.1", Decimal("100.00"), "樘", Decimal(3), Decimal(33))]
    with refused(
        "invalid", "contract.price", "contract.twice", "contract.retention", "date.too_early", "contract.line_name",
        "contract.line_negative", "contract.line_product",
    ):  # fmt: skip
        contracts.draft(project.pk, actor=cast.lin, values=values, lines=lines)


@pytest.mark.parametrize(("project_class", "told"), [("IT", 1), ("BUILDING", 0)])
def test_an_information_system_begins_on_a_contract_of_purchase(cast: Cast, project_class: str, told: int) -> None:
    contract = works.a_contract(cast, kind="EQUIPMENT")
    Project.objects.filter(pk=contract.project_id).update(project_class=project_class)
    works.do(contract, "take_effect", cast.lei)
    assert Project.objects.get(pk=contract.project_id).told.works_contracts == told


def test_lines_stand_on_the_approved_cost_tree(cast: Cast) -> None:
    item = lives.issued(cast)
    item.project.items.update(item_type="EST")  # its tree has the leaves 1 and 2
    with refused("contract.cost_code"):
        works.a_contract(cast, item.project)
    assert contracts.cost_codes(item.project) == {"1": "工程费用", "2": "工程建设其他费用"}
    price = Decimal("1000.00")
    values = {"no": "1", "name": "n", "kind": "OTHER", "contractor": "c", "price_type": "LUMP_SUM", "price": price}
    row = contracts.draft(item.project_id, actor=cast.lin, values=values, lines=[Line("全部", "1", price)])
    assert row.lines.get().cost_code == "1"


def test_a_contract_in_force_is_fixed_and_an_old_copy_is_noticed(cast: Cast) -> None:
    contract = works.a_contract(cast)
    lines = works.lines_of(contract.price)
    contracts.amend(contract.pk, actor=cast.lin, values={"name": "新名"}, lines=lines, expected_version=0)
    with pytest.raises(StaleState):
        contracts.amend(contract.pk, actor=cast.lin, values={"name": "旧"}, lines=lines, expected_version=0)
    works.do(contract, "take_effect", cast.lei)
    with refused("contract.fixed"):
        contracts.amend(contract.pk, actor=cast.lin, values={"name": "旧"}, lines=lines)
    assert fresh(contract).name == "新名"


@pytest.mark.parametrize(
    ("kind", "price", "warned"),
    [
        ("WORKS", "4000000.00", True), ("WORKS", "3999999.99", False), ("EQUIPMENT", "2000000.00", True),
        ("EQUIPMENT", "1999999.99", False), ("DESIGN", "1000000.00", True), ("SUPERVISION", "999999.99", False),
        ("CONSULTING", "4000000.00", False),
    ],
)  # fmt: skip
def test_a_contract_large_enough_to_be_tendered_shows_that_it_was_not(
    cast: Cast, kind: str, price: str, warned: bool
) -> None:
    contract, rules = works.a_contract(cast, price=price, kind=kind), contracting.rules_today()
    assert ("untendered" in contracting.contract_warnings(contract, rules)) == warned


def test_a_tender_or_a_direct_award_answers_for_a_large_contract(cast: Cast) -> None:
    direct = works.a_tender(cast, method="DIRECT")
    said = {"winner": works.WINNER, "award": "8600000.00", "notified_on": clock.today()}
    works.do(direct, "award_directly", cast.lei, document_no="会议纪要1号", reason="抢险", **said)
    for tender in (works.awarded(cast), direct):
        contract = works.a_contract(cast, tender=tender)
        assert "untendered" not in contracting.contract_warnings(contract, contracting.rules_today())


def test_a_draft_is_taken_back_and_keeps_no_project_from_its_settlement(cast: Cast) -> None:
    contract = works.in_force(cast)
    twice = works.a_contract(cast, contract.project)
    works.in_force(cast, works.a_contract(cast, contract.project))
    assert Project.objects.get(pk=contract.project_id).told.unsettled_contracts == 3
    with pytest.raises(NotPermitted):
        contracts.discard(twice.pk, actor=cast.lei)
    contracts.discard(twice.pk, actor=cast.lin)
    assert Project.objects.get(pk=contract.project_id).told.unsettled_contracts == 2
    entry = TraceEntry.objects.get(verb="execution.contract.discarded")
    assert entry.facts == {"no": twice.no, "name": twice.name, "price": "8600000.00"}
    with refused("contract.fixed"):
        contracts.discard(contract.pk, actor=cast.lin)


def test_the_value_is_price_supplements_and_approved_changes(cast: Cast) -> None:
    contract = works.in_force(cast)
    contracts.supplement(
        contract.pk, actor=cast.lin, no="补1", amount=Decimal("-200000.00"), signed_on=clock.today(), reason="缩减", cost_code="1.1"
    )  # fmt: skip
    works.a_change(cast, contract, "50000.00")  # only proposed: counts for nothing
    works.approved(cast, works.a_change(cast, contract, "100000.00"))
    contract = fresh(contract)
    assert facts.contract_value(contract) == Decimal("8500000.00") == contracting.value_of(contract).total
    by_code = facts.contracted_by_code(contract)
    assert by_code == {"1.1": Decimal("8400000.00"), "1.2": Decimal("100000.00")}
    entry = TraceEntry.objects.filter(verb="execution.contract.supplemented").get()
    assert (entry.reason, entry.facts["amount"]) == ("缩减", "-200000.00")


def test_what_is_wrong_with_a_supplement_is_said_at_once(cast: Cast) -> None:
    contract = works.a_contract(cast)
    with refused("contract.not_in_force", "invalid", "supplement.future", "contract.below_paid", "supplement.level"):
        contracts.supplement(
            contract.pk, actor=cast.lin, no="", amount=Decimal("-8600000.00"), reason="x",
            signed_on=clock.today() + timedelta(days=1),
        )  # fmt: skip
    contract = works.in_force(cast, contract)
    said = {"no": "补1", "amount": Decimal(1), "reason": "x"}
    contracts.supplement(contract.pk, actor=cast.lin, signed_on=clock.today(), **said)
    with refused("supplement.twice", "date.too_early"):
        contracts.supplement(contract.pk, actor=cast.lin, signed_on=clock.today() - timedelta(days=1), **said)


def test_a_supplement_changes_the_price_no_further_than_the_unit_may_decide(cast: Cast) -> None:
    """R-INV-14 by hand: 500,000 yuan and more, or 860,000 (a tenth) of all changes together, are for the authority."""
    contract = works.in_force(cast)

    def supplement(no: str, amount: str) -> None:
        contracts.supplement(
            contract.pk, actor=cast.lin, no=no, amount=Decimal(amount), signed_on=clock.today(), reason="增项", cost_code="1.1"
        )  # fmt: skip

    with refused("supplement.level"):
        supplement("补1", "500000.00")
    with refused("supplement.level"):
        supplement("补1", "-500000.00")
    supplement("补1", "499999.99")
    supplement("补2", "-360000.01")
    with refused("supplement.level"):
        supplement("补3", "0.01")
    supplement("补3", "0.00")
    assert works.a_change(cast, contract, "0.01").level == "SECTION", (
        "what supplements changed counts for change orders too"
    )


def test_a_contract_is_not_performed_while_changes_are_undecided(cast: Cast) -> None:
    contract = works.in_force(cast)
    change = works.a_change(cast, contract)
    with refused("contract.open_changes", "date.future"):
        works.do(contract, "complete", cast.lin, completed_on=clock.today() + timedelta(days=1))
    works.do(change, "reject", cast.lei, reason="不做了")
    assert works.do(contract, "complete", cast.lin, completed_on=clock.today()).completed_on == clock.today()


def test_only_the_own_unit_enters_contracts_and_others_read_them(cast: Cast) -> None:
    contract = works.in_force(cast)
    for person in ("lei", "wu", "xu", "zhao", "fang", "qian", "su"):
        actor = cast.actors[person]
        assert contracting.contract_of(actor, contract.pk).pk == contract.pk
        with pytest.raises(NotPermitted):
            contracts.draft(contract.project_id, actor=actor, values={})
    for person in ("sun", "song", "root"):
        with pytest.raises(NotFound):
            contracting.contract_of(cast.actors[person], contract.pk)
