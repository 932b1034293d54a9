"""A BCF file, or a part of one, that is not taken."""

from typing import Any


class BcfRefused(Exception):
    """`code` and `facts`; the words are in `bim/topic_wording.py`."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts
