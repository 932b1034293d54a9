"""The book as a PDF: cover, narrative, forms 01–08, each on pages of its own, with the form's code and page x of y."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assets.books.wording import (
    NARRATIVE_TITLE,
    TITLE,
    Block,
    Head,
    blocks,
    draft_mark,
    named,
    narrative_of,
    printed_text,
    seals_of,
)
from assets.findings import said
from assets.rules.forms_layout import COVER, FORMS
from assets.rules.forms_model import Form, Kind
from assets.rules.forms_reckoning import Forms
from core.pdf import text
from core.pdf.flow import Piece, Placed, gap, kept_together, paginate
from core.pdf.page import new_canvas
from core.pdf.table import Align, Column, Dress, table_pieces

MARGIN, TOP, FOOT = 45.0, 48.0, 46.0
TITLE_SIZE, SIZE, SMALL, LEADING = 16.0, 11.0, 9.0, 1.6
LYING = frozenset({"04", "05", "08"})
# Forms of several tables that their heads alone do not tell apart.
TITLED = frozenset({"02", "07"})
COUNT, NARROW, NUMBER, FIGURE = 34.0, 48.0, 58.0, 88.0
# Names get more of what is left than texts, except where a table holds nothing but texts.
NAMES, NAMES_LEAST, TEXT_BESIDE_NAMES = 1.6, 96.0, 3.0
INDENT = "\u3000"
# Letters of the tables, largest first: the smaller ones save a page.
TABLE_SIZES = (10.5, 9.5, 8.5)
SHEET_SIZES = (7.5, 6.8)
# A sheet of many columns: points a text needs at least per point of its letters, and what more its names get.
SHEET_NAMES, SHEET_TEXT, SHEET_FIGURE = 9.0, 4.8, 3.2


@dataclass(frozen=True)
class Sheets:
    """Pages of one size, with what their outline entry is called."""

    name: str
    size: tuple[float, float]
    pages: list[list[Placed]]


def render(account: Any, forms: Forms, dated: date) -> bytes:
    """The whole book; the same account gives the same bytes."""
    buffer = BytesIO()
    project = account.project
    canvas = new_canvas(
        buffer, title=f"{said(TITLE)} {project.name}", author=project.owner_unit.name, subject=project.code,
        keywords="财建〔2016〕503号", dated=dated,
    )  # fmt: skip
    parts = list(_parts(account, forms))
    total = sum(len(part.pages) for part in parts)
    number = 0
    for part in parts:
        for place, page in enumerate(part.pages):
            number += 1
            canvas.setPageSize(part.size)
            if place == 0:
                canvas.bookmarkPage(f"p{number}")
                canvas.addOutlineEntry(part.name, f"p{number}", 0)
            for placed in page:
                placed.piece.draw(canvas, part.size[1] - TOP - placed.offset)
            _foot(canvas, part.size, account, f"— {number} / {total} —")
            canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _foot(canvas: Canvas, size: tuple[float, float], account: Any, page: str) -> None:
    """The project's name, cut where it would run into the number of the page; that this is a draft is never cut."""
    baseline, small, mark = FOOT - 20, SMALL - 1, draft_mark(account)
    room = size[0] - 2 * MARGIN - text.width(page, small) - text.width(mark, small) - 2 * small
    text.draw(canvas, MARGIN, baseline, text.shortened(named(account), small, room) + mark, small)
    text.draw_right(canvas, size[0] - MARGIN, baseline, page, small)


def _parts(account: Any, forms: Forms) -> Iterable[Sheets]:
    yield _cover(account, forms)
    yield _narrative(account)
    for form in FORMS.values():
        if form is COVER:
            continue
        size = (A4[1], A4[0]) if form.number in LYING else A4
        yield Sheets(f"{form.number} {said(form.label)}", size, _form_pages(account, forms, form, size))


