"""Random lives of items: whatever people do in whatever order, the books stay right."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem
from approvals.services import case_clock, ledger, materials, moves, project_moves, tick
from approvals.states import OPEN, UNDER_REVIEW
from core import clock, trace
from core.errors import DomainError
from core.models import TraceEntry
from projects.models import Project
from tests.support import lives, naive_days
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
STEPS = 24
START = date(2026, 4, 27)
# Straight ahead more often than sideways, so that lives get somewhere.
FORWARD = {"submit", "accept", "assign", "send_to_center", "assign_center", "deliver_opinion", "pass_first", "pass_second",
           "approve", "resubmit", "request_supplement", "supply", "close_expert_review", "sign_opinion"}  # fmt: skip


PEOPLE = (
    "lin",
    "lei",
    "chen",
    "wu",
    "wei",
    "xu",
    "zhao",
    "dai",
    "gu",
    "kong",
    "he",
    "jiang",
    "yan",
    "fang",
    "qian",
    "su",
)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> ApprovalItem:
    with clock.at(START):
        return lives.submitted(cast)


@settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_a_random_life_keeps_the_books(cast: Cast, item: ApprovalItem, seed: int) -> None:
    with transaction.atomic():
        Life(random.Random(seed), cast, lives.fresh(item)).live()
        transaction.set_rollback(True)


class Life:
    """One project and whatever happens to its items, day by day."""

    def __init__(self, chance: random.Random, cast: Cast, item: ApprovalItem) -> None:
        self.chance, self.day, self.cast, self.item, self.project = chance, START, cast, item, item.project

    def live(self) -> None:
        for _ in range(STEPS):
            self.day = naive_days.nth(self.day, self.chance.choice((0, 0, 1, 1, 2, 6)))
            with clock.at(self.day):
                self.chance.choice((self.move,) * 8 + (self.tick, self.suspend_or_resume, self.prepare))()
                self.check()
            if self.item.state not in OPEN:
                break
        assert trace.verify().broken == ""
        assert ledger.rebuild() == []

    def move(self) -> None:
        """One move that is offered must come off; one that is not must be refused for the reasons shown."""
        now = moves.situation()
        roles = {role for move in ITEM_FLOW.from_state(self.item.state) for role in move.roles}
        people = [self.cast.actors[name] for name in PEOPLE if self.cast.actors[name].role in roles]
        offers = [
            (actor, offer)
            for actor in self.chance.sample(people, min(4, len(people)))
            if ApprovalItem.objects.visible_to(actor).filter(pk=self.item.pk).exists()
            for offer in moves.offers(self.item, actor, now)
        ]
        if not offers:
            return
        weights = [6 if offer.possible and offer.move.name in FORWARD else 0.3 if offer.move.irreversible else 1
                   for _actor, offer in offers]  # fmt: skip
        actor, offer = self.chance.choices(offers, weights)[0]
        before = TraceEntry.objects.count()
        try:
            with transaction.atomic():
                moves.perform(self.item.pk, offer.move.name, actor=actor, data=self.said(offer.move.name))
        except DomainError as error:
            unfit = [p for p in error.problems if p.field]  # what was said, e.g. a person who stepped aside
            assert not offer.possible or unfit == list(error.problems), f"{offer.move.name}, offered, refused: {error}"
            assert {p.code for p in error.problems if p not in unfit} <= {p.code for p in offer.problems}
            assert TraceEntry.objects.count() == before
        else:
            assert offer.possible, f"{offer.move.name} came off although it was shown as impossible"
            assert TraceEntry.objects.count() > before
        self.refresh()

    def said(self, name: str) -> dict[str, Any]:
        c = self.cast
        own = {
            "assign_center": {"first": c.he.user.pk, "second": c.jiang.user.pk},
            "convene_experts": {"experts": [c.yan.user.pk], "work_plan": "踏勘", "expected_days": 3},
            "invite_more_experts": {"experts": [c.yan.user.pk], "work_plan": "补邀", "expected_days": 3},
            "ask_countersign": {"person": self.chance.choice((c.fang, c.qian, c.su)).user.pk, "kind": "JOINT", "question": "?"},
            "propose_pause": {"pause_reason": "SUPPLEMENT", "letter": "补充", "expected_days": 4},
            "extend": {"days": self.chance.randint(1, 10), "reason": "复杂"},
            "propose_deficiency": {"materials": "A03", "due": "2027-01-04", "promise": "补交"},
            "request_correction": {"defects": "A02: 缺章", "consent": "同意"},
            "return_item": {"return_class": "OTHER", "reason": "退"}, "revoke": {"ground": "法", "reason": "r"},
            "refuse_acceptance": {"reason": "r", "competent_body": "b"},
            "decide_ten_percent": {"decision": "ACCEPT", "reason": "r"},
        }  # fmt: skip
        return {"reason": "原因", "opinion": "意见", "answer": "答", "explanation": "说明", **own.get(name, {})}

    def tick(self) -> None:
        tick.run()
        self.refresh()

    def suspend_or_resume(self) -> None:
        name = "resume" if Project.objects.get(pk=self.project.pk).is_suspended else "suspend"
        project_moves.perform(self.project.pk, name, actor=self.cast.zhao, data={"reason": "r", "document": "d"})
        self.refresh()

    def prepare(self) -> None:
        """What reviewers and the unit do beside moves."""
        try:
            with transaction.atomic():
                if self.item.state in ("FIRST_REVIEW", "CENTER_REVIEW"):
                    actor = self.cast.he if self.item.state == "CENTER_REVIEW" else self.cast.wu
                    lives.review(self.item, actor, share=self.chance.choice(("0.75", "0.9", "1", "1.1")))
                correction = self.item.corrections.filter(closed_on=None).last()
                for defect in correction.defects.all() if correction else ():
                    materials.answer_defect(self.item.pk, defect.pk, actor=self.cast.lin, answer="已改")
        except DomainError:
            pass
        self.refresh()

    def refresh(self) -> None:
        self.item = lives.fresh(self.item)

    def check(self) -> None:
        item, now = self.item, moves.situation()
        assert item.tasks.filter(kind="STEP", left_at=None).count() <= 1
        assert ApprovalItem.objects.filter(project=self.project, item_type="PR").open().count() <= 1
        leaves = item.cost_lines.filter(is_leaf=True)
        if item.round_count:
            assert sum((line.declared for line in leaves), Decimal(0)) == item.declared_amount
        self.check_clock(item, now)

    def check_clock(self, item: ApprovalItem, now: Any) -> None:
        if item.accepted_on is None or item.state == "WITHDRAWN":
            return
        until = item.decided_on or self.day
        stops = [(p.began_on, p.ended_on or until) for p in item.pauses.all() if p.began_on]
        stops += [(s.began_on, s.ended_on or until) for s in item.project.suspensions.all()]
        used = naive_days.used(item.accepted_on, until, stops)
        assert case_clock.used(item, now) == used >= 0
        assert used + case_clock.paused(item, now) == naive_days.count(item.accepted_on, until)
        if item.decided_on:
            assert (item.used_days, item.paused_days) == (used, case_clock.paused(item, now))
        if item.state in UNDER_REVIEW and not item.is_paused:
            assert item.due_on == naive_days.due(item.accepted_on, item.promised_days + item.extension_days, stops)


def test_the_random_lives_know_every_move_by_person() -> None:
    assert {move.name for move in ITEM_FLOW if not move.by_system} >= FORWARD
