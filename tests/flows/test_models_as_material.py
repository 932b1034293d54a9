"""D06: the building model of an estimate is an accepted model of the right stage whose required checks are passed."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from approvals import material_models
from approvals.material_facts import missing_materials
from approvals.models import ApprovalItem, MaterialSlot
from approvals.services import documents, materials, moves
from approvals.services.create import create
from approvals.services.declare import _contents
from bim import ids_library
from bim.services import ids_files
from core import rulebook
from core.errors import RuleViolation
from projects.models import Project
from tests.support import handed_in, lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def item(cast) -> ApprovalItem:
    """An estimate whose every other conditional material is excused."""
    project = lives.a_project(cast)
    item = create(project.pk, "EST", actor=cast.lin, is_early_involvement=True)
    lives.fill_in(cast, item)
    slot = item.slots.get(code="D06")
    materials.mark_not_applicable(item.pk, slot.pk, actor=cast.lin, reason="")
    return ApprovalItem.objects.get(pk=item.pk)


def codes(item: ApprovalItem) -> list[str]:
    item = ApprovalItem.objects.get(pk=item.pk)
    situation = moves.situation()
    return [p.code for slot in missing_materials(item) for p in material_models.problems(slot, situation)]


def d06(item: ApprovalItem) -> MaterialSlot:
    return ApprovalItem.objects.get(pk=item.pk).slots.get(code="D06")


def a_model(cast, item: ApprovalItem, *, is_sound: bool = True, **place: str):
    project = Project.objects.get(pk=item.project_id)
    school = handed_in.a_sound_school(project.code) if is_sound else handed_in.a_school()
    return handed_in.hand_in(cast.lin, project, school.bytes(), **place)


def test_a_model_that_is_missing_unchecked_or_failing_does_not_satisfy_the_material(cast, item) -> None:
    assert codes(item) == ["materials.model_missing"]
    a_model(cast, item, stage="CONCEPT")
    assert codes(item) == ["materials.model_missing"], "a model of another stage is none"
    model = a_model(cast, item, is_sound=False)
    assert set(codes(item)) == {"materials.model_not_checked"}
    handed_in.check(model)
    assert set(codes(item)) == {"materials.model_failed"}
    model = a_model(cast, item)
    handed_in.check(model)
    assert codes(item) == []


def test_a_file_does_not_stand_for_the_model(cast, item) -> None:
    sheet = io.BytesIO()
    Workbook().save(sheet)
    sheet.seek(0)
    materials.upload(item.pk, d06(item).pk, sheet, name="工程量清单.xlsx", actor=cast.lin)
    assert codes(item) == ["materials.model_missing"]


def test_a_reason_is_enough_and_a_bill_of_quantities_does_not_take_it_back(cast, item) -> None:
    materials.mark_not_applicable(item.pk, d06(item).pk, actor=cast.lin, reason="设备购置，不建模")
    assert codes(item) == []
    assert material_models.contents_of(d06(item)) == []


def test_requirements_that_become_required_count_at_once(cast, item) -> None:
    handed_in.check(a_model(cast, item))
    assert codes(item) == []
    ids_files.set_required("shipped:preliminary-architecture", True, actor=cast.wu)
    assert set(codes(item)) == {"materials.model_failed"}, "the door has no height"
    assert ids_library.entry("shipped:preliminary-architecture").required


def test_all_disciplines_that_were_handed_in_have_to_pass(cast, item) -> None:
    handed_in.check(a_model(cast, item))
    structure = a_model(cast, item, is_sound=False, discipline="STRUCTURE")
    handed_in.check(structure)
    assert set(codes(item)) == {"materials.model_failed"}


def test_the_submission_and_its_papers_keep_which_model_it_was(cast, item) -> None:
    model = a_model(cast, item)
    handed_in.check(model)

    class Case:
        pass

    case = Case()
    case.item = ApprovalItem.objects.get(pk=item.pk)
    kept = next(part for part in _contents(case) if part["code"] == "D06")
    assert kept == {
        "code": "D06", "version": 1, "sha256": model.sha256, "model": model.pk, "model_stage": "PRELIMINARY",
        "discipline": "ARCHITECTURE", "verdict": "PASSED",
    }  # fmt: skip
    received = [row for row in documents._materials(case.item) if row.code == "D06"]
    assert [(row.version, row.sha256) for row in received] == [(1, model.sha256)]


def test_the_submission_is_refused_with_the_reasons_of_the_model(cast, item) -> None:
    with pytest.raises(RuleViolation) as refusal:
        moves.perform(item.pk, "submit", actor=cast.lei)
    assert "materials.model_missing" in {problem.code for problem in refusal.value.problems}


def test_models_are_mandatory_for_projects_set_up_since_2022_only() -> None:
    assert rulebook.on(date(2021, 12, 31)).row("bim.required", "EST") is None
    assert rulebook.on(date(2022, 1, 1)).value("bim.required", "EST") == 1
