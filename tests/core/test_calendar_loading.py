"""A notice loaded after release: proposed by one person, in force once another approves, reported before."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from core import calendars
from core.calendar import CalendarNotPublished, YearNotice
from core.errors import NotPermitted, RuleViolation
from core.models import CalendarNotice, TraceEntry
from core.services.holidays import approve_notice, propose_notice

pytestmark = pytest.mark.django_db

NEW_YEAR = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}
WORKED_SUNDAY = {"name": "元旦", "date": "2027-01-03", "isOffDay": False}


def notice(*days: dict, year: int = 2027) -> YearNotice:
    return YearNotice.from_json({"year": year, "papers": ["https://www.gov.cn/2027.htm"], "days": list(days)})


def person(name: str, role: str) -> SimpleNamespace:
    user = get_user_model().objects.create(username=name, full_name=name)
    return SimpleNamespace(user=user, principal=None, role=role, organisation_id=None)


@pytest.fixture
def admin() -> SimpleNamespace:
    return person("admin", "SYS_ADMIN")


@pytest.fixture
def determiner() -> SimpleNamespace:
    return person("determiner", "DETERMINER")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.json"
    path.write_text(json.dumps(notice(NEW_YEAR, WORKED_SUNDAY).as_json()), encoding="utf-8")
    return path


def codes(refusal: pytest.ExceptionInfo) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def test_without_loaded_notices_the_shipped_calendar_is_in_force(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert calendars.current() is calendars.shipped()


def test_a_proposal_changes_nothing_until_another_person_approves(admin, determiner, django_assert_num_queries) -> None:
    row = propose_notice(notice(NEW_YEAR, WORKED_SUNDAY), actor=admin)
    with pytest.raises(CalendarNotPublished):
        calendars.current().is_workday(date(2027, 1, 3))
    approve_notice(row.pk, actor=determiner)
    assert calendars.current().is_workday(date(2027, 1, 3))
    assert not calendars.current().is_workday(date(2027, 1, 1))
    built = calendars.current()
    with django_assert_num_queries(1):
        assert calendars.current() is built


def test_a_what_if_calendar_holds_the_notice_and_leaves_the_current_one(admin) -> None:
    assert calendars.with_notice(notice(NEW_YEAR)).last_year == 2027
    assert calendars.current().last_year == 2026


def test_an_amended_notice_supersedes_the_one_in_force(admin, determiner) -> None:
    first = approve_notice(propose_notice(notice(NEW_YEAR), actor=admin).pk, actor=determiner)
    second = propose_notice(notice(NEW_YEAR, WORKED_SUNDAY), actor=admin)
    assert (first.version, second.version) == (1, 2)
    approve_notice(second.pk, actor=determiner)
    assert calendars.current().is_workday(date(2027, 1, 3))
    assert list(CalendarNotice.objects.filter(effective=True)) == [second]


def test_a_loaded_notice_supersedes_a_shipped_one(admin, determiner) -> None:
    extra = {"name": "抗战胜利纪念日", "date": "2026-09-03", "isOffDay": True}
    shipped_days = calendars.shipped().notices[-1].as_json()["days"]
    row = propose_notice(notice(*shipped_days, extra, year=2026), actor=admin)
    approve_notice(row.pk, actor=determiner)
    assert not calendars.current().is_workday(date(2026, 9, 3))
    assert calendars.current().working_days(date(2025, 12, 31), date(2026, 12, 31)) == 247
    assert calendars.shipped().is_workday(date(2026, 9, 3))


def test_who_may_not_propose_or_approve(admin, determiner) -> None:
    with pytest.raises(NotPermitted):
        propose_notice(notice(NEW_YEAR), actor=determiner)
    row = propose_notice(notice(NEW_YEAR), actor=admin)
    with pytest.raises(NotPermitted):
        approve_notice(row.pk, actor=admin)
    wearing_both_hats = SimpleNamespace(**vars(admin) | {"role": "DETERMINER"})
    standing_in = SimpleNamespace(**vars(determiner) | {"principal": admin.user})
    for actor in (wearing_both_hats, standing_in):
        with pytest.raises(NotPermitted) as refusal:
            approve_notice(row.pk, actor=actor)
        assert refusal.value.code == "calendar.own_proposal"


def test_what_is_not_proposed(admin, determiner) -> None:
    with pytest.raises(RuleViolation) as refusal:
        propose_notice(notice(NEW_YEAR | {"date": "2028-01-01"}, year=2028), actor=admin)
    assert codes(refusal) == ["calendar.gap"]
    with pytest.raises(RuleViolation) as refusal:
        propose_notice(calendars.shipped().notices[-1], actor=admin)
    assert codes(refusal) == ["calendar.unchanged"]
    row = propose_notice(notice(NEW_YEAR), actor=admin)
    with pytest.raises(RuleViolation) as refusal:
        propose_notice(notice(NEW_YEAR), actor=admin)
    assert codes(refusal) == ["calendar.already_proposed"]
    approve_notice(row.pk, actor=determiner)
    with pytest.raises(RuleViolation) as refusal:
        propose_notice(notice(NEW_YEAR), actor=admin)
    assert codes(refusal) == ["calendar.unchanged"]


def test_what_is_not_approved(admin, determiner) -> None:
    older = propose_notice(notice(NEW_YEAR), actor=admin)
    newer = approve_notice(propose_notice(notice(NEW_YEAR, WORKED_SUNDAY), actor=admin).pk, actor=determiner)
    for row, code in ((newer, "calendar.already_approved"), (older, "calendar.superseded")):
        with pytest.raises(RuleViolation) as refusal:
            approve_notice(row.pk, actor=determiner)
        assert codes(refusal) == [code]


def test_the_database_refuses_two_notices_in_force_and_own_approval(admin, determiner) -> None:
    row = approve_notice(propose_notice(notice(NEW_YEAR), actor=admin).pk, actor=determiner)
    other = propose_notice(notice(NEW_YEAR, WORKED_SUNDAY), actor=admin)
    forged = {"approved_by": determiner.user, "approved_at": row.approved_at}
    for change in (forged | {"effective": True}, forged | {"approved_by": admin.user}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarNotice.objects.filter(pk=other.pk).update(**change)


def test_both_steps_leave_a_trace_with_the_days_changed(admin, determiner) -> None:
    approve_notice(propose_notice(notice(NEW_YEAR, WORKED_SUNDAY), actor=admin).pk, actor=determiner)
    proposed, approved = TraceEntry.objects.order_by("id")
    assert (proposed.verb, proposed.actor) == ("calendar.notice.proposed", admin.user)
    assert (approved.verb, approved.actor) == ("calendar.notice.approved", determiner.user)
    assert approved.facts["days_changed"] == ["2027-01-01", "2027-01-03"]
    assert approved.facts["calendar_after"] == calendars.current().version


def run(*arguments: object) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("load_holidays", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_lists_the_days_and_proposes(file: Path) -> None:
    said = run(file)
    assert "2027: 2 days change." in said
    assert "2027-01-01" in said
    assert "2027-01-03" in said
    row = CalendarNotice.objects.get()
    assert (row.year, row.version, row.effective, row.proposed_by) == (2027, 1, False, None)


def test_a_dry_run_keeps_nothing(file: Path) -> None:
    assert "2 days change" in run(file, "--dry-run")
    assert not CalendarNotice.objects.exists()


def test_the_command_says_what_is_wrong(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "absent.json")
    file.write_text('{"year": 2027, "papers": [], "days": []}', encoding="utf-8")
    with pytest.raises(CommandError, match="not published") as refusal:
        run(file)
    assert "no day off" in str(refusal.value)
    file.write_text(json.dumps(notice(NEW_YEAR | {"date": "2029-01-01"}, year=2029).as_json()), encoding="utf-8")
    with pytest.raises(CommandError, match="the year after"):
        run(file)
