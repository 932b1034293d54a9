"""Proves that reading does not write: for GET views, selectors and reports."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
# Signing in and moving the end of a session is Django's own book-keeping.
BOOK_KEEPING = re.compile(r"django_session|axes_")


@contextmanager
def no_writes() -> Iterator[None]:
    """Fails at the first statement that would change a business row. Covers this thread's connection only."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        assert not WRITE.match(sql) or BOOK_KEEPING.search(sql), f"a read wrote: {sql[:200]}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield
