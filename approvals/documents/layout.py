"""The page of an official document, after GB/T 9704 (党政机关公文格式), in points.

A4; the text area (版心) is 156 mm × 225 mm, 37 mm below the top and 28 mm from the left edge, and holds 22 lines of 28
characters. Decisions carry the red letterhead with the red rule; notices and letters the letter form with two double
red rules, set one size smaller and, where that keeps them on one sheet, closer. The standard's typefaces (小标宋, 仿宋) are replaced by the two weights of the embedded font; sizes are kept.
"""

from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.lib.units import mm

from core.pdf.page import PAGE_HEIGHT, PAGE_WIDTH

TEXT_LEFT = 28 * mm
TEXT_WIDTH = 156 * mm
TEXT_RIGHT = TEXT_LEFT + TEXT_WIDTH
TEXT_TOP = PAGE_HEIGHT - 37 * mm
TEXT_HEIGHT = 225 * mm
TEXT_MIDDLE = TEXT_LEFT + TEXT_WIDTH / 2


@dataclass(frozen=True, slots=True)
class Grid:
    """The size of the text's characters, the distance of its lines, the space around the title."""

    body: float
    line: float
    above_title: float
    below_title: float


DECISION_GRID = Grid(TEXT_WIDTH / 28, TEXT_HEIGHT / 22, 26.0, 23.0)
LETTER_GRIDS = tuple(Grid(14.0, TEXT_HEIGHT / lines, 12.0, 12.0) for lines in (26, 27, 28, 29, 30, 31))

TITLE = 22.0
TITLE_LINE = 34.0
SMALL = 14.0
FINE = 9.0
FINE_LINE = 14.0
TRACE = 7.0

RED = Color(0.80, 0.0, 0.04)
GREY = Color(0.42, 0.42, 0.42)

LETTER_TEXT_HEIGHT = TEXT_HEIGHT + 3 * mm
LETTER_RULE_WIDTH = 170 * mm
LETTER_RULE_LEFT = (PAGE_WIDTH - LETTER_RULE_WIDTH) / 2
LETTER_FOOT_RULE = 20 * mm
PAGE_NUMBER_BASELINE = 23.5 * mm
QR_SIDE = 26 * mm
