"""The overview: lights that lead to lists, what turns red next, delays with their explanations, how long files lie."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import SupervisionEvent
from core import clock
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
LATE = date(2026, 4, 20)


@pytest.fixture
def cast():
    return make_cast()


def as_(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def overview(actor, **query) -> str:
    response = as_(actor).get(reverse("web:overview"), query)
    assert response.status_code == 200
    return response.content.decode()


def figures(shown) -> dict[str, int]:
    found = re.findall(r'href="\?light=(\w+)#list".*?figure-value">(\d+)<', shown, re.DOTALL)
    return {light: int(n) for light, n in found}


def test_who_only_declares_or_administers_has_no_overview(cast):
    for actor in (cast.lin, cast.lei, cast.yan, cast.root):
        assert as_(actor).get(reverse("web:overview")).status_code == 403
    for actor in (cast.xu, cast.zhao, cast.dai, cast.su, cast.kong):
        overview(actor)


def test_lights_are_counted_and_lead_to_their_lists(cast):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
        assert figures(overview(cast.xu)) == {"RED": 0, "YELLOW": 0, "GREEN": 1, "BLUE": 0, "GREY": 0}
        assert item.no in overview(cast.xu, light="GREEN") and item.no not in overview(cast.xu)
    with clock.at(item.due_on):
        assert figures(overview(cast.xu))["YELLOW"] == 1, "the last day is still in time"
        assert "三个工作日内到期" in overview(cast.xu)
    with clock.at(LATE):
        shown = overview(cast.xu)
        assert figures(shown)["RED"] == 1
        assert item.no in shown, "the list begins with what is overdue"
        assert "尚未说明" in shown
        SupervisionEvent.objects.create(
            item=item, cause="ITEM_OVERDUE", level="RED", noted_on=LATE, once_key="x", explanation="等待用地批复"
        )
        assert "等待用地批复" in overview(cast.xu)


def test_the_centre_sees_the_items_sent_to_it_only(cast):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
        assert sum(figures(overview(cast.kong)).values()) == 0
        lives.in_centre(cast, item)
        assert sum(figures(overview(cast.kong)).values()) == 1
        assert item.no in overview(cast.kong, light="BLUE")


def test_lists_narrow_by_desk_type_unit_and_number(cast):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
        unit = cast.houses["unit"].pk
        for query in ({"state": "FIRST_REVIEW"}, {"type": "PR"}, {"unit": unit}, {"q": item.no}, {"light": ""}):
            assert item.no in overview(cast.xu, **query), query
        for query in (
            {"state": "SECOND_REVIEW"},
            {"type": "EST"},
            {"unit": cast.houses["other_unit"].pk},
            {"q": "没有"},
        ):
            assert f"{item.no}<" not in overview(cast.xu, **query), query
        lives.issued(
            cast,
            lives.in_determination(
                cast, lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, item)))
            ),
        )
        assert f"{item.no}<" not in overview(cast.xu, light=""), "what has ended is not under way"
        assert item.no in overview(cast.xu, q=item.no), "but it is found"
        for garbled in ({"unit": "x"}, {"light": "x"}, {"after": "x"}, {"days": "x"}, {"state": "x"}):
            overview(cast.xu, **garbled)


def test_dwell_times_stand_per_desk_and_person_in_working_days(cast):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(date(2026, 3, 5)):
        lives.in_centre(cast, item)
        shown = overview(cast.xu)
    persons = shown.split("按人员", 1)[1]
    row = re.search(r"<tr><th[^>]*>初审.*?</tr>", persons, re.DOTALL).group()
    assert "吴刚" in row
    assert re.findall(r'class="num"[^>]*>([^<]+)<', row) == ["0", "0", "1", "3.0"], "Tuesday to Thursday"


def test_looking_writes_nothing_and_costs_the_same_for_many(cast):
    with clock.at(MONDAY):
        first = lives.in_first_review(cast)
    with clock.at(LATE):
        client = as_(cast.xu)

        def cost(n):
            for serial in range(n):
                twin = lives.fresh(first)
                twin.pk, twin.no, twin.is_early_involvement = None, f"COPY-{n}-{serial}", True
                twin.due_on = first.due_on - timedelta(days=serial)
                twin._state.adding = True
                twin.save(force_insert=True)
            client.get(reverse("web:overview"))
            with no_writes(), CaptureQueriesContext(connection) as queries:
                client.get(reverse("web:overview"))
            return len(queries)

        assert cost(4) == cost(20) <= 32
