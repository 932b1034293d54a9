"""The final account: filled from the books, balanced, submitted, approved with reduction."""

from decimal import Decimal

import pytest

from assets import findings, holdings
from core import clock, rulebook
from tests.support import account as closing
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def found(account):
    return findings.balance_findings(account, rulebook.on(clock.today()))


def test_an_account_is_filled_from_contracts_releases_and_assets(cast):
    account = closing.an_account(cast)
    forms = holdings.forms_of(account)
    assert forms.amount("01.works.actual") == Decimal("8600000.00")
    assert forms.amount("01.total.approved") == Decimal("12000000.00")
    assert forms.amount("03.total.received") == Decimal("9000000.00")
    assert forms.amount("04.total.total") == forms.amount("05.total.amount") == Decimal("8600000.00")
    assert forms.amount("02.cash.amount") == Decimal("9000000.00")
    assert forms.amount("02.payables.amount") == Decimal("8600000.00")
    assert found(account) == []
