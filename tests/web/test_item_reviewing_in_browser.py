"""A reviewer at the screen: types reviewed amounts, sees the rate live, saves, signs."""

import pytest

from tests.support import lives
from tests.support.basic_accessibility import faults_of
from tests.support.browser import PHONE, shot
from tests.support.cast import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def item():
    return lives.in_centre(make_cast())


def test_a_reviewer_types_amounts_sees_the_rate_saves_and_signs(item, desks):
    page = desks.of("he")
    page.goto(item.get_absolute_url())
    assert faults_of(page) == []
    works, others = page.locator("td[data-pt-col=reviewed] input").all()
    works.fill("612.5")
    total = page.locator("tr[data-pt-total]")
    assert page.locator("tr[data-pt-row='1'] [data-pt-rate]").inner_text() == "23.44 %", "(800 − 612.5) / 800"
    others.fill("abc")
    assert page.locator(".cell-error").count() == 1
    others.fill("187.5")
    assert total.locator("[data-pt-col=reviewed]").inner_text() == "800.00"
    assert total.locator("[data-pt-rate]").inner_text() == "20.00 %"
    for field in page.locator("td.cell-reason > input").all():
        field.fill("单价偏高")
    for field in page.locator("td.cell-reason > select").all():
        field.select_option("UNIT_PRICE")
    page.get_by_role("button", name="保存审核表").click()
    page.wait_for_url("**/#review")
    assert "审核表已保存" in page.locator(".messages").inner_text()
    assert total.locator("[data-pt-rate]").inner_text() == "20.00 %"
    shot(page, "review-saved")
    page.locator("textarea[name=sign_opinion-opinion]").fill("同意按审定金额出具意见")
    page.get_by_role("button", name="签署评审意见").click()
    page.wait_for_selector(".messages")
    assert item.opinions.get(voided_at=None).text == "同意按审定金额出具意见"
    assert [line.reviewed for line in item.cost_lines.order_by("position")] == [6125000, 1875000]


def test_a_range_from_excel_is_pasted_down_the_column(item, desks):
    page = desks.of("jiang")
    page.goto(item.get_absolute_url())
    first, second = page.locator("td[data-pt-col=reviewed] input").all()
    first.focus()
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData('text/plain', '700\\n150.25\\n');
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""
    )
    assert (first.input_value(), second.input_value()) == ("700", "150.25")
    assert page.locator("tr[data-pt-total] [data-pt-col=reviewed]").inner_text() == "850.25"
    page.locator("a.file-name", has_text="项目单位请示报告").click()
    page.locator("#viewer h3", has_text="项目单位请示报告").wait_for()
    assert first.input_value() == "700", "looking at another file loses nothing"


def test_the_confirmation_repeats_the_amount_that_was_typed(desks):
    item = lives.in_determination(make_cast())
    page = desks.of("zhao")
    page.goto(item.get_absolute_url())
    dialog = page.locator("#pt-confirm")
    page.get_by_role("button", name="批准", exact=True).click()
    assert item.project.name in dialog.inner_text() and "750.00万元" in dialog.inner_text()
    dialog.get_by_role("button", name="取消").click()
    page.locator("input[name=approve-approved_amount]").fill("7,000,000.00")
    page.locator("[name=approve-opinion]").fill("按会议纪要核定")
    page.get_by_role("button", name="批准", exact=True).click()
    assert "7,000,000.00 元" in dialog.inner_text()
    dialog.get_by_role("button", name="批准").click()
    page.wait_for_selector(".messages")
    assert lives.fresh(item).approved_amount == 7000000


def test_the_pages_fit_a_phone_and_need_no_script(item, desks):
    page = desks.of("he", PHONE)
    for path in (
        item.get_absolute_url(),
        f"{item.get_absolute_url()}deadline/",
        "/inbox/",
        "/inbox/sent/",
        "/overview/",
    ):
        page.goto(path)
        assert faults_of(page) == [], path
    page = desks.of("jiang", javascript=False)
    page.goto(item.get_absolute_url())
    for field in page.locator("td[data-pt-col=reviewed] input").all():
        field.fill("100")
    page.get_by_role("button", name="保存审核表").click()
    assert "审核表已保存" in page.locator(".messages").inner_text()
    assert page.locator("tr[data-pt-total] [data-pt-rate]").inner_text() == "80.00 %"
