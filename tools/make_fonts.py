"""Make the two subset fonts of core/fonts/ — run once, by hand, when the font or the character list changes.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 && tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
    python tools/make_fonts.py package

The whole Noto Sans SC is 10.6 MB a weight. What the system prints needs less:

* regular — every character of GBK, every Han character above U+FFFF the font knows, and the 8,105 characters of the
  General Standard Chinese Character Table (通用规范汉字表), whose level 3 holds the rare characters of personal and
  place names; 196 of those lie above U+FFFF;
* bold — GB 2312 and the same 8,105 characters (headings and names; the drawing code falls back to regular for the rest).

Layout tables, hinting and vertical metrics are dropped: reportlab reads none of them.
fontTools comes with requirements-dev.txt; the site itself needs only the two files this script leaves behind.
"""

import hashlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

PACKAGE = "@expo-google-fonts/noto-sans-sc 0.4.3"
FONTS = Path(__file__).resolve().parent.parent / "core" / "fonts"
STANDARD_TABLE = FONTS / "general-standard-8105.txt"
PUNCTUATION = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2028), *range(0x2030, 0x205F), 0x20AC, 0x2212}
FULL_WIDTH = {*range(0x3000, 0x3030), *range(0xFE30, 0xFE50), *range(0xFF00, 0xFFF0)}
SYMBOLS = {*range(0x2150, 0x2300), *range(0x2460, 0x2670), *range(0x3030, 0x3100), *range(0x3380, 0x33E0)}


def encodable(code_page: str) -> set[int]:
    """Code points of the basic plane that a Chinese code page can write."""
    return {point for point in range(0x20, 0x10000) if _writes(code_page, point)}


def _writes(code_page: str, point: int) -> bool:
    try:
        chr(point).encode(code_page)
    except UnicodeEncodeError:
        return False
    return True


def standard_table() -> set[int]:
    return {ord(char) for char in STANDARD_TABLE.read_text(encoding="utf-8") if not char.isspace()}


def wanted_regular(known: set[int]) -> set[int]:
    beyond_basic_plane = {point for point in known if point > 0xFFFF}
    return encodable("gbk") | standard_table() | beyond_basic_plane | PUNCTUATION | FULL_WIDTH | SYMBOLS


def wanted_bold(known: set[int]) -> set[int]:
    return encodable("gb2312") | standard_table() | PUNCTUATION | FULL_WIDTH


def make(source: Path, target: Path, wanted: Callable[[set[int]], set[int]]) -> None:
    """Write to `target` the glyphs of `source` whose characters `wanted(known characters)` names."""
    options = subset.Options(
        hinting=False,
        layout_features=[],
        notdef_outline=True,
        name_IDs=["*"],
        glyph_names=False,
        recalc_timestamp=False,
    )
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "BASE", "STAT", "vhea", "vmtx", "gasp", "prep"]
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted(set(font.getBestCmap())))
    subsetter.subset(font)
    font.save(target)


def write_version(files: list[Path]) -> None:
    lines = [
        f"source: npm {PACKAGE} (Noto Sans SC, SIL Open Font License 1.1, see OFL.txt)",
        "made by: tools/make_fonts.py",
        "",
    ]
    lines += [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files]
    (FONTS / "VERSION").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(package: Path) -> None:
    regular, bold = FONTS / "NotoSansSC-Regular.ttf", FONTS / "NotoSansSC-Bold.ttf"
    make(package / "400Regular" / "NotoSansSC_400Regular.ttf", regular, wanted_regular)
    make(package / "700Bold" / "NotoSansSC_700Bold.ttf", bold, wanted_bold)
    shutil.copyfile(package / "LICENSE_FONT", FONTS / "OFL.txt")
    write_version([regular, bold])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
