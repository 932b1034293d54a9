"""Two people at the same moment at the end of the works: everything is judged under the project's lock."""

from typing import Any

import pytest

from core import clock, trace
from core.errors import RuleViolation
from execution.models import AcceptanceDefect, AcceptanceRound, AuditFinding, Settlement
from execution.services import acceptance, settlements
from projects.models import Project
from projects.services.gates import Ruling, open_gate
from projects.states import Gate
from tests.support import finishing, works
from tests.support.at_once import at_once, refusals
from tests.support.cast import Cast, make_cast

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def codes(lost: list[Any]) -> list[list[str]]:
    assert all(isinstance(error, RuleViolation) for error in lost), lost
    return [[problem.code for problem in error.problems] for error in lost]


def test_a_works_is_not_accepted_over_a_defect_recorded_at_the_same_moment(cast: Cast) -> None:
    for _ in range(3):
        project = finishing.in_acceptance(cast)
        held = finishing.agreed_round(cast, project)
        results = at_once(
            lambda held=held: acceptance.pass_round(held.pk, actor=cast.lei),
            lambda held=held: finishing.a_defect(cast, held),
        )
        (lost,) = codes(refusals(results))
        passed = AcceptanceRound.objects.get(pk=held.pk).passed
        defects = AcceptanceDefect.objects.filter(round=held).count()
        assert (passed, defects, lost) in ((True, 0, ["acceptance.closed"]), (None, 1, ["acceptance.defects_open"]))
        assert Project.objects.get(pk=project.pk).told.acceptance_passed is bool(passed)


def test_of_rounds_opened_at_once_one_is_opened(cast: Cast) -> None:
    project = finishing.in_acceptance(cast)
    results = at_once(*[lambda: finishing.a_round(cast, project) for _ in range(3)])
    assert codes(refusals(results)) == [["acceptance.round_open"]] * 2
    assert AcceptanceRound.objects.get().number == 1


def test_a_review_taken_over_twice_at_once_settles_once(cast: Cast) -> None:
    project = finishing.accepted(cast)
    item = finishing.a_review(cast, project)
    finishing.handed_in(cast, project.contracts.get(), item=item)
    results = at_once(*[lambda: settlements.take_review(item.pk, actor=cast.lin) for _ in range(2)])
    (lost,) = codes(refusals(results))
    assert lost[0] == "settlement.item_taken"
    assert Settlement.objects.get().version == 1
    assert Project.objects.get(pk=project.pk).stage == "FINAL_AUDIT"
    assert trace.verify().broken == ""


def test_findings_scheduled_at_once_let_the_audit_pass_exactly_once(cast: Cast) -> None:
    project = works.taken_over(cast, "FINAL_AUDIT")
    recorded = at_once(*[lambda: finishing.a_finding(cast, project) for _ in range(3)])
    assert refusals(recorded) == []
    assert sorted(AuditFinding.objects.values_list("number", flat=True)) == [1, 2, 3]
    open_gate(finishing.fresh(project), Gate.AUDITED, Ruling(1, "鹏审〔2026〕1号", clock.today()), actor=cast.qian)
    assert finishing.fresh(project).stage == "FINAL_AUDIT"
    said = {"measure": "扣回", "due_on": clock.today()}
    results = at_once(*[lambda row=row: works.do(row, "schedule", cast.lei, **said) for row in recorded])
    assert refusals(results) == []
    project = finishing.fresh(project)
    assert (project.stage, project.told.open_findings) == ("FINAL_ACCOUNT", 0)
    assert project.stages.get(stage="FINAL_AUDIT").status == "PASSED"
