"""The text of a document as pieces of a flow: title, addressee, numbered sections, tables, signature, annex, imprint."""

from collections.abc import Iterator
from dataclasses import replace

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from approvals.documents.amounts import (
    ROUNDING_NOTE,
    chinese_date,
    chinese_number,
    difference,
    figure,
    has_rounding_difference,
    total_row,
)
from approvals.documents.content import AmountRow, CostRow, ListTable, MoneyUnit, OfficialDocument, Section
from approvals.documents.layout import (
    DECISION_GRID,
    FINE,
    FINE_LINE,
    QR_SIDE,
    SMALL,
    TEXT_LEFT,
    TEXT_MIDDLE,
    TEXT_RIGHT,
    TEXT_WIDTH,
    TITLE,
    TITLE_LINE,
    Grid,
)
from approvals.documents.letterhead import reference
from core.pdf.flow import Piece, gap, kept_together
from core.pdf.qr import draw_qr
from core.pdf.table import Align, Column, table_pieces
from core.pdf.text import Line, balanced_lines, break_lines, draw, draw_centred, draw_right, size_to_fit, width

LINES_WITH_SIGNATURE = 2
SHORTEST_TAIL = 4
UNIT_LINE = 20.0
BASELINE_SHARE = 0.68


def document_pieces(document: OfficialDocument, grid: Grid) -> list[Piece]:
    """Everything between the letterhead and the last page's foot, in order."""
    text = [*title_pieces(document, grid), *addressee_pieces(document, grid)]
    number = 0
    for section in document.sections:
        number += bool(section.heading)
        text += section_pieces(section, number, document.unit, grid)
    tail = kept_together([*annex_note_pieces(document, grid), *signature_pieces(document, grid)])
    pieces = [*_bound_to_next(text, LINES_WITH_SIGNATURE), *tail, *annex_pieces(document)]
    return [*_bound_to_next(pieces, len(tail) if not document.costs else 1), imprint_piece(document)]


def _bound_to_next(pieces: list[Piece], count: int) -> list[Piece]:
    """The last `count` pieces stay with what follows them."""
    return [*pieces[:-count], *(replace(piece, keep_with_next=True) for piece in pieces[-count:])]


def title_pieces(document: OfficialDocument, grid: Grid) -> list[Piece]:
    lines = [_centred(line, TITLE, TITLE_LINE, bold=True) for line in title_lines(document)]
    return [gap(grid.above_title), *lines, gap(grid.below_title)]


def title_lines(document: OfficialDocument) -> list[str]:
    """A long title is cut after the project's name, and only a name too long for a line is cut itself."""
    if width(document.title, TITLE, bold=True) <= TEXT_WIDTH:
        return [document.title]
    before, name, after = document.title.partition(document.project_name)
    parts = [before + name, after] if name and len(after) > SHORTEST_TAIL else [document.title]
    return [line for part in parts for line in balanced_lines(part, TITLE, TEXT_WIDTH, bold=True)]


def addressee_pieces(document: OfficialDocument, grid: Grid) -> list[Piece]:
    lines = break_lines(f"{document.addressee}：", grid.body, TEXT_WIDTH)
    return kept_together([*(_text_line(line, grid) for line in lines), gap(0)])


def section_pieces(section: Section, number: int, unit: MoneyUnit, grid: Grid) -> Iterator[Piece]:
    if section.heading:
        heading = break_lines(
            f"{chinese_number(number)}、{section.heading}", grid.body, TEXT_WIDTH - 2 * grid.body, bold=True
        )
        yield from (_text_line(replace(line, indent=2 * grid.body), grid, bold=True, keep=True) for line in heading)
    for paragraph in section.paragraphs:
        yield from paragraph_pieces(paragraph, grid, keep_last=section.table is not None)
    for order, point in enumerate(section.points, start=1):
        mark = f"（{chinese_number(order)}）" if len(section.points) > 1 else ""
        yield from paragraph_pieces(mark + _sentence(point), grid)
    if section.table is not None:
        yield from list_table_pieces(section.table)
    if section.amounts:
        yield from amount_table_pieces(section.amounts, unit)


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "；", "！", "？")) else f"{text}。"


