"""Every stage × move × role of a project's life, against the rows of DOMAIN §2.4 written down here, and T01–T28 as stories."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.actor import Actor
from accounts.roles import Role
from approvals.services import moves as item_moves
from approvals.services import project_moves
from core import clock, rulebook
from core.errors import DomainError, NotPermitted, RuleViolation
from core.models import TraceEntry
from projects import policies
from projects.lifecycle import LIFECYCLE
from projects.models import Project
from projects.services import facts, gates
from projects.services.gates import Ruling
from projects.services.register import TakenOverFigure, register
from projects.states import Gate, Stage
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
MAIN = ("RESERVE,PROPOSAL,FEASIBILITY,PRELIM_DESIGN,BUDGET,PROCUREMENT,CONSTRUCTION,ACCEPTANCE,SETTLEMENT,FINAL_AUDIT,"
        "FINAL_ACCOUNT,ASSET_HANDOVER,TITLE_REGISTRATION")  # fmt: skip

# number, move, sources, targets, role, what keeps it from happening in a bare project of the stage ("-": nothing)
ROWS = f"""
T02  admit_to_reserve       RESERVE        =              CASE_OFFICER     gate.closed
T03  start_proposal         RESERVE        PROPOSAL       APPLICANT_LEAD   -
T04  pass_proposal          PROPOSAL       FEASIBILITY    S                gate.closed
T05  pass_proposal_waive_feasibility  PROPOSAL  PRELIM_DESIGN  DETERMINER  -
T06  direct_to_feasibility  RESERVE        FEASIBILITY    DETERMINER       -
T07  pass_feasibility       FEASIBILITY    PRELIM_DESIGN  S                gate.closed
T08  pass_estimate          PRELIM_DESIGN  BUDGET         S                gate.closed
T09  reopen_feasibility     PRELIM_DESIGN  FEASIBILITY    DETERMINER       gate.closed
T10  pass_budget            BUDGET         PROCUREMENT    S                gate.closed
T10b waive_budget           BUDGET         PROCUREMENT    DETERMINER       -
T11  award                  PROCUREMENT    =              APPLICANT_CLERK  gate.closed
T12  start_construction     PROCUREMENT    CONSTRUCTION   APPLICANT_LEAD   gate.closed,gate.closed,contract.missing,funds.missing
T13  open_estimate_adjustment   CONSTRUCTION  =           APPLICANT_LEAD   -
T14  close_estimate_adjustment  CONSTRUCTION  =           S                adjustment.not_open,gate.closed
T15  enter_acceptance       CONSTRUCTION   ACCEPTANCE     APPLICANT_CLERK  progress.incomplete
T15b fail_acceptance        ACCEPTANCE     CONSTRUCTION   APPLICANT_LEAD   -
T16  pass_acceptance        ACCEPTANCE     SETTLEMENT     S                gate.closed,acceptance.open
T17  pass_settlement        SETTLEMENT     FINAL_AUDIT    S                gate.closed
T18  pass_settlement_no_audit  SETTLEMENT  FINAL_ACCOUNT  S                gate.closed,audit.required
T19  pass_audit             FINAL_AUDIT    FINAL_ACCOUNT  S                gate.closed
T20  approve_final_account  FINAL_ACCOUNT  ASSET_HANDOVER S                gate.closed
T21  complete_handover      ASSET_HANDOVER TITLE_REGISTRATION  S           gate.closed,handover.missing
T22  complete_handover_no_title  ASSET_HANDOVER  CLOSED   S                gate.closed,title.needed,handover.missing
T23  complete_title         TITLE_REGISTRATION  CLOSED    S                gate.closed,title.pending
T24  suspend                {MAIN}         SUSPENDED      DETERMINER       -
T25  resume                 SUSPENDED      {MAIN}         DETERMINER       -
T26  terminate              {MAIN},SUSPENDED  TERMINATED  DIRECTOR         -
T27  revoke                 PROPOSAL,FEASIBILITY,PRELIM_DESIGN,BUDGET,PROCUREMENT  REVOKED  DIRECTOR  -
T28  reopen                 CLOSED         FINAL_ACCOUNT  DIRECTOR         -
"""
TABLE = {
    row[1]: (row[0], set(row[2].split(",")), set() if row[3] == "=" else set(row[3].split(",")),
             set() if row[4] == "S" else {row[4]}, row[5])
    for row in (line.split() for line in ROWS.strip().splitlines())
}  # fmt: skip
SAID = {"reason": "原因", "document": "会议纪要1号", "ground": "SMALL_SIMPLE", "defects": "渗漏"}
WHO = {"CASE_OFFICER": "wu", "APPLICANT_LEAD": "lei", "APPLICANT_CLERK": "lin", "DETERMINER": "zhao", "DIRECTOR": "dai"}


@pytest.fixture
def cast() -> Any:
    return make_cast()


def at_stage(cast: Any, stage: str, **changes: Any) -> Project:
    """A project taken over at that stage, or led from a stage of the main line out of it."""
    basics = {**lives.BASICS, **changes}
    if stage in MAIN.split(","):
        return register(actor=cast.lin, basics=basics, taken_over_at=stage, taken_over_reason="原有批复")
    if stage == "CLOSED":
        project = at_stage(cast, "TITLE_REGISTRATION", **changes)
        return opened(cast, told(project), Gate.TITLED)
    name = {"SUSPENDED": "suspend", "TERMINATED": "terminate", "REVOKED": "revoke"}[stage]
    actor = cast.zhao if name == "suspend" else cast.dai
    return project_moves.perform(at_stage(cast, "PROPOSAL", **changes).pk, name, actor=actor, data=SAID)


def opened(cast: Any, project: Project, *wanted: Gate, **ruling: Any) -> Project:
    """The gates opened as decisions open them."""
    for gate in wanted:
        gates.open_gate(project, gate, Ruling(1, "鹏发财〔2026〕1号", clock.today(), **ruling), actor=cast.zhao)
    return Project.objects.get(pk=project.pk)


def told(project: Project) -> Project:
    """Everything said that the rooms to the right have to say."""
    facts.tell(
        project,
        works_contracts=1,
        released=Decimal(1),
        physical_percent=Decimal(100),
        acceptance_passed=True,
        undelivered=Decimal(0),
        pending_titles=0,
    )
    return project


def outcome(project: Project, name: str, actor: Actor) -> str:
    try:
        project_moves.perform(project.pk, name, actor=actor, data=SAID)
    except DomainError as error:
        return ",".join(problem.code for problem in error.problems)
    return "-"


def test_the_table_of_moves_is_the_one_of_the_specification() -> None:
    mine = {move.name: (move.number, set(move.sources), set(move.targets), set(move.roles)) for move in LIFECYCLE}
    assert mine == {name: row[:4] for name, row in TABLE.items()}


@pytest.mark.parametrize("stage", Stage.values)
def test_every_move_of_every_role_in(stage: str, cast: Any) -> None:
    wrong = []
    for number, (name, (_n, sources, targets, roles, keeps)) in enumerate(TABLE.items()):
        project = at_stage(cast, stage, name=f"p{number}", code=f"2611-440399-04-01-{number:06d}")
        for actor in cast.actors.values():
            refusal = policies.may_move(actor, project, LIFECYCLE[name])
            code = refusal.code if refusal else "-"
            want = "system_only" if not roles else "role" if actor.role not in roles else ""
            own = actor.organisation in (project.owner_unit,) or actor.role not in ("APPLICANT_CLERK", "APPLICANT_LEAD")
            if code != (want or ("-" if own else "not_own")):
                wrong.append((name, actor.role, want, code))
        if not roles:
            now = item_moves.situation()
            codes = ",".join(p.code for p in LIFECYCLE.problems(project, name, now))
            if codes != (keeps if stage in sources else "wrong_state"):
                wrong.append((name, "system", keeps, codes))
            continue
        have = outcome(project, name, cast.actors[WHO[min(roles)]])
        if have != (keeps if stage in sources else "wrong_state"):
            wrong.append((name, "perform", keeps, have))
        after = Project.objects.get(pk=project.pk).stage
        if have == "-" and after not in (targets if targets else {stage}):
            wrong.append((name, "target", targets, after))
    assert not wrong, "\n".join(map(str, wrong))


def test_the_long_way_from_the_reserve_to_the_end(cast: Any) -> None:
    """Each decision opens its gate and the project goes on by itself; each stage knows when it was passed."""
    project = lives.a_project(cast, code="", meeting_minute="")
    assert outcome(project, "start_proposal", cast.lei) == "reserve.missing,code.missing"
    opened(cast, project, Gate.RESERVE_ADMITTED)
    project = project_moves.perform(project.pk, "admit_to_reserve", actor=cast.wu)
    assert project.reserve_no == f"CB-{clock.today().year}-{project.pk:05d}"
    Project.objects.filter(pk=project.pk).update(code="2611-440399-04-01-000016")
    project = project_moves.perform(project.pk, "start_proposal", actor=cast.lei)
    for gate, stage, amount in (
        (Gate.PROPOSAL_APPROVED, "FEASIBILITY", "100.00"), (Gate.FEASIBILITY_APPROVED, "PRELIM_DESIGN", "110.00"),
        (Gate.ESTIMATE_APPROVED, "BUDGET", "105.00"), (Gate.BUDGET_REVIEWED, "PROCUREMENT", "90.00"),
    ):  # fmt: skip
        project = opened(cast, project, gate, amount=Decimal(amount))
        assert project.stage == stage
    assert [figure.version for figure in project.figures.all()] == [1, 2, 3, 4]
    assert project.latest_figure("ESTIMATE", "ADJUSTED").amount == Decimal("105.00")
    opened(cast, project, Gate.AWARDED)
    assert project_moves.perform(project.pk, "award", actor=cast.lin).stage == "PROCUREMENT"
    assert outcome(project, "award", cast.lin) == "award.recorded"
    opened(cast, project, Gate.AWARDED)
    assert outcome(project, "award", cast.lin) == "-", "another lot is recorded by itself"
    assert outcome(project, "award", cast.lin) == "award.recorded"
    told(opened(cast, project, Gate.START_PERMITTED))
    project = project_moves.perform(project.pk, "start_construction", actor=cast.lei)
    assert project.started_on == clock.today()
    project = project_moves.perform(project.pk, "open_estimate_adjustment", actor=cast.lei, data=SAID)
    assert outcome(project, "enter_acceptance", cast.lin) == "adjustment.open"
    assert outcome(project, "open_estimate_adjustment", cast.lei) == "adjustment.open"
    project = opened(cast, project, Gate.ADJUSTMENT_DECIDED, amount=Decimal("120.00"))
    assert not project.is_estimate_adjusting and project.latest_figure("ESTIMATE", "ADJUSTED").amount == 120
    for _ in range(2):
        project = project_moves.perform(project.pk, "enter_acceptance", actor=cast.lin, data=SAID)
        if _ == 0:
            project = project_moves.perform(project.pk, "fail_acceptance", actor=cast.lei, data=SAID)
            assert project.stage == "CONSTRUCTION"
    for gate, stage in (
        (Gate.ACCEPTED, "SETTLEMENT"), (Gate.SETTLED, "FINAL_AUDIT"), (Gate.AUDITED, "FINAL_ACCOUNT"),
        (Gate.FINAL_ACCOUNT_APPROVED, "ASSET_HANDOVER"), (Gate.HANDED_OVER, "TITLE_REGISTRATION"), (Gate.TITLED, "CLOSED"),
    ):  # fmt: skip
        project = opened(cast, project, gate)
        assert project.stage == stage
    assert {row.status for row in project.stages.all()} == {"PASSED"}
    project = project_moves.perform(project.pk, "reopen", actor=cast.dai, data=SAID)
    assert project.stage == "FINAL_ACCOUNT"
    assert not project.has_gate(Gate.FINAL_ACCOUNT_APPROVED, clock.today())


def test_what_needs_no_audit_and_no_title_skips_them_by_rule(cast: Any) -> None:
    project = at_stage(cast, "SETTLEMENT", audit_mode="EXEMPT", needs_title=False)
    project = opened(cast, told(project), Gate.SETTLED)
    assert project.stage == "FINAL_ACCOUNT"
    project = opened(cast, project, Gate.FINAL_ACCOUNT_APPROVED, Gate.HANDED_OVER)
    status = {row.stage: row.status for row in project.stages.all()}
    assert (project.stage, status["FINAL_AUDIT"], status["TITLE_REGISTRATION"]) == (
        "CLOSED", "SKIPPED_BY_RULE", "SKIPPED_BY_RULE",
    )  # fmt: skip
    why = {row.stage: row.reason for row in project.stages.all()}
    assert (why["FINAL_AUDIT"], why["TITLE_REGISTRATION"]) == ("该项目免予审计。", "该项目没有需办理产权登记的资产。")


@pytest.mark.parametrize(
    ("stage", "gate", "fact", "value", "code"),
    [
        ("ACCEPTANCE", Gate.ACCEPTED, "acceptance_passed", False, "acceptance.open"),
        ("SETTLEMENT", Gate.SETTLED, "unsettled_contracts", 2, "settlement.open"),
        ("FINAL_AUDIT", Gate.AUDITED, "open_findings", 1, "findings.open"),
        ("ASSET_HANDOVER", Gate.HANDED_OVER, "undelivered", Decimal("0.01"), "handover.difference"),
        ("TITLE_REGISTRATION", Gate.TITLED, "pending_titles", 1, "title.pending"),
    ],
)
def test_a_decision_waits_for_the_facts_and_goes_on_when_they_are_told(
    cast: Any, stage: str, gate: Gate, fact: str, value: Any, code: str
) -> None:
    project = told(at_stage(cast, stage))
    good = getattr(project.facts, fact)
    facts.tell(project, **{fact: value})
    project = opened(cast, project, gate)
    move = next(move for move in LIFECYCLE.from_state(stage) if move.by_system)
    assert project.stage == stage
    assert [problem.code for problem in LIFECYCLE.problems(project, move.name, item_moves.situation())] == [code]
    facts.tell(project, **{fact: good})
    assert Project.objects.get(pk=project.pk).stage != stage


def test_where_contracts_and_works_are_kept_elsewhere_the_items_alone_pass_the_stages(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_elsewhere = tuple(row for row in rulebook.shipped() if row.code != "execution.required" or row.value != 1)
    monkeypatch.setattr(rulebook, "shipped", lambda: kept_elsewhere)
    project = opened(cast, at_stage(cast, "PROCUREMENT"), Gate.AWARDED, Gate.START_PERMITTED)
    assert outcome(project, "start_construction", cast.lei) == "-"
    assert outcome(project, "enter_acceptance", cast.lin) == "-"
    for gate, stage in ((Gate.ACCEPTED, "SETTLEMENT"), (Gate.SETTLED, "FINAL_AUDIT"), (Gate.AUDITED, "FINAL_ACCOUNT")):
        project = opened(cast, Project.objects.get(pk=project.pk), gate)
        assert project.stage == stage


def test_before_the_rule_is_in_force_nothing_of_contracts_and_works_is_asked(cast: Any) -> None:
    with clock.at(date(2017, 6, 15)):
        project = opened(cast, at_stage(cast, "PROCUREMENT"), Gate.AWARDED, Gate.START_PERMITTED)
        assert outcome(project, "start_construction", cast.lei) == "-"


def test_each_stage_names_the_decision_that_passed_it_and_no_other(cast: Any) -> None:
    """T15 rests on the contractor's report: the last decision before it has nothing to do with the stage."""
    project = told(at_stage(cast, "PROCUREMENT"))
    gates.open_gate(project, Gate.AWARDED, Ruling(7, "鹏住建备〔2026〕7号", clock.today()), actor=cast.zhao)
    gates.open_gate(project, Gate.START_PERMITTED, Ruling(8, "鹏住建备〔2026〕8号", clock.today()), actor=cast.zhao)
    gates.open_gate(project, Gate.NEW_FEASIBILITY_DEMANDED, Ruling(9, "", clock.today()), actor=cast.zhao)
    project_moves.perform(project.pk, "start_construction", actor=cast.lei)
    said = {"document": "竣工报告" + "一" * 80}
    project_moves.perform(project.pk, "enter_acceptance", actor=cast.lin, data=said)
    noted = {row.stage: (row.decision_item_id, row.decision_no) for row in project.stages.all()}
    assert noted["PROCUREMENT"] == (8, "鹏住建备〔2026〕8号")
    assert noted["CONSTRUCTION"] == (None, said["document"][:60])


