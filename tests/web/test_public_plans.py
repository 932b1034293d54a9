"""The released annual plans are open to anybody; what is secret, left out or not yet released is not."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from execution.services import plan_funds
from execution.services.plan_funds import Amount
from projects.models import Project
from tests.support import planned, works
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    cache.clear()


@pytest.fixture
def cast():
    return make_cast()


def seen(address: str = "/public/plans/", status: int = 200) -> str:
    with no_writes():
        answer = Client().get(address)
    assert answer.status_code == status
    return answer.content.decode()


def requested(cast, *names: str):
    """This year's plan, and a reported request of 300 万元 for each of new projects."""
    year = planned.a_call(cast)
    numbered = enumerate(names, 60)
    projects = [works.in_procurement(cast, name=name, code=f"2611-440399-04-01-{n:06d}") for n, name in numbered]
    return year, [planned.reported(cast, year, project) for project in projects]


def test_a_plan_is_open_from_the_day_of_its_release(cast):
    year, items = requested(cast, "南屿第四小学")
    assert "南屿第四小学" not in seen() and seen(f"/public/plans/{year.year}/", 404)
    year = planned.released_plan(cast, *items)
    page = seen()
    for word in (
        "南屿第四小学",
        str(items[0].project.owner_unit),
        year.release_no,
        "新开工",
        "1,200.00",
        "300.00",
        "合计",
    ):
        assert word in page, word
    assert "南屿第四小学" in seen(f"/public/plans/{year.year}/")


def test_the_year_s_amount_follows_its_adjustments(cast):
    year, (item,) = requested(cast, "南屿第四小学")
    planned.released_plan(cast, item)
    plan_funds.adjust(
        year.pk, actor=cast.zhao, amounts=[Amount(item.pk, "4", Decimal("456000.00"))], document_no="鹏发改计〔2026〕9号",
        decided_on=clock.today(), reason="进度加快",
    )  # fmt: skip
    assert seen().count("345.60") == 2  # the project's line, and the total


def test_what_is_not_open_to_the_public_stays_out_of_lines_and_total(cast):
    _year, items = requested(cast, "南屿第四小学", "人防指挥所")
    Project.objects.filter(pk=items[1].project_id).update(is_public=False)
    planned.released_plan(cast, *items)
    page = seen()
    assert "人防指挥所" not in page and "600.00" not in page


def test_the_page_costs_the_same_however_many_projects_a_year_has(cast):
    year, items = requested(cast, *(f"第{n}小学" for n in range(1, 6)))
    planned.released_plan(cast, *items)
    costs = []
    for shown in (1, 5):
        Project.objects.update(is_public=False)
        Project.objects.filter(pk__in=[item.project_id for item in items[:shown]]).update(is_public=True)
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(f"/public/plans/{year.year}/").content.decode().count("小学") >= shown
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8
