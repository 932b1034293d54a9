"""Cost workbooks: what goes out comes back, and every error is shown at its cell."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.costing import tree
from approvals.costing.amounts import Unit
from approvals.costing.package import Limits
from approvals.costing.tree import CostLine
from approvals.costing.wording import SENTENCES
from approvals.costing.xlsx import export, read_book, template

HEADS = ("编码", "费用名称", "单位", "数量", "报送金额（万元）", "审定金额（万元）", "备注/核减原因")


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


def book(*rows, heads=HEADS, above=(), formats=None):
    """A workbook with the rows; a text that starts with “=” becomes a formula, with its value after “→” if any."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as workbook:
        sheet = workbook.add_worksheet("概算")
        for row, cells in enumerate([*above, heads, *rows]):
            for column, value in enumerate(cells):
                style = workbook.add_format({"num_format": formats[value]}) if (formats or {}).get(value) else None
                if isinstance(value, str) and value.startswith("="):
                    formula, _, stored = value.partition("→")
                    sheet.write_formula(row, column, formula, style, float(stored) if stored else 0)
                elif value is not None:
                    sheet.write(row, column, value, style)
    return buffer.getvalue()


def found(content, **limits):
    read = read_book(content, limits=Limits(**limits))
    return [(error.cell, error.code) for error in read.errors], [(note.cell, note.code) for note in read.warnings]


def errors(content, **limits):
    return found(content, **limits)[0]


def wan(text):
    return Decimal(text).scaleb(4)


def test_a_good_sheet_becomes_lines_in_exact_yuan():
    read = read_book(
        book(
            ("1", "工程费用", None, None, None, None, None),
            ("1.1", "教学楼", "m²", 3400.5, "1,234.567891", 1000.1, "单价偏高"),
            ("2", "其他费用", None, None, 0.3, None, None),
        )
    )
    assert read.is_good and read.warnings == ()
    assert read.lines == (
        CostLine("1", "工程费用"),
        CostLine("1.1", "教学楼", Decimal("12345678.91"), Decimal("10001000.00"), "m²", Decimal("3400.5"), "单价偏高"),
        CostLine("2", "其他费用", Decimal("3000.00")),
    )


def test_every_error_is_shown_at_its_own_cell():
    content = book(
        ("1", "工程费用", None, None, "壹佰", 1.2345678, None),
        ("1", "", None, "many", -5, True, None),
        ("1.2.3", "x", None, None, "63万元x", "#REF!", None),
        ("A1", "x", None, None, "6元", "=1/3", "x" * 501),
        (date(2026, 1, 2), "x", None, None, 1, date(2026, 1, 2), None),
    )
    assert errors(content) == [
        ("E2", "amount.format"),
        ("F2", "amount.decimals"),
        ("A3", "costs.duplicate_code"),
        ("B3", "costs.name_missing"),
        ("D3", "cell.not_a_number"),
        ("E3", "amount.negative"),
        ("F3", "amount.format"),
        ("A4", "costs.parent_missing"),
        ("E4", "amount.format"),
        ("F4", "cell.excel_error"),
        ("A5", "costs.code_format"),
        ("E5", "amount.unit"),
        ("G5", "cell.too_long"),
        ("A6", "cell.date"),
        ("F6", "cell.date"),
    ]


def test_each_error_says_in_chinese_what_is_wrong_on_which_sheet():
    (error,) = read_book(book(("1", "工程费用", None, None, "壹佰"))).errors
    assert (error.sheet, error.cell, error.message) == ("概算", "E2", "“壹佰”不是金额。")
    assert error.as_problem().as_dict() == {"code": "amount.format", "message": "“壹佰”不是金额。", "field": "E2"}


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_is_translated_with_the_same_placeholders(code):
    params = dict.fromkeys(("text", "found", "unit", "decimals", "code", "parent", "stated", "parts"), "§")
    params |= dict.fromkeys(("difference", "limit", "head"), "§")
    sentences = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            sentences[language] = str(SENTENCES[code]) % params
    assert sentences["en"].count("§") == sentences["zh-hans"].count("§")
    assert any("一" <= char <= "鿿" for char in sentences["zh-hans"])


def test_a_formula_with_a_stored_value_is_taken_with_a_warning():
    read = read_book(book(("1", "工程费用", None, None, "=60+40→100", None)))
    assert read.lines[0].declared == wan("100")
    assert [(note.cell, note.code) for note in read.warnings] == [("E2", "cell.formula_value_used")]


def test_a_formula_without_a_stored_value_is_refused():
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADS)
    workbook.active.append(["1", "工程费用", None, None, "=60+40"])
    buffer = BytesIO()
    workbook.save(buffer)
    assert errors(buffer.getvalue()) == [("E2", "cell.formula_without_value")]


