"""Ruled tables as pieces of a flow: wrapped texts, right-aligned figures, a head repeated on every page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

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
    """Neighbours of the same `group` stand under one heading."""

    heading: str
    width: float
    align: Align = Align.LEFT
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    lines: tuple[Line, ...]
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Dress:
    """How large a table is set: everything in proportion to its letters."""

    size: float = SIZE

    @property
    def leading(self) -> float:
        return self.size * LEADING / SIZE

    @property
    def padding(self) -> float:
        return self.size * PADDING / SIZE


def table_pieces(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    left: float,
    *,
    bold_rows: Collection[int] = (),
    bold_cells: Collection[tuple[int, int]] = (),
    size: float = SIZE,
) -> list[Piece]:
    """The head and one piece per row; the head never stands alone at the foot of a page. Figures are never cut: where the
    longest does not fit its column, all are set smaller alike. `bold_cells`: (row, column)."""
    dress = Dress(size)
    figure_size = _figure_size(columns, rows, dress)
    heading = _heading(columns, left, dress)
    body = []
    for number, row in enumerate(rows):
        bold = [number in bold_rows or (number, at) in bold_cells for at in range(len(columns))]
        cells = [
            Cell((Line(text),), figure_size, strong)
            if column.align is Align.RIGHT
            else _text_cell(column, text, strong, dress)
            for column, text, strong in zip(columns, row, bold, strict=True)
        ]
        body.append(replace(_row_piece(columns, cells, left, dress), head=heading))
    return [replace(heading, keep_with_next=True), *body]


def _heading(columns: Sequence[Column], left: float, dress: Dress) -> Piece:
    """One row, or two where columns stand in groups; a column of no group reaches through both."""
    lower = [_text_cell(column, column.heading, True, dress) for column in columns]
    if not any(column.group for column in columns):
        return _row_piece(columns, lower, left, dress, is_head=True)
    spans = [
        _span(list(part), key) for key, part in groupby(columns, key=lambda column: column.group or column.heading)
    ]
    upper = [_text_cell(column, column.heading, True, dress) for column in spans]
    above = _height([cell for cell, column in zip(upper, spans, strict=True) if column.group], dress)
    alone = _height([cell for cell, column in zip(lower, columns, strict=True) if not column.group], dress)
    below = max(
        _height([cell for cell, column in zip(lower, columns, strict=True) if column.group], dress), alone - above
    )

    def draw_heading(canvas: Canvas, top: float) -> None:
        x = left
        for column, cell in zip(spans, upper, strict=True):
            high = above if column.group else above + below
            _draw_box(canvas, x, top - high, column.width, high, True)
            _draw_cell(canvas, cell, column, x, top, high, True, dress)
            x += column.width
        x = left
        for column, cell in zip(columns, lower, strict=True):
            if column.group:
                _draw_box(canvas, x, top - above - below, column.width, below, True)
                _draw_cell(canvas, cell, column, x, top - above, below, True, dress)
            x += column.width

    return Piece(above + below, draw_heading)


def _span(columns: Sequence[Column], heading: str) -> Column:
    return Column(heading, sum(column.width for column in columns), group=columns[0].group)


def _figure_size(columns: Sequence[Column], rows: Sequence[Sequence[str]], dress: Dress) -> float:
    sizes = [
        size_to_fit(text, dress.size, column.width - 2 * dress.padding, bold=True)
        for row in rows
        for column, text in zip(columns, row, strict=True)
        if column.align is Align.RIGHT
    ]
    return min(sizes, default=dress.size)


def _text_cell(column: Column, text: str, bold: bool, dress: Dress) -> Cell:
    size, room = dress.size, column.width - 2 * dress.padding
    indent = _leading_spaces(text) * size
    lines = break_lines(text.strip("\u3000"), size, room - indent, bold=bold, justify=False)
    return Cell(tuple(Line(line.text, indent) for line in lines), size, bold)


def _height(cells: Sequence[Cell], dress: Dress) -> float:
    return max(len(cell.lines) for cell in cells) * dress.leading + 2 * dress.padding if cells else 0.0


def _row_piece(
    columns: Sequence[Column], cells: Sequence[Cell], left: float, dress: Dress, *, is_head: bool = False
) -> Piece:
    height = _height(cells, dress)

    def draw_row(canvas: Canvas, top: float) -> None:
        x = left
        for column, cell in zip(columns, cells, strict=True):
            _draw_box(canvas, x, top - height, column.width, height, is_head)
            _draw_cell(canvas, cell, column, x, top, height, is_head, dress)
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
    canvas: Canvas, cell: Cell, column: Column, x: float, top: float, height: float, is_head: bool, dress: Dress
) -> None:
    align, leading = Align.CENTRE if is_head else column.align, dress.leading
    baseline = top - (height - len(cell.lines) * leading) / 2 - leading + (leading - cell.size) / 2 + cell.size * 0.14
    for line in cell.lines:
        free = column.width - width(line.text, cell.size, cell.bold)
        offsets = {Align.LEFT: dress.padding + line.indent, Align.CENTRE: free / 2, Align.RIGHT: free - dress.padding}
        draw(canvas, x + offsets[align], baseline, line.text, cell.size, bold=cell.bold)
        baseline -= leading
