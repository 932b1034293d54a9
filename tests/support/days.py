"""Moves the product's clock in a test. Only `core.clock` is moved; the machine's own clock is not touched."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from unittest import mock

from core import clock


@contextmanager
def on(moment: date | datetime) -> Iterator[None]:
    """Runs the block as if it were that moment, also in the live server's threads (`clock.at` is for one thread)."""
    if not isinstance(moment, datetime):
        moment = clock.office_hour(moment)
    stopped = SimpleNamespace(now=lambda: moment)
    with mock.patch.multiple(clock, timezone=stopped, _ahead=timedelta(0)):
        yield
