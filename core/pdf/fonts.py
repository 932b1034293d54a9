"""The two embedded Chinese fonts: where they are, what they can write, and their registration with reportlab.

Both are subsets of Noto Sans SC (core/fonts/VERSION, OFL.txt), made by tools/make_fonts.py. Nothing here depends on
the fonts of the machine that shows the PDF: every glyph used is embedded, and every glyph can be searched and copied.
"""

from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

REGULAR = "NotoSansSC"
BOLD = "NotoSansSC-Bold"

FONT_FILES = Path(__file__).resolve().parent.parent / "fonts"
CODES_PER_BLOCK = 100

# reportlab cuts every subset out of one shared, seeking reader: two threads at once could read each other's glyphs.
_one_reader = RLock()


class SearchableFont(TTFont):
    """A TrueType font whose text can be copied whole, characters above U+FFFF included.

    reportlab's own character map writes four hexadecimal digits per character, so that U+2CB4E, a rare character of
    personal names, is drawn right but searched and copied as U+2CB4 followed by noise.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 — reportlab's name
        state = self.state.get(doc)
        subsets = list(state.subsets) if state else []
        with _one_reader:
            super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("pdfdoc")
            doc.idToObject[f"toUnicodeCMap:{name}"].content = to_unicode_map(name, subset)


def to_unicode_map(font_name: str, subset: list[int]) -> str:
    """The PDF ToUnicode map of one subset: position in the subset → UTF-16, in blocks of at most 100 as PDF asks."""
    codes = [f"<{position:02X}> <{_utf16(point)}>" for position, point in enumerate(subset)]
    blocks = [codes[start : start + CODES_PER_BLOCK] for start in range(0, len(codes), CODES_PER_BLOCK)]
    mapped = [line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({font_name})",
            f"/Ordering ({font_name})",
            "/Supplement 0",
            ">> def",
            f"/CMapName /{font_name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *mapped,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


def _utf16(point: int) -> str:
    return chr(point).encode("utf-16-be").hex().upper()


def register_fonts() -> None:
    """Makes REGULAR and BOLD known to reportlab; the first call of a process reads the files (0.2 s), others are free."""
    with _one_reader:
        _register_once()


@cache
def _register_once() -> None:
    pdfmetrics.registerFont(SearchableFont(REGULAR, str(FONT_FILES / "NotoSansSC-Regular.ttf")))
    pdfmetrics.registerFont(SearchableFont(BOLD, str(FONT_FILES / "NotoSansSC-Bold.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


@cache
def characters(font_name: str) -> frozenset[int]:
    """The code points a registered font has a glyph for."""
    register_fonts()
    return frozenset(pdfmetrics.getFont(font_name).face.charToGlyph)


def missing(text: str) -> str:
    """The characters of `text` that not even the regular font can draw, each once, in order."""
    known = characters(REGULAR)
    return "".join(dict.fromkeys(char for char in text if ord(char) not in known))
