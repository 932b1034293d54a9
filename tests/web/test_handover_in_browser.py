"""A handover in a real browser: the clerk prepares it, both houses sign on their own screens, the administration confirms."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assets.models import HandoverBatch
from core import clock
from projects.models import Project
from tests.support import handed
from tests.support.basic_accessibility import faults_of
from tests.support.browser import PHONE, shot
from tests.support.cast import make_cast
from tests.support.lives import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_handover_is_signed_by_both_houses(transactional_db, desks):
    cast = make_cast()
    project = handed.approved(cast)
    lin = desks.of("lin")
    lin.goto(reverse("web:assets", args=[project.pk]))
    assert faults_of(lin) == []
    shot(lin, "assets")
    lin.goto(reverse("web:handover", args=[project.pk]))
    lin.get_by_role("link", name="新建移交批次").click()
    lin.get_by_label("移交方式").select_option("FINAL")
    for asset in project.assets.all():
        lin.get_by_label(asset.name).check()
    assert faults_of(lin) == []
    lin.get_by_role("button", name="保存").click()
    expect(lin.get_by_role("heading", level=1)).to_contain_text("第1批")
    batch = HandoverBatch.objects.get()
    lei = desks.of("lei")
    lei.goto(batch.get_absolute_url())
    expect(lei.locator(".move-off")).to_contain_text("请先上传移交协议")
    lin.locator("input[type=file]").set_input_files(
        {"name": "移交协议.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    lin.get_by_role("button", name="上传附件").click()
    expect(lin.locator(".file-name")).to_contain_text("移交协议.pdf")
    lei.reload()
    lei.get_by_role("button", name="项目单位签认移交").click()
    expect(lei.locator(".title-row")).to_contain_text("移交单位已签认")
    xie = desks.of("xie", PHONE)
    xie.goto(reverse("web:handovers"))
    assert faults_of(xie) == []
    xie.get_by_role("link", name="第1批").first.click()
    shot(xie, "batch-on-a-phone")
    xie.get_by_role("button", name="接收单位签收").click()
    expect(xie.locator("#signatures").locator("xpath=ancestor::section")).to_contain_text("谢宁")
    zi = desks.of("zi")
    zi.goto(batch.get_absolute_url())
    assert faults_of(zi) == []
    zi.get_by_role("button", name="确认移交").click()
    dialog = zi.locator("dialog[open]")
    dialog.get_by_role("button", name="确认移交").click()
    expect(zi.locator("#signatures").locator("xpath=ancestor::section")).to_contain_text("资明")
    shot(zi, "batch-confirmed")
    batch = HandoverBatch.objects.get()
    assert (batch.signed_over_by, batch.received_by, batch.confirmed_by) == (
        cast.lei.user, cast.xie.user, cast.zi.user,
    )  # fmt: skip
    assert Project.objects.get(pk=project.pk).facts.undelivered == 0
    assert clock.date_of(batch.confirmed_at) == clock.today()
    assert desks.faults == []
