"""Whatever is sent to the API, it answers with a refusal in its own form, never with a failure of the server."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.flow import ITEM_FLOW
from projects.lifecycle import LIFECYCLE
from tests.support import days, lives
from tests.support.api_client import Api
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
TRIES = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.one_of(st.integers(), st.integers(-(10**40), 10**40), st.floats(allow_nan=False, allow_infinity=False))
values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        numbers,
        st.text(max_size=40),
        st.sampled_from(["", "\x00", "1e400", "-0", "９", "2026-02-30"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=10), inner, max_size=4)),
    max_leaves=8,
)
NAMES = sorted(
    {wanted.name for move in (*ITEM_FLOW, *LIFECYCLE) for wanted in move.inputs}
    | {"version", "ids", "name", "code", "lines", "declared", "reviewed", "project", "item_type", "declared_amount"}
    | {
        "form",
        "funding",
        "construction_unit",
        "taken_over_at",
        "verdict",
        "page",
        "text",
        "username",
        "password",
        "answer",
    }
)
bodies = st.one_of(
    st.dictionaries(st.sampled_from(NAMES), values, max_size=6).map(json.dumps),
    values.map(json.dumps),
    st.sampled_from(
        ["", "{", "[" * 100_000, '{"version": NaN}', '{"version": 1e999999999}', '{"a": "\\ud800"}', "null"]
    ),
    st.binary(max_size=30),
)
identities = st.one_of(st.integers(0, 3), st.just(2**31), st.just(2**63), st.just(10**30))


@pytest.fixture
def people():
    cast = make_cast()
    with days.on(date(2026, 3, 2)):
        item = lives.submitted(cast)
        lives.a_draft(cast, lives.a_project_in_proposal(cast, name="另一项目", code="2611-440399-04-01-000024"))
    return {
        name: Api(cast.actors[name]) for name in ("lin", "lei", "chen", "wu", "xu", "zhao", "kong", "he", "dai")
    }, item


def never_fails(response):
    assert response.status_code < 500, response.content[:3000]
    if response.status_code >= 400 and response.get("Content-Type", "").startswith("application/json"):
        said = response.json()
        assert set(said) == {"code", "message", "problems"}, said


WRITES = (
    ("POST", "token/"), ("POST", "projects/"), ("PATCH", "projects/{id}/"), ("POST", "items/"), ("PATCH", "items/{id}/"),
    ("POST", "projects/{id}/items/"), ("PUT", "items/{id}/cost-lines/"), ("PUT", "items/{id}/cost-lines/review/"),
    ("PUT", "items/{id}/materials/A03/not-applicable/"), ("POST", "items/{id}/materials/B01/comments/"),
    ("PUT", "items/{id}/defects/{id}/"), ("POST", "items/{id}/cost-lines/import/"), ("POST", "uploads/"),
    ("POST", "items/{id}/materials/B01/versions/"), ("PATCH", "uploads/x/"), ("DELETE", "uploads/x/"),
)  # fmt: skip


@TRIES
@given(write=st.sampled_from(WRITES), pk=identities, body=bodies, who=st.sampled_from(["lin", "chen", "wu"]))
def test_no_body_breaks_a_write(people, write, pk, body, who):
    api, item = people[0][who], people[1]
    method, path = write
    never_fails(api.send(method, path.format(id=pk or item.pk), raw=body))


@TRIES
@given(
    move=st.sampled_from([move.name for move in ITEM_FLOW]), body=bodies,
    who=st.sampled_from(["lin", "lei", "chen", "wu", "xu", "zhao", "kong", "he", "dai"]),
)  # fmt: skip
def test_no_input_breaks_a_move_of_an_item(people, move, body, who):
    api, item = people[0][who], people[1]
    never_fails(api.send("POST", f"items/{item.pk}/moves/{move}/", raw=body))
    never_fails(api.send("POST", f"items/moves/{move}/", raw=body))


@TRIES
@given(
    move=st.sampled_from([*(move.name for move in LIFECYCLE), "no_such_move"]),
    body=bodies,
    who=st.sampled_from(["lin", "lei", "zhao"]),
)
def test_no_input_breaks_a_move_of_a_project(people, move, body, who):
    api, item = people[0][who], people[1]
    never_fails(api.send("POST", f"projects/{item.project_id}/moves/{move}/", raw=body))


READS = (
    "projects/", "projects/{id}/", "items/", "items/{id}/", "items/{id}/deadline/", "items/{id}/trace/",
    "items/{id}/documents/", "items/{id}/cost-lines/", "items/{id}/materials/", "items/{id}/moves/accept/",
    "items/{id}/materials/A02/versions/{id}/file/", "documents/{id}/pdf/", "verify/{id}/", "calendar/due/",
    "calendar/days/", "me/", "uploads/{id}/",
)  # fmt: skip
QUESTIONS = ("q", "state", "stage", "item_type", "project", "owner_unit", "light", "cursor", "after", "page_size", "from", "to",
             "days", "no")  # fmt: skip
answers = st.one_of(
    st.text(max_size=20), st.integers(-(10**30), 10**30).map(str), st.dates().map(str),
    st.sampled_from(["RED", "SUBMITTED", "9999-12-31", "0001-01-01", "2026-02-09", "cD0x", "\x00"]),
)  # fmt: skip


@TRIES
@given(
    path=st.sampled_from(READS), pk=identities, query=st.dictionaries(st.sampled_from(QUESTIONS), answers, max_size=4)
)
def test_no_question_breaks_a_read(people, path, pk, query):
    api, item = people[0]["chen"], people[1]
    never_fails(api.get(path.format(id=pk or item.pk), **query))


@TRIES
@given(
    code=st.sampled_from(["reduction", "timeliness", "performance", "details", "times", "x"]),
    query=st.dictionaries(
        st.sampled_from(["from", "to", "by", "basis", "item_type", "unit", "class", "reviewer", "officer", "brackets",
                         "bracket", "show", "sort", "funding_source", "offset", "page_size", "outcome", "industry"]),
        st.one_of(answers, st.sampled_from(["item_type", "unit", "month", "none", "district", "counted", "-declared", "PR"])),
        max_size=4,
    ),
)  # fmt: skip
def test_no_question_breaks_a_report(people, code, query):
    never_fails(people[0]["zhao"].get(f"reports/{code}/", **query))
