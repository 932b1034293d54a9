"""The book as a PDF: cover, narrative, forms 01–08, each on pages of its own, with the form's code and page x of y."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assets.books.wording import NARRATIVE_TITLE, TITLE, narrative_of, printed, shown
from assets.findings import said
from assets.rules.forms_model import Form, Kind, Section
from assets.rules.forms_reckoning import Forms, Line
from core.pdf import text
from core.pdf.flow import Piece, Placed, gap, kept_together, paginate
from core.pdf.page import new_canvas
from core.pdf.table import Align, Column, table_pieces

MARGIN, TOP, FOOT = 45.0, 48.0, 46.0
TITLE_SIZE, SIZE, SMALL, LEADING = 16.0, 11.0, 9.0, 1.6
LYING = frozenset({"04", "05", "08"})
NARROW, FIGURE = 52.0, 92.0
INDENT = "\u3000"


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
            _foot(canvas, part.size, f"{project.name} {account.part}".strip(), number, total)
            canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _foot(canvas: Canvas, size: tuple[float, float], words: str, number: int, total: int) -> None:
    baseline = FOOT - 20
    text.draw(canvas, MARGIN, baseline, words, SMALL - 1)
    text.draw_right(canvas, size[0] - MARGIN, baseline, f"— {number} / {total} —", SMALL - 1)


def _parts(account: Any, forms: Forms) -> Iterable[Sheets]:
    everything = list(printed(forms))
    yield _cover(account, everything[0])
    yield _narrative(account)
    for form, sections in everything[1:]:
        size = (A4[1], A4[0]) if form.number in LYING else A4
        pieces = [*_head(account, form, size), *_tables(sections, size[0] - 2 * MARGIN), *_seals(form, size)]
        yield Sheets(f"{form.number} {said(form.label)}", size, _paged(pieces, size))


def _paged(pieces: Iterable[Piece], size: tuple[float, float]) -> list[list[Placed]]:
    return paginate(pieces, size[1] - TOP - FOOT)


def _cover(account: Any, cover: tuple[Form, list[tuple[Section, list[Line]]]]) -> Sheets:
    width = A4[0] - 2 * MARGIN
    pieces = [gap(1), Piece(110.0), *_centred(said(TITLE), 22.0, A4)]
    named = f"{account.project.name} {account.part}".strip()
    pieces += [Piece(30.0), *_centred(named, 15.0, A4), Piece(50.0)]
    pieces += _tables(cover[1], width, headless=True)
    return Sheets(said(cover[0].label), A4, _paged(pieces, A4))


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


def _tables(sections: Sequence[tuple[Section, list[Line]]], room: float, *, headless: bool = False) -> list[Piece]:
    pieces: list[Piece] = []
    for section, lines in sections:
        if pieces:
            pieces.append(gap(10))
        columns = _columns(section, room)
        rows = [
            [INDENT * line.indent + said(line.label), *(shown(cell, strong=line.strong) for cell in line.cells)]
            for line in lines
        ]
        bold = [number for number, line in enumerate(lines) if line.strong]
        table = table_pieces(columns, rows, MARGIN, bold_rows=bold)
        pieces += table[1:] if headless else table
    return pieces


def _columns(section: Section, room: float) -> list[Column]:
    """Figures get what they need, texts share the rest; the names of the rows most of it."""
    widths = [FIGURE if column.kind is Kind.MONEY else NARROW for column in section.columns]
    texts = [index for index, column in enumerate(section.columns) if column.kind is Kind.TEXT]
    names = max(110.0, (room - sum(widths)) / (1 + 0.8 * len(texts)))
    rest = room - names - sum(widths)
    if rest > 0 and texts:
        for index in texts:
            widths[index] += rest / len(texts)
    elif rest > 0:
        names += rest
    else:
        squeezed = (room - names) / sum(widths)
        widths = [width * squeezed for width in widths]
    found = [Column(said(section.first), names)]
    for column, width in zip(section.columns, widths, strict=True):
        align = Align.LEFT if column.kind is Kind.TEXT else Align.RIGHT
        found.append(Column(said(column.label), width, align))
    return found


def _seals(form: Form, page: tuple[float, float]) -> list[Piece]:
    """Who hands over and who receives signs forms 04, 05 and 08; the others are signed by the unit."""
    handed = form.number in ("04", "05", "08")
    labels = (
        ("交付单位（盖章）：", "接收单位（盖章）：", "日期：")
        if handed
        else ("单位负责人：", "财务负责人：", "制表人：")
    )
    share = (page[0] - 2 * MARGIN) / len(labels)

    def draw(canvas: Canvas, top: float) -> None:
        for index, label in enumerate(labels):
            text.draw(canvas, MARGIN + index * share, top - 20, label, SMALL)

    return [Piece(34.0, draw)]
