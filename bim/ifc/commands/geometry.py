"""Makes the GLB of all shapes."""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from bim.ifc import geometry, intake
from bim.ifc.saying import progress


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--facts", type=Path, required=True, help="JSON: what is missing and why, where products stand")
    parser.add_argument("--seconds", type=float, default=geometry.SECONDS, help="what is not drawn by then is listed")


def run(options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="giplt-ifc-", dir=options.out.parent) as folder:
        progress(0, 100, "checking")
        prepared = intake.prepare(options.path, Path(folder))
        return geometry.write(prepared.path, options.out, options.facts, seconds=options.seconds, progress=progress)
