"""One table, every format: what is read back from each file is what the web page shows."""

import csv
import json
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO, StringIO

import openpyxl
import pypdfium2
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reports import cells, renderers
from reports.renderers.csv import harmless
from reports.table import Column, Kind, ReportTable

NUMBER = Column("number", "序号", Kind.COUNT)
NAME = Column("name", "项目名称")
DECLARED = Column("declared", "申报总投资", Kind.MONEY_WAN, total=True)
CONTRACT = Column("contract", "合同价", Kind.MONEY_YUAN, total=True)
RATE = Column("rate", "核减(增)率", Kind.PERCENT)
DECIDED = Column("decided", "发文日", Kind.DATE)
USED = Column("used", "平均用时", Kind.DAYS, unit="工作日")
INDEX = Column("index", "指数", Kind.DECIMAL)
COLUMNS = (NUMBER, NAME, DECLARED, CONTRACT, RATE, DECIDED, USED, INDEX)
ROWS = [
    (1, "葵湾中心小学改扩建工程", Decimal("97133200.00"), Decimal("0.05"), Decimal("0.3038"), date(2016, 11, 3), 15, 1),
    (
        2,
        '=HYPERLINK("http://x","鹏山第二幼儿园")',
        Decimal("1234567891.55"),
        Decimal("-350000.10"),
        Decimal("-0.0350"),
        date(2017, 6, 15),
        Decimal("7.25"),
        Decimal("1.005"),
    ),
    (3, "环湾大道北段市政工程", Decimal("50.00"), None, None, None, None, None),
]


def a_table(**changes):
    values = {
        "code": "reduction",
        "title": "核减率统计表",
        "columns": COLUMNS,
        "rows": ROWS,
        "generated_at": datetime(2026, 11, 23, 4, 30, tzinfo=UTC),
        "period": "2016-07-01 至 2017-06-15",
        "totals": {"rate": Decimal("0.2516")},
        "notes": ["退文 6 项不计入上表。"],
        "cutoff": "2026-11-23 12:30",
        "generated_by": "林晓",
    }
    return ReportTable(**values | changes)


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


EXPECTED = [
    ["1", "葵湾中心小学改扩建工程", "9,713.32", "0.05", "30.38%", "2016-11-03", "15", "1.00"],
    [
        "2",
        '=HYPERLINK("http://x","鹏山第二幼儿园")',
        "123,456.79",
        "-350,000.10",
        "-3.50%",
        "2017-06-15",
        "7.3",
        "1.01",
    ],
    ["3", "环湾大道北段市政工程", "0.01", "—", "—", "—", "—", "—"],
]
EXPECTED_TOTALS = ["", "合计", "133,170.11", "-350,000.05", "25.16%", "", "", ""]
EXPECTED_HEADS = [
    "序号", "项目名称", "申报总投资（万元）", "合同价（元）", "核减(增)率", "发文日", "平均用时（工作日）", "指数"
]  # fmt: skip


def test_the_shown_cells_are_rounded_half_up_in_their_units():
    table = a_table()
    assert cells.shown_rows(table) == EXPECTED
    assert cells.shown_totals(table) == EXPECTED_TOTALS
    assert [cells.head(column) for column in table.columns] == EXPECTED_HEADS


def read_csv(table):
    content = renderers.render(table, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_csv_holds_the_same_cells_without_thousands_separators():
    heads, *rows, totals = read_csv(a_table())
    assert heads == EXPECTED_HEADS
    plain = [[text.replace(",", "") if index != 1 else text for index, text in enumerate(row)] for row in EXPECTED]
    assert [[harmful(text) for text in row] for row in rows] == plain
    assert totals == [text.replace(",", "") for text in EXPECTED_TOTALS]


def harmful(text):
    return text.removeprefix("'")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "　=1", "＝1+1", "＋1", "－1", "＠A"]
)
def test_csv_disarms_every_text_that_could_run(text):
    table = a_table(columns=(NAME,), rows=[(text,)], totals=None)
    assert read_csv(table)[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["葵湾", "1+1", "a=b", "—", "", "（二期）"])
def test_csv_leaves_harmless_text_alone(text):
    assert harmless(text) == text


def test_csv_does_not_disarm_a_negative_figure():
    assert read_csv(a_table())[2][3] == "-350000.10"


