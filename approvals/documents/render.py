"""From an OfficialDocument to the bytes of its PDF."""

from io import BytesIO

from approvals.documents.body import document_pieces
from approvals.documents.content import OfficialDocument
from approvals.documents.layout import DECISION_GRID, LETTER_GRIDS, LETTER_TEXT_HEIGHT, TEXT_HEIGHT, TEXT_TOP
from approvals.documents.letterhead import draw_foot, draw_head, first_offset
from core.pdf.flow import Placed, paginate
from core.pdf.page import new_canvas


def render(document: OfficialDocument) -> bytes:
    """The PDF: A4, fonts embedded, text searchable, the same bytes for the same document (R-SEAL-02)."""
    target = BytesIO()
    canvas = new_canvas(
        target,
        title=document.title,
        author=document.issuer,
        subject=f"{document.project_name} {document.kind.official_name}",
        keywords=" ".join(filter(None, (document.document_no, document.project_code, document.item_no))),
        dated=document.issued_on,
    )
    for number, page in enumerate(laid_out(document), start=1):
        if number == 1:
            draw_head(canvas, document)
        for placed in page:
            placed.piece.draw(canvas, TEXT_TOP - placed.offset)
        draw_foot(canvas, document, number)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def laid_out(document: OfficialDocument) -> list[list[Placed]]:
    """The pages. A letter is set closer where that saves it a second sheet; otherwise the widest lines are kept."""
    if document.kind.is_decision:
        return paginate(document_pieces(document, DECISION_GRID), TEXT_HEIGHT, first_offset(document))
    tries = (
        paginate(document_pieces(document, grid), LETTER_TEXT_HEIGHT, first_offset(document)) for grid in LETTER_GRIDS
    )
    widest = next(tries)
    return widest if len(widest) == 1 else next((pages for pages in tries if len(pages) == 1), widest)
