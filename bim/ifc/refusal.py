"""A file that is not taken, and why."""

from typing import Any

from bim.ifc.records import Reason


class Refused(Exception):
    """Raised with every reason that was found; the words for the codes are in `bim/reasons.py`."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


def refused(code: str, **facts: Any) -> Refused:
    return Refused(Reason(code, facts))
