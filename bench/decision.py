"""The decision with all it does, against its bare inserts and updates in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from approvals.models import ApprovalItem
from approvals.services import moves
from bench.measure import Line, best
from tests.support.cast import Cast

ROUNDS = 15


class Undone(Exception):
    """Rolls the transaction back, so that the same decision can be taken again."""


def run(cast: Cast, item: ApprovalItem) -> Iterator[Line]:
    """Both without the commit, which costs the same for both."""
    with writes() as written:
        decide(cast, item)
    statements = list(written)
    yield Line(
        "decision",
        "approve: lock, guards, number, document, reduction, gate, trace",
        f"its {len(statements)} bare inserts and updates in one transaction",
        best(lambda: decide(cast, item), ROUNDS),
        best(lambda: replay(statements), ROUNDS),
    )


def decide(cast: Cast, item: ApprovalItem) -> None:
    try:
        with transaction.atomic():
            moves.perform(item.pk, "approve", actor=cast.zhao)
            raise Undone
    except Undone:
        pass


def replay(statements: list[tuple[str, Any]]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
            raise Undone
    except Undone:
        pass


@contextmanager
def writes() -> Iterator[list[tuple[str, Any]]]:
    """What is written inside the block, as it goes to the database."""
    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            found.extend((sql, one) for one in (params if many else [params]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
