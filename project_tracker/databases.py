"""Turns DATABASE_URL into Django's DATABASES, with the options each engine needs."""

import dj_database_url

SQLITE_OPTIONS = {
    # Django's DEFERRED default fails with "database is locked" as soon as two writers meet.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def database_from(url: str) -> dict:
    """`sqlite:///path` or `postgres://…` → one entry of DATABASES."""
    config = dict(dj_database_url.parse(url))
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {**config.get("OPTIONS", {}), **SQLITE_OPTIONS}
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config
