"""Registering, amending and moving projects: what is written, refused and remembered."""

from datetime import date
from decimal import Decimal

import pytest

from approvals.services import project_moves
from core import clock
from core.errors import NotFound, NotPermitted, RuleViolation, StaleState
from core.models import TraceEntry
from projects import selectors
from projects.models import Project, SearchText
from projects.services import moves
from projects.services.amend import amend
from projects.services.register import register
from projects.states import MAIN_LINE, Stage, StageStatus
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.lives import BASICS, a_project, a_project_in_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def codes_of(refusal):
    return {(problem.code, problem.field) for problem in refusal.value.problems}


def test_a_new_project_stands_in_the_reserve_with_thirteen_stages(cast):
    project = a_project(cast)
    assert project.stage == Stage.RESERVE
    assert [row.stage for row in project.stages.all()] == list(MAIN_LINE)
    assert [row.status for row in project.stages.all()] == ["IN_PROGRESS"] + ["NOT_STARTED"] * 12
    assert set(SearchText.objects.values_list("kind", "text")) == {
        ("name", "葵湾中心小学改扩建工程"),
        ("code", "26114403990401000016"),
    }
    entry = TraceEntry.objects.get(project_id=project.pk, verb="projects.project.registered")
    assert entry.facts["code"] == BASICS["code"]


def test_every_fault_of_a_registration_is_told_at_once(cast):
    faulty = BASICS | {
        "name": "  ",
        "code": "1-2-3",
        "industry": "NOSUCH",
        "project_class": "",
        "secrecy": "SECRET",
        "rough_investment": Decimal("-1"),
        "planned_start": date(2026, 5, 1),
        "planned_completion": date(2026, 4, 1),
    }
    with pytest.raises(RuleViolation) as refusal:
        register(actor=cast.lin, basics=faulty, taken_over_at=Stage.BUDGET)
    assert codes_of(refusal) == {
        ("required", "name"),
        ("code.format", "code"),
        ("code_table.unknown", "industry"),
        ("required", "project_class"),
        ("secrecy", "secrecy"),
        ("negative", "rough_investment"),
        ("dates.order", "planned_completion"),
        ("take_over.reason", "taken_over_reason"),
    }
    assert not Project.objects.exists()


def test_funding_is_kept_by_source_and_unknown_sources_are_refused(cast):
    project = register(actor=cast.lin, basics=BASICS, funding={"1.1": Decimal("100.10"), "2": Decimal("0.90")})
    assert {row.source: row.amount for row in project.funding.all()} == {"1.1": Decimal("100.10"), "2": Decimal("0.90")}
    with pytest.raises(RuleViolation):
        amend(project.pk, actor=cast.lin, basics={}, funding={"99": Decimal(1)})
    assert project.funding.count() == 2


def test_a_running_project_is_taken_over_with_its_earlier_stages_waived(cast):
    with clock.at(date(2026, 3, 2)):
        project = register(
            actor=cast.lin, basics=BASICS, taken_over_at=Stage.BUDGET, taken_over_reason="鹏发财〔2024〕8号已批复概算"
        )
    rows = list(project.stages.all())
    assert [row.status for row in rows[:5]] == ["WAIVED"] * 4 + ["IN_PROGRESS"]
    assert {(row.waiver_ground, row.reason) for row in rows[:4]} == {("TAKEN_OVER", "鹏发财〔2024〕8号已批复概算")}
    assert rows[4].entered_on == date(2026, 3, 2)


def test_one_unit_registers_a_name_once_and_a_code_belongs_to_one_project(cast):
    a_project(cast)
    with pytest.raises(RuleViolation, match="同名"):
        a_project(cast, code="")
    with pytest.raises(RuleViolation, match="代码"):
        a_project(cast, name="另一个")
    a_project(cast, actor=cast.sun, code="")


def test_only_a_clerk_registers_and_only_the_own_unit_amends(cast):
    project = a_project(cast)
    with pytest.raises(NotPermitted):
        a_project(cast, actor=cast.wu, name="x")
    with pytest.raises(NotPermitted):
        amend(project.pk, actor=cast.wu, basics={"name": "y"})
    with pytest.raises(NotFound):
        amend(project.pk, actor=cast.sun, basics={"name": "y"})


