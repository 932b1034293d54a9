"""Checks of an accepted model: by themselves, on demand, kept with their hashes, and never passed without having looked."""

import io
from contextlib import contextmanager

import pytest

from bim import ids_library, standing
from bim.models import BimModel, CheckFailure, CheckResult, CheckRun, IdsFile
from bim.models.check import Verdict
from bim.services import checks, ids_files
from core import files
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import Job, TraceEntry
from projects.models import Project
from tests.support import handed_in, lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
IDS = (ids_library.SHIPPED / "preliminary-architecture.ids").read_bytes()
WALLS_ARE_NAMED = """<?xml version="1.0" encoding="UTF-8"?>
<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<info><title>墙要叫外墙</title></info><specifications>
<specification name="墙名" ifcVersion="IFC4" identifier="W1"><applicability minOccurs="1" maxOccurs="unbounded">
<entity><name><simpleValue>IFCWALL</simpleValue></name></entity></applicability>
<requirements><attribute><name><simpleValue>Name</simpleValue></name>
<value><xs:restriction base="xs:string"><xs:pattern value="外墙.*"/><xs:pattern value="内墙.*"/></xs:restriction></value>
</attribute></requirements></specification></specifications></ids>"""


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def project(cast) -> Project:
    return lives.a_project(cast)


@pytest.fixture(autouse=True)
def audits_run_here(monkeypatch):
    monkeypatch.setattr(ids_files.process, "run", handed_in.read_here)


@contextmanager
def refused(code: str):
    with pytest.raises(RuleViolation) as refusal:
        yield
    assert refusal.value.code == code


def sound(cast, project, **said) -> BimModel:
    return handed_in.hand_in(cast.lin, project, handed_in.a_sound_school(project.code, **said).bytes())


def kept(cast, text: str = WALLS_ARE_NAMED, **said: str) -> IdsFile:
    return ids_files.upload(io.BytesIO(text.encode()), name="要求.ids", actor=cast.wu, said=said)


def test_an_accepted_model_is_checked_by_itself_against_everything_that_fits(cast, project) -> None:
    model = sound(cast, project)
    assert standing.standing(model).verdict == Verdict.NOT_CHECKED, "nothing has been looked at yet"
    handed_in.check(model)
    runs = {run.key: run for run in CheckRun.objects.filter(model=model)}
    assert set(runs) == {"minimum", "shipped:preliminary-architecture"}
    assert runs["minimum"].verdict == Verdict.PASSED, list(
        CheckFailure.objects.filter(result__run=runs["minimum"]).values_list("name", "reason", "detail")
    )
    assert runs["minimum"].model_sha256 == model.sha256
    assert runs["minimum"].tool == ids_library.MINIMUM_TOOL
    by_file = runs["shipped:preliminary-architecture"]
    assert by_file.verdict == Verdict.FAILED, "the door has no height"
    assert by_file.tool.startswith("IfcTester 0.")
    assert by_file.ids_sha256 == files.hash_of(ids_library.SHIPPED / "preliminary-architecture.ids")
    assert not by_file.required
    assert standing.standing(model) == standing.Standing(Verdict.PASSED), "the file is advice until somebody demands it"
    assert TraceEntry.objects.filter(verb="bim.check.finished").count() == 2


def test_a_failing_minimum_set_names_the_elements_and_the_reasons(cast, project) -> None:
    model = handed_in.hand_in(cast.lin, project)
    handed_in.check(model)
    results = {row.code: row for row in CheckResult.objects.filter(run__model=model, run__key="minimum")}
    assert results["classification"].verdict == Verdict.FAILED
    assert results["classification"].n_failed == 2
    assert {row.name for row in results["classification"].failures.all()} == {"楼板-1", "楼板-2"}
    assert results["equipment"].verdict == Verdict.NOT_APPLICABLE, "asked of as-built models only"
    found = standing.standing(model)
    assert found.verdict == Verdict.FAILED
    assert {problem.code for problem in found.reasons} == {"model.check_failed"}
    assert any("2" in str(problem.message) for problem in found.reasons)


