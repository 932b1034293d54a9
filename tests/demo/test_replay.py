"""The replay ends on the figures of the record, recomputed here from the CSV by plain integers of 0.01 万元."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from approvals.models import ApprovalItem, Reduction, ReductionDelta, SubmissionRound
from approvals.services import ledger
from core import trace

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("replayed")]
FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "demo"
MONEY_ITEMS = {"no__startswith": "SP-"}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def cents_of_wan(text: str) -> int:
    whole, _, part = text.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 100 + sign * int((part + "00")[:2])


def counted(field: str) -> dict[str, tuple[int, int, int]]:
    """n, declared and reviewed in 0.01 万元 by a field of the stored reductions."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in Reduction.objects.filter(is_counted=True):
        cell = sums[getattr(row, field)]
        cell[0] += 1
        cell[1] += int(row.declared / 100)
        cell[2] += int(row.reviewed / 100)
    return {key: tuple(cell) for key, cell in sums.items()}


def recorded(key: str) -> dict[str, tuple[int, int, int]]:
    classes = {row["project_no"]: row["project_class"] for row in rows("projects32.csv")}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows("items87.csv"):
        cell = sums[row["item_type"] if key == "item_type" else classes[row["project_no"]]]
        cell[0] += 1
        cell[1] += cents_of_wan(row["declared_wan"])
        cell[2] += cents_of_wan(row["reviewed_wan"])
    return {name: tuple(cell) for name, cell in sums.items()}


def test_the_totals_are_87_items_265919_and_199014():
    n, declared, reviewed = (sum(column) for column in zip(*counted("item_type").values(), strict=True))
    assert (n, declared, reviewed) == (87, 26_591_900, 19_901_400)
    assert round(10000 * (declared - reviewed) / declared) == 2516


@pytest.mark.parametrize("field", ["item_type", "project_class"])
def test_every_group_has_the_recorded_sums(field):
    assert counted(field) == recorded(field)


def test_known_groups_of_the_specification():
    by_type, by_class = counted("item_type"), counted("project_class")
    assert by_type["PR"] == (18, 8_377_740, 5_714_925)
    assert by_type["ADJ"] == (1, 184_480, 121_774)
    assert by_class["WATER"] == (20, 10_167_110, 7_521_382)
    assert by_class["EQUIPMENT"] == (3, 130_986, 110_092)


def test_used_days_rounds_and_special_items_are_those_of_the_record():
    used = {row["item_no"]: int(row["used_wd"]) for row in rows("items87.csv")}
    items = {item.no: item for item in ApprovalItem.objects.filter(**MONEY_ITEMS)}
    assert {no: item.used_days for no, item in items.items()} == used
    quick = {no for no, item in items.items() if item.used_days * 4 == item.promised_days}
    assert quick == {"SP-009", "SP-025", "SP-038", "SP-040", "SP-061", "SP-070", "SP-078"}
    late = {no: item.used_days for no, item in items.items() if item.used_days > item.promised_days}
    assert late == {"SP-041": 23, "SP-067": 22}
    assert SubmissionRound.objects.filter(item__no__startswith="SP-").count() == 163
    assert items["SP-058"].ten_percent_decision == "ACCEPT"


def test_six_excluded_items_of_9000_wan_are_there_and_change_nothing():
    excluded = Reduction.objects.filter(is_counted=False, exclusion__in=("RETURNED", "EARLY_INVOLVEMENT"))
    assert excluded.count() == 6
    assert sum(row.declared for row in excluded) == Decimal("90000000.00")
    assert not ReductionDelta.objects.filter(reduction__in=excluded).exists()


def test_summary_equals_recomputation_and_the_trace_is_unbroken():
    assert ledger.rebuild() == []
    checked = trace.verify()
    assert checked.broken == "" and checked.checked > 2500


def test_every_item_was_carried_by_different_people():
    for item in ApprovalItem.objects.filter(**MONEY_ITEMS).prefetch_related("opinions", "rounds"):
        signed = {
            kind: {o.author_id for o in item.opinions.all() if o.kind == kind}
            for kind in ("FIRST", "SECOND", "DETERMINATION")
        }
        people = [*signed["FIRST"], *signed["SECOND"], *signed["DETERMINATION"], item.applicant_id]
        assert len(people) == len(set(people)) == 4
        assert not set(people[:3]) & {r.signed_by_id for r in item.rounds.all()}