def test_an_amendment_keeps_both_values_and_the_search_follows(cast):
    project = a_project(cast, code="")
    changed = amend(project.pk, actor=cast.lin, basics={"name": "南屿医院", "code": BASICS["code"]}, expected_version=1)
    assert changed.code_scheme == "GBT40058"
    entry = TraceEntry.objects.get(project_id=project.pk, verb="projects.project.amended")
    assert entry.facts["changes"]["name"] == ["葵湾中心小学改扩建工程", "南屿医院"]
    assert [hit.project.pk for hit in selectors.search(cast.wu, "南屿").rows] == [project.pk]
    assert selectors.search(cast.wu, "小学").rows == []


def test_a_code_once_issued_stays_and_a_stale_form_is_refused(cast):
    project = a_project(cast)
    with pytest.raises(RuleViolation) as refusal:
        amend(project.pk, actor=cast.lin, basics={"code": "2611-440399-04-01-000024"})
    assert codes_of(refusal) == {("code.fixed", "code")}
    with pytest.raises(StaleState):
        amend(project.pk, actor=cast.lin, basics={"name": "z"}, expected_version=project.version + 1)


def test_the_proposal_waits_for_reserve_or_minute_and_for_the_code(cast):
    project = a_project(cast, code="", meeting_minute="")
    with pytest.raises(RuleViolation) as refusal:
        moves.perform(project.pk, "start_proposal", actor=cast.lei)
    assert {code for code, _ in codes_of(refusal)} == {"reserve.missing", "code.missing"}
    assert [o.move.name for o in selectors.offers(project, cast.lei, moves.situation(clock.today()))] == [
        "start_proposal"
    ]


def test_waiving_the_feasibility_study_leaves_ground_reason_and_document(cast):
    project = a_project_in_proposal(cast)
    with pytest.raises(RuleViolation) as refusal:
        moves.perform(project.pk, "pass_proposal_waive_feasibility", actor=cast.zhao, data={"ground": "NONSENSE"})
    assert {field for _, field in codes_of(refusal)} == {"ground", "document", "reason"}
    data = {"ground": "SMALL_SIMPLE", "document": "鹏湾纪要〔2026〕9号", "reason": "投资小、建设内容单一"}
    project = moves.perform(project.pk, "pass_proposal_waive_feasibility", actor=cast.zhao, data=data)
    row = project.stages.get(stage=Stage.FEASIBILITY)
    assert project.stage == Stage.PRELIM_DESIGN
    assert (row.status, row.waiver_ground, row.decision_no) == (
        StageStatus.WAIVED,
        "SMALL_SIMPLE",
        "鹏湾纪要〔2026〕9号",
    )


def test_a_suspension_returns_where_it_began_and_is_dated(cast):
    project = a_project_in_proposal(cast)
    with clock.at(date(2026, 3, 2)):
        data = {"reason": "资金未落实", "document": "纪要3号"}
        project_moves.perform(project.pk, "suspend", actor=cast.zhao, data=data)
    with clock.at(date(2026, 3, 9)):
        done = project_moves.perform(project.pk, "resume", actor=cast.zhao, data={"document": "纪要4号"})
    assert (done.stage, done.resume_stage) == (Stage.PROPOSAL, "")
    suspension = done.suspensions.get()
    assert (suspension.began_on, suspension.ended_on) == (date(2026, 3, 2), date(2026, 3, 9))


def test_a_termination_withdraws_the_open_items_and_ends_the_project(cast):
    item = lives.submitted(cast)
    data = {"reason": "项目取消", "document": "纪要5号"}
    project = project_moves.perform(item.project_id, "terminate", actor=cast.dai, data=data)
    assert project.stage == Stage.TERMINATED
    assert lives.fresh(item).state == "WITHDRAWN"
    assert selectors.ways_forward(project, moves.situation(clock.today())) == []
    with pytest.raises(RuleViolation):
        amend(project.pk, actor=cast.lin, basics={"name": "x"})


def test_the_list_shows_units_their_own_and_offices_all_page_by_page(cast):
    rows = [a_project(cast, name=f"项目{n}", code="") for n in range(5)]
    a_project(cast, actor=cast.sun, name="别家", code="")
    first = selectors.listed(cast.lin, limit=3)
    second = selectors.listed(cast.lin, after=first.after, limit=3)
    assert [p.pk for p in (*first.rows, *second.rows)] == [p.pk for p in reversed(rows)]
    assert second.after is None
    assert len(selectors.listed(cast.wu).rows) == 6
    assert selectors.listed(cast.root).rows == []
