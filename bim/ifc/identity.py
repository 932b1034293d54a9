"""GlobalIds: every product has one of its own, or the file is refused naming those that do not."""

from typing import Any

from bim.ifc.refusal import refused
from bim.ifc.text import text

LENGTH = 22
MOST_NAMED = 10


def insist_on_identity(products: list[Any]) -> None:
    """Raises Refused naming missing, unusable or repeated GlobalIds."""
    first: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    unusable = []
    for product in products:
        guid, key = product.get_argument(0), product.id()
        if not isinstance(guid, str) or len(guid) != LENGTH:
            unusable.append(key)
        elif first.setdefault(guid, key) != key:
            again.setdefault(guid, [first[guid]]).append(key)
    if again:
        named = [f"{guid} (#{', #'.join(map(str, keys[:5]))})" for guid, keys in list(again.items())[:MOST_NAMED]]
        raise refused("guid.repeated", count=len(again), guids=named)
    if unusable:
        named = [f"#{key} {text(_name(products, key))}".strip() for key in unusable[:MOST_NAMED]]
        raise refused("guid.unusable", count=len(unusable), entities=named)


def _name(products: list[Any], key: int) -> Any:
    return next(product.get_argument(2) for product in products if product.id() == key)
