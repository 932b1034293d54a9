"""A model that was handed in: read in the background, kept in the tables, accepted or refused with the reasons."""

import hashlib

import pytest

from bim.ifc import process
from bim.ifc.records import Reason
from bim.models import BimElement, BimModel, BimProperty, BimQuantity, ElementClassification, SpatialNode
from bim.services import follow_ups, ingest
from bim.states import ModelStatus
from core import files, jobs
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import Job, StoredFile, TraceEntry
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.ifc_builder import IfcBuilder

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def followed(monkeypatch):
    """What comes after acceptance (shapes, checks) has tests of its own; here only that it begins."""
    begun: list[int] = []
    monkeypatch.setattr(follow_ups, "after_acceptance", lambda model, user: begun.append(model.pk))
    return begun


@pytest.fixture
def hand_in(cast):
    """Puts bytes down as a model that waits for its check."""
    project = lives.a_project(cast)

    def handed_in(content: bytes, version: int = 1) -> BimModel:
        sha = hashlib.sha256(content).hexdigest()
        path = files.path_of(sha)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        file = StoredFile.objects.create(
            sha256=sha, size=len(content), mime="application/x-step", name="模型.ifc", path=f"{sha[:2]}/{sha}"
        )
        return BimModel.objects.create(
            project=project,
            stage="DRAWINGS",
            discipline="ARCHITECTURE",
            version=version,
            file=file,
            sha256=sha,
            uploaded_by=cast.lin.user,
        )

    return handed_in


@pytest.fixture
def read(cast, django_capture_on_commit_callbacks):
    """Starts the check and lets the worker do it."""

    def done(model: BimModel) -> BimModel:
        with django_capture_on_commit_callbacks(execute=True):
            job = ingest.start(model, cast.lin.user)
        if Job.objects.get(pk=job.pk).state == Job.State.QUEUED:
            jobs.perform.call(job.pk)
        return BimModel.objects.get(pk=model.pk)

    return done


def a_house() -> IfcBuilder:
    house = IfcBuilder(schema="IFC4", unit="MILLIMETRE")
    ground = house.storey("一层", 0.0)
    house.storey("二层", 3.3)
    room = house.space(
        "101", ground, "会议室", quantities={"Qto_SpaceBaseQuantities": {"NetFloorArea": ("area", 24.5)}}
    )
    wall = house.element(
        "IfcWall",
        "墙-011",
        ground,
        tag="011",
        type_name="外墙 200",
        type_psets={"Pset_WallCommon": {"FireRating": "1.00h", "IsExternal": True}},
        psets={"Pset_WallCommon": {"FireRating": "2.00h", "LoadBearing": True}},
        quantities={"Qto_WallBaseQuantities": {"Length": ("length", 5000.0), "NetVolume": ("volume", 3.0)}},
        material=["C30", "岩棉"],
        classification=("GB/T 51269", "14-10.20.03", "外墙"),
    )
    door = house.element("IfcDoor", "门-01", ground, size=None)
    house.opening(wall, door)
    house.element("IfcFurniture", "桌", room)
    return house


def test_what_was_read_is_kept_in_the_tables_in_metres_and_in_chinese(hand_in, read):
    model = read(hand_in(a_house().bytes()))
    assert (model.status, model.reasons) == (ModelStatus.ACCEPTED, [])
    assert (model.n_elements, model.n_storeys, model.ifc_schema) == (4, 2, "IFC4")
    assert model.by_class == {"IfcDoor": 1, "IfcFurniture": 1, "IfcOpeningElement": 1, "IfcWall": 1}
    wall = BimElement.objects.get(model=model, ifc_class="IfcWall")
    assert (wall.name, wall.tag, wall.type_name, wall.material) == ("墙-011", "011", "外墙 200", "C30; 岩棉")
    assert wall.has_shape and wall.spatial == wall.storey and wall.storey.name == "一层"
    length = BimQuantity.objects.get(element=wall, name="Length")
    assert (length.set_name, length.value, length.unit) == ("Qto_WallBaseQuantities", 5.0, "m")
    own = dict(BimProperty.objects.filter(element=wall).values_list("name", "value"))
    assert own == {"FireRating": "2.00h", "IsExternal": "true", "LoadBearing": "true"}
    said = ElementClassification.objects.get(element=wall)
    assert (said.system, said.code, said.title) == ("GB/T 51269", "14-10.20.03", "外墙")
    door = BimElement.objects.get(model=model, ifc_class="IfcDoor")
    assert (door.host, door.has_shape) == (wall.guid, False)
    desk = BimElement.objects.get(model=model, ifc_class="IfcFurniture")
    assert (desk.spatial.ifc_class, desk.spatial.name, desk.storey.name) == ("IfcSpace", "101", "一层")


