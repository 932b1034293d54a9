"""Reading a building model: processor time and peak memory of the reading process against a bare `ifcopenshell.open`.

Every figure is that of a fresh process, as the kernel counts it. Once as a whole, importing included on both sides, and
once without what importing alone takes, `ifcopenshell` there, our reader here. Keeping what was read in the tables is measured apart, against the
same rows given to the database's driver.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from bench.ifc_files import repeated, templates
from bench.measure import Line, best
from bim.ifc import rows_file
from bim.models import BimModel, BimProperty
from bim.services import keeping
from core.models import StoredFile
from tests.support import lives
from tests.support.cast import Cast

TIMES = (1, 10, 40)  # the model so many times in one file
KEPT = 10  # and so many times for the tables
ROUNDS = 3
LAUNCHER = Path(__file__).with_name("fresh.py")
OPEN = "import sys, ifcopenshell; ifcopenshell.open(sys.argv[1])"


class Used(NamedTuple):
    """Seconds of processor time, MB of memory at the peak."""

    seconds: float
    mb: float


def run(cast: Cast) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.jsonl"
        if connection.vendor == "sqlite":
            for name, text in templates():
                for times in TIMES:
                    path = repeated(text, times, Path(folder) / "model.ifc")
                    yield from reading(f"{name} × {times}, {path.stat().st_size / 1e6:.0f} MB", path, rows)
        path = repeated(templates()[0][1], KEPT, Path(folder) / "model.ifc")
        fresh("-m", "bim.ifc.worker", "extract", str(path), "--out", str(rows))
        yield keeping_rows(cast, rows)


def reading(name: str, path: Path, rows: Path) -> Iterator[Line]:
    importing = least(lambda: fresh("-c", "import ifcopenshell"))
    beginning = least(lambda: fresh("-c", "import bim.ifc.worker, bim.ifc.commands.extract"))
    bare = least(lambda: fresh("-c", OPEN, str(path)))
    ours = least(lambda: fresh("-m", "bim.ifc.worker", "extract", str(path), "--out", str(rows)))
    yield Line("reading", f"all facts of {name}: processor time", "ifcopenshell.open", ours.seconds, bare.seconds)
    yield Line("reading", f"{name}: peak memory", "ifcopenshell.open", ours.mb, bare.mb, unit="MB")
    if bare.seconds < 1.5 * importing.seconds:
        return  # what is left of a small model without the imports is less than the clock's noise
    yield Line(
        "reading",
        f"{name}: processor time without imports",
        "the same",
        ours.seconds - beginning.seconds,
        bare.seconds - importing.seconds,
    )
    yield Line(
        "reading",
        f"{name}: peak memory without imports",
        "the same",
        ours.mb - beginning.mb,
        bare.mb - importing.mb,
        unit="MB",
    )


def least(measured: Callable[[], Used]) -> Used:
    rounds = [measured() for _round in range(ROUNDS)]
    return Used(min(one.seconds for one in rounds), min(one.mb for one in rounds))


def fresh(*arguments: str) -> Used:
    """What a Python process of its own used."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    said = subprocess.run(
        [sys.executable, "-S", str(LAUNCHER), *arguments], env=environment, check=True, capture_output=True
    )
    used = json.loads(said.stdout)
    if used["status"]:
        raise RuntimeError(f"{arguments[:3]} ended with {used['status']}: {said.stderr.decode()[-500:]}")
    return Used(used["seconds"], used["mb"])


def keeping_rows(cast: Cast, path: Path) -> Line:
    """All rows of a model into the tables, against as many properties by the bare driver."""
    model = a_model(cast)
    rows = list(rows_file.read(path))[1:]
    keeper = keeping.Keeper(model.pk)

    def kept() -> None:
        keeper.clear()
        for batch in keeping.batches(rows):
            with transaction.atomic():
                keeper.add(batch)

    seconds = best(kept, rounds=1)
    properties = list(
        BimProperty.objects.filter(element__model=model).values_list(
            "element_id", "set_name", "name", "value", "head", "number", "unit"
        )
    )
    n_rows = len(rows) + sum(len(row.properties) + len(row.quantities) for row in rows if hasattr(row, "properties"))
    marks = ",".join(["%s"] * 7)
    statement = f"INSERT INTO {BimProperty._meta.db_table} (element_id, set_name, name, value, head, number, unit) VALUES ({marks})"

    def bare() -> None:
        BimProperty.objects.filter(element__model=model)._raw_delete("default")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, properties)

    floor = best(bare, rounds=1) * n_rows / max(1, len(properties))
    what = f"keeping {n_rows:,} rows in the tables, {n_rows / seconds:,.0f} a second"
    return Line("reading", what, f"as many by the bare driver, {n_rows / floor:,.0f} a second", seconds, floor)


def a_model(cast: Cast) -> BimModel:
    file = StoredFile.objects.create(sha256="0" * 64, size=1, mime="application/x-step", name="model.ifc", path="0")
    return BimModel.objects.create(
        project=lives.a_project(cast, name="模型", code="2611-440399-04-01-000077"),
        stage="DRAWINGS",
        discipline="COMBINED",
        version=1,
        file=file,
        sha256=file.sha256,
        uploaded_by=cast.lin.user,
    )
