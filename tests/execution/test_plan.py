"""The annual plan as stories: called, requested, balanced within envelopes, approved, released, funded."""

from decimal import Decimal

import pytest

from core import trace
from execution.models import PlanItem
from projects.models import Project
from tests.support import planned
from tests.support.cast import Cast, make_cast
from tests.support.planned import NO
from tests.support.stories import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def fresh(row: PlanItem) -> PlanItem:
    return PlanItem.objects.get(pk=row.pk)


def test_a_year_goes_from_the_call_to_funds_the_project_hears_of(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan)
    planned.balanced(cast, item, {"4": "2500000.00"})
    plan = planned.released_plan(cast, item)
    assert (plan.state, fresh(item).state, plan.release_no) == ("RELEASED", "RELEASED", NO)
    assert Project.objects.get(pk=item.project_id).told.released == 0
    planned.funds(cast, plan, planned.amounts(item, s4="1500000.00"))
    planned.funds(cast, plan, planned.amounts(item, s4="1000000.00"))
    assert Project.objects.get(pk=item.project_id).told.released == Decimal("2500000.00")
    with refused("release.above_quota"):
        planned.funds(cast, plan, planned.amounts(item, s4="0.01"))
    assert trace.verify().broken == ""
