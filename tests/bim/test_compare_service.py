"""Two versions of a model, compared and kept; what a person says about elements no rule could pair."""

import json

import pytest
from django.core.management import CommandError, call_command

from bim import comparing
from bim.models import BimElement, BimModel, ComparisonRow, ComparisonRun, ElementPairing
from bim.models.comparison import RowState
from bim.services import compare, geometry
from core import jobs
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import Job, TraceEntry
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.handed_in import a_school, hand_in, read_here
from tests.support.ifc_builder import IfcBuilder
from tests.support.ifc_samples import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def project(cast):
    return lives.a_project(cast)


@pytest.fixture
def school(cast, project) -> tuple[BimModel, BimModel]:
    """Version 2 has one more wall on the second storey, and doors of another type."""
    return hand_in(cast.lin, project), hand_in(cast.lin, project, a_school(version=2).bytes())


def states(run: ComparisonRun) -> dict[str, int]:
    return {state: n for state, n in run.counts["states"].items() if n}


def draw(model: BimModel, monkeypatch) -> BimModel:
    """The worker's conversion, within the test."""
    monkeypatch.setattr(geometry.process, "run", read_here)
    jobs.perform.func(model.geometry_job_id)
    return BimModel.objects.get(pk=model.pk)


def test_what_was_added_and_changed_is_kept_row_by_row(cast, school):
    old, new = school
    run = compare.start(new.pk, old.pk, actor=cast.lin)
    assert (run.old_model_id, run.new_model_id) == (old.pk, new.pk)
    assert states(run) == {"ADDED": 1, "CHANGED": 2, "UNCHANGED": 10}
    added = ComparisonRow.objects.get(run=run, state=RowState.ADDED)
    assert (added.name, added.storey, added.old_guid) == ("外墙-24", "二层", "")
    doors = ComparisonRow.objects.filter(run=run, state=RowState.CHANGED)
    assert {row.ifc_class for row in doors} == {"IfcDoor"}
    assert [change[:4] for change in doors[0].changes] == [["TYPE", "", "木门", "防火门"]]
    assert run.counts["by"] == {"GUID": 12}


def test_without_shapes_the_geometry_is_said_not_to_be_compared(cast, school):
    run = compare.start(school[0].pk, school[1].pk, actor=cast.lin)
    assert run.counts["geometry"] == {"NOT_COMPARED": 12}


def test_another_shape_is_found_once_both_are_drawn_and_makes_the_old_result_stale(cast, project, monkeypatch):
    pair = []
    for length in (5.0, 5.5):
        house = IfcBuilder()
        ground = house.storey("一层")
        house.element("IfcWall", "甲", ground, size=(length, 0.2, 3))
        house.element("IfcWall", "乙", ground, at=(0, 4, 0), size=(5, 0.2, 3))
        pair.append(hand_in(cast.lin, project, house.bytes()))
    before = compare.start(pair[0].pk, pair[1].pk, actor=cast.lin)
    assert states(before) == {"UNCHANGED": 2} and before.counts["geometry"] == {"NOT_COMPARED": 2}
    pair = [draw(model, monkeypatch) for model in pair]
    assert not comparing.standing(comparing.versions(cast.lin, pair[0].pk, pair[1].pk)).is_current
    run = compare.start(pair[0].pk, pair[1].pk, actor=cast.lin)
    assert run.pk == before.pk and run.counts["geometry"] == {"CHANGED": 1, "SAME": 1}
    changed = ComparisonRow.objects.get(run=run, state=RowState.CHANGED)
    kind, name, was, is_now, delta, percent, unit = changed.changes[0]
    assert (changed.name, kind, name, was, is_now, unit) == ("甲", "GEOMETRY", "volume", "3", "3.3", "m3")
    assert (delta, percent) == (pytest.approx(0.3), pytest.approx(10))


def test_a_tool_that_gives_new_global_ids_changes_nothing(cast, project):
    first = hand_in(cast.lin, project, a_school().bytes())
    other = IfcBuilder(seed="another tool", project="葵湾中心小学")
    ground, above = other.storey("一层", 0.0), other.storey("二层", 3.6)
    for storey, number in ((ground, 1), (above, 2)):
        for side in range(4):
            other.element("IfcWall", f"外墙-{number}{side}", storey, tag=f"W{number}{side}", type_name="基本墙:外墙200")
    second = hand_in(cast.lin, project, other.bytes())
    run = compare.start(first.pk, second.pk, actor=cast.lin)
    assert not set(BimElement.objects.filter(model=first).values_list("guid")) & set(
        BimElement.objects.filter(model=second).values_list("guid")
    )
    assert run.counts["by"] == {"NAME": 8} and run.counts["states"]["REMOVED"] == 4


