"""Two people at the same moment: caps over several rows hold, because every move takes the project's lock first."""

from decimal import Decimal
from typing import Any

import pytest

from core import trace
from core.errors import RuleViolation
from execution.models import Forecast
from projects.models import Project
from tests.support import works
from tests.support.at_once import at_once, refusals
from tests.support.cast import Cast, make_cast

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def codes(lost: list[Any]) -> list[list[str]]:
    assert all(isinstance(error, RuleViolation) for error in lost), lost
    return [[problem.code for problem in error.problems] for error in lost]


def test_of_changes_that_only_together_exceed_the_share_one_is_approved_by_the_unit(cast: Cast) -> None:
    contract = works.in_force(cast)
    ready = [works.agreed(cast, works.a_change(cast, contract, "450000.00")) for _ in range(3)]
    results = at_once(*[lambda row=row: works.do(row, "approve_by_owner", cast.lei) for row in ready])
    assert codes(refusals(results)) == [["change.level"]] * 2
    newest = Forecast.objects.filter(project=contract.project, cost_code="1.1").last()
    assert newest is not None
    assert newest.amount == Decimal("8950000.00"), "8,500,000 contracted on the line and one change"
    assert trace.verify().broken == ""


def test_contracts_put_into_force_at_once_keep_together_to_the_award(cast: Cast) -> None:
    tender = works.awarded(cast)
    drafts = [works.a_contract(cast, tender=tender, price="5000000.00") for _ in range(3)]
    results = at_once(*[lambda row=row: works.do(row, "take_effect", cast.lei) for row in drafts])
    assert codes(refusals(results)) == [["contract.above_award"]] * 2
    assert Project.objects.get(pk=tender.project_id).told.works_contracts == 1


def test_ceilings_recorded_at_once_keep_together_to_the_budget(cast: Cast) -> None:
    project = works.in_procurement(cast)
    results = at_once(*[lambda: works.a_tender(cast, project, ceiling=Decimal("6000000.00")) for _ in range(3)])
    assert codes(refusals(results)) == [["tender.above_budget"]] * 2
