"""Checks a model against information requirements (IDS)."""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from bim.ifc import ids_run, intake
from bim.ifc.saying import progress


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path)
    parser.add_argument("--ids", type=Path, action="append", required=True, help="may be given several times")
    parser.add_argument("--out", type=Path, required=True)


def run(options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="giplt-ifc-", dir=options.out.parent) as folder:
        progress(0, 100, "opening")
        prepared = intake.prepare(options.path, Path(folder))
        return ids_run.check(prepared.path, options.ids, options.out, _examined)


def _examined(done: int, total: int) -> None:
    progress(20 + 80 * done // total, 100, "examining")
