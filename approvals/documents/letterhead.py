"""What stands around the text: the red head of the first page, the rules of the letter form, the page numbers."""

from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from approvals.documents.content import OfficialDocument
from approvals.documents.layout import (
    DECISION_GRID,
    GREY,
    LETTER_FOOT_RULE,
    LETTER_RULE_LEFT,
    LETTER_RULE_WIDTH,
    PAGE_NUMBER_BASELINE,
    RED,
    SMALL,
    TEXT_LEFT,
    TEXT_MIDDLE,
    TEXT_RIGHT,
    TEXT_TOP,
    TEXT_WIDTH,
    TRACE,
)
from core.pdf.page import PAGE_HEIGHT, PAGE_WIDTH
from core.pdf.text import balanced_lines, draw, draw_centred, draw_right, size_to_fit, width

DIGEST_SHOWN = 16
PAGE_MIDDLE = PAGE_WIDTH / 2


@dataclass(frozen=True, slots=True)
class HeadForm:
    """Where the issuer's name stands and how big it may be; `ends_at` is where the text may begin."""

    baseline: float
    largest: float
    room: float
    rule_gap: float
    ends_at: float


DECISION = HeadForm(PAGE_HEIGHT - 66 * mm, 45.0, TEXT_WIDTH, 13 * mm, PAGE_HEIGHT - 88 * mm)
LETTER = HeadForm(PAGE_HEIGHT - 42 * mm, 34.0, LETTER_RULE_WIDTH, 5 * mm, PAGE_HEIGHT - 58 * mm)


def form_of(document: OfficialDocument) -> HeadForm:
    return DECISION if document.kind.is_decision else LETTER


def first_offset(document: OfficialDocument) -> float:
    """How far below the top of the text area the first page's text begins."""
    return TEXT_TOP - form_of(document).ends_at


def reference(document: OfficialDocument) -> str:
    """The document number; a paper without one goes by the item's number."""
    return document.document_no or (f"办件编号：{document.item_no}" if document.item_no else "")


def draw_head(canvas: Canvas, document: OfficialDocument) -> None:
    form = form_of(document)
    _draw_issuer(canvas, document.issuer, form)
    if document.kind.is_decision:
        rule = form.baseline - form.rule_gap - 4 * mm
        draw_centred(canvas, TEXT_MIDDLE, rule + 4 * mm, reference(document), DECISION_GRID.body)
        _red_line(canvas, TEXT_LEFT, TEXT_RIGHT, rule, 1.6)
    else:
        rule = form.baseline - form.rule_gap
        _double_rule(canvas, rule, thick_above=True)
        draw_right(canvas, TEXT_RIGHT, rule - 8.5 * mm, reference(document), SMALL)
        _double_rule(canvas, LETTER_FOOT_RULE, thick_above=False)


def _draw_issuer(canvas: Canvas, issuer: str, form: HeadForm) -> None:
    """Short names are spaced, long ones made smaller; a very long one takes two lines."""
    size = size_to_fit(issuer, form.largest, form.room, bold=True)
    if size >= form.largest * 0.5:
        spread = min((form.room * 0.94 - width(issuer, size, bold=True)) / max(len(issuer) - 1, 1), size * 0.35)
        spread = max(spread, 0.0)
        wide = width(issuer, size, bold=True) + spread * (len(issuer) - 1)
        draw(canvas, PAGE_MIDDLE - wide / 2, form.baseline, issuer, size, bold=True, spread=spread, colour=RED)
        return
    size = form.largest * 0.5
    for number, line in enumerate(reversed(balanced_lines(issuer, size, form.room, bold=True))):
        draw_centred(canvas, PAGE_MIDDLE, form.baseline + number * size * 1.3, line, size, bold=True, colour=RED)


def _red_line(canvas: Canvas, left: float, right: float, y: float, thickness: float) -> None:
    canvas.saveState()
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(thickness)
    canvas.line(left, y, right, y)
    canvas.restoreState()


def _double_rule(canvas: Canvas, y: float, *, thick_above: bool) -> None:
    thick, thin = (y + 1.5, y - 1.5) if thick_above else (y - 1.5, y + 1.5)
    right = LETTER_RULE_LEFT + LETTER_RULE_WIDTH
    _red_line(canvas, LETTER_RULE_LEFT, right, thick, 2.2)
    _red_line(canvas, LETTER_RULE_LEFT, right, thin, 0.6)


def draw_foot(canvas: Canvas, document: OfficialDocument, number: int) -> None:
    """— 1 —, on the outer side; on the inner side what ties the sheet to its document."""
    page = f"— {number} —"
    tie = f"{reference(document)}　校验值 {document.facts_hash[:DIGEST_SHOWN]}"
    if number % 2:
        draw_right(canvas, TEXT_RIGHT - SMALL, PAGE_NUMBER_BASELINE, page, SMALL)
        draw(canvas, TEXT_LEFT, PAGE_NUMBER_BASELINE, tie, TRACE, colour=GREY)
    else:
        draw(canvas, TEXT_LEFT + SMALL, PAGE_NUMBER_BASELINE, page, SMALL)
        draw(canvas, TEXT_RIGHT - width(tie, TRACE), PAGE_NUMBER_BASELINE, tie, TRACE, colour=GREY)
