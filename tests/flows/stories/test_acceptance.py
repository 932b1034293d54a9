"""From the first draft to acceptance: pre-review, correction, deficiency, silence."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.roles import Role
from approvals import guards
from approvals.models import SupervisionEvent, Task
from approvals.services import costs, materials, moves, tick
from approvals.services.create import create
from core import clock
from core.errors import NotPermitted
from tests.support import lives, naive_days
from tests.support.lives import fresh
from tests.support.stories import MONDAY, also, move, refused, upload

pytestmark = pytest.mark.django_db


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
