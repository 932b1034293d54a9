"""The model base answers by class, type, classification, material, property and quantity; only what one may see."""

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from bim import search as base
from bim.models import BimElement
from bim.search import Question
from core.errors import RuleViolation
from tests.support import handed_in, lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


class _Done(Exception):
    """Rolls the world back."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One accepted model, made once for all questions."""
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), suppress(_Done), transaction.atomic():
        cast = make_cast()
        yield cast, handed_in.hand_in(cast.lin, lives.a_project(cast))
        raise _Done


@pytest.fixture
def cast(world):
    return world[0]


@pytest.fixture
def school(world):
    return world[1]


def names(actor, **asked) -> list[str]:
    return sorted(find.element.name for find in base.search(actor, Question(**asked)).rows)


WALLS = [f"外墙-{storey}{side}" for storey in (1, 2) for side in range(4)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"ifc_class": "IfcWall"}, WALLS),
        ({"ifc_class": "IfcDoor"}, ["门-1", "门-2"]),
        ({"type_name": "外墙200"}, WALLS),
        ({"code": "14-10"}, WALLS),
        ({"code": "14-10.20.02"}, ["外墙-12", "外墙-22"]),
        ({"code": "10.20"}, []),
        ({"material": "岩棉"}, ["外墙-11", "外墙-13", "外墙-21", "外墙-23"]),
        ({"material": "c25"}, ["楼板-1", "楼板-2"]),
        ({"property_name": "FireRating"}, WALLS),
        ({"property_name": "FireRating", "property_value": "3.0h"}, ["外墙-10", "外墙-20"]),
        ({"property_name": "IsExternal", "property_value": "是"}, WALLS),
        ({"property_name": "IsExternal", "property_value": "否"}, []),
        ({"quantity_name": "NetVolume", "least": 6.0}, ["外墙-12", "外墙-13", "外墙-22", "外墙-23"]),
        ({"quantity_name": "NetVolume", "least": 5.0, "most": 6.0}, ["外墙-11", "外墙-12", "外墙-21", "外墙-22"]),
        ({"quantity_name": "NetVolume", "material": "岩棉", "most": 5.5}, ["外墙-11", "外墙-21"]),
        ({"code": "14-10", "property_name": "FireRating", "property_value": "3.0h"}, ["外墙-10", "外墙-20"]),
        ({"ifc_class": "IfcDoor", "material": "混凝土"}, []),
        ({}, []),
    ],
)
def test_every_condition_finds_what_it_says(cast, school, asked, expected):
    assert names(cast.lin, **asked) == sorted(expected)
    assert names(cast.wu, **asked) == sorted(expected)


def test_walking_the_whole_index_finds_the_same_as_walking_few_models(cast, school, monkeypatch):
    """Beyond a few models the conditions lead by their own indexes: the answers are the same."""
    questions = [
        {"ifc_class": "IfcWall"}, {"type_name": "外墙"}, {"material": "岩棉"}, {"property_name": "FireRating"},
        {"quantity_name": "Length"}, {"material": "C30", "ifc_class": "IfcWall", "property_name": "IsExternal"},
        {"quantity_name": "NetVolume", "ifc_class": "IfcSlab"},
    ]  # fmt: skip
    few = [names(cast.wu, **asked) for asked in questions]
    monkeypatch.setattr(base, "FEW_MODELS", 0)
    assert [names(cast.wu, **asked) for asked in questions] == few
    assert few[0] == sorted(WALLS)