def test_waivers_keep_their_ground(cast: Any) -> None:
    project = at_stage(cast, "PROPOSAL")
    with pytest.raises(RuleViolation) as caught:
        project_moves.perform(project.pk, "pass_proposal_waive_feasibility", actor=cast.zhao, data={})
    assert [p.field for p in caught.value.problems] == ["ground", "document", "reason"]
    project = project_moves.perform(project.pk, "pass_proposal_waive_feasibility", actor=cast.zhao, data=SAID)
    row = project.stages.get(stage="FEASIBILITY")
    assert (row.status, row.waiver_ground, row.reason, row.decision_no) == (
        "WAIVED",
        "SMALL_SIMPLE",
        "原因",
        "会议纪要1号",
    )
    entry = TraceEntry.objects.get(verb="projects.project.pass_proposal_waive_feasibility")
    assert (entry.facts["ground"], entry.reason) == ("SMALL_SIMPLE", "原因")


def test_the_proposal_approval_itself_may_waive_the_feasibility_study(cast: Any) -> None:
    item = lives.issued(cast, waives=["FEASIBILITY"])
    project = Project.objects.get(pk=item.project_id)
    row = project.stages.get(stage="FEASIBILITY")
    assert (project.stage, row.status, row.waiver_ground) == ("PRELIM_DESIGN", "WAIVED", "WAIVED_BY_APPROVAL")
    assert row.decision_no == item.document_no


