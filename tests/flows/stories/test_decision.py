"""The second review, the decision, and what comes of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from approvals.models import Decision, DocumentSequence, Reduction, ReductionDelta
from approvals.services import ledger, moves, tick
from approvals.services.create import create
from core import clock
from core.errors import NotFound, NotPermitted, RuleViolation
from projects.lifecycle import LIFECYCLE
from projects.models import Project
from projects.services import gates
from projects.services.gates import Ruling
from projects.states import Gate
from tests.support import lives
from tests.support.lives import fresh
from tests.support.stories import MONDAY, also, codes_of, move, refused, stand_in

pytestmark = pytest.mark.django_db


def test_a_revoked_proposal_approval_stops_the_project_until_it_is_given_anew(cast: Any) -> None:
    """§2.4 leaves the stage as it is; R-LC-01: nothing rests on an approval that no longer stands."""
    proposal = lives.issued(cast)
    study = lives.in_first_review(
        cast, lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, Project.objects.get(), "FS")))
    )
    study = lives.in_determination(
        cast, lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, study)))
    )
    move(proposal, "revoke", cast.dai, ground="行政许可法第六十九条", reason="申报材料虚假")
    assert Project.objects.get().stage == "FEASIBILITY"
    with refused("approval.lost"):
        move(study, "approve", cast.zhao)
    client = Client()
    client.force_login(cast.lin.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/projects/{proposal.project_id}/").content.decode()
    assert proposal.document_no in page.partition('id="stages"')[0] and "type=PR" in page
    again = lives.a_draft(cast, Project.objects.get(), "PR")
    again = lives.issued(cast, lives.in_determination(cast, lives.in_second_review(cast, lives.opinion_delivered(
        cast, lives.in_centre(cast, lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, again))))))))  # fmt: skip
    assert "approval.lost" not in {
        p.code for p in LIFECYCLE.problems(Project.objects.get(), "pass_feasibility", moves.situation())
    }
    move(study, "approve", cast.zhao)
    assert Project.objects.get().stage == "PRELIM_DESIGN"
    with pytest.raises(RuleViolation, match="阶段"):
        create(Project.objects.get().pk, "PR", actor=cast.lin)


def test_sending_back_keeps_the_clock_and_voids_what_is_to_be_done_again(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_determination(cast)
        due = item.due_on
        item = move(item, "send_back", cast.zhao, reason="补充说明", to="FIRST_REVIEW")
        assert (item.state, item.due_on, item.accepted_on) == ("FIRST_REVIEW", due, MONDAY)
        assert not item.opinions.filter(kind__in=("FIRST", "SECOND"), voided_at=None).exists()
        item = move(lives.in_second_review(cast, item), "send_back_second", cast.xu, reason="再核")
        item = lives.in_determination(cast, lives.in_second_review(cast, item))
        item = move(item, "send_back", cast.zhao, reason="请复核")
    assert (item.state, item.due_on) == ("SECOND_REVIEW", due)


def test_nobody_does_two_of_the_three_steps(cast: Any) -> None:
    item = lives.in_second_review(cast)
    with refused("R-SOD-02", error=NotPermitted):
        move(item, "pass_second", also(cast, "wu", Role.SECTION_CHIEF), opinion="同意")
    with refused("R-SOD-02", error=NotPermitted):
        move(item, "pass_second", stand_in(cast, "xu", "wu"), opinion="同意")
    item = move(item, "pass_second", stand_in(cast, "xu", "gu"), opinion="同意")
    for officer in (
        also(cast, "gu", Role.DETERMINER),
        also(cast, "xu", Role.DETERMINER),
        also(cast, "wu", Role.DETERMINER),
    ):
        with refused("R-SOD-02", error=NotPermitted):
            move(item, "approve", officer)
    with refused("R-SOD-02", error=NotPermitted):
        move(item, "approve", also(cast, "he", Role.DETERMINER))
    assert move(item, "approve", stand_in(cast, "zhao", "dai")).state == "ISSUED"
    decision = Decision.objects.get(item=item)
    assert (decision.decided_by, decision.acting_for) == (cast.dai.user, cast.zhao.user)


def test_who_applied_does_not_review(cast: Any) -> None:
    officer = also(cast, "lin", Role.CASE_OFFICER)
    item = lives.accepted(cast)
    with refused("assign.not_eligible"):
        move(item, "assign", cast.xu, officer=officer.user.pk)
    item = lives.in_second_review(
        cast, lives.opinion_delivered(cast, lives.in_centre(cast, lives.in_first_review(cast, item)))
    )
    for name in ("lin", "lei"):
        with refused("R-SOD-01", error=NotPermitted):
            move(item, "pass_second", also(cast, name, Role.SECTION_CHIEF), opinion="同意")
        with refused("R-SOD-01", error=NotPermitted):
            move(item, "pass_second", stand_in(cast, "xu", name), opinion="同意")


def test_a_joint_review_is_awaited_and_asked_again_after_an_edit(cast: Any) -> None:
    item = lives.in_first_review(cast)
    asked = {"person": cast.fang.user.pk, "kind": "JOINT", "question": "资金是否落实"}
    with refused("countersign.person"):
        move(item, "ask_countersign", cast.wu, **{**asked, "person": cast.sun.user.pk})
    item = move(item, "ask_countersign", cast.wu, **asked)
    with refused("countersign.asked"):
        move(item, "ask_countersign", cast.wu, **asked)
    lives.review(item, cast.wu)
    with refused("countersign.open"):
        move(item, "pass_first", cast.wu, opinion="同意")
    with refused("not_asked", error=NotPermitted):
        move(item, "answer_countersign", cast.qian, answer="同意")
    item = move(item, "answer_countersign", cast.fang, answer="已落实", agrees=True)
    lives.review(item, cast.wu, share="0.5")
    rows = list(item.countersigns.all())
    assert [(row.voided_at is None, row.answered_at is None) for row in rows] == [(False, False), (True, True)]
    assert item.tasks.get(kind="COUNTERSIGN", left_at=None).user == cast.fang.user
    with refused("countersign.open"):
        move(item, "pass_first", cast.wu, opinion="同意")
    move(item, "answer_countersign", cast.fang, answer="仍已落实", agrees=True)
    assert move(item, "pass_first", cast.wu, opinion="同意").state == "SECOND_REVIEW"


def test_the_centre_may_recommend_recompiling_and_be_asked_again(cast: Any) -> None:
    item = move(lives.in_centre(cast), "recommend_return", cast.kong, opinion="重新编制")
    assert (item.state, item.recompile_recommended) == ("FIRST_REVIEW", True)
    assert codes_of(item, "send_to_center", cast.wu) == []
    item = lives.in_determination(
        cast, lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, item)))
    )
    assert not item.recompile_recommended
    assert lives.issued(cast, item).state == "ISSUED"


@pytest.mark.parametrize(("name", "state"), [("reject", "REJECTED"), ("return_item", "RETURNED")])
def test_what_is_not_approved_counts_in_no_sum(cast: Any, name: str, state: str) -> None:
    item = lives.in_determination(cast)
    with refused("required", *(["required"] if name == "return_item" else [])):
        move(item, name, cast.zhao)
    item = move(item, name, cast.zhao, reason="理由", return_class="OTHER")
    row = Reduction.objects.get(item=item)
    assert (item.state, row.is_counted, row.exclusion) == (state, False, state)
    assert not ReductionDelta.objects.exists() and ledger.rebuild() == []
    assert Project.objects.get(pk=item.project_id).stage == "PROPOSAL" and not item.document_no


def test_revoking_takes_the_reduction_back_and_shuts_the_gate(cast: Any) -> None:
    item = lives.issued(cast)
    project = item.project
    assert project.latest_figure("ROUGH").amount == Decimal("7500000.00")
    item = move(item, "revoke", cast.dai, ground="行政许可法第六十九条", reason="材料虚假")
    assert [delta.n for delta in ReductionDelta.objects.order_by("pk")] == [1, -1]
    assert sum(delta.declared for delta in ReductionDelta.objects.all()) == 0
    assert ledger.rebuild() == []
    project = Project.objects.get(pk=project.pk)
    assert not project.has_gate("PROPOSAL_APPROVED", clock.today()) and project.latest_figure("ROUGH") is None
    assert item.documents.get(kind="APPROVAL").voided_on == clock.today()


def test_an_approval_expires_after_two_years_and_shuts_the_gate(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.issued(cast)
    assert item.valid_until == date(2028, 3, 2)
    with clock.at(date(2028, 3, 2)):
        assert tick.run().transitions == {}
    with clock.at(date(2028, 3, 3)):
        assert tick.run().transitions == {"expire": 1}
        assert not Project.objects.get(pk=item.project_id).has_gate("PROPOSAL_APPROVED", clock.today())
    assert ReductionDelta.objects.count() == 1, "what was decided stays counted"


def test_an_approval_the_next_stage_used_in_time_neither_warns_nor_expires(cast: Any) -> None:
    with clock.at(MONDAY):
        used = lives.issued(cast)
        opening = Ruling(used.pk, "鹏发财〔2026〕2号", MONDAY)
        gates.open_gate(Project.objects.get(pk=used.project_id), Gate.FEASIBILITY_APPROVED, opening, actor=cast.zhao)
    with clock.at(date(2028, 2, 10)):
        assert tick.run().notices == 0
    with clock.at(date(2028, 3, 3)):
        assert tick.run().transitions == {}
    assert fresh(used).state == "ISSUED"


def test_an_approved_amount_other_than_the_reviewed_one_needs_a_remark(cast: Any) -> None:
    item = lives.in_determination(cast)
    with refused("amount.unexplained"):
        move(item, "approve", cast.zhao, approved_amount="8000000.00")
    item = move(item, "approve", cast.zhao, approved_amount="7000000.00", opinion="按年度资金安排核定")
    assert (item.reviewed_amount, item.approved_amount) == (Decimal("7500000.00"), Decimal("7000000.00"))


def test_document_numbers_are_unbroken(cast: Any) -> None:
    numbers = []
    for n in (1, 2, 3):
        project = lives.a_project_in_proposal(cast, name=f"p{n}", code=f"2611-440399-04-01-00000{n}")
        item = lives.submitted(cast, lives.a_draft(cast, project))
        item = lives.in_centre(cast, lives.in_first_review(cast, lives.accepted(cast, item)))
        item = lives.in_determination(cast, lives.in_second_review(cast, lives.opinion_delivered(cast, item)))
        if n == 2:
            with refused("amount.missing"):
                move(item, "approve", cast.zhao, approved_amount="0")
        numbers.append(lives.issued(cast, item).document_no)
    sequence = DocumentSequence.objects.get()
    assert sequence.last == 3, "a refused approval takes no number"
    assert [number.split("〕")[1] for number in numbers] == ["1号", "2号", "3号"]


def test_withdrawing_clears_every_desk_and_stops_at_determination(cast: Any) -> None:
    item = lives.in_second_review(cast)
    determination = move(item, "pass_second", cast.xu, opinion="同意")
    with refused("wrong_state"):
        move(determination, "withdraw", cast.lei, reason="撤回")
    item = move(determination, "send_back", cast.zhao, reason="核")
    item = move(item, "withdraw", cast.lei, reason="项目调整")
    assert (item.state, item.outcome_reason) == ("WITHDRAWN", "项目调整")
    assert not item.tasks.filter(left_at=None).exists() and not Reduction.objects.exists()


def test_another_unit_does_not_know_of_the_item(cast: Any) -> None:
    item = lives.submitted(cast)
    with refused("not_found", error=NotFound):
        move(item, "withdraw", cast.song, reason="x")
    with refused("role", error=NotPermitted):
        move(item, "accept", cast.wu)
