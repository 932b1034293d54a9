"""Payments as stories: application, certificates, the caps of R-INV-11, the treasury's number."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Message
from approvals.message_wording import words_of
from core import clock
from core.errors import NotFound, NotPermitted, StaleState
from execution import facts, ledger
from execution.models import Payment
from execution.services import payments, progress
from execution.services.payments import Part
from projects.models import Project
from tests.support import building_site as site
from tests.support import works
from tests.support.cast import Cast, make_cast
from tests.support.stories import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def parts(payment: Payment) -> dict[str, str]:
    return {row.source: str(row.amount) for row in payment.funding.all()}


def test_an_application_walks_from_the_clerk_to_the_treasury(cast: Cast) -> None:
    contract = site.payable(cast)
    payment = site.applied(cast, contract, "1000000.00")
    assert (payment.state, payment.no, parts(payment)) == ("DRAFT", f"{contract.no}-01", {"4": "1000000.00"})
    said = {"signed_by": "总监 王工", "signed_on": clock.today()}
    payment = works.do(payment, "certify", cast.lin, certified="900000.00", **said)
    payment = works.do(payment, "check_cost", cast.lin, checked="850000.01", signed_by="造价 李工")
    assert (payment.amount, parts(payment)) == (Decimal("850000.01"), {"4": "850000.01"})
    payment = works.do(payment, "approve_by_owner", cast.lei)
    payment = works.do(payment, "approve_by_finance", cast.fang)
    assert payment.approved_on == clock.today()
    payment = works.do(payment, "pay", cast.fang, treasury_no="GK-1", paid_on=clock.today())
    assert (payment.state, payment.treasury_no) == ("PAID", "GK-1")
    assert [(row["move"], row["by"]) for row in payment.trail] == [
        ("certify", "林晓"), ("check_cost", "林晓"), ("approve_by_owner", "雷鸣"), ("approve_by_finance", "方圆"), ("pay", "方圆"),
    ]  # fmt: skip
    assert payment.trail[0]["signed_by"] == "总监 王工"


def test_every_cap_that_is_broken_is_said_at_once(cast: Cast) -> None:
    contract = site.payable(cast, funds="500000.00")
    works.released(cast, contract.project, "100000.00", source="2")
    split = [Part("4", Decimal("7000000.01")), Part("2", Decimal("100000.01"))]
    payment = site.checked(cast, site.applied(cast, contract, "7100000.02", funding=split))
    with refused("payment.cap.source", "payment.cap.source", "payment.cap.released", "payment.cap.contract"):
        works.do(payment, "approve_by_owner", cast.lei)
    assert Payment.objects.get(pk=payment.pk).state == "COST_CHECKED"


def test_four_fifths_of_the_contract_may_be_paid_to_the_fen(cast: Cast) -> None:
    contract = site.payable(cast)
    limit = Decimal("6880000.00")  # 80 % of 8,600,000
    first = site.paid(cast, site.applied(cast, contract, "6000000.00"))
    assert first.state == "PAID"
    over = site.checked(cast, site.applied(cast, contract, str(limit - 6000000 + Decimal("0.01"))))
    with refused("payment.cap.contract"):
        works.do(over, "approve_by_owner", cast.lei)
    exact = site.approved(cast, site.applied(cast, contract, str(limit - 6000000)))
    assert exact.state == "FINANCE_APPROVED"


def test_a_change_order_lifts_the_cap_and_a_return_gives_the_room_back(cast: Cast) -> None:
    contract = site.payable(cast)
    payment = site.approved(cast, site.applied(cast, contract, "6880000.00"))
    more = site.checked(cast, site.applied(cast, contract, "80000.00"))
    with refused("payment.cap.contract"):
        works.do(more, "approve_by_owner", cast.lei)
    works.approved(cast, works.a_change(cast, contract, "100000.00"))
    assert works.do(more, "approve_by_owner", cast.lei).state == "OWNER_APPROVED"
    works.do(payment, "return_payment", cast.fang, reason="账户有误")
    returned = Payment.objects.get(pk=payment.pk)
    assert (returned.certified, returned.approved_on, returned.trail[-1]["reason"]) == (None, None, "账户有误")
    assert site.approved(cast, returned).amount == Decimal("6880000.00"), "80 % of 8,700,000 hold both"


def test_certificates_cut_the_sources_to_the_fen_and_the_clerk_may_split_anew(cast: Cast) -> None:
    contract = site.payable(cast, funds="600.00")
    works.released(cast, contract.project, "300.00", source="2")
    split = [Part("4", Decimal("66.67")), Part("2", Decimal("33.33"))]
    payment = site.applied(cast, contract, "100.00", funding=split)
    payment = works.do(payment, "certify", cast.lin, certified="50.01", signed_by="王工")
    assert parts(payment) == {"2": "16.67", "4": "33.34"}
    with refused("payment.funding"):
        payments.split(payment.pk, actor=cast.lin, funding=[Part("4", Decimal("50.00"))])
    payment = payments.split(payment.pk, actor=cast.lin, funding=[Part("2", Decimal("50.01"))])
    assert parts(payment) == {"2": "50.01"}
    payment = works.do(payment, "check_cost", cast.lin, checked="50.00", signed_by="李工")
    payment = works.do(payment, "approve_by_owner", cast.lei)
    with refused("payment.fixed"):
        payments.split(payment.pk, actor=cast.lin, funding=[Part("4", Decimal("50.00"))])


def test_no_paper_certifies_more_than_the_paper_before_it(cast: Cast) -> None:
    payment = site.applied(cast, site.payable(cast), "100.00")
    tomorrow = clock.today() + timedelta(days=1)
    with refused("payment.above_previous", "date.future"):
        works.do(payment, "certify", cast.lin, certified="100.01", signed_by="王工", signed_on=tomorrow)
    with refused("payment.nothing"):
        works.do(payment, "certify", cast.lin, certified="0.00", signed_by="王工")
    works.do(payment, "certify", cast.lin, certified="90.00", signed_by="王工")
    with refused("payment.above_previous"):
        works.do(payment, "check_cost", cast.lin, checked="90.01", signed_by="李工")


def test_what_is_wrong_with_an_application_is_said_at_once(cast: Cast) -> None:
    contract = site.payable(cast)
    site.applied(cast, contract, "100.00", no="1")
    said = {"no": "1", "kind": "PROGRESS", "applied": Decimal("100.00"), "work_value": Decimal("99.99")}
    split = [Part("4", Decimal("50.00")), Part("4", Decimal("0.00")), Part("99", Decimal("49.99"))]
    with refused(
        "payment.twice", "payment.above_work", "payment.source", "payment.source_twice", "payment.part", "payment.funding",
    ):  # fmt: skip
        payments.apply(contract.pk, actor=cast.lin, values=said, funding=split)
    with refused("payment.contract", "invalid"):
        payments.apply(works.a_contract(cast).pk, actor=cast.lin, values={"kind": "GIFT", "applied": Decimal(1)})
    with refused("payment.nothing"):
        payments.apply(contract.pk, actor=cast.lin, values={"kind": "OTHER", "applied": Decimal("0.00")})


def test_a_progress_payment_rests_on_a_submitted_report_with_a_photo(cast: Cast) -> None:
    contract = site.payable(cast)
    said = {"kind": "PROGRESS", "applied": Decimal("100.00")}
    with refused("payment.no_report"):
        works.do(
            payments.apply(contract.pk, actor=cast.lin, values=said), "certify", cast.lin, certified="1", signed_by="x"
        )
    draft = site.with_photo(cast, site.a_report(cast, contract.project))
    payment = payments.apply(contract.pk, actor=cast.lin, values=said, report_id=draft.pk)
    with refused("payment.no_report"):
        works.do(payment, "certify", cast.lin, certified="1", signed_by="x")
    works.do(draft, "submit", cast.lin)
    site.approved(cast, payment)
    with refused("progress.paid"):
        works.do(draft, "return_report", cast.wu, reason="图不清")
    stranger = site.a_report(cast, works.in_procurement(cast))
    with pytest.raises(NotFound):
        payments.apply(contract.pk, actor=cast.lin, values=said, report_id=stranger.pk)


def test_what_the_report_measured_is_the_value_of_the_work(cast: Cast) -> None:
    contract = site.payable(cast)
    concrete = contract.lines.get(name="C30 混凝土")
    site.reported(cast, contract.project, measured=[progress.Measured(concrete.pk, Decimal(100))])
    assert site.applied(cast, contract, "40000.00").work_value == Decimal("50000.00")
    with refused("payment.above_work"):
        site.applied(cast, contract, "50000.01")


def test_the_work_of_one_report_is_paid_once(cast: Cast) -> None:
    contract = site.payable(cast)
    concrete = contract.lines.get(name="C30 混凝土")
    report = site.reported(cast, contract.project, measured=[progress.Measured(concrete.pk, Decimal(100))])
    first = site.applied(cast, contract, "30000.00")
    with refused("payment.above_work"):
        site.applied(cast, contract, "20000.01")
    second = site.checked(cast, site.applied(cast, contract, "20000.00"))
    works.do(second, "return_payment", cast.lei, reason="重报")
    third = site.checked(cast, site.applied(cast, contract, "20000.00"))
    back = site.checked(cast, second)
    with refused("payment.above_work"):
        works.do(back, "approve_by_owner", cast.lei)
    works.do(third, "return_payment", cast.lei, reason="重报")
    assert site.approved(cast, first).report_id == report.pk
    assert works.do(back, "approve_by_owner", cast.lei).state == "OWNER_APPROVED"


def test_advances_keep_to_the_agreed_share(cast: Cast) -> None:
    contract = site.payable(cast)
    site.paid(cast, site.applied(cast, contract, "800000.00", "ADVANCE"))
    over = site.checked(cast, site.applied(cast, contract, "60000.01", "ADVANCE"))
    with refused("payment.cap.advance"):
        works.do(over, "approve_by_owner", cast.lei)
    assert site.approved(cast, site.applied(cast, contract, "60000.00", "ADVANCE")).state == "FINANCE_APPROVED"


def test_the_settled_price_rules_after_the_settlement_and_retention_fills_it_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = site.payable(cast, warranty_until=clock.today() + timedelta(days=1))
    early = site.applied(cast, contract, "100.00", "SETTLEMENT")
    with refused("payment.not_settled"):
        works.do(early, "certify", cast.lin, certified="1.00", signed_by="x")
    monkeypatch.setattr(facts, "settled_value", lambda contract: Decimal("8000000.00"))
    most = site.checked(cast, site.applied(cast, contract, "7760000.01", "SETTLEMENT"))
    with refused("payment.cap.contract"):
        works.do(most, "approve_by_owner", cast.lei)
    site.paid(cast, site.applied(cast, contract, "7760000.00", "SETTLEMENT"))
    retention = site.applied(cast, contract, "240000.00", "RETENTION")
    with refused("payment.warranty"):
        works.do(retention, "certify", cast.lin, certified="1.00", signed_by="x")
    with clock.at(clock.today() + timedelta(days=2)):
        assert site.paid(cast, retention).state == "PAID"


def test_the_treasury_number_is_used_once_and_its_day_is_possible(cast: Cast) -> None:
    contract = site.payable(cast)
    site.paid(cast, site.applied(cast, contract, "100.00"), treasury_no="GK-1")
    payment = site.approved(cast, site.applied(cast, contract, "100.00"))
    with refused("payment.treasury_no", "date.too_early"):
        works.do(payment, "pay", cast.fang, treasury_no="GK-1", paid_on=clock.today() - timedelta(days=1))
    with refused("date.future"):
        works.do(payment, "pay", cast.fang, treasury_no="GK-2", paid_on=clock.today() + timedelta(days=1))


def test_a_suspended_project_pays_nothing(cast: Cast) -> None:
    contract = site.payable(cast)
    payment = site.checked(cast, site.applied(cast, contract, "100.00"))
    Project.objects.filter(pk=contract.project_id).update(stage="SUSPENDED", resume_stage="PROCUREMENT")
    with refused("payment.suspended"):
        works.do(payment, "approve_by_owner", cast.lei)


def test_only_the_own_clerk_applies_and_everybody_keeps_to_his_post(cast: Cast) -> None:
    contract = site.payable(cast)
    payment = site.applied(cast, contract, "100.00")
    said = {"kind": "OTHER", "applied": Decimal("1.00")}
    for person in ("lei", "wu", "xu", "zhao", "fang", "qian", "su"):
        with pytest.raises(NotPermitted):
            payments.apply(contract.pk, actor=cast.actors[person], values=said)
        with pytest.raises(NotPermitted):
            payments.amend(payment.pk, actor=cast.actors[person], values=said)
    for person in ("sun", "song", "root"):
        with pytest.raises(NotFound):
            payments.apply(contract.pk, actor=cast.actors[person], values=said)
        with pytest.raises(NotFound):
            works.do(payment, "certify", cast.actors[person], certified="1.00", signed_by="x")
    agreed = site.agreed(cast, payment)
    for person in ("lin", "lei", "zhao", "qian"):
        with pytest.raises(NotPermitted):
            works.do(agreed, "approve_by_finance", cast.actors[person])
    works.do(agreed, "approve_by_finance", cast.fang)
    with pytest.raises(NotPermitted):
        works.do(agreed, "return_payment", cast.lei, reason="x")


def test_a_draft_is_corrected_or_withdrawn_and_what_is_certified_is_not(cast: Cast) -> None:
    payment = site.applied(cast, site.payable(cast), "100.00")
    report = payment.report_id
    said = {"kind": "PROGRESS", "applied": Decimal("90.00")}
    payment = payments.amend(payment.pk, actor=cast.lin, values=said, report_id=report, expected_version=0)
    assert (payment.amount, parts(payment), payment.version) == (Decimal("90.00"), {"4": "90.00"}, 1)
    with pytest.raises(StaleState):
        payments.amend(payment.pk, actor=cast.lin, values=said, expected_version=0)
    works.do(payment, "withdraw", cast.lin, reason="重报")
    works.do(payment, "certify", cast.lin, certified="90.00", signed_by="x")
    with refused("payment.fixed"):
        payments.amend(payment.pk, actor=cast.lin, values=said)


def test_the_ledger_shows_what_each_person_may_see(cast: Cast) -> None:
    contract = site.payable(cast)
    paid = site.paid(cast, site.applied(cast, contract, "100.00"))
    site.applied(cast, contract, "50.00")
    rows = ledger.entries(cast.fang)
    assert [ledger.row_of(row).state for row in rows] == ["DRAFT", "PAID"]
    assert ledger.totals(rows) == {
        "applied": Decimal("150.00"), "committed": Decimal("100.00"), "paid": Decimal("100.00"),
    }  # fmt: skip
    wanted = ledger.LedgerFilter(project=contract.project_id, states=("PAID",), source="4", since=clock.today())
    assert [ledger.row_of(row).id for row in ledger.entries(cast.fang, wanted)] == [paid.pk]
    assert ledger.row_of(paid).sources == {"4": Decimal("100.00")}
    assert not ledger.entries(cast.sun).exists()
    assert ledger.paid_by_month(rows) == {clock.today().replace(day=1): Decimal("100.00")}


def test_whoever_applied_is_told_of_a_return_and_of_the_payment(cast: Cast) -> None:
    contract = site.payable(cast)
    payment = site.agreed(cast, site.applied(cast, contract, "100.00"))
    works.do(payment, "return_payment", cast.fang, reason="账户有误")
    site.paid(cast, payment)
    told = Message.objects.filter(user=cast.lin.user, code__startswith="payment.").order_by("pk")
    assert [(row.code, row.link) for row in told] == [
        ("payment.returned", payment.get_absolute_url()), ("payment.paid", payment.get_absolute_url()),
    ]  # fmt: skip
    words = [words_of(row) for row in told]
    assert "账户有误" in words[0]
    assert "100.00" in words[1]
