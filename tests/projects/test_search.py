"""The search finds exactly what a plain look through every text would find."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from projects import selectors
from projects.models import SearchGram, SearchText
from projects.search import fold
from projects.services import index
from tests.support.cast import make_cast
from tests.support.lives import a_project
from tests.support.registers import all_pages, bulk_projects, naive

ALPHABET = "葵湾中学小道路一二0A-"


class SearchAgreesWithALookThroughEverything(TestCase):
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(
        names=st.lists(
            st.text(ALPHABET, min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=12, unique=True
        ),
        text=st.text(ALPHABET, min_size=2, max_size=4).filter(lambda text: len(fold(text)) >= 2),
    )
    def test_every_substring_of_two_characters_and_more(self, names, text):
        cast = make_cast()
        rows = [a_project(cast, name=name, code="") for name in names]
        assert all_pages(cast.wu, text, limit=3) == naive(rows, text)
        assert all_pages(cast.lin, text, limit=3) == naive(rows, text)


@pytest.fixture
def cast(db):
    return make_cast()


def test_the_quick_index_of_these_tests_is_the_service_s_own(cast):
    row = bulk_projects(cast, ["葵湾小学"])[0]
    before = set(SearchGram.objects.values_list("gram", "project")), set(SearchText.objects.values_list("kind", "text"))
    index.reindex(row)
    after = set(SearchGram.objects.values_list("gram", "project")), set(SearchText.objects.values_list("kind", "text"))
    assert before == after


def test_a_document_number_is_found_however_it_is_typed(cast):
    project = a_project(cast)
    index.add_document_no(project, "鹏发财〔2026〕12号")
    a_project(cast, name="另一个项目", code="")
    for typed in ("鹏发财〔2026〕12号", "鹏发财2026 12", "鹏发财[2026]12", "鹏发财（2026）12号", "２０２６〕12号"):
        hits = selectors.search(cast.wu, typed).rows
        assert [(hit.project.pk, hit.kind) for hit in hits] == [(project.pk, "document")], typed


def test_one_character_is_found_at_the_beginning_only(cast):
    project = a_project(cast)
    assert [hit.project.pk for hit in selectors.search(cast.wu, "葵").rows] == [project.pk]
    assert selectors.search(cast.wu, "湾").rows == []
    assert [hit.project.pk for hit in selectors.search(cast.wu, "2").rows] == [project.pk]


def test_nothing_is_found_of_another_unit_s_projects_or_for_nothing(cast):
    a_project(cast)
    assert selectors.search(cast.sun, "葵湾").rows == []
    assert selectors.search(cast.root, "葵湾").rows == []
    assert selectors.search(cast.wu, "  - ").rows == []
    assert selectors.search(cast.wu, "\x00\x00").rows == []


def test_filters_narrow_the_search(cast):
    a_project(cast)
    road = a_project(cast, name="葵湾路改造", code="", industry="ROAD")
    assert [h.project.pk for h in selectors.search(cast.wu, "葵湾", filters={"industry": "ROAD"}).rows] == [road.pk]
    assert [h.project.pk for h in selectors.search(cast.lin, "葵湾", filters={"industry": "ROAD"}).rows] == [road.pk]