def _form_pages(account: Any, forms: Forms, form: Form, size: tuple[float, float]) -> list[list[Placed]]:
    """Set closer where that saves a second page; what needs more pages anyway keeps the largest letters."""
    found = blocks(forms, form)

    def pages(letters: float) -> list[list[Placed]]:
        tables = _tables(found, size[0] - 2 * MARGIN, titled=form.number in TITLED, size=letters)
        return _paged([*_head(account, form, size), *tables[:-1], *_sealed(tables[-1], form, size)], size)

    sizes = SHEET_SIZES if form.sheet else TABLE_SIZES
    largest = pages(sizes[0])
    if len(largest) == 1:
        return largest
    return next((tried for tried in map(pages, sizes[1:]) if len(tried) == 1), largest)


def _sealed(last: Piece, form: Form, size: tuple[float, float]) -> list[Piece]:
    """The seals never stand alone on a page: the last row, with the head of its table, goes with them."""
    return [replace(last, keep_with_next=True), _seals(form, size)]


def _paged(pieces: Iterable[Piece], size: tuple[float, float]) -> list[list[Placed]]:
    return paginate(pieces, size[1] - TOP - FOOT)


def _cover(account: Any, forms: Forms) -> Sheets:
    width = A4[0] - 2 * MARGIN
    pieces = [gap(1), Piece(110.0), *_centred(said(TITLE), 22.0, A4)]
    pieces += [Piece(30.0), *_centred(named(account) + draft_mark(account), 15.0, A4), Piece(50.0)]
    pieces += _tables(blocks(forms, COVER), width, headless=True)
    pieces += [Piece(40.0), _seals(COVER, A4)]
    return Sheets(said(COVER.label), A4, _paged(pieces, A4))


def _narrative(account: Any) -> Sheets:
    pieces = _centred(said(NARRATIVE_TITLE), TITLE_SIZE, A4)
    for _key, heading, words in narrative_of(account):
        title = _paragraph(said(heading), SIZE + 1, bold=True, indent=0)
        body = [piece for line in (words or "—").splitlines() for piece in _paragraph(line, SIZE, indent=2)]
        pieces += [gap(8), *kept_together([*title, *body[:1]]), *body[1:]]
    return Sheets(said(NARRATIVE_TITLE), A4, _paged(pieces, A4))


def _paragraph(words: str, size: float, *, indent: int, bold: bool = False) -> list[Piece]:
    lines = text.break_lines(words, size, A4[0] - 2 * MARGIN, bold=bold, first_indent=indent * size)
    return [Piece(size * LEADING, _line(line, size, bold)) for line in lines]


def _line(line: text.Line, size: float, bold: bool) -> Any:
    def draw(canvas: Canvas, top: float) -> None:
        text.draw(canvas, MARGIN + line.indent, top - size * 1.2, line.text, size, bold=bold, spread=line.spread)

    return draw


def _centred(words: str, size: float, page: tuple[float, float]) -> list[Piece]:
    lines = text.balanced_lines(words, size, page[0] - 2 * MARGIN, bold=True)
    return [Piece(size * LEADING, _middle(line, size, page[0] / 2)) for line in lines]


def _middle(words: str, size: float, middle: float) -> Any:
    def draw(canvas: Canvas, top: float) -> None:
        text.draw_centred(canvas, middle, top - size * 1.2, words, size, bold=True)

    return draw


def _head(account: Any, form: Form, page: tuple[float, float]) -> list[Piece]:
    """The title, and below it who reports, on which day, in which unit; the code in the corner."""
    left = f"编制单位：{account.project.owner_unit.name}"
    middle, right = f"{account.cut_off_on:%Y年%m月%d日}", "金额单位：元"

    def code(canvas: Canvas, top: float) -> None:
        text.draw_right(canvas, page[0] - MARGIN, top - SMALL, form.code, SMALL)

    def facts(canvas: Canvas, top: float) -> None:
        text.draw(canvas, MARGIN, top - SMALL * 1.3, left, SMALL)
        text.draw_centred(canvas, page[0] / 2, top - SMALL * 1.3, middle, SMALL)
        text.draw_right(canvas, page[0] - MARGIN, top - SMALL * 1.3, right, SMALL)

    title = _centred(said(form.label), TITLE_SIZE, page)
    return kept_together([Piece(SMALL, code), *title, Piece(SMALL * 2, facts), Piece(0.1)])


