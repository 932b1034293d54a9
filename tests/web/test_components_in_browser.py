"""The behaviour of the components in a real browser, on the style guide."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.support.basic_accessibility import faults_of
from tests.support.browser import PHONE
from tests.web import styleguide_urls

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.web.styleguide_urls"),
    pytest.mark.django_db(transaction=True),
]

PASTE = """([text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""
DECLARED = [Decimal(n) for n in ("34000000", "12200000", "5000000", "865300", "2345600", "2720550")]
LEAVES = ("1.1", "1.2", "1.3", "2.1", "2.2", "3")


def paste(page: Page, cell: str, text: str) -> None:
    page.locator(f'[name="{cell}"]').focus()
    page.evaluate(PASTE, [text])


def reviewed(page: Page) -> list[str]:
    return [page.locator(f'[name="reviewed-{code}"]').input_value() for code in LEAVES]


@pytest.fixture
def guide(page: Page) -> Page:
    page.goto("/styleguide/")
    expect(page.locator("tfoot [data-pt-rate]")).to_have_text(re.compile(r"%$"))
    return page


def test_a_range_pasted_from_excel_fills_the_column_and_the_totals_follow(guide):
    paste(
        guide, "reviewed-1.1", '２４，０００，０００．５０\n"11,000,000"\n4800000\n800000.1\n2,400,000\n￥2000000.00\n'
    )
    figures = [Decimal(n) for n in ("24000000.50", "11000000", "4800000", "800000.10", "2400000", "2000000")]
    assert reviewed(guide) == [f"{figure:,.2f}" for figure in figures]
    reduction = sum(DECLARED) - sum(figures)
    rate = (reduction / sum(DECLARED) * 100).quantize(Decimal("0.01"))
    foot = guide.locator("tr[data-pt-total]")
    expect(foot.locator('[data-pt-col="reviewed"]')).to_have_text(f"{sum(figures):,.2f}")
    expect(foot.locator("[data-pt-reduction]")).to_have_text(f"{reduction:,.2f}")
    expect(foot.locator("[data-pt-rate]")).to_have_text(f"{rate} %")


def test_money_is_added_exactly_where_binary_fractions_would_not(guide):
    paste(guide, "reviewed-1.1", "0.1\n0.2\n90071992547409.93\n0\n0\n0\n")
    expect(guide.locator('tr[data-pt-total] [data-pt-col="reviewed"]')).to_have_text("90,071,992,547,410.23")


def test_a_reduction_in_progress_counts_only_the_lines_that_have_both_figures(guide):
    guide.locator('[name="reviewed-3"]').fill("")
    branch = guide.locator('tr[data-pt-row="1"]')
    expect(branch.locator("[data-pt-reduction]")).to_have_text(
        "10,097,500.00"
    )  # 34.0 + 12.2 − 24.551 − 11.5515 million
    expect(branch.locator("[data-pt-reduction]")).to_have_attribute("data-pt-pending", re.compile("1$"))


def test_what_is_no_amount_is_refused_at_its_cell(guide):
    paste(guide, "reviewed-1.1", "约三千万\n1.005\n")
    expect(guide.locator('[name="reviewed-1.1"]')).to_have_attribute("aria-invalid", "true")
    expect(guide.locator(".cell-error")).to_have_text(["这不是金额。", "金额最小到分（0.01 元）。"])
    guide.locator('[name="reviewed-1.1"]').fill("30,000,000")
    expect(guide.locator(".cell-error")).to_have_count(1)


def test_the_keyboard_moves_between_cells(guide):
    guide.locator('[name="reviewed-1.1"]').focus()
    for key, arrives in [("Enter", "reviewed-1.2"), ("ArrowUp", "reviewed-1.1"), ("ArrowRight", "reason-1.1")]:
        guide.keyboard.press(key)
        expect(guide.locator(f'[name="{arrives}"]')).to_be_focused()


def test_a_form_saves_itself_and_says_so(guide):
    styleguide_urls.autosaved.clear()
    with guide.expect_response(lambda answer: "x-pt-autosave" in answer.request.headers):
        guide.locator('[name="reason-1.3"]').fill("单价偏高")
    expect(guide.locator("[data-pt-autosave-state]")).to_have_attribute("data-pt-state", "saved")
    assert styleguide_urls.autosaved[-1]["reason-1.3"] == "单价偏高"


def test_rows_are_selected_in_a_range_and_counted(guide):
    bar = guide.locator("[data-pt-select-bar]")
    expect(bar).to_be_hidden()
    rows = guide.locator("[data-pt-select-row]")
    rows.nth(0).click()
    rows.nth(2).click(modifiers=["Shift"])
    expect(bar.locator("[data-pt-select-count]")).to_have_text("3")
    guide.locator("[data-pt-select-all]").click()
    expect(bar.locator("[data-pt-select-count]")).to_have_text("4")


def test_a_hidden_column_stays_hidden_after_a_reload(guide):
    unit = guide.locator('#inbox td[data-label="项目单位"]').first
    guide.locator("[data-pt-columns-for] summary").click()
    guide.locator("[data-pt-columns-list] input").first.uncheck()
    expect(unit).to_be_hidden()
    guide.reload()
    expect(unit).to_be_hidden()


def test_a_confirmation_repeats_the_project_and_the_amount_and_can_be_left(guide):
    asked: list[str] = []
    guide.on("request", lambda request: request.method == "POST" and asked.append(request.url))
    guide.get_by_role("button", name="退文").click()
    dialog = guide.locator("#pt-confirm")
    expect(dialog).to_contain_text("葵湾中心小学改扩建工程")
    expect(dialog).to_contain_text("6,823.26 万元")
    guide.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert asked == []
    guide.get_by_role("button", name="退文").click()
    with guide.expect_request(lambda request: request.method == "POST"):
        dialog.get_by_role("button", name="退文").click()


def test_a_pdf_is_shown_in_the_page_with_text_one_can_select(guide):
    expect(guide.locator("[data-pt-pdf-count]")).to_have_text("3")
    expect(guide.locator(".pdf-text").first).to_contain_text("Estimate page 1")
    guide.locator('[data-pt-pdf-go="1"]').click()
    expect(guide.locator("[data-pt-pdf-page]")).to_have_value("2")
    expect(guide.locator("[data-pt-pdf-fallback]")).to_be_hidden()


def test_an_upload_goes_on_after_the_connection_dropped(page):
    styleguide_urls.received.clear()
    page.goto("/styleguide/")
    expect(page.locator("[data-pt-upload-send]")).to_be_hidden()
    sent = bytes(range(256)) * 23438
    page.locator("input[type=file]").set_input_files(
        {"name": "勘察报告.pdf", "mimeType": "application/pdf", "buffer": sent}
    )
    page.wait_for_url("**/uploaded/")
    assert "dropped" in styleguide_urls.received
    assert bytes(styleguide_urls.received["u1"]) == sent
    assert styleguide_urls.delivered[-1] == "u1"


def test_a_file_of_the_wrong_kind_is_refused_in_words_before_it_is_sent(guide):
    guide.locator("input[type=file]").set_input_files({"name": "a.exe", "mimeType": "application/x", "buffer": b"MZ"})
    expect(guide.locator(".upload-item")).to_contain_text(".pdf,.docx,.xlsx")


def test_charts_are_drawn_beside_their_tables(guide):
    expect(guide.locator('[data-pt-chart="bars"] svg')).to_be_visible()
    expect(guide.locator('[data-pt-chart="bars"] table')).to_contain_text("126,340.80")


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_the_style_guide_has_no_accessibility_faults_at_either_width(desks, size):
    page = desks.anonymous(size)
    page.goto("/styleguide/")
    assert faults_of(page) == []


def test_the_navigation_opens_on_a_phone_without_scripts(desks):
    page = desks.anonymous(PHONE, javascript=False)
    page.goto("/styleguide/")
    link = page.get_by_role("navigation", name="主导航").get_by_role("link", name="报表")
    expect(link).to_be_hidden()
    page.locator(".nav-toggle summary").click()
    expect(link).to_be_visible()
