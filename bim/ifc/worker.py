"""What runs in the process of its own: `python -m bim.ifc.worker extract PATH --out FILE`.

Says on stdout, one JSON document a line: {"progress": [done, total, phase]} while it works, at the end {"summary": {…}},
or {"reasons": [{"code", "facts"}]} with exit status 3 for a file that is refused.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bim.ifc import geometry, intake, opening, rows_file
from bim.ifc.extract import extract
from bim.ifc.records import Reason
from bim.ifc.refusal import Refused

REFUSED = 3
PHASES = ("checking", "opening", "reading")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bim.ifc.worker", description=__doc__)
    commands = parser.add_subparsers(required=True)
    reading = commands.add_parser("extract", help="read everything but shapes")
    reading.add_argument("path", type=Path)
    reading.add_argument("--out", type=Path, required=True)
    reading.set_defaults(work=lambda options: run_extract(options.path, options.out))
    drawing = commands.add_parser("geometry", help="make the GLB of all shapes")
    drawing.add_argument("path", type=Path)
    drawing.add_argument("--out", type=Path, required=True)
    drawing.add_argument(
        "--facts", type=Path, required=True, help="JSON: what is missing and why, where products stand"
    )
    drawing.add_argument("--seconds", type=float, default=geometry.SECONDS, help="what is not drawn by then is listed")
    drawing.set_defaults(work=lambda options: run_geometry(options.path, options.out, options.facts, options.seconds))
    options = parser.parse_args(arguments)
    return guarded(lambda: options.work(options))


def guarded(work: Callable[[], dict[str, Any]]) -> int:
    """Runs the work and says how it ended; every failure becomes a reason."""
    try:
        say({"summary": work()})
    except Refused as refusal:
        return _refuse(*refusal.reasons)
    except MemoryError:
        return _refuse(Reason("limit.memory"))
    except Exception as error:  # whatever a damaged file makes the reader do, it ends in a reason
        return _refuse(Reason("reader.failed", {"detail": f"{type(error).__name__}: {error}"[:300]}))
    return 0


def run_extract(path: Path, out: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="giplt-ifc-", dir=out.parent) as folder:
        progress(0, 100, "checking")
        prepared = intake.prepare(path, Path(folder))
        progress(10, 100, "opening")
        model, complaints = opening.opened(prepared.path)
        progress(50, 100, "reading")
        rows = extract(
            model, prepared, complaints, lambda done, total: progress(50 + 50 * done // total, 100, "reading")
        )
        return asdict(rows_file.write(rows, out))


def run_geometry(path: Path, out: Path, facts: Path, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="giplt-ifc-", dir=out.parent) as folder:
        progress(0, 100, "checking")
        prepared = intake.prepare(path, Path(folder))
        return geometry.write(prepared.path, out, facts, seconds=seconds, progress=progress)


def progress(done: int, total: int, phase: str) -> None:
    say({"progress": [done, total, phase]})


def say(document: dict[str, Any]) -> None:
    print(json.dumps(document), flush=True)


def _refuse(*reasons: Reason) -> int:
    say({"reasons": [asdict(reason) for reason in reasons]})
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
