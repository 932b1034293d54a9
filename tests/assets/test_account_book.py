"""The printed final account: form 05 on one sheet, totals in bold, form 01 on one page."""

import io
import subprocess
from dataclasses import replace
from decimal import Decimal
from functools import partial
from unittest.mock import Mock, patch

import openpyxl
import pytest

from assets import holdings
from assets.books import pages, workbook
from assets.books.wording import blocks
from assets.rules.forms_books import AssetLine, Tail, books_of
from assets.rules.forms_layout import FORMS
from assets.rules.forms_reckoning import Forms
from core.money import ZERO
from core.pdf.table import Column, table_pieces
from tests.support import account as closing
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def pdf_text(content):
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def one_of_each_kind(held):
    """The assets of the books, and one of every kind of asset form 05 has columns for."""
    line = partial(AssetLine, single="主体工程", asset_class="FIXED", direct=Decimal("100.10"), installation=ZERO,
                   deferred=Decimal("0.07"))  # fmt: skip
    more = (
        line("asset-901", "配电柜", kind="EQUIPMENT", installation=Decimal("9.30"), specification="KYN28A", unit="台",
             quantity=Decimal(12)),
        line("asset-902", "图书", kind="OTHER_FIXED", unit="册", quantity=Decimal(300)),
        line("asset-903", "备件", kind="CURRENT", deferred=ZERO),
        line("asset-904", "软件", kind="INTANGIBLE", deferred=ZERO),
        line("asset-905", "地下车库", kind="STRUCTURE", structure="框架", area=Decimal("1234.5")),
    )  # fmt: skip
    return replace(held, assets=(*held.assets, *more))


def test_form_05_is_one_sheet_of_grouped_columns_whose_sums_are_those_of_form_04(cast):
    account = closing.an_account(cast)
    forms = Forms(books_of(one_of_each_kind(holdings.holdings_of(account))))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.render(account, forms)))["05 交付使用资产明细表"]
    above, below, *rows = [["" if value is None else value for value in row] for row in sheet.values][3:]
    assert sheet.page_setup.orientation == "landscape"
    assert {str(span) for span in sheet.merged_cells.ranges} >= {"A4:A5", "C4:C5", "D4:G4", "H4:M4", "N4:O4", "P4:Q4"}
    assert [(at, words) for at, words in enumerate(above) if words] == [
        (0, "序号"), (1, "单项工程"), (2, "资产名称"), (3, "建筑工程"), (7, "设备、工具、器具、家具"), (13, "流动资产"), (15, "无形资产"),
    ]  # fmt: skip
    assert below[3:] == [
        "结构", "面积（平方米）", "金额", "其中：分摊待摊投资",
        "规格型号", "单位", "数量", "金额", "其中：安装费", "其中：分摊待摊投资", "名称", "金额", "名称", "金额",
    ]  # fmt: skip
    by_name = {row[2]: row for row in rows}
    assert by_name["地下车库"][3:] == ["框架", 1234.5, 100.17, 0.07, *[""] * 10]
    assert by_name["配电柜"][3:] == [*[""] * 4, "KYN28A", "台", 12, 109.47, 9.3, 0.07, *[""] * 4]
    assert by_name["图书"][7:13] == ["", "册", 300, 100.17, 0, 0.07]
    assert by_name["备件"][3:] == [*[""] * 10, "备件", 100.1, "", ""]
    assert by_name["软件"][3:] == [*[""] * 12, "软件", 100.1]
    numbered = [row for row in rows if isinstance(row[0], int)]
    assert [row[0] for row in numbered] == list(range(1, len(forms.group("structures")) + 5))
    sums = by_name["合计"]
    for column in (5, 6, 10, 11, 12, 14, 16):
        assert sum(Decimal(str(row[column] or 0)) for row in numbered) == Decimal(str(sums[column])), column
    whole = forms.amount("04.total.total")
    assert sum(Decimal(str(sums[column])) for column in (5, 10, 14, 16)) == whole
    assert sums[5] == float(forms.amount("04.total.structures"))
    assert sums[10] == float(forms.amount("04.total.equipment") + forms.amount("04.total.other_fixed"))
    foot = next(row for row in rows if "交付使用资产总计" in row)
    assert [value for value in foot if isinstance(value, int | float)] == [
        float(whole), float(forms.amount("06.allocated.amount")),
    ]  # fmt: skip
    paper = pdf_text(pages.render(account, forms, account.cut_off_on))
    sheet_05 = [page for page in paper.split("\f") if "建竣决05表" in page]
    assert len(sheet_05) == 1
    assert sheet_05[0].count(f"{sums[10]:,.2f}") == 1


def test_form_01_stays_on_one_page_with_the_longest_name_and_tail_works(cast):
    account = closing.an_account(cast)
    held = holdings.holdings_of(account)
    tails = tuple(
        Tail(f"tail-{at}", f"绿化{at}", Decimal("9.00"), ZERO, Decimal("9.00"), "2027-01-31") for at in (1, 2, 3)
    )
    texts = {**held.texts, "name": "鹏" * 100, "address": "湾" * 60}
    paper = pages.render(account, Forms(books_of(replace(held, tails=tails, texts=texts))), account.cut_off_on)
    found = [page for page in pdf_text(paper).split("\f") if page.strip()]
    first = next(at for at, page in enumerate(found) if "建竣决01表" in page)
    assert "单位负责人" in found[first]
    assert "建竣决02表" in found[first + 1]


def test_totals_are_bold_on_paper_though_they_stand_beside_ordinary_lines(cast):
    account = closing.an_account(cast)
    (table,) = blocks(holdings.forms_of(account), FORMS["06"])
    at = next(number for number, row in enumerate(table.rows) if row[2].value == "合计")
    strong = [item.strong for item in table.rows[at]]
    assert strong == [False, False, True, True]
    columns = [Column("", 100.0) for _head in table.heads]
    drawn = Mock()
    piece = table_pieces(columns, [["甲", "乙", "丙", "丁"]], 0.0, bold_cells={(0, 2), (0, 3)})[1]
    with patch("core.pdf.table.draw", drawn):
        piece.draw(Mock(), 100.0)
    assert [(call.args[3], call.kwargs["bold"]) for call in drawn.call_args_list] == [
        ("甲", False), ("乙", False), ("丙", True), ("丁", True),
    ]  # fmt: skip
