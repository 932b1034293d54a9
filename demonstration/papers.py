"""Small real PDFs to stand for the materials, so that the viewer has something to show."""

import io
from functools import lru_cache

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from core.pdf.fonts import BOLD, REGULAR, register_fonts


@lru_cache(maxsize=256)
def paper(title: str, project: str = "", pages: int = 2) -> bytes:
    """A PDF with a title page and numbered pages; the same title always gives the same bytes."""
    register_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in range(1, pages + 1):
        canvas.setFont(BOLD, 18)
        canvas.drawCentredString(297, 640 if page == 1 else 760, title[:26])
        canvas.setFont(REGULAR, 11)
        if project:
            canvas.drawCentredString(297, 600, project[:40])
        canvas.drawCentredString(297, 560 if page == 1 else 730, "演示资料，仅供系统演示使用")
        for line in range(18):
            canvas.setLineWidth(0.3)
            canvas.line(90, 500 - line * 22, 505, 500 - line * 22)
        canvas.drawCentredString(297, 50, f"— {page} —")
        canvas.showPage()
    canvas.save()
    return out.getvalue()
