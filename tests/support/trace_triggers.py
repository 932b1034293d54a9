"""Lets the tests empty the database although triggers refuse to delete the trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection
from django.test import TransactionTestCase

from core import triggers


@contextmanager
def lifted_while_flushing() -> Iterator[None]:
    """Inside the block, the flush that ends a transactional test runs without the triggers, and only it does."""
    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(test_case: Any) -> None:
        triggers.remove(connection)
        try:
            flush(test_case)
        finally:
            triggers.install(connection)

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", flush_without_triggers):
        yield
