"""QR codes as vectors."""

from itertools import groupby

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.pdfgen.canvas import Canvas

QUIET_MODULES = 4


def qr_matrix(text: str) -> list[list[bool]]:
    """The modules of the code, row by row from the top, dark ones True; error correction level M (15 %)."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


def draw_qr(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """Draws the code with its quiet zone into the square of `side` points whose lower left corner is (x, y)."""
    matrix = qr_matrix(text)
    module = side / (len(matrix) + 2 * QUIET_MODULES)
    path = canvas.beginPath()
    for row_number, row in enumerate(matrix):
        bottom = y + side - (QUIET_MODULES + row_number + 1) * module
        column = 0
        for is_dark, group in groupby(row):
            length = len(list(group))
            if is_dark:
                path.rect(x + (QUIET_MODULES + column) * module, bottom, length * module, module)
            column += length
    canvas.saveState()
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