def test_the_result_stands_until_something_it_rests_on_changes(cast, school, django_assert_max_num_queries):
    run = compare.start(school[0].pk, school[1].pk, actor=cast.lin)
    with django_assert_max_num_queries(25):
        again = compare.start(school[1].pk, school[0].pk, actor=cast.lin)
    assert (again.pk, again.finished_at) == (run.pk, run.finished_at)


def test_large_models_are_compared_by_the_worker_with_the_same_result(cast, school, monkeypatch):
    monkeypatch.setattr(compare, "AT_ONCE", 0)
    run = compare.start(school[0].pk, school[1].pk, actor=cast.lin)
    assert run.finished_at is None and Job.objects.get(pk=run.job_id).state == Job.State.QUEUED
    assert compare.start(school[0].pk, school[1].pk, actor=cast.lin).job_id == run.job_id
    jobs.perform.func(run.job_id)
    run.refresh_from_db()
    assert states(run) == {"ADDED": 1, "CHANGED": 2, "UNCHANGED": 10}
    assert Job.objects.get(pk=run.job_id).state == Job.State.DONE


@pytest.fixture
def twins(cast, project) -> tuple[BimModel, BimModel]:
    """Two doors of one name in one spot, exported again under other GlobalIds."""
    made = []
    for seed in ("a", "b"):
        house = IfcBuilder(seed=seed)
        ground = house.storey("一层")
        for _n in range(2):
            house.element("IfcDoor", "门", ground)
        made.append(hand_in(cast.lin, project, house.bytes()))
    return made[0], made[1]


def guids(model: BimModel) -> list[str]:
    return sorted(BimElement.objects.filter(model=model).values_list("guid", flat=True))


def test_a_person_pairs_what_waits_and_may_take_it_back(cast, twins):
    old, new = twins
    run = compare.start(old.pk, new.pk, actor=cast.lin)
    assert states(run) == {"WAITING_OLD": 2, "WAITING_NEW": 2}
    one, other = guids(old)[0], guids(new)[1]
    run = compare.decide(old.pk, new.pk, old_guid=one, new_guid=other, actor=cast.lin)
    row = ComparisonRow.objects.get(run=run, paired_by="PERSON")
    assert (row.old_guid, row.new_guid, row.state) == (one, other, "UNCHANGED")
    assert TraceEntry.objects.filter(verb="bim.element.paired", project_id=new.project_id).count() == 1
    run = compare.undo(old.pk, new.pk, ElementPairing.objects.get().pk, actor=cast.lin)
    assert states(run) == {"WAITING_OLD": 2, "WAITING_NEW": 2}
    assert TraceEntry.objects.filter(verb="bim.element.unpaired").count() == 1


def test_a_person_may_say_that_there_is_no_counterpart(cast, twins):
    old, new = twins
    compare.start(old.pk, new.pk, actor=cast.lin)
    run = compare.decide(old.pk, new.pk, old_guid=guids(old)[0], new_guid="", actor=cast.lin)
    assert run.counts["states"]["REMOVED"] == 1 and run.counts["states"]["WAITING_OLD"] == 1


def test_what_is_certain_is_not_overruled_and_what_is_not_there_not_paired(cast, school):
    old, new = school
    compare.start(old.pk, new.pk, actor=cast.lin)
    with pytest.raises(RuleViolation) as refused:
        compare.decide(old.pk, new.pk, old_guid=guids(old)[0], new_guid=guids(new)[1], actor=cast.lin)
    assert refused.value.problems[0].code == "compare.paired"
    with pytest.raises(RuleViolation):
        compare.decide(old.pk, new.pk, old_guid="", new_guid="", actor=cast.lin)
    with pytest.raises(NotFound):
        compare.decide(old.pk, new.pk, old_guid="nobody", new_guid="", actor=cast.lin)
    assert not ElementPairing.objects.exists()


def test_who_sees_the_project_may_compare_and_only_its_clerk_may_pair(cast, twins):
    old, new = twins
    compare.start(old.pk, new.pk, actor=cast.zhao)
    with pytest.raises(NotPermitted):
        compare.decide(old.pk, new.pk, old_guid=guids(old)[0], new_guid="", actor=cast.zhao)
    with pytest.raises(NotFound):
        compare.start(old.pk, new.pk, actor=cast.sun)


