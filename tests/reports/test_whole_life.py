"""The whole life of a project on one line: each stage with its decisions and amounts, and who must act for the next."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from approvals.services import project_moves
from assets.models import FinalAccount
from core import clock
from core.errors import NotFound
from execution.models import Settlement
from projects.models import ControlFigure, Project
from projects.states import MAIN_LINE
from reports.whole_life import life_of
from tests.support import books, lives, works
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


def by_code(life):
    return {stage.code: stage for stage in life.stages}


def sums(stage):
    return {str(one.label): one.words or one.amount for one in stage.sums}


def test_every_stage_of_the_main_line_stands_there_and_the_closing_after_them():
    cast = make_cast()
    project = lives.a_project_in_proposal(cast)
    life = life_of(cast.lin, project.pk)
    assert [stage.code for stage in life.stages] == [*MAIN_LINE, "CLOSED"]
    assert life.here.code == "PROPOSAL"
    assert [step.declares for step in life.here.steps] == ["PR"]
    assert life.here.steps[0].who.endswith("项目单位经办")
    assert all(not stage.steps for stage in life.stages if stage.code != "PROPOSAL")


def test_a_decision_stands_at_its_stage_with_number_amounts_and_letter():
    cast = make_cast()
    item = lives.issued(cast)
    life = life_of(cast.lin, item.project_id)
    stage = by_code(life)["PROPOSAL"]
    decision = stage.decisions[0]
    assert (decision.document_no, decision.item_id) == (item.document_no, item.pk)
    assert (decision.declared, decision.approved) == (item.declared_amount, item.approved_amount)
    assert stage.left_on == item.decided_on
    assert item.document_no in {paper.number for paper in stage.papers}
    assert life.here.code == "FEASIBILITY"
    assert sums(stage) == {"匡算": item.approved_amount} or len(stage.sums) == 1


def test_the_works_tell_what_was_bought_released_and_paid():
    cast = make_cast()
    project = works.building(cast)
    contract = works.the_contract(project)
    change = works.approved(cast, works.a_change(cast, contract, "300000.00"))
    life = life_of(cast.fang, project.pk)
    stages = by_code(life)
    assert Decimal("9000000.00") in sums(stages["PROCUREMENT"]).values(), "the ceiling"
    assert Decimal("8600000.00") in sums(stages["PROCUREMENT"]).values(), "the award"
    assert Decimal("8900000.00") in sums(stages["CONSTRUCTION"]).values(), "8,600,000 + 300,000 of the change"
    assert change.estimated == Decimal("300000.00")
    assert [(one.amount, one.year) for one in life.releases] == [(Decimal("9000000.00"), clock.today().year)]
    assert not life_of(cast.chen, project.pk).releases, "the window reads no books"
    assert not sums(by_code(life_of(cast.chen, project.pk))["CONSTRUCTION"])


def test_the_chain_sums_contracts_and_settlements_and_flags_what_passes_the_figure_before():
    cast = make_cast()
    project = works.building(cast)
    contract = works.the_contract(project)
    works.in_force(cast, works.a_contract(cast, project, price="1000000.00", kind="SUPERVISION"))
    item = lives.a_draft(cast)
    for row, yuan in ((contract, "8500000.00"), (project.contracts.last(), "990000.00")):
        Settlement.objects.create(
            contract=row, submitted=Decimal(yuan), reviewed=Decimal(yuan), submitted_on=clock.today(),
            recorded_by=cast.lin.user, item=item, document_no="鹏评审〔2026〕9号", reviewed_on=clock.today(),
        )  # fmt: skip
    version = project.figures.count() + 1
    ControlFigure.objects.create(
        project=project, version=version, kind="FINAL", amount=Decimal("12000000.01"), decided_on=clock.today()
    )
    life = life_of(cast.fang, project.pk)
    chain = {link.kind: link for link in life.chain}
    assert chain["AWARD"].amount == Decimal("9600000.00")
    assert chain["AWARD"].difference == Decimal("9600000.00") - works.BUDGET
    assert chain["SETTLEMENT"].amount == Decimal("9490000.00")
    assert life.overruns == ("over_final",)
    assert [link.kind for link in life.chain if link.overrun] == ["FINAL"]


def test_a_final_account_approved_without_an_item_ends_the_chain_all_the_same():
    cast = make_cast()
    project = works.building(cast)
    for part, yuan in (("教学楼", "3000000.00"), ("体育馆", "2000000.01")):
        FinalAccount.objects.create(
            project=project, part=part, cut_off_on=clock.today(), created_by=cast.lin.user, approved_total=Decimal(yuan)
        )
    chain = {link.kind: link.amount for link in life_of(cast.fang, project.pk).chain}
    assert chain["FINAL"] == Decimal("5000000.01")
    assert {link.kind: link.amount for link in life_of(cast.chen, project.pk).chain}["FINAL"] is None


def test_what_waits_in_the_project_names_whose_turn_it_is():
    cast = make_cast()
    project = works.building(cast)
    works.agreed(cast, works.a_change(cast, works.the_contract(project)))
    waits = life_of(cast.su, project.pk).waits
    assert [(row.kind, row.move, row.who) for row in waits] == [("change", "approve_by_owner", "项目单位负责人")]
    assert life_of(cast.chen, project.pk).waits == []


def test_a_suspended_project_stands_where_it_was_suspended():
    cast = make_cast()
    project = works.building(cast)
    Project.objects.filter(pk=project.pk).update(stage="SUSPENDED", resume_stage="CONSTRUCTION")
    life = life_of(cast.lin, project.pk)
    assert life.here.code == "CONSTRUCTION"


def test_who_does_not_see_the_project_does_not_see_its_life():
    cast = make_cast()
    project = works.in_procurement(cast)
    with pytest.raises(NotFound):
        life_of(cast.sun, project.pk)


def test_a_long_life_costs_as_much_as_a_short_one():
    cast = make_cast()
    project = works.building(cast)
    works.a_change(cast, works.the_contract(project))

    def cost():
        with CaptureQueriesContext(connection) as caught:
            life_of(cast.fang, project.pk)
        return len(caught)

    few = cost()
    for _ in range(3):
        contract = works.in_force(cast, works.a_contract(cast, project, kind="SUPERVISION", price="700000.00"))
        works.approved(cast, works.a_change(cast, contract, "1000.00"))
        works.a_change(cast, contract, "1000.00")
    assert cost() == few
    assert few <= 45


SAID = {"reason": "用地权属争议", "document": "会议纪要〔2026〕15号"}


def test_a_suspended_project_waits_for_who_may_resume_it_and_says_by_which_paper():
    cast = make_cast()
    project = lives.a_project_in_proposal(cast)
    project_moves.perform(project.pk, "suspend", actor=cast.zhao, data=SAID)
    life = life_of(cast.lin, project.pk)
    (step,) = life.here.steps
    assert (step.move, step.who) == ("resume", "分管领导（审定）")
    assert SAID["document"] in step.progress
    turns = [(str(turn.label), turn.on, turn.document_no, turn.reason) for turn in life.turns]
    assert turns == [("暂停项目", clock.today(), SAID["document"], SAID["reason"])]
    project_moves.perform(project.pk, "resume", actor=cast.zhao, data={"document": "会议纪要〔2026〕18号"})
    life = life_of(cast.lin, project.pk)
    assert [turn.document_no for turn in life.turns] == [SAID["document"], "会议纪要〔2026〕18号"]
    assert [step.declares for step in life.here.steps] == ["PR"]


def test_what_a_terminated_project_has_spent_remains_to_be_accounted_for():
    cast = make_cast()
    project = works.building(cast)
    spent = books.a_payment(cast, works.the_contract(project), "864000.01").amount
    project_moves.perform(project.pk, "terminate", actor=cast.dai, data=SAID)
    life = life_of(cast.lin, project.pk)
    assert life.here is None
    assert [turn.document_no for turn in life.turns] == [SAID["document"]]
    (step,) = life.remains
    assert f"{spent:,.2f}" in step.what
    assert step.who.endswith("项目单位经办")
    FinalAccount.objects.create(
        project=project, cut_off_on=clock.today(), created_by=cast.lin.user, state="SUBMITTED"
    )  # fmt: skip
    assert life_of(cast.lin, project.pk).remains[0].who == str(Role.FINANCE_OFFICER.label)
    FinalAccount.objects.update(state="APPROVED", approved_total=spent)
    assert life_of(cast.lin, project.pk).remains == []
    assert life_of(cast.chen, project.pk).remains == [], "the window reads no books"


def test_an_open_adjustment_lies_with_whom_its_item_lies():
    cast = make_cast()
    project = lives.register(
        actor=cast.lin, basics=lives.BASICS, taken_over_at="CONSTRUCTION", taken_over_reason="已开工"
    )
    assert "ADJ" not in {step.declares for step in life_of(cast.lin, project.pk).here.steps}, "none is needed"
    project_moves.perform(project.pk, "open_estimate_adjustment", actor=cast.lei, data={"reason": "地质变化"})
    steps = life_of(cast.lin, project.pk).here.steps
    assert (steps[0].declares, steps[0].problem) == ("ADJ", "")
    assert "adjustment.open" not in {step.problem for step in steps}
    item = lives.a_draft(cast, project, "ADJ")
    step = life_of(cast.lin, project.pk).here.steps[0]
    assert (step.item, step.declares) == (item, "")
