"""The one clock: real unless a block stops it, and for the tests one that goes on from a fixed day."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from core import clock


@pytest.fixture
def put_right() -> Iterator[None]:
    before = clock.now()
    yield
    clock.begin(before)


def test_the_clock_goes_on_from_its_beginning_in_every_thread(put_right):
    first = clock.office_hour(date(2025, 3, 31), 23, 59)
    clock.begin(first)
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(clock.now).result()
    assert first < elsewhere < clock.now() < first + timedelta(minutes=1)
    assert clock.today() == date(2025, 3, 31)


def test_a_stopped_clock_stands_for_its_own_block_only(put_right):
    with clock.at(date(2020, 2, 29)):
        assert clock.now() == clock.office_hour(date(2020, 2, 29))
    assert clock.today() != date(2020, 2, 29)


def test_the_day_is_that_of_china():
    assert clock.date_of(clock.office_hour(date(2026, 1, 1), 0).astimezone(tz=None)) == date(2026, 1, 1)
