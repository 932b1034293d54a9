"""Pages by position in the primary key: the cost of a page does not grow with the table."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest


@dataclass(frozen=True)
class KeysetPage:
    """`rows`, newest first, and the addresses of the neighbouring pages where there are any."""

    rows: list[Any]
    previous_url: str = ""
    next_url: str = ""


def keyset(request: HttpRequest, rows: QuerySet, size: int) -> KeysetPage:
    """The page GET asks for: `before` a key (older rows), `after` a key (newer rows), else the newest."""
    before, after = _key(request, "before"), _key(request, "after")
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        has_newer, has_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        older = rows.filter(pk__lt=before) if before is not None else rows
        found = list(older.order_by("-pk")[: size + 1])
        has_newer, has_older = before is not None, len(found) > size
        found = found[:size]
    if not found:
        return KeysetPage([], _url(request) if before is not None or after is not None else "")
    return KeysetPage(
        found,
        _url(request, after=found[0].pk) if has_newer else "",
        _url(request, before=found[-1].pk) if has_older else "",
    )


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _url(request: HttpRequest, **position: int) -> str:
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    query.update({name: str(key) for name, key in position.items()})
    return f"{request.path}?{query.urlencode()}"
