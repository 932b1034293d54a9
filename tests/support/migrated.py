"""Migrates an empty database once and gives every test process a copy of it.

SQLite: a file in the temporary folder, kept as long as no migration changes. PostgreSQL: a template database, as long as
the server runs.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection

TEMPLATE = "giplt_migrated"
DAY = 24 * 60 * 60  # seconds


def copied_where_possible() -> None:
    """Has the test database copied from one that is migrated already."""
    make = {"sqlite": _sqlite, "postgresql": _postgres}[connection.vendor]
    create = connection.creation.create_test_db
    connection.creation.create_test_db = lambda *args, **kwargs: make(lambda: create(*args, **kwargs))


def _sqlite(create: Callable[[], str]) -> str:
    kept = Path(tempfile.gettempdir()) / f"giplt-migrated-{os.getuid()}-{_fingerprint()}.sqlite3"
    with _one_at_a_time(kept.stem):
        if not kept.exists():
            name = create()
            connection.close()
            shutil.copyfile(name, kept)
            _forget_older(kept)
            return name
    prepare = connection.creation._create_test_db

    def put_copy(*args: Any, **kwargs: Any) -> str:
        name = prepare(*args, **kwargs)
        shutil.copyfile(kept, name)
        return name

    connection.creation._create_test_db = put_copy
    return create()


def _postgres(create: Callable[[], str]) -> str:
    host = str(connection.settings_dict["HOST"])
    with _one_at_a_time(f"giplt-{hashlib.sha256(host.encode()).hexdigest()[:12]}"):
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            known = cursor.fetchone()
        if not known:
            name = create()
            connection.close()
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f'CREATE DATABASE {TEMPLATE} TEMPLATE "{name}"')
            return name
        connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
        return create()


def _forget_older(kept: Path) -> None:
    for other in kept.parent.glob(f"giplt-migrated-{os.getuid()}-*.sqlite3"):
        if other != kept and time.time() - other.stat().st_mtime > DAY:
            other.unlink(missing_ok=True)


def _fingerprint() -> str:
    """Changes with every migration, with what migrations call, and with Django."""
    digest = hashlib.sha256(django.__version__.encode())
    folder = Path(settings.BASE_DIR)
    for path in sorted([*folder.glob("*/migrations/*.py"), *folder.glob("core/*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    with (Path(tempfile.gettempdir()) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
