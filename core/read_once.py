"""Rows behind a row, read once while a move is made, and forgotten where the move writes them."""

from django.db.models import Model, prefetch_related_objects


def read_once(row: Model, *names: str) -> None:
    """From now on `row.<name>.all()` answers from memory; names may reach further (`project__figures`)."""
    prefetch_related_objects([row], *names)


def forget(row: Model, *names: str) -> None:
    """What was read is no longer so; without names, nothing that was read is kept."""
    kept = getattr(row, "_prefetched_objects_cache", {})
    for name in names or list(kept):
        kept.pop(name, None)
