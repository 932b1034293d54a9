"""Whatever is done in whatever order: what is paid or approved never exceeds releases, sources, or the share of a contract."""

import io
import random
from decimal import ROUND_HALF_UP, Decimal

import pytest

from core import trace
from core.errors import DomainError, RuleViolation
from execution.models import Contract, FundRelease, Payment, PaymentFunding
from execution.services import treasury
from execution.services.payments import Part
from projects.models import Project
from tests.support import building_site as site
from tests.support import works
from tests.support.at_once import at_once, refusals
from tests.support.cast import Cast, make_cast

COMMITTED = ("FINANCE_APPROVED", "PAID")
SOURCES = ("2", "4")
FEN = Decimal("0.01")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def fen(rng: random.Random, most: int) -> Decimal:
    return Decimal(rng.randint(1, most * 100)) / 100


def released_to(project: Project, source: str) -> Decimal:
    return sum((row.amount for row in FundRelease.objects.filter(project=project, source=source)), Decimal(0))


def used_of(project: Project, source: str) -> Decimal:
    rows = PaymentFunding.objects.filter(source=source, payment__contract__project=project)
    return sum((row.amount for row in rows if row.payment.state in COMMITTED), Decimal(0))


def limit_of(contract: Contract) -> Decimal:
    """Four fifths of price, supplements and approved changes."""
    contract = Contract.objects.get(pk=contract.pk)
    changed = [change.priced if change.priced is not None else change.estimated
               for change in contract.changes.filter(state__in=("APPROVED", "IMPLEMENTED", "PRICED", "SETTLED"))]  # fmt: skip
    value = contract.price + sum(row.amount for row in contract.supplements.all()) + sum(changed)
    return (value * Decimal("0.8")).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def used_under(contract: Contract, **only: str) -> Decimal:
    rows = Payment.objects.filter(contract=contract, state__in=COMMITTED, **only)
    return sum((row.amount for row in rows), Decimal(0))


def caps_are_kept(project: Project) -> None:
    """Recomputed from the rows alone, by another way than the guards."""
    for source in SOURCES:
        assert used_of(project, source) <= released_to(project, source)
    for contract in Contract.objects.filter(project=project):
        assert used_under(contract) <= limit_of(contract)
        assert used_under(contract, kind="ADVANCE") <= contract.price / 10
        for row in Payment.objects.filter(contract=contract, state__in=COMMITTED):
            assert sum(part.amount for part in row.funding.all()) == row.amount


