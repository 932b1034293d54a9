"""The picture of an accepted model is made in the background, kept as a file, and never half of one."""

import json
from pathlib import Path

import pytest

from bim import reasons
from bim.ifc import process
from bim.ifc.records import Reason
from bim.models import BimElement, BimModel
from bim.services import geometry
from bim.states import GeometryStatus
from core import files, jobs
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import Job
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.handed_in import hand_in
from tests.support.ifc_builder import IfcBuilder

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def model(cast) -> BimModel:
    """Accepted, its shapes still waiting for the worker."""
    house = IfcBuilder(unit="MILLIMETRE")
    ground = house.storey("一层")
    for number in range(3):
        house.element("IfcWall", f"墙{number}", ground, at=(0, number, 0), size=(5, 0.2, 3))
    house.element("IfcElementAssembly", "组合", ground, at=(7, 8, 9), size=None)
    return hand_in(cast.lin, lives.a_project(cast), house.bytes())


def work_off(model: BimModel) -> BimModel:
    jobs.perform.func(model.geometry_job_id)
    return BimModel.objects.get(pk=model.pk)


def test_acceptance_queues_the_conversion_and_the_worker_keeps_one_glb(model):
    assert model.status == "ACCEPTED" and model.geometry_status == GeometryStatus.NONE
    assert Job.objects.get(pk=model.geometry_job_id).state == Job.State.QUEUED
    model = work_off(model)
    assert model.geometry_status == GeometryStatus.READY
    assert model.geometry_missing == [] and model.geometry_reasons == []
    assert model.geometry.mime == "model/gltf-binary" and files.is_intact(model.geometry)
    with files.open_stored(model.geometry) as stream:
        assert stream.read(4) == b"glTF"
    job = Job.objects.get(pk=model.geometry_job_id)
    assert job.state == Job.State.DONE and job.result["shown"] == job.result["products"] == 3


def test_every_element_gets_the_place_where_it_stands_in_metres(model):
    work_off(model)
    places = {one.name: (one.x, one.y, one.z) for one in BimElement.objects.filter(model=model)}
    assert places == {
        "墙0": pytest.approx((0, 0, 0)),
        "墙1": pytest.approx((0, 1, 0)),
        "墙2": pytest.approx((0, 2, 0)),
        "组合": pytest.approx((7, 8, 9)),
    }


def test_a_failure_keeps_its_reason_and_the_model_stays_accepted(model, monkeypatch):
    too_much = process.Result(reasons=[Reason("limit.memory", {"mb": 4096})])
    monkeypatch.setattr(geometry.process, "run", lambda *_args, **_named: too_much)
    model = work_off(model)
    assert (model.status, model.geometry_status, model.geometry) == ("ACCEPTED", GeometryStatus.FAILED, None)
    assert model.geometry_reasons == [{"code": "limit.memory", "facts": {"mb": 4096}}]
    assert Job.objects.get(pk=model.geometry_job_id).message == reasons.said(too_much.reasons[0])


def test_what_could_not_be_drawn_is_kept_by_name_and_reason(model, monkeypatch):
    lost = {"guid": "g", "ifc_class": "IfcWall", "name": "墙0", "reason": "TIMEOUT"}

    def drawn(command, **_named):
        out, facts = (Path(command[command.index(option) + 1]) for option in ("--out", "--facts"))
        out.write_bytes(b"glTF" + b"\0" * 8)
        facts.write_text(json.dumps({"missing": [lost], "places": {}}), encoding="utf-8")
        return process.Result(summary={"products": 3, "shown": 2, "missing": 1})

    monkeypatch.setattr(geometry.process, "run", drawn)
    model = work_off(model)
    assert model.geometry_missing == [lost]
    assert Job.objects.get(pk=model.geometry_job_id).message.count("3") == 1


def test_a_conversion_begun_again_replaces_what_there_was(cast, model):
    first = work_off(model)
    geometry.start_again(model.pk, actor=cast.lin)
    again = work_off(BimModel.objects.get(pk=model.pk))
    assert again.geometry_status == GeometryStatus.READY
    assert again.geometry_job_id != first.geometry_job_id
    assert again.geometry.sha256 == first.geometry.sha256, "the same model gives the same bytes"


def test_it_is_not_begun_again_while_it_is_under_way(cast, model):
    with pytest.raises(RuleViolation):
        geometry.start_again(model.pk, actor=cast.lin)


def test_a_cancelled_conversion_leaves_nothing_and_may_be_begun_again(cast, model, monkeypatch):
    honest = process.run

    def cancelled_meanwhile(*args, **named):
        geometry.cancel(model.pk, actor=cast.lin)
        return honest(*args, **named)

    monkeypatch.setattr(geometry.process, "run", cancelled_meanwhile)
    stopped = work_off(model)
    assert Job.objects.get(pk=model.geometry_job_id).state == Job.State.CANCELLED
    assert (stopped.geometry_status, stopped.geometry) == (GeometryStatus.NONE, None)
    monkeypatch.undo()
    geometry.start_again(model.pk, actor=cast.lin)
    assert work_off(BimModel.objects.get(pk=model.pk)).geometry_status == GeometryStatus.READY


def test_a_late_worker_does_not_overwrite_the_one_that_took_over(model, monkeypatch):
    honest = process.run

    def taken_over(*args, **named):
        result = honest(*args, **named | {"on_progress": None})
        Job.objects.filter(pk=model.geometry_job_id).update(attempts=2)
        return result

    monkeypatch.setattr(geometry.process, "run", taken_over)
    late = work_off(model)
    assert (late.geometry_status, late.geometry) == (GeometryStatus.RUNNING, None)


def test_only_the_projects_own_clerk_may_stop_or_repeat_it(cast, model):
    for act in (geometry.cancel, geometry.start_again):
        with pytest.raises((NotPermitted, NotFound)):
            act(model.pk, actor=cast.zhao)
