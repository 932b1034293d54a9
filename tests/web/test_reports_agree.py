"""One report, five forms: the page, CSV, XLSX, PDF and JSON say the same in every cell."""

import csv
import json
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pypdfium2
import pytest
from django.urls import reverse

from tests.support.cast import make_cast
from tests.support.decided import a_project, decided
from tests.web.test_reports import a_works_project, table_of

pytestmark = pytest.mark.django_db
QUESTIONS = [
    ("reduction", {"by": "item_type", "from": "2016-07-01", "to": "2017-06-15"}),
    ("reduction", {"by": "month", "basis": "approved"}),
    ("reduction", {"by": "funding_source"}),
    ("reduction", {"by": "bracket", "brackets": "city", "sort": "-declared"}),
    ("timeliness", {"by": "unit"}),
    ("timeliness", {"by": "item_type", "sort": "-n_decided"}),
    ("performance", {}),
    ("details", {"sort": "-net"}),
    ("details", {"show": "RETURNED"}),
    ("times", {"show": "accepted"}),
    ("plan_execution", {"year": "2026"}),
    ("payments", {"sort": "-amount"}),
    ("estimate_execution", {}),
    ("project_ledger", {}),
    ("open_accounts", {}),
]


@pytest.fixture
def client_of_finance(client):
    cast = make_cast()
    other = a_project(cast, unit=cast.houses["other_unit"], funding={"1": "10.00", "3": "20.00"}, name="=HYPERLINK(1)")
    decided(cast, "68232600.00", "47615000.00", used=8)
    decided(cast, "12345678.99", "12345678.99", item_type="BUD", project=other, on=date(2017, 1, 31))
    decided(cast, "600000000.05", "700000000.10", approved="650000000.00", item_type="SET", used=25, project=other)
    decided(cast, "5000000.00", "0.00", outcome="RETURNED", project=other)
    for number in range(3):
        a_works_project(cast, number)
    client.force_login(cast.fang.user)
    return client


@pytest.fixture(params=QUESTIONS, ids=lambda question: f"{question[0]}-{'-'.join(question[1].values())}")
def forms(request, client_of_finance):
    """The page's table, and the bytes of each file, of one question."""
    code, query = request.param
    shown = table_of(client_of_finance.get(reverse("web:report", args=[code], query=query)))
    address = reverse("web:report_export", args=[code])
    files = {
        name: client_of_finance.post(address, {**query, "format": name}).content
        for name in ("csv", "xlsx", "pdf", "json")
    }
    return shown, files


def body(shown):
    """The page's rows and totals without its head."""
    return shown[1:]


def test_csv_says_what_the_page_says(forms):
    shown, files = forms
    _, *lines = csv.reader(StringIO(files["csv"].decode("utf-8-sig")))
    assert [[plain(text) for text in line] for line in lines] == [[plain(text) for text in row] for row in body(shown)]
    assert len(lines) >= 2


def plain(text: str) -> str:
    """Without thousands separators, and without the apostrophe that keeps a spreadsheet from computing."""
    bare = text.replace(",", "")
    return bare.removeprefix("'")


def test_xlsx_holds_the_figures_of_the_page(forms):
    shown, files = forms
    sheet = openpyxl.load_workbook(BytesIO(files["xlsx"])).active
    cells_of_sheet = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for row in body(shown):
        assert any(all(map(same, row, line)) for line in cells_of_sheet), row


def same(text: str, value: object) -> bool:
    if isinstance(value, int | float):
        number = Decimal(text.replace(",", "").rstrip("%")) if text not in ("", "—") else None
        if number is None:
            return False
        scale = 100 if text.endswith("%") else 1
        return abs(Decimal(repr(value)) * scale - number) < Decimal("0.0051")
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10] == text
    return text == (value or "")


def test_pdf_prints_every_cell_of_the_page(forms):
    shown, files = forms
    document = pypdfium2.PdfDocument(files["pdf"])
    printed = squeezed("".join(page.get_textpage().get_text_range() for page in document))
    for row in body(shown):
        for text in row:
            assert all(letter in printed for letter in text.split()) or squeezed(text) in printed, text
    figures = [text for row in body(shown) for text in row if text[-1:].isdigit() or text.endswith("%")]
    for text in set(figures):
        assert printed.count(squeezed(text)) >= figures.count(text), text


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_json_holds_the_exact_values_behind_the_page(forms):
    shown, files = forms
    made = json.loads(files["json"])
    lines = [*made["rows"], *([made["totals"]] if made["totals"] else [])]
    kinds = {column["key"]: column["kind"] for column in made["columns"]}
    for row, line in zip(body(shown), lines, strict=True):
        for text, (key, value) in zip(row, line.items(), strict=True):
            if kinds[key] == "money_wan" and value is not None:
                assert Decimal(text.replace(",", "")) == (Decimal(value) / 10000).quantize(
                    Decimal("0.01"), "ROUND_HALF_UP"
                )
            elif kinds[key] == "percent":
                assert text == ("—" if value is None else f"{Decimal(value) * 100:.2f}%")
            elif kinds[key] == "text" and value is not None:
                assert text == value
