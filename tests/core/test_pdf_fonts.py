"""The embedded fonts write every name, and what they write can be copied again."""

import ctypes
import hashlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import makeToUnicodeCMap
from reportlab.pdfgen.canvas import Canvas

from core.pdf.fonts import BOLD, FONT_FILES, REGULAR, characters, missing, register_fonts, to_unicode_map
from core.pdf.page import new_canvas
from core.pdf.qr import draw_qr
from core.pdf.text import NEVER_FIRST, NEVER_LAST, break_lines, draw, printable, width
from tests.core.qr_reader import read_qr

RARE = "𬭎𫖮𬍛𬀩𬸚𪟝䶮㛃喆堃犇"
BEYOND_EVERY_FONT = chr(0x31350)


def standard_table() -> str:
    return "".join((FONT_FILES / "general-standard-8105.txt").read_text(encoding="utf-8").split())


def one_page(*lines: tuple[str, bool]) -> bytes:
    target = BytesIO()
    canvas = new_canvas(target, title="t", author="a", subject="s", keywords="k", dated=date(2017, 3, 22))
    for number, (line, bold) in enumerate(lines):
        draw(canvas, 40, 780 - 24 * number, line, 14, bold=bold)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in document))


def fonts_used(pdf: bytes) -> set[tuple[str, bool]]:
    """(name, is embedded) of every text object."""
    found = set()
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                font = pdfium.FPDFTextObj_GetFont(item.raw)
                name = ctypes.create_string_buffer(200)
                pdfium.FPDFFont_GetBaseFontName(font, name, 200)
                found.add((name.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))))
    return found


def test_the_committed_fonts_are_the_ones_version_names_and_carry_their_licence():
    named = re.findall(r"^([0-9a-f]{64})  (.+)$", (FONT_FILES / "VERSION").read_text(), re.MULTILINE)
    assert {name for _, name in named} == {"NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"}
    for digest, name in named:
        assert hashlib.sha256((FONT_FILES / name).read_bytes()).hexdigest() == digest
    assert "SIL Open Font License" in (FONT_FILES / "OFL.txt").read_text()


def test_the_fonts_together_stay_small_enough_to_be_committed():
    assert sum(file.stat().st_size for file in FONT_FILES.iterdir()) < 11_000_000


def test_both_fonts_know_all_8105_characters_of_the_national_standard_table():
    table = standard_table()
    assert len(set(table)) == 8105
    assert sum(ord(char) > 0xFFFF for char in table) == 196
    for font in (REGULAR, BOLD):
        assert [char for char in table if ord(char) not in characters(font)] == []


def test_the_regular_font_knows_every_han_character_of_gbk():
    def in_gbk(char: str) -> bool:
        return char.encode("gbk", errors="ignore") != b""

    han = [chr(point) for point in range(0x4E00, 0x9FA6) if in_gbk(chr(point))]
    assert len(han) == 20_902
    assert missing("".join(han)) == ""


@pytest.mark.parametrize("bold", [False, True])
def test_rare_name_characters_beyond_the_basic_plane_are_copied_as_they_were_written(bold):
    assert any(ord(char) > 0xFFFF for char in RARE)
    assert text_of(one_page((RARE, bold), ("审批人：欧阳𬭎", bold))) == RARE + "审批人：欧阳𬭎"


def test_a_character_beyond_the_basic_plane_is_mapped_to_its_two_utf16_units():
    high, low = divmod(ord("𬭎") - 0x10000, 0x400)
    assert f"<01> <{0xD800 + high:04X}{0xDC00 + low:04X}>" in to_unicode_map("F", [0, ord("𬭎")])


def test_reportlab_alone_maps_it_to_five_digits_that_are_no_utf16():
    """The fault our font class repairs; when this fails, reportlab has mended it and the repair may go."""
    assert "<2CB4E>" in makeToUnicodeCMap("F", [0, ord("𬭎")])


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_a_second_reader_copies_rare_names_too(tmp_path):
    (tmp_path / "rare.pdf").write_bytes(one_page((RARE, False), (RARE, True)))
    copied = subprocess.run(["pdftotext", "-enc", "UTF-8", tmp_path / "rare.pdf", "-"], capture_output=True, check=True)
    assert copied.stdout.decode().split() == [RARE, RARE]


def test_more_than_256_different_characters_are_still_copied_in_order():
    lines = [standard_table()[start : start + 30] for start in range(0, 900, 30)]
    assert text_of(one_page(*((line, False) for line in lines))) == "".join(lines)


def test_every_font_in_the_file_is_embedded():
    used = fonts_used(one_page(("申报金额 1,234.00 〔2017〕", False), ("审定", True)))
    assert {name.rpartition("+")[2] for name, _ in used} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert all(embedded for _, embedded in used)


