"""The reduction summary is folded by month once the months are closed: fewer rows, the same figures for every reader."""

import random
import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from approvals.models import Reduction, ReductionDelta
from approvals.services import ledger, ledger_fold
from core import clock
from core.trace import SYSTEM
from reports.datasets import reduction_sums
from reports.dimensions import DIMENSIONS
from reports.filters import Filters
from tests.support.cast import make_cast
from tests.support.decided import a_project, decided

TODAY = date(2026, 11, 23)
FIRST_OPEN = date(2026, 7, 1)


def some_decisions(cast: Any) -> None:
    """Sixty in 2026, several a day and cell, one taken back; the same amounts every time."""
    chance, project = random.Random(7), a_project(cast)
    for number in range(60):
        declared = Decimal(chance.randrange(100, 9_000_000))
        reviewed = declared * chance.randrange(80, 105) / 100
        decided(
            cast, f"{declared:.2f}", f"{reviewed:.2f}", on=date(2026, 1, 1) + timedelta(days=number * 5), project=project,
            item_type=chance.choice(["EST", "BUD"]),
        )  # fmt: skip
    ledger.reverse(Reduction.objects.order_by("pk").first(), "REVOKED")


def sums() -> dict[str, Any]:
    return ReductionDelta.objects.aggregate(**{name: Sum(name) for name in ledger.SUMS})


def report(by: str, since: date | None = None, until: date | None = None) -> dict[Any, Any]:
    return reduction_sums.summed(DIMENSIONS[by], Filters(by=by, since=since, until=until), SYSTEM)


@pytest.mark.django_db
def test_closed_months_become_one_row_per_cell_and_no_sum_changes():
    with clock.at(TODAY):
        some_decisions(make_cast())
        before, count = sums(), ReductionDelta.objects.count()
        open_rows = set(ReductionDelta.objects.filter(decided_on__gte=FIRST_OPEN).values_list("pk", flat=True))
        shorter = ledger_fold.fold()
        assert sums() == before and shorter > 10
        assert ReductionDelta.objects.count() == count - shorter
        folded = ReductionDelta.objects.filter(decided_on__lt=FIRST_OPEN)
        assert {row.decided_on.day for row in folded} == {1} and not folded.filter(reduction__isnull=False).exists()
        cells = list(folded.values_list(*ledger.CELL))
        assert len(cells) == len(set(cells))
        kept = set(ReductionDelta.objects.filter(decided_on__gte=FIRST_OPEN).values_list("pk", flat=True))
        assert kept == open_rows, "the open months keep their days"
        assert ledger.rebuild() == []


PERIODS = (
    (None, None),
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 1, 15), date(2026, 6, 10)),
    (date(2026, 2, 3), date(2026, 9, 9)),
    (date(2026, 8, 5), TODAY),
)


@pytest.mark.django_db
def test_every_report_says_the_same_before_and_after():
    asked = [(by, *period) for by in ("month", "item_type", "bracket", "year") for period in PERIODS]
    with clock.at(TODAY):
        some_decisions(make_cast())
        before = [report(*question) for question in asked]
        ledger_fold.fold()
        for (by, since, until), figures in zip(asked, before, strict=True):
            row_by_row = reduction_sums.from_rows(DIMENSIONS[by], Filters(by=by, since=since, until=until), SYSTEM)
            assert report(by, since, until) == figures == row_by_row, (by, since, until)


@pytest.mark.django_db
def test_a_second_fold_finds_nothing_and_a_late_correction_is_folded_in():
    with clock.at(TODAY):
        some_decisions(make_cast())
        ledger_fold.fold()
        rows = list(ReductionDelta.objects.order_by("pk").values())
        assert ledger_fold.fold() == 0 and list(ReductionDelta.objects.order_by("pk").values()) == rows
        late = Reduction.objects.filter(is_counted=True, decided_on__lt=FIRST_OPEN).last()
        ledger.reverse(late, "REVOKED")
        before = sums()
        assert ledger_fold.fold() >= 1 and sums() == before and ledger_fold.fold() == 0


@pytest.mark.django_db
def test_a_wrong_folded_figure_is_still_found_and_repaired():
    with clock.at(TODAY):
        some_decisions(make_cast())
        right = sums()
        ledger_fold.fold()
        ReductionDelta.objects.filter(pk=ReductionDelta.objects.order_by("decided_on")[0].pk).update(n=77)
        assert len(ledger.rebuild()) == 1
        ledger.rebuild(repair=True)
        assert ledger.rebuild() == [] and sums() == right


@pytest.mark.django_db
def test_the_tick_folds(capsys):
    with clock.at(TODAY):
        some_decisions(make_cast())
        before, count = sums(), ReductionDelta.objects.count()
        call_command("tick")
        assert sums() == before and ReductionDelta.objects.count() < count
        assert f"{count - ReductionDelta.objects.count()} " in capsys.readouterr().out


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_folds_and_a_reader_at_once_agree():
    """Every total a reader sees meanwhile is the same, and so is what is left."""
    with clock.at(TODAY):
        some_decisions(make_cast())
    before = sums()
    seen: list[dict[str, Any]] = []
    faults: list[BaseException] = []
    over = threading.Event()

    def run(act: Any) -> None:
        try:
            with clock.at(TODAY):
                act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    def read() -> None:
        while not over.is_set():
            seen.append(sums())

    reader = threading.Thread(target=run, args=(read,))
    folds = [threading.Thread(target=run, args=(ledger_fold.fold,)) for _ in range(3)]
    for thread in (reader, *folds):
        thread.start()
    for thread in folds:
        thread.join(timeout=60)
    over.set()
    reader.join(timeout=60)
    assert not faults, faults
    assert seen and all(total == before for total in seen) and sums() == before
    with clock.at(TODAY):
        assert ledger_fold.fold() == 0 and ledger.rebuild() == []
