"""One payment in a real browser: the unit applies, both certificates, its lead, finance, the treasury's file books it."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core import clock
from execution.models import Payment
from tests.support import building_site as site
from tests.support.basic_accessibility import faults_of
from tests.support.cast import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_payment_walks_from_the_application_to_the_treasury(transactional_db, desks):
    cast = make_cast()
    contract = site.payable(cast)
    site.reported(cast, contract.project)
    lin = desks.of("lin")
    lin.goto(reverse("web:payments", args=[contract.project_id]))
    assert faults_of(lin) == []
    lin.get_by_role("link", name="申请支付").click()
    lin.get_by_label("进度月报").select_option(index=1)
    for label, amount in (("申请金额", "7,000,000"), ("已完工程价款", "7,500,000"), ("区级一般公共预算", "7,000,000")):
        lin.get_by_label(label).fill(amount)
    assert faults_of(lin) == []
    lin.get_by_role("button", name="保存").click()
    expect(lin.get_by_role("heading", level=1)).to_contain_text(f"{contract.no}-01")
    payment = Payment.objects.get()

    def certify(amount: str) -> None:
        for summary, who in (("监理", "总监 王工"), ("造价", "造价 李工")):
            lin.goto(payment.get_absolute_url())
            lin.locator("summary", has_text=summary).click()
            form = lin.locator("details[open] form").first
            form.locator('input[inputmode="decimal"]').fill(amount)
            form.get_by_label("签署人").fill(who)
            form.get_by_role("button").click()
            expect(lin.locator("#trail").locator("xpath=ancestor::section")).to_contain_text(who)

    certify("6,880,000.01")
    lei = desks.of("lei")
    lei.goto(payment.get_absolute_url())
    off = lei.locator(".move-off")
    expect(off).to_contain_text("6,880,000.00")  # 80 % of 8,600,000: a fen too much
    expect(off.get_by_role("button")).to_have_attribute("aria-disabled", "true")
    assert faults_of(lei) == []
    lei.locator("summary", has_text="退回").click()
    lei.locator("details[open] textarea").fill("超过合同价的 80 %")
    lei.locator("details[open] form").get_by_role("button").click()
    expect(lei.locator(".message-warning")).to_contain_text("超过合同价的 80 %")
    certify("6,880,000.00")
    lei.goto(payment.get_absolute_url())
    lei.get_by_role("button", name="项目单位审批").click()
    expect(lei.locator(".title-row")).to_contain_text("项目单位已审批")
    fang = desks.of("fang")
    fang.goto(payment.get_absolute_url())
    fang.get_by_role("button", name="财政审核通过").click()
    fang.locator("[data-pt-confirm-ok]").click()
    expect(fang.locator(".title-row")).to_contain_text("财政已审核")
    fang.get_by_role("link", name="国库支付结果").first.click()
    result = f"支付编号,金额（元）,国库支付编号,支付日期\r\n{payment.no},6880000.00,GK-2026-1,{clock.today()}\r\n"
    file = {"name": "国库结果.csv", "mimeType": "text/csv", "buffer": result.encode()}
    fang.get_by_label("国库支付结果文件").set_input_files(files=[file])
    assert faults_of(fang) == []
    fang.get_by_role("button", name="导入文件").click()
    expect(fang.locator("tbody")).to_contain_text("已入账")
    fang.get_by_role("link", name=payment.no).click()
    expect(fang.locator(".title-row")).to_contain_text("已支付")
    payment.refresh_from_db()
    assert (payment.amount, payment.treasury_no) == (Decimal("6880000.00"), "GK-2026-1")
