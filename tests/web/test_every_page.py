"""Everybody follows every link they are shown: nothing breaks, nothing is refused, and reading writes nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from approvals.services import publicity
from approvals.services.publicity import Objection
from tests.support import account, finishing, handed, handed_in, lives, planned, works
from tests.support.cast import PEOPLE, make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db

# What a page shows does not depend on the engine; that it asks nothing the engine refuses, its first visit shows.
PER_SHAPE = {"sqlite": 2, "postgresql": 1}
LINK = re.compile(r'href="(/[^"#]*)')
NOT_PAGES = ("/static/", "/admin/", "/i18n/", "/api/", "/styleguide/")
ENGLISH = re.compile(r"[A-Z][a-z]+(?: [a-z]+){2,}")


@pytest.fixture(scope="module")
def world(module_world: Path) -> Path:
    """One issued item, one draft, one with the centre, one under publicity, three models; made once. Returns the folder of the files."""
    cast = make_cast()
    lives.issued(cast)
    lives.a_draft(cast, lives.a_project_in_proposal(cast, name="南屿第三小学", code="2611-440399-04-01-000024"))
    another = lives.a_project_in_proposal(cast, name="环湾大道", code="2611-440399-04-01-000872")
    submitted = lives.submitted(cast, lives.a_draft(cast, another))
    lives.in_centre(cast, lives.in_first_review(cast, lives.accepted(cast, submitted)))
    published = lives.in_publicity(cast)
    publicity.lodge(published.pk, Objection("选址过近", "王先生", "13800138000"))
    handed_in.hand_in(cast.lin, another)
    handed_in.hand_in(cast.lin, another, handed_in.an_equipped_school().bytes(), stage="AS_BUILT")
    handed_in.hand_in(cast.lin, another, handed_in.a_school(2).bytes()[:900])
    works.a_change(cast, works.contracted(cast))
    finishing.a_defect(cast, finishing.a_round(cast, finishing.in_acceptance(cast)))
    finishing.a_finding(cast, works.taken_over(cast, "FINAL_AUDIT"))
    account.imbalanced(cast)
    accepted = handed.a_project(cast)
    handed.handed(cast, accepted, handed.a_card(cast, accepted), kind="PROVISIONAL")
    year = planned.a_call(cast, planned.clock.today().year + 1)
    planned.balanced(cast, planned.reported(cast, year))
    planned.a_request(cast, planned.a_call(cast, year.year + 1))
    return module_world


def links(html: str) -> Iterator[str]:
    for link in LINK.findall(html):
        link = link.replace("&amp;", "&")
        if not link.startswith(NOT_PAGES):
            yield link


def shape(path: str) -> str:
    return re.sub(r"\d+", "N", path.split("?")[0]) + ("?" if "?" in path else "")


def walk(client: Client) -> Iterator[tuple[str, object]]:
    """Breadth first from the home page, a few pages of every shape."""
    seen: set[str] = set()
    visited: Counter[str] = Counter()
    queue = ["/"]
    while queue:
        path = queue.pop(0)
        if path in seen or visited[shape(path)] >= PER_SHAPE[connection.vendor]:
            continue
        seen.add(path)
        visited[shape(path)] += 1
        with no_writes():
            response = client.get(path)
        yield path, response
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            queue.extend(links(response.content.decode()))


@pytest.mark.parametrize("username", [*PEOPLE, ""])
def test_every_link_works_reads_only_and_speaks_chinese(world, settings, username, django_user_model):
    settings.MEDIA_ROOT = world
    client = Client(headers={"accept-language": "zh-hans"})
    if username:
        client.force_login(
            django_user_model.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
        )
    refused, english = [], []
    for path, response in walk(client):
        if response.status_code not in (200, 302, 303):
            refused.append((response.status_code, path))
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            english += [(path, text) for text in ENGLISH.findall(visible_text(response.content.decode()))]
    assert refused == []
    assert [row for row in english if "Switch to English" not in row[1]] == []


def visible_text(html: str) -> str:
    body = re.sub(r"<(script|style|code|pre)\b.*?</\1>", " ", html, flags=re.S)
    return strip_tags(body)
