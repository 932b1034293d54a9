"""One set of facts per kind of document, with names as they occur in the demo data (fictional)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from approvals.documents.content import CostRow
from approvals.documents.facts import Defect, DocumentFacts, ReceivedMaterial, WaivedStep
from approvals.documents.kinds import DocumentKind

RARE_NAME = "欧阳𬭎"
URL = "https://giplt.example.gov.cn/verify/7Q2M-K9XD-4TRB"


def yuan(wan: str) -> Decimal:
    return Decimal(wan) * 10_000


COSTS = (
    CostRow("1", "工程费用", yuan("5621.37"), yuan("3920.11")),
    CostRow("1.1", "教学楼", yuan("4102.30"), yuan("2880.06")),
    CostRow("1.1.1", "建筑工程费", yuan("2980.45"), yuan("2100.02"), "含桩基、主体、装饰"),
    CostRow("1.1.2", "安装工程费", yuan("1121.85"), yuan("780.04")),
    CostRow("1.2", "室外工程及景观绿化", yuan("1519.07"), yuan("1040.05")),
    CostRow("2", "工程建设其他费用", yuan("877.00"), yuan("614.66")),
    CostRow("2.03", "项目建设管理费", yuan("102.00"), yuan("88.00")),
    CostRow("2.07", "工程设计费", yuan("775.00"), yuan("526.66"), "滑动费率"),
    CostRow("3", "预备费", yuan("324.89"), yuan("226.73")),
)

BASE = DocumentFacts(
    issuer="鹏湾新区发展和财政局",
    document_no="深鹏发财〔2017〕12号",
    owner_unit="鹏湾新区建筑工务局",
    project_name="葵湾中心小学改扩建工程",
    project_code="2016-440307-82-01-000001",
    item_no="SP-002",
    item_type="EST",
    issued_on=date(2017, 3, 22),
    verification_url=URL,
    received_on=date(2017, 2, 20),
    accepted_on=date(2017, 2, 22),
    review_body="鹏湾新区管理委员会",
    contact="政务服务大厅3号窗口，0755-00000000",
    declared=yuan("6823.26"),
    reviewed=yuan("4761.50"),
    approved=yuan("4761.50"),
)

APPROVAL = replace(
    BASE,
    review_center="鹏湾新区政府投资项目评审中心",
    costs=COSTS,
    construction_content="改扩建教学楼一栋，总建筑面积12,480平方米，配套建设室外运动场地、道路及景观绿化。",
    funding="区级一般公共预算安排3,200.00万元，市级补助1,561.50万元。",
    conditions=(
        "严格按照批复的建设内容、规模和概算组织实施，不得擅自变更。",
        "施工图预算中的工程费用不得超过本批复概算的工程费用",
        "加强施工现场管理，按月通过本系统报送进度和投资完成情况。",
    ),
    waived_steps=(WaivedStep("可行性研究报告审批", "建设内容单一、技术方案简单"),),
    valid_until=date(2019, 3, 21),
    signer_note=f"签发人：{RARE_NAME}",
)

DEFECTS = (
    Defect("D03 地质勘察报告", "缺少审查合格书，请补交加盖审查机构印章的扫描件。"),
    Defect("D05 工程概算书", "第14页合计与分项之和不一致；计价文件版本与PDF不符，请重新导出后一并提交。"),
    Defect("A02 项目单位请示报告", "落款日期缺失。"),
)

SAMPLES: dict[DocumentKind, DocumentFacts] = {
    DocumentKind.APPROVAL: APPROVAL,
    DocumentKind.REJECTION: replace(
        BASE,
        document_no="深鹏发财〔2017〕15号",
        reasons=("项目选址与新区总体规划不符", "建设规模缺乏依据，生均用地指标超出国家标准。"),
    ),
    DocumentKind.ACCEPTANCE_NOTICE: replace(
        BASE,
        document_no="深鹏发财受〔2017〕31号",
        issued_on=date(2017, 2, 22),
        working_days=20,
        due_on=date(2017, 3, 22),
        due_is_provisional=True,
    ),
    DocumentKind.CORRECTION_NOTICE: replace(
        BASE, document_no="深鹏发财补〔2017〕8号", defects=DEFECTS, answer_by=date(2017, 4, 7)
    ),
    DocumentKind.NOT_ACCEPTED: replace(
        BASE,
        document_no="深鹏发财不受〔2017〕2号",
        reasons=("该项目总投资不足200万元，属于小型工程，不属于本机关审批权限范围",),
        competent_body="葵湾办事处",
    ),
    DocumentKind.RETURN_LETTER: replace(
        BASE,
        document_no="深鹏发财函〔2017〕21号",
        reasons=("概算编制深度不足，工程量计算书缺失；", "送审概算超过批复估算的百分之十，需要重新论证。"),
    ),
    DocumentKind.RECEIPT: replace(
        BASE,
        document_no="",
        issued_on=date(2017, 2, 20),
        decide_acceptance_by=date(2017, 2, 27),
        materials=(
            ReceivedMaterial(
                "A01", "项目单位申报表", 1, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
            ),
            ReceivedMaterial(
                "A02", "项目单位请示报告", 2, "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
            ),
            ReceivedMaterial(
                "D05", "工程概算书", 3, "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13"
            ),
        ),
    ),
    DocumentKind.SUPPLEMENT_LETTER: replace(
        BASE,
        document_no="深鹏发财函〔2017〕23号",
        defects=DEFECTS[:2],
        answer_by=date(2017, 4, 7),
        working_days=8,
        paused_from=date(2017, 3, 23),
    ),
    DocumentKind.COMMISSION_LETTER: replace(
        BASE,
        document_no="深鹏发财函〔2017〕18号",
        review_center="鹏湾新区政府投资项目评审中心",
        working_days=15,
        due_on=date(2017, 4, 14),
        due_is_provisional=True,
    ),
}
