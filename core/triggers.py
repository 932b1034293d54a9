"""Database triggers that refuse every update and delete of the trace, on SQLite and on PostgreSQL."""

from typing import Any

TABLE = "core_traceentry"

SQLITE_INSTALL = [
    f"CREATE TRIGGER IF NOT EXISTS trace_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'The trace is append-only.'); END"
    for verb in ("update", "delete")
]
SQLITE_REMOVE = [f"DROP TRIGGER IF EXISTS trace_no_{verb}" for verb in ("update", "delete")]

POSTGRES_INSTALL = [
    "CREATE OR REPLACE FUNCTION trace_append_only() RETURNS trigger AS $$ "
    "BEGIN RAISE EXCEPTION 'The trace is append-only.'; END $$ LANGUAGE plpgsql",
    f"DROP TRIGGER IF EXISTS trace_no_change ON {TABLE}",
    f"CREATE TRIGGER trace_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION trace_append_only()",
    f"DROP TRIGGER IF EXISTS trace_no_truncate ON {TABLE}",
    f"CREATE TRIGGER trace_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION trace_append_only()",
]
POSTGRES_REMOVE = [
    f"DROP TRIGGER IF EXISTS trace_no_change ON {TABLE}",
    f"DROP TRIGGER IF EXISTS trace_no_truncate ON {TABLE}",
]


def install(connection: Any) -> None:
    _run(connection, SQLITE_INSTALL if connection.vendor == "sqlite" else POSTGRES_INSTALL)


def remove(connection: Any) -> None:
    """Only for migrations backwards and for emptying a test database."""
    _run(connection, SQLITE_REMOVE if connection.vendor == "sqlite" else POSTGRES_REMOVE)


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
