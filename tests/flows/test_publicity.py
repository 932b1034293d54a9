"""An item under publicity (公示): which go through it, who objects, who answers, and what an upheld objection does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.actor import Actor, from_appointment
from accounts.models import Appointment, Interest, Message
from approvals import policies
from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem, PublicityObjection
from approvals.services import moves, publicity, tick
from approvals.services.publicity import Objection
from core import clock, rulebook
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import TraceEntry
from core.services import rules
from projects.models import Project
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
# Seven working days after Monday 2 March 2026, counted on the fingers: 3 4 5 6, 9 10 11.
LAST_DAY = date(2026, 3, 11)
AFTER = date(2026, 3, 12)
SAID = Objection(text="选址距离住宅过近，请说明理由", name="王先生", contact="13800138000", unit="葵湾社区")


@pytest.fixture
def cast() -> Any:
    with clock.at(MONDAY):
        yield make_cast()


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def lodged(item: ApprovalItem, **changes: str) -> PublicityObjection:
    return publicity.lodge(item.pk, Objection(**{**SAID.__dict__, **changes}))


def answered(item: ApprovalItem, row: PublicityObjection, actor: Actor, *, upheld: bool = False) -> PublicityObjection:
    return publicity.answer(item.pk, row.pk, actor=actor, answer="选址经规划部门审定", is_upheld=upheld)


def ended(item: ApprovalItem) -> ApprovalItem:
    with clock.at(AFTER):
        return moves.perform_by_system(item.pk, "end_publicity")


def test_an_admission_to_the_reserve_lies_open_for_seven_working_days(cast: Any) -> None:
    item = lives.in_publicity(cast)
    assert (item.state, item.publicity_began_on, item.publicity_ends_on) == ("PUBLICITY", MONDAY, LAST_DAY)
    for day in (MONDAY, LAST_DAY):
        with clock.at(day):
            tick.run()
        assert lives.fresh(item).state == "PUBLICITY", day
    with clock.at(AFTER):
        assert tick.run().transitions == {"end_publicity": 1}
    assert lives.fresh(item).state == "DETERMINATION"


def test_before_the_rule_took_effect_nothing_was_published(cast: Any) -> None:
    with clock.at(date(2025, 12, 1)):
        assert lives.in_publicity(cast).state == "DETERMINATION"


def test_a_project_that_is_not_open_to_the_public_is_never_published(cast: Any) -> None:
    inside = lives.in_publicity(cast, secrecy="INTERNAL")
    assert (inside.state, inside.publicity_ends_on) == ("DETERMINATION", None)


def test_a_kind_of_item_is_published_once_the_rule_was_changed_for_it(cast: Any) -> None:
    start = date(2026, 3, 4)
    row = rules.propose_amendment(
        actor=cast.root, code="publicity.required", item_type="PR", value=Decimal(1), effective_from=start, basis="新政〔2026〕1号"
    )  # fmt: skip
    rules.approve_amendment(row.pk, actor=cast.zhao)
    assert lives.in_determination(cast).state == "DETERMINATION"
    with clock.at(start):
        another = lives.a_project_in_proposal(cast, name="另一工程", code="2611-440399-04-01-000077")
        second = lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, another))))
        second = lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, second)))
        assert lives.in_determination(cast, second).state == "PUBLICITY"
    assert [bool(rulebook.on(start).value("publicity.required", kind)) for kind in ("PR", "FS", "RSV")] == [
        True, False, True,
    ]  # fmt: skip


def test_the_publicity_ends_only_when_its_days_are_over_and_everybody_was_answered(cast: Any) -> None:
    item = lives.in_publicity(cast)
    row = lodged(item)
    with pytest.raises(RuleViolation) as both:
        moves.perform_by_system(item.pk, "end_publicity")
    assert codes(both) == {"publicity.running", "publicity.unanswered"}
    with clock.at(AFTER):
        assert tick.run().transitions == {}
        with pytest.raises(RuleViolation) as one:
            moves.perform_by_system(item.pk, "end_publicity")
        assert codes(one) == {"publicity.unanswered"}
        answered(item, row, cast.wu)
        assert tick.run().transitions == {"end_publicity": 1}


def test_an_upheld_objection_keeps_the_item_from_being_approved_until_it_was_reviewed_again(cast: Any) -> None:
    item = lives.in_publicity(cast)
    answered(item, lodged(item), cast.wu, upheld=True)
    answered(item, lodged(item, text="另一件异议"), cast.wu)
    ended(item)
    with clock.at(AFTER):
        with pytest.raises(RuleViolation) as refusal:
            moves.perform(item.pk, "approve", actor=cast.zhao)
        assert codes(refusal) == {"publicity.upheld"}
        moves.perform(item.pk, "send_back", actor=cast.zhao, data={"reason": "按异议修改", "to": "SECOND_REVIEW"})
        again = moves.perform(item.pk, "pass_second", actor=cast.xu, data={"opinion": "已修改"})
        assert (again.state, again.publicity_began_on) == ("PUBLICITY", AFTER)
    with clock.at(date(2026, 3, 24)):
        moves.perform_by_system(item.pk, "end_publicity")
        assert moves.perform(item.pk, "approve", actor=cast.zhao).state == "ISSUED"


def test_an_objection_that_was_not_upheld_stands_in_nobodys_way(cast: Any) -> None:
    item = lives.in_publicity(cast)
    answered(item, lodged(item), cast.wu)
    ended(item)
    with clock.at(AFTER):
        assert moves.perform(item.pk, "approve", actor=cast.zhao).state == "ISSUED"


def test_the_public_objects_from_the_first_to_the_last_day_and_not_later(cast: Any) -> None:
    item = lives.in_publicity(cast)
    with clock.at(LAST_DAY):
        row = lodged(item)
    assert (row.received_on, row.channel, row.recorded_by) == (LAST_DAY, "WEB", None)
    with clock.at(AFTER), pytest.raises(RuleViolation) as late:
        lodged(item, text="迟到的异议")
    assert codes(late) == {"publicity.outside"}
    with pytest.raises(NotFound):
        lodged(lives.a_draft(cast, lives.a_project(cast, name="别的", code=""), "RSV"))
    Project.objects.filter(pk=item.project_id).update(is_public=False)
    with pytest.raises(NotFound):
        lodged(item)


def test_everything_wrong_with_an_objection_is_said_at_once(cast: Any) -> None:
    item = lives.in_publicity(cast)
    with pytest.raises(RuleViolation) as refusal:
        lodged(item, text=" ", name="", contact="长" * 101)
    assert {(p.code, p.field) for p in refusal.value.problems} == {
        ("required", "text"), ("required", "name"), ("too_long", "contact"),
    }  # fmt: skip


def test_nobody_floods_an_item(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    item = lives.in_publicity(cast)
    lodged(item)
    with pytest.raises(RuleViolation) as twice:
        lodged(item)
    assert codes(twice) == {"objection.twice"}
    monkeypatch.setattr(publicity, "MOST_WAITING", 2)
    lodged(item, text="第二件")
    with pytest.raises(RuleViolation) as flood:
        lodged(item, text="第三件")
    assert codes(flood) == {"objection.too_many"}


def test_a_paper_that_came_in_time_is_recorded_even_a_day_later(cast: Any) -> None:
    item = lives.in_publicity(cast)
    with clock.at(AFTER):
        row = publicity.record(item.pk, SAID, actor=cast.chen, received_on=LAST_DAY)
        assert (row.channel, row.recorded_by, row.received_on) == ("PAPER", cast.chen.user, LAST_DAY)
        for day, code in ((AFTER, "publicity.outside"), (date(2026, 3, 13), "objection.future")):
            with pytest.raises(RuleViolation) as refusal:
                publicity.record(item.pk, SAID, actor=cast.chen, received_on=day)
            assert code in codes(refusal)


def test_who_may_record_and_who_may_answer(cast: Any) -> None:
    item = lives.in_publicity(cast)
    may = {
        name: (not policies.may_record_objection(actor, item), not policies.may_answer_objection(actor, item))
        for name, actor in cast.actors.items()
    }
    assert {name for name, (record, _answer) in may.items() if record} == {"chen", "wu", "xu"}
    assert {name for name, (_record, answer) in may.items() if answer} == {"wu", "xu"}
    row = lodged(item)
    for name in ("lin", "chen", "wei", "zhao", "fwu"):
        with pytest.raises((NotPermitted, NotFound)):
            answered(item, row, cast.actors[name])


def test_an_answer_is_given_once_and_needs_words(cast: Any) -> None:
    item = lives.in_publicity(cast)
    row = lodged(item)
    with pytest.raises(RuleViolation) as empty:
        publicity.answer(item.pk, row.pk, actor=cast.wu, answer="  ", is_upheld=False)
    assert codes(empty) == {"required"}
    answered(item, row, cast.wu)
    with pytest.raises(RuleViolation) as again:
        answered(item, row, cast.xu, upheld=True)
    assert codes(again) == {"objection.answered"}
    row.refresh_from_db()
    assert (row.is_upheld, row.answered_by) == (False, cast.wu.user)


def test_whoever_answered_may_not_decide_and_an_interest_keeps_out(cast: Any) -> None:
    """R-SOD-02 and R-SOD-03."""
    item = lives.in_publicity(cast)
    house = cast.houses["authority"]
    second_chief = Appointment.objects.create(
        user=cast.dai.user, organisation=house, role="SECTION_CHIEF", held_from=date(2016, 1, 1)
    )
    second_determiner = Appointment.objects.create(
        user=cast.dai.user, organisation=house, role="DETERMINER", held_from=date(2016, 1, 1)
    )
    answered(item, lodged(item), from_appointment(second_chief))
    refusals = policies.may_move(from_appointment(second_determiner), lives.fresh(item), ITEM_FLOW["return_item"])
    assert [problem.code for problem in refusals] == ["R-SOD-02"]
    Interest.objects.create(user=cast.wu.user, organisation=cast.houses["unit"], declared_at=clock.now())
    assert "R-SOD-03" in {problem.code for problem in policies.may_answer_objection(cast.wu, item)}


def test_the_desk_is_told_and_the_trace_keeps_everything_but_the_person(cast: Any) -> None:
    item = lives.in_publicity(cast)
    row = lodged(item)
    assert Message.objects.filter(user=cast.wu.user, code="item.objected").count() == 1
    publicity.record(item.pk, Objection(text="书面异议", name="李女士", contact="葵湾路1号"), actor=cast.chen)
    answered(item, row, cast.xu)
    entries = list(TraceEntry.objects.filter(verb__contains="objection").order_by("pk"))
    assert [(entry.verb.rpartition(".")[2], entry.role) for entry in entries] == [
        ("objection_lodged", "PUBLIC"),
        ("objection_recorded", "WINDOW"),
        ("objection_answered", "SECTION_CHIEF"),
    ]
    kept = "".join(str(entry.facts) + entry.reason for entry in entries)
    assert not [word for word in ("王先生", "13800138000", "李女士", "葵湾路1号", "葵湾社区") if word in kept]
    assert entries[-1].facts["is_upheld"] is False and "规划部门" in entries[-1].facts["answer"]
