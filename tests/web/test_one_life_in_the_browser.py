"""One item, from signature to the finance report, carried by six people through real pages."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from approvals.models import ApprovalItem, Reduction
from core import clock
from tests.support import lives
from tests.support.browser import shot
from tests.support.cast import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def item():
    cast = make_cast()
    return lives.fill_in(cast, lives.a_draft(cast), declared="12345678.90")


def press(page: Page, label: str) -> None:
    """Presses a button, and the one in the confirmation if there is one."""
    page.get_by_role("button", name=label, exact=True).click()
    dialog = page.get_by_role("dialog")
    if dialog.count() and dialog.first.is_visible():
        dialog.get_by_role("button", name=label, exact=True).click()
    page.locator(".messages").wait_for()


def test_a_proposal_is_decided_by_five_people_and_counted_for_the_sixth(item, desks):
    address = item.get_absolute_url()

    lei = desks.of("lei")
    lei.goto(f"{reverse('web:item_edit', args=[item.pk])}?step=sign")
    press(lei, "签署并申报")

    chen = desks.of("chen")
    chen.goto(reverse("web:inbox"))
    chen.get_by_role("link", name=item.project.name).first.click()
    press(chen, "受理")

    xu = desks.of("xu")
    xu.goto(address)
    xu.locator("[name=assign-officer]").select_option(label="吴刚")
    press(xu, "分办")

    wu = desks.of("wu")
    wu.goto(address)
    works, others = wu.locator("td[data-pt-col=reviewed] input").all()
    works.fill("700.11")
    others.fill("200")
    for field in wu.locator("td.cell-reason > input").all():
        field.fill("按信息价核定")
    for field in wu.locator("td.cell-reason > select").all():
        field.select_option("UNIT_PRICE")
    wu.get_by_role("button", name="保存审核表").click()
    wu.wait_for_url("**/#review")
    shot(wu, "life-first-review")
    wu.locator("[name=pass_first-opinion]").fill("拟同意")
    press(wu, "初审通过")

    xu.goto(address)
    xu.locator("[name=pass_second-opinion]").fill("复核无误")
    press(xu, "复核通过")

    zhao = desks.of("zhao")
    zhao.goto(address)
    shot(zhao, "life-determination")
    press(zhao, "批准")
    item = ApprovalItem.objects.get(pk=item.pk)
    assert item.state == "ISSUED"
    assert item.document_no in zhao.locator("main").inner_text()

    reduction = Reduction.objects.get(item=item)
    assert (reduction.declared, reduction.reviewed) == (Decimal("12345678.90"), Decimal("9001100.00"))

    fang = desks.of("fang")
    today = clock.today()
    fang.goto(f"{reverse('web:report', args=['reduction'])}?from={today}&to={today}&by=item_type")
    row = fang.locator("table tbody tr", has_text="项目建议书").first.inner_text()
    assert "1,234.57" in row and "900.11" in row and "334.46" in row
    rate = (Decimal("12345678.90") - Decimal("9001100.00")) / Decimal("12345678.90") * 100
    assert f"{rate.quantize(Decimal('0.01'))}%" in row.replace(" ", "")
    shot(fang, "life-report")