def test_a_character_the_bold_font_lacks_is_drawn_in_regular():
    lacking = next(char for char in "丂丄丅丆" if ord(char) not in characters(BOLD))
    pdf = one_page((f"王{lacking}", True))
    assert text_of(pdf) == f"王{lacking}"
    assert len(fonts_used(pdf)) == 2


def test_a_character_no_font_knows_is_spelt_out_and_never_lost():
    assert missing(f"王{BEYOND_EVERY_FONT}") == BEYOND_EVERY_FONT
    assert text_of(one_page((f"王{BEYOND_EVERY_FONT}", False))) == "王[U+31350]"


def test_invisible_characters_are_not_drawn():
    assert printable("葵湾\u200b中心\ufeff小学\x07\ufe0f") == "葵湾中心小学"


CHINESE = st.text(alphabet="新区发展和财政局关于项目概算的批复一二三", min_size=1, max_size=8)
MARKS = st.sampled_from(
    ["，", "。", "、", "”。", "）。", "》）", "……", "：“", "（", "《", "〔2017〕", "12,345.67", "SP-002"]
)


@given(st.lists(st.one_of(CHINESE, MARKS), min_size=1, max_size=40), st.integers(12, 40))
def test_broken_lines_keep_every_character_fit_the_width_and_respect_the_marks(pieces, characters_wide):
    paragraph = "文" + "字".join(pieces)
    size, room = 15.0, 15.0 * characters_wide
    lines = break_lines(paragraph, size, room, first_indent=2 * size)
    assert "".join(line.text for line in lines) == paragraph
    assert all(
        line.indent + width(line.text, size) + line.spread * (len(line.text) - 1) <= room + 0.1 for line in lines
    )
    assert not any(line.text[0] in NEVER_FIRST for line in lines[1:])
    assert not any(line.text[-1] in NEVER_LAST for line in lines[:-1])
    assert [line.indent for line in lines] == [2 * size] + [0.0] * (len(lines) - 1)


def test_a_line_is_filled_to_the_edge_except_the_last():
    lines = break_lines("项目单位应当按照批复的建设内容、规模和概算组织实施，不得擅自变更。" * 3, 15, 400)
    for line in lines[:-1]:
        assert width(line.text, 15) + line.spread * (len(line.text) - 1) == pytest.approx(400, abs=0.1)
    assert lines[-1].spread == 0


def test_a_number_is_never_cut():
    lines = break_lines("核减金额为" + "1,234,567.89元和" * 12, 15, 230)
    assert sum(line.text.count("1,234,567.89") for line in lines) == 12


def test_an_address_wider_than_the_line_is_cut_rather_than_overflowing():
    address = "https://giplt.example.gov.cn/verify/" + "A" * 200
    lines = break_lines(address, 9, 200)
    assert "".join(line.text for line in lines) == address
    assert all(width(line.text, 9) <= 200.1 for line in lines)


def test_the_same_page_is_the_same_bytes_whatever_was_drawn_before_and_whatever_the_environment(monkeypatch):
    first = one_page(("葵湾中心小学", False))
    one_page((standard_table()[:300], True))
    monkeypatch.setenv("TZ", "America/New_York")
    assert one_page(("葵湾中心小学", False)) == first


@pytest.fixture
def switching_often():
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_eight_threads_at_once_write_the_same_bytes_as_one_after_another(switching_often):
    texts = [standard_table()[start : start + 250] for start in range(0, 4000, 250)]

    def page(text: str) -> bytes:
        return one_page(*((text[at : at + 30], True) for at in range(0, 250, 30)))

    alone = [page(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(page, texts)) == alone


def test_the_file_is_dated_like_the_document_and_says_it_is_chinese():
    pdf = one_page(("甲", False))
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.get_metadata_dict()["CreationDate"].startswith("D:20170322000000+08")
    assert b"/Lang (zh-CN)" in pdf


@pytest.mark.parametrize(
    "text",
    [
        "https://giplt.example.gov.cn/verify/7Q2M-K9XD-4TRB",
        "http://127.0.0.1:8000/verify/12/",
        "HTTPS://A.CN/1234567890",
    ],
)
def test_the_drawn_qr_code_reads_back_as_the_address(text):
    register_fonts()
    target = BytesIO()
    canvas = Canvas(target, pagesize=(100, 100))
    draw_qr(canvas, text, 10, 10, 80)
    canvas.save()
    with pypdfium2.PdfDocument(target.getvalue()) as document:
        picture = document[0].render(scale=8).to_pil()
    assert read_qr(picture) == text
