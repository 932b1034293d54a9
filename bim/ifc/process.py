"""Runs a reader of IFC in a process of its own, under limits of memory, processor time and wall time.

    result = process.run(process.worker("extract", path, "--out", out), limits=limits, on_progress=say)

Files may be damaged or hostile: whatever the process does (hang, crash, fill the memory), this one goes on and learns of a
reason. The process gets no secrets: its environment holds a path and a language, nothing else.
"""

import contextlib
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import IO, Any

from bim.ifc.records import Reason

ROOT = Path(__file__).resolve().parents[2]
MB = 1024 * 1024
HEARTBEAT = 0.5  # seconds between two looks at the clock, and two words to whoever watches
LONGEST_LINE = 4 * MB
LAST_WORDS = 4000  # characters of what the process said on stderr
OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "Cannot allocate memory")

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Limits:
    """What one process may use. Memory is address space: the libraries alone take 300 MB of it."""

    memory_mb: int = 4096
    cpu_seconds: int = 600
    wall_seconds: int = 900
    output_mb: int = 4096


@dataclass
class Result:
    """How it ended. `reasons` empty: well, and `summary` is what the process said of its work."""

    reasons: list[Reason] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    cancelled: bool = False
    exit_status: int | None = None
    stderr: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.reasons and not self.cancelled


def worker(*arguments: str | Path) -> list[str]:
    """The command line of the reader."""
    return [sys.executable, "-m", "bim.ifc.worker", *map(str, arguments)]


def run(
    command: list[str],
    *,
    limits: Limits,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Runs the command to its end or its limit. An exception of `on_progress` ends the process and goes on from here."""
    began = monotonic()
    with tempfile.TemporaryFile() as errors:
        process = _started(command, errors)
        try:
            _limit(process.pid, limits)
            result = _watched(process, limits, on_progress or _silent, cancelled or _never)
        finally:
            _end(process)
        errors.seek(0)
        result.stderr = errors.read(10 * LAST_WORDS).decode("utf-8", "replace")[-LAST_WORDS:]
    result.exit_status = process.returncode
    result.seconds = monotonic() - began
    if result.ok and (process.returncode != 0 or not result.summary):
        result.reasons = [_reason_of_death(process.returncode, result.stderr, limits)]
    return result


def _silent(done: int, total: int, phase: str) -> None:
    """Nobody watches."""


def _never() -> bool:
    return False


def _started(command: list[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "LANG": "C.UTF-8",
        # Every thread of these libraries would take address space of its own.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment,
        cwd=ROOT,
        start_new_session=True,
    )


def _limit(pid: int, limits: Limits) -> None:
    for kind, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_mb * MB, limits.memory_mb * MB),
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 5),
        (resource.RLIMIT_FSIZE, limits.output_mb * MB, limits.output_mb * MB),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        try:
            resource.prlimit(pid, kind, (soft, hard))
        except ProcessLookupError:
            return  # it has ended already


def _watched(
    process: subprocess.Popen[bytes], limits: Limits, on_progress: Progress, cancelled: Callable[[], bool]
) -> Result:
    result, deadline, last = Result(), monotonic() + limits.wall_seconds, (0, 1, "")
    stream = process.stdout
    assert stream is not None
    rest = b""
    with selectors.DefaultSelector() as ready:
        ready.register(stream, selectors.EVENT_READ)
        while True:
            block = os.read(stream.fileno(), 65536) if ready.select(HEARTBEAT) else None
            if block == b"":
                break
            *lines, rest = (rest + (block or b"")).split(b"\n")
            for line in lines:
                last = _heard(line, result) or last
            on_progress(*last)
            if cancelled():
                result.cancelled = True
                return result
            if monotonic() > deadline or len(rest) > LONGEST_LINE:
                result.reasons = [Reason("limit.time", {"seconds": limits.wall_seconds})]
                return result
    try:
        process.wait(max(0.1, deadline - monotonic()))
    except subprocess.TimeoutExpired:
        result.reasons = [Reason("limit.time", {"seconds": limits.wall_seconds})]
    return result


def _heard(line: bytes, result: Result) -> tuple[int, int, str] | None:
    """Takes in one line; returns the progress it tells, if it does. What is no JSON is some library talking."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    if "progress" in said:
        done, total, phase = said["progress"]
        return int(done), int(total), str(phase)
    if "reasons" in said:
        result.reasons = [Reason(reason["code"], reason.get("facts", {})) for reason in said["reasons"]]
    if "summary" in said:
        result.summary = said["summary"]
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills it and whatever it started, unless it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def _reason_of_death(status: int, stderr: str, limits: Limits) -> Reason:
    if status == -signal.SIGXCPU or status == -signal.SIGKILL:
        return Reason("limit.time", {"seconds": limits.cpu_seconds})
    if status == -signal.SIGXFSZ:
        return Reason("limit.output", {"mb": limits.output_mb})
    if any(word in stderr for word in OUT_OF_MEMORY):
        return Reason("limit.memory", {"mb": limits.memory_mb})
    return Reason("reader.crashed", {"status": status})
