"""Handing in models: versions by stage and discipline, what is refused at once, and who may do it."""

import io
import zipfile

import pytest

from bim.models import BimModel
from bim.services import ingest, upload
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import Job, TraceEntry
from core.services import uploads
from tests.support import handed_in, lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
PLACE = {"stage": "PRELIMINARY", "discipline": "ARCHITECTURE"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def project(cast):
    return lives.a_project(cast)


def codes(refusal) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def test_versions_are_counted_by_stage_and_discipline(cast, project):
    first = handed_in.hand_in(cast.lin, project)
    second = handed_in.hand_in(cast.lin, project, handed_in.a_school(2).bytes(), remark="按意见修改")
    other = handed_in.hand_in(cast.lin, project, discipline="STRUCTURE", read=False)
    assert [(row.version, row.status) for row in (first, second)] == [(1, "ACCEPTED"), (2, "ACCEPTED")]
    assert (other.version, other.status, second.remark) == (1, "QUEUED", "按意见修改")
    assert Job.objects.get(pk=other.job_id).state == "QUEUED"
    verbs = list(TraceEntry.objects.filter(project_id=project.pk, target_id=second.pk).values_list("verb", flat=True))
    assert verbs == ["bim.model.uploaded", "bim.model.accepted"]
    entry = TraceEntry.objects.get(target_id=second.pk, verb="bim.model.uploaded")
    assert (entry.facts["version"], entry.facts["sha256"], entry.actor) == (2, second.sha256, cast.lin.user)


def test_the_same_bytes_again_are_refused_with_the_version_they_are(cast, project):
    content = handed_in.a_school().bytes()
    handed_in.hand_in(cast.lin, project, content)
    with pytest.raises(RuleViolation) as refusal:
        handed_in.hand_in(cast.lin, project, content, name="另一个名字.ifc")
    assert codes(refusal) == {"model.same"}
    assert "1" in str(refusal.value)
    assert handed_in.hand_in(cast.lin, project, content, stage="DRAWINGS", read=False).version == 1
    assert BimModel.objects.count() == 2


def test_an_archive_is_taken_as_well(cast, project):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("教学楼.ifc", handed_in.a_school().bytes())
    model = handed_in.hand_in(cast.lin, project, buffer.getvalue(), name="教学楼.ifczip")
    assert (model.status, model.n_storeys, model.file.mime) == ("ACCEPTED", 2, "application/x-ifczip")


def test_a_damaged_model_is_kept_and_refused_with_its_reason(cast, project):
    whole = handed_in.a_school().bytes()
    model = handed_in.hand_in(cast.lin, project, whole[: len(whole) // 2])
    assert (model.status, [reason["code"] for reason in model.reasons]) == ("REJECTED", ["file.truncated"])
    assert handed_in.hand_in(cast.lin, project, whole).version == 2


@pytest.mark.parametrize(
    ("said", "name", "content", "expected"),
    [
        ({"discipline": "ARCHITECTURE"}, "a.ifc", b"ISO-10303-21;", {"model.stage"}),
        ({"stage": "PRELIMINARY", "discipline": "ASTROLOGY"}, "a.ifc", b"ISO-10303-21;", {"model.discipline"}),
        ({**PLACE, "remark": "长" * 201}, "a.ifc", b"ISO-10303-21;", {"model.remark"}),
        (PLACE, "a.rvt", b"ISO-10303-21;", {"file.kind"}),
        (PLACE, "a.ifc", b"", {"file.empty"}),
        (PLACE, "a.ifczip", b"ISO-10303-21;", {"file.content"}),
        ({}, "a.ifc", b"ISO-10303-21;", {"model.stage", "model.discipline"}),
    ],
)
def test_what_could_never_be_a_version_is_refused_at_once(cast, project, said, name, content, expected):
    with pytest.raises(RuleViolation) as refusal:
        upload.hand_in(project.pk, io.BytesIO(content), name=name, actor=cast.lin, said=said)
    assert codes(refusal) == expected
    assert not BimModel.objects.exists()


@pytest.mark.parametrize("person", ["lei", "wu", "zhao", "su", "chen", "qian"])
def test_only_the_clerk_of_the_own_unit_hands_in(cast, project, person):
    with pytest.raises(NotPermitted):
        handed_in.hand_in(getattr(cast, person), project)


@pytest.mark.parametrize("person", ["sun", "root", "yan"])
def test_who_does_not_see_the_project_does_not_see_the_door(cast, project, person):
    with pytest.raises(NotFound):
        handed_in.hand_in(getattr(cast, person), project)


def test_a_resumable_upload_remembers_what_it_is_for(cast, project):
    content = handed_in.a_school().bytes()
    said = {**PLACE, "project": str(project.pk), "remark": "第一版"}
    begun = upload.announced(said, actor=cast.lin, name="教学楼.ifc", size=len(content))
    assert (begun.purpose, begun.target_id, begun.said["remark"]) == ("bim_model", project.pk, "第一版")
    whole = uploads.append(begun, 0, io.BytesIO(content))
    model = upload.attach(whole, actor=cast.lin)
    whole.refresh_from_db()
    assert (model.remark, model.version, whole.became_id) == ("第一版", 1, model.pk)
    assert not uploads.path_of(whole).exists()


def test_an_ended_project_takes_no_models(cast, project):
    type(project).objects.filter(pk=project.pk).update(**{"stage": "TERMINATED"})
    with pytest.raises(RuleViolation) as refusal:
        handed_in.hand_in(cast.lin, project)
    assert codes(refusal) == {"project.ended"}


def test_a_cancelled_check_may_be_made_again_and_nothing_of_it_shows_before(cast, project):
    waiting = handed_in.hand_in(cast.lin, project, read=False)
    with pytest.raises(NotPermitted):
        ingest.cancel(waiting.pk, actor=cast.wu)
    stopped = ingest.cancel(waiting.pk, actor=cast.lin)
    assert (stopped.status, stopped.elements.count()) == ("CANCELLED", 0)
    handed_in.work_off(stopped)
    assert BimModel.objects.get(pk=waiting.pk).status == "CANCELLED", "the worker leaves it alone"
    ingest.start_again(waiting.pk, actor=cast.lin)
    handed_in.work_off(BimModel.objects.get(pk=waiting.pk))
    assert BimModel.objects.get(pk=waiting.pk).status == "ACCEPTED"
