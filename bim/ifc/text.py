"""Text as tables can hold it."""

import re
from typing import Any

UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST = 10_000  # characters of one text


def text(value: Any) -> str:
    """The value as text without control characters and halves of characters, cut where it is absurdly long."""
    if value is None:
        return ""
    said = value if isinstance(value, str) else str(value)
    if len(said) > LONGEST:
        said = said[:LONGEST]
    return said if said.isprintable() else UNKEEPABLE.sub("", said)
