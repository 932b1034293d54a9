"""Money is exact on the way in, in the database and on the way out."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from core import money
from projects.models import ProjectFunding
from tests.support import lives
from tests.support.cast import make_cast

YUAN = st.decimals(min_value=0, max_value=10**13, places=2, allow_nan=False)


@pytest.mark.django_db
def test_the_database_adds_exactly() -> None:
    """0.10 a thousand times, and sums beyond what a binary fraction holds, come back to the fen."""
    project = lives.a_project(make_cast())
    amounts = [Decimal("0.10")] * 1000 + [Decimal("99999999999999.99"), Decimal("0.01")]
    ProjectFunding.objects.bulk_create(
        ProjectFunding(project=project, source=f"s{n}", amount=amount) for n, amount in enumerate(amounts)
    )
    total = ProjectFunding.objects.aggregate(total=Sum("amount"))["total"]
    assert isinstance(total, Decimal)
    assert total == Decimal("100000000000100.00") and str(total) == "100000000000100.00"
    assert ProjectFunding.objects.filter(amount=Decimal("0.1")).count() == 1000


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [0.1, "abc", "NaN", "Infinity"])
def test_what_is_no_exact_amount_is_refused(wrong: object) -> None:
    project = lives.a_project(make_cast())
    with pytest.raises(ValidationError):
        ProjectFunding.objects.create(project=project, source="4", amount=wrong)


@given(amount=YUAN, weights=st.lists(st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=9))
def test_parts_always_add_up(amount: Decimal, weights: list[Decimal]) -> None:
    if sum(weights) <= 0:
        with pytest.raises(ValueError, match="more than zero"):
            money.allocate(amount, weights)
        return
    parts = money.allocate(amount, weights)
    assert sum(parts) == amount
    exact = [amount * weight / sum(weights) for weight in weights]
    assert all(abs(part - share) <= Decimal("0.005") * len(parts) for part, share in zip(parts, exact, strict=True))


@given(amount=YUAN)
def test_fen_and_wan_keep_every_amount(amount: Decimal) -> None:
    assert money.to_yuan(money.to_fen(amount)) == amount
    assert money.from_wan(amount / 10_000) == amount


def test_rounding_is_half_up_and_rates_of_nothing_are_none() -> None:
    assert [money.quantise(Decimal(a)) for a in ("0.125", "0.135", "-0.125")] == [
        Decimal("0.13"), Decimal("0.14"), Decimal("-0.13"),
    ]  # fmt: skip
    assert money.ratio(Decimal("66905"), Decimal("265919")) == Decimal("0.2516")
    assert money.ratio(Decimal(1), Decimal(0)) is None
    with pytest.raises(ValueError, match="six decimals"):
        money.from_wan(Decimal("1.0000001"))
