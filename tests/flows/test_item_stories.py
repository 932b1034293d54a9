"""What the specification tells of an item's life beside the straight way (A01–A34), each told as a short story."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.actor import actors_of
from accounts.models import Appointment, Interest
from accounts.roles import Role
from accounts.services import delegate
from approvals import guards
from approvals.models import ApprovalItem, Decision, DocumentSequence, Reduction, ReductionDelta, SupervisionEvent, Task
from approvals.services import case_clock, costs, ledger, materials, moves, project_moves, tick
from approvals.services.costs import ReviewedLine
from approvals.services.create import create
from approvals.sight import sight_of
from core import clock
from core.errors import DomainError, NotFound, NotPermitted, RuleViolation
from core.models import TraceEntry
from projects.lifecycle import LIFECYCLE
from projects.models import Project
from projects.services import gates
from projects.services.gates import Ruling
from projects.states import Gate
from tests.support import lives, naive_days
from tests.support.cast import make_cast
from tests.support.lives import fresh

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
SUPPLEMENT = {"pause_reason": "SUPPLEMENT", "letter": "请补充地勘资料", "expected_days": 5}


@pytest.fixture
def cast() -> Any:
    return make_cast()


@contextmanager
def refused(*codes: str, error: type[DomainError] = RuleViolation) -> Iterator[None]:
    """The block is refused for exactly these reasons."""
    with pytest.raises(error) as caught:
        yield
    assert [problem.code for problem in caught.value.problems] == list(codes)


def move(item: ApprovalItem, name: str, actor: Any, **data: Any) -> ApprovalItem:
    return moves.perform(item.pk, name, actor=actor, data=data)


def codes_of(item: ApprovalItem, name: str, actor: Any) -> list[str]:
    offer = next(o for o in moves.offers(fresh(item), actor, moves.situation()) if o.move.name == name)
    return [problem.code for problem in offer.problems]


def upload(cast: Any, item: ApprovalItem, code: str) -> None:
    slot = item.slots.get(code=code)
    materials.upload(item.pk, slot.pk, io.BytesIO(lives.PDF), name=f"{code}.pdf", actor=cast.lin)


# Acceptance


def test_corrections_are_told_once_answered_and_restart_the_round(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.submitted(cast)
        item = move(item, "request_correction", cast.chen, defects="A02: 未加盖公章\n请补充说明")
    correction = item.corrections.get()
    assert correction.due_on == naive_days.nth(MONDAY, 10)
    assert [(d.slot.code if d.slot else "", d.text) for d in correction.defects.all()] == [
        ("A02", "未加盖公章"), ("", "请补充说明"),
    ]  # fmt: skip
    with clock.at(date(2026, 3, 5)):
        upload(cast, item, "A02")
        first, second = correction.defects.all()
        materials.answer_defect(item.pk, first.pk, actor=cast.lin, answer="已盖章")
        with refused("defect.unanswered"):
            move(item, "resubmit", cast.lei)
        materials.answer_defect(item.pk, second.pk, actor=cast.lin, answer="已说明")
        move(item, "present_for_signature", cast.lin)
        assert item.tasks.get(kind="SIGN_DECLARATION", left_at=None).role == "APPLICANT_LEAD"
        item = move(item, "resubmit", cast.lei)
        assert not item.tasks.filter(kind="SIGN_DECLARATION", left_at=None).exists()
        assert (item.round_count, item.received_on, item.acceptance_due_on) == (
            2, date(2026, 3, 5), naive_days.nth(date(2026, 3, 5), 5),
        )  # fmt: skip
        with refused("correction.again"):
            move(item, "request_correction", cast.chen, defects="A01: 缺页")
        move(item, "request_correction", cast.chen, defects="A01: 缺页", consent="分管领导同意")
    assert SupervisionEvent.objects.get(item=item).cause == "REPEATED_CORRECTION"


def test_a_line_declared_at_nothing_needs_no_reviewed_amount_but_every_other_does(cast: Any) -> None:
    draft = lives.fill_in(cast, lives.a_draft(cast))
    nothing = costs.DeclaredLine(code="9", name="预备费", declared=Decimal("0.00"))
    lines = [costs.DeclaredLine(ln.code, ln.name, ln.declared) for ln in draft.cost_lines.all() if ln.is_leaf]
    costs.declare_lines(draft.pk, actor=cast.lin, lines=[*lines, nothing])
    submitted = moves.perform(draft.pk, "submit", actor=cast.lei)
    item = lives.in_first_review(cast, lives.accepted(cast, submitted))
    unreviewed = [p for p in guards.cost_lines_are_reviewed(item, moves.situation()) if p.code == "cost.unreviewed"]
    assert len(unreviewed) == len(lines)
    assert not any("预备费" in str(problem.message) for problem in unreviewed)


def test_an_unanswered_correction_lapses_ten_days_after_its_deadline(cast: Any) -> None:
    with clock.at(MONDAY):
        item = move(lives.submitted(cast), "request_correction", cast.chen, defects="A02: 未盖章")
    last = naive_days.nth(item.corrections.get().due_on, 10)
    with clock.at(last):
        assert tick.run().transitions == {}
    with clock.at(naive_days.nth(last, 1)):
        assert tick.run().transitions == {"lapse": 1}
    assert fresh(item).state == "WITHDRAWN" and not fresh(item).tasks.filter(left_at=None).exists()


def test_silence_accepts_from_the_day_of_receipt(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.submitted(cast)
    with clock.at(date(2026, 3, 9)):
        assert tick.run().transitions == {}
    with clock.at(date(2026, 3, 10)):
        with refused("acceptance.late"):
            move(item, "request_correction", cast.chen, defects="A02: 未盖章")
        assert tick.run().transitions == {"deem_accepted": 1}
        assert tick.run().transitions == {}, "a second tick finds nothing"
    item = fresh(item)
    assert (item.state, item.accepted_on, item.is_deemed_accepted) == ("ACCEPTED", MONDAY, True)
    assert item.due_on == naive_days.due(MONDAY, 20, [])
    assert item.events.get().cause == "DEEMED_ACCEPTED" and item.events.get().level == "RED"


def test_deficiency_takes_two_people_and_only_minor_papers(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.submitted(cast)
        said = {"due": "2026-03-20", "promise": "三月二十日前补交会议纪要"}
        with refused("deficiency.key"):
            move(item, "propose_deficiency", cast.chen, materials="A02", **said)
        with refused("deficiency.due"):
            move(item, "propose_deficiency", cast.chen, materials="A03", due="2026-03-02", promise="补交")
        item = move(item, "propose_deficiency", cast.chen, materials="A03", **said)
        with refused("materials.deferred"):
            move(item, "accept", cast.chen)
        with refused("R-SOD-02", error=NotPermitted):
            move(item, "accept_with_deficiency", also(cast, "chen", Role.SECTION_CHIEF))
        item = move(item, "accept_with_deficiency", cast.xu)
        assert item.state == "ACCEPTED" and item.slots.get(code="A03").deferred_until == date(2026, 3, 20)
        assert [o.author for o in item.opinions.filter(kind="DEFICIENCY")] == [cast.chen.user, cast.xu.user]
        assert Task.objects.get(item=item, kind="SUPPLY_DEFICIENCY").due_on == date(2026, 3, 20)
        item = lives.issued(cast, lives.in_determination(cast, lives.in_second_review(
            cast, lives.opinion_delivered(cast, lives.in_centre(cast, lives.in_first_review(cast, item))))))  # fmt: skip
        with refused("materials.deferred"):
            move(item, "archive", cast.gu)
        upload(cast, item, "A03")
        assert not Task.objects.filter(item=item, kind="SUPPLY_DEFICIENCY", left_at=None).exists()
        assert move(item, "archive", cast.gu).state == "ARCHIVED"


def also(cast: Any, name: str, role: str, house: str = "authority") -> Any:
    """The same person in a second post."""
    user = cast.actors[name].user
    Appointment.objects.create(user=user, organisation=cast.houses[house], role=role, held_from=date(2016, 1, 1))
    return next(actor for actor in actors_of(user) if actor.role == role and actor.delegation_id is None)


def test_pre_review_loops_without_counting_as_a_round(cast: Any) -> None:
    item = lives.fill_in(cast, lives.a_draft(cast))
    item = move(item, "request_pre_review", cast.lin)
    with refused("pre_review.no_comment"):
        move(item, "return_pre_review", cast.chen)
    for slot in item.slots.all():
        if slot.current:
            verdict = "DEFECT" if slot.code == "B01" else "OK"
            materials.comment(item.pk, slot.pk, actor=cast.chen, verdict=verdict, text="缺章")
    item = move(item, "return_pre_review", cast.chen)
    upload(cast, item, "B01")
    item = move(item, "request_pre_review", cast.lin)
    with refused("pre_review.unmarked"):
        move(item, "pass_pre_review", cast.chen)
    materials.comment(item.pk, item.slots.get(code="B01").pk, actor=cast.chen, verdict="OK")
    item = move(item, "pass_pre_review", cast.chen)
    upload(cast, item, "A02")
    item = move(item, "submit", cast.lei)
    assert (item.round_count, item.rounds.get().differs_from_pre_review) == (1, ["A02"])


def test_there_is_one_open_item_of_a_type_and_a_new_one_may_follow_a_returned_one(cast: Any) -> None:
    item = lives.in_first_review(cast)
    with refused("item.open"):
        create(item.project_id, "PR", actor=cast.lin)
    with refused("stage.mismatch"):
        create(item.project_id, "FS", actor=cast.lin)
    with refused("item.open", "resubmission.unfit"):
        create(item.project_id, "PR", actor=cast.lin, resubmission_of=item)
    item = move(item, "return_item", cast.zhao, return_class="RECOMPILE", reason="深度不足")
    again = create(item.project_id, "PR", actor=cast.lin, resubmission_of=item)
    assert again.resubmission_of == item


# Who reviews


def test_assignment_goes_to_the_least_loaded_and_past_interests(cast: Any) -> None:
    projects = [lives.a_project_in_proposal(cast, name=f"p{n}", code=f"2611-440399-04-01-00000{n}") for n in (1, 2, 3)]
    ready = [lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, project))) for project in projects]
    assert move(ready[0], "assign", cast.xu).first_reviewer == cast.wu.user, "nobody is loaded: the lower id"
    assert move(ready[1], "assign", cast.xu).first_reviewer == cast.wei.user
    Interest.objects.create(
        user=cast.wu.user, organisation=cast.houses["unit"], kind="RELATIVE", declared_at=clock.now()
    )
    with refused("R-SOD-03"):
        move(ready[2], "assign", cast.xu, officer=cast.wu.user.pk)
    with refused("assign.not_eligible"):
        move(ready[2], "assign", cast.xu, officer=cast.he.user.pk)
    assert move(ready[2], "assign", cast.xu).first_reviewer == cast.wei.user
    with refused("R-SOD-03", error=NotPermitted):
        move(ready[0], "pass_first", cast.wu, opinion="同意")


def test_a_reviewer_who_steps_aside_is_replaced(cast: Any) -> None:
    item = move(lives.in_first_review(cast), "recuse", cast.wu, reason="亲属任职")
    step = item.tasks.get(kind="STEP", left_at=None)
    assert (step.role, step.user) == ("SECTION_CHIEF", None)
    item = move(item, "reassign", cast.xu, reason="回避")
    assert item.first_reviewer == cast.wei.user
    assert item.tasks.get(kind="STEP", left_at=None).user == cast.wei.user


def test_an_officer_who_steps_aside_while_the_centre_reviews_does_not_get_the_file_back(cast: Any) -> None:
    item = lives.in_centre(cast)
    move(item, "recuse", cast.wu, reason="亲属任职")
    assert item.tasks.get(kind="STEP", left_at=None).role == "CENTER_LEAD", "the file stays in the centre"
    item = lives.opinion_delivered(cast, item)
    assert item.tasks.get(kind="STEP", left_at=None).role == "SECTION_CHIEF"


# The centre


def test_the_opinion_needs_the_two_assigned_hands_and_an_edit_voids_them(cast: Any) -> None:
    item = lives.in_centre(cast)
    with refused("cost.unreviewed", "cost.unreviewed"):
        move(item, "sign_opinion", cast.he, opinion="同意")
    lives.review(item, cast.he)
    move(item, "sign_opinion", cast.he, opinion="同意")
    with refused("centre.signed", error=NotPermitted):
        move(item, "sign_opinion", cast.he, opinion="同意")
    with refused("centre.unsigned"):
        move(item, "deliver_opinion", cast.kong, opinion="同意")
    move(item, "sign_opinion", cast.jiang, opinion="同意")
    costs.review_lines(item.pk, actor=cast.jiang, lines=[ReviewedLine("1", Decimal("1.00"), "量差", "QUANTITY")])
    voided = item.opinions.filter(kind="CENTER")
    assert [(o.void_reason, o.voided_at is not None) for o in voided] == [("edited", True)] * 2, "voided, and kept"
    assert {t.user for t in item.tasks.filter(kind="SIGN_OPINION", left_at=None)} == {cast.he.user, cast.jiang.user}
    with refused("centre.unsigned", "centre.unsigned"):
        move(item, "deliver_opinion", cast.kong, opinion="同意")
    for actor in (cast.he, cast.jiang):
        move(item, "sign_opinion", actor, opinion="同意")
    item = move(item, "deliver_opinion", cast.kong, opinion="同意")
    assert item.reviewed_amount == Decimal("1.00") + Decimal("1500000.00")
    with refused("centre.fixed"):
        costs.review_lines(item.pk, actor=cast.wu, lines=[ReviewedLine("1", Decimal("2.00"), "量差", "QUANTITY")])


def test_a_substitute_signs_for_one_reviewer_but_not_for_both(cast: Any) -> None:
    item = lives.in_centre(cast)
    lives.review(item, cast.he)
    move(item, "sign_opinion", cast.jiang, opinion="同意")
    substitute = stand_in(cast, "he", "jiang")
    with refused("centre.signed", error=NotPermitted):
        move(item, "sign_opinion", substitute, opinion="同意")
    other = stand_in(cast, "he", "yan")
    move(item, "sign_opinion", other, opinion="同意")
    assert move(item, "deliver_opinion", cast.kong, opinion="同意").state == "FIRST_REVIEW"
    kept = item.opinions.get(acting_for=cast.he.user)
    assert kept.author == cast.yan.user
    entry = TraceEntry.objects.filter(item_id=item.pk, verb="approvals.item.sign_opinion").last()
    assert (entry.actor_name, entry.acting_for_name) == ("严谨", "何远")


def stand_in(cast: Any, principal: str, substitute: str) -> Any:
    """`substitute` acting for `principal`, proposed and accepted."""
    post, other = cast.actors[principal], cast.actors[substitute]
    today = clock.today()
    row = delegate.propose(
        post.appointment_id, actor=post, substitute=other.user, valid_from=today, valid_to=today, reason="出差"
    )
    delegate.answer(row.pk, actor=other, accept=True)
    return next(actor for actor in actors_of(other.user) if actor.delegation_id == row.pk)


def test_experts_see_only_their_own_opinion_and_only_their_item(cast: Any) -> None:
    item = lives.in_centre(cast)
    second = also(cast, "he", Role.EXPERT, "center")
    with refused("expert.not_expert"):
        move(item, "convene_experts", cast.he, experts=[cast.wu.user.pk], work_plan="踏勘", expected_days=5)
    people = [cast.yan.user.pk, second.user.pk]
    item = move(item, "convene_experts", cast.he, experts=people, work_plan="踏勘", expected_days=5)
    assert item.is_paused
    move(item, "file_expert_opinion", cast.yan, opinion="可行", score="88")
    with refused("not_invited", error=NotPermitted):
        move(item, "file_expert_opinion", cast.yan, opinion="再说一次")
    seen = sight_of(second, item).experts(item)
    assert not [row for row in seen if row.expert != second.user and row.opinion], "R-PERM-01"
    with refused("expert.unfiled"):
        move(item, "close_expert_review", cast.he, opinion="同意")
    move(item, "recuse", second, reason="曾参与编制")
    item = move(item, "close_expert_review", cast.jiang, opinion="专家组同意")
    assert item.state == "CENTER_REVIEW"
    other = create(
        lives.a_project_in_proposal(cast, name="他项", code="2611-440399-04-01-000024").pk, "PR", actor=cast.lin
    )
    assert not ApprovalItem.objects.visible_to(cast.yan).filter(pk=other.pk).exists()


def test_an_expert_review_in_which_everybody_stepped_aside_goes_on_with_others(cast: Any) -> None:
    """A16: without a single opinion there is nothing to close; the way out is to invite somebody else."""
    item = lives.in_centre(cast)
    other = also(cast, "qian", Role.EXPERT, "center")
    item = move(item, "convene_experts", cast.he, experts=[cast.yan.user.pk], work_plan="踏勘", expected_days=5)
    with refused("expert.filed"):
        move(item, "invite_more_experts", cast.he, experts=[cast.yan.user.pk], work_plan="踏勘", expected_days=5)
    move(item, "recuse", cast.yan, reason="曾参与编制")
    with refused("expert.none"):
        move(item, "close_expert_review", cast.he, opinion="同意")
    offered = {
        offer.move.name for offer in moves.offers(lives.fresh(item), cast.he, moves.situation()) if offer.possible
    }
    assert "invite_more_experts" in offered
    with refused("R-SOD-03"):
        move(item, "invite_more_experts", cast.he, experts=[cast.yan.user.pk], work_plan="踏勘", expected_days=5)
    item = move(item, "invite_more_experts", cast.he, experts=[other.user.pk], work_plan="另请", expected_days=5)
    assert item.is_paused and item.pauses.get(ended_on=None).letter == "踏勘"
    move(item, "file_expert_opinion", other, opinion="可行")
    item = move(item, "close_expert_review", cast.he, opinion="专家组同意")
    assert item.state == "CENTER_REVIEW"
    third = also(cast, "su", Role.EXPERT, "center")
    item = move(item, "convene_experts", cast.he, experts=[third.user.pk], work_plan="再议", expected_days=5)
    move(item, "recuse", third, reason="曾参与编制")
    with refused("expert.none"):  # the opinion of the review before does not count for this one
        move(item, "close_expert_review", cast.he, opinion="同意")


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


# The clock


def paused(cast: Any, item: ApprovalItem) -> ApprovalItem:
    move(item, "propose_pause", cast.wu, **SUPPLEMENT)
    move(item, "sign_pause_first", cast.xu)
    move(item, "sign_pause_second", cast.zhao)
    return move(item, "request_supplement", cast.wu)


def test_the_vector_of_the_specification_through_the_services(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(date(2026, 3, 6)):
        item = paused(cast, item)
    with clock.at(date(2026, 3, 18)):
        item = move(item, "supply", cast.lin)
    assert (item.due_on, item.is_paused) == (date(2026, 4, 10), False)
    with clock.at(date(2026, 3, 25)):
        now = moves.situation()
        assert (case_clock.used(item, now), case_clock.paused(item, now)) == (9, 8)
        assert case_clock.remaining(item, now) == 11


def test_an_unsigned_pause_stops_nothing_and_the_two_signers_differ(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
        item = move(item, "propose_pause", cast.wu, **SUPPLEMENT)
        with refused("pause.proposed"):
            move(item, "propose_pause", cast.wu, **SUPPLEMENT)
        with refused("pause.unsigned_first", "pause.unsigned_second"):
            move(item, "request_supplement", cast.wu)
        with refused("R-SOD-02", error=NotPermitted):
            move(item, "sign_pause_first", also(cast, "wu", Role.SECTION_CHIEF))
        move(item, "sign_pause_first", stand_in(cast, "xu", "wei"))
        with refused("R-SOD-02", error=NotPermitted):
            move(item, "sign_pause_second", also(cast, "wei", Role.DETERMINER))
        with refused("R-SOD-02", error=NotPermitted):
            move(item, "sign_pause_second", also(cast, "xu", Role.DETERMINER))
        with refused("pause.unsigned_second"):
            move(item, "request_supplement", cast.wu)
        for name in ("send_to_center", "pass_first"):
            assert "pause.proposed" in codes_of(item, name, cast.wu)
    with clock.at(date(2026, 3, 9)):
        now = moves.situation()
        assert (case_clock.used(fresh(item), now), fresh(item).is_paused) == (5, False)
        assert moves.perform(item.pk, "cancel_pause", actor=cast.wu).state == "FIRST_REVIEW"
        assert "pause.none" in codes_of(item, "request_supplement", cast.wu)


def test_a_supplement_that_never_comes_returns_the_item(cast: Any) -> None:
    with clock.at(MONDAY):
        item = paused(cast, lives.in_first_review(cast))
    last = naive_days.nth(naive_days.nth(MONDAY, 5), 10)
    with clock.at(last):
        assert tick.run().transitions == {}
    with clock.at(naive_days.nth(last, 1)):
        assert tick.run().transitions == {"lapse_supplement": 1}
    item = fresh(item)
    assert (item.state, item.return_class, item.used_days) == ("RETURNED", "SUPPLEMENT_LAPSED", 0)
    assert item.paused_days == 16
    assert not Reduction.objects.get(item=item).is_counted and not ReductionDelta.objects.exists()


@pytest.mark.parametrize(("year", "stands_still"), [(2017, False), (2018, True), (2026, True)])
def test_commissioned_evaluation_is_excluded_since_2018(cast: Any, year: int, stands_still: bool) -> None:
    day = date(year, 3, 1)
    with clock.at(day):
        item = lives.in_centre(cast)
    with clock.at(naive_days.nth(day, 4)):
        assert case_clock.used(item, moves.situation()) == (0 if stands_still else 4)
        assert fresh(item).is_paused is stands_still


def test_a_suspension_of_the_project_merges_with_the_pauses_of_its_items(cast: Any) -> None:
    said = {"reason": "规划调整", "document": "会议纪要1号"}
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(date(2026, 3, 6)):
        item = paused(cast, item)
    with clock.at(date(2026, 3, 10)):
        project_moves.perform(item.project_id, "suspend", actor=cast.zhao, data=said)
        with refused("project.suspended"):
            move(item, "supply", cast.lin)
    with clock.at(date(2026, 3, 18)):
        project_moves.perform(item.project_id, "resume", actor=cast.zhao, data=said)
    with clock.at(date(2026, 3, 20)):
        item = move(item, "supply", cast.lin)
    expected = [(date(2026, 3, 6), date(2026, 3, 20))]
    assert item.due_on == naive_days.due(MONDAY, 20, expected)
    with clock.at(date(2026, 3, 25)):
        project_moves.perform(item.project_id, "suspend", actor=cast.zhao, data=said)
        assert fresh(item).is_paused
    with clock.at(date(2026, 3, 27)):
        project_moves.perform(item.project_id, "resume", actor=cast.zhao, data=said)
    expected.append((date(2026, 3, 25), date(2026, 3, 27)))
    item = fresh(item)
    assert (item.due_on, item.is_paused) == (naive_days.due(MONDAY, 20, expected), False)


def test_time_does_nothing_while_the_project_is_suspended(cast: Any) -> None:
    said = {"reason": "规划调整", "document": "会议纪要1号"}
    with clock.at(MONDAY):
        item = lives.submitted(cast)
    with clock.at(date(2026, 3, 4)):
        project_moves.perform(item.project_id, "suspend", actor=cast.zhao, data=said)
    with clock.at(date(2026, 3, 30)):
        assert tick.run().transitions == {}
        project_moves.perform(item.project_id, "resume", actor=cast.zhao, data=said)
    assert fresh(item).acceptance_due_on == naive_days.due(MONDAY, 5, [(date(2026, 3, 4), date(2026, 3, 30))])


def test_an_extension_is_given_once_in_time_and_at_most_ten_days(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
        with refused("extension.too_long"):
            move(item, "extend", cast.dai, days=11, reason="复杂")
    with clock.at(item.due_on):
        item = move(item, "extend", cast.dai, days=10, reason="案情复杂")
    assert item.due_on == naive_days.due(MONDAY, 30, [])
    assert item.tasks.get(kind="STEP", left_at=None).sort_on <= item.due_on
    with clock.at(item.due_on), refused("extension.once"):
        move(item, "extend", cast.dai, days=1, reason="再延")


def test_what_is_late_stays_late_even_while_paused(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(naive_days.nth(item.due_on, 1)):
        with refused("extension.late"):
            move(item, "extend", cast.dai, days=5, reason="复杂")
        item = paused(cast, item)
        with refused("extension.late"):
            move(item, "extend", cast.dai, days=5, reason="复杂")


def test_overdue_items_raise_a_red_event_and_are_explained_even_after_the_end(cast: Any) -> None:
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(naive_days.nth(item.due_on, 1)):
        tick.run()
        tick.run()
        assert item.events.filter(cause="ITEM_OVERDUE").count() == 1
        task = item.tasks.get(kind="EXPLAIN_OVERDUE")
        assert task.due_on == naive_days.nth(clock.today(), 2)
        item = move(item, "return_item", cast.zhao, return_class="RECOMPILE", reason="深度不足")
        assert [t.kind for t in item.tasks.filter(left_at=None)] == ["EXPLAIN_OVERDUE"]
        move(item, "explain_overdue", cast.wu, explanation="补测地形")
        assert not item.tasks.filter(left_at=None).exists()


def test_reminders_keep_three_working_days_apart(cast: Any) -> None:
    with clock.at(MONDAY):
        item = move(lives.submitted(cast), "nudge", cast.lin)
    with clock.at(date(2026, 3, 4)), refused("nudge.too_soon"):
        move(item, "nudge", cast.lei)
    with clock.at(date(2026, 3, 5)):
        move(item, "nudge", cast.lei, text="请尽快")
    assert item.nudges.count() == 2 and fresh(item).acceptance_due_on == item.acceptance_due_on


# Second review and decision


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
