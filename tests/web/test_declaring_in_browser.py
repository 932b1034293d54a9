"""Lin registers a project and declares an item with its files, Lei signs it; once with scripts and once without."""

import pytest
from django.urls import reverse

from approvals.models import ApprovalItem
from projects.models import Project
from tests.support.basic_accessibility import faults_of
from tests.support.browser import PHONE, shot
from tests.support.cast import make_cast
from tests.support.lives import PDF, a_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def a_pdf(name):
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def test_a_project_and_its_first_item_are_declared_and_signed(cast, desks):
    lin = desks.of("lin")
    lin.goto(reverse("web:project_new"))
    lin.get_by_label("项目名称").fill("葵湾海滨公园")
    lin.get_by_label("项目代码").fill("2611-440399-04-01-000016")
    for name, code in (
        ("project_class", "BUILDING"),
        ("construction_nature", "NEW"),
        ("investment_mode", "DIRECT"),
        ("industry", "EDUCATION"),
    ):
        lin.locator(f"select[name={name}]").select_option(code)
    lin.get_by_label("会议纪要").fill("会议纪要〔2026〕3号")
    lin.get_by_role("button", name="保存").click()
    project = Project.objects.get()
    lin.wait_for_url(f"**{reverse('web:project', args=[project.pk])}")

    lei = desks.of("lei")
    lei.goto(reverse("web:project", args=[project.pk]))
    lei.get_by_role("button", name="启动项目建议书").click()
    lei.get_by_text("项目建议书", exact=True).first.wait_for()

    lin.goto(reverse("web:item_new", args=[project.pk]))
    lin.get_by_role("button", name="新建申报").click()
    item = ApprovalItem.objects.get()
    lin.get_by_label("建设内容、规模及理由").fill("新建公园一座")
    lin.locator("[data-pt-autosave-state][data-pt-state=saved]").wait_for()
    assert ApprovalItem.objects.get().summary == "新建公园一座"
    lin.get_by_role("button", name="保存并继续").click()

    lin.get_by_label("起始模板").select_option(label="简表：工程费用、其他费用、预备费")
    lin.get_by_role("button", name="生成明细表").click()
    lin.get_by_label("建筑工程费 申报").fill("800.5")
    lin.get_by_label("工程设计费 申报").fill("199.5")
    assert lin.locator("[data-pt-total] [data-pt-col=declared]").inner_text().startswith("1,000.00")
    lin.get_by_role("button", name="保存并继续").click()

    for code in ("A02", "A04", "B01"):
        row = lin.locator(f"[id='field-material.{code}']")
        row.locator("input[type=file]").set_input_files(a_pdf(f"{code}.pdf"))
        lin.locator(f"[id='field-material.{code}'] a", has_text=f"{code}.pdf").wait_for()
    row = lin.locator("[id='field-material.A03']")
    row.get_by_text("本项目不适用").click()
    row.get_by_label("不适用的理由").fill("没有会议")
    row.get_by_role("button", name="保存").click()
    lin.get_by_role("link", name="下一步：核对与签署").click()
    lin.get_by_text("内容齐全").wait_for()
    shot(lin, "declaring-sign")
    lin.get_by_role("button", name="提请负责人签署").click()

    lei.goto(f"{reverse('web:item_edit', args=[item.pk])}?step=sign")
    lei.get_by_role("button", name="签署并申报").click()
    dialog = lei.get_by_role("dialog")
    assert "葵湾海滨公园" in dialog.inner_text()
    assert "1,000.00" in dialog.inner_text()
    dialog.get_by_role("button", name="签署并申报").click()
    lei.wait_for_url(f"**{reverse('web:item', args=[item.pk])}")
    assert ApprovalItem.objects.get().state == "SUBMITTED"


def test_everything_is_declared_without_scripts(cast, desks):
    item = a_draft(cast)
    lin = desks.of("lin", javascript=False)
    lin.goto(f"{reverse('web:item_edit', args=[item.pk])}?step=costs")
    lin.get_by_label("新增行：编码").first.fill("1")
    lin.get_by_label("新增行：费用名称").first.fill("工程费用")
    lin.get_by_label("新增行：申报金额").first.fill("1000")
    lin.get_by_role("button", name="保存并继续").click()
    row = lin.locator("[id='field-material.A02']")
    row.locator("input[type=file]").set_input_files({"name": "a.exe", "mimeType": "x/y", "buffer": b"MZ"})
    row.get_by_role("button", name="上传").click()
    assert "a.exe" in lin.locator("[id='field-material.A02']").inner_text()
    row = lin.locator("[id='field-material.A02']")
    row.locator("input[type=file]").set_input_files(a_pdf("a.pdf"))
    row.get_by_role("button", name="上传").click()
    lin.locator("[id='field-material.A02'] a", has_text="a.pdf").wait_for()


def test_the_pages_fit_a_phone_and_are_labelled(cast, desks):
    item = a_draft(cast)
    lin = desks.of("lin", size=PHONE)
    paths = [
        reverse("web:projects"),
        reverse("web:project", args=[item.project_id]),
        reverse("web:project_new"),
        reverse("web:item_new", args=[item.project_id]),
        *(
            f"{reverse('web:item_edit', args=[item.pk])}?step={step}"
            for step in ("basics", "costs", "materials", "sign")
        ),
    ]
    for path in paths:
        lin.goto(path)
        assert lin.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
        assert not faults_of(lin), path
