"""Changing a rule: proposed by one, approved by another, from a future day on, never backwards."""

from datetime import date
from decimal import Decimal

import pytest

from core import clock, rulebook
from core.errors import NotPermitted, RuleViolation
from core.models import RuleAmendment, TraceEntry
from core.services import rules
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)


@pytest.fixture
def cast():
    with clock.at(MONDAY):
        yield make_cast()


def propose(actor, **changes):
    values = {
        "code": "limit.acceptance",
        "value": Decimal(3),
        "effective_from": NEXT_MONDAY,
        "basis": "鹏湾新区〔2026〕9号",
    }
    return rules.propose_amendment(actor=actor, **{**values, **changes})


def codes(refusal) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def test_a_change_counts_only_once_approved_and_only_from_its_day_on(cast):
    row = propose(cast.root)
    assert rulebook.on(NEXT_MONDAY).days("limit.acceptance") == 5
    rules.approve_amendment(row.pk, actor=cast.zhao)
    assert rulebook.on(date(2026, 3, 8)).days("limit.acceptance") == 5
    assert rulebook.on(NEXT_MONDAY).days("limit.acceptance") == 3
    assert list(TraceEntry.objects.values_list("verb", flat=True)) == [
        "rules.amendment.proposed",
        "rules.amendment.approved",
    ]


def test_a_change_for_one_kind_of_item_leaves_the_others_alone(cast):
    row = propose(cast.root, code="limit.item", item_type="EST", value=Decimal(12))
    rules.approve_amendment(row.pk, actor=cast.zhao)
    book = rulebook.on(NEXT_MONDAY)
    assert book.days("limit.item", "EST") == 12
    assert book.days("limit.item", "PR") == rulebook.on(MONDAY).days("limit.item", "PR")


def test_only_the_system_administrator_proposes_and_only_the_deputy_director_approves(cast):
    for actor in (cast.zhao, cast.su, cast.lin):
        with pytest.raises(NotPermitted):
            propose(actor)
    row = propose(cast.root)
    for actor in (cast.root, cast.dai, cast.xu):
        with pytest.raises(NotPermitted):
            rules.approve_amendment(row.pk, actor=actor)
    assert RuleAmendment.objects.get().approved_at is None


@pytest.mark.parametrize("start", [MONDAY, date(2026, 3, 1)])
def test_a_change_never_takes_effect_today_or_before(cast, start):
    with pytest.raises(RuleViolation) as refusal:
        propose(cast.root, effective_from=start)
    assert "rules.not_future" in codes(refusal)


def test_a_change_whose_day_has_come_before_approval_is_dead(cast):
    row = propose(cast.root, effective_from=TUESDAY)
    with clock.at(TUESDAY), pytest.raises(RuleViolation) as refusal:
        rules.approve_amendment(row.pk, actor=cast.zhao)
    assert "rules.not_future" in codes(refusal)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "limit.nothing"}, "rules.unknown"),
        ({"value": Decimal(5)}, "rules.unchanged"),
        ({"value": Decimal(-1)}, "rules.negative"),
        ({"basis": "  "}, "rules.no_basis"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(cast, changes, code):
    with pytest.raises(RuleViolation) as refusal:
        propose(cast.root, **changes)
    assert code in codes(refusal) and not RuleAmendment.objects.exists()


def test_nothing_is_approved_twice(cast):
    row = propose(cast.root)
    rules.approve_amendment(row.pk, actor=cast.zhao)
    with pytest.raises(RuleViolation) as refusal:
        rules.approve_amendment(row.pk, actor=cast.zhao)
    assert "rules.already_approved" in codes(refusal)