def test_resuming_makes_up_for_what_was_decided_meanwhile(cast: Any) -> None:
    project = at_stage(cast, "CONSTRUCTION")
    project = project_moves.perform(project.pk, "open_estimate_adjustment", actor=cast.lei, data=SAID)
    project = project_moves.perform(project.pk, "suspend", actor=cast.zhao, data=SAID)
    assert (project.resume_stage, project.suspensions.get().ended_on) == ("CONSTRUCTION", None)
    project = opened(cast, project, Gate.ADJUSTMENT_DECIDED, outcome="REJECTED")
    assert project.stage == "SUSPENDED" and project.is_estimate_adjusting
    project = project_moves.perform(project.pk, "resume", actor=cast.zhao, data=SAID)
    assert (project.stage, project.resume_stage, project.is_estimate_adjusting) == ("CONSTRUCTION", "", False)
    assert project.suspensions.get().ended_on == clock.today()


@pytest.mark.parametrize("name", ["terminate", "revoke"])
def test_the_end_of_a_project_withdraws_its_open_items(cast: Any, name: str) -> None:
    item = lives.in_centre(cast)
    project_moves.perform(item.project_id, name, actor=cast.dai, data=SAID)
    item = lives.fresh(item)
    assert (item.state, item.outcome_reason) == ("WITHDRAWN", "原因")
    assert not item.tasks.filter(left_at=None).exists()
    assert item.pauses.filter(began_on__isnull=False, ended_on=None).count() == 0


