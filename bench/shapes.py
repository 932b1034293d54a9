"""The GLB of a building model, against the kernel's own iterator with its default settings, which only iterates.

Both open the file first. Processor time, that of child processes included: a shared machine shifts nothing. Real files are
measured too where the folder of samples is there.
"""

import resource
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import ifcopenshell
import ifcopenshell.geom

from bench.measure import Line
from bim.ifc import geometry
from tests.support.ifc_builder import IfcBuilder
from tests.support.ifc_samples import FOLDER

SIZES = (100, 400, 1600)  # products
REAL = ("duplex/Duplex_A_20110907.ifc", "fzk-haus/AC20-FZK-Haus.ifc", "samplehouse/SampleHouse4.ifc",
        "pcert/Infra-Bridge.IFC4X3.ifc", "revit/LargeBuilding.ifc", "duplex/Duplex_Electrical.ifc")  # fmt: skip
ROUNDS = 3


def run() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = a_tower(size).write(Path(folder) / f"{size}.ifc")
            yield line(path, f"{size} products", Path(folder))
        for name in REAL:
            if (FOLDER / name).is_file():
                yield line(FOLDER / name, Path(name).stem, Path(folder))


def line(path: Path, name: str, folder: Path) -> Line:
    summary = geometry.convert(path, folder / "model.glb")
    assert summary.shown + len(summary.missing) == summary.products
    what = f"GLB of {name} ({summary.bytes / path.stat().st_size:.0%} of the file, {len(summary.missing)} not drawn)"
    return Line(
        "shapes",
        what,
        "open and default geometry iterator",
        best_cpu(lambda: geometry.convert(path, folder / "model.glb")),
        best_cpu(lambda: iterate(path)),
    )


def iterate(path: Path) -> int:
    """Everything the default iterator gives, thrown away."""
    model = ifcopenshell.open(path)  # has to outlive the iterator
    return sum(1 for _shape in ifcopenshell.geom.iterator(ifcopenshell.geom.settings(), model))


def best_cpu(work: Callable[[], object]) -> float:
    return min(_cpu(work) for _round in range(ROUNDS))


def _cpu(work: Callable[[], object]) -> float:
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def a_tower(size: int) -> IfcBuilder:
    """A building of about as many products: of ten, four walls with a hole each, two doors, three columns, a slab."""
    model = IfcBuilder(unit="MILLIMETRE")
    for floor in range(max(1, size // 50)):
        height = floor * 3.6
        storey = model.storey(f"{floor + 1}F", height)
        for bay in range(5):
            x = bay * 9.0
            for side in range(4):
                at, long = (x, side * 6.0, height), 4.0 + side + bay / 7
                wall = model.element("IfcWall", f"外墙{floor}-{bay}-{side}", storey, at=at, size=(long, 0.2, 3.3))
                hole = model.element(
                    "IfcOpeningElement", f"洞{floor}-{bay}-{side}", None, at=(x + 1, at[1], height), size=(1, 0.2, 2.1)
                )
                model.rooted("IfcRelVoidsElement", None, f"#{wall},#{hole}")
            for door in range(2):
                model.element(
                    "IfcDoor", f"门{floor}-{bay}-{door}", storey, at=(x + 1, door * 6.0, height), size=(1, 0.1, 2.1)
                )
            for column in range(3):
                model.element(
                    "IfcColumn", f"柱{floor}-{bay}-{column}", storey, at=(x, column * 8.0, height), size=(0.5, 0.5, 3.3)
                )
            model.element("IfcSlab", f"板{floor}-{bay}", storey, at=(x, 0, height), size=(9, 24, 0.12))
    return model
