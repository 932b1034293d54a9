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


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def fen(rng: random.Random, most: int) -> Decimal:
    return Decimal(rng.randint(1, most * 100)) / 100


def caps_are_kept(project: Project) -> None:
    """Recomputed from the rows alone, by another way than the guards."""
    released: dict[str, Decimal] = {}
    for row in FundRelease.objects.filter(project=project):
        released[row.source] = released.get(row.source, Decimal(0)) + row.amount
    used: dict[str, Decimal] = {}
    for part in PaymentFunding.objects.filter(payment__contract__project=project, payment__state__in=COMMITTED):
        used[part.source] = used.get(part.source, Decimal(0)) + part.amount
    assert all(amount <= released.get(source, 0) for source, amount in used.items()), (used, released)
    for contract in Contract.objects.filter(project=project):
        rows = list(Payment.objects.filter(contract=contract, state__in=COMMITTED))
        changed = [change.priced if change.priced is not None else change.estimated
                   for change in contract.changes.filter(state__in=("APPROVED", "IMPLEMENTED", "PRICED", "SETTLED"))]  # fmt: skip
        value = contract.price + sum(row.amount for row in contract.supplements.all()) + sum(changed)
        limit = (value * Decimal("0.8")).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        assert sum((row.amount for row in rows), Decimal(0)) <= limit
        for row in rows:
            assert sum(part.amount for part in row.funding.all()) == row.amount


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_no_sequence_of_acts_breaks_a_cap(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    project = works.in_procurement(cast)
    contracts = [works.in_force(cast, works.a_contract(cast, project, price="601000.00")) for _ in range(2)]
    works.released(cast, project, "400000.00", source="4")
    works.released(cast, project, "300000.00", source="2")
    done = refused = 0
    for _ in range(45):
        rows = list(Payment.objects.filter(contract__project=project).exclude(state="PAID"))
        act = rng.choice(("apply", "return", "release", "change", *["move"] * 9))
        try:
            if act == "apply":
                asked = fen(rng, 300_000)
                first = fen(rng, 300_000)
                parts = [Part("4", first), Part("2", asked - first)] if first < asked else [Part("4", asked)]
                site.applied(cast, rng.choice(contracts), str(asked), "OTHER", funding=parts)
            elif act == "release":
                works.released(cast, project, str(fen(rng, 50_000)), source=rng.choice(("2", "4")))
            elif act == "change":
                works.approved(cast, works.a_change(cast, rng.choice(contracts), str(fen(rng, 5_000))))
            elif rows and act == "return":
                works.do(rng.choice(rows), "return_payment", cast.fang, reason="x")
            elif rows:
                step(cast, rng, rng.choice(rows))
            done += 1
        except RuleViolation:
            refused += 1
        caps_are_kept(project)
    assert done > 20
    assert Payment.objects.filter(state__in=COMMITTED).exists()


def step(cast: Cast, rng: random.Random, payment: Payment) -> None:
    """The next move of a payment, whatever it is."""
    if payment.state in ("DRAFT", "RETURNED"):
        cut = payment.applied * rng.choice((Decimal(1), Decimal("0.9"), Decimal("0.3333")))
        works.do(payment, "certify", cast.lin, certified=cut.quantize(Decimal("0.01")), signed_by="x")
    elif payment.state == "SUPERVISION_CHECKED":
        works.do(payment, "check_cost", cast.lin, checked=payment.amount, signed_by="x")
    elif payment.state == "COST_CHECKED":
        works.do(payment, "approve_by_owner", cast.lei)
    elif payment.state == "OWNER_APPROVED":
        works.do(payment, "approve_by_finance", cast.fang)
    else:
        today = site.clock.today()
        works.do(payment, "pay", cast.fang, treasury_no=f"GK-{payment.pk}", paid_on=today)


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