def _tables(
    found: Sequence[Block], room: float, *, headless: bool = False, titled: bool = False, size: float = TABLE_SIZES[0]
) -> list[Piece]:
    """One below the other."""
    pieces: list[Piece] = []
    for block in found:
        if pieces:
            pieces.append(gap(8))
        rows = [[INDENT * item.indent + printed_text(item) for item in row] for row in block.rows]
        bold = {(number, at) for number, row in enumerate(block.rows) for at, item in enumerate(row) if item.strong}
        columns = _sheet_columns(block, rows, room, size) if block.is_grouped else _columns(block, room)
        table = table_pieces(columns, rows, MARGIN, bold_cells=bold, size=size)
        if headless:
            pieces += table[1:]
            continue
        title = [Piece(SIZE * LEADING, _at_margin(said(block.title)), keep_with_next=True)] if titled else []
        pieces += [*title, *table]
        if block.foot:
            pieces += [replace(pieces.pop(), keep_with_next=True), Piece(SMALL * 2, _below(block))]
    return pieces


def _below(block: Block) -> Any:
    words = "；".join(f"{said(label)}：{printed_text(item)}" for label, item in block.foot)

    def draw(canvas: Canvas, top: float) -> None:
        text.draw(canvas, MARGIN, top - SMALL * 1.5, words, SMALL, bold=True)

    return draw


def _at_margin(words: str) -> Any:
    def draw(canvas: Canvas, top: float) -> None:
        text.draw(canvas, MARGIN, top - SIZE * 1.2, words, SIZE, bold=True)

    return draw


def _columns(block: Block, room: float) -> list[Column]:
    """Figures get what they need, texts share the rest; beside figures the names of the rows get most of it."""
    widths = [_needed(head) for head in block.heads]
    words = TEXT_BESIDE_NAMES if all(head.kind is Kind.TEXT for head in block.heads) else 1.0
    shares = [NAMES if head.names else words if head.kind is Kind.TEXT else 0.0 for head in block.heads]
    least = [NAMES_LEAST if head.names else NARROW if head.kind is Kind.TEXT else 0.0 for head in block.heads]
    rest = room - sum(widths) - sum(least)
    if rest < 0:
        squeezed = (room - sum(least)) / sum(widths)
        widths, rest = [width * squeezed for width in widths], 0.0
    total = sum(shares)
    return [
        Column(said(head.label), width + need + rest * share / total, Align.LEFT if share else Align.RIGHT)
        for head, width, need, share in zip(block.heads, widths, least, shares, strict=True)
    ]


def _sheet_columns(block: Block, rows: Sequence[Sequence[str]], room: float, size: float) -> list[Column]:
    """Figures get what the longest needs, texts share the rest."""
    padding = Dress(size).padding
    widths, shares = [], []
    for at, head in enumerate(block.heads):
        longest = max((text.width(row[at], size, bold=True) for row in rows), default=0.0) + 2 * padding
        if head.kind is not Kind.TEXT:
            widths.append(max(longest + 1, SHEET_FIGURE * size))
            shares.append(0.0)
            continue
        least = (SHEET_NAMES if head.names else SHEET_TEXT) * size
        widths.append(min(least, max(longest, SHEET_FIGURE * size)))
        shares.append(max(longest - widths[-1], 0.0))
    rest, total = room - sum(widths), sum(shares)
    if rest < 0 or not total:
        widths = [width * room / sum(widths) for width in widths]
        rest, total = 0.0, 1.0
    return [
        Column(
            said(head.label),
            width + rest * share / total,
            Align.LEFT if head.kind is Kind.TEXT else Align.RIGHT,
            said(head.group) if head.group else "",
        )
        for head, width, share in zip(block.heads, widths, shares, strict=True)
    ]


def _needed(head: Head) -> float:
    if head.counts:
        return COUNT
    return {Kind.TEXT: 0.0, Kind.NUMBER: NUMBER, Kind.MONEY: FIGURE}[head.kind]


def _seals(form: Form, page: tuple[float, float]) -> Piece:
    labels = seals_of(form)
    share = (page[0] - 2 * MARGIN) / len(labels)

    def draw(canvas: Canvas, top: float) -> None:
        for index, label in enumerate(labels):
            text.draw(canvas, MARGIN + index * share, top - 20, label, SMALL)

    return Piece(34.0, draw)
