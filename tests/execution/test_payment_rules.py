"""The rules of payments and of progress without a database: caps to the fen, parts that add up, quantities that end in the amount."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execution.rules import payments, progress
from execution.rules.payments import Cap, SourceStanding, Standing

FEN = st.integers(0, 10**12).map(lambda fen: Decimal(fen) / 100)
SOME = st.integers(1, 10**12).map(lambda fen: Decimal(fen) / 100)


def standing(asked: str, **facts: object) -> Standing:
    said = {"project_released": Decimal(100), "project_committed": Decimal(0), "contract_basis": Decimal(100),
            "contract_committed": Decimal(0), "cap": Decimal("0.80"), **facts}  # fmt: skip
    return Standing(asked=Decimal(asked), **said)


def test_exactly_the_cap_passes_and_a_fen_more_does_not() -> None:
    assert payments.excesses(standing("80.00")) == []
    found = payments.excesses(standing("80.01"))
    assert [(row.cap, row.room, row.limit) for row in found] == [(Cap.CONTRACT, Decimal("80.00"), Decimal("80.00"))]


def test_room_is_never_negative_even_where_funds_were_taken_back() -> None:
    found = payments.excesses(
        standing(
            "1.00", project_released=Decimal(10), project_committed=Decimal(30),
            sources=(SourceStanding("4", Decimal(10), Decimal(30), Decimal("1.00")),),
        )
    )  # fmt: skip
    assert [(row.cap, row.room) for row in found] == [(Cap.SOURCE, Decimal(0)), (Cap.RELEASED, Decimal(0))]


@given(st.lists(SOME, min_size=1, max_size=8), FEN)
def test_scaled_parts_always_add_up_and_keep_their_proportion(amounts: list[Decimal], total: Decimal) -> None:
    parts = {str(n): amount for n, amount in enumerate(amounts)}
    scaled = payments.scaled(parts, total)
    assert sum(scaled.values()) == total
    assert all(part > 0 for part in scaled.values())
    whole = sum(amounts)
    for code, part in parts.items():
        assert abs(scaled.get(code, Decimal(0)) - part * total / whole) < Decimal("0.01") + Decimal("1e-9")


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=12), st.integers(1, 10**10),
    st.one_of(st.none(), st.integers(0, 10**7)),
)  # fmt: skip
def test_months_never_fall_and_end_in_the_amount(steps: list[int], fen: int, price: int | None) -> None:
    whole = Decimal(sum(steps) or 1) / 10000
    amount = Decimal(fen) / 100
    unit_price = Decimal(price) / 10000 if price is not None else None
    done, given_out = Decimal(0), Decimal(0)
    for step in [*steps, 0] if sum(steps) else [1]:
        done += Decimal(step) / 10000
        value = progress.worth(done, whole, amount, unit_price)
        assert value >= given_out
        given_out = value
    assert given_out == amount


@pytest.mark.parametrize(
    ("month", "due"), [("2026-01-01", "2026-02-05"), ("2026-11-01", "2026-12-05"), ("2026-12-01", "2027-01-05")]
)
def test_a_report_is_due_on_day_five_of_the_next_month(month: str, due: str) -> None:
    assert progress.due_on(date.fromisoformat(month), 5) == date.fromisoformat(due)


def test_the_plan_is_a_line_from_stone_to_stone() -> None:
    first = date(2026, 1, 1)
    points = [progress.Point(first + timedelta(days=100), Decimal(50)), progress.Point(first, Decimal(10))]
    on = [progress.planned_at(points, first + timedelta(days=n)) for n in (-1, 0, 50, 100, 500)]
    assert on == [Decimal("0.00"), Decimal("10.00"), Decimal("30.00"), Decimal("50.00"), Decimal("50.00")]
    assert progress.planned_at([], first) is None
