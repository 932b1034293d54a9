"""The search finds exactly what a plain look through every text would find."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from projects import selectors
from projects.models import Project, SearchGram, SearchText
from projects.search import fold, grams
from projects.services import index
from tests.support.cast import make_cast
from tests.support.lives import BASICS, a_project

ALPHABET = "葵湾中学小道路一二0A-"
PARTS = ("葵湾", "鹏山", "南屿", "中心", "小学", "医院", "道路", "改造", "扩建", "工程", "一期", "给水", "公园")


def bulk_projects(cast, names):
    """Many projects with their index, faster than by the service; the rows are the same (a test below compares)."""
    rows = Project.objects.bulk_create(
        Project(
            name=name,
            code=f"2601-440399-04-01-{n:06d}",
            owner_unit=cast.houses["unit" if n % 3 else "other_unit"],
            district="鹏湾新区",
            registered_by=cast.lin.user,
            **{k: BASICS[k] for k in ("project_class", "construction_nature", "investment_mode", "industry")},
        )
        for n, name in enumerate(names)
    )
    texts = [
        SearchText(project=row, kind=kind, text=fold(getattr(row, kind))) for row in rows for kind in ("name", "code")
    ]
    SearchText.objects.bulk_create(texts, batch_size=2000)
    pairs = {(gram, text.project_id) for text in texts for gram in grams(text.text)}
    SearchGram.objects.bulk_create((SearchGram(gram=g, project_id=p) for g, p in sorted(pairs)), batch_size=2000)
    return rows


def all_pages(actor, text, limit):
    found, after = [], None
    while True:
        page = selectors.search(actor, text, after=after, limit=limit)
        found += [hit.project.pk for hit in page.rows]
        after = page.after
        if after is None:
            return found


def naive(rows, text):
    return [p.pk for p in sorted(rows, key=lambda p: -p.pk) if any(fold(text) in fold(t) for t in (p.name, p.code))]


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


@pytest.fixture
def many(cast):
    names = [
        f"{PARTS[n % 13]}{PARTS[(n * 7 + 3) % 13]}{PARTS[(n // 13) % 13]}{PARTS[(n * 5 + n // 169) % 13]}{n}号"
        for n in range(3000)
    ]
    return bulk_projects(cast, names)


@pytest.mark.parametrize(
    "text", ["葵湾", "工程", "工程一期", "湾中", "29号", "2601-440399-04-01-00012", "号号", "学医院改造"]
)
def test_some_thousand_projects_are_searched_like_by_hand(cast, many, text):
    assert all_pages(cast.wu, text, limit=500) == naive(many, text)
    own = [row for row in many if row.owner_unit_id == cast.houses["other_unit"].pk]
    assert all_pages(cast.sun, text, limit=500) == naive(own, text)


def test_the_quick_index_of_these_tests_is_the_service_s_own(cast):
    row = bulk_projects(cast, ["葵湾小学"])[0]
    before = set(SearchGram.objects.values_list("gram", "project")), set(SearchText.objects.values_list("kind", "text"))
    index.reindex(row)
    after = set(SearchGram.objects.values_list("gram", "project")), set(SearchText.objects.values_list("kind", "text"))
    assert before == after


def test_a_page_of_a_common_word_costs_the_same_whatever_the_register_holds(cast, many):
    with CaptureQueriesContext(connection) as queries:
        page = selectors.search(cast.wu, "工程")
    assert len(page.rows) == 20
    assert len(queries) <= 6


def explained(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        else:
            cursor.execute(
                "ANALYZE projects_searchgram"
            )  # what autovacuum does: without figures a planner only guesses
            cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(str(row) for row in cursor.fetchall())


def test_the_search_walks_its_indexes(cast, many):
    with CaptureQueriesContext(connection) as queries:
        selectors.search(cast.wu, "葵湾中心")
    for query in queries:
        if "projects_searchgram" in query["sql"]:
            plan = explained(query["sql"])
            assert "search_gram_once" in plan or "COVERING INDEX" in plan, plan
            assert "SCAN projects_searchgram" not in plan
            assert "Seq Scan" not in plan, plan
            assert "TEMP B-TREE" not in plan, plan


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
