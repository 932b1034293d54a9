"""The lines of a contract are pasted from a spreadsheet program into the form, added up at once, and kept."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from execution.models import Contract
from tests.support import works
from tests.support.basic_accessibility import faults_of
from tests.support.cast import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RANGE = "010101\tC30 混凝土\t1.1\tm³\t1,000\t500\t500,000.00\n010801\t防火门\t1.2\t樘\t50\t2000\t100000\n"
PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""


def test_a_range_pasted_into_the_lines_of_a_contract_is_kept(transactional_db, desks):
    project = works.in_procurement(make_cast())
    lin = desks.of("lin")
    lin.goto(reverse("web:contract_new", args=[project.pk]))
    for label, text in (("合同编号", "HT-9"), ("合同名称", "施工合同"), ("承包人", works.WINNER), ("合同价", "600000")):
        lin.get_by_label(label, exact=True).fill(text)
    lin.locator('[name="line-code"]').first.focus()
    lin.evaluate(PASTE, RANGE)
    expect(lin.locator('tr[data-pt-total] [data-pt-col="amount"]')).to_have_text("600,000.00")
    assert faults_of(lin) == []
    lin.get_by_role("button", name="保存").click()
    expect(lin.get_by_role("heading", name="施工合同")).to_be_visible()
    rows = Contract.objects.get().lines.all()
    assert [(row.code, row.name, row.quantity, row.amount) for row in rows] == [
        ("010101", "C30 混凝土", 1000, Decimal("500000.00")), ("010801", "防火门", 50, Decimal("100000.00")),
    ]  # fmt: skip
