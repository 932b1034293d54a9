"""A holiday file is read strictly: every fault is named, and what is not published is not taken."""

import json
from datetime import date
from typing import Any

import pytest

from core.calendar import InvalidNotice, YearNotice

NEW_YEAR = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}


def content(**changed: Any) -> dict[str, Any]:
    return {"year": 2027, "papers": ["https://www.gov.cn/2027.htm"], "days": [NEW_YEAR]} | changed


def codes(source: Any) -> list[str]:
    with pytest.raises(InvalidNotice) as refusal:
        YearNotice.from_json(source)
    return [problem.code for problem in refusal.value.problems]


def test_a_notice_reads_and_writes_the_same_content() -> None:
    before = {"name": "元旦", "date": "2026-12-31", "isOffDay": True}
    read = YearNotice.from_json(json.dumps(content(days=[NEW_YEAR, before])))
    assert [(day.date, day.name, day.is_off) for day in read.days] == [
        (date(2026, 12, 31), "元旦", True),
        (date(2027, 1, 1), "元旦", True),
    ]
    assert YearNotice.from_json(read.as_json()) == read


def test_the_hash_ignores_order_and_layout_but_not_content() -> None:
    second = {"name": "元旦", "date": "2027-01-02", "isOffDay": True}
    one = YearNotice.from_json(json.dumps(content(days=[NEW_YEAR, second]), indent=4))
    same = YearNotice.from_json(json.dumps(content(days=[second, NEW_YEAR])).encode())
    other = YearNotice.from_json(content(days=[NEW_YEAR, second | {"isOffDay": False}]))
    assert one.sha256 == same.sha256
    assert one.sha256 != other.sha256


def test_schema_marks_of_the_source_are_ignored() -> None:
    assert YearNotice.from_json(content(**{"$schema": "x", "$id": "y"})).year == 2027


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{", ["calendar.notice.json"]),
        (b"\xff\xfe", ["calendar.notice.json"]),
        ("[]", ["calendar.notice.shape"]),
        ("{}", ["calendar.notice.missing_key"] * 3),
        (content(holidays=[]), ["calendar.notice.unknown_key"]),
        (content(year="2027"), ["calendar.notice.year"]),
        (content(year=True), ["calendar.notice.year"]),
        (content(year=27), ["calendar.notice.year"]),
        (content(papers="https://www.gov.cn/"), ["calendar.notice.papers"]),
        (content(papers=["javascript:alert(1)"]), ["calendar.notice.papers"]),
        (content(papers=[]), ["calendar.notice.no_papers"]),
        (content(days={}), ["calendar.notice.days"]),
        (content(days=[]), ["calendar.notice.no_days_off"]),
        (content(days=[NEW_YEAR, "2027-01-02"]), ["calendar.notice.day"]),
        (content(days=[NEW_YEAR | {"name": " "}]), ["calendar.notice.day"]),
        (content(days=[NEW_YEAR | {"isOffDay": 1}]), ["calendar.notice.day"]),
        (content(days=[NEW_YEAR | {"date": "2027-02-29"}]), ["calendar.notice.day"]),
        (content(days=[NEW_YEAR | {"date": "20270101"}]), ["calendar.notice.day"]),
        (content(days=[NEW_YEAR | {"date": 20270101}]), ["calendar.notice.day"]),
        (content(days=[NEW_YEAR | {"off": True}]), ["calendar.notice.day"]),
        (content(days=[NEW_YEAR, NEW_YEAR | {"isOffDay": False}]), ["calendar.notice.repeated_day"]),
        (content(days=[NEW_YEAR, NEW_YEAR | {"date": "2028-05-01"}]), ["calendar.notice.other_year"]),
    ],
)
def test_a_faulty_file_is_refused_with_its_fault(source: Any, expected: list[str]) -> None:
    assert codes(source) == expected


def test_all_faults_are_named_at_once() -> None:
    assert codes(content(year=None, papers=3, days=[{}])) == [
        "calendar.notice.year",
        "calendar.notice.papers",
        "calendar.notice.day",
    ]


def test_a_fault_reads_well() -> None:
    with pytest.raises(InvalidNotice) as refusal:
        YearNotice.from_json(content(days=[NEW_YEAR, NEW_YEAR]))
    assert "2027-01-01" in str(refusal.value)