def test_the_spatial_tree_is_kept_in_order_with_elevations_in_metres(hand_in, read):
    model = read(hand_in(a_house().bytes()))
    nodes = SpatialNode.objects.filter(model=model).order_by("position")
    assert [node.ifc_class for node in nodes] == [
        "IfcProject",
        "IfcSite",
        "IfcBuilding",
        "IfcBuildingStorey",
        "IfcSpace",
        "IfcBuildingStorey",
    ]
    assert [node.elevation for node in nodes if node.ifc_class == "IfcBuildingStorey"] == [0.0, pytest.approx(3.3)]
    room = nodes.get(ifc_class="IfcSpace")
    assert (room.long_name, room.parent.name) == ("会议室", "一层")
    assert room.quantities == [["Qto_SpaceBaseQuantities", "NetFloorArea", 24.5, "m2"]]


def test_a_refused_file_leaves_its_reason_and_the_queue_goes_on(hand_in, read, followed):
    whole = a_house().bytes()
    broken = read(hand_in(whole[: len(whole) // 2]))
    assert (broken.status, [reason["code"] for reason in broken.reasons]) == (ModelStatus.REJECTED, ["file.truncated"])
    assert Job.objects.get(pk=broken.job_id).state == Job.State.DONE
    assert not BimElement.objects.filter(model=broken).exists()
    following = read(hand_in(whole, version=2))
    assert following.status == ModelStatus.ACCEPTED
    assert followed == [following.pk]


def test_acceptance_and_refusal_leave_a_trace_in_the_project(hand_in, read):
    accepted = read(hand_in(a_house().bytes()))
    read(hand_in(b"nothing of the kind", version=2))
    verbs = TraceEntry.objects.filter(project_id=accepted.project_id, target_type="bim.bimmodel")
    assert set(verbs.values_list("verb", flat=True)) == {"bim.model.accepted", "bim.model.rejected"}


def test_reading_once_more_leaves_the_same_rows(hand_in, read):
    model = read(hand_in(a_house().bytes()))
    first = counts(model)
    assert read(model).status == ModelStatus.ACCEPTED
    assert counts(model) == first


def test_a_cancelled_check_kills_the_reader_and_leaves_no_rows(cast, hand_in, read, monkeypatch):
    model = hand_in(a_house().bytes())

    def cancelled_meanwhile(command, *, limits, on_progress, **others):
        ingest.cancel(model.pk, actor=cast.lin)
        on_progress(1, 100, "reading")
        raise AssertionError("the work went on")

    monkeypatch.setattr(process, "run", cancelled_meanwhile)
    read_again = read(model)
    assert read_again.status == ModelStatus.CANCELLED
    assert Job.objects.get(pk=model.job_id or read_again.job_id).state == Job.State.CANCELLED
    assert counts(model) == (0, 0, 0, 0, 0)


def test_only_the_clerk_of_the_own_unit_may_cancel(cast, hand_in):
    model = hand_in(a_house().bytes())
    ingest.start(model, cast.lin.user)
    with pytest.raises(NotPermitted):
        ingest.cancel(model.pk, actor=cast.lei)
    with pytest.raises(NotFound):
        ingest.cancel(model.pk, actor=cast.sun)
    ingest.cancel(model.pk, actor=cast.lin)
    with pytest.raises(RuleViolation):
        ingest.cancel(model.pk, actor=cast.lin)


def test_a_reader_over_its_limits_refuses_the_file_and_nothing_else(hand_in, read, monkeypatch):
    why = Reason("limit.time", {"seconds": 1})
    monkeypatch.setattr(process, "run", lambda *args, **kwargs: process.Result(reasons=[why]))
    model = read(hand_in(a_house().bytes()))
    assert (model.status, model.reasons) == (ModelStatus.REJECTED, [{"code": "limit.time", "facts": {"seconds": 1}}])


def counts(model: BimModel) -> tuple[int, ...]:
    mine = {"element__model": model}
    return (
        SpatialNode.objects.filter(model=model).count(),
        BimElement.objects.filter(model=model).count(),
        BimProperty.objects.filter(**mine).count(),
        BimQuantity.objects.filter(**mine).count(),
        ElementClassification.objects.filter(**mine).count(),
    )
