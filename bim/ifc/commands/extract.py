"""Reads everything but shapes."""

import argparse
import gc
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bim.ifc import intake, reading
from bim.ifc.saying import progress


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="where the rows go (bim.ifc.rows_file)")


def run(options: argparse.Namespace) -> dict[str, Any]:
    gc.disable()  # what is read lives to the end: looking for garbage would only cost time
    with tempfile.TemporaryDirectory(prefix="giplt-ifc-", dir=options.out.parent) as folder:
        progress(0, 100, "checking")
        prepared = intake.prepare(options.path, Path(folder))
        progress(10, 100, "reading")
        return asdict(reading.write(prepared, options.out, _read))


def _read(done: int, total: int) -> None:
    progress(10 + 90 * done // total, 100, "reading")
