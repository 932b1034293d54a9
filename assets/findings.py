"""What the balancing rules found, in words."""

from collections.abc import Iterator
from typing import Any

from core.errors import Problem


def balance_problems(account: Any) -> Iterator[Problem]:
    """Filled by the balancing rules of the forms."""
    yield from ()