def an_estimate(cast: Any, declared: str) -> Any:
    """An estimate in determination against a feasibility figure of 10,000,000 yuan."""
    figure = TakenOverFigure("FEASIBILITY", Decimal("10000000.00"), DAY, "鹏发财〔2025〕7号")
    project = register(actor=cast.lin, basics=lives.BASICS, taken_over_at="PRELIM_DESIGN", taken_over_reason="原批复",
                       taken_over_figures=[figure])  # fmt: skip
    item = lives.submitted(cast, lives.a_draft(cast, project, "EST"), declared=declared)
    item = lives.in_centre(cast, lives.in_first_review(cast, lives.accepted(cast, item)))
    return lives.in_determination(cast, lives.in_second_review(cast, lives.opinion_delivered(cast, item)))


def test_exactly_ten_percent_more_passes(cast: Any) -> None:
    item = an_estimate(cast, "11000000.00")
    assert lives.issued(cast, item).state == "ISSUED"
    assert Project.objects.get(pk=item.project_id).stage == "BUDGET"


def test_more_than_ten_percent_waits_for_a_decision_and_may_lead_back_to_the_study(cast: Any) -> None:
    item = an_estimate(cast, "11000000.01")
    project = item.project
    with pytest.raises(RuleViolation) as caught:
        lives.issued(cast, item)
    assert "R-INV-02" in [problem.code for problem in caught.value.problems]
    assert outcome(project, "reopen_feasibility", cast.zhao) == "gate.closed"
    said = {"decision": "REQUIRE_NEW_FS", "reason": "超过百分之十"}
    item_moves.perform(item.pk, "decide_ten_percent", actor=cast.zhao, data=said)
    with pytest.raises(RuleViolation):
        lives.issued(cast, item)
    project = project_moves.perform(project.pk, "reopen_feasibility", actor=cast.zhao, data=SAID)
    item = lives.fresh(item)
    assert (project.stage, item.state, item.return_class) == ("FEASIBILITY", "RETURNED", "NEW_FEASIBILITY")
    assert not project.has_gate(Gate.NEW_FEASIBILITY_DEMANDED, clock.today())


