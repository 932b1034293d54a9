"""Building models handed in by the service and read at once, so that no status is ever forged by hand.

The reader runs in this process: the same words, without the second a process takes to start.
"""

import io
import json
from contextlib import redirect_stdout
from typing import Any
from unittest.mock import patch

from accounts.actor import Actor
from bim.ifc import process, worker
from bim.ifc.records import Reason
from bim.models import BimModel, CheckRun
from bim.services import upload
from core import jobs
from core.models import Job
from projects.models import Project
from tests.support.ifc_builder import IfcBuilder


def a_school(version: int = 1) -> IfcBuilder:
    """Two storeys with four walls, a slab and a door each. From version 2 on: one more wall and other doors."""
    made = IfcBuilder(
        project="葵湾中心小学",
        site=f"场地{version}",
        building="教学楼",
        georeference=("EPSG:4547", 500000.0, 2500000.0, 12.0),
    )
    for number, (name, height) in enumerate((("一层", 0.0), ("二层", 3.6)), 1):
        storey = made.storey(name, height)
        made.space(
            f"{number}01", storey, "教室", quantities={"Qto_SpaceBaseQuantities": {"NetFloorArea": ("area", 63.5)}}
        )
        for side in range(4 + (version > 1 and number == 2)):
            made.element(
                "IfcWall", f"外墙-{number}{side}", storey, at=(side * 6.0, 0.0, height), size=(6.0, 0.2, 3.6),
                type_name="基本墙:外墙200", material=["C30混凝土", "岩棉"] if side % 2 else "C30混凝土",
                classification=("GB/T 51269", f"14-10.20.0{side}", "外墙"), tag=f"W{number}{side}",
                psets={"Pset_WallCommon": {"IsExternal": True, "FireRating": "2.0h" if side else "3.0h"}},
                quantities={"Qto_WallBaseQuantities": {"NetVolume": ("volume", 4.0 + side), "Length": ("length", 6.0)}},
            )  # fmt: skip
        made.element(
            "IfcSlab", f"楼板-{number}", storey, size=(24.0, 12.0, 0.12), material="C25混凝土", type_name="楼板120"
        )
        made.element(
            "IfcDoor", f"门-{number}", storey, size=(1.0, 0.1, 2.1), type_name="防火门" if version > 1 else "木门",
            classification=("GB/T 51269", "14-30.10.10", "门"),
        )  # fmt: skip
    return made


def an_equipped_school() -> IfcBuilder:
    """The same as built: two lifts with cards of their own, six lights of one type, two pumps that are one asset."""
    made = a_school()
    hall = made.storey("屋面层", 7.2)
    for number in (1, 2):
        card = {
            "Pset_Asset": {"AssetTag": f"DT-00{number}", "SerialNumber": f"SN{number}", "WarrantyEndDate": "2028-11-30"}
        }
        made.element("IfcTransportElement", f"电梯{number}", hall, type_name="乘客电梯1000kg", psets=card)
        made.element("IfcPump", f"水泵{number}", hall, psets={"Pset_Asset": {"AssetTag": "SB-001"}})
    for number in range(6):
        made.element("IfcLightFixture", f"灯{number}", hall, type_name="LED面板灯36W")
    return made


def hand_in(
    actor: Actor,
    project: Project,
    content: bytes | None = None,
    *,
    name: str = "模型.ifc",
    stage: str = "PRELIMINARY",
    discipline: str = "ARCHITECTURE",
    remark: str = "",
    read: bool = True,
) -> BimModel:
    """A new version, read by the worker unless told otherwise."""
    said = {"stage": stage, "discipline": discipline, "remark": remark}
    content = a_school().bytes() if content is None else content
    model = upload.hand_in(project.pk, io.BytesIO(content), name=name, actor=actor, said=said)
    if read:
        work_off(model)
    return BimModel.objects.get(pk=model.pk)


def work_off(model: BimModel) -> None:
    """What the background worker does with the check of this model."""
    if Job.objects.filter(pk=model.job_id, state=Job.State.QUEUED).exists():
        with patch.object(process, "run", read_here):
            jobs.perform.call(model.job_id)


def read_here(command: list[str], **_limits: Any) -> process.Result:
    """`process.run` without a process: the worker's own words, read back."""
    said = io.StringIO()
    with redirect_stdout(said):
        status = worker.main(command[command.index("bim.ifc.worker") + 1 :])
    documents = [json.loads(line) for line in said.getvalue().splitlines()]
    result = process.Result(exit_status=status)
    for document in documents:
        result.summary = document.get("summary", result.summary)
        result.reasons += [Reason(**reason) for reason in document.get("reasons", ())]
    return result


def a_sound_school(project_code: str = "", *, seed: str = "") -> IfcBuilder:
    """One storey, one room, a wall, a column, a slab and a door that meet the whole minimum set of DOMAIN §10."""
    made = IfcBuilder(project=project_code or "示例项目", building="教学楼", seed=seed,
                      georeference=("EPSG:4547", 500000.0, 2500000.0, 12.0))  # fmt: skip
    ground = made.storey("一层", 0.0)
    made.space("101", ground, "教室", quantities={"Qto_SpaceBaseQuantities": {"NetFloorArea": ("area", 63.5)}})
    for ifc_class, name, psets in (
        ("IfcWall", "外墙-1", {"Pset_WallCommon": {"LoadBearing": True, "IsExternal": True, "FireRating": "3.0h"}}),
        ("IfcColumn", "柱-1", {"Pset_ColumnCommon": {"LoadBearing": True}}),
        ("IfcSlab", "楼板-1", {"Pset_SlabCommon": {"LoadBearing": True}}),
        ("IfcDoor", "门-1", {"Pset_DoorCommon": {"FireRating": "无"}}),
    ):
        made.element(ifc_class, name, ground, type_name=f"{name}型", material="C30混凝土",
                     classification=("GB/T 51269", "14-10", name), psets=psets)  # fmt: skip
    return made


def check(model: BimModel) -> None:
    """What the background worker does with the checks that began when the model was accepted."""
    waiting = CheckRun.objects.filter(model=model, finished_at__isnull=True)
    with patch.object(process, "run", read_here):
        for job in Job.objects.filter(pk__in=waiting.values("job"), state=Job.State.QUEUED):
            jobs.perform.func(job.pk)
