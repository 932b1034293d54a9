"""Reads a row's key out of a query or a form, where anybody may write anything."""

LONGEST = 18  # the digits every database's whole numbers hold


def key_of(text: str) -> int | None:
    """The key these digits name; None for everything else, also for more digits than any key has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None
