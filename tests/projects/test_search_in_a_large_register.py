"""Three thousand projects are searched as exactly, and as cheaply, as a few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import selectors
from tests.support.cast import make_cast
from tests.support.registers import all_pages, bulk_projects, naive

pytestmark = pytest.mark.django_db

PARTS = ("葵湾", "鹏山", "南屿", "中心", "小学", "医院", "道路", "改造", "扩建", "工程", "一期", "给水", "公园")


@pytest.fixture(scope="module")
def cast(module_world):
    return make_cast()


@pytest.fixture(scope="module")
def many(module_world, cast):
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
