"""From a column of pieces to pages.

A `Piece` has a height and knows how to draw itself; `paginate` puts pieces on pages, keeps together what must not be
parted, repeats a table's head at the top of every page the table continues on, and pins the last piece to the foot.
All lengths are points, measured downwards from the top of the text area.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas, float], None]


def _nothing(canvas: Canvas, top: float) -> None:
    return None


@dataclass(frozen=True)
class Piece:
    """`draw(canvas, top)` draws it below the ordinate `top`. A gap vanishes at the top of a page."""

    height: float
    draw: Draw = _nothing
    keep_with_next: bool = False
    is_gap: bool = False
    starts_page: bool = False
    head: "Piece | None" = None
    pinned_to_foot: bool = False


@dataclass(frozen=True)
class Placed:
    offset: float
    piece: Piece


def gap(height: float, *, keep_with_next: bool = False) -> Piece:
    return Piece(height, is_gap=True, keep_with_next=keep_with_next)


def kept_together(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces, bound so that no page ends between them."""
    bound = list(pieces)
    return [*(replace(piece, keep_with_next=True) for piece in bound[:-1]), *bound[-1:]]


def paginate(pieces: Iterable[Piece], page_height: float, first_offset: float = 0.0) -> list[list[Placed]]:
    """Pages of placed pieces; page one begins `first_offset` below the top because the letterhead is there."""
    pages: list[list[Placed]] = [[]]
    used = first_offset
    for group in _groups(pieces):
        needed = sum(piece.height for piece in group)
        if group[0].starts_page or (pages[-1] and used + needed > page_height + 0.01):
            pages.append([])
            used = 0.0
            head = group[0].head
            if head is not None:
                pages[-1].append(Placed(0.0, head))
                used = head.height
        for piece in group:
            if piece.is_gap and not pages[-1] and len(pages) > 1:
                continue
            if pages[-1] and used + piece.height > page_height + 0.01 and not piece.is_gap:
                pages.append([])
                used = 0.0
            offset = page_height - piece.height if piece.pinned_to_foot else used
            pages[-1].append(Placed(offset, piece))
            used = offset + piece.height
    return pages


def _groups(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        group.append(piece)
        if not piece.keep_with_next:
            yield group
            group = []
    if group:
        yield group
