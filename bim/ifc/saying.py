"""How the reading process speaks: one JSON document a line on stdout."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bim.ifc.records import Reason
from bim.ifc.refusal import Refused

REFUSED = 3


def progress(done: int, total: int, phase: str) -> None:
    say({"progress": [done, total, phase]})


def say(document: dict[str, Any]) -> None:
    print(json.dumps(document), flush=True)


def guarded(work: Callable[[], dict[str, Any]]) -> int:
    """Runs the work and says how it ended; every failure becomes a reason. Returns the exit status."""
    try:
        say({"summary": work()})
    except Refused as refusal:
        return _refuse(*refusal.reasons)
    except MemoryError:
        return _refuse(Reason("limit.memory"))
    except Exception as error:  # whatever a damaged file makes the reader do, it ends in a reason
        return _refuse(Reason("reader.failed", {"detail": f"{type(error).__name__}: {error}"[:300]}))
    return 0


def _refuse(*reasons: Reason) -> int:
    say({"reasons": [asdict(reason) for reason in reasons]})
    return REFUSED