def read_xlsx(content):
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    grid = [list(row) for row in sheet.iter_rows()]
    top = next(index for index, row in enumerate(grid) if row[0].value == "序号")
    return sheet, grid, top


def shown_by_excel(cell, column):
    """What Excel would show for the cell: its number format applied with half-up rounding."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if column.kind is Kind.DATE:
        return f"{value:%Y-%m-%d}"
    places = {"#,##0": "1", "#,##0.0": "0.1", "#,##0.00": "0.01", "0.00%": "0.0001"}[cell.number_format]
    rounded = Decimal(repr(value)).quantize(Decimal(places), rounding=ROUND_HALF_UP)
    return f"{rounded * 100:.2f}%" if cell.number_format == "0.00%" else f"{rounded:,}"


def test_xlsx_shows_the_same_cells_from_exact_numbers():
    sheet, grid, top = read_xlsx(renderers.render(a_table(), "xlsx"))
    shown = [
        [shown_by_excel(cell, column) for cell, column in zip(row, COLUMNS, strict=True)]
        for row in grid[top + 1 : top + 5]
    ]
    assert [cell.value for cell in grid[top]] == EXPECTED_HEADS
    assert shown == [*EXPECTED, EXPECTED_TOTALS]
    assert grid[top + 2][2].value == 123456.789155  # the fen are still there
    assert sheet.freeze_panes == f"B{top + 2}" and sheet.print_title_rows == f"${top + 1}:${top + 1}"


def test_xlsx_never_holds_a_formula():
    _, grid, _ = read_xlsx(renderers.render(a_table(), "xlsx"))
    assert {cell.data_type for row in grid for cell in row} <= {"s", "n", "d"}
    texts = [cell.value for row in grid for cell in row if isinstance(cell.value, str)]
    assert EXPECTED[1][1] in texts


def test_xlsx_carries_title_period_notes_and_the_line_to_sign():
    _, grid, _ = read_xlsx(renderers.render(a_table(), "xlsx"))
    first = [row[0].value for row in grid]
    assert first[0] == "核减率统计表" and "统计期间：2016-07-01 至 2017-06-15" in first
    assert "注1：退文 6 项不计入上表。" in first
    assert any("制表：" in str(text) and "审核：" in str(text) for text in first)


def test_ten_thousand_rows_fit_a_workbook_and_add_up():
    rows = [(index, f"项目{index}", Decimal(index), None, None, None, None, None) for index in range(1, 10_001)]
    content = renderers.render(a_table(rows=rows), "xlsx")
    _, grid, top = read_xlsx(content)
    figures = [row[2].value for row in grid[top + 1 : top + 10_001]]
    assert len(figures) == 10_000
    assert (
        sum(round(figure * 10_000) for figure in figures) == 50_005_000 == round(grid[top + 10_001][2].value * 10_000)
    )


def test_json_holds_exact_values_that_display_as_the_same_cells():
    answer = json.loads(renderers.render(a_table(), "json"))
    assert answer["report"] == "reduction" and answer["period"] == "2016-07-01 至 2017-06-15"
    assert answer["rows"][1]["declared"] == "1234567891.55" and answer["rows"][1]["rate"] == "-0.0350"
    assert answer["totals"]["declared"] == "1331701141.55"
    shown = [[cells.display(revived(row[c.key], c), c) for c in COLUMNS] for row in answer["rows"]]
    assert shown == EXPECTED
    assert [column["key"] for column in answer["columns"]] == [column.key for column in COLUMNS]


def revived(value, column):
    if value is None or column.kind in (Kind.TEXT, Kind.COUNT):
        return value
    if column.kind is Kind.DATE:
        return date.fromisoformat(value)
    return value if isinstance(value, int) else Decimal(value)


def pdf_pages(content):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def squeezed(text):
    return "".join(text.split())


def test_pdf_text_holds_every_cell_in_reading_order():
    text = squeezed("".join(pdf_pages(renderers.render(a_table(), "pdf"))))
    at = 0
    for row in [EXPECTED_HEADS, *EXPECTED, EXPECTED_TOTALS]:
        for cell in row:
            assert squeezed(cell) in text, cell
        if row is not EXPECTED_HEADS:
            at = text.index("".join(map(squeezed, row)), at)
    for words in (
        "核减率统计表",
        "统计期间：2016-07-01至2017-06-15",
        "注1：退文6项不计入上表。",
        "制表：",
        "审核：",
        "第1页/共1页",
    ):
        assert squeezed(words) in text[: at + 10_000]


def a_wide_table(n_columns, n_rows=3):
    figures = tuple(Column(f"f{n}", f"第{n}期数", Kind.MONEY_WAN, total=True) for n in range(n_columns))
    rows = [(k, f"工程名称{k}", *(Decimal(10_000 * (100 * n + k)) for n in range(n_columns))) for k in range(n_rows)]
    columns = (Column("number", "序号", Kind.COUNT), Column("project", "项目名称"), *figures)
    return a_table(code="wide", columns=columns, rows=rows, totals={}, notes=["只注一次"])


def test_a_table_too_wide_for_a_sheet_is_printed_in_panels_that_each_name_their_rows():
    pages = pdf_pages(renderers.render(a_wide_table(60), "pdf"))
    assert len(pages) >= 3
    for page in pages:
        assert all(f"工程名称{k}" in page for k in range(3)), "every panel names its rows"
        assert "合计" in page
    text = [squeezed(page) for page in pages]
    for n in range(60):
        (where,) = [place for place, page in enumerate(text) if f"第{n}期数" in page]
        for k in range(3):
            assert f"{100 * n + k:,}.00" in text[where]
        assert f"{300 * n + 3:,}.00" in text[where], "its total stands under it"
    assert "".join(text).count("只注一次") == "".join(text).count("制表：") == 1


def test_a_table_that_fits_is_one_panel():
    sizes = {n: pypdfium2.PdfDocument(renderers.render(a_wide_table(n), "pdf"))[0].get_size() for n in (2, 12, 26)}
    a4, a3 = (595, 842), (842, 1191)
    assert [tuple(map(round, size)) for size in sizes.values()] == [a4, a4[::-1], a3[::-1]]


def test_pdf_repeats_the_head_and_counts_the_pages():
    rows = [(index, f"工程{index}", None, None, None, None, None, None) for index in range(1, 121)]
    pages = pdf_pages(renderers.render(a_table(rows=rows), "pdf"))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "项目名称" in page and squeezed(f"第{number}页/共{len(pages)}页") in squeezed(page)
    for index in range(1, 121):
        assert sum(f"工程{index}" in page.split() for page in pages) == 1


def test_pdf_keeps_the_totals_with_the_last_row():
    for n_rows in range(14, 50):
        rows = [(index, f"工程{index}", None, None, None, None, None, None) for index in range(1, n_rows + 1)]
        pages = pdf_pages(renderers.render(a_table(rows=rows), "pdf"))
        assert [f"工程{n_rows}" in page.split() for page in pages] == ["合计" in page for page in pages]


def test_pdf_lies_down_when_the_table_is_wide_and_stands_when_it_is_not():
    wide = pypdfium2.PdfDocument(renderers.render(a_table(columns=COLUMNS + tuple(
        Column(f"more{index}", "审核后总投资", Kind.MONEY_WAN) for index in range(4)
    ), rows=[(*row, *[Decimal("1234567891.55")] * 4) for row in ROWS], totals=None), "pdf"))  # fmt: skip
    narrow = pypdfium2.PdfDocument(
        renderers.render(a_table(columns=COLUMNS[:3], rows=[row[:3] for row in ROWS], totals={}), "pdf")
    )
    assert wide[0].get_width() > wide[0].get_height()
    assert narrow[0].get_width() < narrow[0].get_height()


def test_pdf_of_the_same_table_is_the_same_to_the_byte():
    assert renderers.render(a_table(), "pdf") == renderers.render(a_table(), "pdf")


def test_pdf_shows_a_very_long_name_whole():
    name = "".join(f"第{index}标段" for index in range(400))
    rows = [(1, name, *ROWS[0][2:])]
    text = squeezed("".join(pdf_pages(renderers.render(a_table(rows=rows), "pdf"))))
    assert all(f"第{index}标段" in text or f"{index}标段" in text for index in range(400))


@pytest.mark.parametrize("name", renderers.FORMATS)
def test_a_report_without_rows_still_renders(name):
    assert renderers.render(a_table(rows=[]), name)
    assert renderers.render(a_table(rows=[], totals=None), name)


def test_rounded_rows_that_do_not_add_up_get_the_note_and_the_true_total():
    rows = [("甲", Decimal("50.00")), ("乙", Decimal("50.00"))]
    table = a_table(columns=(NAME, DECLARED), rows=rows, totals={}, notes=[])
    assert [row[1] for row in cells.shown_rows(table)] == ["0.01", "0.01"]
    assert cells.shown_totals(table) == ["合计", "0.01"]
    assert cells.shown_notes(table) == ["因四舍五入，分项之和与合计可能存在尾差"]
    for name in ("xlsx", "json"):
        content = renderers.render(table, name)
        text = (
            content.decode()
            if name == "json"
            else str([[c.value for c in row] for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows()])
        )
        assert "尾差" in text
    assert "尾差" in "".join(pdf_pages(renderers.render(table, "pdf")))


def test_rows_that_add_up_get_no_note():
    rows = [("甲", Decimal("100.00")), ("乙", Decimal("200.00"))]
    assert cells.shown_notes(a_table(columns=(NAME, DECLARED), rows=rows, totals={}, notes=[])) == []


def test_a_total_that_is_not_the_sum_is_refused():
    with pytest.raises(ValueError, match="not the sum"):
        a_table(totals={"declared": Decimal("1.00")})


@pytest.mark.parametrize("value", [1.5, "12", True, 12])
def test_money_is_a_decimal_or_nothing(value):
    with pytest.raises(TypeError):
        a_table(columns=(DECLARED,), rows=[(value,)], totals=None)


@pytest.mark.parametrize("row", [("甲",), {"name": "甲"}, {"name": "甲", "declared": None, "other": 1}])
def test_a_row_of_another_shape_is_refused(row):
    with pytest.raises(ValueError):
        a_table(columns=(NAME, DECLARED), rows=[row], totals=None)


def test_rows_may_be_mappings():
    table = a_table(columns=(NAME, DECLARED), rows=[{"declared": Decimal("10000.00"), "name": "甲"}], totals=None)
    assert cells.shown_rows(table) == [["甲", "1.00"]]


@pytest.mark.parametrize(
    ("yuan", "wan"),
    [("49.99", "0.00"), ("50", "0.01"), ("-50", "-0.01"), ("-49.99", "0.00"), ("150", "0.02"), ("250", "0.03")],
)
def test_money_rounds_half_up_away_from_zero(yuan, wan):
    assert cells.display(Decimal(yuan), DECLARED) == wan


def test_the_english_page_speaks_english():
    with translation.override("en"):
        assert cells.head(Column("declared", "Declared", Kind.MONEY_WAN)) == "Declared (10,000 yuan)"
        assert cells.shown_totals(a_table())[1] == "Total"


def test_files_are_named_after_the_report_and_the_day_in_china():
    late = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert renderers.file_name(a_table(generated_at=late), "xlsx") == "reduction_2026-11-24.xlsx"


@given(st.lists(st.integers(-(10**14), 10**14).map(lambda fen: Decimal(fen).scaleb(-2)), max_size=8))
def test_the_note_appears_exactly_when_a_reader_would_miss_it(amounts):
    with translation.override("zh-hans"):
        table = a_table(columns=(NAME, DECLARED), rows=[("x", amount) for amount in amounts], totals={}, notes=[])
        printed = [Decimal(row[1].replace(",", "")) for row in cells.shown_rows(table)]
        total = Decimal(cells.shown_totals(table)[1].replace(",", ""))
        assert bool(cells.shown_notes(table)) == (sum(printed) != total)


def test_pdf_folds_heads_between_words_and_never_inside_one():
    labels = ["Mean working days promised", "90th percentile", "Correction rate", "First-time pass rate"]
    columns = (NAME, *(Column(f"c{index}", labels[index % 4], Kind.COUNT) for index in range(14)))
    with translation.override("en"):
        content = renderers.render(a_table(columns=columns, rows=[("x", *range(14))], totals=None), "pdf")
    words = " ".join(pdf_pages(content)).split()
    for word in ("promised", "percentile", "Correction", "First-time"):
        assert word in words
