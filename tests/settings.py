"""Settings of the tests: the product's own, on scratch files and on the engine that TEST_DATABASE names.

TEST_DATABASE is `sqlite` (default) or `postgres`; for the latter a server from pip is started and stopped here,
once for all pytest workers, unless TEST_POSTGRES_URL names one that is running already.
"""

import atexit
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

SCRATCH = Path(tempfile.mkdtemp(prefix="giplt-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
ENGINE = os.environ.get("TEST_DATABASE", "sqlite")

# What a developer has set for running the site must not reach the tests.
for _name in ("DATABASE_URL", "MEDIA_ROOT", "DEBUG", "HTTPS_ONLY", "BEHIND_PROXY", "TASKS_BACKEND", "EMAIL_BACKEND"):
    os.environ.pop(_name, None)
os.environ |= {
    "VAR_DIR": str(SCRATCH),
    "SECRET_KEY": "only-for-tests",
    "PUBLIC_BASE_URL": "https://tracker.example.gov.cn",
    # Playwright's synchronous API runs an event loop in this thread, where Django would refuse the database.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
if ENGINE == "postgres" and "TEST_POSTGRES_URL" not in os.environ:
    from tests.support.postgres import started_url

    os.environ["TEST_POSTGRES_URL"] = started_url()

from core import clock  # noqa: E402
from project_tracker.databases import database_from  # noqa: E402
from project_tracker.settings import *  # noqa: E402, F403

if ENGINE == "postgres":
    DATABASES = {"default": database_from(os.environ["TEST_POSTGRES_URL"])}
    DATABASES["default"] |= {"TEST": {"NAME": "test_giplt"}, "CONN_MAX_AGE": 0}
elif ENGINE == "sqlite":
    # A file, not memory: the live server's threads then have connections of their own, as in production.
    DATABASES = {"default": database_from(f"sqlite:///{SCRATCH / 'giplt.sqlite3'}")}
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test_giplt.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    raise ValueError(f"TEST_DATABASE is sqlite or postgres, not {ENGINE!r}")

# A working day of a year whose calendar is published, whenever the tests run.
clock.begin(clock.office_hour(date(2026, 11, 24)))

STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
AXES_ENABLED = False  # a test of the lock-out switches it on
