"""Acceptance by five parties: every reason at once, defects checked by somebody else, again after a failure."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.actor import from_appointment
from accounts.models import Appointment, User
from core import clock
from core.errors import NotPermitted, RuleViolation, StaleState
from core.models import TraceEntry
from execution import closing
from execution.contracting import rules_today
from execution.models import AcceptanceDefect, AcceptanceRound
from execution.rules.acceptance import Standing, filing_clock
from execution.services import acceptance, defects
from execution.services.evidence import Upload
from projects.models import Project
from projects.services import facts
from tests.support import finishing, works
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def codes(act: Any) -> list[str]:
    with pytest.raises(RuleViolation) as caught:
        act()
    return [problem.code for problem in caught.value.problems]


def test_a_round_passes_only_with_five_voices_all_papers_and_no_defect_and_says_so_at_once(cast: Cast) -> None:
    project = finishing.in_acceptance(cast)
    held = finishing.a_round(cast, project)
    finishing.an_opinion(cast, held, "OWNER")
    finishing.an_opinion(cast, held, "DESIGN", agrees=False)
    defect = finishing.a_defect(cast, held)
    with pytest.raises(RuleViolation) as caught:
        acceptance.pass_round(held.pk, actor=cast.lei)
    told = {problem.code: str(problem.message) for problem in caught.value.problems}
    assert list(told) == ["acceptance.silent", "acceptance.rejected", "acceptance.defects_open", "acceptance.papers"]
    assert all(name in told["acceptance.silent"] for name in ("勘察", "施工", "监理"))
    assert "设计" in told["acceptance.rejected"] and "消防" in told["acceptance.papers"]
    finishing.all_agree(cast, held)
    finishing.all_papers(cast, project)
    assert codes(lambda: acceptance.pass_round(held.pk, actor=cast.lei)) == ["acceptance.defects_open"]
    finishing.mended(cast, defect)
    assert codes(lambda: acceptance.pass_round(held.pk, actor=cast.lei)) == ["acceptance.defects_open"]
    defects.check(defect.pk, actor=cast.lei, accepted=True)
    with pytest.raises(NotPermitted):
        acceptance.pass_round(held.pk, actor=cast.lin)
    held = acceptance.pass_round(held.pk, actor=cast.lei, conclusion="合格")
    assert held.passed is True
    assert Project.objects.get(pk=project.pk).told.acceptance_passed is True
    assert codes(lambda: acceptance.pass_round(held.pk, actor=cast.lei)) == ["acceptance.closed"]
    assert codes(lambda: finishing.a_defect(cast, held)) == ["acceptance.closed"]
    assert codes(lambda: finishing.an_opinion(cast, held, "OWNER")) == ["acceptance.closed"]
    assert "acceptance.passed" in codes(lambda: finishing.a_round(cast, project))


def test_the_filing_and_the_passed_round_together_lead_into_settlement(cast: Cast) -> None:
    project = works.building(cast)
    facts.tell(project, physical_percent=Decimal(100))
    project = finishing.filed(cast, finishing.in_acceptance(cast, project))
    assert project.stage == "ACCEPTANCE"
    finishing.passed(cast, project)
    assert finishing.fresh(project).stage == "SETTLEMENT"


def test_a_rejecting_party_sends_the_works_back_and_they_are_accepted_again(cast: Cast) -> None:
    project = finishing.in_acceptance(cast)
    held = finishing.a_round(cast, project)
    assert codes(lambda: acceptance.fail_round(held.pk, actor=cast.lei, conclusion="")) == [
        "required", "acceptance.nobody_rejects",
    ]  # fmt: skip
    finishing.an_opinion(cast, held, "SUPERVISION", agrees=False)
    defect = finishing.a_defect(cast, held)
    held = acceptance.fail_round(held.pk, actor=cast.lei, conclusion="监理不同意")
    project = finishing.fresh(project)
    assert (held.passed, project.stage, project.told.acceptance_passed) == (False, "CONSTRUCTION", False)
    failed = TraceEntry.objects.get(verb="projects.project.fail_acceptance")
    assert failed.facts["defects"] == "监理不同意"
    assert "acceptance.stage" in codes(lambda: finishing.a_round(cast, project))
    project = finishing.in_acceptance(cast, project)
    assert codes(lambda: finishing.a_round(cast, project)) == ["acceptance.defects_open"]
    finishing.checked(cast, defect)
    second = finishing.agreed_round(cast, project)
    assert second.number == 2
    acceptance.pass_round(second.pk, actor=cast.lei)
    assert [row.passed for row in closing.rounds_of(project)] == [True, False]


def test_opening_a_round_names_all_its_reasons(cast: Cast) -> None:
    project = works.building(cast)
    tomorrow = clock.today() + timedelta(days=1)
    assert codes(lambda: finishing.a_round(cast, project, tomorrow)) == ["acceptance.stage", "date.future"]
    project = finishing.in_acceptance(cast, project)
    finishing.a_round(cast, project)
    assert codes(lambda: finishing.a_round(cast, project, clock.today() - timedelta(days=1))) == [
        "acceptance.round_open", "date.too_early",
    ]  # fmt: skip
    with pytest.raises(NotPermitted):
        acceptance.open_round(project.pk, actor=cast.lei, held_on=clock.today())


def test_an_opinion_needs_name_day_and_paper_and_a_refusal_its_reason(cast: Cast) -> None:
    held = finishing.a_round(cast, finishing.in_acceptance(cast))
    said = {"organisation": " ", "person": "", "agrees": None, "signed_on": held.held_on - timedelta(days=1)}
    assert codes(lambda: acceptance.record_opinion(held.pk, "MAYOR", actor=cast.lin, **said)) == [
        "party.unknown", "required", "required", "required", "date.too_early", "file.missing",
    ]  # fmt: skip
    assert codes(lambda: finishing.an_opinion(cast, held, "DESIGN", agrees=False, opinion="")) == ["opinion.reason"]
    script = Upload(finishing.a_paper().stream, "签字.exe")
    assert codes(lambda: finishing.an_opinion(cast, held, "DESIGN", file=script, person="")) == [
        "required",
        "file.kind",
    ]
    first = finishing.an_opinion(cast, held, "DESIGN", agrees=False)
    again = finishing.an_opinion(cast, held, "DESIGN", file=None)
    assert (again.pk, again.agrees, again.file_id) == (first.pk, True, first.file_id)
    said = TraceEntry.objects.filter(verb="execution.acceptance.opinion_recorded").order_by("pk")
    assert [entry.facts["agrees"] for entry in said] == [False, True]


def test_papers_are_issued_or_not_needed_but_some_are_always_needed(cast: Cast) -> None:
    project = finishing.in_acceptance(cast)
    row = acceptance.clear(project.pk, "FIRE", actor=cast.lin, not_needed="不属于消防验收范围")
    assert (row.issued_on, row.not_needed) == (None, "不属于消防验收范围")
    assert codes(lambda: acceptance.clear(project.pk, "WARRANTY", actor=cast.lin, not_needed="无")) == [
        "clearance.needed"
    ]
    assert codes(lambda: acceptance.clear(project.pk, "PLANNING", actor=cast.lin)) == [
        "required", "required", "required", "file.missing",
    ]  # fmt: skip
    finishing.all_papers(cast, project)
    assert project.special_acceptances.get(kind="FIRE").not_needed == "", "corrected"
    held = finishing.a_round(cast, project)
    finishing.all_agree(cast, held)
    acceptance.pass_round(held.pk, actor=cast.lei)
    assert "acceptance.passed" in codes(lambda: acceptance.clear(project.pk, "FIRE", actor=cast.lin, not_needed="不"))


def test_who_reports_a_mending_does_not_check_it(cast: Cast) -> None:
    held = finishing.a_round(cast, finishing.in_acceptance(cast))
    defect = finishing.a_defect(cast, held, due_on=held.held_on + timedelta(days=10))
    assert codes(lambda: defects.check(defect.pk, actor=cast.lei, accepted=True)) == ["defect.not_mended"]
    assert codes(lambda: defects.mend(defect.pk, actor=cast.lin, fixed_on=None, note=" ", file=None)) == [
        "required", "required", "file.missing",
    ]  # fmt: skip
    finishing.mended(cast, defect)
    with pytest.raises(NotPermitted) as refused:
        defects.check(defect.pk, actor=cast.lin, accepted=True)
    assert refused.value.code == "same_person"
    assert codes(lambda: defects.check(defect.pk, actor=cast.lei, accepted=False)) == ["required"]
    row = defects.check(defect.pk, actor=cast.lei, accepted=False, note="仍有空鼓")
    assert (row.fixed_on, row.fixed_by, row.returned_note) == (None, None, "仍有空鼓")
    row = finishing.checked(cast, defect)
    assert (row.checked_by, row.returned_note) == (cast.lei.user, "")
    assert codes(
        lambda: defects.mend(row.pk, actor=cast.lin, fixed_on=clock.today(), note="再", file=finishing.a_paper())
    ) == ["defect.checked"]
    with pytest.raises(IntegrityError):
        AcceptanceDefect.objects.filter(pk=row.pk).update(checked_by=row.fixed_by)


def test_a_person_with_two_posts_does_not_check_own_work(cast: Cast) -> None:
    """The check is per person, across roles (R-SOD-02)."""
    held = finishing.a_round(cast, finishing.in_acceptance(cast))
    defect = finishing.mended(cast, finishing.a_defect(cast, held))
    lin = User.objects.get(pk=cast.lin.user.pk)
    post = Appointment.objects.create(
        user=lin, organisation=cast.houses["unit"], role="APPLICANT_LEAD", held_from=clock.today()
    )
    with pytest.raises(NotPermitted):
        defects.check(defect.pk, actor=from_appointment(post), accepted=True)


def test_only_one_round_is_open_and_a_stale_page_is_noticed(cast: Cast) -> None:
    project = finishing.in_acceptance(cast)
    held = finishing.agreed_round(cast, project)
    with pytest.raises(StaleState):
        acceptance.pass_round(held.pk, actor=cast.lei, expected_version=held.version + 1)
    with pytest.raises(IntegrityError):
        AcceptanceRound.objects.create(project=project, number=9, held_on=clock.today(), created_by=cast.lin.user)


def test_strangers_see_and_change_nothing(cast: Cast) -> None:
    held = finishing.a_round(cast, finishing.in_acceptance(cast))
    assert not closing.rounds(cast.sun).exists() and not closing.defects(cast.root).exists()
    assert closing.rounds(cast.su).get() == held
    for actor in (cast.lei, cast.su, cast.qian, cast.wu):
        with pytest.raises(NotPermitted):
            acceptance.record_opinion(
                held.pk, "OWNER", actor=actor, organisation="x", person="y", agrees=True, signed_on=held.held_on
            )


def test_the_filing_is_due_fifteen_days_after_the_last_signature_or_check(cast: Cast) -> None:
    project = finishing.in_acceptance(cast)
    assert closing.filing_of(project, rules_today(), clock.today()) is None
    held = finishing.agreed_round(cast, project)
    last = held.held_on
    with clock.at(held.held_on + timedelta(days=40)):
        acceptance.pass_round(held.pk, actor=cast.lei)
        due = closing.filing_of(project, rules_today(), clock.today())
    assert due is not None
    assert (due.passed_on, due.light, due.filed_on) == (last, "RED", None), "signing off late gains no time"
    assert (due.due_on - last).days >= 15


@pytest.mark.parametrize(
    ("left", "filed_after", "light"), [(15, None, "GREEN"), (4, None, "GREEN"), (3, None, "YELLOW"), (0, None, "YELLOW"),
                                       (-1, None, "RED"), (0, 0, "GREY"), (-5, 1, "RED"), (-9, -1, "GREY")],
)  # fmt: skip
def test_the_light_of_the_filing(left: int, filed_after: int | None, light: str) -> None:
    passed, due = clock.today() - timedelta(days=15), clock.today()
    today = due - timedelta(days=left)
    filed = None if filed_after is None else due + timedelta(days=filed_after)
    assert filing_clock(passed, due, filed, today, 3).light == light


def test_a_standing_passes_only_when_nothing_is_missing() -> None:
    parties = ("A", "B")
    good = Standing(parties, {"A", "B"}, set(), (), 0)
    assert good.passes
    for bad in (Standing(parties, {"A"}, set(), (), 0), Standing(parties, {"A"}, {"B"}, (), 0),
                Standing(parties, {"A", "B"}, set(), ("FIRE",), 0), Standing(parties, {"A", "B"}, set(), (), 1)):  # fmt: skip
        assert not bad.passes
