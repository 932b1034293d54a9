"""Ruled tables as pieces of a flow: wrapped texts, right-aligned figures, a head repeated on every page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from reportlab.pdfgen.canvas import Canvas

from core.pdf.flow import Piece
from core.pdf.text import Line, break_lines, draw, size_to_fit, width

SIZE = 10.5
LEADING = 15.0
PADDING = 4.0
HAIRLINE = 0.5
HEAD_GREY = 0.95


class Align(Enum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Cell:
    lines: tuple[Line, ...]
    size: float


def table_pieces(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], left: float, *, bold_rows: Collection[int] = ()
) -> list[Piece]:
    """The head and one piece per row; the head never stands alone at the foot of a page. Figures are never cut: where the
    longest does not fit its column, all are set smaller alike."""
    figure_size = _figure_size(columns, rows)
    heads = [_text_cell(column, column.heading, bold=True) for column in columns]
    heading = _row_piece(columns, heads, left, bold=True, is_head=True)
    body = []
    for number, row in enumerate(rows):
        bold = number in bold_rows
        cells = [
            Cell((Line(text),), figure_size) if column.align is Align.RIGHT else _text_cell(column, text, bold)
            for column, text in zip(columns, row, strict=True)
        ]
        body.append(replace(_row_piece(columns, cells, left, bold=bold), head=heading))
    return [replace(heading, keep_with_next=True), *body]


def _figure_size(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> float:
    sizes = [
        size_to_fit(text, SIZE, column.width - 2 * PADDING, bold=True)
        for row in rows
        for column, text in zip(columns, row, strict=True)
        if column.align is Align.RIGHT
    ]
    return min(sizes, default=SIZE)


def _text_cell(column: Column, text: str, bold: bool) -> Cell:
    indent = _leading_spaces(text) * SIZE
    lines = break_lines(text.strip("\u3000"), SIZE, column.width - 2 * PADDING - indent, bold=bold, justify=False)
    return Cell(tuple(Line(line.text, indent) for line in lines), SIZE)


def _row_piece(
    columns: Sequence[Column], cells: Sequence[Cell], left: float, *, bold: bool, is_head: bool = False
) -> Piece:
    height = max(len(cell.lines) for cell in cells) * LEADING + 2 * PADDING

    def draw_row(canvas: Canvas, top: float) -> None:
        x = left
        for column, cell in zip(columns, cells, strict=True):
            _draw_box(canvas, x, top - height, column.width, height, is_head)
            _draw_cell(canvas, cell, column, x, top, height, bold, is_head)
            x += column.width

    return Piece(height, draw_row)


def _leading_spaces(text: str) -> int:
    return len(text) - len(text.lstrip("\u3000"))


def _draw_box(canvas: Canvas, x: float, bottom: float, wide: float, high: float, is_head: bool) -> None:
    canvas.saveState()
    canvas.setLineWidth(HAIRLINE)
    canvas.setFillGray(HEAD_GREY)
    canvas.rect(x, bottom, wide, high, stroke=1, fill=int(is_head))
    canvas.restoreState()


def _draw_cell(
    canvas: Canvas, cell: Cell, column: Column, x: float, top: float, height: float, bold: bool, is_head: bool
) -> None:
    align = Align.CENTRE if is_head else column.align
    baseline = top - (height - len(cell.lines) * LEADING) / 2 - LEADING + (LEADING - cell.size) / 2 + cell.size * 0.14
    for line in cell.lines:
        free = column.width - width(line.text, cell.size, bold)
        offsets = {Align.LEFT: PADDING + line.indent, Align.CENTRE: free / 2, Align.RIGHT: free - PADDING}
        draw(canvas, x + offsets[align], baseline, line.text, cell.size, bold=bold)
        baseline -= LEADING
