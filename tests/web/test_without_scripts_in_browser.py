"""One budget from the first click to the signed paper, by seven people whose browsers run no scripts at all."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from approvals.models import ApprovalItem, IssuedDocument
from core import clock
from projects.services.register import TakenOverFigure, register
from tests.support.browser import Desks
from tests.support.cast import make_cast
from tests.support.lives import BASICS, PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page: Page, label: str) -> None:
    """Presses a button and finds the page that says it was done."""
    page.get_by_role("button", name=label, exact=True).first.click()
    page.locator(".messages").wait_for()


def declare(desks: Desks, project_pk: int) -> ApprovalItem:
    lin = desks.of("lin", javascript=False)
    lin.goto(reverse("web:item_new", args=[project_pk]))
    press(lin, "新建申报")
    item = ApprovalItem.objects.get()
    press(lin, "保存并继续")
    for at, (code, name, amount) in enumerate((("1", "工程费用", "3000000"), ("3", "预备费", "100000"))):
        lin.get_by_label("新增行：编码").nth(at).fill(code)
        lin.get_by_label("新增行：费用名称").nth(at).fill(name)
        lin.get_by_label("新增行：申报金额").nth(at).fill(amount)
    press(lin, "保存并继续")
    for slot in item.slots.all():
        row = lin.locator(f"[id='field-material.{slot.code}']")
        if slot.necessity == "M" and slot.requirement.needs_file:
            file = {"name": f"{slot.code}.pdf", "mimeType": "application/pdf", "buffer": PDF}
            row.locator("input[type=file]").set_input_files(file)
            row.get_by_role("button", name="上传").click()
            lin.get_by_text(f"{slot.code}.pdf", exact=True).first.wait_for()
        elif row.get_by_text("本项目不适用").count():
            row.get_by_text("本项目不适用").click()
            row.get_by_label("不适用的理由").fill("原批复已备案")
            row.get_by_role("button", name="保存").click()
            lin.get_by_text("不适用：原批复已备案").first.wait_for()
    lin.get_by_role("link", name="下一步：核对与签署").click()
    press(lin, "提请负责人签署")
    return item


def test_a_budget_is_declared_reviewed_and_decided_without_a_script(desks):
    cast = make_cast()
    figure = TakenOverFigure(
        "ESTIMATE", Decimal("5000000.00"), clock.today(), "鹏发财〔2025〕9号", Decimal("4000000.00")
    )
    project = register(
        actor=cast.lin, basics=BASICS, taken_over_at="BUDGET", taken_over_reason="原批复", taken_over_figures=[figure]
    )
    item = declare(desks, project.pk)

    lei = desks.of("lei", javascript=False)
    lei.goto(f"{reverse('web:item_edit', args=[item.pk])}?step=sign")
    press(lei, "签署并申报")

    address = item.get_absolute_url()
    chen = desks.of("chen", javascript=False)
    chen.goto(reverse("web:inbox"))
    chen.get_by_role("link", name=project.name).first.click()
    press(chen, "受理")

    fxu = desks.of("fxu", javascript=False)
    fxu.goto(address)
    fxu.locator("[name=assign-officer]").select_option(label="伍思")
    press(fxu, "分办")

    fwu = desks.of("fwu", javascript=False)
    fwu.goto(address)
    for field, amount in zip(fwu.locator("td[data-pt-col=reviewed] input").all(), ("2700000", "90000"), strict=True):
        field.fill(amount)
    for field in fwu.locator("td.cell-reason > input").all():
        field.fill("按信息价核定")
    for field in fwu.locator("td.cell-reason > select").all():
        field.select_option("UNIT_PRICE")
    press(fwu, "保存审核表")
    fwu.locator("[name=pass_first-opinion]").fill("拟同意")
    press(fwu, "初审通过")

    fxu.goto(address)
    fxu.locator("[name=pass_second-opinion]").fill("复核无误")
    press(fxu, "复核通过")

    fzhao = desks.of("fzhao", javascript=False)
    fzhao.goto(address)
    press(fzhao, "批准")

    item = ApprovalItem.objects.get(pk=item.pk)
    assert (item.state, item.approved_amount) == ("ISSUED", Decimal("2790000.00"))
    paper = IssuedDocument.objects.get(item=item, kind="APPROVAL")
    stranger = desks.anonymous(javascript=False)
    stranger.goto(reverse("web:verify", args=[paper.token]))
    shown = stranger.locator("main").inner_text()
    assert item.document_no in shown and paper.facts_sha256 in re.sub(r"\s", "", shown)
