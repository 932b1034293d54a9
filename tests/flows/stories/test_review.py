"""Who reviews, alone, in twos and in the centre; what an edit does to signatures."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Interest
from accounts.roles import Role
from approvals.models import ApprovalItem
from approvals.services import costs, moves
from approvals.services.costs import ReviewedLine
from approvals.services.create import create
from approvals.sight import sight_of
from core import clock
from core.errors import NotPermitted
from core.models import TraceEntry
from tests.support import lives
from tests.support.stories import also, move, refused, stand_in

pytestmark = pytest.mark.django_db


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
