"""Faults of form and of rule come in one answer: on top and at the fields, with everything typed kept, nothing written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from approvals.costing import xlsx
from approvals.costing.tree import CostLine
from approvals.services import moves
from core.models import TraceEntry
from projects.models import Project
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.lives import a_project
from tests.web.test_projects import FORM

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    """`see(cast.lin, url, {...})` is the page posting answers; it must be a refusal that writes nothing."""

    def refused(actor, url, data):
        client.force_login(actor.user)
        before = TraceEntry.objects.count()
        answer = client.post(url, data)
        assert answer.status_code == 422 and TraceEntry.objects.count() == before
        return answer

    return refused


def text(answer):
    return answer.content.decode()


TWO_KINDS_OF_FAULT = FORM | {
    "name": "",  # missing
    "rough_investment": "1,2.3.4",  # no amount
    "longitude": "east",  # no number
    "planned_start": "2027-05-01",
    "planned_completion": "2026-05-01",  # readable, before the start: a rule
    "code": "12-34",  # readable, not a code: a rule
    "funding-1": "七百",
    "content_scale": "门诊楼 3 层",
}
AT = {"name", "rough_investment", "longitude", "planned_completion", "code", "funding-1"}


def test_a_new_project_is_told_everything_in_one_answer(cast, see):
    data = TWO_KINDS_OF_FAULT | {"taken_over_at": "BUDGET", "taken_over_reason": " "}
    answer = see(cast.lin, reverse("web:project_new"), data)
    form = answer.context["form"]
    assert set(form.errors) == AT | {"taken_over_reason"}
    page = text(answer)
    for name in form.errors:
        assert f'href="#{form[name].id_for_label}"' in page, f"{name} is linked on top"
    for typed in ("1,2.3.4", "east", "12-34", "七百", "门诊楼 3 层", "2026-05-01"):
        assert typed in page
    assert all(len(said) == 1 for said in form.errors.values()), form.errors
    assert not Project.objects.exists()


def test_a_correction_is_told_everything_in_one_answer_and_changes_nothing(cast, see):
    a_project(cast, name="已登记", code="")
    project = a_project(cast, name="南屿医院", code="")
    url = reverse("web:project_edit", args=[project.pk])
    assert set(see(cast.lin, url, TWO_KINDS_OF_FAULT).context["form"].errors) == AT
    again = see(cast.lin, url, FORM | {"name": "已登记", "latitude": "north", "secrecy": "OPEN"})
    assert set(again.context["form"].errors) == {"latitude", "__all__"}, "what the table itself refuses is told as well"
    assert "同名" in text(again)
    assert Project.objects.get(pk=project.pk).name == "南屿医院"


def test_the_basics_of_a_declaration_that_may_not_be_changed_are_still_read(cast, see):
    item = lives.submitted(cast)
    url = reverse("web:item_edit", args=[item.pk])
    answer = see(cast.lin, url, {"summary": "又改", "contact": "林" * 101, "version": item.version})
    errors = answer.context["form"].errors
    assert set(errors) == {"contact", "__all__"} and "又改" in text(answer)
    assert item.get_state_display() in errors["__all__"][0]
    assert lives.fresh(item).summary == item.summary


def test_the_cost_grid_tells_its_cells_and_the_rules_together(cast, see):
    item = lives.submitted(cast)
    url = reverse("web:costs_save", args=[item.pk])
    rows = {"code": ["1", "abc"], "name": ["工程费用", "坏号"], "declared": ["甲", "5"]}
    answer = see(cast.lin, url, rows | {"unit": ["", ""], "quantity": ["", ""], "standard_code": ["", ""]})
    assert [problem.code for problem in answer.context["problems"]] == ["wrong_state"]
    assert {column for _row, column, _words in answer.context["grid"].faults} >= {"declared", "code"}
    page = text(answer)
    assert 'value="甲"' in page and 'value="abc"' in page and item.get_state_display() in page
    assert lives.fresh(item).cost_lines.count() == item.cost_lines.count()


def test_a_faulty_workbook_for_a_declaration_that_has_left_is_told_both(cast, see):
    item = lives.submitted(cast)
    book = xlsx.export([CostLine("1", "工程费用"), CostLine("1", "又一次")])
    file = SimpleUploadedFile("费用.xlsx", book)
    answer = see(cast.lin, reverse("web:costs_import", args=[item.pk]), {"file": file})
    assert answer.context["book_errors"] and [p.code for p in answer.context["problems"]] == ["wrong_state"]


def test_a_material_without_file_or_reason_is_told_what_else_is_wrong(cast, see):
    item = lives.submitted(cast)
    slot = item.slots.filter(necessity="M").first()
    answer = see(cast.lin, reverse("web:material_upload", args=[item.pk, slot.pk]), {})
    assert [problem.code for problem in answer.context["problems"]] == ["file.missing", "wrong_state"]
    answer = see(cast.lin, reverse("web:material_reason", args=[item.pk, slot.pk]), {"reason": " "})
    told = [problem.code for problem in answer.context["problems"]]
    assert told[:2] == ["required", "wrong_state"]


def test_a_good_form_still_goes_through(cast, client):
    client.force_login(cast.lin.user)
    assert client.post(reverse("web:project_new"), FORM).status_code == 302
    item = lives.a_draft(cast)
    answer = client.post(reverse("web:item_edit", args=[item.pk]), {"summary": "新建", "contact": "林工"})
    assert answer.status_code == 302 and lives.fresh(item).summary == "新建"
    assert moves.offers(lives.fresh(item), cast.lin, moves.situation())
