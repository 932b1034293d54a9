"""Lines of Chinese text: measuring, breaking by the rules of Chinese typography, drawing.

reportlab's own CJK wrapping lets a line begin with a closing mark where two of them meet; an official document may not.
All lengths are points.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from reportlab.lib.colors import Color, black
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from core.pdf.fonts import BOLD, REGULAR, characters

NEVER_FIRST = frozenset("，。、；：？！）〕】》〉」』”’％‰…—～·℃,.;:?!)]}%")
NEVER_LAST = frozenset("（〔【《〈「『“‘￥¥$([{")
UNBROKEN = re.compile(r"[A-Za-z0-9À-ɏ][A-Za-z0-9À-ɏ.,:/_+\-#&?=@%]*(?<![.,:])|.", re.DOTALL)
WIDEST_STRETCH = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, how far it is pushed in, and how much room is spread between its characters."""

    text: str
    indent: float = 0.0
    spread: float = 0.0


def printable(text: str) -> str:
    """`text` as it can be drawn: without invisible characters; what no font knows is spelt out as [U+31350].

    A name must never lose a character silently, nor may an unknown character stop an official document.
    """
    known = characters(REGULAR)
    visible = (char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Mn", "Zl", "Zp"})
    return "".join(char if ord(char) in known else f"[U+{ord(char):04X}]" for char in visible)


def runs(text: str, bold: bool = False) -> list[tuple[str, str]]:
    """`text` cut into (font, piece): the bold font has fewer characters, regular stands in for what it lacks."""
    if not bold:
        return [(REGULAR, text)] if text else []
    heavy = characters(BOLD)
    return [
        (BOLD if is_heavy else REGULAR, "".join(piece)) for is_heavy, piece in groupby(text, lambda c: ord(c) in heavy)
    ]


def width(text: str, size: float, bold: bool = False) -> float:
    return sum(pdfmetrics.stringWidth(piece, font, size) for font, piece in runs(printable(text), bold))


def size_to_fit(text: str, size: float, room: float, bold: bool = False) -> float:
    """`size`, or the smaller one at which `text` fits on one line of `room`."""
    natural = width(text, size, bold)
    return size if natural <= room else size * room / natural


def shortened(text: str, size: float, room: float) -> str:
    """`text`, or as much of its beginning as fits on one line of `room` with the mark of omission."""
    if width(text, size) <= room:
        return text
    kept = len(text)
    while kept and width(text[:kept] + "…", size) > room:
        kept -= 1
    return text[:kept] + "…"


def break_lines(
    text: str, size: float, room: float, *, bold: bool = False, first_indent: float = 0.0, justify: bool = True
) -> list[Line]:
    """Cuts a paragraph into lines no wider than `room`; never begins one with a closing mark nor ends one with an opening
    mark; keeps numbers and Latin words whole unless one alone is wider than the line; fills all lines but the last."""
    atoms = [piece for atom in UNBROKEN.findall(printable(text)) for piece in _fitting(atom, size, room, bold)]
    widths = [width(atom, size, bold) for atom in atoms]
    lines: list[Line] = []
    start = 0
    while start < len(atoms):
        indent = first_indent if not lines else 0.0
        end = _line_end(atoms, widths, start, room - indent)
        line = "".join(atoms[start:end]).rstrip()
        is_last = end == len(atoms)
        slack = room - indent - width(line, size, bold)
        spread = slack / max(len(line) - 1, 1)
        fills = justify and not is_last and 0 < spread <= WIDEST_STRETCH * size
        lines.append(Line(line, indent, spread if fills else 0.0))
        start = end
    return lines or [Line("")]


def balanced_lines(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """A heading of several lines, cut into lines of about equal length and as few as possible."""
    lines = break_lines(text, size, room, bold=bold, justify=False)
    narrow = width(text, size, bold) / max(len(lines), 1)
    for step in range(20):
        tried = break_lines(text, size, narrow + (room - narrow) * step / 20, bold=bold, justify=False)
        if len(tried) <= len(lines):
            return [line.text for line in tried]
    return [line.text for line in lines]


def _fitting(atom: str, size: float, room: float, bold: bool) -> list[str]:
    """A word wider than the line (a web address) has to be cut somewhere."""
    return [atom] if width(atom, size, bold) <= room else list(atom)


def _line_end(atoms: list[str], widths: list[float], start: int, room: float) -> int:
    end, used = start, 0.0
    while end < len(atoms) and used + widths[end] <= room + 0.01:
        used += widths[end]
        end += 1
    end = max(end, start + 1)
    if end == len(atoms):
        return end
    best = end
    while best > start + 1 and (atoms[best][0] in NEVER_FIRST or atoms[best - 1][-1] in NEVER_LAST):
        best -= 1
    return best if best > start + 1 or _may_break(atoms, best) else end


def _may_break(atoms: list[str], at: int) -> bool:
    return atoms[at][0] not in NEVER_FIRST and atoms[at - 1][-1] not in NEVER_LAST


def draw(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    bold: bool = False,
    spread: float = 0.0,
    colour: Color = black,
) -> None:
    """Draws one line with its left end at `x` and its baseline at `y`."""
    line = canvas.beginText(x, y)
    line.setFillColor(colour)
    line.setCharSpace(spread)
    for font, piece in runs(printable(text), bold):
        line.setFont(font, size)
        line.textOut(piece)
    canvas.drawText(line)


def draw_right(canvas: Canvas, right: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
    draw(canvas, right - width(text, size, bold), y, text, size, bold=bold)


def draw_centred(
    canvas: Canvas, middle: float, y: float, text: str, size: float, *, bold: bool = False, colour: Color = black
) -> None:
    draw(canvas, middle - width(text, size, bold) / 2, y, text, size, bold=bold, colour=colour)
