"""Two people at the same moment: one is first, the other is told, and nothing happens twice."""

import io
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Delegation
from accounts.services import delegate
from approvals.models import ApprovalItem, Decision, DocumentSequence, Reduction, ReductionDelta, SupervisionEvent
from approvals.services import ledger, materials, moves, numbering, tick
from approvals.services.create import create
from core import clock, trace
from core.errors import DomainError, RuleViolation, StaleState
from tests.support import lives
from tests.support.at_once import at_once, refusals
from tests.support.cast import make_cast
from tests.support.days import on

MONDAY = date(2026, 3, 2)


@pytest.fixture
def cast() -> Any:
    return make_cast()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [True, False])
def test_an_item_approved_twice_at_once_is_decided_once(cast: Any, seen: bool) -> None:
    item = lives.in_determination(cast)
    version = item.version if seen else None
    results = at_once(
        *[lambda: moves.perform(item.pk, "approve", actor=cast.zhao, expected_version=version) for _ in range(4)]
    )
    lost = refusals(results)
    assert len(lost) == 3 and all(isinstance(e, StaleState if seen else RuleViolation) for e in lost), lost
    assert [e.http_status for e in lost] == [409 if seen else 422] * 3
    assert Decision.objects.count() == Reduction.objects.count() == ReductionDelta.objects.count() == 1
    assert DocumentSequence.objects.get().last == 1
    assert ledger.rebuild() == [] and trace.verify().broken == ""


@pytest.mark.django_db
def test_who_decides_on_an_old_sight_is_told(cast: Any) -> None:
    """The same in sequence, as SQLite's single writer does it."""
    item = lives.in_determination(cast)
    moves.perform(item.pk, "approve", actor=cast.zhao, expected_version=item.version)
    with pytest.raises(StaleState):
        moves.perform(item.pk, "approve", actor=cast.zhao, expected_version=item.version)
    with pytest.raises(RuleViolation):
        moves.perform(item.pk, "approve", actor=cast.zhao)
    assert Decision.objects.count() == ReductionDelta.objects.count() == DocumentSequence.objects.get().last == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_do_everything_once(cast: Any) -> None:
    with on(MONDAY):
        lives.submitted(cast)
        project = lives.a_project_in_proposal(cast, name="另一项目", code="2611-440399-04-01-000024")
        late = lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, project))))
    with on(late.due_on + timedelta(days=7)):
        reports = at_once(tick.run, tick.run, tick.run)
    assert not refusals(reports), reports
    assert sum(report.transitions.get("deem_accepted", 0) for report in reports) == 1
    causes = list(SupervisionEvent.objects.values_list("item", "cause", "rung"))
    assert len(causes) == len(set(causes))
    assert late.tasks.filter(kind="EXPLAIN_OVERDUE").count() == 1
    assert trace.verify().broken == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_uploads_and_two_drafts_at_once(cast: Any) -> None:
    item = lives.a_draft(cast)
    slot = item.slots.get(code="B01")
    versions = at_once(*[
        lambda: materials.upload(item.pk, slot.pk, io.BytesIO(lives.PDF), name="b.pdf", actor=cast.lin) for _ in range(4)
    ])  # fmt: skip
    assert sorted(version.number for version in versions) == [1, 2, 3, 4]
    moves.perform(item.pk, "withdraw", actor=cast.lei, data={"reason": "重来"})
    drafts = at_once(*[lambda: create(item.project_id, "PR", actor=cast.lin) for _ in range(3)])
    assert len(refusals(drafts)) == 2 and all(isinstance(e, RuleViolation) for e in refusals(drafts))
    assert ApprovalItem.objects.open().count() == 1
    assert trace.verify().broken == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_project_does_not_wait_for_another(cast: Any) -> None:
    """While one project's transaction is open, with its chain locked, another project's act comes through."""
    one = lives.a_draft(cast)
    project = lives.a_project_in_proposal(cast, name="另一项目", code="2611-440399-04-01-000024")
    other = lives.fill_in(cast, lives.a_draft(cast, project))
    held, done = threading.Event(), threading.Event()

    def hold() -> bool:
        with transaction.atomic():
            moves.perform(one.pk, "withdraw", actor=cast.lei, data={"reason": "撤回"})
            held.set()
            return done.wait(timeout=20)

    def act() -> ApprovalItem:
        assert held.wait(timeout=20)
        try:
            return moves.perform(other.pk, "submit", actor=cast.lei)
        finally:
            done.set()

    waited, moved = at_once(hold, act)
    assert waited is True and moved.state == "SUBMITTED"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_are_gapless_under_eight_writers(cast: Any) -> None:
    house = cast.houses["authority"]

    def take(place: int) -> list[str]:
        taken = []
        for turn in range(5):
            try:
                with transaction.atomic():
                    number = numbering.next_number(house, 2026)
                    if (place + turn) % 3 == 0:
                        raise RuleViolation([])
                    taken.append(number)
            except DomainError:
                continue
        return taken

    results = at_once(*[lambda place=place: take(place) for place in range(8)])
    assert not refusals(results), results
    numbers = [int(text.split("〕")[1].rstrip("号")) for taken in results for text in taken]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_circle_of_substitutes_cannot_be_closed_by_being_quick(cast: Any) -> None:
    day = clock.today()

    def ask(holder: Any, substitute: Any) -> Delegation:
        return delegate.propose(
            holder.appointment_id, actor=holder, substitute=substitute.user, valid_from=day, valid_to=day, reason="出差"
        )

    ring = [(cast.wu, cast.wei), (cast.wei, cast.xu), (cast.xu, cast.wu)]
    asked = at_once(*[lambda pair=pair: ask(*pair) for pair in ring])
    kept = {row.pk: row for row in asked if isinstance(row, Delegation)}
    answers = at_once(*[
        lambda row=row: delegate.answer(row.pk, actor=next(b for _a, b in ring if b.user.pk == row.substitute_id), accept=True)
        for row in kept.values()
    ]) if kept else []  # fmt: skip
    assert all(isinstance(e, DomainError) for e in refusals(asked) + refusals(answers))
    assert Delegation.objects.filter(accepted_at__isnull=False).count() < len(ring)