def paragraph_pieces(text: str, grid: Grid, *, keep_last: bool = False) -> list[Piece]:
    """Two characters of indent; neither the first nor the last line of a paragraph stands alone on a page."""
    lines = break_lines(text, grid.body, TEXT_WIDTH, first_indent=2 * grid.body)
    last = len(lines) - 1
    return [
        _text_line(line, grid, keep=(last > 0 and position in {0, last - 1}) or (keep_last and position == last))
        for position, line in enumerate(lines)
    ]


def list_table_pieces(table: ListTable) -> list[Piece]:
    """The first column holds the number, the second the name, the last what there is to say."""
    shares = {3: (0.09, 0.36, 0.55), 4: (0.09, 0.50, 0.11, 0.30)}[len(table.headings)]
    aligns = (Align.CENTRE, Align.LEFT, *(Align.LEFT if len(shares) == 3 else Align.CENTRE for _ in shares[2:]))
    columns = [
        Column(heading, TEXT_WIDTH * share, align)
        for heading, share, align in zip(table.headings, shares, aligns, strict=True)
    ]
    return [gap(4), *table_pieces(columns, table.rows, TEXT_LEFT), gap(8)]


def amount_table_pieces(amounts: tuple[AmountRow, ...], unit: MoneyUnit) -> list[Piece]:
    headings = ("申报金额", "审定金额", "批复金额", "核减（增）")
    columns = [Column("项目", TEXT_WIDTH * 0.24), *(Column(text, TEXT_WIDTH * 0.19, Align.RIGHT) for text in headings)]
    rows = [
        (
            row.label,
            figure(row.declared, unit),
            figure(row.reviewed, unit),
            figure(row.approved, unit),
            figure(difference(row.declared, row.approved if row.reviewed is None else row.reviewed), unit),
        )
        for row in amounts
    ]
    return kept_together([unit_piece(unit), *table_pieces(columns, rows, TEXT_LEFT), gap(8)])


def unit_piece(unit: MoneyUnit) -> Piece:
    def draw_unit(canvas: Canvas, top: float) -> None:
        draw_right(canvas, TEXT_RIGHT, top - UNIT_LINE + 6, f"单位：{unit}", 10.5)

    return Piece(UNIT_LINE, draw_unit, keep_with_next=True)


def annex_note_pieces(document: OfficialDocument, grid: Grid) -> list[Piece]:
    if not document.costs:
        return []
    return [gap(grid.line * 0.5), *paragraph_pieces(f"附件：{document.costs_title}", grid)]


def signature_pieces(document: OfficialDocument, grid: Grid) -> list[Piece]:
    """Issuer over date, centred on each other, at the right; then the note in brackets (附注)."""
    day = chinese_date(document.issued_on)
    block = min(max(width(document.issuer, grid.body), width(day, grid.body)), TEXT_WIDTH - 4 * grid.body)
    middle = TEXT_RIGHT - 2 * grid.body - block / 2
    issuer = balanced_lines(document.issuer, grid.body, block + 0.1)
    lines = [_centred(text, grid.body, grid.line, middle=middle) for text in (*issuer, day)]
    note = paragraph_pieces(f"（{document.signer_note}）", grid) if document.signer_note else []
    return [gap(grid.line), *lines, *note, gap(grid.line * 0.3)]


def annex_pieces(document: OfficialDocument) -> list[Piece]:
    """The cost table on pages of its own, its head on each of them."""
    if not document.costs:
        return []
    label = replace(_text_line(Line("附件"), DECISION_GRID, bold=True, keep=True), starts_page=True)
    title = [
        _centred(line, 18.0, 27.0, bold=True)
        for line in balanced_lines(document.costs_title, 18.0, TEXT_WIDTH, bold=True)
    ]
    opening = [label, gap(6, keep_with_next=True), *(replace(line, keep_with_next=True) for line in title)]
    return [*opening, unit_piece(document.unit), *cost_table_pieces(document), *rounding_note_pieces(document)]


def cost_table_pieces(document: OfficialDocument) -> list[Piece]:
    total = document.cost_total or total_row(document.costs)
    notes = any(row.note for row in document.costs)
    shares = (0.11, 0.29, 0.155, 0.155, 0.155, 0.135) if notes else (0.11, 0.38, 0.17, 0.17, 0.17)
    headings = ("序号", "费用名称", "申报金额", "批复金额", "核减（增）", "备注")[: len(shares)]
    aligns = (Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT)[: len(shares)]
    columns = [
        Column(*column) for column in zip(headings, (TEXT_WIDTH * share for share in shares), aligns, strict=True)
    ]
    rows = [*document.costs, total]
    bold = {number for number, row in enumerate(rows) if "." not in row.code}
    cells = [_cost_cells(row, document.unit)[: len(shares)] for row in rows]
    return table_pieces(columns, cells, TEXT_LEFT, bold_rows=bold)