def test_required_requirements_block_from_the_moment_they_are_required(cast, project) -> None:
    model = sound(cast, project)
    handed_in.check(model)
    ids_files.set_required("shipped:preliminary-architecture", True, actor=cast.wu)
    assert standing.standing(model).verdict == Verdict.FAILED
    ids_files.retire("shipped:preliminary-architecture", actor=cast.wu)
    assert standing.standing(model).verdict == Verdict.PASSED
    row = kept(cast, required="1")
    assert standing.standing(model).verdict == Verdict.NOT_CHECKED, "nobody has looked at the new file yet"
    checks.start_again(model.pk, actor=cast.lin, keys=[f"ids:{row.pk}"])
    handed_in.check(model)
    assert standing.standing(model).verdict == Verdict.PASSED


def test_several_patterns_are_alternatives(cast, project) -> None:
    model = sound(cast, project)
    row = kept(cast)
    checks.start_again(model.pk, actor=cast.wu, keys=[f"ids:{row.pk}"])
    handed_in.check(model)
    run = CheckRun.objects.get(key=f"ids:{row.pk}")
    assert (run.verdict, run.ids_file) == (Verdict.PASSED, row)


def test_a_result_of_other_bytes_or_an_older_edition_counts_as_not_checked(cast, project) -> None:
    model = sound(cast, project)
    handed_in.check(model)
    for changed in ({"model_sha256": "0" * 64}, {"tool": "GIPLT minimum set 0"}):
        run = CheckRun.objects.get(model=model, key="minimum")
        CheckRun.objects.filter(pk=run.pk).update(**changed)
        row = next(one for one in standing.checked_of(model) if one.requirements.is_minimum)
        assert row.verdict == Verdict.NOT_CHECKED
        assert row.is_stale
        CheckRun.objects.filter(pk=run.pk).update(model_sha256=run.model_sha256, tool=run.tool)


def test_an_ids_file_that_is_not_meant_for_the_schema_checks_nothing(cast, project) -> None:
    model = sound(cast, project)
    row = kept(cast, WALLS_ARE_NAMED.replace('ifcVersion="IFC4"', 'ifcVersion="IFC2X3"'))
    checks.start_again(model.pk, actor=cast.wu, keys=[f"ids:{row.pk}"])
    handed_in.check(model)
    run = CheckRun.objects.get(key=f"ids:{row.pk}")
    assert run.verdict == Verdict.NOT_CHECKED
    assert run.results.get().failures.get().reason == "schema"


def test_a_checking_process_that_dies_leaves_everything_unchecked_with_the_reason(cast, project, monkeypatch) -> None:
    model = sound(cast, project)
    died = checks.process.Result(reasons=[checks.Reason("limit.time", {"seconds": 1})])
    monkeypatch.setattr(handed_in, "read_here", lambda *_a, **_k: died)
    handed_in.check(model)
    run = CheckRun.objects.get(model=model, key="shipped:preliminary-architecture")
    assert run.verdict == Verdict.NOT_CHECKED
    assert run.reasons == [{"code": "limit.time", "facts": {"seconds": 1}}]
    assert CheckRun.objects.get(model=model, key="minimum").verdict == Verdict.PASSED


def test_a_stored_file_that_was_tampered_with_is_not_used(cast, project) -> None:
    model, row = sound(cast, project), kept(cast)
    files.path_of(row.sha256).write_bytes(b"<ids/>")
    checks.start_again(model.pk, actor=cast.wu, keys=[f"ids:{row.pk}"])
    handed_in.check(model)
    run = CheckRun.objects.get(key=f"ids:{row.pk}")
    assert (run.verdict, run.reasons[0]["code"]) == (Verdict.NOT_CHECKED, "file.changed")


