"""Payments as stories: application, certificates, the caps of R-INV-11, the treasury's number."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core import clock
from core.errors import NotFound, NotPermitted, StaleState
from execution.models import Contract, Payment, ProgressReport
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