@pytest.mark.parametrize(
    ("heads", "yuan"),
    [
        (("序号", "费用名称", "报送概算(万元)"), "10000.00"),
        (("序号", "费用名称", "报送概算（元）"), "1.00"),
        (("编 码", "费用\n名称", "申报金额\n（万元）"), "10000.00"),
        (("Code", "Cost item", "Declared amount (10,000 yuan)"), "10000.00"),
        (("Code", "Cost item", "Declared amount (yuan)"), "1.00"),
    ],
)
def test_heads_are_recognised_as_people_write_them(heads, yuan):
    assert read_book(book(("1", "工程费用", 1), heads=heads)).lines[0].declared == Decimal(yuan)


def test_the_unit_may_stand_above_the_head():
    above = (("某工程概算书",), ("金额单位：万元",))
    assert read_book(book(("1", "工程费用", 1), heads=("编码", "费用名称", "报送金额"), above=above)).lines[
        0
    ].declared == wan("1")


def test_an_amount_column_without_a_unit_is_refused_at_its_head():
    assert errors(book(("1", "工程费用", 1), heads=("编码", "费用名称", "报送金额"))) == [("C1", "head.unit_missing")]
    assert errors(book(("1", "工程费用", 1), heads=("编码", "费用名称", "报送金额(亿元)"))) == [
        ("C1", "head.unit_missing")
    ]


def test_a_column_that_appears_twice_is_refused():
    content = book(("1", "工程费用", 1, 2), heads=("编码", "费用名称", "报送金额(万元)", "申报金额(万元)"))
    assert errors(content) == [("D1", "head.duplicate")]


def test_without_a_head_or_lines_the_file_says_so():
    assert errors(book(("1", "x", 1), heads=("a", "b", "c"))) == [("", "book.no_head")]
    assert errors(book()) == [("B1", "book.no_lines")]


@pytest.mark.parametrize(
    ("number", "number_format", "code"),
    [(1, None, "1"), (2.03, None, "2.03"), (3.1, None, "3.1"), (1.2, None, "1.2"), (2.1, "0.00", "2.10")],
)
def test_a_code_stored_as_a_number_is_read_where_it_is_certain(number, number_format, code):
    parent = str(number)[0]
    rows = [(parent, "父项", None)] if "." in code else []
    read = read_book(book(*rows, (number, "x", None, None, 5), formats={number: number_format}))
    assert read.errors == () and read.lines[-1].code == code


def test_top_branches_may_carry_chinese_numerals():
    read = read_book(book(("一", "工程费用", None, None, 5), ("二、", "其他费用", None, None, 5), ("三", "预备费")))
    assert read.is_good and [line.code for line in read.lines] == ["1", "2", "3"]


def test_a_code_stored_as_a_number_that_may_have_lost_a_zero_is_refused():
    assert errors(book(("2", "其他费用"), (2.1, "监理费", None, None, 5))) == [("A3", "cell.code_is_number")]


def test_the_total_row_is_compared_and_is_not_a_line():
    rows = [
        ("1", "工程费用", None, None, 14100.48),
        ("2", "其他费用", None, None, 8360.10),
        ("3", "预备费", None, None, 790.83),
    ]
    read = read_book(book(*rows, (None, "合 计", None, None, 23251.38)))
    assert [line.code for line in read.lines] == ["1", "2", "3"]
    assert read.is_good and [(note.cell, note.code) for note in read.warnings] == [
        ("E5", "cell.total_differs_slightly")
    ]
    assert errors(book(*rows, ("合计", None, None, None, 23251.20))) == [("E5", "cell.total_differs")]
    assert found(book(*rows, ("合计", None, None, None, 23251.41))) == ([], [])


def test_a_parent_that_is_not_its_children_is_refused_at_its_cell():
    content = book(("1", "工程费用", None, None, 10), ("1.1", "教学楼", None, None, 9))
    assert errors(content) == [("E2", "costs.parent_differs")]


def test_empty_rows_and_dashes_are_no_amounts():
    read = read_book(book(("1", "工程费用", None, None, "—", "-"), (None,) * 7, ("2", "其他", None, None, 1, None)))
    assert [line.declared for line in read.lines] == [None, wan("1")]


def test_hidden_sheets_are_not_read():
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        for title, amount in (("藏", 1), ("概算", 2)):
            sheet = workbook.add_worksheet(title)
            sheet.write_row(0, 0, HEADS)
            sheet.write_row(1, 0, ["1", "工程费用", "", "", amount])
            if title == "藏":
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
    assert read_book(buffer.getvalue()).lines[0].declared == wan("2")


def test_too_many_rows_are_refused():
    rows = [("1", "工程费用", None, None, 1), *[(f"1.{number}", "x", None, None, None) for number in range(1, 12)]]
    assert errors(book(*rows), rows=12) == [("A13", "book.too_many_rows")]
    assert errors(book(*rows), rows=13) == []