def test_more_than_ten_percent_may_be_accepted(cast: Any) -> None:
    item = an_estimate(cast, "12000000.00")
    said = {"decision": "ACCEPT", "reason": "地质条件复杂"}
    item = item_moves.perform(item.pk, "decide_ten_percent", actor=cast.zhao, data=said)
    assert lives.issued(cast, item).state == "ISSUED"


def test_a_blocking_rule_needs_a_document_and_a_reason(cast: Any) -> None:
    figure = TakenOverFigure("ESTIMATE", Decimal("5000000.00"), DAY, "鹏发财〔2025〕9号", Decimal("4000000.00"))
    project = register(actor=cast.lin, basics=lives.BASICS, taken_over_at="BUDGET", taken_over_reason="原批复",
                       taken_over_figures=[figure])  # fmt: skip
    item = lives.submitted(cast, lives.a_draft(cast, project, "BUD"), declared="8000000.00")
    item = item_moves.perform(item.pk, "accept", actor=cast.chen)
    item = item_moves.perform(item.pk, "assign", actor=cast.fxu, data={"officer": cast.fwu.user.pk})
    lives.review(item, cast.fwu)
    item = item_moves.perform(item.pk, "pass_first", actor=cast.fwu, data={"opinion": "同意"})
    item = item_moves.perform(item.pk, "pass_second", actor=cast.fxu, data={"opinion": "同意"})
    with pytest.raises(NotPermitted):
        item_moves.perform(item.pk, "approve", actor=cast.zhao)
    for said in ({}, {"override_document": "会议纪要2号"}, {"override_reason": "抢险"}):
        with pytest.raises(RuleViolation) as caught:
            item_moves.perform(item.pk, "approve", actor=cast.fzhao, data=said)
        assert caught.value.problems[0].code.startswith("investment.budget_over_works")
    said = {"override_document": "会议纪要2号", "override_reason": "抢险"}
    item = item_moves.perform(item.pk, "approve", actor=cast.fzhao, data=said)
    decision = item.decisions.get()
    assert (decision.override_document, decision.override_reason) == ("会议纪要2号", "抢险")
    assert [row[1] for row in decision.findings if row[0].startswith("investment.budget_over_works")] == ["BLOCK"]


def test_an_adjustment_that_is_refused_lowers_the_flag(cast: Any) -> None:
    project = at_stage(cast, "CONSTRUCTION")
    with pytest.raises(RuleViolation) as caught:
        lives.a_draft(cast, project, "ADJ")
    assert [p.code for p in caught.value.problems] == ["adjustment.not_open"]
    project_moves.perform(project.pk, "open_estimate_adjustment", actor=cast.lei, data=SAID)
    item = lives.fill_in(cast, lives.a_draft(cast, project, "ADJ"))
    item_moves.perform(item.pk, "withdraw", actor=cast.lei, data={"reason": "不再调整"})
    assert not Project.objects.get(pk=project.pk).is_estimate_adjusting


def test_the_stage_cannot_be_set_by_hand(cast: Any) -> None:
    project = lives.a_project(cast)
    with pytest.raises(AttributeError):
        project.stage = "CLOSED"
    assert Role.SYS_ADMIN not in {role for move in LIFECYCLE for role in move.roles}