@pytest.mark.parametrize("limit", [1, 3, 7])
@pytest.mark.parametrize("few", [0, 30])
@pytest.mark.parametrize(
    "asked",
    [
        {"ifc_class": "IfcWall"},
        {"code": "14"},
        {"material": "C"},
        {"quantity_name": "NetVolume", "least": 0.0},
        {"quantity_name": "Length", "material": "岩棉"},
        {"property_name": "FireRating"},
        {"property_name": "IsExternal", "property_value": "True", "material": "岩棉"},
    ],
)
def test_pages_follow_each_other_without_gaps_or_repetitions(cast, school, monkeypatch, asked, limit, few):
    handed_in.hand_in(cast.lin, school.project, handed_in.a_school(2).bytes(), stage="DRAWINGS")
    monkeypatch.setattr(base, "FEW_MODELS", few)
    monkeypatch.setattr(base, "FIRST_BLOCK", 4)
    whole = [find.element.pk for find in base.search(cast.wu, Question(**asked), limit=200).rows]
    seen, after = [], ""
    for _page in range(100):
        page = base.search(cast.wu, Question(**asked), after, limit)
        assert len(page.rows) <= limit
        seen += [find.element.pk for find in page.rows]
        if page.after is None:
            break
        after = page.after
    assert len(whole) > 7
    assert seen == whole


def test_only_accepted_newest_versions_count_unless_asked(cast, school):
    newer = handed_in.hand_in(cast.lin, school.project, handed_in.a_school(2).bytes())
    broken = handed_in.a_school(3).bytes()
    handed_in.hand_in(cast.lin, school.project, broken[:-40])
    assert names(cast.lin, ifc_class="IfcWall") == sorted([*WALLS, "外墙-24"])
    assert len(names(cast.lin, ifc_class="IfcWall", all_versions=True)) == 17
    assert names(cast.lin, ifc_class="IfcDoor", model=school.pk) == ["门-1", "门-2"]
    assert {find.element.model_id for find in base.search(cast.lin, Question(ifc_class="IfcWall")).rows} == {newer.pk}


def test_it_can_be_narrowed_to_a_project_a_stage_and_a_discipline(cast, school):
    other = lives.a_project(cast, name="环湾大道", code="2611-440399-04-01-000024")
    handed_in.hand_in(cast.lin, other, handed_in.a_school(2).bytes(), stage="DRAWINGS", discipline="COMBINED")
    assert len(names(cast.lin, ifc_class="IfcWall")) == 17
    assert len(names(cast.lin, ifc_class="IfcWall", project=other.pk)) == 9
    assert len(names(cast.lin, ifc_class="IfcWall", stage="PRELIMINARY")) == 8
    assert names(cast.lin, ifc_class="IfcWall", discipline="ROAD") == []


@pytest.mark.parametrize("person", ["sun", "root", "yan", "he"])
@pytest.mark.parametrize("few", [0, 30])
def test_what_one_may_not_see_is_not_found(cast, school, monkeypatch, person, few):
    monkeypatch.setattr(base, "FEW_MODELS", few)
    actor = getattr(cast, person)
    guid = BimElement.objects.filter(ifc_class="IfcWall").first().guid
    for asked in ({"ifc_class": "IfcWall"}, {"code": "14"}, {"material": "C30"}, {"guid": guid}, {"model": school.pk},
                  {"property_name": "FireRating"}, {"quantity_name": "Length", "least": 0.0}):  # fmt: skip
        found = base.search(actor, Question(**asked))
        assert (found.rows, found.after) == ([], None)
    assert names(cast.wu, guid=guid) == [BimElement.objects.get(guid=guid).name]


def test_the_values_asked_for_are_shown(cast, school):
    asked = Question(quantity_name="NetVolume", least=7.0, property_name="FireRating")
    first = base.search(cast.wu, asked).rows[0]
    assert set(first.shown) == {("NetVolume", 7.0, "m3"), ("FireRating", "2.0h", "")}


def test_an_unreadable_cursor_is_refused(cast, school):
    for after in ("x", "1", "~", "-1~IfcWall", "9" * 30 + "~x", "1~IfcSlab"):
        with pytest.raises(RuleViolation):
            base.search(cast.wu, Question(ifc_class="IfcWall"), after)


def test_a_search_takes_a_handful_of_queries_and_counts_nothing(cast, school):
    for asked in ({"ifc_class": "IfcWall"}, {"material": "C30", "property_name": "FireRating"}, {"code": "14"}):
        with CaptureQueriesContext(connection) as queries:
            base.search(cast.wu, Question(**asked))
        assert len(queries) <= 9, [query["sql"][:150] for query in queries]
        assert not [query for query in queries if "COUNT(" in query["sql"]]
