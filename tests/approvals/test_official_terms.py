"""The screens and papers speak the official terms: states, stages, roles and material names."""

import pytest
from django.utils import translation

from accounts.roles import Role
from approvals.catalog import ITEM_TYPES
from approvals.states import ItemState
from projects.states import Stage
from tests.support import lives
from tests.support.cast import make_cast

STATES = (
    "草稿 预审中 预审退回 已申报（待受理） 补正中 不予受理 已受理 初审 评审中心评审 专家评审 补充资料（暂停） 公示 复核 审定 "
    "批复 不予批准 退文 撤回 批复失效 批复撤销 已归档"
)
STAGES = (
    "项目储备 项目建议书 可行性研究 初步设计与概算 施工图预算 招标采购 建设实施 竣工验收 竣工结算 竣工决算审计 "
    "竣工财务决算批复 资产移交 产权登记 已办结 暂停 终止 撤销"
)
ROLES = (
    "项目单位经办 项目单位负责人 行业主管部门 受理窗口 初审/主办人 科室负责人（复核） 分管领导（审定） 主要负责人 "
    "评审中心负责人/第二负责人 评审中心部长/主任 评审专家 协审单位 计划科 财政（国库/基建） 审计 资产管理 资产接收单位 "
    "检查人员 纪检监察 档案员 领导驾驶舱 系统管理员 安全管理员 审计管理员"
)
MATERIALS = {
    "A01": "项目单位申报表",
    "A02": "项目单位请示报告",
    "A03": "相关会议纪要",
    "A04": "材料真实性承诺书",
    "B01": "项目建议书（文本+电子文档）",
    "C01": "可研报告（文本+电子文档）",
    "C02": "项目建议书批复",
    "C03": "规划选址批文/用地预审与选址意见书",
    "C04": "环评批复文件",
    "C05": "节能报告",
    "C06": "招标事项核准表",
    "C07": "社会稳定风险评估",
    "D03": "地质勘察报告",
    "D05": "工程概算书",
    "E01": "原概算批复、调整方案及资金来源",
    "E02": "增加投资原因分类说明",
    "E03": "审计意见",
    "I02": "决算审计报告",
    "I03": "立项、可研、初设及概算、调概批复复印件",
    "I04": "历年投资计划及预算下达文件",
    "I05": "审计、检查意见",
}


def test_states_stages_and_roles_carry_their_official_names():
    assert [str(state.label) for state in ItemState] == STATES.split()
    assert [str(stage.label) for stage in Stage] == STAGES.split()
    assert [str(role.label) for role in Role] == ROLES.split()


def test_materials_carry_the_names_of_the_official_list():
    shown = {row.code: str(row.name) for kind in ITEM_TYPES.values() for row in kind.materials}
    assert {code: shown[code] for code in MATERIALS} == MATERIALS


def test_both_languages_name_every_kind_of_item_and_material_differently():
    for kind in ITEM_TYPES.values():
        for text in (kind.label, kind.amount_label, *(row.name for row in kind.materials)):
            with translation.override("en"):
                english = str(text)
            assert str(text) != english and english.isascii()


@pytest.mark.django_db
def test_an_item_keeps_the_official_names_even_if_the_clerk_reads_english():
    with translation.override("en"):
        item = lives.a_draft(make_cast())
        assert item.slots.get(code="A01").label == "Declaration form of the project unit"
    assert list(item.slots.values_list("name", flat=True)) == [
        "项目单位申报表",
        "项目单位请示报告",
        "相关会议纪要",
        "材料真实性承诺书",
        "项目建议书（文本+电子文档）",
    ]
