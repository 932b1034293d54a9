"""A final account that does not balance: the page names the two cells, one is put right, the account is compiled."""

import pytest
from playwright.sync_api import expect

from tests.support import account as closing
from tests.support.basic_accessibility import faults_of
from tests.support.cast import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_imbalance_is_followed_to_its_cell_put_right_and_the_account_compiled(transactional_db, desks):
    account = closing.imbalanced(make_cast())
    lin = desks.of("lin")
    lin.goto(account.get_absolute_url())
    told = lin.locator("#imbalances").locator("xpath=ancestor::section")
    row = told.locator("li", has_text="R-FA-02")
    expect(row).to_contain_text("8,600,000.00")
    expect(row).to_contain_text("8,500,000.00")
    expect(lin.get_by_role("button", name="完成编制")).to_have_attribute("aria-disabled", "true")
    row.get_by_role("link", name="01表").click()
    expect(lin.locator("td:target")).to_have_text("8,600,000.00")
    assert faults_of(lin) == []
    lin.get_by_label("建筑安装工程 实际完成金额").fill("8,500,000.00")
    lin.get_by_role("button", name="保存").click()
    expect(lin.get_by_role("alert")).to_contain_text("建筑安装工程")
    expect(lin.get_by_label("建筑安装工程 实际完成金额")).to_have_value("8,500,000.00")
    lin.get_by_label("改写系统数据的原因").fill("按结算审定数")
    lin.get_by_role("button", name="保存").click()
    expect(lin.locator("#c-works-actual")).to_contain_text("按结算审定数")
    expect(lin.locator("#imbalances")).to_have_count(0)
    lin.get_by_role("link", name="概况", exact=True).click()
    lin.get_by_role("button", name="完成编制").click()
    expect(lin.locator(".title-row")).to_contain_text("决算已编成")
    with lin.expect_download() as download:
        lin.get_by_role("button", name="决算报表 PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
