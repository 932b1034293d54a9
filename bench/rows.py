"""Puts many rows into a table at once: copies of one row, some columns replaced."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction


def copies(template: models.Model, numbers: range, replaced: dict[str, str]) -> None:
    """One copy of a saved row for each number. `replaced` maps columns to SQL over `n`; `id` becomes n itself."""
    table = template._meta.db_table
    columns = [field.column for field in template._meta.local_concrete_fields]
    values = [{"id": "n", **replaced}.get(column, f't."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    _run(
        f"WITH RECURSIVE series(n) AS (SELECT {numbers.start} UNION ALL SELECT n + 1 FROM series WHERE n < {numbers.stop - 1})"
        f' INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} FROM series, "{table}" t WHERE t.id = {template.pk}'
    )


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Plain rows, by the quickest way the database has."""
    names = ", ".join(f'"{column}"' for column in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(rows))


def settle() -> None:
    """Lets the database learn about its new rows, as its own housekeeping would, and number on after them."""
    if connection.vendor == "postgresql":
        _run("VACUUM ANALYZE")
        for model in ("projects_project", "approvals_approvalitem", "approvals_task", "approvals_decision"):
            _run(f"SELECT setval(pg_get_serial_sequence('{model}', 'id'), (SELECT max(id) FROM {model}))")
    else:
        _run("ANALYZE")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
