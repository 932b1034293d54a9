"""Settlement of contracts: reviewed by the SET item that decided it, to the fen; the project moves on when all are settled."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import NotFound, NotPermitted, RuleViolation, StaleState
from core.models import TraceEntry
from execution import closing
from execution.contracting import rules_today
from execution.models import Contract
from execution.rules import settlement as rules
from execution.services import settlements
from projects.services import facts
from tests.support import books, finishing, works
from tests.support.cast import Cast, make_cast

YUAN = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("900000000"), places=2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def codes(act: Any) -> list[str]:
    with pytest.raises(RuleViolation) as caught:
        act()
    return [problem.code for problem in caught.value.problems]


@pytest.mark.django_db
def test_the_reviewed_amount_comes_from_the_review_and_settles_the_contract(cast: Cast) -> None:
    project = works.building(cast)
    facts.tell(project, physical_percent=Decimal(100))
    project = finishing.accepted(cast, finishing.in_acceptance(cast, project))
    contract = project.contracts.get()
    item = finishing.a_review(cast, project, "8600000.00", "0.95")
    assert finishing.fresh(project).stage == "SETTLEMENT", "the contract is not settled yet"
    row = finishing.handed_in(cast, contract, "8600000.00", item)
    (row,) = settlements.take_review(item.pk, actor=cast.lin)
    assert (row.reviewed, row.reviewed_on, row.document_no) == (
        Decimal("8170000.00"), item.decided_on, item.document_no,
    )  # fmt: skip
    assert Contract.objects.get(pk=contract.pk).state == "SETTLED"
    project = finishing.fresh(project)
    assert (project.stage, project.told.unsettled_contracts) == ("FINAL_AUDIT", 0)
    table = closing.settlement_table(project, rules_today(), clock.today())
    assert (table.reduction.net, table.reduction.rate) == (Decimal("430000.00"), Decimal("0.0500"))
    assert table.lines[0].flags == [] and table.unsettled == 0
    assert TraceEntry.objects.filter(verb="execution.settlement.reviewed").count() == 1
    assert codes(lambda: settlements.take_review(item.pk, actor=cast.lin))[0] == "settlement.item_taken"


@pytest.mark.django_db
def test_one_review_over_two_contracts_is_shared_out_to_the_fen(cast: Cast) -> None:
    project = works.building(cast)
    supervision = works.in_force(cast, works.a_contract(cast, project, price="700000.00", kind="SUPERVISION"))
    project = finishing.accepted(cast, finishing.in_acceptance(cast, project))
    first = project.contracts.exclude(pk=supervision.pk).get()
    item = finishing.a_review(cast, project, "9000000.00", "0.90")
    one = finishing.handed_in(cast, first, "8400000.00", item)
    two = finishing.handed_in(cast, supervision, "500000.00", item)
    halves = {one.pk: Decimal("7600000.00"), two.pk: Decimal("499999.99")}
    assert codes(lambda: settlements.take_review(item.pk, actor=cast.lin, shares=halves)) == [
        "settlement.declared", "settlement.shares",
    ]  # fmt: skip
    two = settlements.amend(
        two.pk, actor=cast.lin, submitted=Decimal("600000.00"), submitted_on=two.submitted_on, item_id=item.pk
    )
    assert codes(lambda: settlements.take_review(item.pk, actor=cast.lin)) == ["settlement.share_missing"]
    assert codes(lambda: settlements.take_review(item.pk, actor=cast.lin, shares={one.pk: Decimal(1), 999: Decimal(1)})) == [
        "settlement.foreign", "settlement.share_missing",
    ]  # fmt: skip
    halves[two.pk] = Decimal("500000.00")
    rows = settlements.take_review(item.pk, actor=cast.lin, shares=halves)
    assert sum(row.reviewed for row in rows) == Decimal("8100000.00")
    assert finishing.fresh(project).stage == "FINAL_AUDIT"
    books.a_payment(cast, first, "1000000.00")
    books.a_payment(cast, supervision, "200000.00", state="FINANCE_APPROVED")
    books.a_payment(cast, supervision, "5.00", state="DRAFT")
    table = closing.settlement_table(project, rules_today(), clock.today())
    assert (table.committed, table.reduction.net) == (Decimal("1200000.00"), Decimal("900000.00"))


@pytest.mark.django_db
def test_what_keeps_a_contract_from_being_settled_is_said_at_once(cast: Cast) -> None:
    project = works.building(cast)
    contract = project.contracts.get()
    works.a_change(cast, contract)
    works.approved(cast, works.a_change(cast, contract, "1000.00"))
    said = {"submitted": Decimal("-1.00"), "submitted_on": clock.today() + timedelta(days=1), "item_id": 99}
    assert codes(lambda: settlements.submit(contract.pk, actor=cast.lin, **said)) == [
        "settlement.not_accepted", "contract.open_changes", "contract.unpriced_changes", "settlement.nothing", "date.future",
        "settlement.item",
    ]  # fmt: skip
    assert codes(lambda: settlements.submit(contract.pk, actor=cast.lin, submitted=None, submitted_on=None))[-2:] == [
        "required", "required",
    ]  # fmt: skip
    assert contract.signed_on
    early = contract.signed_on - timedelta(days=1)
    assert "date.too_early" in codes(
        lambda: settlements.submit(contract.pk, actor=cast.lin, submitted=Decimal(1), submitted_on=early)
    )


@pytest.mark.django_db
def test_a_settlement_above_the_contract_is_let_in_and_flagged(cast: Cast) -> None:
    project = finishing.accepted(cast)
    contract = project.contracts.get()
    row = finishing.handed_in(cast, contract, "8600000.01")
    table = closing.settlement_table(project, rules_today(), clock.today())
    assert table.lines[0].flags == ["ABOVE_VALUE"] and table.unsettled == 1
    assert codes(lambda: finishing.handed_in(cast, contract)) == ["settlement.twice"]
    with pytest.raises(StaleState):
        settlements.amend(row.pk, actor=cast.lin, submitted=Decimal(1), submitted_on=clock.today(), expected_version=7)
    row = settlements.amend(row.pk, actor=cast.lin, submitted=Decimal("8600000.00"), submitted_on=clock.today())
    assert closing.settlement_table(project, rules_today(), clock.today()).lines[0].flags == []
    assert row.version == 1


@pytest.mark.django_db
def test_only_a_decided_review_is_taken_and_only_by_the_units_clerk(cast: Cast) -> None:
    project = finishing.accepted(cast)
    item = finishing.a_review(cast, project, until="SUBMITTED")
    finishing.handed_in(cast, project.contracts.get(), item=item)
    assert codes(lambda: settlements.take_review(item.pk, actor=cast.lin)) == ["settlement.undecided"]
    for actor in (cast.lei, cast.fzhao, cast.su, cast.qian):
        with pytest.raises(NotPermitted):
            settlements.take_review(item.pk, actor=actor)
    with pytest.raises(NotFound):
        settlements.take_review(item.pk, actor=cast.sun)
    with pytest.raises(NotPermitted):
        settlements.submit(project.contracts.get().pk, actor=cast.su, submitted=Decimal(1), submitted_on=clock.today())


@pytest.mark.django_db
def test_a_project_exempt_from_audit_goes_on_to_its_final_account(cast: Cast) -> None:
    project = finishing.settled(cast, finishing.accepted(cast, finishing.in_acceptance(cast, audit_mode="EXEMPT")))
    assert project.stage == "FINAL_ACCOUNT"
    assert project.stages.get(stage="FINAL_AUDIT").status == "SKIPPED_BY_RULE"


@pytest.mark.django_db
def test_the_lead_marks_tail_works_and_the_project_goes_on_without_them(cast: Cast) -> None:
    project = works.building(cast)
    garden = works.in_force(cast, works.a_contract(cast, project, price="700000.00", name="绿化尾工"))
    facts.tell(project, physical_percent=Decimal(100))
    project = finishing.settled_first(cast, finishing.accepted(cast, finishing.in_acceptance(cast, project)))
    assert (project.stage, project.told.unsettled_contracts) == ("SETTLEMENT", 1)
    for actor in (cast.lin, cast.su):
        with pytest.raises(NotPermitted):
            settlements.mark_tail_works(garden.pk, actor=actor, is_tail_works=True, reason="季节原因")
    assert codes(lambda: settlements.mark_tail_works(garden.pk, actor=cast.lei, is_tail_works=False, reason="")) == [
        "tail_works.unchanged", "required",
    ]  # fmt: skip
    with pytest.raises(StaleState):
        settlements.mark_tail_works(garden.pk, actor=cast.lei, is_tail_works=True, reason="季节", expected_version=9)
    garden = settlements.mark_tail_works(garden.pk, actor=cast.lei, is_tail_works=True, reason="季节原因，明春实施")
    project = finishing.fresh(project)
    assert (project.stage, project.told.unsettled_contracts, garden.is_tail_works) == ("FINAL_AUDIT", 0, True)
    assert TraceEntry.objects.get(verb="execution.contract.tail_works").reason == "季节原因，明春实施"
    settled = project.contracts.get(state="SETTLED")
    assert codes(lambda: settlements.mark_tail_works(settled.pk, actor=cast.lei, is_tail_works=True, reason="x")) == [
        "wrong_state", "settlement.twice",
    ]  # fmt: skip


@pytest.mark.django_db
def test_tail_works_are_settled_by_a_review_of_their_own_after_the_project(cast: Cast) -> None:
    project = works.building(cast)
    garden = works.in_force(cast, works.a_contract(cast, project, price="700000.00", name="绿化尾工"))
    project = finishing.settled_first(cast, finishing.accepted(cast, finishing.in_acceptance(cast, project)))
    settlements.mark_tail_works(garden.pk, actor=cast.lei, is_tail_works=True, reason="季节原因，明春实施")
    project = finishing.fresh(project)
    assert project.stage == "FINAL_AUDIT"
    item = finishing.a_review(cast, project, "700000.00", "0.90")
    finishing.handed_in(cast, garden, "700000.00", item)
    (row,) = settlements.take_review(item.pk, actor=cast.lin)
    garden.refresh_from_db()
    assert (garden.state, row.reviewed) == ("SETTLED", Decimal("630000.00"))
    assert finishing.fresh(project).stage == "FINAL_AUDIT"


@pytest.mark.django_db
def test_priced_changes_are_settled_with_their_contract(cast: Cast) -> None:
    project = works.building(cast)
    change = works.approved(cast, works.a_change(cast, project.contracts.get(), "1000.00"))
    change = works.do(change, "carry_out", cast.lin, done_on=clock.today())
    change = works.do(change, "price", cast.lin, priced="900.00")
    finishing.settled(cast, finishing.accepted(cast, finishing.in_acceptance(cast, project)))
    change.refresh_from_db()
    assert change.state == "SETTLED"


@given(value=YUAN, submitted=YUAN, reviewed=st.none() | YUAN, committed=YUAN)
def test_flags_say_exactly_what_the_figures_say(
    value: Decimal, submitted: Decimal, reviewed: Decimal | None, committed: Decimal
) -> None:
    found = rules.flags(rules.Figures(value, submitted, reviewed, committed))
    assert (rules.Flag.ABOVE_VALUE in found) == (submitted > value or (reviewed is not None and reviewed > value))
    assert (rules.Flag.INCREASED in found) == (reviewed is not None and reviewed - submitted > 0)
    assert (rules.Flag.OVERPAID in found) == (reviewed is not None and committed - reviewed > 0)


@given(parts=st.dictionaries(st.integers(1, 50), YUAN, min_size=1, max_size=6))
def test_shares_are_never_lost(parts: dict[int, Decimal]) -> None:
    whole = sum(parts.values())
    assert rules.shares_of(Decimal(whole), parts, parts) == parts
    assert rules.difference(parts.values(), Decimal(whole)) == 0
    assert rules.difference(parts.values(), Decimal(whole) - Decimal("0.01")) == Decimal("0.01")


@pytest.mark.parametrize(
    ("yuan", "bracket"),
    [
        ("4999999.99", 0),
        ("5000000.00", 1),
        ("19999999.99", 1),
        ("20000000.00", 2),
        ("50000000.00", 2),
        ("50000000.01", 3),
    ],
)
def test_the_brackets_of_the_time_a_review_may_take(yuan: str, bracket: int) -> None:
    assert rules.bracket_of(Decimal(yuan)) == bracket


@pytest.mark.parametrize(
    ("today", "reviewed", "light", "left"),
    [("2026-03-10", None, "GREEN", 11), ("2026-03-16", None, "YELLOW", 5), ("2026-03-21", None, "YELLOW", 0),
     ("2026-03-22", None, "RED", -1), ("2026-06-01", "2026-03-21", "GREY", 0), ("2026-06-01", "2026-03-22", "RED", -1)],
)  # fmt: skip
def test_the_clock_of_a_review_counts_from_the_day_after(
    today: str, reviewed: str | None, light: str, left: int
) -> None:
    ended = date.fromisoformat(reviewed) if reviewed else None
    clock_ = rules.review_clock(date(2026, 3, 1), 20, ended, date.fromisoformat(today), 5)
    assert (clock_.due_on, clock_.light, clock_.days_left) == (date(2026, 3, 21), light, left)