def test_only_accepted_models_of_one_project_are_compared(cast, project, school):
    unread = hand_in(cast.lin, project, a_school().bytes() + b" ", read=False)
    elsewhere = hand_in(cast.lin, lives.a_project(cast, name="另一所小学", code=""), a_school().bytes())
    for one, other, code in (
        (school[0], school[0], "compare.same"),
        (school[0], unread, "compare.not_accepted"),
        (school[0], elsewhere, "compare.projects"),
    ):
        with pytest.raises(RuleViolation) as refused:
            compare.start(one.pk, other.pk, actor=cast.lin)
        assert code in [problem.code for problem in refused.value.problems]


def test_links_can_ask_what_became_of_an_element(cast, school, twins):
    pair = comparing.versions(cast.lin, school[0].pk, school[1].pk)
    assert comparing.counterparts(pair) is None
    compare.start(school[0].pk, school[1].pk, actor=cast.lin)
    became = comparing.counterparts(pair)
    assert set(became.new) == set(guids(school[0])) and set(became.new.values()) <= set(guids(school[1]))
    compare.start(twins[0].pk, twins[1].pk, actor=cast.lin)
    doubtful = comparing.counterparts(comparing.versions(cast.lin, twins[0].pk, twins[1].pk))
    assert doubtful.waiting == set(guids(twins[0])) and not doubtful.new


def test_the_command_prints_what_is_different_and_keeps_nothing(school, capsys):
    call_command("compare_models", str(school[0].pk), str(school[1].pk), "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["counts"]["states"]["ADDED"] == 1 and len(said["rows"]) == 3
    call_command("compare_models", str(school[0].pk), str(school[1].pk))
    assert "外墙-24" in capsys.readouterr().out and not ComparisonRun.objects.exists()
    with pytest.raises(CommandError):
        call_command("compare_models", str(school[0].pk), "999999")


def sampled(cast, project, name: str, stage: str, monkeypatch) -> BimModel:
    model = hand_in(cast.lin, project, sample(name).read_bytes(), name=name.split("/")[-1], stage=stage)
    assert model.status == "ACCEPTED", model.reasons
    return draw(model, monkeypatch)


def test_a_real_revision_under_new_global_ids_is_paired_by_name_and_place(cast, project, monkeypatch):
    """115 of the 120 elements of v1 have a namesake in v2, and no GlobalId is the same; names repeat."""
    old, new = (
        sampled(cast, project, f"schependomlaan/YTONG-Kavel01.v{n}.ifc", "DRAWINGS", monkeypatch) for n in (1, 2)
    )
    run = compare.start(old.pk, new.pk, actor=cast.lin)
    found = run.counts["states"]
    paired = found["CHANGED"] + found["UNCHANGED"]
    assert paired >= 114 and paired + found["WAITING_OLD"] >= 115
    assert set(run.counts["by"]) == {"NAME", "PLACE"} and "NOT_COMPARED" not in run.counts["geometry"]
    assert paired + found["WAITING_OLD"] + found["REMOVED"] == 120
    assert paired + found["WAITING_NEW"] + found["ADDED"] == 124


def test_a_model_that_was_only_classified_differs_in_its_codes_alone(cast, project, monkeypatch):
    names = ("bridge-tekla/TeklaModell.ifc", "bridge-tekla/TeklaModellv440_klassifisert.ifc")
    old, new = (sampled(cast, project, name, "DRAWINGS", monkeypatch) for name in names)
    run = compare.start(old.pk, new.pk, actor=cast.lin)
    assert states(run) == {"CHANGED": 28}
    assert run.counts["kinds"] == {"CLASSIFICATION": 28} and run.counts["geometry"] == {"SAME": 28}


def test_the_two_versions_of_the_duplex_pair_wholly(cast, project, monkeypatch):
    names = ("duplex/Duplex_A_20110505.ifc", "duplex/Duplex_A_20110907.ifc")
    old, new = (sampled(cast, project, name, "DRAWINGS", monkeypatch) for name in names)
    run = compare.start(old.pk, new.pk, actor=cast.lin)
    found = run.counts["states"]
    assert (found["ADDED"], found["REMOVED"], found["WAITING_OLD"]) == (10, 0, 0)
    assert found["CHANGED"] + found["UNCHANGED"] == 258 and run.counts["geometry"]["CHANGED"] == 3
