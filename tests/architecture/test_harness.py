"""The tests' own tools: what would make every other test pass or fail for the wrong reason."""

from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from core import clock
from core.models import TraceChain, TraceEntry
from tests.support import days
from tests.support.readonly import no_writes


def add_entry() -> None:
    chain = TraceChain.objects.create(key="of this test")
    hashes = {"prev_hash": "0" * 64, "hash": "1" * 64}
    TraceEntry.objects.bulk_create([TraceEntry(chain=chain, seq=1, at=clock.now(), verb="test", **hashes)])


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_transactional_test_starts_without_a_trace_although_none_can_be_deleted(
    transactional_db, turn: str
) -> None:
    assert not TraceEntry.objects.exists(), turn
    add_entry()
    for statement in ("DELETE FROM core_traceentry", "UPDATE core_traceentry SET verb = 'changed'"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)
    assert TraceEntry.objects.get().verb == "test"


def test_a_read_that_writes_is_noticed(db) -> None:
    with no_writes():
        assert not TraceEntry.objects.exists()
        with pytest.raises(AssertionError, match="a read wrote: INSERT"):
            TraceChain.objects.create(key="written by a read")


def test_the_run_is_on_the_engine_that_was_asked_for() -> None:
    assert {"sqlite": "sqlite", "postgres": "postgresql"}[settings.ENGINE] == connection.vendor


def test_files_of_the_tests_stay_out_of_the_project() -> None:
    assert not settings.MEDIA_ROOT.is_relative_to(settings.BASE_DIR)
    assert not settings.VAR_DIR.is_relative_to(settings.BASE_DIR)


def test_another_day_is_the_same_day_for_the_whole_product() -> None:
    with days.on(date(2026, 2, 9)):
        assert clock.today() == date(2026, 2, 9)
    assert clock.today() != date(2026, 2, 9)


@pytest.mark.browser
def test_a_missing_file_is_a_fault_that_the_browser_reports(desks) -> None:
    desks.anonymous().goto("/there-is-no-such-page/")
    assert any("404" in fault for fault in desks.faults)
    desks.faults.clear()
