"""The what-if on real plans: what is planned, requested, carried on; growth, given envelopes, years that have a plan."""

from datetime import date
from decimal import Decimal

import pytest

from execution import plan_outlook
from execution.models import AnnualPlan
from execution.plan_outlook import Assumptions, Picture
from projects.models import Project, ProjectFunding
from tests.support import planned, works
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def asked(picture: Picture, source: str = "4") -> list[Decimal]:
    return [cell.asked for cell in picture.outlook.cells if cell.source == source]


def test_what_a_project_still_needs_goes_to_the_end_of_its_works_in_the_shares_of_its_funding(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item = planned.reported(cast, plan, works_until=date(plan.year + 2, 6, 30))
    for source, amount in (("4", "9000000.00"), ("3", "3000000.00")):
        ProjectFunding.objects.create(project=item.project, source=source, amount=D(amount))
    picture = plan_outlook.outlook(cast.ji, plan, Assumptions(years=4))
    assert asked(picture) == [D(3_000_000), D(3_375_000), D(3_375_000), D(0)], "9,000,000 more, three quarters of it"
    assert asked(picture, "3") == [D(0), D(1_125_000), D(1_125_000), D(0)]
    assert picture.projects[0].remaining == D(12_000_000)


def test_earlier_years_count_and_ended_or_suspended_projects_ask_for_nothing(cast: Cast) -> None:
    project, other = works.in_procurement(cast), works.in_procurement(cast)
    plan = planned.a_call(cast)
    first = [planned.reported(cast, plan, one, funding={"4": "4000000.00"}) for one in (project, other)]
    planned.released_plan(cast, *first)
    following = planned.a_call(cast, plan.year + 1)
    for one in (project, other):
        planned.reported(cast, following, one, funding={"4": "5000000.00"}, works_until=date(plan.year + 2, 1, 1))
    Project.objects.filter(pk=other.pk).update(stage="TERMINATED")
    picture = plan_outlook.outlook(cast.ji, following, Assumptions(years=2))
    assert asked(picture) == [D(5_000_000), D(3_000_000)], "12,000,000 − 4,000,000 − 5,000,000"
    assert [row.item.project_id for row in picture.projects] == [project.pk]


def test_a_later_year_that_has_a_plan_stands_as_it_is(cast: Cast) -> None:
    plan = planned.a_call(cast, envelopes={"4": "4000000.00"})
    project = works.in_procurement(cast)
    planned.reported(cast, plan, project)
    following = planned.a_call(cast, plan.year + 1, {"4": "1000000.00"})
    end = {"works_until": date(plan.year + 3, 1, 1)}
    planned.reported(cast, following, project, funding={"4": "2000000.00"}, **end)
    new = planned.reported(cast, following, funding={"4": "12000000.00"}, **end)
    picture = plan_outlook.outlook(cast.ji, plan, Assumptions(years=4, growth=D(10)))
    assert asked(picture) == [D(3_000_000), D(14_000_000), D(3_500_000), D(3_500_000)]
    available = [cell.available for cell in picture.outlook.cells]
    assert available == [D(4_000_000), D(1_000_000), D(1_100_000), D(1_210_000)]
    assert {row.item.project_id for row in picture.projects} == {project.pk, new.project_id}


def test_quotas_count_where_they_are_decided_and_what_was_left_out_on_demand(cast: Cast) -> None:
    plan = planned.a_call(cast)
    item, out = planned.reported(cast, plan), planned.reported(cast, plan)
    planned.balanced(cast, item, {"4": "2500000.00"})
    works.do(out, "leave_out", cast.ji, reason="缓建")
    picture = plan_outlook.outlook(cast.ji, plan, Assumptions(years=1))
    assert asked(picture) == [D(2_500_000)]
    everything = plan_outlook.outlook(cast.ji, plan, Assumptions(years=1, with_left_out=True))
    assert asked(everything) == [D(5_500_000)]
    assert AnnualPlan.objects.get().state == "BALANCING", "nothing is kept"
