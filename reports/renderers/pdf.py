"""A report as a PDF ready to sign: A4, upright or lying, or A3, head repeated on every page, page x of y.

A table too wide for any sheet is printed in panels, one after the other, each beginning with what names the row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from django.utils.timezone import localtime
from django.utils.translation import gettext
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from core.clock import date_of
from core.pdf import text
from core.pdf.flow import Draw, Piece, gap, kept_together, paginate
from core.pdf.page import new_canvas
from reports import cells
from reports.renderers.pdf_columns import MARGIN, PADDING, Columns, head_lines, panels
from reports.table import ReportTable

TITLE, SUBTITLE, SMALL = 16.0, 11.0, 9.0
TOP, BOTTOM = 48.0, 46.0
LEADING = 1.45
HEAD_GROUND = HexColor("#EEF2F7")
RULE = HexColor("#C4CCD6")
STRONG_RULE = HexColor("#1F2937")
QUIET = HexColor("#4B5563")
INK = HexColor("#111827")
LINES_PER_PIECE = 12


def render(table: ReportTable) -> bytes:
    """Title, facts, table, totals, notes, and a line to sign: 制表, 审核, 日期."""
    sheets = _Sheet.panels_of(table)
    sheet = sheets[0]
    pages = paginate(_pieces(sheets), sheet.page_height)
    buffer = BytesIO()
    canvas = new_canvas(
        buffer,
        title=str(table.title),
        author=str(table.generated_by),
        subject=str(table.period),
        keywords=table.code,
        dated=date_of(table.generated_at),
    )
    for number, page in enumerate(pages, start=1):
        canvas.setPageSize(sheet.columns.page)
        for placed in page:
            placed.piece.draw(canvas, sheet.columns.page[1] - TOP - placed.offset)
        sheet.draw_footer(canvas, number, len(pages))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _pieces(sheets: Sequence["_Sheet"]) -> list[Piece]:
    pieces = [*sheets[0].opening(), *sheets[0].body()]
    for sheet in sheets[1:]:
        first, *others = sheet.body()
        pieces += [replace(first, starts_page=True), *others]
    return [*pieces, *sheets[-1].closing()]


@dataclass(frozen=True)
class _Sheet:
    """The table with its texts and its measures."""

    table: ReportTable
    rows: list[list[str]]
    totals: list[str] | None
    columns: Columns
    notes: tuple[str, ...] = ()

    @classmethod
    def panels_of(cls, table: ReportTable) -> "list[_Sheet]":
        """One sheet, or one for each panel of a table that is too wide; their texts are those of the whole table."""
        rows, totals = cells.shown_rows(table), cells.shown_totals(table)
        parts = panels(table, rows, totals)
        if len(parts) == 1:
            return [cls(table, rows, totals, parts[0][1])]
        bare = replace(table, rows=(), totals=None)
        return [
            cls(
                replace(bare, columns=tuple(table.columns[index] for index in indexes)),
                [[row[index] for index in indexes] for row in rows],
                None if totals is None else [totals[index] for index in indexes],
                columns,
                tuple(cells.shown_notes(table)),
            )
            for indexes, columns in parts
        ]

    @property
    def page_height(self) -> float:
        return self.columns.page[1] - TOP - BOTTOM

    @property
    def room(self) -> float:
        return self.columns.page[0] - 2 * MARGIN

    def opening(self) -> list[Piece]:
        pieces = self._paragraph(str(self.table.title), TITLE, centred=True, bold=True)
        if str(self.table.subtitle):
            pieces += self._paragraph(str(self.table.subtitle), SUBTITLE, centred=True)
        pieces.append(gap(8))
        for label, words in cells.facts(self.table):
            pieces += self._paragraph(gettext("%(label)s: %(text)s") % {"label": label, "text": words}, SMALL)
        return kept_together([*pieces, gap(6)])

    def body(self) -> list[Piece]:
        head = self._head()
        rows = [piece for row in self.rows for piece in self._row(row, head)]
        if self.totals is not None:
            rows[-1:] = kept_together([*rows[-1:], *self._row(self.totals, head, is_totals=True)])
        if not self.rows:
            rows += self._paragraph(gettext("No rows in this period."), SMALL, centred=True)
        return kept_together([head, *rows[:1]]) + rows[1:]

    def closing(self) -> list[Piece]:
        notes = [
            gettext("Note %(number)s: %(note)s") % {"number": number, "note": note}
            for number, note in enumerate(self.notes or cells.shown_notes(self.table), start=1)
        ]
        pieces = [piece for note in notes for piece in self._paragraph(note, SMALL)]
        return [gap(8), *pieces, *kept_together([gap(22), self._signatures()])]

    def _paragraph(self, words: str, size: float, *, centred: bool = False, bold: bool = False) -> list[Piece]:
        colour = INK if bold else QUIET
        return [
            Piece(size * LEADING, _line_drawer(line.text, size, self.columns.page[0], centred, bold, colour))
            for line in text.break_lines(words, size, self.room, bold=bold, justify=False)
        ]

    def _head(self) -> Piece:
        return self._row_piece(head_lines(self.table, self.columns), bold=True, ground=HEAD_GROUND)

    def _row(self, texts: Sequence[str], head: Piece, *, is_totals: bool = False) -> list[Piece]:
        """One row; a very tall one comes in several pieces so that it can run over the end of a page."""
        size = self.columns.size
        broken = [
            [line.text for line in text.break_lines(words, size, width - 2 * PADDING, bold=is_totals, justify=False)]
            for words, width in zip(texts, self.columns.widths, strict=True)
        ]
        starts = range(0, max(map(len, broken)), LINES_PER_PIECE)
        slices = [[lines[start : start + LINES_PER_PIECE] for lines in broken] for start in starts]
        return [self._row_piece(part, bold=is_totals, head=head) for part in slices]

    def _row_piece(
        self, lines: list[list[str]], *, bold: bool, head: Piece | None = None, ground: Color | None = None
    ) -> Piece:
        size = self.columns.size
        leading = size * LEADING
        height = max(map(len, lines)) * leading + 2 * PADDING

        def draw(canvas: Canvas, top: float) -> None:
            if ground is not None:
                canvas.setFillColor(ground)
                canvas.rect(MARGIN, top - height, self.room, height, stroke=0, fill=1)
            if bold:
                self._rule(canvas, top, STRONG_RULE, 0.8)
            self._rule(canvas, top - height, STRONG_RULE if bold else RULE, 0.8 if bold else 0.4)
            left = MARGIN
            for cell, width, column in zip(lines, self.columns.widths, self.table.columns, strict=True):
                for number, words in enumerate(cell):
                    baseline = top - PADDING - number * leading - size * 1.1
                    if cells.is_figure(column):
                        text.draw_right(canvas, left + width - PADDING, baseline, words, size, bold=bold)
                    else:
                        text.draw(canvas, left + PADDING, baseline, words, size, bold=bold, colour=INK)
                left += width

        return Piece(height, draw, head=head)

    def _rule(self, canvas: Canvas, y: float, colour: Color, thickness: float) -> None:
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(thickness)
        canvas.line(MARGIN, y, MARGIN + self.room, y)

    def _signatures(self) -> Piece:
        labels = cells.signatures()
        share = self.room / len(labels)

        def draw(canvas: Canvas, top: float) -> None:
            for index, label in enumerate(labels):
                left, baseline = MARGIN + index * share, top - 14
                text.draw(canvas, left, baseline, label, 10, colour=INK)
                canvas.setStrokeColor(STRONG_RULE)
                canvas.setLineWidth(0.5)
                canvas.line(left + text.width(label, 10), baseline - 3, left + share - 24, baseline - 3)

        return Piece(20, draw)

    def draw_footer(self, canvas: Canvas, number: int, n_pages: int) -> None:
        made = {
            "at": f"{localtime(self.table.generated_at):%Y-%m-%d %H:%M}",
            "by": str(self.table.generated_by) or cells.NOTHING,
        }
        baseline = BOTTOM - 18
        self._rule(canvas, baseline + 11, RULE, 0.4)
        text.draw(canvas, MARGIN, baseline, gettext("Made on %(at)s by %(by)s") % made, 8, colour=QUIET)
        page = gettext("Page %(number)s of %(total)s") % {"number": number, "total": n_pages}
        text.draw_right(canvas, self.columns.page[0] - MARGIN, baseline, page, 8)


def _line_drawer(words: str, size: float, page_width: float, centred: bool, bold: bool, colour: Color) -> Draw:
    def draw(canvas: Canvas, top: float) -> None:
        baseline = top - size * 1.1
        if centred:
            text.draw_centred(canvas, page_width / 2, baseline, words, size, bold=bold, colour=colour)
        else:
            text.draw(canvas, MARGIN, baseline, words, size, bold=bold, colour=colour)

    return draw
