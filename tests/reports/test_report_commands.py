"""The commands: a report without a person at a screen, the reductions recomputed, the trace verified."""

import csv
import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from approvals.models import Reduction, ReductionDelta
from core import triggers
from core.models import TraceEntry
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.decided import decide_the_87, decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


PERIOD = ("--from", "2016-07-01", "--to", "2017-06-15")


def test_the_reduction_report_comes_out_as_json(cast):
    decide_the_87(cast)
    made = json.loads(run("produce_report", "reduction", *PERIOD, "--by", "item_type", "--format", "json"))
    assert made["totals"]["declared"] == "2659190000.00"
    assert made["totals"]["rate"] == "0.2516"
    assert len(made["rows"]) == 7


def test_without_a_format_it_is_csv_for_people(cast):
    decide_the_87(cast)
    *_, total = csv.reader(StringIO(run("produce_report", "reduction", *PERIOD)))
    assert total[:6] == ["合计", "87", "265919.00", "199014.00", "66905.00", "25.16%"]


@pytest.mark.parametrize(
    ("name", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")]
)
@pytest.mark.parametrize("code", ["reduction", "timeliness", "performance", "details", "times"])
def test_every_report_goes_into_a_file_of_every_format(cast, tmp_path, code, name, start):
    decided(cast, "100.00", "90.00")
    target = tmp_path / f"report.{name}"
    run("produce_report", code, "--format", name, "--output", str(target))
    assert target.read_bytes().startswith(start)
    entry = TraceEntry.objects.get(verb="reports.report.exported")
    assert (entry.role, entry.facts["report"], entry.facts["format"]) == ("SYSTEM", code, name)


def test_what_is_not_understood_ends_with_every_reason():
    with pytest.raises(CommandError) as refusal:
        run("produce_report", "reduction", "--from", "yesterday", "--by", "weather")
    assert "yesterday" in str(refusal.value)
    assert "weather" in str(refusal.value)


def test_reductions_recomputed_from_a_life_give_0_differences(cast):
    lives.issued(cast)
    assert "0" in run("rebuild_reductions").split("differences")[0]


def test_a_changed_figure_is_reported_and_repaired(cast):
    row = decided(cast, "100.00", "90.00")
    Reduction.objects.filter(pk=row.pk).update(reviewed=Decimal("10.00"))
    ReductionDelta.objects.filter(reduction=row).update(n=5)
    with pytest.raises(CommandError):
        run("rebuild_reductions")
    run("rebuild_reductions", "--repair")
    assert run("rebuild_reductions").startswith("0")


def test_a_whole_trace_is_counted(cast):
    lives.a_project(cast)
    assert str(TraceEntry.objects.count()) in run("verify_trace")


def test_a_forged_entry_is_named(cast):
    lives.a_project(cast)
    entry = TraceEntry.objects.order_by("pk").last()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_traceentry SET reason = 'forged' WHERE id = %s", [entry.pk])
    triggers.install(connection)
    with pytest.raises(CommandError) as refusal:
        run("verify_trace")
    assert f"entry {entry.pk}" in str(refusal.value)