def an_application(cast: Cast, rng: random.Random, contract: Contract) -> Payment:
    """Just what is left, a fen above it, much more, or something below; the sources as unkindly."""
    kind = rng.choice(("OTHER", "ADVANCE"))
    left = contract.price / 10 - used_under(contract, kind="ADVANCE") if kind == "ADVANCE" else limit_of(contract) - used_under(contract)  # fmt: skip
    at_the_edge = (left, left + FEN, left / 2, left * 2, fen(rng, 200_000))
    asked = max(rng.choice(at_the_edge).quantize(FEN), FEN)
    first = max(released_to(contract.project, "4") - used_of(contract.project, "4"), FEN)
    first = rng.choice((asked, first, first + FEN, fen(rng, 200_000)))
    parts = [Part("4", first), Part("2", asked - first)] if first < asked else [Part("4", asked)]
    return site.applied(cast, contract, str(asked), kind, funding=parts)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_no_sequence_of_acts_breaks_a_cap(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    project = works.in_procurement(cast)
    contracts = [works.in_force(cast, works.a_contract(cast, project, price="601000.00")) for _ in range(2)]
    works.released(cast, project, "250000.00", source="4")
    works.released(cast, project, "250000.00", source="2")
    refused: set[str] = set()
    for _ in range(45):
        rows = list(Payment.objects.filter(contract__project=project).exclude(state="PAID"))
        act = rng.choice(("apply", "return", "release", "change", *["move"] * 6)) if len(rows) > 3 else "apply"
        row = rng.choice(rows) if rows else None
        try:
            if act == "apply":
                an_application(cast, rng, rng.choice(contracts))
            elif act == "release":
                works.released(cast, project, str(fen(rng, 20_000)), source=rng.choice(SOURCES))
            elif act == "change":
                works.approved(cast, works.a_change(cast, rng.choice(contracts), str(fen(rng, 5_000))))
            elif act == "return":
                works.do(row, "return_payment", cast.fang, reason="x")
            else:
                as_far_as_it_goes(cast, rng, row)
        except RuleViolation as refusal:
            refused |= {problem.code for problem in refusal.problems}
        caps_are_kept(project)
    assert {f"payment.cap.{name}" for name in ("source", "released", "contract", "advance")} <= refused
    assert Payment.objects.filter(state__in=COMMITTED).exists()


def as_far_as_it_goes(cast: Cast, rng: random.Random, payment: Payment) -> None:
    """To the desk of finance, where several wait at once, and from there a move or two."""
    payment = step(cast, rng, payment)
    while payment.state in ("SUPERVISION_CHECKED", "COST_CHECKED"):
        payment = step(cast, rng, payment)
    if payment.state == "FINANCE_APPROVED" and rng.random() < 0.5:
        step(cast, rng, payment)


def step(cast: Cast, rng: random.Random, payment: Payment) -> Payment:
    """The next move of a payment, whatever it is."""
    if payment.state in ("DRAFT", "RETURNED"):
        cut = max((payment.applied * rng.choice((Decimal(1), Decimal(1), Decimal("0.3333")))).quantize(FEN), FEN)
        return works.do(payment, "certify", cast.lin, certified=cut, signed_by="x")
    if payment.state == "SUPERVISION_CHECKED":
        return works.do(payment, "check_cost", cast.lin, checked=payment.amount, signed_by="x")
    if payment.state == "COST_CHECKED":
        return works.do(payment, "approve_by_owner", cast.lei)
    if payment.state == "OWNER_APPROVED":
        return works.do(payment, "approve_by_finance", cast.fang)
    return works.do(payment, "pay", cast.fang, treasury_no=f"GK-{payment.pk}", paid_on=site.clock.today())


@pytest.mark.django_db
def test_finance_looks_at_the_caps_anew_whatever_the_unit_has_agreed_to(cast: Cast) -> None:
    project = works.in_procurement(cast)
    contracts = [works.in_force(cast, works.a_contract(cast, project)) for _ in range(2)]
    works.released(cast, project, "1000.00")
    first, second = (site.agreed(cast, site.applied(cast, contract, "600.00", "OTHER")) for contract in contracts)
    works.do(first, "approve_by_finance", cast.fang)
    with pytest.raises(RuleViolation) as refusal:
        works.do(second, "approve_by_finance", cast.fang)
    assert [problem.code for problem in refusal.value.problems] == ["payment.cap.source", "payment.cap.released"]
    works.released(cast, project, "200.00")
    assert works.do(second, "approve_by_finance", cast.fang).state == "FINANCE_APPROVED"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_payments_approved_at_once_only_what_the_releases_hold_is(cast: Cast) -> None:
    project = works.in_procurement(cast)
    contracts = [works.in_force(cast, works.a_contract(cast, project)) for _ in range(3)]
    works.released(cast, project, "1000.00")
    ready = [site.agreed(cast, site.applied(cast, contract, "600.00", "OTHER")) for contract in contracts]
    results = at_once(*[lambda row=row: works.do(row, "approve_by_finance", cast.fang) for row in ready])
    lost = refusals(results)
    assert [sorted(problem.code for problem in error.problems) for error in lost] == [
        ["payment.cap.released", "payment.cap.source"]
    ] * 2
    caps_are_kept(project)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_payments_of_a_contract_approved_at_once_only_four_fifths_are(cast: Cast) -> None:
    contract = site.payable(cast)
    ready = [site.agreed(cast, site.applied(cast, contract, "4000000.00", "OTHER")) for _ in range(2)]
    results = at_once(*[lambda row=row: works.do(row, "approve_by_finance", cast.fang) for row in ready])
    assert [[problem.code for problem in error.problems] for error in refusals(results)] == [["payment.cap.contract"]]
    caps_are_kept(contract.project)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_months_measured_at_once_keep_together_to_the_contract(cast: Cast) -> None:
    contract = site.payable(cast)
    doors = contract.lines.get(name="防火门")
    months = [site.first_of(site.clock.today()), site.first_of(site.first_of(site.clock.today()) - site.A_DAY)]
    results = at_once(
        *[
            lambda month=month: site.a_report(
                cast, contract.project, month, measured=[site.Measured(doors.pk, Decimal(30))]
            )
            for month in months
        ]
    )
    lost = refusals(results)
    assert all(isinstance(error, DomainError) for error in lost), lost
    assert [[problem.code for problem in error.problems] for error in lost] == [["progress.measured"]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_treasury_number_pays_one_payment_only_whatever_the_project(cast: Cast) -> None:
    ready = [site.approved(cast, site.applied(cast, site.payable(cast), "10.00", "OTHER")) for _ in range(2)]
    files = [f"支付编号,金额,国库支付编号,支付日期\n{row.no},10.00,GK-1,{site.clock.today()}" for row in ready]
    results = at_once(
        *[
            lambda file=file: treasury.take_in(io.BytesIO(file.encode()), name="r.csv", actor=cast.fang)
            for file in files
        ]
    )
    assert refusals(results) == []
    assert sorted(done.result[0]["outcome"] for done in results) == ["PAID", "REFUSED"]
    assert Payment.objects.filter(state="PAID").count() == 1
    assert trace.verify().broken == ""
