"""Text as tables can hold it."""

import re
from typing import Any

UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def text(value: Any) -> str:
    """The value as text without control characters and halves of characters; empty for nothing."""
    if value is None:
        return ""
    said = value if isinstance(value, str) else str(value)
    return said if said.isprintable() else UNKEEPABLE.sub("", said)
