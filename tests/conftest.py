"""Fixtures every test may use; the settings are in tests/settings.py."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation
from playwright.sync_api import expect

from tests.support import migrated
from tests.support.browser import Desks, chromium
from tests.support.trace_triggers import lifted_while_flushing

# A shared or busy machine is slow for reasons that are not the code's.
hypothesis.settings.register_profile("patient", deadline=None, print_blob=True)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def _trace_can_be_flushed() -> Iterator[None]:
    with lifted_while_flushing():
        yield


@pytest.fixture(autouse=True)
def _each_test_starts_alone() -> Iterator[None]:
    """No cache, no language and no sign-in of an earlier test reaches the next one."""
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _files_of_this_test_only(tmp_path_factory: pytest.TempPathFactory, settings) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")


class _Over(Exception):
    """Ends the transaction of a module."""


@pytest.fixture(scope="module")
def module_world(django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What is made on top of this is there for all tests of the module and rolled back after them; the folder of its files."""
    folder = tmp_path_factory.mktemp("world")
    with (
        django_db_blocker.unblock(),
        translation.override(settings.LANGUAGE_CODE),
        override_settings(MEDIA_ROOT=folder),
        suppress(_Over),
        transaction.atomic(),
    ):
        yield folder
        raise _Over


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    migrated.copied_where_possible()


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="only PostgreSQL can show this; it runs in the second run"))


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for the whole run. What a page does by itself may take long on a busy machine."""
    expect.set_options(timeout=30_000)
    with chromium() as running:
        yield running


@pytest.fixture
def desks(browser, live_server):
    """`desks.of("lin")` is Lin's page; faults in a console fail the test at its end."""
    opened = Desks(browser, live_server.url)
    yield opened
    opened.close()
    assert not opened.faults, "\n".join(opened.faults)


@pytest.fixture
def page(desks):
    """A page of somebody who has not signed in."""
    return desks.anonymous()