def _cost_cells(row: CostRow, unit: MoneyUnit) -> tuple[str, ...]:
    depth = "\u3000" * row.code.count(".")
    change = difference(row.declared, row.approved)
    amounts = (figure(row.declared, unit), figure(row.approved, unit), figure(change, unit))
    return (row.code, depth + row.name, *amounts, row.note)


def rounding_note_pieces(document: OfficialDocument) -> list[Piece]:
    total = document.cost_total or total_row(document.costs)
    if not has_rounding_difference(document.costs, total, document.unit):
        return []

    def draw_note(canvas: Canvas, top: float) -> None:
        draw(canvas, TEXT_LEFT, top - 16, ROUNDING_NOTE, FINE)

    return [Piece(22, draw_note)]


def imprint_piece(document: OfficialDocument) -> Piece:
    """The imprint (版记) at the foot of the last page: how to verify the document and whether it is sealed; under a decision
    also who printed it and when (the letter form has no such strip)."""
    lines = [
        f"{document.kind.official_name}　{reference(document)}　　{document.seal_status}",
        "核验方法：扫描左侧二维码，或者访问下列网址",
        *(line.text for line in break_lines(document.verification_url, FINE, TEXT_WIDTH - QR_SIDE - 8, justify=False)),
        "文书内容校验值（SHA-256）：",
        document.facts_hash,
    ]
    panel = max(QR_SIDE, len(lines) * FINE_LINE) + 4
    strip = SMALL + 12 if document.kind.is_decision else 0.0

    def draw_imprint(canvas: Canvas, top: float) -> None:
        _rule(canvas, top - 1, 1.0 if strip else 0.5)
        draw_qr(canvas, document.verification_url, TEXT_LEFT - 3 * mm, top - (panel + QR_SIDE) / 2, QR_SIDE)
        start = top - (panel - len(lines) * FINE_LINE) / 2
        for number, line in enumerate(lines):
            draw(canvas, TEXT_LEFT + QR_SIDE, start - (number + BASELINE_SHARE) * FINE_LINE, line, FINE)
        if strip:
            _draw_strip(canvas, document, top - panel)

    return Piece(panel + strip, draw_imprint, pinned_to_foot=True)


def _draw_strip(canvas: Canvas, document: OfficialDocument, top: float) -> None:
    _rule(canvas, top, 0.5)
    printed = f"{chinese_date(document.issued_on)}印发"
    size = size_to_fit(document.issuer, SMALL, TEXT_WIDTH - 4 * SMALL - width(printed, SMALL))
    draw(canvas, TEXT_LEFT + SMALL, top - SMALL - 2, document.issuer, size)
    draw_right(canvas, TEXT_RIGHT - SMALL, top - SMALL - 2, printed, SMALL)
    _rule(canvas, top - SMALL - 11, 1.0)


def _rule(canvas: Canvas, y: float, thickness: float) -> None:
    canvas.saveState()
    canvas.setLineWidth(thickness)
    canvas.line(TEXT_LEFT, y, TEXT_RIGHT, y)
    canvas.restoreState()


def _text_line(line: Line, grid: Grid, *, bold: bool = False, keep: bool = False) -> Piece:
    def draw_line(canvas: Canvas, top: float) -> None:
        draw(
            canvas,
            TEXT_LEFT + line.indent,
            top - grid.line * BASELINE_SHARE,
            line.text,
            grid.body,
            bold=bold,
            spread=line.spread,
        )

    return Piece(grid.line, draw_line, keep_with_next=keep)


def _centred(text: str, size: float, leading: float, *, bold: bool = False, middle: float = TEXT_MIDDLE) -> Piece:
    def draw_line(canvas: Canvas, top: float) -> None:
        draw_centred(canvas, middle, top - leading * BASELINE_SHARE, text, size, bold=bold)

    return Piece(leading, draw_line, keep_with_next=True)
