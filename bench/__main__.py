"""python -m bench [--sqlite-only]: measures on SQLite and PostgreSQL, prints the table, writes docs/BENCHMARKS.md."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.support.postgres import started_url

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "BENCHMARKS.md"
HEAD = """# Benchmarks

Made by `make bench`; run it again after changing what is measured. Times depend on the machine, **ratios** hardly do:
each is measured against a floor in the same run, the best of several rounds. Below 1 is faster than the floor.

"""
READING = """
- *Due date*: the calendar is built once; a date is two look-ups in the prefix counts.
- *Decision*: both without the final commit, which costs the same for both. The difference is what the guards read, the
  hash chain, the frozen facts of the document, and Python.
- *Reduction report*: "from the summary" is the page's own way; "every row" is the way for who may count only a part.
- *Shapes*: processor time of opening a model and making its GLB, against opening it and running ifcopenshell's default
  geometry iterator without keeping anything. Prisms, flat faces, clips and openings are drawn without the kernel; what
  is left to it decides the ratio.
- *Reading*: the reading process of a model (`bim.ifc.worker extract`: everything but shapes, written out as rows) in a
  process of its own, against a process that only opens the same file. Starting Python and importing ifcopenshell is much
  of a small model's time and memory, so larger ones are also given without it on both sides. The reader takes the facts
  from the text without parsing shapes: much is gained for models that are mostly shape, less for those that are mostly
  properties, which all are read.
- *Inbox* and *search*: how a page's time grows when everything is a thousand, or a hundred, times as much.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--no-document", action="store_true", help="print only, leave docs/BENCHMARKS.md as it is")
    options = parser.parse_args()
    start = perf_counter()
    results: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory(prefix="giplt-bench-") as folder:
        results["SQLite"] = measured(f"sqlite:///{folder}/bench.sqlite3", folder, "SQLite")
        if not options.sqlite_only:
            results["PostgreSQL"] = measured(started_url(), folder, "PostgreSQL")
    print(f"\n{perf_counter() - start:.0f} s")
    if not options.no_document:
        DOCUMENT.write_text(document(results), encoding="utf-8")
        print(f"written: {DOCUMENT.relative_to(ROOT)}")


def measured(url: str, folder: str, engine: str) -> list[dict[str, Any]]:
    """Runs bench.run in a process of its own and prints each line as it comes."""
    print(f"\n{engine}", flush=True)
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": folder,
        "SECRET_KEY": "only-for-the-benchmark",
        "DJANGO_SETTINGS_MODULE": "project_tracker.settings",
        "PYTHONPATH": str(ROOT),
    }
    found = []
    with subprocess.Popen(
        [sys.executable, "-m", "bench.run"], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        for text in process.stdout or ():
            line = json.loads(text)
            found.append(line)
            print(f"  {ratio(line):>8} ×  {line['name']}: {line['what']} / {line['against']}", flush=True)
    if process.returncode:
        raise SystemExit(process.returncode)
    return found


def ratio(line: dict[str, Any]) -> str:
    return f"{line['ratio']:.3f}" if line["ratio"] < 1 else f"{line['ratio']:.2f}"


def document(results: dict[str, list[dict[str, Any]]]) -> str:
    parts = [HEAD, f"{machine()}\n"]
    for engine, lines in results.items():
        parts.append(f"\n## {engine}\n\n| measured | against | ms or MB | floor | ratio |\n|---|---|--:|--:|--:|\n")
        parts += [
            f"| {line['name']}: {line['what']} | {line['against']} | {amount(line, 'seconds')} | {amount(line, 'floor')} "
            f"| **{ratio(line)}** |\n"
            for line in lines
        ]
    return "".join([*parts, READING])


def amount(line: dict[str, Any], key: str) -> str:
    return f"{line[key]:.0f} MB" if line["unit"] == "MB" else ms(line[key])


def ms(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def machine() -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"Machine: {os.cpu_count()} × {model}, {platform.system()}, CPython {platform.python_version()}."


main()