def test_a_check_is_not_begun_twice_nor_for_a_model_that_is_not_accepted(cast, project) -> None:
    model = sound(cast, project)
    with refused("check.under_way"):
        checks.start_again(model.pk, actor=cast.lin)
    damaged = handed_in.hand_in(cast.lin, project, b"ISO-10303-21;\nnothing", discipline="OTHER")
    with refused("model.not_accepted"):
        checks.start_again(damaged.pk, actor=cast.lin)
    with pytest.raises(NotFound):
        handed_in.check(model)
        checks.start_again(model.pk, actor=cast.lin, keys=["ids:4711"])


def test_who_may_keep_requirements_and_start_checks(cast, project) -> None:
    model = sound(cast, project)
    handed_in.check(model)
    for stranger in (cast.lin, cast.chen):
        with pytest.raises(NotPermitted):
            ids_files.upload(io.BytesIO(IDS), name="a.ids", actor=stranger, said={})
        with pytest.raises(NotPermitted):
            ids_files.retire("shipped:concept", actor=stranger)
    assert checks.start_again(model.pk, actor=cast.wu) is not None


def test_the_same_file_is_not_kept_twice_and_retired_files_can_be_taken_back(cast) -> None:
    row = kept(cast)
    with refused("ids.same"):
        kept(cast)
    with refused("ids.same"):
        ids_files.upload(io.BytesIO(IDS), name="a.ids", actor=cast.wu, said={})
    key = f"ids:{row.pk}"
    ids_files.retire(key, actor=cast.wu)
    assert key not in {one.key for one in ids_library.library()}
    assert key in {one.key for one in ids_library.library(with_retired=True)}
    ids_files.take_back(key, actor=cast.wu)
    assert key in {one.key for one in ids_library.library()}
    verbs = list(TraceEntry.objects.filter(verb__startswith="bim.ids").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["bim.ids.uploaded", "bim.ids.retired", "bim.ids.taken_back"]


def test_the_minimum_set_can_neither_be_retired_nor_made_advice(cast) -> None:
    for change in (lambda: ids_files.retire("minimum", actor=cast.wu),
                   lambda: ids_files.set_required("minimum", False, actor=cast.wu)):  # fmt: skip
        with refused("ids.minimum"):
            change()


def test_a_model_of_all_disciplines_is_asked_what_each_is_asked(cast, project) -> None:
    model = BimModel(stage="PRELIMINARY", discipline="COMBINED")
    keys = {one.key for one in ids_library.fitting(model)}
    assert keys == {"minimum", "shipped:preliminary-architecture", "shipped:preliminary-structure"}
    model = BimModel(stage="AS_BUILT", discipline="HVAC")
    assert {one.key for one in ids_library.fitting(model)} == {"minimum", "shipped:as-built"}


def test_the_newest_accepted_version_of_each_discipline_speaks_for_the_stage(cast, project) -> None:
    assert not standing.stage_standing(project, "PRELIMINARY").is_passed, "no model at all"
    first = sound(cast, project)
    handed_in.check(first)
    assert standing.stage_standing(project, "PRELIMINARY").is_passed
    second = handed_in.hand_in(cast.lin, project)
    assert [m for m, _ in standing.stage_standing(project, "PRELIMINARY").models] == [second]
    assert not standing.stage_standing(project, "PRELIMINARY").is_passed
    handed_in.check(second)
    assert standing.stage_standing(project, "PRELIMINARY").models[0][1].verdict == Verdict.FAILED
    assert Job.objects.filter(state=Job.State.FAILED).count() == 0


def test_a_run_whose_job_died_is_nothing_to_wait_for(cast, project) -> None:
    model = sound(cast, project)
    row = next(one for one in standing.checked_of(model) if one.requirements.is_minimum)
    assert row.pending is not None
    Job.objects.filter(pk=row.pending.job_id).update(state=Job.State.FAILED)
    row = next(one for one in standing.checked_of(model) if one.requirements.is_minimum)
    assert (row.verdict, row.pending) == (Verdict.NOT_CHECKED, None)
    checks.start_again(model.pk, actor=cast.lin)
    handed_in.check(model)
    assert standing.standing(model).verdict == Verdict.PASSED
