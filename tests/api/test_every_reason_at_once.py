"""What cannot be read and what breaks a rule come in one answer; nothing is written."""

import pytest

from core.models import TraceEntry
from projects.models import Project
from tests.support import lives
from tests.support.api_client import Api
from tests.support.cast import make_cast
from tests.support.lives import a_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def refused(response, status=400):
    assert response.status_code == status, response.content
    return response.json()


def fields(answer):
    return {problem["field"]: problem["code"] for problem in answer["problems"]}


FAULTY = {
    "name": "南屿医院",
    "project_class": "BUILDING",
    "construction_nature": "NEW",
    "investment_mode": "DIRECT",
    "rough_investment": "much",
    "longitude": "east",
    "sector": "NO_SUCH",
    "code": "12-34",
    "planned_start": "2027-05-01",
    "planned_completion": "2026-05-01",
    "colour": "red",
    "funding": {"99": "1.00"},
    "taken_over_at": "BUDGET",
}
RULES = {
    "sector": "code_table.unknown",
    "code": "code.format",
    "planned_completion": "dates.order",
    "funding": "funding.unknown",
}
SHAPES = {"rough_investment": "invalid", "longitude": "invalid", "colour": "unknown"}


def test_a_project_is_refused_with_shapes_and_rules_together(cast):
    before = TraceEntry.objects.count()
    answer = refused(Api(cast.lin).post("projects/", FAULTY))
    expected = SHAPES | RULES | {"industry": "required", "taken_over_reason": "take_over.reason"}
    assert answer["code"] == "invalid" and fields(answer) == expected
    assert len(answer["problems"]) == len(expected), "nothing is said twice"
    assert TraceEntry.objects.count() == before and not Project.objects.exists()


def test_a_correction_too_and_a_broken_rule_alone_stays_a_422(cast):
    project = a_project(cast, code="")
    wanted = {name: value for name, value in FAULTY.items() if not name.startswith("taken_over")}
    assert fields(refused(Api(cast.lin).patch(f"projects/{project.pk}/", wanted))) == SHAPES | RULES
    alone = refused(Api(cast.lin).patch(f"projects/{project.pk}/", {"sector": "NO_SUCH", "code": "1"}), 422)
    assert fields(alone) == {"sector": "code_table.unknown", "code": "code.format"}
    assert Project.objects.get(pk=project.pk).version == project.version


def test_a_declaration_and_its_cost_lines_too(cast):
    item = lives.submitted(cast)
    said = {"contact": "林" * 101, "declared_amount": "-1"}
    told = fields(refused(Api(cast.lin).patch(f"items/{item.pk}/", said)))
    assert set(told) == {"contact", "declared_amount", ""} and told[""] == "wrong_state"
    lines = [
        {"code": "1", "name": "工程"},
        {"code": "1", "name": "又一次"},
        {"code": "2", "name": "丙", "declared": "x"},
    ]
    told = fields(refused(Api(cast.lin).put(f"items/{item.pk}/cost-lines/", {"lines": lines})))
    assert told == {"lines.2.declared": "invalid", "": "wrong_state", "line.1": "cost.duplicate"}


def test_who_may_not_act_learns_no_more_than_that(cast):
    project = a_project(cast, code="")
    answer = refused(Api(cast.wu).patch(f"projects/{project.pk}/", {"rough_investment": "much"}), 403)
    assert len(answer["problems"]) == 1


def test_the_inputs_of_a_move_are_refused_together(cast):
    item = lives.submitted(cast)
    answer = refused(Api(cast.chen).post(f"items/{item.pk}/moves/accept/", {"colour": 1, "version": "x"}))
    assert set(fields(answer)) == {"colour", "version"}