def repacked(content, *, add=None, replace=None):
    buffer = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            for part, change in (replace or {}).items():
                text = change(text) if name == part else text
            target.writestr(name, text)
        for name, text in (add or {}).items():
            target.writestr(name, text)
    return buffer.getvalue()


GOOD = book(("1", "工程费用", None, None, 1))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "book.not_xlsx"),
        (b"1,2,3", "book.not_xlsx"),
        (GOOD[: len(GOOD) // 2], "book.not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "book.encrypted"),
        (repacked(GOOD, add={"xl/vbaProject.bin": b"x"}), "book.macros"),
        (repacked(GOOD, add={"xl/macrosheets/sheet1.xml": b"<x/>"}), "book.macros"),
        (
            repacked(
                GOOD, replace={"[Content_Types].xml": lambda t: t.replace(b"sheet.main", b"sheet.macroEnabled.main")}
            ),
            "book.macros",
        ),
        (repacked(GOOD, add={"xl/externalLinks/externalLink1.xml": b"<x/>"}), "book.external_links"),
        (repacked(GOOD, add={"xl/media/big.bin": b"\0" * 70_000_000}), "book.bomb"),
        (repacked(GOOD, add={f"xl/media/{number}": b"" for number in range(600)}), "book.bomb"),
        (
            repacked(GOOD, replace={"xl/sharedStrings.xml": lambda t: b'<!DOCTYPE x [<!ENTITY a "b">]>' + t}),
            "book.not_xlsx",
        ),
        (
            repacked(GOOD, replace={"xl/sharedStrings.xml": lambda t: t.decode().encode("utf-16")}),
            "book.not_xlsx",
        ),
        (repacked(GOOD, replace={"xl/workbook.xml": lambda t: t[:200]}), "book.not_xlsx"),
        (repacked(GOOD, replace={"xl/worksheets/sheet1.xml": lambda t: t[:-50]}), "book.not_xlsx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_must_not_be_opened_is_refused_as_a_whole(content, code):
    assert errors(content) == [("", code)]


def test_a_file_beyond_the_size_limit_is_not_even_unpacked():
    assert errors(GOOD + b"\0" * 1_100_000, megabytes=1) == [("", "book.too_big")]


def test_a_workbook_that_lies_about_its_span_is_read_whole():
    lying = repacked(GOOD, replace={"xl/worksheets/sheet1.xml": lambda t: t.replace(b'ref="A1:G2"', b'ref="A1:A1"')})
    assert lying != GOOD and read_book(lying).lines[0].declared == wan("1")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("unit", Unit)
def test_the_empty_template_reads_back_as_the_standard_tree(language, unit):
    with translation.override(language):
        read = read_book(template(unit))
    assert read.errors == () and read.warnings == ()
    assert [line.code for line in read.lines] == [item.code.replace("x", "1") for item in tree.STANDARD_TREE]
    assert all(line.declared is None for line in read.lines)


def test_the_export_writes_text_as_text_and_sums_beside_parents():
    lines = [
        CostLine("1", "工程费用"),
        CostLine("1.2", "=1+1", wan("0.000001"), None, "m²", Decimal("3.25"), "@SUM(A1)"),
        CostLine("1.10", "道路", wan("99999999.99"), wan("1")),
    ]
    content = export(lines, title="葵湾中心小学改扩建工程")
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    grid = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row}
    assert not [cell for cell in grid.values() if cell.data_type == "f"]
    assert [grid[f"A{row}"].value for row in (1, 4, 5, 6)] == ["葵湾中心小学改扩建工程", "1", "1.2", "1.10"]
    assert (grid["B5"].value, grid["G5"].value, grid["E5"].value) == ("=1+1", "@SUM(A1)", 0.000001)
    read = read_book(content)
    assert read.errors == ()
    assert read.lines == (CostLine("1", "工程费用", wan("99999999.990001"), wan("1")), *lines[1:])


amounts = st.one_of(st.none(), st.integers(0, 10**14).map(lambda fen: Decimal(fen).scaleb(-2)))


@settings(max_examples=25, deadline=None)
@given(
    pairs=st.dictionaries(st.integers(1, 99), st.tuples(amounts, amounts), min_size=1, max_size=12),
    unit=st.sampled_from(Unit),
)
def test_any_lines_come_back_as_they_went_out(pairs, unit):
    lines = [CostLine(f"1.{number}", f"单项{number}", *pair) for number, pair in sorted(pairs.items())]
    with translation.override("zh-hans"):
        read = read_book(export([CostLine("1", "工程费用"), *lines], unit))
    assert read.errors == () and list(read.lines[1:]) == lines
