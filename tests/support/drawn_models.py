"""Accepted models of boxes with their picture, made in moments: for what shows models, not for what reads them."""

import hashlib
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bim.ifc.glb import Glb, Surface
from bim.models import BimElement, BimModel, BimProperty, BimQuantity, ElementClassification, SpatialNode
from bim.states import GeometryStatus, ModelStatus
from core import clock, files
from core.models import StoredFile
from projects.models import Project
from tests.support.cast import Cast

GREY, GLASS = (0.7, 0.7, 0.7, 1.0), (0.5, 0.7, 0.9, 0.4)
SIDES = ((0, 2, 1), (1, 2, 3), (4, 5, 6), (5, 7, 6), (0, 1, 4), (1, 5, 4), (2, 6, 3), (3, 6, 7), (0, 4, 2), (2, 4, 6), (1, 3, 5), (3, 7, 5))  # fmt: skip
FAR = (500_000.0, 2_500_000.0, 10.0)  # metres, where a map's grid would put it


def guid(number: int) -> str:
    """22 characters of IFC's alphabet, the awkward ones among them."""
    return f"0$_{number:019d}"


def box(length: float, width: float, height: float, colour: tuple[float, float, float, float] = GREY) -> Surface:
    corners = np.array([(x, y, z) for z in (0.0, height) for y in (0.0, width) for x in (0.0, length)])
    return Surface(
        corners,
        np.array(SIDES, dtype=np.int32),
        np.zeros(len(SIDES), dtype=np.int32),
        (colour,),
        np.zeros((0, 2), dtype=np.int32),
    )


def at(x: float, y: float, z: float) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = np.array((x, y, z)) + FAR
    return matrix


def stored(content: bytes, name: str, mime: str, cast: Cast) -> StoredFile:
    sha = hashlib.sha256(content).hexdigest()
    target = files.path_of(sha)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return StoredFile.objects.create(
        sha256=sha, size=len(content), mime=mime, name=name, path=f"{sha[:2]}/{sha}", uploaded_by=cast.lin.user
    )


def an_accepted_model(cast: Cast, project: Project, **values: object) -> BimModel:
    """Without elements and picture."""
    marks = io.BytesIO(f"ISO-10303-21; {project.pk} {values}".encode()).read()
    file = stored(marks, "model.ifc", "application/x-step", cast)
    facts = {"stage": "DRAWINGS", "discipline": "ARCHITECTURE", "version": 1, "ifc_schema": "IFC4", **values}
    return BimModel.objects.create(
        project=project,
        file=file,
        sha256=file.sha256,
        uploaded_by=cast.lin.user,
        status=ModelStatus.ACCEPTED,
        checked_at=clock.now(),
        **facts,
    )


def a_drawn_model(cast: Cast, project: Project, count: int = 4, **values: object) -> BimModel:
    """`count` elements on two storeys in a grid: walls, every fourth a window of glass. The last one has no shape.

    Element n is called 墙-n or 窗-n, has property Pset.Nummer n and quantity NetVolume 1.25.
    """
    drawn = {"n_elements": count, "n_storeys": 2, "geometry_status": GeometryStatus.READY}
    model = an_accepted_model(cast, project, **drawn, **values)
    root = SpatialNode.objects.create(
        model=model, position=0, guid=guid(900001), ifc_class="IfcProject", name="样板工程"
    )
    storeys = [
        SpatialNode.objects.create(
            model=model,
            parent=root,
            position=n + 1,
            guid=guid(900002 + n),
            ifc_class="IfcBuildingStorey",
            name=f"{n + 1} 层",
            elevation=3.0 * n,
        )
        for n in range(2)
    ]
    rows = BimElement.objects.bulk_create(
        [_element(model, number, storeys[number % 2]) for number in range(count)], batch_size=2000
    )
    BimProperty.objects.bulk_create(
        [
            BimProperty(element=row, set_name="Pset", name="Nummer", value=str(n), head=str(n))
            for n, row in enumerate(rows[:50])
        ]
    )
    BimQuantity.objects.bulk_create(
        [BimQuantity(element=row, set_name="Qto_Wall", name="NetVolume", value=1.25, unit="m3") for row in rows[:50]]
    )
    ElementClassification.objects.create(element=rows[0], system="GB/T 51269", code="14-10.20", title="墙体")
    model.by_class = {"IfcWall": count - count // 4, "IfcWindow": count // 4}
    model.geometry = stored(picture(count - 1), "model.glb", "model/gltf-binary", cast)
    model.geometry_missing = [
        {"guid": rows[-1].guid, "ifc_class": rows[-1].ifc_class, "name": rows[-1].name, "reason": "EMPTY"}
    ]
    model.save()
    return model


def _element(model: BimModel, number: int, storey: SpatialNode) -> BimElement:
    is_window = number % 4 == 3
    return BimElement(
        model=model, guid=guid(number), ifc_class="IfcWindow" if is_window else "IfcWall", has_shape=True,
        name=f"{'窗' if is_window else '墙'}-{number:03d}", type_name="C1" if is_window else "外墙 240", spatial=storey,
        storey=storey, material="混凝土 C30",
    )  # fmt: skip


def picture(count: int) -> bytes:
    """Two shared shapes, and every tenth element one of its own, in rows of 100; the odd ones a storey higher."""
    glb = Glb()
    shared = {True: glb.shape(box(0.8, 0.1, 1.2, GLASS)), False: glb.shape(box(0.8, 0.2, 2.5))}
    for number in range(count):
        shape = glb.shape(box(0.5 + number / 100_000, 0.3, 2.0)) if number % 10 == 5 else shared[number % 4 == 3]
        glb.node(guid(number), shape, at(number % 100, number // 100, 3.0 * (number % 2)))
    with TemporaryDirectory() as folder:
        target = Path(folder) / "model.glb"
        glb.write(target, {"unit": "m"})
        return target.read_bytes()
